"""The way back: from every character of a text to the element, paragraph or cell that it stands in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import html

from gongbao import extract, read, repair
from pipeline.settings import Settings

TITLE = "泾川县2023年养老服务情况"
LINE = "截至2023年底，全县有养老机构9家，其中公办5家。"
ROWS = [["乡镇", "养老机构（家）", "床位（张）"], ["城关镇", "4", "520"], ["玉都镇", "3", "304"]]
PAGE = f"""<html><head><title>{TITLE}</title></head><body><div class="top">首页</div><h1>{TITLE}</h1><div class="TRS_Editor">
<p>&nbsp;&nbsp;{LINE}</p><table><thead><tr>{"".join(f"<th>{c}</th>" for c in ROWS[0])}</tr></thead>
<tbody>{"".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS[1:])}</tbody></table></div></body></html>"""


def as_docx() -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(LINE)
    table = document.add_table(rows=3, cols=3)
    for row, values in zip(table.rows, ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    return _saved(document.save)


def as_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = "养老"
    for row in ([TITLE], *ROWS):
        workbook.active.append([int(cell) if cell.isdecimal() else cell for cell in row])
    return _saved(workbook.save)


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


SOURCES = {"a.html": PAGE.encode(), "a.docx": as_docx(), "a.xlsx": as_xlsx(), "a.txt": f"{TITLE}\n　　{LINE}".encode()}


@pytest.mark.parametrize("name", SOURCES)
def test_every_character_leads_to_its_block(name: str) -> None:
    document = read(SOURCES[name], uri=name)
    repaired = repair(document)
    for at, ch in enumerate(repaired.text):
        origin = repaired.origin(at)
        if ch == "\n":
            assert origin is None
        else:
            assert origin is not None
            block, offset = origin
            assert document.blocks[block].text[offset] == ch
            assert document.blocks[block].path or name.endswith(".txt")


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("a.html", {"9家": "/html/body/div[2]/p[1]", "520": "/html/body/div[2]/table[1]/tbody[1]/tr[1]/td[3]"}),
        ("a.docx", {"9家": "p[2]", "520": "tbl[1]/tr[2]/tc[3]"}),
        ("a.xlsx", {"4": "养老!B3", "520": "养老!C3"}),
    ],
)
def test_facts_carry_the_place_of_their_evidence(tmp_path: Path, name: str, paths: dict[str, str]) -> None:
    source = tmp_path / name
    source.write_bytes(SOURCES[name])
    [bulletin] = extract(source, settings=Settings(boxes=True))
    found = {fact.text: fact.paths for fact in bulletin.quantities}
    assert {text: found[text] for text in paths} == {text: (path,) for text, path in paths.items()}
    assert all(fact.paths is None for fact in extract(source)[0].quantities)


def test_html_paths_name_elements_of_the_page(tmp_path: Path) -> None:
    source = tmp_path / "a.html"
    source.write_text(PAGE, encoding="utf-8")
    tree = html.document_fromstring(PAGE).getroottree()
    facts = extract(source, settings=Settings(boxes=True))[0].quantities
    assert len(facts) == 6
    for fact in facts:
        [path] = fact.paths or ()
        [element] = tree.xpath(path)
        assert fact.text in element.text_content()
