"""DuckDB: the same tables in one file for analysis (extra `duckdb`)."""

from __future__ import annotations

import re
from typing import Any

from corpus.errors import ConfigError
from corpus.flat import arrow_schema
from corpus.tables import TABLES, comments, ddl
from pipeline.sinks.sqlite import statements
from pipeline.sinks.store import Store

_COLUMNS = {table.name: {column.name: column for column in table.columns} for table in TABLES}
_FOREIGN_KEY = re.compile(r",\s*FOREIGN KEY [^\n,]*")


class DuckStore(Store):
    """A DuckDB file. Rows go in as Arrow tables: single inserts would be a hundred times slower."""

    def connect(self, target: str) -> Any:
        """Open or make the file; one process at a time, as DuckDB has it."""
        try:
            import duckdb
        except ImportError as error:
            raise ConfigError(target, "DuckDB needs duckdb: pip install 'gongbao[duckdb]'") from error
        try:
            connection = duckdb.connect(target)
        except duckdb.Error as error:
            raise ConfigError(target, f"cannot be opened as a DuckDB database: {error}") from error
        connection.execute("SET TimeZone = 'UTC'")
        return connection

    def tables(self) -> set[str]:
        """The names of the tables that exist."""
        return {name for (name,) in self.rows("SELECT table_name FROM information_schema.tables")}

    def create(self) -> list[str]:
        """Tables and views with their comments, without foreign keys: DuckDB would refuse to update a row that another refers to."""
        return [_FOREIGN_KEY.sub("", statement) for statement in (*statements(ddl()), *comments())]

    def upsert(self, table: str, rows: Any, keep: Any = ()) -> None:
        """Insert rows; one whose key is there takes the new values, except in the columns of `keep`."""
        import pyarrow as pa

        found = list(rows)
        if not found:
            return
        names = list(found[0])
        columns = tuple(_COLUMNS[table][name] for name in names)
        schema = arrow_schema(columns)
        arrays = [_array([row[name] for row in found], schema.field(name).type) for name in names]
        self.connection.register("incoming", pa.Table.from_arrays(arrays, schema=schema))
        self.connection.execute(f"{self._head(table, names)} SELECT * FROM incoming {self._tail(table, names, keep)}")
        self.connection.unregister("incoming")


def _array(values: list[Any], kind: Any) -> Any:
    """An Arrow array; times that came out of the database as text go in as text."""
    import datetime as dt

    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        values = [dt.datetime.fromisoformat(value) if isinstance(value, str) else value for value in values]
    return pa.array(values, kind)
