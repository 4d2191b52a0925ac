"""From a run's output folder to a sink."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from corpus.errors import ConfigError
from corpus.lines import read_records
from pipeline.sinks import open_store
from pipeline.sinks.load import BATCH, Report, load


def find_records(source: Path) -> Path:
    """The JSON Lines file of an output folder, or the file itself. Raises ConfigError when there is none."""
    path = source / "bulletins.jsonl" if source.is_dir() else source
    if not path.is_file():
        raise ConfigError(str(path), "no such file; `gongbao run` or `gongbao extract` writes it")
    return path


def transfer(
    source: Path,
    target: str,
    *,
    seen: dt.datetime | None = None,
    complete: bool = False,
    batch: int = BATCH,
    progress: Callable[[Report], None] = lambda _: None,
) -> Report:
    """Load what `source` holds into `target`: a database (see `open_store`) or `parquet:FOLDER`."""
    bulletins = read_records(find_records(source))
    if target.startswith("parquet:"):
        from pipeline.sinks.parquet import load_parquet

        return load_parquet(bulletins, Path(target.removeprefix("parquet:")), complete=complete)
    with open_store(target) as store:
        return load(bulletins, store, seen=seen or dt.datetime.now(dt.UTC), complete=complete, batch=batch, progress=progress)
