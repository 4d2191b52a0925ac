"""Prefect as gongbao runs it: no telemetry, and where no server is set, a temporary one in this process with only what a run needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_UNUSED = (
    "CANCELLATION_CLEANUP",
    "CLEANUP_RECONCILER",
    "EVENT_PERSISTER",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "SCHEDULER",
    "TASK_RUN_RECORDER",
    "TRIGGERS",
)
DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "0.2",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
    **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _UNUSED},
}
"""Environment of a run; what the user has set stands. Settings of SERVER concern the temporary server only."""


def quiet() -> None:
    """Set the defaults; to be called before Prefect is imported."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


@contextmanager
def offline() -> Iterator[None]:
    """Without a server: no heartbeats of flow runs, which nobody watches and which hold up the end by a second."""
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    if PREFECT_API_URL.value():
        yield
        return
    with temporary_settings(updates={PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield
