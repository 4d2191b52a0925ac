"""From a run's output folder to a sink."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from corpus.errors import ConfigError, ReadError
from corpus.records import Bulletin
from pipeline.sinks import open_store
from pipeline.sinks.load import BATCH, Report, load


def read_bulletins(source: Path) -> Iterator[Bulletin]:
    """The bulletins of an output folder or of a JSON Lines file. Raises ConfigError without one, ReadError at a line that is none."""
    path = source / "bulletins.jsonl" if source.is_dir() else source
    if not path.is_file():
        raise ConfigError(str(path), "no such file; `gongbao run` or `gongbao extract` writes it")
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield Bulletin.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                raise ReadError(f"{path}:{number}", f"not a bulletin: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


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
    bulletins = read_bulletins(source)
    if target.startswith("parquet:"):
        from pipeline.sinks.parquet import load_parquet

        return load_parquet(bulletins, Path(target.removeprefix("parquet:")), complete=complete)
    with open_store(target) as store:
        return load(bulletins, store, seen=seen or dt.datetime.now(dt.UTC), complete=complete, batch=batch, progress=progress)
