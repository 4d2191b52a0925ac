"""The inputs of a run: files, folders walked in order, `-` for standard input."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def find_inputs(paths: Iterable[str]) -> Iterator[str]:
    """Every file that the paths name, folders walked in sorted order, hidden files left out.

    A path that does not exist is handed on: reading it fails, and the failure is counted.
    """
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from (str(found) for found in _walk(Path(path), ()))
        else:
            yield path


def printed(path: str) -> str:
    """A path as text: a name whose bytes are no UTF-8 is GB 18030, as Chinese systems leave it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("gb18030", "replace")
    return path


def _walk(folder: Path, above: tuple[Path, ...]) -> Iterator[Path]:
    """The files below a folder; a link that leads back to a folder above it is not followed."""
    real = folder.resolve()
    if real in above:
        return
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, (*above, real))
        else:
            yield entry
