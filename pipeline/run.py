"""One source to its bulletins: read, repair, split, extract. What flows, the command line and the library call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import ConfigError, GongbaoError, ReadError
from corpus.records import Attachment, Bulletin, Source
from pipeline.document import Document
from pipeline.evidence import Evidence
from pipeline.extract import Draft, extract
from pipeline.ids import digest
from pipeline.inputs import printed
from pipeline.layouts import find_layouts
from pipeline.official import find_official, with_metadata
from pipeline.read import read
from pipeline.repair import repair
from pipeline.settings import DEFAULT, Settings
from pipeline.split import split


class Bulletins(list[Bulletin]):
    """The bulletins of one source. `failed`: the parts of a container (a ZIP member, a line of JSONL) that gave none, as name and reason."""

    failed: tuple[tuple[str, str], ...] = ()


def process(
    source: str | Path,
    *,
    data: bytes | None = None,
    published: dt.date | None = None,
    retrieved: dt.datetime | None = None,
    settings: Settings = DEFAULT,
) -> Bulletins:
    """The bulletins of one source in its order.

    `source` is a path, or with `data` the name of those bytes (a URL, `-`). `published` holds where the source states no date.
    Raises ReadError when the source cannot be read or holds no text.
    """
    document = read(source if data is None else data, uri=printed(str(source)), limits=settings.limits)
    if not document.parts:
        return Bulletins(_bulletins(document, published, retrieved, settings))
    found, failed = Bulletins(), list(document.failed)
    for part in _leaves(document):
        try:
            found += _bulletins(part, published, retrieved, settings)
        except ReadError as error:
            failed.append((error.where, error.reason))
    if not found:
        raise ReadError(printed(str(source)), f"nothing readable in it: {failed[0][1]}")
    found.failed = tuple(failed)
    return found


def process_text(text: str, *, published: dt.date | None = None, title: str | None = None, settings: Settings = DEFAULT) -> list[Bulletin]:
    """The bulletins of a text in memory; see `process`."""
    bulletins = process("text", data=text.encode(), published=published, settings=settings)
    return [bulletins[0].model_copy(update={"title": title}), *bulletins[1:]] if title else bulletins


def extract_text(text: str, *, published: dt.date | None = None, title: str | None = None, settings: Settings = DEFAULT) -> Bulletin:
    """One bulletin from a text taken as it is: neither repaired nor split, so that offsets are the caller's own."""
    source = Source(uri="text", media_type="text/plain", sha256=digest(text.encode()), item=0)
    return extract(Draft(text=text, source=source, title=title, published=published), settings)


def _leaves(document: Document) -> Iterator[Document]:
    if not document.parts:
        yield document
    for part in document.parts:
        yield from _leaves(part)


def _bulletins(document: Document, published: dt.date | None, retrieved: dt.datetime | None, settings: Settings) -> list[Bulletin]:
    """The bulletins of a document without parts; a ReadError when it gives none."""
    try:
        found = list(_extracted(document, published, retrieved, settings))
    except ConfigError:
        raise
    except GongbaoError as error:
        raise ReadError(document.uri, error.reason) from error
    except MemoryError as error:
        raise ReadError(document.uri, "too large for the memory") from error
    except Exception as error:  # a fault of ours costs this document, not the batch, and is counted
        raise ReadError(document.uri, f"cannot be processed: {type(error).__name__}: {error}") from error
    if not found:
        raise ReadError(document.uri, "no text")
    return found


def _check_encodes(uri: str, *texts: str | None) -> None:
    """Raises ReadError for half a surrogate pair, as JSON can hold: no record could be written with it."""
    try:
        "".join(filter(None, texts)).encode()
    except UnicodeEncodeError as error:
        raise ReadError(uri, "not text: half of a surrogate pair") from error


def _extracted(document: Document, published: dt.date | None, retrieved: dt.datetime | None, settings: Settings) -> Iterator[Bulletin]:
    repaired, meta = repair(document), document.metadata
    items = split(repaired, document)
    attachments = tuple(Attachment(name=a.name, uri=a.uri) for a in document.attachments) or None
    for index, item in enumerate(items):
        text = repaired.text[item.start : item.end]
        _check_encodes(document.uri, text, item.title, item.attribution)
        official = find_official(text)
        source = Source(
            uri=document.uri,
            media_type=document.media_type,
            sha256=document.sha256,
            retrieved=retrieved,
            item=index,
            pages=item.pages,
            site=meta.site,
            column=meta.column,
            attachments=attachments,
        )
        draft = Draft(
            text=text,
            source=source,
            title=item.title,
            attribution=item.attribution,
            published=item.published or published,
            layouts=find_layouts(document, repaired, (item.start, item.end)),
            evidence=Evidence(document, repaired, item.start, settings.boxes) if document.pages or settings.boxes else None,
            official=with_metadata(official, item.title, meta) if len(items) == 1 else official,
        )
        yield extract(draft, settings)
