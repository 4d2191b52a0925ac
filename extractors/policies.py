"""Policies: documents in 《》, named programmes and named mechanisms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.initiatives import find_initiatives
from extractors.issuance import Dated, Issuance, find_issuances
from extractors.regions import Region
from extractors.titles import find_title_spans, find_titles

Kind = Literal["document", "programme", "mechanism"]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy: half-open code-point offsets, a document's span with its 《》, a name's with its quotes.

    `name` is the full title for a short reference, without 《》 or quotes around it; `kind` is document, programme or mechanism.
    `issuer` (several bodies joined by 、), `number` (as printed) and `issued` are None where the text does not say them.
    """

    start: int
    end: int
    text: str
    name: str
    kind: Kind
    issuer: str | None = None
    number: str | None = None
    issued: dt.date | None = None


def find_policies(text: str, times: Sequence[Dated] = (), home: Region | None = None) -> list[Policy]:
    """Policies in text order. `times` (of `find_times`) date a document's issue; `home` completes an issuer's name (市民政局)."""
    spans = find_title_spans(text)
    documents = list(_documents(text, spans, times, home))
    initiatives = [Policy(i.start, i.end, text[i.start : i.end], i.name, i.kind) for i in find_initiatives(text, spans)]
    return sorted([*documents, *initiatives], key=lambda policy: policy.start)


def _documents(text: str, spans: Sequence[tuple[int, int]], times: Sequence[Dated], home: Region | None) -> Iterator[Policy]:
    """The documents; what one mention says of the issue holds for every mention of the same document."""
    titles = find_titles(text, spans)
    known: dict[str, Issuance] = {}
    for title, said in zip(titles, find_issuances(text, [(t.start, t.end) for t in titles], times, home), strict=True):
        before = known.get(title.name, Issuance())
        known[title.name] = replace(
            said,
            issuer=before.issuer or said.issuer,
            number=before.number or said.number,
            issued=before.issued or said.issued,
        )
    for title in titles:
        issue = known[title.name]
        yield Policy(
            title.start,
            title.end,
            text[title.start : title.end],
            title.name,
            "document",
            issue.issuer,
            issue.number,
            issue.issued,
        )
