"""The commands that need no Prefect: extract, show, evaluate, dataset, train, schema."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from pipeline.inputs import find_inputs, printed
from pipeline.learn import add_dataset, add_train
from pipeline.read.limits import LIMIT_NAMES, LIMITS
from pipeline.settings import DEFAULT, Settings

if TYPE_CHECKING:
    from corpus.records import Bulletin
    from pipeline.run import Bulletins

DONE, SOME_FAILED = 0, 1


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this module's commands; each sets `func`, which returns the exit code."""
    extract = commands.add_parser("extract", help="read files and folders, write their facts")
    extract.add_argument("paths", nargs="+", metavar="PATH", help="file, folder or - for standard input")
    extract.add_argument("-o", "--out", required=True, metavar="OUT", help="folder to write to, or - for bulletins on standard output")
    extract.add_argument("--format", default="jsonl", metavar="LIST", help="formats of the facts table: jsonl,parquet,csv")
    extract.add_argument("--docbin", type=Path, metavar="FILE", help="also write the bulletins as a spaCy DocBin")
    _add_published(extract)
    add_settings(extract)
    extract.set_defaults(func=run_extract)

    show = commands.add_parser("show", help="print a document's bulletins with their facts coloured")
    show.add_argument("path", metavar="FILE", help="file, or - for standard input")
    show.add_argument("--pdf", type=Path, metavar="OUT", help="also write a copy of the PDF with the evidence of its facts highlighted")
    _add_published(show)
    add_settings(show)
    show.set_defaults(func=run_show)

    evaluate = commands.add_parser("evaluate", help="measure bulletins against gold: precision, recall, F1 with intervals")
    evaluate.add_argument("gold", type=Path, metavar="GOLD", help="annotated bulletins, JSON Lines")
    evaluate.add_argument("predicted", type=Path, metavar="PRED", help="bulletins.jsonl of a run")
    evaluate.add_argument("--errors", action="store_true", help="list every miss, extra and wrong field")
    evaluate.add_argument("--floors", type=Path, metavar="FILE", help="JSON of least F1 by fact kind; below one the exit code is 1")
    evaluate.set_defaults(func=run_evaluate)

    add_dataset(commands.add_parser("dataset", help="bulletins as training data for Hugging Face datasets"))
    add_train(commands.add_parser("train", help="train a token classifier that adds names to those of the rules (extra `train`)"))

    schema = commands.add_parser("schema", help="print the JSON Schema of a bulletin")
    schema.set_defaults(func=run_schema)


