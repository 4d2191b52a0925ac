"""Settings of a run: everything that can change the output besides the input."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.read.limits import LIMIT_NAMES, LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set. Paths name files of the user's own."""

    indicators: tuple[Path, ...] = ()
    """Catalogue files (YAML) whose entries are added to the shipped ones or replace them by code."""
    min_confidence: float = 0.0
    """Quantities below this confidence are left out."""
    boxes: bool = False
    """Whether facts carry the place of their evidence: rectangles (PDF, OFD, scans), else paths (HTML, DOCX, XLSX)."""
    limits: Limits = LIMITS
    """What one document may take."""
    lexical: bool = False
    """Whether the lexical model adds names where the rules are unsure."""
    model: Path | None = None
    """Folder of a token classifier that adds names."""

    def to_json(self) -> dict[str, Any]:
        """The settings as values that JSON has, for flow parameters."""
        limits = {name: getattr(self.limits, name) for name in LIMIT_NAMES}
        paths = {"indicators": [str(path) for path in self.indicators], "model": str(self.model) if self.model else None}
        return {**asdict(self), **paths, "limits": limits}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Settings:
        """The settings that `to_json` gave; what is missing has its default."""
        paths = {
            "indicators": tuple(map(Path, values.get("indicators", ()))),
            "model": Path(model) if (model := values.get("model")) else None,
        }
        return cls(**{**values, **paths, "limits": Limits(**values.get("limits", {}))})


DEFAULT = Settings()
