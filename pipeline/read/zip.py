"""ZIP archives: every document in them, folders flattened, names of Chinese Windows put right."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.read.container import Container
from pipeline.read.limits import Limits
from pipeline.read.parts import read_parts, safe_name


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """An archive of documents."""
    limits = limits.metered()
    return read_parts(_members(Container(data, uri, limits)), data, uri, "application/zip", limits)


def _members(container: Container) -> Iterator[tuple[str, bytes | ReadError]]:
    for name in container.names():
        if any(step.startswith(("__MACOSX", ".")) for step in safe_name(name).split("/")):
            continue  # what systems leave in archives
        try:
            if container.is_link(name):
                raise ReadError(container.uri, "a link, no file")
            yield container.printed_name(name), container.read(name)
        except ReadError as error:
            yield container.printed_name(name), error
