"""Stable ids: the same source gives the same ids on every run and machine."""

from __future__ import annotations

from hashlib import blake2b, sha256


def digest(data: bytes) -> str:
    """SHA-256 of a source's bytes, in hexadecimal."""
    return sha256(data).hexdigest()


def bulletin_id(source_sha256: str, item: int) -> str:
    """Id of the item-th bulletin of a source."""
    return _short(f"{source_sha256}/{item}")


def fact_id(bulletin: str, layer: str, start: int, end: int) -> str:
    """Id of the fact of a layer at a span."""
    return _short(f"{bulletin}/{layer}/{start}-{end}")


def _short(key: str) -> str:
    return blake2b(key.encode(), digest_size=10).hexdigest()
