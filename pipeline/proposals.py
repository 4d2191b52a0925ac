"""Names that learned models add to those of the rules, as the settings say: the lexical model, a token classifier, both or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from corpus.records import Sentence
from corpus.tags import Span as Proposal
from corpus.tags import apart
from extractors.organizations import Organization
from extractors.places import Place, Region, find_places
from extractors.policies import Policy
from extractors.proposals import accept_organizations, accept_places, accept_policies, find_unsure
from extractors.spans import spans_of
from pipeline.settings import Settings

Fact = TypeVar("Fact", Policy, Organization, Place)
SURE = 0.9
"""The least probability at which a span of the token classifier counts as proposed."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a text, each kind in text order."""

    policies: list[Policy]
    organizations: list[Organization]
    places: list[Place]


def add_proposed(text: str, home: Region | None, sentences: Iterable[Sentence], rules: Names, settings: Settings) -> Names:
    """The names of the rules and those that the models of the settings add. Raises ConfigError when a model cannot be loaded."""
    proposals = _propose(text, sentences, rules, settings)
    if not proposals:
        return rules
    taken = [*spans_of(rules.policies), *spans_of(rules.organizations)]
    policies = _in_order([*rules.policies, *accept_policies(text, proposals, [*taken, *spans_of(rules.places)])])
    titles = list(spans_of(policies))
    bodies = [*rules.organizations, *accept_organizations(text, home, proposals, [*titles, *spans_of(rules.organizations)])]
    organizations = _in_order(bodies)
    taken = [*titles, *spans_of(organizations)]
    places = find_places(text, home, taken)
    places += accept_places(text, home, proposals, [*taken, *spans_of(places)])
    return Names(policies, organizations, _in_order(places))


def _propose(text: str, sentences: Iterable[Sentence], rules: Names, settings: Settings) -> list[Proposal]:
    """What the models see, in text order, without overlaps."""
    found: list[Proposal] = []
    if settings.lexical:
        from models.lexical import find_names

        taken = [*spans_of(rules.policies), *spans_of(rules.organizations), *spans_of(rules.places)]
        for unsure in find_unsure(text, [(s.start, s.end) for s in sentences], taken):
            found += find_names(text, unsure)
    if settings.model is not None:
        from models.classifier import load

        found += (span for span in load(settings.model).find(text) if span.score >= SURE)
    return apart(found)


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: fact.start)
