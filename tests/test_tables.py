"""Tables to facts: one table of 地区 × 指标, whatever the format, and a table that goes on over pages."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence

import docx
import openpyxl
import pytest
from make_pdf import FONT, HEIGHT, WIDTH
from reportlab.lib import colors
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table

from gongbao import extract
from pipeline.read import read

TITLE = "泾川县2023年养老服务情况"
CAPTION = "2023年底各乡镇养老服务情况表"
HEAD = [["乡镇", "养老机构", "", "日间照料中心（个）", "老年人口（万人）"], ["", "数量（家）", "床位（张）", "", ""]]
BODY = [
    ["合计", "9", "1,024", "21", "4.7"],
    ["城关镇", "4", "520", "8", "2.1"],
    ["玉都镇", "3", "304", "7", "1.5"],
    ["高平镇", "2", "200", "6", "1.1"],
]
Span = tuple[tuple[int, int], tuple[int, int]]
SPANS: list[Span] = [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (1, 3)), ((0, 4), (1, 4))]
"""First and last cell (row, column) of those that span others."""


def as_html() -> bytes:
    rows = []
    for at, row in enumerate([*HEAD, *BODY]):
        cells = []
        for column, text in enumerate(row):
            span = next((s for s in SPANS if s[0] == (at, column)), None)
            if span is None and any(a <= at <= c and b <= column <= d for (a, b), (c, d) in SPANS):
                continue
            size = f' rowspan="{span[1][0] - at + 1}" colspan="{span[1][1] - column + 1}"' if span else ""
            cells.append(f"<td{size}>{text}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    body = f"<h1>{TITLE}</h1><p>全县养老服务稳步发展，农村互助养老网络逐步健全。</p><p>{CAPTION}</p><table>{''.join(rows)}</table>"
    return f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>".encode()


def as_docx() -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph("全县养老服务稳步发展，农村互助养老网络逐步健全。")
    document.add_paragraph(CAPTION)
    table = document.add_table(rows=6, cols=5)
    for row, values in zip(table.rows, [*HEAD, *BODY], strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    for (a, b), (c, d) in SPANS:
        text = table.cell(a, b).text
        table.cell(a, b).merge(table.cell(c, d)).text = text
    return _saved(document.save)


def as_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([TITLE])
    sheet.append([CAPTION])
    for row in [*HEAD, *BODY]:
        sheet.append([_value(text) for text in row])
    sheet["C5"].number_format = "#,##0"
    for (a, b), (c, d) in SPANS:
        sheet.merge_cells(start_row=a + 3, start_column=b + 1, end_row=c + 3, end_column=d + 1)
    return _saved(workbook.save)


def _value(text: str) -> str | float | None:
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain) if plain.isdecimal() else text or None


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def as_pdf() -> bytes:
    return _pages([[*HEAD, *BODY]], SPANS)


def as_pdf_over_two_pages() -> bytes:
    return _pages([[*HEAD, *BODY[:2]], [*HEAD, *BODY[2:]]], SPANS)


def as_pdf_over_two_pages_headed_once() -> bytes:
    return _pages([[*HEAD, *BODY[:3]], BODY[3:]], SPANS)


def _pages(parts: Sequence[list[list[str]]], spans: Sequence[Span], between: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    for number, rows in enumerate(parts):
        top = HEIGHT - 60
        if not number:
            canvas.setFont(FONT, 18)
            canvas.drawCentredString(WIDTH / 2, top - 20, TITLE)
            canvas.setFont(FONT, 10.5)
            canvas.drawString(93, top - 60, "全县养老服务稳步发展，农村互助养老网络逐步健全。")
            canvas.drawCentredString(WIDTH / 2, top - 90, CAPTION)
            top -= 110
        elif between:
            canvas.setFont(FONT, 10.5)
            canvas.drawString(93, top - 20, between)
            top -= 40
        headed = rows[0] == HEAD[0]
        style = [("SPAN", (b, a), (d, c)) for (a, b), (c, d) in spans] if headed else []
        table = Table(rows, colWidths=[80, 80, 80, 110, 100][: len(rows[0])])
        table.setStyle([("FONT", (0, 0), (-1, -1), FONT, 10.5), ("GRID", (0, 0), (-1, -1), 0.5, colors.black), *style])
        _, height = table.wrapOn(canvas, WIDTH, HEIGHT)
        table.drawOn(canvas, 72, top - height)
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(WIDTH / 2, 30, f"- {number + 1} -")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


FORMATS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "html": ("a.html", as_html),
    "docx": ("a.docx", as_docx),
    "xlsx": ("a.xlsx", as_xlsx),
    "pdf": ("a.pdf", as_pdf),
    "pdf, two pages": ("a.pdf", as_pdf_over_two_pages),
    "pdf, headed once": ("a.pdf", as_pdf_over_two_pages_headed_once),
}

END = (dt.date(2023, 12, 31), dt.date(2023, 12, 31))
COLUMNS = [
    ("养老机构数量", "家", "eldercare.institutions"),
    ("养老机构床位", "张", "eldercare.beds"),
    ("日间照料中心", "个", "eldercare.community_facilities"),
    ("老年人口", "人", "elderly.population"),
]
EXPECTED = [
    (float(text.replace(",", "")) * (10_000 if unit == "人" else 1), unit, measure, code)
    for row in BODY
    for text, (measure, unit, code) in zip(row[1:], COLUMNS, strict=True)
]


@pytest.mark.parametrize("name", FORMATS)
def test_each_figure_has_measure_unit_time_and_place(name, tmp_path):
    file, make = FORMATS[name]
    (tmp_path / file).write_bytes(make())
    (bulletin,) = extract(tmp_path / file)
    found = [(round(q.value, 6), q.unit, q.measure, q.indicator) for q in bulletin.quantities]
    assert found == EXPECTED
    assert {(q.time.start, q.time.end) for q in bulletin.quantities if q.time} == {END}
    assert {q.place.adcode for q in bulletin.quantities if q.place} == {"620821"}


@pytest.mark.parametrize("name", ["pdf, two pages", "pdf, headed once"])
def test_a_table_over_two_pages_is_one(name):
    document = read(FORMATS[name][1](), "a.pdf")
    (table,) = document.tables
    assert [row[0] for row in table.rows] == ["乡镇", "乡镇", "合计", "城关镇", "玉都镇", "高平镇"]
    rows = [block for block in document.blocks if block.kind == "row"]
    assert [block.page for block in rows if block.cells and block.cells[0] == "高平镇"] == [2]


def test_tables_with_text_between_them_are_two():
    rows = [["镇", "低保对象（人）"], ["城关镇", "12"], ["玉都镇", "7"]]
    data = _pages([rows, rows], [], between="以下为上年同期的情况。")
    assert len(read(data, "a.pdf").tables) == 2
