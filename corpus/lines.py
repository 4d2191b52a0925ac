"""Records in JSON Lines: one bulletin a line, UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import ReadError
from corpus.records import Bulletin


def read_records(path: Path) -> Iterator[Bulletin]:
    """The bulletins of a file as a run writes it, one at a time. Raises ReadError, with the line where one is to blame."""
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _parse(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(str(path), str(error)) from error


def _parse(line: str, place: str) -> Bulletin:
    try:
        return Bulletin.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        raise ReadError(place, f"not a bulletin: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
