"""Text and pages made to cost time or memory: each is read or refused, in time that grows with its size alone."""

from __future__ import annotations

import pytest

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.read.limits import Limits
from pipeline.repair import repair
from pipeline.split import split

N = 4_000
TEXTS = {
    "blanks within a line": "字" + " " * 100 * N + "字",
    "blanks and invisible characters": "字 \u200b" * 10 * N + "。",
    "one line": "养老服务" * 20 * N,
    "digits": "1" * 100 * N,
    "open brackets": "（" * 50 * N,
    "lines of one character": "字\n" * N,
    "lines that all go on": "，字\n" * N,
    "quotations never closed": "“字\n" * N,
    "headlines only": "某县建成养老服务站一二三四五\n" * N,
    "credits only": "某县建成养老服务站。（据某县民政局）\n" * N,
    "table rows": "a\t1\t2\n" * N,
    "a contents page without end": "目录\n" + "某县建成养老服务站…………1\n" * N,
    "contents named later": "目录\n" + "".join(f"某县建成养老服务站{n}所\n" for n in [*range(N), *reversed(range(N))]),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str) -> None:
    document = read(TEXTS[name].encode(), "a.txt")
    repaired = repair(document)
    items = split(repaired, document)
    assert items
    assert items[-1].end <= len(repaired.text)


PAGES = {
    "paragraphs": "<p>，字</p>" * N,
    "bold in bold": "<b>" * N + "字" * 100,
    "titles in titles": "<div class=title>字" * N,
    "wide cells": "<table><tr>" + "<td colspan=999>1</td>" * N + "</tr><tr><td>2</td></tr></table>",
    "tables in tables": "<table><tr><td>字" * N,
    "links": "<a href=x.pdf>字</a>" * N,
    "meta elements": "<meta name=a content=b>" * N + "字" * 100,
    "comments": "<!--" * N + "字",
    "unclosed attributes": '<p title="' * N + "字",
}


@pytest.mark.parametrize("name", PAGES)
def test_pages(name: str) -> None:
    try:
        document = read(f"<html><body>{PAGES[name]}</body></html>".encode(), "a.html")
    except ReadError as error:
        assert "\n" not in str(error)
        return
    assert split(repair(document), document)


@pytest.mark.parametrize(("data", "limits"), [(b"a\n" * 200, Limits(lines=100)), (b"<html><p>" + b"a" * 200, Limits(markup_bytes=100))])
def test_limits(data: bytes, limits: Limits) -> None:
    with pytest.raises(ReadError, match="more than 100"):
        read(data, "a", limits=limits)


def test_what_stands_deeper_than_the_parsers_bound_is_not_lost() -> None:
    line = "平桥县民政局截至2023年底建成社工站12个，配备社工36名。"
    page = f"<html><body><p>{line}</p>{'<font>' * 400}<p>{line}</p><p>{line}</p>{'</font>' * 400}</body></html>"
    assert repair(read(page.encode(), "a.html")).text.count(line) == 3
    with pytest.raises(ReadError, match="nested too deeply"):
        read(f"<html><body>{'<div>' * 100_000}{line}</body></html>".encode(), "a.html")
