"""Bulletins as Hugging Face `datasets`: for training, and for anyone's own tools.

A row is one bulletin: `id`, `text`, `tokens` (its characters), `tags` (BIO, see `corpus.tags`) and `spans` (start, end, kind, text; all of
them, those that overlap too). A folder holds one file per split: train, validation, test. JSONL and Parquet keep whole rows; CoNLL
keeps id, characters and tags, so of overlapping spans one. `datasets.load_dataset` reads the first two as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, cast

from corpus.errors import ConfigError, ReadError
from corpus.gold import GoldBulletin, read_gold
from corpus.lines import read_records
from corpus.records import Bulletin
from corpus.tags import Span, spans_to_tags, tags_to_spans

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict, Features

SPLITS = ("train", "validation", "test")
SHARES = (0.8, 0.1, 0.1)
_LAYERS = {"quantities": "quantity", "times": "time", "policies": "policy", "organizations": "organization", "places": "place"}


class SpanRow(TypedDict):
    """One fact's evidence."""

    start: int
    end: int
    kind: str
    text: str


class Row(TypedDict):
    """One bulletin."""

    id: str
    text: str
    tokens: list[str]
    tags: list[str]
    spans: list[SpanRow]


def read_bulletins(path: Path) -> list[Bulletin] | list[GoldBulletin]:
    """The bulletins of a JSONL file, records or gold, told apart by the records' schema version. Raises ReadError naming the line."""
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            first = next((line for line in lines if line.strip()), "")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(str(path), str(error)) from error
    return list(read_records(path)) if '"schema_version"' in first else read_gold(path)


def to_row(bulletin: Bulletin | GoldBulletin) -> Row:
    """The row of a bulletin."""
    spans = [Span(fact.start, fact.end, kind) for layer, kind in _LAYERS.items() for fact in getattr(bulletin, layer)]
    return _row(bulletin.id, bulletin.text, spans_to_tags(len(bulletin.text), spans), spans)


def _row(name: str, text: str, tags: list[str], spans: Iterable[Span]) -> Row:
    rows = [SpanRow(start=s.start, end=s.end, kind=s.kind, text=text[s.start : s.end]) for s in sorted(spans)]
    return Row(id=name, text=text, tokens=list(text), tags=tags, spans=rows)


def split_of(name: str, shares: Sequence[float] = SHARES) -> str:
    """The split that a bulletin belongs to, from its id alone: the same in every run, whatever else is in the data."""
    at = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64 * sum(shares)
    for split, share in zip(SPLITS, shares, strict=True):
        at -= share
        if at < 0:
            return split
    return next(split for split, share in reversed(list(zip(SPLITS, shares, strict=True))) if share)


def to_datasets(rows: Iterable[Row], shares: Sequence[float] = SHARES) -> DatasetDict:
    """The rows in their splits, in the order given."""
    from datasets import DatasetDict

    parts: dict[str, list[Row]] = {split: [] for split in SPLITS}
    for row in rows:
        parts[split_of(row["id"], shares)].append(row)
    return DatasetDict({split: to_dataset(part) for split, part in parts.items()})


def to_dataset(rows: Sequence[Row]) -> Dataset:
    """The rows as one Dataset."""
    from datasets import Dataset

    features = _features()
    columns = {name: [row[name] for row in cast(Sequence[Mapping[str, Any]], rows)] for name in features}
    return Dataset.from_dict(columns, features=features)  # not from_list, which has no columns where there are no rows


def _features() -> Features:
    from datasets import Features, List, Value

    span = {"start": Value("int32"), "end": Value("int32"), "kind": Value("string"), "text": Value("string")}
    return Features(
        {
            "id": Value("string"),
            "text": Value("string"),
            "tokens": List(Value("string")),
            "tags": List(Value("string")),
            "spans": List(span),
        }
    )


