"""Reading text: encodings, pages, and what is no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.read.limits import Limits

TEXT = "平凉市新建社工站36个。\n（据平凉市民政局）\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.html", "a", "-"])
def test_encodings_under_any_name(encoding: str, name: str) -> None:
    document = read(TEXT.encode(encoding), name)
    assert document.media_type == "text/plain"
    assert [b.text for b in document.blocks] == TEXT.split("\n")


def test_rare_characters_of_gb18030() -> None:
    assert read("㵲阳镇、鿍县".encode("gb18030"), "a.txt").blocks[0].text == "㵲阳镇、鿍县"


def test_form_feeds_part_pages() -> None:
    document = read("第一页。\f第二页。\n第二行。\f".encode(), "a.txt")
    assert document.pages == 2
    assert [(b.text, b.page) for b in document.blocks] == [("第一页。", 1), ("第二页。", 2), ("第二行。", 2)]


def test_without_form_feeds_there_are_no_pages() -> None:
    document = read(TEXT.encode(), "a.txt")
    assert document.pages is None
    assert {b.page for b in document.blocks} == {None}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert [b.text for b in read(f"一。{end}二。".encode(), "a.txt").blocks] == ["一。", "二。"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty file"),
        (b" \n\t\n", "empty file"),
        (b"\xff\xfe", "no text"),
        (bytes(range(256)) * 4, "not text"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "broken image"),
        (b"MZ\x90\x00" + b"\x00" * 50, "program"),
        (b"Rar!\x1a\x07\x00", "RAR archive"),
        (TEXT.encode()[:-5], "truncated"),
        (b"abc\x00def\x00ghi\x00", "control characters"),
    ],
)
def test_what_is_no_text_gives_one_reason(data: bytes, why: str) -> None:
    with pytest.raises(ReadError) as raised:
        read(data, "a.txt")
    assert why in str(raised.value)
    assert str(raised.value).startswith("a.txt: ")
    assert "\n" not in str(raised.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="No such file"):
        read(tmp_path / "none.txt")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        read(tmp_path)


def test_limits_on_size(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode() * 100)
    for limits in (Limits(file_bytes=1000), Limits(text_bytes=1000)):
        with pytest.raises(ReadError, match="1000 bytes"):
            read(path, limits=limits)


def test_an_unknown_media_type() -> None:
    with pytest.raises(ReadError, match="no reader for application/x-thing"):
        read(b"x", "a", media_type="application/x-thing")


def test_headings_of_markdown() -> None:
    document = read("# 一周要闻\n\n## 泸县建站\n\n全县建成社工站12个。#1\n".encode(), "a.md")
    assert [(b.kind, b.text) for b in document.blocks if b.text] == [
        ("heading", "一周要闻"),
        ("heading", "泸县建站"),
        ("line", "全县建成社工站12个。#1"),
    ]
    assert read("# 不是标题".encode(), "a.txt").blocks[0].text == "# 不是标题"
