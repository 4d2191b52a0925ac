"""What the rules make of names that learned models propose: where it pays to ask a model, and which of its spans to accept.

Pure functions; the models run elsewhere. A proposal that overlaps what the rules found is dropped, so models only add.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.tags import Span as Proposal
from extractors.bodies import BodyFinder
from extractors.heads import Head, heads, name_words
from extractors.mentions import Mention, find_mentions, resolve
from extractors.organizations import Organization
from extractors.places import Place, Region
from extractors.placewords import words
from extractors.policies import Policy
from extractors.spans import Cover, Span

_OPEN = frozenset(("named", "facility", "station", "media"))
"""Kinds of endings with a name of its own before them, which only context tells from a description."""
_BEFORE = re.compile(r"[\u4e00-\u9fffA-Za-z·]{2,24}$")
_ACT = "捐[赠款资建出助献]|资助|赞助|出资|援建|承接|承办|协办|主办|冠名|派出|出动|报道|投入运营|签约"
"""What firms and charities do whose names have no ending that tells a body: 美团, 碧桂园, 壹基金."""
_ACTS = re.compile(_ACT)
_ACTS_NEXT = re.compile(rf"[^，,。；;：:！？!?、\n的]{{0,10}}?(?:{_ACT})")
_ACTOR_BEFORE = re.compile(r"(?:^|[\n，,。；;：:（(“、]|[由据与和及同经]|联合|携手|企业|公司|对接|感谢)$")
_ACTOR = re.compile(r"[\u4e00-\u9fff]{2,10}")
_TAIL = re.compile(r"(?:公益|慈善|集团|科技|物业|健康|银行)")
"""What often follows a brand and belongs to the name: 腾讯|公益."""
_GENERAL = re.compile(r"[各每某该本首数多]|[一二两三四五六七八九十百千]+[个家所名处座支]|全[国省市县区州]|[省市县区州乡镇村]{1,2}级")
_COMMON = frozenset(("n", "v", "vn", "vd", "a", "ad", "an", "d", "m", "t", "f", "b", "r", "p", "c", "s", "l", "i"))
"""Parts of speech of words that are no names."""
_QUOTE = re.compile('[“「『"]$')
_WATER = re.compile(r"水|流域|沿岸|两岸|上游|下游|大桥")
"""After the name of a river that is also a city's: 澄江|水位."""
_LEVEL = "省市县区州盟旗"
_QUOTED = re.compile(r"[“\"「『](?P<quote>[^“”\"「」『』\n]{2,40})[”\"」』](?P<head>[\u4e00-\u9fff]{0,12})")
_CALENDAR = re.compile(r"(?:日|节|周|月|周年)$")
_PROGRAMME = re.compile(r"(?:计划|工程|行动|项目|活动)$")


