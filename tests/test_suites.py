"""Numbers of the public suites, where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.suites import SUITES, measure

SHARED = Path(__file__).parents[1].parent / "shared" / "suites"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public suites are not beside the checkout")
@pytest.mark.parametrize("name", SUITES)
def test_share_of_numbers_found_with_the_right_value(name: str) -> None:
    tally = measure(SHARED / f"{name}.jsonl")
    assert tally.claimed > 10
    assert tally.found / tally.claimed >= SUITES[name], tally.misses
