"""Bringing a database up to this version's tables, step by step, each step in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.errors import ConfigError
from corpus.tables import TABLES_VERSION

if TYPE_CHECKING:
    from pipeline.sinks.store import Store

MIGRATIONS: Mapping[int, Sequence[str]] = {}
"""The statements that lead from the version before to this one, in SQL that all databases accept.

Whoever changes the tables raises corpus.tables.TABLES_VERSION, adds the step here, and freezes the old tables in tests/data/tables.
"""


def version_of(store: Store) -> int:
    """The version of a database's tables; 0 when it has none."""
    if "gongbao_tables" not in store.tables():
        return 0
    return int(store.rows("SELECT MAX(version) FROM gongbao_tables")[0][0])


def migrate(store: Store, steps: Mapping[int, Sequence[str]] | None = None, target: int = TABLES_VERSION) -> list[int]:
    """Bring the tables to `target`; returns the versions passed. Raises ConfigError when a newer gongbao made them."""
    steps = MIGRATIONS if steps is None else steps
    found = version_of(store)
    if found > target:
        raise ConfigError(store.target, f"its tables have version {found}, made by a newer gongbao; this one knows {target}")
    if found == target:
        return []
    done = []
    with store.transaction():
        found = version_of(store)  # another process may have come first
        if found == 0:
            _create(store, target)
            return [target]
        for version in range(found + 1, target + 1):
            for statement in steps[version]:
                store.run(statement)
            store.run("INSERT INTO gongbao_tables (version) VALUES (?)", (version,))
            done.append(version)
    return done


def _create(store: Store, version: int) -> None:
    store.run("CREATE TABLE gongbao_tables (version BIGINT PRIMARY KEY, applied TIMESTAMP DEFAULT CURRENT_TIMESTAMP)")
    for statement in store.create():
        store.run(statement)
    store.run("INSERT INTO gongbao_tables (version) VALUES (?)", (version,))
