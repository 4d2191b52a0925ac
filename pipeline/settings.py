"""Settings of a run: everything that can change the output besides the input."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set. Paths name files of the user's own."""

    indicators: tuple[Path, ...] = ()
    """Catalogue files (YAML) whose entries are added to the shipped ones or replace them by code."""
    min_confidence: float = 0.0
    """Quantities below this confidence are left out."""
    boxes: bool = False
    """Whether facts carry the rectangles of their evidence (PDF, OFD, scans)."""


DEFAULT = Settings()
