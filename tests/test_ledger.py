"""The ledger: whole batches or nothing, whoever writes and whatever kills."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.errors import ConfigError
from pipeline.ledger import Counts, Ledger, Outcome


def extracted(uri: str, text: str = "x") -> Outcome:
    packed = zlib.compress(f'"{text}"\n'.encode())
    return Outcome(uri, "0" * 64, "extracted", 1, 2, bulletins=packed, facts=packed)


def test_outcomes_are_remembered(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        run = ledger.start()
        ledger.commit(run, "v1", [extracted("b"), extracted("a"), Outcome("c", None, "failed", error="empty", transient=True)])
        ledger.finish(run, Counts(3, 2, 0, 1))
    with Ledger(tmp_path / "l") as ledger:
        known = ledger.known()
        assert (known["a"].state, known["a"].version, known["c"].transient) == ("extracted", "v1", True)
        assert [uri for uri, _, _ in ledger.results()] == ["a", "b"]
        assert ledger.failures() == [("c", "empty")]
        assert ledger.runs() == [Counts(3, 2, 0, 1)]


def test_a_later_outcome_replaces_an_earlier_one(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        ledger.commit(1, "v1", [extracted("a", "old")])
        ledger.commit(2, "v2", [extracted("a", "new")])
        assert list(ledger.results()) == [("a", '"new"\n', '"new"\n')]
        ledger.commit(3, "v2", [Outcome("a", None, "failed", error="gone bad")])
        assert list(ledger.results()) == []
        ledger.forget(["a"])
        assert ledger.known() == {}


def test_a_batch_is_all_or_nothing(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        broken = Outcome("b", "0" * 64, "extracted", bulletins=None)  # type: ignore[arg-type]
        with pytest.raises(Exception, match="NOT NULL"):
            ledger.commit(1, "v1", [extracted("a"), broken])
        assert ledger.known() == {}
        assert ledger.changes() == (0, -1)


def test_many_writers_at_once(tmp_path):
    def write(number: int) -> None:
        with Ledger(tmp_path / "l") as ledger:
            for batch in range(10):
                ledger.commit(ledger.start(), "v1", [extracted(f"{batch}-{k}", str(number)) for k in range(20)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with Ledger(tmp_path / "l") as ledger:
        assert len(ledger.known()) == 200 == len(list(ledger.results()))
        assert ledger.changes()[0] == 40


def test_a_file_that_is_no_ledger(tmp_path):
    (tmp_path / "l").write_text("not a database, but a text that is long enough to look like something" * 40)
    with pytest.raises(ConfigError, match="not a ledger"):
        Ledger(tmp_path / "l")
