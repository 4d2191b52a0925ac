"""The parts of an XLSX workbook: its sheets' cells as shown, merged areas, hidden rows and columns.

Read from the XML itself, in the extent of the cells that exist: libraries spread merged areas over every cell, and an
area may claim seventeen thousand million of them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from pipeline.read.container import Container
from pipeline.read.numberformats import BUILT_IN, is_day, serial_day, show

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_R = re.compile(r"\{[^}]*\}id$")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_TRUE = ("1", "true")

Area = tuple[int, int, int, int]  # first row, first column, last row, last column, from 1


@dataclass(slots=True)
class Sheet:
    """A sheet's name, the texts of its cells by row and column, its merged areas and what it hides."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def hides(self, column: int) -> bool:
        return any(first <= column <= last for first, last in self.hidden_columns)


def read_sheets(container: Container) -> Iterator[Sheet]:
    """The visible sheets in order."""
    root = container.xml("xl/workbook.xml")
    properties = next(_all(root, "workbookPr"), None)
    from_1904 = properties is not None and properties.get("date1904") in _TRUE
    texts = _shared(container)
    formats = _formats(container)
    targets = _targets(container)
    for sheet in _all(root, "sheet"):
        target = targets.get(next((value for key, value in sheet.attrib.items() if _R.search(str(key))), ""))
        if target and sheet.get("state", "visible") == "visible":
            found = container.optional_xml(target)
            if found is not None:
                yield _sheet(str(sheet.get("name", "")), found, texts, formats, from_1904)


def _all(root: Element, tag: str) -> Iterator[Element]:
    yield from root.iter(f"{_M}{tag}", f"{_STRICT}{tag}")


def _targets(container: Container) -> dict[str, str]:
    """The files that the workbook's relations name."""
    root = container.optional_xml("xl/_rels/workbook.xml.rels")
    found = {}
    for relation in root if root is not None else ():
        target = str(relation.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        found[str(relation.get("Id", ""))] = path
    return found


def _shared(container: Container) -> list[str]:
    """The strings that cells point to, without the phonetic guides above them."""
    root = container.optional_xml("xl/sharedStrings.xml")
    return [_string(item) for item in _all(root, "si")] if root is not None else []


def _string(item: Element) -> str:
    parts = []
    for child in item:
        if str(child.tag).endswith("}t"):
            parts.append(child.text or "")
        elif str(child.tag).endswith("}r"):
            parts.extend(text.text or "" for text in _all(child, "t"))
    return "".join(parts)


def _formats(container: Container) -> list[str]:
    """The number format of each cell style."""
    root = container.optional_xml("xl/styles.xml")
    if root is None:
        return []
    own = {int(f.get("numFmtId", "0")): str(f.get("formatCode", "")) for f in _all(root, "numFmt") if f.get("numFmtId", "").isdigit()}
    styles = next(_all(root, "cellXfs"), None)
    ids = [style.get("numFmtId", "0") for style in styles] if styles is not None else []
    return [own.get(int(number), BUILT_IN.get(int(number), "General")) if number.isdigit() else "General" for number in ids]


def _sheet(name: str, root: Element, texts: list[str], formats: list[str], from_1904: bool) -> Sheet:
    sheet = Sheet(name)
    number = 0
    for row in _all(root, "row"):
        number = int(row.get("r")) if (row.get("r") or "").isdigit() else number + 1
        if row.get("hidden") in _TRUE:
            sheet.hidden_rows.add(number)
        column = 0
        for cell in row:
            at = _place(cell.get("r") or "")
            column = at[1] if at else column + 1
            if text := _value(cell, texts, formats, from_1904):
                sheet.cells[at[0] if at else number, column] = text
    for merge in _all(root, "mergeCell"):
        first, _, last = (merge.get("ref") or "").partition(":")
        start, end = _place(first), _place(last or first)
        if start and end:
            sheet.merged.append((*start, *end))
    for column_range in _all(root, "col"):
        low, high = column_range.get("min", ""), column_range.get("max", "")
        if column_range.get("hidden") in _TRUE and low.isdigit() and high.isdigit():
            sheet.hidden_columns.append((int(low), int(high)))
    return sheet


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column of a reference: B3 → 3, 2."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)), column


def _value(cell: Element, texts: list[str], formats: list[str], from_1904: bool) -> str:
    """The cell's text as shown; a formula by the value saved with it, an error as nothing."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = next(_all(cell, "is"), None)
        return show(_string(inline), None) if inline is not None else ""
    element = next(_all(cell, "v"), None)
    raw = (element.text or "").strip() if element is not None else ""
    if not raw or kind == "e":
        return ""
    if kind == "s":
        return show(texts[int(raw)], None) if raw.isdigit() and int(raw) < len(texts) else ""
    if kind == "b":
        return show(raw == "1", None)
    if kind in ("str", "d"):
        return show(raw[:10] if kind == "d" else raw, None)
    style = cell.get("s", "")
    pattern = formats[int(style)] if style.isdigit() and int(style) < len(formats) else "General"
    return _figure(raw, pattern, from_1904)


def _figure(raw: str, pattern: str, from_1904: bool) -> str:
    try:
        value: int | float = int(raw) if raw.lstrip("-").isdigit() and len(raw) < 16 else float(raw)
    except ValueError:
        return raw
    if is_day(pattern) and (day := serial_day(value, from_1904)):
        return show(day, pattern)
    return show(value, pattern)
