"""The load flow: a run's records into a database or Parquet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from corpus.errors import GongbaoError
from pipeline.sinks.load import Report
from pipeline.sinks.transfer import transfer


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """A wrong target or record stays wrong; a database that does not answer may come back. Loading again doubles nothing."""
    return not isinstance(state.result(raise_on_failure=False), GongbaoError)


@task(name="load", retries=2, retry_delay_seconds=[5.0, 60.0], retry_condition_fn=_may_pass, cache_policy=NO_CACHE, persist_result=False)
def load_into(source: str, target: str, complete: bool) -> Report:
    """Load everything; each batch is one transaction."""
    return transfer(Path(source), target, complete=complete)


@flow(name="load", persist_result=False)
def load(source: str, target: str = "gongbao.sqlite", complete: bool = False) -> dict[str, int]:
    """Load an output folder into `target`; with `complete`, what the folder lacks is marked deleted. Returns the counts."""
    counts = asdict(load_into(source, target, complete))
    create_table_artifact([{"what": name, "count": count} for name, count in counts.items()], key="load-result")
    return counts
