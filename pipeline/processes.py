"""Worker processes: how they start, that none outlives its run, and that none takes longer or more memory for a document than it may.

A thread cannot be stopped inside somebody else's C code, a process can end itself: `faulthandler` does it without the interpreter's help.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.read.limits import Limits

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_ours = threading.Event()
"""Set in worker processes that may end themselves."""


def context() -> multiprocessing.context.BaseContext:
    """Processes forked from a clean server: a fork of a program with threads can hang."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return multiprocessing.get_context(method)


def begin_worker() -> None:
    """First thing in a worker: let it end when the run that started it was killed; it would wait for its next document for ever."""
    _ours.set()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


@contextmanager
def bounded(limits: Limits) -> Iterator[None]:
    """End this process, at once and without clearing up, when the work inside takes longer than `limits.seconds`, and give it no more
    memory than `limits.memory_bytes`; in no process but a worker."""
    if not _ours.is_set():
        yield
        return
    with Path(os.devnull).open("w") as nowhere, _memory(limits.memory_bytes):
        faulthandler.dump_traceback_later(limits.seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _memory(most: int) -> Iterator[None]:
    """Less memory for this process, where the system can: asking for more is a MemoryError, or the end of the process in C code."""
    if resource is None or sys.platform != "linux":  # elsewhere the limit is not kept, or not on memory alone
        yield
        return
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    told = [limit for limit in (before, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([most, *told]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))


def cause(took: float, seconds: float) -> str:
    """Why a worker came to its end `took` seconds after it was given one document."""
    return f"took more than {seconds:g} seconds" if took >= seconds else "its process died: killed, out of memory or crashed"
