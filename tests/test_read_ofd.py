"""Reading OFD: lines to paragraphs over lines and pages, running heads, pages and boxes, broken and hostile files."""

from __future__ import annotations

import io
import zipfile

import pytest
from digests import bulletins
from make_ofd import make_ofd

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.read.limits import Limits
from pipeline.repair import repair
from pipeline.split import split

pytest.importorskip("ofdkit")
TABLES = {"own-011", "own-015", "own-022", "own-029", "own-038"}  # rows wider than the page


@pytest.mark.parametrize("bulletin", [b for b in bulletins().values() if b["id"] not in TABLES], ids=lambda b: str(b["id"]))
def test_bulletins_come_back_as_they_were(bulletin: dict[str, str]) -> None:
    document = read(make_ofd(bulletin["text"].split("\n"), "民政工作简讯"), "a.ofd")
    repaired = repair(document)
    (item,) = split(repaired, document)
    assert "".join(repaired.text[item.start : item.end].split()) == "".join(bulletin["text"].split())
    assert "".join((item.title or "").split()) == "".join(bulletin["title"].split())
    assert item.attribution == bulletin["attribution"]
    assert item.pages == (1, document.pages)


def test_pages_and_boxes_lead_back() -> None:
    document = read(make_ofd(["标题在此", *["全市新建养老服务站十六个，服务老年人两千三百人次。" * 4] * 8], "民政工作简讯"), "a.ofd")
    assert document.pages == 2
    block = document.blocks[1]
    assert block.page == 1
    assert block.chars is not None
    assert len(block.chars) == len(block.text)
    assert block.box == pytest.approx((112.6, 144.0, 518.0, 160.0), abs=20)
    assert {b.page for b in document.blocks} == {1, 2}


def damaged(name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_ofd(["标题在此", "正文一句。"]))) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for member in whole.namelist():
            data = whole.read(member)
            archive.writestr(member, data.replace(old, new) if member.endswith(name) else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (damaged("OFD.xml", b"DocRoot", b"DocRout"), "no readable document"),
        (damaged("Content.xml", b"TextObject", b"PathObject"), "no text"),
        (damaged("Content.xml", b"<ofd:Content>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><ofd:Content>"), "broken OFD"),
        (make_ofd(["标题在此", "正文一句。"])[:-50], "broken ZIP"),
    ],
)
def test_broken_files(data: bytes, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        read(data, "a.ofd")


def test_limits() -> None:
    with pytest.raises(ReadError, match="more than 1 pages"):
        read(make_ofd(["标题"] + ["正文一句。"] * 60), "a.ofd", limits=Limits(pages=1))
    with pytest.raises(ReadError, match="more than the limit"):
        read(damaged("Content.xml", b"<ofd:Content>", b"<ofd:Content>" + b" " * 20_000_000), "a.ofd")
