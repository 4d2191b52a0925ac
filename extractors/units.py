"""Measure words after a numeral, and the denominators printed after a price (15万元/个)."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

_RATE = re.compile(
    r"\s*(?:[/／]|每)\s*((?:人次|人|户|月|年|日|天|餐|份|个|家|所|处|站|床位|床|张|例|具|穴|平方米|亩|小时|学时|课时|次|场|期|套|件|台|名|位|项|村|社区|街道|镇|乡|县|区|只|对|座|栋|吨|公里|单|条|班|支|辆|趟|格)"
    r"(?:[·.．・/／](?:人次|人|月|年|日|天|餐|次|期|季度|小时))*)(?![\u4e00-\u9fff]*[率])"
)
_SEPARATORS = str.maketrans("./．／・", "·····")
_CN = tuple("一二两三四五六七八九十")
_NEVER = re.compile(
    r"年(?:级|度|制|代|轻)|客(?:流|户|运|车|房|厅|体)|讲(?:话|座|解|师|述|课|究|堂)|道(?:路|德|理|歉|口)|卷(?:宗|入|起|帘)|席(?:位|卷)|人民|次性|分之|日(?:常|均)|天津|级|位一体"
)
_NOT_UNITS = re.compile(  # 三人民, 一家人, 两面派, 三部曲, 一次性, 五年级, 二年期
    r"人(?:民|大|工|均|力|才|社|口|际|居|道|身|物|文|防|员|类|间|生|格|情)|家(?:庭|属|园|政|长|乡|门|用|委)|面(?:积|对|临|向|上|前|貌)|部(?:分|门|署|队)|次性|年(?:级|龄|度|制|期|轻|老)|位(?:一体|置|列|于)|日(?:常|均|间|前|照)"
    r"|天(?:津|然|下)|场(?:所|地|景|馆)|条(?:例|件)|项(?:目|链)|对(?:象|口|接|一|于|策|标|外)|件事|本(?:级|市|省|县|区|地|地)|口(?:头)|分(?:之|类|别|散|级|工|钟|管|为|布)|起(?:来|步|草|到|始)|门(?:口|类|户)|组(?:织|建|成|长|团)"
    r"|类(?:型|别|似)|种(?:类|植)|站(?:式|点)|村(?:民|委|级|居)|节(?:约|地|日|能|省|点)|班(?:子|主任)|片(?:区)|头(?:脑)|名(?:单|称|录|义|额|列|副其实)|级|步|把|方面|者|度(?:假|过)|队(?:伍|员)|单(?:位|元|一|独)|格(?:局|外|式)|箱(?:式)|包(?:括|干|含)|首(?:批|次|个|先)|册子|所(?:有|在|需|属)|处(?:理|置|于|分)|台(?:账|湾|风|阶)|户(?:籍|外|口)|份额|字(?:号|样)|款(?:物|项)|则(?:是)|档(?:案)|封(?:闭|建)|床(?:头|边)"
)


@cache
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    lines = (files("extractors") / "tables/units.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    table = {row["surface"]: (row["unit"], row["kind"]) for row in rows}
    surfaces = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    return re.compile(rf"\s?({surfaces})"), table


def find_unit(text: str, pos: int) -> tuple[str, int] | None:
    """The unit that starts at `pos` and where it ends; None when the word there counts nothing (三人民, 一次性)."""
    pattern, table = _units()
    match = pattern.match(text, pos)
    if (
        match is None
        or _NEVER.match(text, match.start(1))
        or (_is_lone(text, pos) and len(match[1]) == 1 and _NOT_UNITS.match(text, match.start(1)))
    ):
        return None
    return table[match[1]][0], match.end()


def _is_lone(text: str, pos: int) -> bool:
    """Whether a single Chinese numeral stands before (一家人), where the next characters may be a word of their own."""
    return text[pos - 1 : pos] in _CN and text[max(0, pos - 2) : pos - 1] not in _CN


def kind_of(unit: str) -> str | None:
    """count, people, visits, time, money, area, length, …; None for a unit that is not in the table."""
    _, table = _units()
    return next((kind for name, kind in table.values() if name == unit), None)


def find_rate(text: str, pos: int) -> tuple[str, int] | None:
    """The denominator printed after a unit and where it ends: /人·月 → 人·月."""
    match = _RATE.match(text, pos)
    return (match[1].translate(_SEPARATORS), match.end(1)) if match else None