def write_datasets(datasets: Mapping[str, Dataset], folder: Path, format: str = "jsonl") -> list[Path]:
    """Write each split to `folder/SPLIT.FORMAT`, replacing what is there; returns the paths.

    An empty split has no file: `datasets.load_dataset` would refuse the folder. Raises ConfigError where another format is there.
    """
    if format not in FORMATS:
        raise ConfigError("--format", f"unknown format {format}, known are {', '.join(FORMATS)}")
    if others := [path.name for path in _files(folder) if path.suffix != f".{format}"]:
        raise ConfigError(str(folder), f"holds splits in another format: {', '.join(others)}")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for split, dataset in datasets.items():
        path = folder / f"{split}.{format}"
        if len(dataset):
            FORMATS[format][0](dataset, path)
            paths.append(path)
        else:
            path.unlink(missing_ok=True)
    return paths


def _files(folder: Path) -> list[Path]:
    """The files of splits in a folder."""
    return [path for split in SPLITS for format in FORMATS if (path := folder / f"{split}.{format}").is_file()]


def read_datasets(folder: Path) -> DatasetDict:
    """The splits of a folder that `write_datasets` wrote, an empty one for a split without a file. Raises ReadError."""
    from datasets import DatasetDict

    files = _files(folder)
    if len({path.suffix for path in files}) != 1:
        names = ", ".join(path.name for path in files)
        reason = f"splits in several formats: {names}" if files else f"no {', '.join(SPLITS)} files; `gongbao dataset` writes them"
        raise ReadError(str(folder), reason)
    found = {path.stem: read_dataset(path) for path in files}
    return DatasetDict({split: found.get(split) or to_dataset([]) for split in SPLITS})


def read_dataset(path: Path) -> Dataset:
    """One split from its file, format by its suffix. Nothing is cached. Raises ReadError when the file is none of ours."""
    format = path.suffix[1:]
    if format not in FORMATS:
        raise ReadError(str(path), f"unknown format, known are {', '.join(FORMATS)}")
    try:
        return FORMATS[format][1](path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(str(path), f"no {format} data set: {error}") from error


def _write_jsonl(dataset: Dataset, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in dataset)


def _read_jsonl(path: Path) -> Dataset:
    return to_dataset([json.loads(line) for line in path.read_bytes().decode().split("\n") if line.strip()])


def _write_parquet(dataset: Dataset, path: Path) -> None:
    dataset.to_parquet(path)


def _read_parquet(path: Path) -> Dataset:
    from pyarrow import parquet

    return to_dataset(parquet.read_table(path).to_pylist())


def _write_conll(dataset: Dataset, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in dataset:
            file.write(f"# id = {row['id']}\n")
            file.writelines(f"{_escaped(token)}\t{tag}\n" for token, tag in zip(row["tokens"], row["tags"], strict=True))
            file.write("\n")


def _read_conll(path: Path) -> Dataset:
    return to_dataset(list(_conll_rows(path.read_bytes().decode().split("\n"))))


def _conll_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Rows from lines; a bulletin without an id line is numbered. `#` alone is a character, `# ` begins a comment."""
    name, tokens, tags, count = "", list[str](), list[str](), 0
    for line in (*lines, ""):
        if line.startswith("# "):
            name = line.removeprefix("# id = ") if line.startswith("# id = ") else name
        elif line:
            token, _, tag = line.rpartition("\t")
            tokens.append(_unescaped(token))
            tags.append(tag)
        elif tokens or name:
            yield _row(name or str(count), "".join(tokens), tags, tags_to_spans(tags))
            name, tokens, tags, count = "", [], [], count + 1


def _escaped(char: str) -> str:
    """White space and the backslash as \\uXXXX, so that a line is always one character, a tab and a tag."""
    return f"\\u{ord(char):04x}" if char.isspace() or char == "\\" else char


def _unescaped(token: str) -> str:
    char = chr(int(token[2:], 16)) if token.startswith("\\u") else token
    if len(char) != 1:
        raise ValueError(f"{token!r} is not one character")
    return char


FORMATS: dict[str, tuple[Callable[[Dataset, Path], None], Callable[[Path], Dataset]]] = {
    "parquet": (_write_parquet, _read_parquet),
    "jsonl": (_write_jsonl, _read_jsonl),
    "conll": (_write_conll, _read_conll),
}
"""Writer and reader by format, which is also the file's suffix."""
