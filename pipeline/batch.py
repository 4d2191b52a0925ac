"""Batches: a folder or a manifest of documents to records, on threads, processes or a Dask cluster, again and again.

Every input ends as extracted, unchanged or failed. What is known from the ledger is not done again: same bytes, same version, same result.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import GongbaoError
from pipeline.items import Item, content_hash, crawl_folders, find_items, read_bytes
from pipeline.ledger import Counts, Entry, Ledger, Outcome
from pipeline.processes import bounded
from pipeline.settings import DEFAULT

if TYPE_CHECKING:
    from corpus.records import Bulletin
    from pipeline.settings import Settings
    from pipeline.workers import Workers

SIZES = (100, 400)
"""Fewest and most documents per batch where none is asked for: Prefect takes about 0.14 s of a core for each batch."""
_SHARE = 8  # of what is left, a batch takes this part
ATTEMPTS = 3
"""How often a batch is tried when a failure may pass by itself."""
PROCESS = "pipeline.run:process"


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs besides the items; small, since it travels with every batch."""

    settings: Settings | None = None
    process: str = PROCESS


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do: `todo` in batches; the rest is known. `gone` were here before and are no more."""

    todo: tuple[tuple[Item, ...], ...]
    unchanged: int
    failed: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]

    @property
    def total(self) -> int:
        """All inputs."""
        return sum(map(len, self.todo)) + self.unchanged + len(self.failed)


def plan(items: Sequence[Item], known: dict[str, Entry], version: str, *, root: Path | None = None, size: int | None = None) -> Plan:
    """Set apart what is known. Every file is read and hashed: times of change can lie. `root` is the folder that the items are all of."""
    todo, unchanged, failed = [], 0, []
    for item in {item.uri: item for item in items}.values():
        entry = known.get(item.uri)
        if entry is None or entry.version != version or entry.transient or entry.sha256 != content_hash(item):
            todo.append(item)
        elif entry.state == "failed":
            failed.append((item.uri, entry.error or ""))
        else:
            unchanged += 1
    present = {item.uri for item in items}
    prefix = f"{root}/" if root else None
    gone = tuple(uri for uri in known if prefix and uri.startswith(prefix) and uri not in present)
    return Plan(tuple(_batches(todo, size)), unchanged, tuple(failed), gone)


def _batches(todo: Sequence[Item], size: int | None) -> Iterator[tuple[Item, ...]]:
    """Batches of `size`, else smaller ones towards the end, so that no worker waits long for another's last one."""
    start = 0
    while start < len(todo):
        step = size or min(SIZES[1], max(SIZES[0], (len(todo) - start) // _SHARE))
        yield tuple(todo[start : start + step])
        start += step


def extract_batch(items: Sequence[Item], job: Job) -> list[Outcome]:
    """Extract every item of a batch; this is what a worker does. A bad document is an outcome, never an error."""
    module, _, name = job.process.partition(":")
    process = getattr(importlib.import_module(module), name)
    return [_extract(item, process, job) for item in items]


def _extract(item: Item, process: Callable[..., list[Bulletin]], job: Job) -> Outcome:
    sha256 = None
    try:
        data = read_bytes(item)
        sha256 = hashlib.sha256(data).hexdigest()
        options: dict[str, Any] = {"settings": job.settings} if job.settings else {}
        with bounded((job.settings or DEFAULT).limits):
            bulletins = process(item.uri, data=data, published=item.published, retrieved=item.retrieved, **options)
    except GongbaoError as error:
        return Outcome(item.uri, sha256, "failed", error=error.reason)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        return Outcome(item.uri, sha256, "failed", error=f"cannot be read: {error.strerror}")
    except (OSError, MemoryError) as error:
        return Outcome(item.uri, sha256, "failed", error=f"{type(error).__name__}: {error}", transient=True)
    except Exception as error:  # a defect of ours must not end the batch; it is counted and named
        return Outcome(item.uri, sha256, "failed", error=f"unexpected {type(error).__name__}: {error}")
    return _extracted(item, sha256, bulletins, getattr(bulletins, "failed", ()))


def _extracted(item: Item, sha256: str, bulletins: list[Bulletin], failed_parts: tuple[tuple[str, str], ...]) -> Outcome:
    from corpus.flat import fact_rows
    from pipeline.write import to_json

    try:
        lines = [to_json(bulletin) for bulletin in bulletins]
    except GongbaoError as error:
        return Outcome(item.uri, sha256, "failed", error=error.reason)
    facts = [json.dumps(row, ensure_ascii=False, default=str) for bulletin in bulletins for row in fact_rows(bulletin)]
    return Outcome(
        item.uri, sha256, "extracted", len(lines), len(facts), bulletins=_pack(lines), facts=_pack(facts), failed_parts=failed_parts
    )


def _pack(lines: list[str]) -> bytes:
    return zlib.compress("".join(line + "\n" for line in lines).encode(), 1)


class Run:
    """One run over a ledger: plans, takes outcomes batch by batch, and ends with its counts.

    Raises ConfigError when the source names nothing or the ledger is none.
    """

    def __init__(self, source: Path, out: Path, version: str, *, size: int | None = None) -> None:
        self.out, self.version = out, version
        items = find_items(source)
        self.ledger = Ledger(out / "ledger.sqlite")
        root = source if source.is_dir() and not crawl_folders(source) else None
        self.plan = plan(items, self.ledger.known(), version, root=root, size=size)
        self._number: int | None = None
        self.extracted, self.failed = 0, list(self.plan.failed)
        self.failed_parts: list[tuple[str, str]] = []
        self.ledger.forget(self.plan.gone)

    def take(self, outcomes: list[Outcome]) -> None:
        """Commit a batch and let its records go: whoever still holds the list holds nothing."""
        self.ledger.commit(self.number(), self.version, outcomes)
        self.extracted += sum(outcome.state == "extracted" for outcome in outcomes)
        self.failed += [(o.uri, o.error or "") for o in outcomes if o.state == "failed"]
        self.failed_parts += [part for outcome in outcomes for part in outcome.failed_parts]
        outcomes.clear()

    def number(self) -> int:
        """The run's number in the ledger, from its first use."""
        if self._number is None:
            self._number = self.ledger.start()
        return self._number

    @property
    def counts(self) -> Counts:
        """How the inputs ended; those not yet done are missing from the sum."""
        return Counts(self.plan.total, self.extracted, self.plan.unchanged, len(self.failed))

    def finish(self) -> Counts:
        """Write the output files if anything changed, and keep the counts."""
        from pipeline.output import write_output

        counts = self.counts
        assert counts.total == counts.extracted + counts.unchanged + counts.failed, "an input was lost"
        write_output(self.ledger, self.out)
        self.ledger.finish(self.number(), counts)
        self.close()
        return counts

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.__exit__()


def retry(work: Callable[[], list[Outcome]], attempts: int = ATTEMPTS) -> list[Outcome]:
    """The outcomes of a batch, tried again at once while a failure may pass by itself."""
    outcomes = work()
    for _ in range(attempts - 1):
        if not any(outcome.transient for outcome in outcomes):
            break
        outcomes = work()
    return outcomes


Progress = Callable[[Counts], None]


def run(
    source: Path,
    out: Path,
    workers: Workers,
    version: str,
    *,
    job: Job | None = None,
    size: int | None = None,
    progress: Progress = lambda _: None,
) -> Counts:
    """Extract everything that `source` names and that the ledger in `out` does not know yet; works without Prefect."""
    job = job or Job()
    current = Run(source, out, version, size=size)
    pending: dict[Future[list[Outcome]], int] = {}
    todo = iter(current.plan.todo)
    while True:
        while len(pending) < workers.count * 2 and (batch := next(todo, None)):
            pending[workers.submit(batch, job)] = 1
        if not pending:
            return current.finish()
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            del pending[future]
            current.take(future.result())
            progress(current.counts)
