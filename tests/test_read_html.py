"""Reading HTML: bodies, headlines, metadata and tables of the layouts that government sites use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.repair import repair

PAGES = Path(__file__).parent / "data" / "pages"


def page(name: str) -> tuple[Any, dict[str, Any]]:
    expected = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return read((PAGES / f"{name}.html").read_bytes(), expected["uri"]), expected


NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_text(name: str) -> None:
    document, expected = page(name)
    got = repair(document).text.replace("\u00a0", " ").split("\n")
    assert got == expected["text"]


@pytest.mark.parametrize("name", NAMES)
def test_metadata(name: str) -> None:
    document, expected = page(name)
    got = {key: getattr(document.metadata, key) for key in expected["metadata"]}
    for key in ("published", "signed"):
        if got.get(key):
            got[key] = got[key].isoformat()
    assert got == expected["metadata"]


@pytest.mark.parametrize("name", NAMES)
def test_attachments_and_tables(name: str) -> None:
    document, expected = page(name)
    assert [[a.name, a.uri] for a in document.attachments] == expected["attachments"]
    got = [{"header_rows": table.header_rows, "rows": [list(row) for row in table.rows]} for table in document.tables]
    assert got == expected["tables"]


@pytest.mark.parametrize("name", NAMES)
def test_every_block_has_an_element_path(name: str) -> None:
    document, _ = page(name)
    assert all((block.path or "").startswith("/html") for block in document.blocks)


BODY = "全市新建养老服务站16个，服务老年人2,310人次，受到群众好评，各县区正在推广这一做法，年底前将实现全覆盖。"


def html(head: str = "", title: str = "泸州新建养老服务站", body: str = f"<p>{BODY}</p>", after: str = "") -> bytes:
    return f"<html><head>{head}</head><body><h1>{title}</h1><div class='TRS_Editor'>{body}</div>{after}</body></html>".encode()


@pytest.mark.parametrize(
    ("head", "after", "uri", "day"),
    [
        ('<meta name="PubDate" content="2023-05-06 10:00">', "<p>发布时间：2023-05-08</p>", "t20230509_1.html", "2023-05-06"),
        ('<meta property="article:published_time" content="2023-05-07T08:00:00+08:00">', "", "x.html", "2023-05-07"),
        ("", "<span>发布时间：2023年5月8日</span>", "t20230509_1.html", "2023-05-08"),
        ("", "", "http://a.cn/202305/t20230509_12.html", "2023-05-09"),
        ("", "", "http://a.cn/art/2023/5/9/art_3_4.html", "2023-05-09"),
        ("", "", "http://a.cn/2023-05/09/content_3.htm", "2023-05-09"),
        ("", "<p>版权所有 2011-2026 Copyright © 2026-01-01</p>", "x.html", None),
        ('<meta name="PubDate" content="">', "<p>活动时间：2023年6月1日</p>", "x.html", None),
        ('<meta name="PubDate" content="2023-13-40">', "", "x.html", None),
    ],
)
def test_the_date_comes_from_what_names_it(head: str, after: str, uri: str, day: str | None) -> None:
    published = read(html(head, after=after), uri).metadata.published
    assert (published and published.isoformat()) == day


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>泸州新建养老服务站_泸州市民政局</title>", "泸州新建养老服务站"),
        ("<title>泸州新建养老服务站-区县动态-泸州市民政局</title>", "泸州新建养老服务站"),
        ("<title>泸州市民政局网站</title><meta name='ArticleTitle' content='泸州新建养老服务站'>", "泸州新建养老服务站"),
        ("<meta property='og:title' content='泸州新建养老服务站'>", "泸州新建养老服务站"),
        ("", "泸州新建养老服务站"),
    ],
)
def test_the_title_is_the_printed_headline(head: str, title: str) -> None:
    document = read(html(head), "x.html")
    assert document.metadata.title == title
    assert repair(document).text == f"{title}\n{BODY}"


@pytest.mark.parametrize(
    ("encoding", "label"), [("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "gb2312"), ("utf-16", "utf-16"), ("utf-8-sig", "gbk")]
)
def test_wrong_labels(encoding: str, label: str) -> None:
    data = html(f'<meta http-equiv="Content-Type" content="text/html; charset={label}">').decode().encode(encoding)
    assert BODY in repair(read(data, "x.html")).text


def test_merged_cells_repeat_in_the_table_but_not_in_the_text() -> None:
    rows = "<tr><th rowspan=2>县区</th><th colspan=2>低保对象（人）</th></tr><tr><th>城市</th><th>农村</th></tr>"
    rows += "<tr><td>江阳区</td><td>1,204</td><td>3,377</td></tr>"
    document = read(html(body=f"<p>{BODY}</p><p>表1　低保对象情况</p><table>{rows}</table>"), "x.html")
    (table,) = document.tables
    assert table.caption == "表1　低保对象情况"
    assert table.header_rows == 2
    assert table.rows == (("县区", "低保对象（人）", "低保对象（人）"), ("县区", "城市", "农村"), ("江阳区", "1,204", "3,377"))
    texts = [block.text for block in document.blocks if block.kind == "row"]
    assert texts == ["县区    低保对象（人）", "城市    农村", "江阳区    1,204    3,377"]


def test_a_table_that_arranges_the_page_is_read_as_paragraphs() -> None:
    document = read(
        html(body=f"<table><tr><td><p>{BODY}</p><p>{BODY[:40]}</p></td><td> </td></tr><tr><td>{BODY}{BODY}{BODY}</td></tr></table>"),
        "x.html",
    )
    assert document.tables == ()
    assert [block.kind for block in document.blocks] == ["heading", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body></body></html>",
        b"<html><head><title>x</title></head><body><script>var a=1</script></body></html>",
        b"<!DOCTYPE html><!-- nothing -->",
    ],
)
def test_a_page_without_text(data: bytes) -> None:
    with pytest.raises(ReadError):
        read(data, "x.html")


@pytest.mark.parametrize("tag", ["div", "span", "b", "table", "ul", "blockquote"])
def test_deep_nesting_ends(tag: str) -> None:
    data = ("<html><body>" + f"<{tag}>" * 20_000 + BODY + "</body></html>").encode()
    try:
        document = read(data, "x.html")
    except ReadError:
        return
    assert document.blocks


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<br>",
                "<table>",
                "<tr>",
                "<td colspan=9999>",
                "<td rowspan=0>",
                "</table>",
                "<b>",
                "<a href='x.pdf'>",
                BODY,
                "字",
                "&nbsp;",
            ]
        ),
        max_size=30,
    )
)
def test_broken_markup_is_read_or_refused(parts: list[str]) -> None:
    try:
        document = read(f"<html><body>{''.join(parts)}</body></html>".encode(), "x.html")
    except ReadError:
        return
    assert document.blocks


def test_a_page_with_a_character_cut_in_two_is_read() -> None:
    data = html().replace("群众".encode(), "群众".encode()[:-1])
    assert "受到群" in repair(read(data, "a.html")).text


def test_a_page_that_only_shows_a_file_names_it() -> None:
    with pytest.raises(ReadError, match=r"only a file: http://a\.cn/u/1\.pdf"):
        read(b"<html><body><div><iframe src='/v.html?file=/u/1.pdf'></iframe></div></body></html>", "http://a.cn/x.html")


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<script type="application/ld+json">{"datePublished":"2023-05-07T08:00:00+08:00"}</script>', "2023-05-07"),
        ('<span class="pub-time">2023-05-08 10:00</span>', "2023-05-08"),
        ("<p><span>来源：民政局</span><span>发布时间：2023-05-09</span></p>", "2023-05-09"),
        ("<p>成文日期：2023-05-10</p>", None),
        ("<p>发文日期</p><p>2023-05-11 10:00:12</p>", "2023-05-11"),
        ("<p>今天是2024年1月3日 星期三</p>", None),
    ],
)
def test_days_in_other_places(head: str, day: str | None) -> None:
    published = read(html(after=head), "x.html").metadata.published
    assert (published.isoformat() if published else None) == day
