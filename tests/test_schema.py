"""The generated files follow the record types."""

import json
import sqlite3

from corpus import schema, tables
from corpus.flat import COLUMNS, FACT_COLUMNS, arrow_schema


def test_generated_files_are_fresh():
    assert [path.name for path in schema.stale()] == [], "run `python -m corpus.schema --write`"


def test_a_changed_record_type_makes_files_stale(monkeypatch):
    monkeypatch.setattr(schema.records, "SCHEMA_VERSION", "9.9.9")
    assert {path.name for path in schema.stale()} == {"bulletin.schema.json", "records.md"}


def test_json_schema_is_valid_and_closed():
    import jsonschema

    built = schema.json_schema()
    jsonschema.Draft202012Validator.check_schema(built)
    errors = jsonschema.Draft202012Validator(built).iter_errors({"id": "x", "surprise": 1})
    assert any("surprise" in error.message for error in errors)


def test_tables_hold_every_column_of_a_fact_row():
    database = sqlite3.connect(":memory:")
    database.executescript(tables.ddl())
    columns = [row[1] for row in database.execute("PRAGMA table_info(facts)")]
    assert columns == [*FACT_COLUMNS, "first_seen"]
    assert {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'view'")} == {"fact_latest", "fact_conflict"}


def test_columns_have_types_and_descriptions():
    kinds = {column.name: column.type for column in COLUMNS}
    assert kinds["place_adcode"] == "text"
    assert kinds["time_start"] == "date"
    assert all(column.description for column in COLUMNS)
    assert json.loads(json.dumps(arrow_schema().names)) == list(FACT_COLUMNS)
