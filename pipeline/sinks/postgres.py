"""PostgreSQL, through psycopg (extra `postgres`)."""

from __future__ import annotations

from typing import Any

from corpus.errors import ConfigError
from corpus.tables import comments, ddl
from pipeline.sinks.sqlite import statements
from pipeline.sinks.store import Store

_LOCK = 0x676F6E67  # any number that is ours: one process makes or changes the tables at a time


class PostgresStore(Store):
    """A PostgreSQL database, its tables in the schema that the connection's search path names first."""

    mark = "%s"

    def connect(self, target: str) -> Any:
        """Connect; the target is a libpq URL."""
        try:
            import psycopg
        except ImportError as error:
            raise ConfigError(target, "PostgreSQL needs psycopg: pip install 'gongbao[postgres]'") from error
        try:
            connection = psycopg.connect(target, autocommit=True)
        except psycopg.Error as error:
            raise ConfigError(_without_password(target), f"cannot connect: {str(error).strip().splitlines()[0]}") from error
        connection.execute("SET timezone = 'UTC'")
        return connection

    def rows(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return list(self.connection.execute(self._sql(sql), self.encode(values) or None).fetchall())

    def run(self, sql: str, values: Any = ()) -> None:
        """Carry out one statement."""
        self.connection.execute(self._sql(sql), self.encode(values) or None)

    def tables(self) -> set[str]:
        """The names of the tables that exist."""
        if not self.connection.autocommit or self.connection.info.transaction_status:
            self.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
        return {name for (name,) in self.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")}

    def create(self) -> list[str]:
        """Tables and views with their comments."""
        return [*statements(ddl()), *comments()]

    def _insert(self, sql: str, rows: list[dict[str, Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(sql, [tuple(row.values()) for row in rows])


def _without_password(target: str) -> str:
    head, at, tail = target.rpartition("@")
    return f"{head.split('://')[0]}://…{at}{tail}" if at else target
