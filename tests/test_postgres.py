"""PostgreSQL, on a server that this module starts."""

from __future__ import annotations

import itertools

import pytest
from servers import free_port, postgres, postgres_binaries
from sink_cases import DAY, SinkCases, snapshot, some

from corpus.errors import ConfigError
from pipeline.sinks import open_store
from pipeline.sinks.load import load

pytest.importorskip("psycopg")
pytestmark = pytest.mark.skipif(postgres_binaries() is None, reason="no PostgreSQL server installed (Debian: apt-get install postgresql)")
_numbers = itertools.count()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with postgres(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture
def url(server):
    import psycopg

    name = f"case{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.rsplit("/", 1)[0] + "/" + name


class TestPostgres(SinkCases):
    @pytest.fixture
    def store(self, url):
        return lambda: open_store(url)


def test_comments_and_keys_are_there(url):
    with open_store(url) as store:
        assert store.rows("SELECT col_description('facts'::regclass, 1)") == [("stable id of the fact",)]
        indexes = {name for (name,) in store.rows("SELECT indexname FROM pg_indexes WHERE tablename = 'facts'")}
        assert {"facts_pkey", "facts_series", "facts_indicator_place_adcode_time_end"} <= indexes


def test_two_loads_at_once(url):
    from concurrent.futures import ThreadPoolExecutor

    def run(_):
        with open_store(url) as store:
            return load(some(60), store, seen=DAY[0], batch=5)

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, range(2)))
    assert sum(report.new for report in reports) >= 60
    with open_store(url) as store:
        twice = snapshot(store)
        assert len(twice["bulletins"]) == 60
        load(some(60), store, seen=DAY[1])
        assert snapshot(store) == twice


def test_no_server_is_a_clear_error():
    with pytest.raises(ConfigError, match="cannot connect") as caught:
        open_store(f"postgresql://someone:secret@127.0.0.1:{free_port()}/none")
    assert "secret" not in str(caught.value)
