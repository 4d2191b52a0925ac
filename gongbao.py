"""gongbao (公报): structured, grounded facts from Chinese policy bulletins.

    from gongbao import extract
    for bulletin in extract("bulletin.pdf"):
        for fact in bulletin.quantities:
            print(fact.value, fact.unit, fact.measure, bulletin.text[fact.start:fact.end])

Offsets are code points, half-open. Values are scaled (8.45万人 → 84500 人). What the text does not say is None.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import GongbaoError

if TYPE_CHECKING:
    from corpus.records import Bulletin
    from pipeline.document import Document
    from pipeline.repair import Repaired
    from pipeline.settings import Settings

__all__ = ["extract", "main", "read", "repair"]
__version__ = "0.1.0"


def extract(
    source: str | Path, *, published: dt.date | None = None, title: str | None = None, settings: Settings | None = None
) -> list[Bulletin]:
    """The bulletins of one source with their facts.

    `source` is a text when it is a str with a line break or that names no file, otherwise a path. `published` resolves 去年 and 3月8日 where
    the source gives no date of its own. Raises corpus.errors.ReadError when a file cannot be read.
    """
    from pipeline import run
    from pipeline.settings import DEFAULT

    settings = settings or DEFAULT
    if isinstance(source, Path) or _is_path(source):
        return run.process(source, published=published, settings=settings)
    return run.process_text(source, published=published, title=title, settings=settings)


def read(source: str | Path | bytes, *, uri: str | None = None) -> Document:
    """A source as blocks of text that know where they stand: page and box, HTML element, DOCX paragraph or cell, sheet and cell.

    Bytes need a `uri` only where their name tells the format. Raises corpus.errors.ReadError when it cannot be read.
    """
    from pipeline.read import read as read_source

    return read_source(source, uri)


def repair(document: Document) -> Repaired:
    """The document's verbatim text; `origin` leads from each of its characters to the block that it comes from, and the place there."""
    from pipeline.repair import repair as repair_document

    return repair_document(document)


def _is_path(source: str) -> bool:
    try:
        return "\n" not in source and len(source) < 1024 and Path(source).is_file()
    except (OSError, ValueError):
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """The command `gongbao`; returns 0 done, 1 some inputs failed, 2 wrong usage."""
    args = _parser().parse_args(argv)
    try:
        return int(args.func(args))
    except BrokenPipeError:
        return 0  # the reader of our output has seen enough
    except GongbaoError as error:
        print(f"gongbao: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    from flows import cli as flows_cli
    from pipeline import cli as pipeline_cli

    parser = argparse.ArgumentParser(prog="gongbao", description="Structured, grounded facts from Chinese policy bulletins.")
    parser.add_argument("--version", action="version", version=f"gongbao {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    pipeline_cli.add_commands(commands)
    flows_cli.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
