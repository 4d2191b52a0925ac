"""SQLite databases that several processes open at once."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

PATIENCE = 60.0
"""Seconds that a lock is waited for."""


def connect(path: str | Path) -> sqlite3.Connection:
    """The database in WAL mode, without implicit transactions; raises sqlite3.Error when it is none or stays locked."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    end = time.monotonic() + PATIENCE
    while True:
        try:  # changing the mode does not wait by itself
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                connection.close()
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous = NORMAL")  # the file stays whole; what the last instants wrote is done again
    return connection
