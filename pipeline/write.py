"""Writing records: JSON Lines always, Parquet and CSV on demand, each under a temporary name until it is complete."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from corpus.errors import GongbaoError
from corpus.flat import FACT_COLUMNS, fact_rows
from corpus.records import LAYERS, Bulletin

FORMATS = ("jsonl", "parquet", "csv")


def check_evidence(bulletin: Bulletin) -> Bulletin:
    """The bulletin, once every fact's text is the slice that its offsets name; else a GongbaoError."""
    for layer in LAYERS:
        for fact in getattr(bulletin, layer):
            if bulletin.text[fact.start : fact.end] != fact.text:
                raise GongbaoError(bulletin.source.uri, f"{layer} {fact.id}: text[{fact.start}:{fact.end}] is not {fact.text!r}")
    return bulletin


def to_json(bulletin: Bulletin) -> str:
    """One line of `bulletins.jsonl`, without the line end."""
    return check_evidence(bulletin).model_dump_json()


class Sink(Protocol):
    """Takes fact rows one bulletin at a time."""

    def __call__(self, rows: list[dict[str, Any]]) -> None: ...


class Writer:
    """Writes a run's output into a folder; nothing appears under its final name before the run is complete.

    Use as a context manager: leaving it with an error drops what was written.
    """

    def __init__(self, folder: Path, formats: Iterable[str] = ("jsonl",)) -> None:
        self._folder, self._formats = folder, tuple(formats)
        self._moves: list[tuple[Path, Path]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Writer:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._bulletins = self._open("bulletins.jsonl")
        self._failed = self._open("failed.jsonl")
        makers: dict[str, Callable[[], Sink]] = {"jsonl": self._json_facts, "csv": self._csv_facts, "parquet": self._parquet_facts}
        self._sinks = [makers[name]() for name in dict.fromkeys(("jsonl", *self._formats))]
        return self

    def add(self, bulletin: Bulletin) -> None:
        """Append one bulletin and its facts."""
        self._bulletins.write(to_json(bulletin) + "\n")
        rows = fact_rows(bulletin)
        for sink in self._sinks:
            sink(rows)

    def fail(self, where: str, reason: str) -> None:
        """Append one input that gave nothing."""
        self._failed.write(json.dumps({"uri": where, "reason": reason}, ensure_ascii=False) + "\n")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()
        for temporary, final in self._moves:
            if kind is None:
                temporary.replace(final)
            else:
                temporary.unlink(missing_ok=True)

    def _temporary(self, name: str) -> Path:
        path = self._folder / f".{name}.{os.getpid()}.tmp"
        self._moves.append((path, self._folder / name))
        return path

    def _open(self, name: str, newline: str = "\n") -> IO[str]:
        return self._stack.enter_context(self._temporary(name).open("w", encoding="utf-8", newline=newline))

    def _json_facts(self) -> Sink:
        out = self._open("facts.jsonl")

        def write(rows: list[dict[str, Any]]) -> None:
            out.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)

        return write

    def _csv_facts(self) -> Sink:
        out = self._open("facts.csv", newline="")
        out.write("\ufeff")  # spreadsheets read Chinese CSV as UTF-8 only with a mark
        table = csv.DictWriter(out, fieldnames=list(FACT_COLUMNS))
        table.writeheader()
        return lambda rows: table.writerows(rows)

    def _parquet_facts(self) -> Sink:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from corpus.flat import arrow_schema

        schema = arrow_schema()
        out = self._stack.enter_context(pq.ParquetWriter(self._temporary("facts.parquet"), schema))
        pending: list[dict[str, Any]] = []

        def flush() -> None:
            if pending:
                out.write_table(pa.Table.from_pylist(pending, schema=schema))
                pending.clear()

        def write(rows: list[dict[str, Any]]) -> None:
            pending.extend(rows)
            if len(pending) >= 10_000:
                flush()

        self._stack.callback(flush)
        return write
