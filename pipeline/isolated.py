"""Documents processed in a process beside this one, which a parser may hang or crash without harm."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any

from corpus.errors import ReadError
from pipeline.processes import begin_worker, bounded, cause, context
from pipeline.read.detect import detect
from pipeline.run import Bulletins, process
from pipeline.settings import DEFAULT, Settings

_OURS = frozenset(("text/plain", "application/x-ndjson"))
"""Formats without a foreign parser: what they cost grows with their size, so that small ones need no process."""
_HEAD = 1 << 16
_SMALL = 1 << 20


class Isolated:
    """`pipeline.run.process` in a process that starts when a foreign parser is first needed; use as a context manager."""

    def __init__(self, settings: Settings = DEFAULT) -> None:
        self._settings = settings
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Isolated:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def process(self, source: str, data: bytes | None = None, **options: Any) -> Bulletins:
        """As `pipeline.run.process`; a ReadError also when the document takes longer than `limits.seconds` or crashes the process."""
        if _is_ours(source, data):
            return process(source, data=data, settings=self._settings, **options)
        if self._executor is None:
            self._executor = ProcessPoolExecutor(1, context(), begin_worker)
        began, seconds = time.monotonic(), self._settings.limits.seconds
        try:
            return self._executor.submit(_within, source, data, self._settings, options).result()
        except MemoryError as error:
            self._stop()
            raise ReadError(source, "too large for the memory") from error
        except BrokenProcessPool as error:
            self._stop()
            raise ReadError(source, cause(time.monotonic() - began, seconds)) from error

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None


def _within(source: str, data: bytes | None, settings: Settings, options: dict[str, Any]) -> Bulletins:
    with bounded(settings.limits):
        return process(source, data=data, settings=settings, **options)


def _is_ours(source: str, data: bytes | None) -> bool:
    try:
        if data is None:
            if not Path(source).is_file():
                return True  # `process` says so; opening a pipe would wait
            if Path(source).stat().st_size > _SMALL:
                return False
            with Path(source).open("rb") as file:
                data = file.read(_HEAD)
        elif len(data) > _SMALL:
            return False
        return detect(data[:_HEAD], source) in _OURS
    except OSError:
        return True  # `process` says what is wrong with it
    except ReadError:
        return False
