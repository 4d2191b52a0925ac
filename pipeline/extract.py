"""From a bulletin's text to its record: run the extractors in order, hand each what the others found, build the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from corpus import records
from extractors.indicators import catalogue
from extractors.labels import find_labels
from extractors.layouts import Layout
from extractors.organizations import Organization, find_organizations
from extractors.places import Place, Region, find_area_words, find_home, find_places
from extractors.policies import Policy, find_policies
from extractors.quantities import Surroundings, find_quantities
from extractors.quantity import Quantity
from extractors.regions import is_within
from extractors.spans import Cover, Span, spans_of
from extractors.times import Period, Time, find_time_like, find_times
from pipeline.check import find_warnings
from pipeline.confidence import confidence
from pipeline.evidence import Evidence
from pipeline.ids import bulletin_id, fact_id
from pipeline.official import Official, own_policies
from pipeline.proposals import Names, add_proposed
from pipeline.reasons import Reasons
from pipeline.segment import segment, tag
from pipeline.settings import DEFAULT, Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """A bulletin before its facts: text and what reading and splitting know of it."""

    text: str
    source: records.Source
    title: str | None = None
    attribution: str | None = None
    published: dt.date | None = None
    place: Region | None = None
    evidence: Evidence | None = None
    layouts: tuple[Layout, ...] = ()
    official: Official | None = None


def extract(draft: Draft, settings: Settings = DEFAULT) -> records.Bulletin:
    """The record of one bulletin."""
    text, published = draft.text, draft.published
    sentences = segment(text)
    home = draft.place or find_home(draft.title, text, draft.attribution)
    times, moments = find_times(text, published), find_time_like(text)
    policies = own_policies(text, find_policies(text, times, home), draft.official)
    titles = list(spans_of(policies))
    organizations = find_organizations(text, home, titles)
    places = find_places(text, home, [*titles, *spans_of(organizations)])
    if settings.lexical or settings.model:
        names = add_proposed(text, home, sentences, Names(policies, organizations, places), settings)
        policies, organizations, places = names.policies, names.organizations, names.places
        titles = list(spans_of(policies))
    everywhere = find_places(text, home, titles) if organizations else places
    named = [*places, *_of_bodies(everywhere, organizations, home), *find_area_words(text, home, everywhere)]
    around = Surroundings(
        sentences=[(s.start, s.end) for s in sentences],
        times=times,
        areas=sorted(named, key=lambda area: area.start),
        home=home,
        published=published,
        skip=[*find_labels(text), *moments, *spans_of(times), *spans_of(places), *spans_of(organizations), *_named(text, policies)],
        tag=tag,
        catalogue=catalogue(settings.indicators),
        bodies=list(spans_of(organizations)),
        moments=moments,
        layouts=draft.layouts,
    )
    builder = _Builder(bulletin_id(draft.source.sha256, draft.source.item), draft.evidence, Reasons(text, home, named))
    quantities = tuple(builder.quantities(find_quantities(text, around), settings.min_confidence))
    return records.Bulletin(
        id=builder.id,
        source=draft.source,
        title=draft.title,
        attribution=draft.attribution,
        published=published,
        place=_region(home),
        text=text,
        sentences=sentences,
        quantities=quantities,
        times=tuple(builder.times(times)),
        policies=tuple(builder.policies(policies)),
        organizations=tuple(builder.organizations(organizations)),
        places=tuple(builder.places(places)),
        warnings=tuple(find_warnings(text, quantities, times, published)),
        official=_official(draft.official),
    )


def _of_bodies(everywhere: Sequence[Place], bodies: Sequence[Organization], home: Region | None) -> Iterator[Place]:
    """Areas that name a body (晋江市慈善总会): no facts of their own, but a number told of the body holds there, unless it
    comes from elsewhere (a donor)."""
    spans = Cover(spans_of(bodies))
    for place in everywhere:
        foreign = home is not None and home.adcode and place.adcode and not is_within(place.adcode, home.adcode)
        if spans.touches(place.start, place.end) and not foreign:
            yield place


def _named(text: str, policies: Sequence[Policy]) -> Iterator[Span]:
    """Spans of names: no number in a title or a programme's name counts anything."""
    for policy in policies:
        yield policy.start, policy.end
    at = text.find("《")
    while at >= 0:
        end = text.find("》", at)
        if end < 0:
            return
        yield at, end + 1
        at = text.find("《", end)


def _period(period: Period | None) -> records.Period | None:
    return None if period is None else records.Period(start=period[0], end=period[1])


def _region(region: Region | None) -> records.Region | None:
    return None if region is None else records.Region(name=region.name, adcode=region.adcode)


def _official(found: Official | None) -> records.Official | None:
    if found is None:
        return None
    parts = tuple(records.Section(level=s.level, start=s.start, end=s.end) for s in found.sections)
    said = {name: getattr(found, name) for name in records.Official.model_fields if name != "sections"}
    return records.Official(**said, sections=parts)


class _Builder:
    """Turns what the extractors found into records with ids."""

    def __init__(self, bulletin: str, evidence: Evidence | None, reasons: Reasons) -> None:
        self.id, self._evidence, self._reasons = bulletin, evidence, reasons

    def _span(self, layer: str, fact: Time | Policy | Organization | Place | Quantity) -> dict[str, Any]:
        start, end = fact.start, fact.end
        span: dict[str, Any] = {"id": fact_id(self.id, layer, start, end), "start": start, "end": end, "text": fact.text}
        if self._evidence is not None:
            span |= {"pages": self._evidence.pages(start, end), "boxes": self._evidence.boxes(start, end)}
            span["paths"] = self._evidence.paths(start, end)
        return span | {"resolved_from": self._reasons.of(fact)}

    def _legible(self, fact: Quantity) -> float:
        return 1.0 if self._evidence is None else self._evidence.confidence(fact.start, fact.end)

    def quantities(self, found: Sequence[Quantity], floor: float) -> Iterator[records.Quantity]:
        for fact in found:
            sure = round(confidence(fact) * self._legible(fact), 4)
            if sure < floor:
                continue
            yield records.Quantity(
                **self._span("quantities", fact),
                low=fact.low,
                high=fact.high,
                value=fact.low if fact.low == fact.high else None,
                comparator=cast(records.Comparator | None, fact.comparator),
                unit=fact.unit,
                per=fact.per,
                measure=fact.measure,
                indicator=fact.indicator,
                status=cast(records.Status, fact.status),
                aspect=cast(records.Aspect, fact.aspect),
                time=_period(fact.time),
                place=_region(fact.place),
                sentence=fact.sentence,
                confidence=sure,
            )

    def times(self, found: Sequence[Time]) -> Iterator[records.Time]:
        for fact in found:
            yield records.Time(**self._span("times", fact), period=records.Period(start=fact.period[0], end=fact.period[1]))

    def policies(self, found: Sequence[Policy]) -> Iterator[records.Policy]:
        for fact in found:
            span = self._span("policies", fact)
            yield records.Policy(**span, name=fact.name, kind=fact.kind, issuer=fact.issuer, number=fact.number, issued=fact.issued)

    def organizations(self, found: Sequence[Organization]) -> Iterator[records.Organization]:
        for fact in found:
            yield records.Organization(**self._span("organizations", fact), name=fact.name)

    def places(self, found: Sequence[Place]) -> Iterator[records.Place]:
        for fact in found:
            yield records.Place(**self._span("places", fact), name=fact.name, adcode=fact.adcode)
