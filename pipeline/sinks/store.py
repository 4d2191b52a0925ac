"""What the databases have in common: one connection, transactions, upserts in SQL that all three understand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from corpus.tables import TABLES, quoted
from pipeline.sinks import migrations

Row = Sequence[Any]
_TABLES = {table.name: table for table in TABLES}


class Store:
    """A database of bulletins. Subclasses open it and say how it differs; use as a context manager."""

    mark = "?"
    """How a parameter is written in SQL."""
    begin = "BEGIN"

    def __init__(self, target: str) -> None:
        self.target = target
        self.connection = self.connect(target)
        migrations.migrate(self)

    def connect(self, target: str) -> Any:
        """Open the database; raises ConfigError when that cannot be done."""
        raise NotImplementedError

    def tables(self) -> set[str]:
        """The names of the tables that exist."""
        raise NotImplementedError

    def create(self) -> list[str]:
        """The statements that an empty database needs."""
        raise NotImplementedError

    def rows(self, sql: str, values: Row = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; its parameters are written as `?`."""
        return list(self.connection.execute(self._sql(sql), self.encode(values)).fetchall())

    def stream(self, sql: str, size: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query without parameters, fetched `size` at a time."""
        cursor = self.connection.execute(sql)
        while rows := cursor.fetchmany(size):
            yield from rows

    def run(self, sql: str, values: Row = ()) -> None:
        """Carry out one statement."""
        self.connection.execute(self._sql(sql), self.encode(values))

    def encode(self, values: Iterable[Any]) -> tuple[Any, ...]:
        """Values as the database takes them."""
        return tuple(values)

    def upsert(self, table: str, rows: Iterable[dict[str, Any]], keep: Sequence[str] = ()) -> None:
        """Insert rows; one whose key is there takes the new values, except in the columns of `keep`."""
        found = list(rows)
        if found:
            names = list(found[0])
            self._insert(
                f"{self._head(table, names)} VALUES ({', '.join([self.mark] * len(names))}) {self._tail(table, names, keep)}", found
            )

    def _insert(self, sql: str, rows: list[dict[str, Any]]) -> None:
        self.connection.executemany(sql, [self.encode(row.values()) for row in rows])

    def _head(self, table: str, names: Sequence[str]) -> str:
        return f"INSERT INTO {table} ({', '.join(map(quoted, names))})"

    def _tail(self, table: str, names: Sequence[str], keep: Sequence[str]) -> str:
        key = _TABLES[table].key
        changes = [f"{quoted(name)} = excluded.{quoted(name)}" for name in names if name not in key and name not in keep]
        return f"ON CONFLICT ({', '.join(key)}) DO " + (f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING")

    def _sql(self, sql: str) -> str:
        return sql if self.mark == "?" else sql.replace("?", self.mark)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commits at the end, rolls back on any error."""
        self.run(self.begin)
        try:
            yield
        except BaseException:
            self.run("ROLLBACK")
            raise
        self.run("COMMIT")

    def reindex(self, before: dict[str, str], after: dict[str, str]) -> None:
        """Keep a word index in step: bulletin id → searchable text, before and after a change. Nothing to do by default."""

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
