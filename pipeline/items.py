"""The inputs of a batch: what a folder, a crawl or a manifest names, and how their bytes are read."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Item:
    """One input: the file that holds its bytes, or the place in a WARC file; `published` where a manifest states it."""

    uri: str
    path: str
    offset: int | None = None
    retrieved: dt.datetime | None = None
    published: dt.date | None = None


def find_items(source: Path) -> list[Item]:
    """The inputs that a folder, a crawl's folder or a manifest names. Raises ConfigError when there are none such.

    A manifest has one input per line, a path or a JSON object with `path` and perhaps `uri` and `published`; paths are relative to it.
    """
    from pipeline.inputs import find_inputs, printed

    if crawls := crawl_folders(source):
        from pipeline.crawl.store import stored_items

        return [item for crawl in crawls for item in stored_items(crawl)]
    if source.is_dir():
        return [Item(printed(path), path) for path in find_inputs([str(source)])]
    if not source.is_file():
        raise ConfigError(str(source), "no such folder or manifest")
    return list(_manifest(source))


def crawl_folders(source: Path) -> list[Path]:
    """The folders of crawls: the source itself, or those directly in it."""
    return sorted(path.parent for pattern in ("crawl.sqlite", "*/crawl.sqlite") for path in source.glob(pattern))


def _manifest(path: Path) -> Iterator[Item]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "a manifest is a UTF-8 text with one path per line") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            entry = json.loads(line) if line.lstrip().startswith("{") else {"path": line.strip()}
            published = dt.date.fromisoformat(entry["published"]) if entry.get("published") else None
            found = str(path.parent / entry["path"])
            yield Item(entry.get("uri", found), found, published=published)
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}:{number}", f"not a manifest line: {error}") from error


def read_bytes(item: Item) -> bytes:
    """The bytes of an input; raises OSError."""
    if item.offset is not None:
        from pipeline.crawl.warc import read_record

        return read_record(Path(item.path), item.offset)
    if Path(item.path).exists() and not Path(item.path).is_file():
        raise OSError(errno.EINVAL, "not a file")  # a pipe would wait, a device never end
    return Path(item.path).read_bytes()


def content_hash(item: Item) -> str | None:
    """SHA-256 of an input's bytes, None when they cannot be read."""
    try:
        return hashlib.sha256(read_bytes(item)).hexdigest()
    except OSError:
        return None
