"""The batch flow: a folder, a crawl or a manifest to records, one Prefect task per batch of documents."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.reports import Progress, result_table
from flows.runners import task_runner
from pipeline.batch import ATTEMPTS, PROCESS, Job, Run, extract_batch
from pipeline.items import Item
from pipeline.ledger import Outcome
from pipeline.settings import Settings
from pipeline.version import version
from pipeline.workers import Workers

WAIT_SECONDS = [2.0, 20.0]
"""Between the attempts of a batch that met what may pass by itself."""


class TransientError(Exception):
    """A batch met something that may pass by itself; it is tried again."""


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    return isinstance(state.result(raise_on_failure=False), TransientError)


@task(
    name="extract",
    retries=ATTEMPTS - 1,
    retry_delay_seconds=WAIT_SECONDS,
    retry_condition_fn=_may_pass,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def extract(items: tuple[Item, ...], job: Job, workers: Workers | None) -> list[Outcome]:
    """One batch; `workers` None: on the worker that this runs on."""
    from prefect.runtime import task_run

    outcomes = workers.extract(items, job) if workers else extract_batch(items, job)
    passing = [outcome for outcome in outcomes if outcome.transient]
    if passing and int(task_run.run_count or ATTEMPTS) < ATTEMPTS:
        raise TransientError(f"{len(passing)} of {len(outcomes)} documents: {passing[0].error}")
    return outcomes


@flow(name="batch", persist_result=False, validate_parameters=False)
def batch(
    source: str,
    out: str,
    workers: str = "processes",
    count: int | None = None,
    address: str | None = None,
    size: int | None = None,
    settings: dict[str, Any] | None = None,
    process: str = PROCESS,
) -> dict[str, int]:
    """Extract what is new in `source` into `out`; returns the counts. See docs/flows.md for the parameters."""
    chosen = Settings.from_json(settings or {})
    run = Run(Path(source), Path(out), version(chosen), size=size)
    progress = Progress("batch", run.plan.total)
    with task_runner(workers, count, address) as (submit, width):
        todo, pending = iter(run.plan.todo), deque[Any]()
        while True:
            while len(pending) < 2 * width and (items := next(todo, None)):
                pending.append(submit(extract, items, Job(chosen, process)))
            if not pending:
                break
            run.take(pending.popleft().result())
            progress.show(run.counts)
    counts = run.finish()
    result_table("batch", counts, run.failed + run.failed_parts)
    return {"total": counts.total, "extracted": counts.extracted, "unchanged": counts.unchanged, "failed": counts.failed}
