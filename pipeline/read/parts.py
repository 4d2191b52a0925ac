"""The documents inside a container, each read like a document of its own, within what the container's limits leave."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import PurePosixPath

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.read import digest, read
from pipeline.read.limits import Limits

_NOTHING = "nothing readable in it: "


def read_parts(members: Iterable[tuple[str, bytes | ReadError]], data: bytes, uri: str, media_type: str, limits: Limits) -> Document:
    """The container as a document of parts; a part that cannot be read is in `failed` with its reason.

    Raises ReadError when nothing in it can be read, or when containers lie too deep in one another.
    """
    if limits.depth <= 0:
        raise ReadError(uri, "containers within containers, deeper than the limit")
    inner = dataclasses.replace(limits.metered(), depth=limits.depth - 1)
    parts: list[Document] = []
    failed: list[tuple[str, str]] = []
    for name, content in members:
        where = f"{uri}!{safe_name(name)}"
        try:
            if isinstance(content, ReadError):
                raise content
            part = read(content, where, limits=inner)
            parts.append(part)
            failed.extend(part.failed)
        except ReadError as error:
            failed.append((where, error.reason))
    if not parts:
        raise ReadError(uri, f"{_NOTHING}{failed[0][1].removeprefix(_NOTHING)}" if failed else "empty container")
    return Document(uri, media_type, digest(data), parts=tuple(parts), failed=tuple(failed))


def safe_name(name: str) -> str:
    """The name without steps up, drive or root, so that it leads nowhere even when someone joins it to a folder."""
    steps = [step for step in PurePosixPath(name.replace("\\", "/")).parts if step not in ("/", "..", ".") and not step.endswith(":")]
    return "/".join(step.replace("\x00", "") for step in steps).encode("utf-8", "replace").decode() or "unnamed"
