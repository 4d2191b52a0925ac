"""What a flow shows: progress and results as Prefect artifacts, and on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact

from pipeline.ledger import Counts

SECONDS = 2.0
"""Between two updates of a progress artifact: each is a request to the server."""
SHOWN = 100
"""Failures listed in a result table."""


class Progress:
    """A progress artifact `NAME-progress`, updated now and then."""

    def __init__(self, name: str, total: int) -> None:
        self._name, self._total, self._last = name, max(total, 1), time.monotonic()
        created: Any = create_progress_artifact(0.0, key=f"{name}-progress", description=f"{total} inputs")
        self._id: UUID = created

    def show(self, counts: Counts) -> None:
        """Show how far the run is."""
        if sys.stderr.isatty():
            print(f"\r{counts}", end="", file=sys.stderr)
        if time.monotonic() - self._last >= SECONDS:
            self._last = time.monotonic()
            done = counts.extracted + counts.unchanged + counts.failed
            update_progress_artifact(self._id, 100 * done / self._total)


def result_table(name: str, counts: Counts, failed: Sequence[tuple[str, str]]) -> None:
    """The counts and the first failures as a table artifact `NAME-result`."""
    rows = [{"state": "extracted", "inputs": counts.extracted}, {"state": "unchanged", "inputs": counts.unchanged}]
    rows += [{"state": "failed", "inputs": counts.failed}, {"state": "total", "inputs": counts.total}]
    table: list[dict[str, Any]] = [{**row, "input": "", "reason": ""} for row in rows]
    table += [{"state": "failed", "inputs": 1, "input": uri, "reason": reason} for uri, reason in failed[:SHOWN]]
    create_table_artifact(table, key=f"{name}-result", description=str(counts))
