"""Where the tasks of a batch run: threads, processes of our own, or a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from corpus.errors import ConfigError
from pipeline.workers import Workers

Submit = Callable[..., Any]
_ready: list[Workers] = []


@contextmanager
def ready(workers: Workers) -> Iterator[None]:
    """Lets the flow that runs inside use workers that have already begun."""
    _ready.append(workers)
    try:
        yield
    finally:
        _ready.remove(workers)


@contextmanager
def task_runner(kind: str, count: int | None, address: str | None) -> Iterator[tuple[Submit, int]]:
    """A function that submits `task(items, job, workers)`, and how many tasks run at once.

    Threads and processes: Prefect's tasks wait in threads of this process while our own workers extract, so that a worker needs neither
    Prefect nor its server, and starts once. Dask: the tasks themselves run on the cluster at `address`, or on a local one.
    """
    from prefect.task_runners import ThreadPoolTaskRunner

    runner: Any
    with ExitStack() as stack:
        if kind == "dask":
            workers, width = None, count or 2
            if not address:
                stack.enter_context(_shared_server())
            runner = stack.enter_context(_dask(count, address))
        else:
            workers = _ready[-1] if _ready else stack.enter_context(Workers(kind, count))
            width = workers.count
            runner = stack.enter_context(ThreadPoolTaskRunner(max_workers=2 * width))
        yield lambda task, items, job: runner.submit(task, parameters={"items": items, "job": job, "workers": workers}), width


@contextmanager
def _shared_server() -> Iterator[None]:
    """Lets the workers of a local cluster use this run's temporary server, where each would start one of its own."""
    from prefect.context import FlowRunContext
    from prefect.settings import PREFECT_API_URL, temporary_settings

    context: Any = FlowRunContext.get()
    url = PREFECT_API_URL.value() or str(context.client.api_url)
    with temporary_settings(updates={PREFECT_API_URL: url}):
        yield


def _dask(count: int | None, address: str | None) -> Any:
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise ConfigError("workers", "dask needs the extra: pip install 'gongbao[dask]'") from error
    logging.getLogger("distributed").setLevel(logging.WARNING)
    if address:
        return DaskTaskRunner(address=address)
    return DaskTaskRunner(cluster_kwargs={"n_workers": count or 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"})