def _limit(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    if name not in LIMIT_NAMES or not number.isdecimal():
        raise argparse.ArgumentTypeError(f"not NAME=N with a whole number and one of {', '.join(LIMIT_NAMES)}")
    return name, int(number)


def _add_published(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--published", type=dt.date.fromisoformat, metavar="DATE", help="publication date of inputs that state none")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options that `read_settings` reads."""
    parser.add_argument(
        "--indicators",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="YAML file with indicators of your own; `more`: the shipped further ones",
    )
    parser.add_argument(
        "--min-confidence", type=float, default=0.0, metavar="P", help="leave out quantities less sure than P: fewer, but more often right"
    )
    parser.add_argument(
        "--lexical",
        action=argparse.BooleanOptionalAction,
        default=DEFAULT.lexical,
        help="let the lexical model add names of bodies and places where the rules are unsure (extra `lexical`)",
    )
    parser.add_argument(
        "--model", metavar="PATH_OR_NAME", help="token classifier that adds names: a folder of `gongbao train`, or OWNER/NAME on the hub"
    )
    parser.add_argument(
        "--boxes",
        action="store_true",
        help="give facts the place of their evidence: rectangles (PDF, OFD, scans) or paths (HTML elements, DOCX paragraphs, cells)",
    )
    parser.add_argument(
        "--limit", type=_limit, action="append", default=[], metavar="NAME=N", help=f"bound on one document: {', '.join(LIMIT_NAMES)}"
    )


def read_settings(args: argparse.Namespace) -> Settings:
    """The settings that the options of `add_settings` choose. Raises ConfigError for a model that cannot be loaded, before any document
    fails for it."""
    if args.lexical:
        from models.lexical import package

        package()
    return Settings(
        indicators=tuple(args.indicators),
        min_confidence=args.min_confidence,
        boxes=args.boxes,
        limits=replace(LIMITS, **dict(args.limit)),
        lexical=args.lexical,
        model=_model(args.model) if args.model else None,
    )


def _model(name: str) -> Path:
    from models.classifier import load, locate

    folder = locate(name)
    load(folder)
    return folder


def run_extract(args: argparse.Namespace) -> int:
    """Extract every input; a failed one gives a line on stderr, an entry in failed.jsonl and exit code 1."""
    from pipeline.write import FORMATS, Writer, to_json

    formats = [name.strip() for name in args.format.split(",") if name.strip()]
    if unknown := [name for name in formats if name not in FORMATS]:
        print(f"gongbao: unknown format {unknown[0]}, known are {', '.join(FORMATS)}", file=sys.stderr)
        return 2
    failed = failed_parts = found = 0
    kept: list[Bulletin] = []
    with nullcontext() if args.out == "-" else Writer(Path(args.out), formats) as writer:
        for path, outcome in _outcomes(list(find_inputs(args.paths)), args.published, read_settings(args)):
            if isinstance(outcome, ReadError):
                failed += 1
                print(f"gongbao: {printed(str(outcome))}", file=sys.stderr)
                if writer is not None:
                    writer.fail(printed(path), outcome.reason)
                continue
            for part, reason in outcome.failed:
                failed_parts += 1
                print(f"gongbao: {part}: {reason}", file=sys.stderr)
                if writer is not None:
                    writer.fail(part, reason)
            for bulletin in outcome:
                found += 1
                if writer is None:
                    sys.stdout.write(to_json(bulletin) + "\n")
                else:
                    writer.add(bulletin)
            if args.docbin:
                kept.extend(outcome)
    if args.docbin:
        from pipeline.spacy_component import to_docbin

        to_docbin(kept).to_disk(args.docbin)
    parts = f", {failed_parts} parts of others" if failed_parts else ""
    print(f"gongbao: {found} bulletins, {failed} inputs failed{parts}", file=sys.stderr)
    return SOME_FAILED if failed or failed_parts else DONE


def _outcomes(paths: list[str], published: dt.date | None, settings: Settings) -> Iterator[tuple[str, Bulletins | ReadError]]:
    """Each input with its bulletins or its error, under a progress bar on a terminal."""
    from pipeline.isolated import Isolated

    with Isolated(settings) as worker:
        for path in _progress(paths):
            data = sys.stdin.buffer.read() if path == "-" else None
            try:
                yield path, worker.process(path, data, published=published)
            except ReadError as error:
                yield path, error


def _progress(paths: list[str]) -> Iterable[str]:
    if not sys.stderr.isatty() or len(paths) < 2:
        return paths
    from rich.console import Console
    from rich.progress import track

    return track(paths, description="extracting", console=Console(stderr=True), transient=True)


def run_show(args: argparse.Namespace) -> int:
    """Print one document's bulletins with facts coloured and a table under each."""
    from pipeline.run import process
    from pipeline.show import show

    data = sys.stdin.buffer.read() if args.path == "-" else None
    settings = replace(read_settings(args), boxes=args.boxes or args.pdf is not None)
    try:
        bulletins = process(args.path, data=data, published=args.published, settings=settings)
    except ReadError as error:
        print(f"gongbao: {error}", file=sys.stderr)
        return SOME_FAILED
    for bulletin in bulletins:
        show(bulletin)
    for part, reason in bulletins.failed:
        print(f"gongbao: {part}: {reason}", file=sys.stderr)
    if args.pdf is not None:
        from pipeline.highlight import highlight

        marked, unplaced = highlight(args.path, bulletins, args.pdf, data=data)
        rest = f", of {unplaced} only the page is known" if unplaced else ""
        print(f"gongbao: {marked} facts highlighted in {args.pdf}{rest}", file=sys.stderr)
    return SOME_FAILED if bulletins.failed else DONE


def run_evaluate(args: argparse.Namespace) -> int:
    """Print the scores of PRED; 1 when one is below its floor."""
    import json

    from corpus.gold import read_gold
    from corpus.lines import read_records
    from pipeline.evaluate import compare
    from pipeline.scores import below_floors, report

    verdicts = compare(read_gold(args.gold), list(read_records(args.predicted)))
    if args.errors:
        for verdict in verdicts:
            print(*(f"{verdict.bulletin.id}: {error}" for error in verdict.errors), sep="\n")
    print(report(verdicts))
    floors = json.loads(args.floors.read_text(encoding="utf-8")) if args.floors else {}
    faults = below_floors(verdicts, floors)
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else DONE


def run_schema(_: argparse.Namespace) -> int:
    """Print the JSON Schema."""
    import json

    from corpus.schema import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return DONE
