"""SQLite and DuckDB, the word search, migrations."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import sqlite3
from pathlib import Path

import pytest
from fakes import bulletin
from sink_cases import DAY, SinkCases, snapshot, some

from corpus.errors import ConfigError
from corpus.flat import fact_rows
from corpus.tables import TABLES, TABLES_VERSION
from pipeline.sinks import migrations, open_store
from pipeline.sinks.load import load
from pipeline.sinks.package import export
from pipeline.sinks.parquet import load_parquet
from pipeline.sinks.sqlite import match_expression, pairs, search


class TestSqlite(SinkCases):
    @pytest.fixture
    def store(self, tmp_path):
        return lambda: open_store(str(tmp_path / "db.sqlite"))


class TestDuckDB(SinkCases):
    @pytest.fixture
    def store(self, tmp_path):
        pytest.importorskip("duckdb")
        return lambda: open_store(f"duckdb:{tmp_path / 'db.duckdb'}")


TEXTS = ["云岭县低保提标\n低保标准提高到每人每月800元。", "养老床位\n新增养老床位300张,低收入老人受益。", "社会组织\nNPO年检结束。"]


@pytest.fixture
def searchable(tmp_path):
    path = tmp_path / "s.sqlite"
    with open_store(str(path)) as store:
        load([bulletin(f"{n}.txt", text) for n, text in enumerate(TEXTS)], store, seen=DAY[0])
    return path


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("低保", {0}),
        ("养老", {1}),
        ("低", {0, 1}),
        ("人", {0, 1}),
        ("会", {2}),
        ("养老床位", {1}),
        ("老养", set()),
        ("低保 养老", set()),
        ("低 床位", {1}),
        ("npo年检", {2}),
        ("低保位", set()),
        ("保,标", {0}),
        ("。", set()),
    ],
)
def test_search_finds_chinese_words_of_any_length(searchable, query, expected):
    assert {int(hit.uri[0]) for hit in search(searchable, query)} == expected


def test_search_follows_changes(searchable):
    with open_store(str(searchable)) as store:
        load([bulletin("0.txt", "殡葬服务\n殡葬服务中心12家。")], store, seen=DAY[1])
    assert search(searchable, "低保") == []
    hit = search(searchable, "殡葬")[0]
    assert (hit.title, hit.snippet) == ("殡葬服务", "殡葬服务 殡葬服务中心12家。")


def test_pairs_and_match_expression():
    assert pairs("省民政厅,AB 12") == "省民 民政 政厅 厅 ab 12"
    assert match_expression('民政厅 "x') == '"民政 政厅" AND "x"'


def test_every_table_has_a_key_and_described_columns():
    assert all(table.key and set(table.key) <= set(table.names) for table in TABLES)
    assert all(column.description for table in TABLES for column in table.columns)


def test_an_old_database_is_brought_up_step_by_step(tmp_path, monkeypatch):
    path = str(tmp_path / "old.sqlite")
    with open_store(path) as store:
        load(some(3), store, seen=DAY[0])
        before = snapshot(store)
    last = TABLES_VERSION
    steps = {last + 1: ["ALTER TABLE bulletins ADD COLUMN note TEXT"], last + 2: ["UPDATE bulletins SET note = title"]}
    with open_store(path) as store:
        assert migrations.migrate(store, steps, last + 2) == [last + 1, last + 2]
        assert migrations.migrate(store, steps, last + 2) == []
        assert snapshot(store) == before
        assert store.rows("SELECT COUNT(*) FROM bulletins WHERE note = title") == [(3,)]
    with pytest.raises(ConfigError, match="newer gongbao"):
        open_store(path)


def test_a_failed_migration_changes_nothing(tmp_path):
    with open_store(str(tmp_path / "db.sqlite")) as store:
        steps = {TABLES_VERSION + 1: ["ALTER TABLE bulletins ADD COLUMN note TEXT", "nonsense"]}
        with pytest.raises(sqlite3.OperationalError):
            migrations.migrate(store, steps, TABLES_VERSION + 1)
        assert migrations.version_of(store) == TABLES_VERSION
        assert "note" not in [row[1] for row in store.rows("PRAGMA table_info(bulletins)")]


@pytest.mark.parametrize("frozen", sorted((Path(__file__).parent / "data" / "tables").glob("v*.sql")), ids=lambda path: path.stem)
def test_every_released_version_leads_to_the_present_tables(tmp_path, frozen):
    """tests/data/tables/vN.sql is what version N made; upgraded, it has the columns of a new database."""
    path = str(tmp_path / "old.sqlite")
    old = sqlite3.connect(path)
    old.executescript(frozen.read_text(encoding="utf-8"))
    old.executescript("CREATE TABLE gongbao_tables (version BIGINT PRIMARY KEY, applied TIMESTAMP DEFAULT CURRENT_TIMESTAMP)")
    old.execute("INSERT INTO gongbao_tables (version) VALUES (?)", (int(frozen.stem[1:]),))
    old.commit()
    old.close()
    with open_store(path) as upgraded, open_store(str(tmp_path / "new.sqlite")) as new:
        for table in TABLES:
            query = f"SELECT name, type FROM pragma_table_info('{table.name}') ORDER BY name"
            assert upgraded.rows(query) == new.rows(query), f"{table.name}: raise TABLES_VERSION and add a migration"


def test_targets_that_cannot_be_opened(tmp_path):
    (tmp_path / "text.sqlite").write_text("this is no database, but long enough to look at" * 50)
    with pytest.raises(ConfigError, match="cannot be opened"):
        open_store(str(tmp_path / "text.sqlite"))
    with pytest.raises(ConfigError, match="not a database known here"):
        open_store("mysql://host/db")


def _parquet_state(folder):
    import pyarrow.parquet as pq

    found = {}
    for path in sorted(folder.rglob("*.parquet")):
        found[str(path.relative_to(folder))] = pq.read_table(path, partitioning=None).to_pylist()
    return found


class TestParquet:
    def test_months_facts_and_a_second_load(self, tmp_path):
        given = some(30)
        report = load_parquet(given, tmp_path, batch=7)
        assert (report.new, report.unchanged) == (30, 0)
        state = _parquet_state(tmp_path)
        assert {name.split("/")[1] for name in state} == {f"month=202{year}-03" for year in range(5)}
        rows = sorted((row for name, rows in state.items() if name.startswith("facts") for row in rows), key=lambda row: row["id"])
        assert rows == sorted((row for one in given for row in fact_rows(one)), key=lambda row: row["id"])
        times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
        assert load_parquet(some(30), tmp_path).unchanged == 30
        assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == times

    def test_changes_move_and_deletions_go(self, tmp_path):
        load_parquet([bulletin("a", "甲\n2023年10个"), bulletin("b", "乙\n2024年20个")], tmp_path)
        report = load_parquet([bulletin("a", "甲\n2024年11个")], tmp_path, complete=True)
        assert (report.new, report.superseded, report.deleted) == (1, 1, 1)
        state = _parquet_state(tmp_path)
        assert list(state) == ["bulletins/month=2024-03/bulletins.parquet", "facts/month=2024-03/facts.parquet"]
        assert [row["text"] for row in state["facts/month=2024-03/facts.parquet"]] == ["2024年", "11个"]

    def test_the_same_in_any_batches(self, tmp_path):
        for size in (1, 4, 100):
            load_parquet(some(12), tmp_path / str(size), batch=size)
        assert _parquet_state(tmp_path / "1") == _parquet_state(tmp_path / "4") == _parquet_state(tmp_path / "100")


@pytest.fixture
def package(tmp_path):
    with open_store(str(tmp_path / "db.sqlite")) as store:
        load(some(12), store, seen=DAY[0])
        descriptor = export(store, tmp_path / "package", title="附录", licence="CC-BY-4.0", formats=("csv", "parquet"))
    return tmp_path / "package", descriptor


def test_a_package_is_what_its_descriptor_says(package):
    folder, descriptor = package
    assert json.loads((folder / "datapackage.json").read_text()) == descriptor
    assert descriptor["licenses"][0]["name"] == "CC-BY-4.0"
    tables = {}
    casts = {"integer": int, "number": float, "date": dt.date.fromisoformat, "datetime": dt.datetime.fromisoformat, "array": json.loads}
    for resource in descriptor["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        if resource["format"] == "csv":
            rows = list(csv.DictReader(io.StringIO(data.decode())))
            assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
            assert len(rows) == resource["rows"]
            for field in resource["schema"]["fields"]:
                for row in rows:
                    assert row[field["name"]] or "constraints" not in field
                    if row[field["name"]] and field["type"] in casts:
                        casts[field["type"]](row[field["name"]])
            tables[resource["name"]] = (rows, resource["schema"])
    for rows, schema in tables.values():
        assert len({tuple(row[name] for name in schema["primaryKey"]) for row in rows}) == len(rows)
        for key in schema["foreignKeys"]:
            targets = {row["id"] for row in tables[key["reference"]["resource"]][0]}
            assert {row[key["fields"][0]] for row in rows} <= targets


def test_exporting_again_gives_the_same_bytes(package, tmp_path):
    folder, _ = package
    with open_store(str(tmp_path / "db.sqlite")) as store:
        export(store, tmp_path / "again", title="附录", licence="CC-BY-4.0", formats=("csv", "parquet"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()}
