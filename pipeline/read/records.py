"""Sheets that hold one bulletin in each row, as offices collect what their districts report: 标题 | 内容 | 报送单位 | 日期"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.attribution import clean_origin
from pipeline.document import HEADING, PARAGRAPH, Block, Document, Metadata
from pipeline.metadata import parse_date
from pipeline.read import digest
from pipeline.read.tables import Cell

_TITLE = re.compile(r"(?:信息|文章|新闻|稿件)?(?:标题|题目|题名)")
_TEXT = re.compile(r"(?:信息|文章|新闻|稿件|主要)?(?:内容|正文|全文)")
_ORIGIN = re.compile(r"(?:信息|稿件|文章)?来源|(?:报送|供稿|发布|来稿|投稿|上报)(?:单位|部门|机构)")
_DATE = re.compile(r"(?:发布|报送|刊发|采用|上报|发表)?(?:日期|时间)")
_HEADS = 4  # rows in which the names of the columns stand
_PROSE = 30  # characters of a bulletin's text at least

Rows = Sequence[tuple[int, Sequence[Cell]]]


def find_records(name: str, rows: Rows, uri: str, media_type: str) -> list[Document]:
    """The bulletins of a sheet that holds one in each row; an empty list for any other."""
    for at, (_, row) in enumerate(rows[:_HEADS]):
        columns = [_column(row, pattern) for pattern in (_TITLE, _TEXT, _ORIGIN, _DATE)]
        if columns[0] is not None and columns[1] is not None:
            found = list(_records(name, rows[at + 1 :], columns, uri, media_type))
            prose = [document for document in found if len(document.blocks[-1].text) >= _PROSE]
            return found if 2 * len(prose) > len(found) else []
    return []


def _column(row: Sequence[Cell], pattern: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(row) if pattern.fullmatch(cell.text)), None)


def _records(name: str, rows: Rows, columns: Sequence[int | None], uri: str, media_type: str) -> Iterator[Document]:
    for number, row in rows:
        title, text, origin, day = (row[at] if at is not None else Cell("") for at in columns)
        if not text.text:
            continue
        lines = [Block(line, PARAGRAPH, path=text.path) for line in text.text.split("\n") if line.strip()]
        head = [Block(title.text, HEADING, path=title.path)] if title.text else []
        date = parse_date(day.text)
        metadata = Metadata(
            title=title.text or None, published=date, published_source="record" if date else None, attribution=clean_origin(origin.text)
        )
        where, said = f"{uri}#{name}!{number}", "\n".join(cell.text for cell in row)
        yield Document(where, media_type, digest(said.encode()), (*head, *lines), metadata, whole=True)
