"""The indicator catalogue: from a measure as the text has it to an indicator's code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from corpus.errors import ConfigError

_QUOTES = str.maketrans("（）", "()", "“”‘’「」\"' \u3000")

_PARTS = re.compile("[、和与及]")
_TAIL = re.compile(
    r"\)?(?:\([^()]*\))?(?:总?[数量额]|合计|规模|总计|人数|个数|户数|总人数|登记|对象|人员|群众|项目|活动|覆盖|占比|比例|标准|资金|人口|总量|收入)*"
)


class Indicator(BaseModel):
    """One entry of `tables/indicators.yaml`, where the fields are explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    label: str
    unit: str
    units: tuple[str, ...]
    surfaces: tuple[str, ...]
    excludes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    whole: bool = False
    rate: bool = False
    anywhere: bool = False
    broader: str | None = None


class Catalogue:
    """Indicators by surface; the longest surface that a measure holds decides, the rightmost of equals."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        self.indicators = tuple(indicators)
        self._by_first: dict[str, list[tuple[str, Indicator]]] = {}
        for indicator in self.indicators:
            for surface in {surface.translate(_QUOTES) for surface in indicator.surfaces}:
                self._by_first.setdefault(surface[0], []).append((surface, indicator))

    def code_of(self, measure: str, unit: str | None, per: str | None, aspect: str, sentence: str) -> str | None:
        """The code for a measure counted in `unit`, None when no entry fits."""
        bare = measure.translate(_QUOTES)
        parts = _PARTS.split(bare)
        if len(parts) > 1 and len({self._code(part, unit, per, aspect, sentence) for part in parts} - {None}) > 1:
            return None  # 孤儿和事实无人抚养儿童
        return self._code(bare, unit, per, aspect, sentence)

    def _code(self, bare: str, unit: str | None, per: str | None, aspect: str, sentence: str) -> str | None:
        best, code = (0, -1), None
        for at, ch in enumerate(bare):
            for surface, indicator in self._by_first.get(ch, ()):
                rank = (len(surface), at)
                if rank > best and bare.startswith(surface, at) and _fits(indicator, surface, bare, unit, per, aspect, sentence):
                    best, code = rank, indicator.code
        return code


def _fits(indicator: Indicator, surface: str, bare: str, unit: str | None, per: str | None, aspect: str, sentence: str) -> bool:
    if indicator.whole and bare != surface:
        return False
    if not indicator.anywhere and not _TAIL.fullmatch(bare, bare.rfind(surface) + len(surface)):
        return False
    if any(word in bare for word in indicator.excludes):
        return False
    if indicator.contexts and not any(word in sentence for word in indicator.contexts):
        return False
    if unit == "百分点":
        return "%" in indicator.units
    if aspect == "change" and unit in ("%", "倍", "番"):
        return indicator.code != "areas.covered"
    if unit is None:
        return indicator.unit == "人" and per is None and not indicator.rate  # 老年人口已有752万
    if unit not in indicator.units:
        return False
    return not indicator.rate if per is None else per in indicator.per


MORE = Path("more")
"""Names the shipped catalogue of further indicators where a user's file could stand."""


def load_indicators(path: Path | None = None) -> list[Indicator]:
    """Entries of a catalogue file, of the shipped one by default; a wrong file is a ConfigError."""
    shipped = files("extractors") / "tables"
    source = shipped / "indicators.yaml" if path is None else shipped / "indicators_more.yaml" if path == MORE else path
    try:
        return TypeAdapter(list[Indicator]).validate_python(yaml.safe_load(source.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ConfigError(str(source), str(error).splitlines()[0]) from error


@cache
def catalogue(extra: tuple[Path, ...] = ()) -> Catalogue:
    """The shipped catalogue, with entries of users' own files added or replaced by code."""
    entries = {indicator.code: indicator for indicator in load_indicators()}
    for path in extra:
        entries.update((indicator.code, indicator) for indicator in load_indicators(path))
    return Catalogue(entries.values())
