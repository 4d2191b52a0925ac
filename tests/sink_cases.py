"""What every database must do; run against SQLite and DuckDB in test_sinks.py and against PostgreSQL in test_postgres.py."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from fakes import bulletin, document

from corpus.flat import fact_rows
from pipeline.sinks.load import delete_sources, load
from pipeline.sinks.store import Store

DAY = [dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in range(1, 10)]
Open = Callable[[], Store]


def snapshot(store: Store) -> dict[str, list]:
    """Everything in the database except times of loading."""
    keep = {
        "bulletins": "id, title, text, source_uri, digest, superseded_by, deleted IS NULL",
        "facts": 'id, bulletin_id, kind, start, "end", text, low, high, unit, name, series',
        "policies": "bulletin_id, kind, name, mentions",
        "organizations": "bulletin_id, name, mentions",
        "sources": "uri, item, bulletin_id",
        "fact_history": "id, reason, superseded_by",
    }
    return {table: sorted(store.rows(f"SELECT {columns} FROM {table}"), key=str) for table, columns in keep.items()}


def some(count: int = 30) -> list:
    return [bulletin(f"{number}.txt", document(number)) for number in range(count)]


class SinkCases:
    """Subclasses give a fixture `store`: a function that opens the same database anew."""

    def test_load_writes_what_was_extracted(self, store: Open):
        given = some()
        with store() as opened:
            report = load(given, opened, seen=DAY[0], batch=7)
            assert (report.new, report.changed, report.unchanged) == (30, 0, 0)
            expected = [row for one in given for row in fact_rows(one)]
            assert opened.rows("SELECT COUNT(*) FROM facts")[0][0] == len(expected) == report.facts
            row = next(row for row in expected if row["kind"] == "quantity")
            sql = "SELECT low, unit, CAST(time_start AS VARCHAR), place_adcode, first_seen IS NOT NULL FROM facts WHERE id = ?"
            assert opened.rows(sql, (row["id"],)) == [(row["low"], row["unit"], str(row["time_start"]), row["place_adcode"], True)]
            assert opened.rows("SELECT COUNT(*) FROM policies WHERE name = '行动方案3'")[0][0] == 1
            assert opened.rows("SELECT COUNT(DISTINCT name) FROM organizations")[0][0] == 3

    def test_loading_again_changes_nothing_but_last_seen(self, store: Open):
        with store() as opened:
            load(some(), opened, seen=DAY[0])
            before = snapshot(opened)
        with store() as opened:
            report = load(some(), opened, seen=DAY[1])
            assert (report.new, report.changed, report.unchanged, report.facts) == (0, 0, 30, 0)
            assert snapshot(opened) == before
            first, last = opened.rows("SELECT MAX(CAST(first_seen AS VARCHAR)), MIN(CAST(last_seen AS VARCHAR)) FROM bulletins")[0]
            assert (first[:10], last[:10]) == ("2026-01-01", "2026-01-02")

    def test_a_changed_extraction_replaces_the_facts(self, store: Open):
        old = bulletin("a.txt", "简报\n2024年青川市建成社工站12个,服务30人。")
        better = old.quantities[0].model_copy(update={"measure": "示范社工站"})
        new = old.model_copy(update={"quantities": (better,), "places": ()})
        with store() as opened:
            load([old], opened, seen=DAY[0])
            report = load([new], opened, seen=DAY[1])
            assert report.changed == 1
            kept = {row["id"] for row in fact_rows(new)}
            assert {id_ for (id_,) in opened.rows("SELECT id FROM facts")} == kept
            assert opened.rows("SELECT measure FROM facts WHERE kind = 'quantity'") == [("示范社工站",)]
            history = opened.rows("SELECT id, reason, superseded_by, CAST(record AS VARCHAR), CAST(last_seen AS VARCHAR) FROM fact_history")
            assert {row[0] for row in history} == {better.id, old.quantities[1].id, old.places[0].id}
            by_id = {row[0]: row for row in history}
            assert by_id[better.id][1:3] == ("changed", better.id)
            assert json.loads(by_id[better.id][3])["measure"] == "社工站"
            assert by_id[better.id][4][:10] == "2026-01-01"

    def test_a_changed_source_supersedes_its_bulletins(self, store: Open):
        old = [bulletin("a.txt", text, item=item, whole="v1") for item, text in enumerate(["甲\n10个", "乙\n20个"])]
        new = [bulletin("a.txt", "甲改\n11个", whole="v2")]
        with store() as opened:
            load(old, opened, seen=DAY[0])
            report = load(new, opened, seen=DAY[1])
            assert report.superseded == 2
            rows = dict(opened.rows("SELECT id, superseded_by FROM bulletins"))
            assert rows == {old[0].id: new[0].id, old[1].id: new[0].id, new[0].id: None}
            assert opened.rows("SELECT DISTINCT bulletin_id FROM facts") == [(new[0].id,)]
            assert opened.rows("SELECT COUNT(*) FROM fact_history WHERE reason = 'superseded'")[0][0] == 2
            load(old, opened, seen=DAY[2])  # the old text comes back
            assert sorted(row[0] for row in opened.rows("SELECT DISTINCT bulletin_id FROM facts")) == sorted(one.id for one in old)

    def test_an_older_retrieval_does_not_replace_a_newer_one(self, store: Open):
        old = bulletin("http://a/", "甲\n10个", retrieved=DAY[0])
        new = bulletin("http://a/", "乙\n11个", retrieved=DAY[3])
        with store() as opened:
            load([new], opened, seen=DAY[4])
            assert load([old], opened, seen=DAY[5]).outdated == 1
            assert opened.rows("SELECT id FROM bulletins") == [(new.id,)]

    def test_a_reprint_is_one_bulletin_with_two_sources(self, store: Open):
        with store() as opened:
            load([bulletin("a.txt", "甲\n10个"), bulletin("b.txt", "甲\n10个")], opened, seen=DAY[0], batch=1)
            assert opened.rows("SELECT COUNT(*) FROM bulletins")[0][0] == 1
            assert opened.rows("SELECT uri FROM sources ORDER BY uri") == [("a.txt",), ("b.txt",)]
            assert delete_sources(opened, ["a.txt"], DAY[1]) == 0
            assert opened.rows("SELECT COUNT(*) FROM facts")[0][0] == 1
            assert delete_sources(opened, ["b.txt"], DAY[2]) == 1
            assert opened.rows("SELECT COUNT(*) FROM facts")[0][0] == 0
            assert opened.rows("SELECT deleted IS NULL FROM bulletins") == [(False,)]

    def test_a_complete_load_deletes_what_is_gone(self, store: Open):
        with store() as opened:
            load(some(5), opened, seen=DAY[0])
            report = load(some(3), opened, seen=DAY[1], complete=True)
            assert report.deleted == 2
            assert opened.rows("SELECT COUNT(*) FROM bulletins WHERE deleted IS NOT NULL")[0][0] == 2
            assert opened.rows("SELECT DISTINCT reason FROM fact_history") == [("deleted",)]
            assert load(some(5), opened, seen=DAY[2]).changed == 2
            assert opened.rows("SELECT COUNT(*) FROM bulletins WHERE deleted IS NOT NULL")[0][0] == 0

    def test_a_failed_batch_leaves_nothing(self, store: Open, monkeypatch):
        with store() as opened:
            load(some(3), opened, seen=DAY[0])
            before = snapshot(opened)
            upsert = opened.upsert

            def failing(table, rows, keep=()):
                if table == "sources":
                    raise RuntimeError("disk full")
                upsert(table, rows, keep)

            monkeypatch.setattr(opened, "upsert", failing)
            with pytest.raises(RuntimeError):
                load(some(6), opened, seen=DAY[1])
            assert snapshot(opened) == before

    def test_latest_is_one_value_per_series(self, store: Open):
        old = bulletin("a.txt", "旧\n2024年青川市有社工站12个。")
        new = old.model_copy(update={"id": "new", "published": dt.date(2025, 1, 1)})
        fact = old.quantities[0].model_copy(update={"id": "new-fact", "low": 15.0, "high": 15.0, "value": 15.0})
        new = new.model_copy(
            update={"quantities": (fact,), "times": (), "places": (), "source": new.source.model_copy(update={"uri": "b.txt"})}
        )
        with store() as opened:
            load([old, new], opened, seen=DAY[0])
            assert opened.rows("SELECT id, value, place_adcode FROM fact_latest") == [("new-fact", 15.0, "510822")]
            conflicts = opened.rows("SELECT low, other_low, indicator FROM fact_conflict")
            assert [(sorted(row[:2]), row[2]) for row in conflicts] == [([12.0, 15.0], "station.count")]

    def test_no_conflict_where_both_can_hold(self, store: Open):
        texts = ["甲\n2024年青川市有社工站1000余个。", "乙\n2024年青川市有社工站1030个。", "丙\n2024年平桥区有社工站7个。"]
        with store() as opened:
            load([bulletin(f"{n}.txt", text) for n, text in enumerate(texts)], opened, seen=DAY[0])
            assert opened.rows("SELECT * FROM fact_conflict") == []
            assert opened.rows("SELECT COUNT(*) FROM fact_latest")[0][0] == 2
