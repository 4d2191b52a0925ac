"""Worker processes: how they start, that none outlives its run, and that none works on a document longer than it may.

A thread cannot be stopped inside somebody else's C code, a process can end itself: `faulthandler` does it without the interpreter's help.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
def deadline(seconds: float) -> Iterator[None]:
    """End this process, at once and without clearing up, when the work inside takes longer; in no process but a worker."""
    if not _ours.is_set():
        yield
        return
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def cause(took: float, seconds: float) -> str:
    """Why a worker came to its end `took` seconds after it was given one document."""
    return f"took more than {seconds:g} seconds" if took >= seconds else "its process died: killed, out of memory or crashed"
