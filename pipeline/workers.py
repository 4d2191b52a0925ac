"""Workers for batches: threads, processes or a Dask cluster, by one setting."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from corpus.errors import ConfigError
from pipeline.batch import Job, extract_batch, retry
from pipeline.items import Item, content_hash
from pipeline.processes import begin_worker, cause, context
from pipeline.settings import DEFAULT

if TYPE_CHECKING:
    from pipeline.ledger import Outcome

KINDS = ("threads", "processes", "dask")


class Workers:
    """`count` workers of a kind; use as a context manager. `address` is a Dask scheduler's, None for a local cluster.

    A process that dies (killed for memory, crashed in a parser, over the time limit of a document) takes no batch with it: its documents are
    done again one by one, each in a process of its own, and only the one that kills its process fails. Threads and Dask know no time limit.
    """

    def __init__(self, kind: str = "processes", count: int | None = None, address: str | None = None) -> None:
        if kind not in KINDS:
            raise ConfigError("workers", f"{kind} is not one of {', '.join(KINDS)}")
        self.kind, self.count, self.address = kind, count or os.cpu_count() or 1, address
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(self.count * 2, thread_name_prefix="batch")
        self._executor: Executor | None = None
        self._begun: dict[tuple[Item, ...], Future[list[Outcome]]] = {}

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        if self._executor:
            self._executor.shutdown(cancel_futures=True)

    def submit(self, items: tuple[Item, ...], job: Job) -> Future[list[Outcome]]:
        """Extract a batch in the background."""
        return self._threads.submit(retry, lambda: self.extract(items, job))

    def begin(self, batches: Iterable[tuple[Item, ...]], job: Job) -> None:
        """Start on batches that `extract` will be asked for with the same job: work done while the caller gets ready."""
        self._begun |= {items: self._threads.submit(self._extract, items, job) for items in batches}

    def extract(self, items: tuple[Item, ...], job: Job) -> list[Outcome]:
        """Extract a batch on a worker and wait for it."""
        begun = self._begun.pop(items, None)
        return begun.result() if begun else self._extract(items, job)

    def _extract(self, items: tuple[Item, ...], job: Job) -> list[Outcome]:
        executor = self._current()
        try:
            return executor.submit(extract_batch, items, job).result()
        except BrokenProcessPool:
            self._discard(executor)
            return [self._alone(item, job) for item in items]

    def _alone(self, item: Item, job: Job) -> Outcome:
        from pipeline.ledger import Outcome

        with ProcessPoolExecutor(1, context(), begin_worker) as executor:
            began = time.monotonic()
            try:
                return executor.submit(extract_batch, [item], job).result()[0]
            except BrokenProcessPool:
                why = cause(time.monotonic() - began, (job.settings or DEFAULT).limits.seconds)
                return Outcome(item.uri, content_hash(item), "failed", error=why)

    def _current(self) -> Executor:
        with self._lock:
            if self._executor is None:
                self._executor = self._start()
            return self._executor

    def _start(self) -> Executor:
        if self.kind == "threads":
            return ThreadPoolExecutor(self.count)
        if self.kind == "processes":
            return ProcessPoolExecutor(self.count, context(), begin_worker)
        try:
            from distributed import Client
        except ImportError as error:
            raise ConfigError("workers", "dask needs the extra: pip install 'gongbao[dask]'") from error
        local = {"n_workers": self.count, "threads_per_worker": 1, "dashboard_address": None}
        client = Client(self.address) if self.address else Client(**local)  # type: ignore[no-untyped-call]
        executor: Executor = client.get_executor()  # type: ignore[no-untyped-call]
        return executor

    def _discard(self, executor: Executor) -> None:
        with self._lock:
            if self._executor is executor:
                self._executor = None
        executor.shutdown(wait=False)
