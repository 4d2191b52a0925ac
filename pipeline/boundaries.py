"""Where one bulletin ends and the next begins.

Evidence is a credit line that closes an item, or a trait that the items' headlines share: a dateline or source line
after each, the form 地名：…, type of their own, rules between them. Without it a document is one bulletin, so that
subheadings, questions and answers, tables, signatures and annexes never cut one in two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.lines import (
    HAN,
    LIST_MARK,
    ends_sentence,
    ends_stop,
    is_credit,
    is_date,
    is_issue,
    is_label,
    is_leader,
    is_meta,
    is_number,
    is_organization,
    is_separator,
)
from pipeline.metadata import is_title, strip_mark
from pipeline.repair import Paragraph

_CLOSING = re.compile(
    r"""[。！？!?…”][ \u3000]*[（(](?:
          (?:据(?!了解|悉|介绍|此|实)|来源|稿源|摘自|转自|转载|选自|原载)[^（()）]{2,40}(?:[（(][^（()）]*[)）])?
        | [^（()）]{2,30}(?:供稿|来稿)
        )[)）]$""",
    re.VERBOSE,
)
_BARE = re.compile(r"(?:^|[。！？!?…”])[ \u3000]*[（(]([^（()）\d]{4,30})[)）]$")
_LABELLED = re.compile(r"(?:来源|稿源|供稿|供稿单位|信息来源)[ \u3000]*[：:][^。]{2,30}$")
_DATELINE = re.compile(
    rf"""(?:本报|本刊|本网|本社|[{HAN}]{{2,8}})?讯(?=[（(：:，,、 \u3000]|记者|\d|近日|日前|为|在|{HAN})
       | .{{2,16}}\d{{1,2}}月\d{{1,2}}日(?:电|讯)""",
    re.VERBOSE,
)
_NAMED = re.compile(rf"([{HAN}·]{{2,12}})[ \u3000]*[：:][ \u3000]*[^\s。；;]{{4,}}")
_NO_NAME = re.compile(
    r"[问答注]|附.{0,3}|.*(?:时间|地点|电话|来源|记者|编辑|作者|联系人|地址|单位|名称|编者按|摘要|关键词|对象|方式|条件|标准|程序|依据|范围|内容|举措|做法|经验)"
)
_OFFICIAL = re.compile(r"(?:通知|公告|通告|通报|意见|决定|批复|函|公报|公示|命令|请示|报告)(?:[（(].{1,12}[）)])?$")
_CONTENTS = re.compile(r"(?:本期|本刊)?(?:目[ \u3000]*录|要[ \u3000]*目|导[ \u3000]*读|目[ \u3000]*次|内容提要)", re.IGNORECASE)
_LETTERS = re.compile(rf"[^{HAN}A-Za-z0-9]+")
_BODY = 20  # a body's first line has at least this many characters


Style = tuple[bool, str, int | None]  # whether a heading, its level, its type size in half points


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph with its text and style."""

    paragraph: Paragraph
    text: str
    style: Style


def find_boundaries(lines: Sequence[Line]) -> list[int]:
    """Indices of the lines that open an item, the first always 0."""
    texts = [line.text for line in lines]
    starts = _after_credits(texts)
    starts |= _like_most(lines, texts, starts) if len(starts) > 1 else set()
    if len(starts) < 2:
        starts = _by_trait(lines, texts)
    return [0, *sorted(starts)[1:]] if len(starts) > 1 else [0]


def find_contents_end(lines: Sequence[Line]) -> int:
    """Index of the first line after a contents page, with the masthead before it; 0 when there is none."""
    texts = [line.text for line in lines]
    head = next((i for i, text in enumerate(texts[:15]) if _CONTENTS.fullmatch(text)), None)
    if head is None:
        head = next((i - 1 for i in range(min(15, len(texts) - 2)) if all(map(is_leader, texts[i : i + 3]))), None)
        if head is None:
            return 0
    later = [_letters(text) for text in texts]
    at = head + 1
    while at < len(texts) and (is_leader(texts[at]) or _comes_later(later, at) or (at + 1 < len(texts) and is_leader(texts[at + 1]))):
        at += 1
    return at if head + 1 < at < len(texts) else 0


def _letters(text: str) -> str:
    return _LETTERS.sub("", strip_mark(text))


def _comes_later(letters: Sequence[str], at: int) -> bool:
    """Whether the line, without its page number, opens a later line."""
    mine = letters[at].rstrip("0123456789") or letters[at]
    return len(mine) >= 4 and any(other.startswith(mine) for other in letters[at + 1 :])


def _furniture(text: str) -> bool:
    return is_meta(text) or is_separator(text) or is_label(text) or is_date(text) or len(text) < 4


def _first_title(texts: Sequence[str]) -> int:
    """Index of the first headline, after the masthead of a periodical."""
    issue = max((i for i, text in enumerate(texts[:6]) if is_issue(text)), default=-1)
    return next((i for i, text in enumerate(texts[:12]) if i > issue and is_title(text) and not is_organization(text)), 0)


def _after_credits(texts: Sequence[str]) -> set[int]:
    """Lines that open an item after the credit that closed the one before."""
    closers = [i for i, text in enumerate(texts) if i > 1 and _closes(text)]
    first = _first_title(texts)
    numbered = bool(LIST_MARK.match(texts[first]))
    starts = set()
    for closer in closers:
        at = closer + 1
        while at < len(texts) and _furniture(texts[at]):
            at += 1
        later = any(closer > at for closer in closers)
        if at < len(texts) and _opens(texts, at, numbered, later):
            label = at - 1 if is_label(texts[at - 1]) else at
            starts.add(label)
    return {0} | starts if starts else starts


def _closes(text: str) -> bool:
    if is_credit(text) or _CLOSING.search(text[-80:]):
        return True
    bare = _BARE.search(text[-60:])
    return bool(bare and is_organization(bare.group(1))) or bool(_LABELLED.fullmatch(text))


def _opens(texts: Sequence[str], at: int, numbered: bool, later: bool) -> bool:
    """Whether the line after a credit opens an item: a headline with a body, a dateline, or prose with a credit of its own."""
    text = texts[at]
    if LIST_MARK.match(text) and not numbered:
        return False
    if is_title(text):
        return _has_body(texts, at)
    return bool(_DATELINE.match(text)) or (later and len(text) >= 2 * _BODY and ends_stop(text))


def _has_body(texts: Sequence[str], at: int) -> bool:
    """Whether prose follows the headline within a few lines."""
    return any(len(text) >= _BODY and (ends_stop(text) or _closes(text)) for text in texts[at + 1 : at + 5])


def _is_named(text: str) -> bool:
    """Whether a headline has the form 地名：…"""
    match = _NAMED.match(strip_mark(text))
    return bool(match) and is_title(text) and not _NO_NAME.fullmatch(match.group(1) if match else "")


def _is_datelined(texts: Sequence[str], at: int) -> bool:
    """Whether the headline is followed by a dateline, with a subtitle or source line between at most."""
    return is_title(texts[at]) and any(_DATELINE.match(text) for text in texts[at + 1 : at + 3])


def _is_sourced(texts: Sequence[str], at: int) -> bool:
    """Whether the headline is followed by its source or publication line."""
    return (
        is_title(texts[at])
        and at + 1 < len(texts)
        and is_meta(texts[at + 1])
        and bool(re.search("来源|发布|日期|时间|供稿", texts[at + 1]))
    )


def _is_official(texts: Sequence[str], at: int) -> bool:
    """Whether a notice's headline opens the text or follows a signature's date, and a number or the addressees follow it."""
    if not (is_title(texts[at]) and _OFFICIAL.search(texts[at]) and at + 1 < len(texts)):
        return False
    follows = any(is_number(text) or text.endswith(("：", ":")) for text in texts[at + 1 : at + 3])
    return follows and (at == 0 or any(is_date(text) for text in texts[max(0, at - 2) : at]))


def _by_trait(lines: Sequence[Line], texts: Sequence[str]) -> set[int]:
    """Headlines that share a trait with the first: two at least, each with a body."""
    first = _first_title(texts)
    style = _headline_style(lines, [first])
    traits: list[Callable[[int], bool]] = [
        lambda at: _is_datelined(texts, at),
        lambda at: _is_sourced(texts, at),
        lambda at: _is_official(texts, at),
        lambda at: _is_named(texts[at]) and not _in_list(texts, at),
        lambda at: style is not None and lines[at].style == style and is_title(texts[at]) and len(texts[at]) >= 8,
        lambda at: at > 0 and is_separator(texts[at - 1]) and is_title(texts[at]) and len(texts[at]) >= 8,
    ]
    for trait in traits:
        found = {
            at
            for at in range(len(texts))
            if trait(at) and _has_body(texts, at) and (not LIST_MARK.match(texts[at]) or LIST_MARK.match(texts[first]))
        }
        opens = first in found or trait is traits[-1]
        if opens and len(found - {first}) >= 1:
            return found | {first}
    return set()


def _in_list(texts: Sequence[str], at: int) -> bool:
    """Whether the line is one of a list: after a colon or beside lines of its own form."""
    before = texts[at - 1] if at else ""
    return before.endswith(("：", ":", "；", ";")) or bool(_NAMED.match(before))


def _headline_style(lines: Sequence[Line], candidates: Sequence[int]) -> Style | None:
    """The style that most of the candidate lines share, when body text is set otherwise, else None."""
    weights: Counter[Style] = Counter()
    for line in lines:
        weights[line.style] += len(line.text)
    body = weights.most_common(1)[0][0]
    style, number = Counter(lines[at].style for at in candidates).most_common(1)[0]
    larger = style[0] or (style[2] is not None and body[2] is not None and style[2] > body[2] * 1.1)
    return style if style != body and larger and number * 2 > len(candidates) else None


def _like_most(lines: Sequence[Line], texts: Sequence[str], starts: set[int]) -> set[int]:
    """Further headlines, of items without a credit: those that share the trait of most items that follow one."""
    known = sorted(starts)[1:]
    style = _headline_style(lines, known)
    found: set[int] = set()
    if style is not None:
        found |= {at for at in range(1, len(texts)) if lines[at].style == style and is_title(texts[at]) and _has_body(texts, at)}
    traits: list[Callable[[int], bool]] = [
        lambda at: _is_named(texts[at]) and not _in_list(texts, at),
        lambda at: _is_datelined(texts, at),
    ]
    for trait in traits:
        if sum(map(trait, known)) * 2 > len(known):
            found |= {at for at in range(1, len(texts)) if trait(at) and _has_body(texts, at) and _ends_item(texts[at - 1])}
    return found


def _ends_item(text: str) -> bool:
    return ends_sentence(text) or _closes(text) or is_date(text) or is_meta(text)
