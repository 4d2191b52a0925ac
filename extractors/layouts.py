"""A table as rows of cells, whatever it was read from: which rows head it, which columns name its rows, which hold figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.gridunits import is_unit_note, unit_of
from extractors.spans import Span

_UNIT_COLUMN = re.compile(r"(?:计量)?单\s*位")
_NO_COUNT = re.compile(
    r"序\s*号|编\s*号|行次|栏次|名次|排名|排序|位次|代码|邮编|邮政编码|(?:联系|咨询|服务|办公|监督)?电话|手机.{0,2}|传真|备\s*注|说\s*明|身份证号?|.{0,10}(?:证|账|帐|卡|编|代|信用代码)[号码]+|.{0,10}代码|[许证]件?号码?|文号|.{0,4}(?:日期|时间)|地\s*址|No\.?"
)
_AREA_COLUMN = re.compile(
    r"(?:地\s*区|区\s*域|行政区划?|乡镇|镇街|镇|街道|街镇|社区|村|旗县|盟市|县级|.{0,2}[市州县区旗盟]{1,3}|[省市州县区](?:[（(、/／]?[市县区、])+[)）]?)(?:名称|名|别)?"
)
_YEAR_COLUMN = re.compile(r"年\s*份|年\s*度|时期")
_FIGURE = re.compile(r"[-+−－–＋±↑↓]?\s*(?:约|近|超过?|逾|不足|[≥≤><＞＜])?\s*(?:\d|[０-９])")
_DATE = re.compile(r"(?:19|20)\d{2}(?:[年./-]\d{1,2}(?:[月./-]\d{1,2}日?)?月?|年度?[末底]?)|\d{1,2}月(?:份|\d{1,2}日)?|\d{1,2}[:：]\d{2}.*")
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、．]|\d{1,2}[.](?!\d)")
_COUNTING = re.compile(r"[甲乙丙丁戊]|栏次|行次|序号|[A-Z]|")
GENERIC = re.compile(
    r"数\s*量|数\s*值|数\s*据|数|总数|总量|(?:预算|执行|决算|计划|任务|目标|下达|安排)数|合\s*计|总\s*计|小计|本期(?:数|实际)?|(?:本[年月季]|本年度|当年|当月)(?:累计|实际)?数?|累计(?:数|完成数?)?|"
    r"(?:实际)?完成(?:数|情况|值)?|实绩|实际(?:数|值)?|绝对[数值]|总额|金额|数额|年末数|期末数|年初数|指标值|统计值|总体情况"
)
"""A heading that says nothing of what is counted."""
TIMELY = re.compile(
    r"(?:(?:19|20)\d{2}(?:年度?[末底初]?)?|[上去今本前]年(?:度|[末底]|同期)?|\d{1,2}月(?:份|[末底])?|第?[一二三四1-4]季度[末底]?|[上下]半年|[本上][月期季]|"
    r"\d{1,2}[-—–－~～至]\d{1,2}月(?:份|[末底])?|[实年期]?[末底][数]?|同期|截至|数)+"
)
"""A heading that only says when."""
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's cells as spans of the text, row by row, all rows of one length; the first `headers` rows head the columns.

    A cell that spans rows or columns is the same span wherever it stands, an empty cell an empty span.
    """

    rows: tuple[tuple[Span, ...], ...]
    headers: int

    @property
    def span(self) -> Span:
        return min(a for row in self.rows for a, _ in row), max(b for row in self.rows for _, b in row)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: "labels", "units", "figures", "years" or "none". `headings` are without units, top first."""

    kind: str
    headings: tuple[Span, ...] = ()
    unit: str | None = None
    words: str = ""

    @property
    def areas(self) -> bool:
        """Whether the heading announces areas: 县区, 地区."""
        return bool(_AREA_COLUMN.fullmatch(self.words))


def is_blank(span: Span) -> bool:
    return span[0] >= span[1]


def is_figure(text: str, cell: Span) -> bool:
    """Whether a cell starts with a figure that can count something: no date, no number of a list's item."""
    if is_blank(cell) or not _FIGURE.match(text, *cell):
        return False
    words = text[cell[0] : cell[1]]
    return not _DATE.fullmatch(words) and not _ORDINAL.match(words) and words[-1] not in "年月日号"


def is_no_count(text: str, label: Span) -> bool:
    """Whether a heading or label names what no number counts: 联系电话, 登记证号."""
    return bool(_NO_COUNT.fullmatch(text, *label))


def is_across(row: Sequence[Span]) -> bool:
    """Whether one cell spans the whole row."""
    return len(row) > 1 and not is_blank(row[0]) and all(cell == row[0] for cell in row)


def counts_columns(text: str, row: Sequence[Span]) -> bool:
    """Whether the row only numbers the columns: 甲, 乙, 1, 2, 3."""
    words = [text[a:b] for a, b in row]
    figures = [int(word) for word in words if word.isdecimal() and len(word) < 3]
    if len(figures) < 2 or figures != list(range(1, len(figures) + 1)) or not _COUNTING.fullmatch(words[0]):
        return False
    return all(word.isdecimal() or _COUNTING.fullmatch(word) for word in words)


def find_columns(text: str, head: Sequence[Sequence[Span]], body: Sequence[Sequence[Span]], width: int) -> list[Column]:
    """What each column holds; columns of labels stand left of the first with figures."""
    found: list[Column] = []
    figures = False
    for at in range(width):
        headings, unit = _headings(text, [row[at] for row in head])
        words = "".join(text[a:b] for a, b in headings)
        if _UNIT_COLUMN.fullmatch(words) and not any(is_figure(text, row[at]) for row in body):
            kind = "units" if any(_is_unit(text, row[at]) for row in body) else "labels"
        elif _YEAR_COLUMN.fullmatch(words):
            kind = "years"
        elif _NO_COUNT.fullmatch(words):
            kind = "none"
        elif any(is_figure(text, row[at]) for row in body):
            kind, figures = "figures", True
        else:
            kind = "none" if figures else "labels"
        found.append(Column(kind, headings, unit, words))
    return found


def _is_unit(text: str, cell: Span) -> bool:
    return unit_of(f"({text[cell[0] : cell[1]]})", (0, cell[1] - cell[0] + 2))[0] is not None


def _headings(text: str, cells: Sequence[Span]) -> tuple[tuple[Span, ...], str | None]:
    """The words that head a column, top first, and the unit printed nearest to its figures."""
    parts: list[Span] = []
    unit = None
    for cell in dict.fromkeys(cells):
        if is_blank(cell) or (not _LETTER.search(text, *cell) and not text[cell[0]].isdigit() and text[cell[1] - 1] not in ")）%％"):
            continue
        if is_unit_note(text[cell[0] : cell[1]]):
            continue
        own, end = unit_of(text, cell)
        unit = own or unit
        if end > cell[0]:
            parts.append((cell[0], end))
    return tuple(parts), unit
