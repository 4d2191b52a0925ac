"""JSON Lines: each line one bulletin with what is known of it, as in a researcher's corpus."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from corpus.errors import ReadError
from pipeline.document import Block, Document, Metadata
from pipeline.metadata import parse_date
from pipeline.read import digest
from pipeline.read.encoding import decode
from pipeline.read.limits import Limits

_ORIGIN = ("attribution", "source", "来源")
_TITLE = ("title", "标题")
_TEXT = ("text", "content", "body", "正文")
_PUBLISHED = ("published", "date", "pubdate", "发布日期")
_ID = ("id", "uuid", "url")


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """Records with `text` and, where known, `title`, `published`, `attribution`, `id`, `url`; none of them is split."""
    if len(data) > limits.text_bytes:
        raise ReadError(uri, f"more than {limits.text_bytes} bytes of text")
    parts: list[Document] = []
    failed: list[tuple[str, str]] = []
    for number, line in enumerate(decode(data, uri).split("\n"), 1):
        if not line.strip():
            continue
        try:
            parts.append(_record(line, f"{uri}#{number}", uri))
        except ReadError as error:
            failed.append((error.where, error.reason))
    if not parts:
        raise ReadError(uri, failed[0][1] if failed else "no text in it")
    return Document(uri, "application/x-ndjson", digest(data), parts=tuple(parts), failed=tuple(failed))


def _record(line: str, where: str, uri: str) -> Document:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadError(where, "not JSON") from error
    text = _value(record, _TEXT) if isinstance(record, dict) else None
    if not text or not text.strip():
        raise ReadError(where, "no text in the record")
    name = _value(record, _ID)
    published = _day(_value(record, _PUBLISHED))
    metadata = Metadata(
        title=_value(record, _TITLE),
        published=published,
        published_source="record" if published else None,
        attribution=_value(record, _ORIGIN),
        url=_value(record, ("url",)),
    )
    blocks = tuple(Block(printed) for printed in text.split("\n"))
    return Document(f"{uri}#{name}" if name else where, "application/x-ndjson", digest(line.encode()), blocks, metadata, whole=True)


def _value(record: dict[str, Any], names: tuple[str, ...]) -> str | None:
    found = next((record[name] for name in names if record.get(name) not in (None, "")), None)
    return str(found) if isinstance(found, str | int) else None


def _day(value: str | None) -> dt.date | None:
    return parse_date(value) if value else None
