"""The indicator catalogue: every entry can be reached, by each of its surfaces and from a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.indicators import MORE, Catalogue, Indicator, catalogue, load_indicators
from pipeline.run import extract_text
from pipeline.settings import Settings

ENTRIES = [*load_indicators(), *load_indicators(MORE)]
SENTENCES = dict(line.split("\t") for line in (Path(__file__).parent / "data" / "indicators.tsv").read_text(encoding="utf-8").splitlines())
WIDE = Settings(indicators=(MORE,))


def test_every_entry_has_a_sentence_and_every_code_is_used_once() -> None:
    codes = [entry.code for entry in ENTRIES]
    assert sorted(codes) == sorted(SENTENCES)


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_sentence(code: str, sentence: str) -> None:
    assert code in {quantity.indicator for quantity in extract_text(sentence, settings=WIDE).quantities}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_each_surface(entry: Indicator) -> None:
    alone = Catalogue([entry])
    per = entry.per[0] if entry.rate else None
    missed = [s for s in entry.surfaces if alone.code_of(s, entry.units[0], per, "level", "".join((s, *entry.contexts))) != entry.code]
    assert missed == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.broader], ids=lambda entry: entry.code)
def test_broader_terms_are_entries(entry: Indicator) -> None:
    assert entry.broader in SENTENCES


def test_further_indicators_are_not_the_default() -> None:
    assert [q.indicator for q in extract_text("火化率为97.3%。").quantities] == [None]
    assert catalogue((MORE,)).code_of("火化率", "%", None, "share", "") == "funeral.cremation_rate"


@pytest.mark.parametrize(
    ("measure", "unit", "per", "sentence"),
    [
        ("社区社会组织党组织", "个", None, ""),
        ("公益性岗位", "个", None, ""),
        ("养老床位", "张", "千名老年人", ""),
        ("低保标准", "人", None, ""),
        ("乡镇社工", "个", None, "覆盖"),
    ],
)
def test_no_indicator(measure: str, unit: str, per: str | None, sentence: str) -> None:
    assert catalogue().code_of(measure, unit, per, "level", sentence) is None
