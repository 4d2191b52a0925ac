"""One table as a web page, a Word file and a spreadsheet."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field

INTRODUCTION = "为进一步做好民政统计工作，现将有关情况公布如下，请社会各界监督，欢迎广大群众提出意见建议。"
Span = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Case:
    """A bulletin with one table; `merged` has first and last cell (row, column) of those that span others."""

    title: str
    caption: str
    rows: list[list[str]]
    merged: list[Span] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def as_html(case: Case) -> bytes:
    """A page of a content system, each cell's text in a paragraph of its own as editors write it."""
    covered = {(r, c) for (a, b), (d, e) in case.merged for r in range(a, d + 1) for c in range(b, e + 1)}
    rows = []
    for at, row in enumerate(case.rows):
        cells = []
        for column, text in enumerate(row):
            span = next((s for s in case.merged if s[0] == (at, column)), None)
            if span is None and (at, column) in covered:
                continue
            size = f' rowspan="{span[1][0] - at + 1}" colspan="{span[1][1] - column + 1}"' if span else ""
            cells.append(f"<td{size}><p>{html.escape(text) or '&nbsp;'}</p></td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    lines = [INTRODUCTION, *([case.caption] if case.caption else [])]
    before, after = ("".join(f"<p>{line}</p>" for line in part) for part in (lines, case.notes))
    head = f'<head><meta charset="utf-8"><meta name="PubDate" content="2024-08-01"><title>{case.title}</title></head>'
    body = f"<h1>{case.title}</h1><div class='TRS_Editor'>{before}<table>{''.join(rows)}</table>{after}</div>"
    return f"<html>{head}<body>{body}</body></html>".encode()


def as_docx(case: Case) -> bytes:
    """A Word file with its cells merged as Word merges them."""
    import docx

    document = docx.Document()
    document.add_heading(case.title, 0)
    for line in (INTRODUCTION, case.caption):
        if line:
            document.add_paragraph(line)
    table = document.add_table(rows=len(case.rows), cols=len(case.rows[0]))
    for row, values in zip(table.rows, case.rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    for first, last in case.merged:
        text = table.cell(*first).text
        table.cell(*first).merge(table.cell(*last)).text = text
    for note in case.notes:
        document.add_paragraph(note)
    return _saved(document.save)


def as_xlsx(case: Case) -> bytes:
    """A sheet with figures as numbers, shown with the decimals and commas that the case has."""
    import openpyxl

    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for line in (case.title, case.caption):
        if line:
            sheet.append([line])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(case.rows[0]))
    top = sheet.max_row + 1
    for number, row in enumerate(case.rows, top):
        for column, text in enumerate(row, 1):
            plain = text.replace(",", "")
            figure = plain.replace(".", "", 1).isdecimal() and not (plain.startswith("0") and plain.isdecimal() and len(plain) > 1)
            cell = sheet.cell(number, column, float(plain) if figure else text or None)
            if figure:
                decimals = len(plain.partition(".")[2])
                cell.number_format = ("#,##0" if "," in text else "0") + ("." + "0" * decimals if decimals else "")
    for (a, b), (d, e) in case.merged:
        sheet.merge_cells(start_row=a + top, start_column=b + 1, end_row=d + top, end_column=e + 1)
    for note in case.notes:
        sheet.append([note])
    return _saved(workbook.save)


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


MAKERS: dict[str, Callable[[Case], bytes]] = {"html": as_html, "docx": as_docx, "xlsx": as_xlsx}
