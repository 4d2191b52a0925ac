"""PDF: the same bulletin set in one, two and three columns, over pages, with furniture and ruled tables; files that cannot be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from make_pdf import HEIGHT, Printer, Sheet, bulletin_pdf, width

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


def test_names_over_two_notices_are_no_running_heads() -> None:
    printer = Printer(Sheet(footer="— # —", header="内部材料"))
    for number, text in enumerate(SAMPLE[1:3]):
        if number:
            printer.new_page()
        printer.paragraph("平桥区民政局文件")
        printer.paragraph(text)
    assert repair(read(printer.save(), uri="a.pdf")).text.splitlines() == ["平桥区民政局文件", SAMPLE[1], "平桥区民政局文件", SAMPLE[2]]


@pytest.mark.parametrize("rules", ["grid", "none"])
def test_rows_alike_on_every_page_stay(rules: str) -> None:
    printer = Printer(Sheet(footer="— # —", bottom=300))
    rows = [["乡镇", "棉被（床）", "大米（袋）"], *[["城关镇", "2", "1"]] * 24]
    printer.table(rows, [100, 100, 100], rules)
    document = read(printer.save(), uri="t.pdf")
    assert document.pages == 3 and [list(row) for table in document.tables for row in table.rows] == rows


def test_box_across_two_columns_is_read_between_what_stands_over_and_under_it() -> None:
    printer = Printer(Sheet(columns=2, bottom=330))
    printer.headline(SAMPLE[0])
    for text in SAMPLE[1:3]:
        printer.paragraph(text)
    note = "要闻提示：全区养老服务工作现场会召开，部署全年任务。"
    printer.canvas.rect(72, HEIGHT - 374, 451, 24)
    printer.text(120, 356, note, 12)
    printer.sheet.bottom, printer.column, printer.top, printer.y = None, 0, 400.0, 400.0
    printer.paragraph(SAMPLE[3])
    assert repair(read(printer.save(), uri="a.pdf")).text.splitlines() == [*SAMPLE[:3], note, SAMPLE[3]]


@pytest.mark.parametrize("columns", [1, 2])
def test_titles_and_quotes_are_joined_wherever_a_line_or_a_page_ends(columns: int) -> None:
    text = "各地认真落实《资阳市养老服务设施专项规划实施方案（试行）》和“一刻钟养老服务圈”建设要求，新增床位500张。"
    paragraphs = ["近" * shift + text for shift in range(1, 22)]
    data = bulletin_pdf(paragraphs, Sheet(columns=columns, size=14, leading=24, bottom=400, footer="— # —"))
    assert repair(read(data, uri="a.pdf")).text.splitlines() == paragraphs


TOWNS = ["城关镇", "河西镇", "东坝乡", "柳林镇", "石桥镇", "南关街道", "新民乡", "红星镇", "白水镇", "三岔乡", "长岭镇", "青山乡"]
HEADS = ["乡镇", "养老机构（家）", "养老床位（张）", "城市低保对象（人）", "救助资金（万元）"]
FIGURES = [HEADS, *([town, str(2 + n), f"{1200 + 31 * n:,}", str(310 - 7 * n), f"{40.5 + n:g}"] for n, town in enumerate(TOWNS))]


@pytest.mark.parametrize("repeat", [True, False])
@pytest.mark.parametrize("rules", ["grid", "three", "none"])
def test_tables_go_on_over_pages_with_or_without_lines(rules: str, repeat: bool) -> None:
    printer = Printer(Sheet(footer="— # —", bottom=330))
    printer.headline("泾川县2023年民政工作主要数据")
    printer.paragraph("截至2023年12月31日，各乡镇养老服务、社会救助情况如下。")
    printer.table(FIGURES, [80, 92, 92, 92, 92], rules, repeat)
    printer.paragraph("全县新增养老床位350张。")
    data = printer.save()
    document = read(data, uri="t.pdf")
    assert document.pages == 2 and [[list(row) for row in table.rows] for table in document.tables] == [FIGURES]
    (bulletin,) = process("t.pdf", data=data, settings=Settings(boxes=True))
    found = {(q.text, q.place.name if q.place else None): q for q in bulletin.quantities}
    assert {(cell, row[0]) for row in FIGURES[1:] for cell in row[1:]} <= found.keys()
    last = found[FIGURES[-1][2], "青山乡"]
    assert (last.measure, last.unit, last.pages) == ("养老床位", "张", (2, 2))
    assert last.boxes is not None and len(last.boxes) == 1 and last.boxes[0].x1 - last.boxes[0].x0 < 40


def test_last_row_of_a_table_on_the_next_page_belongs_to_it() -> None:
    printer = Printer(Sheet(footer="— # —", bottom=72 + 17 + 20 * 6 + 10))
    printer.paragraph("各乡镇情况如下。")
    printer.table(FIGURES[:7], [80, 92, 92, 92, 92], "none", repeat=False)
    (table,) = read(printer.save(), uri="t.pdf").tables
    assert [list(row) for row in table.rows] == FIGURES[:7]


def _set(rows: list[tuple[float, list[tuple[float, str]]]]) -> bytes:
    """A page of cells: distance from the first row and, cell by cell, middle and text."""
    printer = Printer(Sheet(footer="— # —"))
    printer.headline("资阳市2023年民政工作主要数据")
    printer.paragraph("截至2023年底，各县区情况如下。")
    top = printer.y
    for down, cells in rows:
        for middle, text in cells:
            printer.text(middle - width(text, 10.5) / 2, top + down, text, 10.5)
    printer.y = top + rows[-1][0] + 40
    printer.paragraph("各项工作稳步推进。")
    return printer.save()


UNRULED = {
    "headings on two lines, a blank cell": (
        [
            (0.0, [(200, "养老机构"), (300, "养老床位")]),
            (7.0, [(100, "县区"), (400, "护理人员")]),
            (14.0, [(200, "（家）"), (300, "（张）")]),
            (34.0, [(100, "雁江区"), (200, "21"), (300, "3,120"), (400, "301")]),
            (54.0, [(100, "安岳县"), (200, "34"), (400, "311")]),
        ],
        [["县区", "养老机构（家）", "养老床位（张）", "护理人员"], ["雁江区", "21", "3,120", "301"], ["安岳县", "34", "", "311"]],
    ),
    "headings over headings": (
        [
            (0.0, [(100, "县区"), (250, "养老机构"), (450, "社会救助对象（人）")]),
            (18.0, [(200, "数量（家）"), (300, "床位（张）"), (400, "城市低保"), (500, "农村低保")]),
            (38.0, [(100, "雁江区"), (200, "21"), (300, "3,120"), (400, "301"), (500, "4,012")]),
            (58.0, [(100, "安岳县"), (200, "34"), (300, "4,056"), (400, "—"), (500, "5,120")]),
        ],
        [
            ["县区", "养老机构", "养老机构", "社会救助对象（人）", "社会救助对象（人）"],
            ["县区", "数量（家）", "床位（张）", "城市低保", "农村低保"],
            ["雁江区", "21", "3,120", "301", "4,012"],
            ["安岳县", "34", "4,056", "—", "5,120"],
        ],
    ),
    "sections, units of one character": (
        [
            (0.0, [(130, "指标"), (300, "单位"), (400, "2023年"), (500, "2022年")]),
            (20.0, [(120, "一、养老服务")]),
            (40.0, [(120, "养老机构"), (300, "家"), (400, "55"), (500, "51")]),
            (60.0, [(120, "二、社会救助")]),
            (80.0, [(120, "城市低保对象"), (300, "人"), (400, "1,902"), (500, "2,010")]),
        ],
        [
            ["指标", "单位", "2023年", "2022年"],
            ["一、养老服务", "", "", ""],
            ["养老机构", "家", "55", "51"],
            ["二、社会救助", "", "", ""],
            ["城市低保对象", "人", "1,902", "2,010"],
        ],
    ),
}


@pytest.mark.parametrize("name", UNRULED)
def test_figures_that_stand_in_columns_are_a_table(name: str) -> None:
    rows, wanted = UNRULED[name]
    (table,) = read(_set(rows), uri="t.pdf").tables
    assert [list(row) for row in table.rows] == wanted


def test_unit_over_a_table_is_read_before_it() -> None:
    rows = [(20.0, [(100.0, "县区"), (200.0, "城市低保"), (300.0, "农村低保")]), (40.0, [(100.0, "雁江区"), (200.0, "21"), (300.0, "312")])]
    rows = [(0.0, [(470.0, "单位：人")]), *rows, (60.0, [(100.0, "安岳县"), (200.0, "34"), (300.0, "405")])]
    facts = {q.text: q.unit for q in process("t.pdf", data=_set(rows))[0].quantities}
    assert facts == {"21": "人", "312": "人", "34": "人", "405": "人"}


@pytest.mark.parametrize(
    "lines",
    [
        ["2023年全县共有养老机构12家，床位", "2022年全县共有养老机构10家，床位", "2021年全县共有养老机构9家，床位"],
        ["目  录", "一、总体情况  1", "二、社会救助  3", "三、养老服务  5"],
    ],
)
def test_lines_with_figures_are_no_table(lines: list[str]) -> None:
    printer = Printer(Sheet())
    for line in lines:
        printer.line(line, last=True)
    assert not read(printer.save(), uri="t.pdf").tables


def test_characters_set_one_by_one_in_a_font_that_nobody_has_are_read() -> None:
    printer = Printer(Sheet())
    for at, char in enumerate("全县共有养老机构12家。"):
        printer.text(100 + 10.5 * at, 100, char, 10.5)
    assert [block.text for block in read(printer.save(), uri="t.pdf").blocks] == ["全县共有养老机构12家。"]


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
