"""Bulletins as rows of the SQL tables."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from corpus.flat import fact_rows
from corpus.records import Bulletin
from corpus.tables import TABLES

_BULLETIN = next(table for table in TABLES if table.name == "bulletins")
_STATE = {"first_seen", "last_seen", "superseded_by", "deleted"}


def digest(bulletin: Bulletin) -> str:
    """Hash of what was extracted; where and when the source was found does not count."""
    body = bulletin.model_dump_json(exclude={"source": {"uri", "retrieved", "item"}})
    return hashlib.sha256(body.encode()).hexdigest()


def bulletin_row(bulletin: Bulletin) -> dict[str, Any]:
    """The row of `bulletins`, without the columns that tell its history."""
    source, place = bulletin.source, bulletin.place
    first_page, last_page = source.pages or (None, None)
    special = {
        "place_name": place and place.name,
        "place_adcode": place and place.adcode,
        "source_uri": source.uri,
        "source_media_type": source.media_type,
        "source_sha256": source.sha256,
        "source_retrieved": source.retrieved,
        "source_item": source.item,
        "source_first_page": first_page,
        "source_last_page": last_page,
        "sentences": json.dumps([[s.start, s.end] for s in bulletin.sentences]),
        "warnings": json.dumps([w.model_dump() for w in bulletin.warnings], ensure_ascii=False),
        "digest": digest(bulletin),
    }
    return {name: special[name] if name in special else getattr(bulletin, name) for name in _BULLETIN.names if name not in _STATE}


def policy_rows(bulletin: Bulletin) -> list[dict[str, Any]]:
    """The rows of `policies`: one per kind and name, with the first issuer, number and date that a mention gives."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for policy in bulletin.policies:
        empty = {
            "bulletin_id": bulletin.id,
            "kind": policy.kind,
            "name": policy.name,
            "issuer": None,
            "number": None,
            "issued": None,
            "mentions": 0,
        }
        row = found.setdefault((policy.kind, policy.name), empty)
        row["mentions"] += 1
        for name in ("issuer", "number", "issued"):
            row[name] = row[name] or getattr(policy, name)
    return list(found.values())


def organization_rows(bulletin: Bulletin) -> list[dict[str, Any]]:
    """The rows of `organizations`: one per name."""
    counts = Counter(organization.name for organization in bulletin.organizations)
    return [{"bulletin_id": bulletin.id, "name": name, "mentions": count} for name, count in counts.items()]


def unique_fact_rows(bulletin: Bulletin) -> dict[str, dict[str, Any]]:
    """The rows of `facts` by id."""
    return {row["id"]: row for row in fact_rows(bulletin)}
