"""PDF: the same bulletin set in one, two and three columns, over pages, with furniture and ruled tables; files that cannot be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from make_pdf import HEIGHT, Printer, Sheet, bulletin_pdf

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.repair import repair
from pipeline.run import process
from pipeline.settings import Settings

SAMPLE = (Path(__file__).parents[1] / "corpus" / "samples" / "pingqiao.txt").read_text(encoding="utf-8").splitlines()


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_give_the_text_of_the_plain_file(columns: int) -> None:
    data = bulletin_pdf(SAMPLE[1:], Sheet(columns=columns, footer="- # -"), title=SAMPLE[0])
    assert repair(read(data, uri="a.pdf")).text.splitlines() == SAMPLE


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_pages_give_the_same_text_and_boxes(rotation: int) -> None:
    """PDFium leaves out lines of Chinese only, as in 养老服务, on pages that lie on their side where no font is at hand to draw them with."""
    lines = ["养老服务稳步发展，", "全县建成机构12家。"]
    plain, turned = (read(bulletin_pdf(lines, Sheet(rotation=angle), title=SAMPLE[0]), uri="a.pdf") for angle in (0, rotation))
    assert [block.text for block in turned.blocks] == [SAMPLE[0], *lines]
    for block, other in zip(plain.blocks, turned.blocks, strict=True):
        assert other.box == pytest.approx(block.box, abs=0.01)


def test_furniture_is_dropped_and_paragraphs_go_on_over_pages() -> None:
    body = [line for _ in range(6) for line in SAMPLE[1:4]]
    sheet = Sheet(columns=2, header="民政工作简报　第#期", footer="— # —", watermark="内部资料")
    document = read(bulletin_pdf([*body, SAMPLE[-1]], sheet, title=SAMPLE[0]), uri="a.pdf")
    assert document.pages is not None and document.pages > 1
    assert _bare(repair(document).text) == _bare("".join([SAMPLE[0], *body, SAMPLE[-1]]))


def test_facts_know_their_page_and_box() -> None:
    bulletin = process("a.pdf", data=bulletin_pdf(SAMPLE[1:], title=SAMPLE[0]), settings=Settings(boxes=True))[0]
    fact = next(q for q in bulletin.quantities if q.text == "19个")
    assert fact.pages == (1, 1) and fact.boxes is not None
    assert 0 < fact.boxes[0].x0 < fact.boxes[0].x1 < 595 and 0 < fact.boxes[0].top < fact.boxes[0].bottom < HEIGHT
    assert bulletin.source.pages == (1, 1)


def _ruled(rows: list[list[str]]) -> bytes:
    printer = Printer(Sheet())
    printer.headline("资阳市2023年养老服务主要数据")
    printer.paragraph("截至2023年12月31日，各县区养老服务情况如下。")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            printer.canvas.rect(72 + 120 * c, HEIGHT - (printer.y + 20 * (r + 1)), 120, 20)
            printer.text(76 + 120 * c, printer.y + 20 * r + 5, cell, 10)
    printer.y += 20 * len(rows) + 10
    printer.paragraph("全市新增养老床位350张。")
    return printer.save()


def test_ruled_table_gives_rows_and_facts() -> None:
    rows = [["县区", "养老机构（家）", "机构床位（张）"], ["雁江区", "21", "3,120"], ["安岳县", "34", "4,056"]]
    data = _ruled(rows)
    document = read(data, uri="t.pdf")
    assert [list(row) for row in document.tables[0].rows] == rows
    facts = {q.text: q for q in process("t.pdf", data=data)[0].quantities}
    assert (facts["4,056"].measure, facts["4,056"].unit, facts["4,056"].place.name) == ("机构床位", "张", "安岳县")  # type: ignore[union-attr]
    assert facts["350张"].indicator == "eldercare.beds"


@pytest.mark.parametrize("damage", [lambda d: d[: len(d) // 3], lambda d: b"%PDF-1.7\n" + b"\x00" * 500, lambda d: d[:9]])
def test_damaged_file_is_refused_with_one_reason(damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ReadError) as error:
        read(damage(bulletin_pdf(SAMPLE)), uri="b.pdf")
    assert "\n" not in str(error.value)


def test_file_without_text_layer_is_refused() -> None:
    with pytest.raises(ReadError, match="no text on any page"):
        read(Printer(Sheet()).save(), uri="scan.pdf")


def test_too_many_pages_are_refused() -> None:
    from pipeline.read.limits import Limits

    printer = Printer(Sheet())
    printer.new_page()
    with pytest.raises(ReadError, match="more than 1 pages"):
        read(printer.save(), uri="long.pdf", limits=Limits(pages=1))
