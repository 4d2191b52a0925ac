"""Whether a line goes on in the next one: the question that every hard break, page break and column break puts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.document import HEADING, LINE, ROW, Block
from pipeline.lines import HAN, ends_stop, is_credit, is_date, is_label, is_leader, is_listed, is_meta, is_number, is_row, is_separator

_CLOSES = re.compile(r"[，,、。；;：:？?！!）)》”’〉】」』\]％%]")  # no line begins with these
_GOES_ON = re.compile(r"[，,、（(《“‘〈【「『\[]$")  # no paragraph ends with these
_DANGLING = re.compile(r"的|地|和|与|及|或|以及|把|被|将|向|从|为了|关于|对于|并|并且|且|而|在|于|由|以|是|有|各|该|其|等|更|使")
_BOUND = re.compile(r"的|了|着|和|与|及|或|等|地|得")
_BRACKETS = (("《", "》"), ("“", "”"), ("（", "）"), ("(", ")"), ("「", "」"))
_NOTICE = "通知|通告|公告|通报|意见|决定|批复|函|报告|请示|办法|规定|方案|公示|复函|细则|计划"
_KIND_OF_NOTICE = re.compile(rf"(?:{_NOTICE})(?:[（(].{{1,12}}[）)])?$")
_SENTENCE_START = re.compile(r"近日|日前|近期|下一步|目前|同时|此外|今年|去年|截至|据|自|为|在|按照|根据|通过|\d")
_UNIT = re.compile(r"[\d.]*[\d余多万亿千百个名家人元户张场所间处对条件份％%](?!民政府)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}$")
_COMMA = re.compile(r"[，,]")
_STOP_INSIDE = re.compile(r"[。；;]")
_EDGE_END = re.compile(rf"[{HAN}]{{1,8}}$")
_EDGE_START = re.compile(rf"[{HAN}]{{1,8}}")
_SPEAKER = re.compile(r"(?:问|答|记者|主持人)[：:]")
_HEADING = 30  # a subheading with a comma is no longer
_TITLE = 60
_REACH = 120  # how far after its line a bracket may close


@dataclass(frozen=True, slots=True)
class Piece:
    """A block's text without its outer blanks.

    `full`: the line fills its column, None when not known; `gap`: an empty line stands before it;
    `marked`: the document sets paragraphs apart by empty lines or indents, so that a full stop alone does not end one.
    """

    index: int
    block: Block
    start: int
    end: int
    text: str
    full: bool | None
    indented: bool
    gap: bool
    marked: bool


def joins(before: Piece, after: Piece, earlier: Piece | None = None, so_far: str = "") -> bool:
    """Whether `after` goes on with the paragraph of `before`.

    `earlier` is the piece before that, `so_far` what of the paragraph stands before `before`.
    """
    lines = before.block.kind == LINE and after.block.kind == LINE
    cut = lines and before.block.full and is_meta(before.text) and not ends_stop(before.text)  # 来源：… may be longer than its column
    if ROW in (before.block.kind, after.block.kind) or (_stands_alone(before.text) and not cut):
        return False
    if _SPEAKER.match(after.text):
        return False
    if lines and before.full and not ends_stop(before.text) and not after.indented and not after.gap and not _stands_alone(after.text):
        return True
    if _stands_alone(after.text) or is_listed(after.text):
        return False
    if _must(before, after):
        return True
    if before.block.kind == HEADING and after.block.kind == HEADING:
        return _same_title(before.block, after.block)
    if not lines or after.indented:
        return False
    if before.full and ends_stop(before.text):
        return before.marked and not after.gap and bool(after.full or ends_stop(after.text))
    return before.block.full is not False and _by_wording(so_far + before.text, after.text, earlier)


def _stands_alone(text: str) -> bool:
    """Whether the line is one of its own kind, neither continued nor continuing."""
    return any(kind(text) for kind in (is_row, is_date, is_number, is_meta, is_credit, is_separator, is_leader, is_label))


def _must(before: Piece, after: Piece) -> bool:
    """Whether the marks alone show that the text goes on."""
    if _CLOSES.match(after.text):
        return True
    if ends_stop(before.text):
        return False
    long_enough = before.block.kind == LINE or len(before.text) >= 15
    return long_enough and (bool(_GOES_ON.search(before.text)) or _open_bracket(before.text, after.text))


def _open_bracket(before: str, after: str) -> bool:
    """Whether a bracket opened in one line closes in the next, before another of its kind opens."""
    for opening, closing in _BRACKETS:
        if before.rfind(opening) > before.rfind(closing):
            close = after.find(closing, 0, _REACH)
            if close >= 0 and opening not in after[:close]:
                return True
    return False


def _same_title(before: Block, after: Block) -> bool:
    """Whether two headings are the lines of one: in the same type, one right under the other, on the same axis or both at the left."""
    if before.box is None or after.box is None or before.page != after.page or before.size is None or after.size is None:
        return False
    close = after.box[1] - before.box[3] < 1.2 * before.size and abs(before.size - after.size) < 0.3
    axis = abs(before.box[0] + before.box[2] - after.box[0] - after.box[2]) < 2 * before.size
    left = abs(before.box[0] - after.box[0]) < 0.5 * before.size and after.box[2] < before.box[2] + before.size
    return close and (axis or (left and bool(before.full))) and not is_listed(before.text)


def _by_wording(first: str, second: str, earlier: Piece | None) -> bool:
    """The same question without layout: a line that stops in a word, a number or a sentence goes on."""
    if ends_stop(first):
        return False
    opens = earlier is None or _stands_alone(earlier.text)
    if _splits_word(first, second) or _splits_figure(first, second, opens):
        return True
    if opens and "关于" in first and not _KIND_OF_NOTICE.search(first) and len(second) < _TITLE and _KIND_OF_NOTICE.search(second):
        return True
    if len(second) <= _TITLE and not ends_stop(second) and not _COMMA.search(second) and not _STOP_INSIDE.search(second):
        return False  # a title, a heading or a signature, but no rest of a sentence
    return _is_cut_prose(first, opens)


def _is_cut_prose(text: str, opens: bool) -> bool:
    """Whether a line without a stop at its end is a sentence's beginning, not a title or heading."""
    if _STOP_INSIDE.search(text):
        return True
    commas = len(_COMMA.findall(text))
    if not commas:
        return False
    if is_listed(text):
        return len(text) > 2 * _HEADING
    if opens:
        return len(text) > _TITLE or commas > 2
    return len(text) > _HEADING or commas > 2 or bool(_SENTENCE_START.match(text))


def _splits_figure(before: str, after: str, opens: bool) -> bool:
    """Whether the break stands inside a number, between it and its unit, or between two Latin words of a sentence."""
    if before[-1].isdigit():
        return bool(_UNIT.match(after)) and not (opens and _YEAR.search(before))
    return not opens and before[-1].isascii() and before[-1].isalpha() and after[0].isascii() and after[0].isalpha()


def _splits_word(before: str, after: str) -> bool:
    """Whether the break stands inside a word, or after or before a word that needs the other side."""
    tail, head = _EDGE_END.search(before), _EDGE_START.match(after)
    if tail is None or head is None:
        return False
    from rjieba import cut

    left, right = tail.group(), head.group()
    first, second, together = cut(left, False), cut(right, False), cut(left + right, False)  # no words but those of the dictionary
    if _DANGLING.fullmatch(first[-1]) or _BOUND.fullmatch(second[0]):
        return True
    if len(together) >= len(first) + len(second):
        return False
    at = 0
    for word in together:
        if at < len(left) < at + len(word):
            return len(left) - at == 1 or at + len(word) - len(left) == 1
        at += len(word)
    return False
