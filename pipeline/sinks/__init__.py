"""Where records go: SQLite, PostgreSQL, DuckDB, Parquet by month, and a data package for publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.sinks.store import Store


def open_store(target: str) -> Store:
    """The database that `target` names, its tables made or brought up to this version.

    `postgresql://…` and `duckdb:PATH` say so; anything else is the path of a SQLite file. Raises ConfigError when it cannot be opened.
    """
    if target.startswith(("postgresql://", "postgres://")):
        from pipeline.sinks.postgres import PostgresStore as Chosen
    elif target.startswith("duckdb:"):
        from pipeline.sinks.duck import DuckStore as Chosen  # type: ignore[assignment]
    elif "://" in target and not target.startswith("sqlite:"):
        raise ConfigError(target, "not a database known here: postgresql://…, duckdb:PATH or the path of a SQLite file")
    else:
        from pipeline.sinks.sqlite import SqliteStore as Chosen  # type: ignore[assignment]
    return Chosen(target.removeprefix("sqlite:").removeprefix("duckdb:"))