def find_unsure(text: str, sentences: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """The sentences in which a model can change the outcome: those with a body's ending that may have a name before it, with what
    donors and contractors do, or with a name of the region table, outside all `taken` spans."""
    cover = Cover(taken)
    slots = [head.start for head in heads().find(text) if _is_open(text, head, cover)]
    slots += [match.start() for match in _ACTS.finditer(text) if not cover.touches(*match.span())]
    slots += [mention.start for mention in _unclaimed(text, cover)]
    return [(start, end) for start, end in sentences if any(start <= slot < end for slot in slots)]


def _is_open(text: str, head: Head, cover: Cover) -> bool:
    """Whether an ending in none of the bodies found may yet end one: 惠泽|福利院, but not 建成|农村|敬老院."""
    if not head.kinds & _OPEN or head.text == "发布" or cover.touches(head.start, head.end):
        return False
    before, own = _BEFORE.search(text, max(0, head.start - 24), head.start), ""
    for word, _ in reversed(_tagged(before[0]) if before else []):
        if word in name_words().stops:
            break
        own = word + own
    return len(own) > 1 and not _GENERAL.match(own) and name_words().plain_only.fullmatch(own) is None


def _unclaimed(text: str, cover: Cover) -> Iterator[Mention]:
    """Names of areas that the rules saw no sign for. Words that are more often no area (和平, 城区) stay theirs to judge."""
    weak = words().risky | words().generic
    return (m for m in find_mentions(text) if m.candidates and m.surface not in weak and not cover.touches(m.start, m.end))


def accept_organizations(text: str, home: Region | None, proposals: Sequence[Proposal], taken: Sequence[Span]) -> Iterator[Organization]:
    """Proposed bodies outside the `taken` spans, in the proposals' order: those that end as bodies do, with a name of their own or the
    word for a level before (省|民政厅), and those without such an ending that do what only a body does."""
    cover, ends = Cover(taken), {head.end: head for head in heads().find(text)}
    bodies = BodyFinder(text, home, find_mentions(text))
    for proposal in proposals:
        start, end = proposal.start, proposal.end
        if proposal.kind != "organization" or cover.touches(start, end):
            continue
        head, name = ends.get(end), text[start:end]
        if head is None and _is_actor(text, start, end):
            end = tail.end() if (tail := _TAIL.match(text, end)) else end
            yield Organization(start, end, text[start:end], text[start:end])
        elif head is not None and (head.kinds & _OPEN or name[0] in _LEVEL):
            body = bodies.lead(start, end) if name[0] in _LEVEL and not _GENERAL.match(name) else None
            if body is not None:
                yield Organization(start, end, name, body.area + text[body.head : end])
            elif name[0] not in _LEVEL and _is_name(text[start : head.start]):
                yield Organization(start, end, name, name)


def _is_name(own: str) -> bool:
    """Whether what stands before an ending names one body: not 各, 5家 or words for a kind alone, and no verb or preposition in it."""
    if len(own) < 2 or _GENERAL.match(own) or name_words().plain_only.fullmatch(own):
        return False
    return not any(word in name_words().stops for word, _ in _tagged(own))


def _is_actor(text: str, start: int, end: int) -> bool:
    """Whether a name without an ending stands where one acts: a clause or a list begins with it, and the act follows."""
    name = text[start:end]
    if not _ACTOR.fullmatch(name) or _GENERAL.match(name) or not _ACTS_NEXT.match(text, end):
        return False
    tagged = _tagged(name)
    known = len(tagged) == 1 and tagged[0][1] in _COMMON
    return not known and not name_words().plain_only.match(name) and _ACTOR_BEFORE.search(text[max(0, start - 2) : start]) is not None


def _tagged(name: str) -> list[tuple[str, str]]:
    import rjieba

    tagged: list[tuple[str, str]] = rjieba.tag(name, hmm=False)
    return tagged


def accept_places(text: str, home: Region | None, proposals: Sequence[Proposal], taken: Sequence[Span]) -> Iterator[Place]:
    """Proposed places outside the `taken` spans that are names of the region table, where one area is meant, in the proposals' order."""
    unclaimed = {(mention.start, mention.end): mention for mention in _unclaimed(text, Cover(taken))}
    for proposal in proposals:
        start, end = proposal.start, proposal.end
        mention = unclaimed.get((start, end)) if proposal.kind == "place" else None
        entry = resolve(mention.candidates, home) if mention else None
        barred = _QUOTE.search(text[max(0, start - 1) : start]) or _WATER.match(text, end)
        if entry is not None and not barred:
            yield Place(start, end, text[start:end], entry.region.name, entry.adcode)


def accept_policies(text: str, proposals: Sequence[Proposal], taken: Sequence[Span]) -> Iterator[Policy]:
    """Proposed programmes and mechanisms outside the `taken` spans: a name in quotes, with the head word right after it where the
    proposal has it, in the proposals' order."""
    cover = Cover(taken)
    for proposal in proposals:
        start, end = proposal.start, proposal.end
        match = _QUOTED.fullmatch(text, start, end) if proposal.kind == "policy" else None
        if match is None or cover.touches(start, end):
            continue
        name = match["quote"] + match["head"]
        if _CALENDAR.search(name):
            continue
        if _PROGRAMME.search(name):
            yield Policy(start, end, text[start:end], name, "programme")
        elif not match["head"]:
            yield Policy(start, end, text[start:end], name, "mechanism")
