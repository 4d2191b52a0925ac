"""Reading XLSX: captions, headers, merged cells, number formats, hidden parts and sheets that claim a million rows."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.read.limits import Limits
from pipeline.read.numberformats import show
from pipeline.repair import repair
from pipeline.split import split


def saved(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def aid() -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["宁陕县2024年第一季度救助情况表"])
    sheet.merge_cells("A1:D1")
    sheet.append(["镇", "低保对象（人）", None, "占比"])
    sheet.append([None, "城市", "农村", None])
    for area in ("B2:C2", "A2:A3", "D2:D3"):
        sheet.merge_cells(area)
    sheet.append(["城关镇", 412, 1386, 0.176])
    sheet.append(["四亩地镇", 35, 1204.5, 0.5])
    sheet["C4"].number_format = "#,##0"
    sheet["D4"].number_format = sheet["D5"].number_format = "0.0%"
    sheet.append(["注：数据为快报数。"])
    return workbook


def test_caption_header_rows_and_notes() -> None:
    document = read(saved(aid()), "a.xlsx")
    assert [(b.kind, b.text) for b in document.blocks] == [
        ("heading", "宁陕县2024年第一季度救助情况表"),
        ("row", "镇    低保对象（人）    占比"),
        ("row", "城市    农村"),
        ("row", "城关镇    412    1,386    17.6%"),
        ("row", "四亩地镇    35    1204.5    50.0%"),
        ("paragraph", "注：数据为快报数。"),
    ]
    (table,) = document.tables
    assert table.caption == "宁陕县2024年第一季度救助情况表"
    assert table.header_rows == 2
    assert table.rows[:2] == (("镇", "低保对象（人）", "低保对象（人）", "占比"), ("镇", "城市", "农村", "占比"))
    assert document.blocks[3].cells == ("城关镇", "412", "1,386", "17.6%")
    assert document.blocks[3].path == "Sheet!4:4"
    assert [path for _, path in document.blocks[3].marks] == ["Sheet!A4", "Sheet!B4", "Sheet!C4", "Sheet!D4"]


def test_each_sheet_with_a_headline_is_a_bulletin() -> None:
    workbook = aid()
    sheet = workbook.create_sheet("养老")
    for row in (["宁陕县养老机构情况表"], ["镇", "机构（个）"], ["城关镇", 3], ["江口镇", 1]):
        sheet.append(row)
    document = read(saved(workbook), "a.xlsx")
    repaired = repair(document)
    items = split(repaired, document)
    assert [item.title for item in items] == ["宁陕县2024年第一季度救助情况表", "宁陕县养老机构情况表"]
    assert repaired.text[items[1].start : items[1].end].endswith("江口镇    1")


def test_hidden_sheets_rows_and_columns_are_left_out() -> None:
    workbook = aid()
    sheet = workbook.active
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    workbook.create_sheet("底稿").append(["不公开", "1"])
    workbook["底稿"].sheet_state = "hidden"
    text = repair(read(saved(workbook), "a.xlsx")).text
    assert "四亩地镇" not in text
    assert "1,386" not in text
    assert "不公开" not in text
    assert "城关镇    412    17.6%" in text


def test_an_area_over_the_whole_sheet_costs_nothing() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(aid()))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"</mergeCells>", b'<mergeCell ref="E10:XFD1048576"/>' * 1000 + b"</mergeCells>")
            corner = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'
            new.writestr(name, data.replace(b"</sheetData>", corner))
    assert len(read(out.getvalue(), "a.xlsx").blocks) == 6


def test_limits_and_empty_workbooks() -> None:
    with pytest.raises(ReadError, match="too many table cells"):
        read(saved(aid()), "a.xlsx", limits=Limits(cells=10))
    with pytest.raises(ReadError, match="no text"):
        read(saved(openpyxl.Workbook()), "a.xlsx")


def test_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(aid()))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + data
            new.writestr(name, data)
    with pytest.raises(ReadError, match="entity definitions"):
        read(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (18406, "#,##0", "18,406"),
        (0.176, "0.0%", "17.6%"),
        (0.5, "0%", "50%"),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1e6, "General", "1000000"),
        (12.345, "0.00", "12.35"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (3.5, "0.##", "3.5"),
        (690, '0"万元"', "690万元"),
        (-4.2, "0.0_);(0.0)", "-4.2"),
        (7, "@", "7"),
        (dt.datetime(2024, 3, 8), "yyyy-mm-dd", "2024-03-08"),
        (dt.datetime(2024, 3, 8), 'yyyy"年"m"月"d"日"', "2024年3月8日"),
        (dt.date(2024, 3, 1), 'yyyy"年"m"月"', "2024年3月"),
        ("城关\n镇 ", "General", "城关镇"),
        (True, "General", "是"),
        (None, "General", ""),
    ],
)
def test_values_as_shown(value: object, pattern: str, text: str) -> None:
    assert show(value, pattern) == text
