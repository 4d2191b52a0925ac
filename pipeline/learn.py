"""`gongbao dataset`: bulletins, annotated or extracted, as training data for Hugging Face `datasets`."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from corpus.errors import ConfigError

DONE = 0


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """The options of `gongbao dataset`."""
    parser.add_argument("sources", nargs="+", type=Path, metavar="JSONL", help="records of a run, or gold bulletins")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help="folder for train, validation and test")
    parser.add_argument("--format", default="jsonl", choices=("jsonl", "parquet", "conll"), help="of the files (default: %(default)s)")
    parser.add_argument(
        "--splits", default="0.8,0.1,0.1", metavar="A,B,C", help="shares of train, validation and test (default: %(default)s)"
    )
    parser.set_defaults(func=run_dataset)


def run_dataset(args: argparse.Namespace) -> int:
    """Write the splits; a bulletin's split depends on its id alone."""
    from datasets import disable_progress_bars

    from corpus.datasets import read_bulletins, to_datasets, to_row, write_datasets

    shares = _shares(args.splits)
    disable_progress_bars()
    rows = [to_row(bulletin) for source in args.sources for bulletin in read_bulletins(source)]
    splits = to_datasets(rows, shares)
    write_datasets(splits, args.out, args.format)
    sizes = ", ".join(f"{len(split)} {name}" for name, split in splits.items())
    print(f"gongbao: {len(rows)} bulletins: {sizes}", file=sys.stderr)
    return DONE


def _shares(text: str) -> tuple[float, ...]:
    try:
        shares = tuple(float(part) for part in text.split(","))
    except ValueError:
        shares = ()
    if len(shares) != 3 or not all(math.isfinite(share) and share >= 0 for share in shares) or not sum(shares):
        raise ConfigError("--splits", f"{text}: three shares, none negative, not all 0")
    return shares
