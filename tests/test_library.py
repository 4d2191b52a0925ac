"""The library's public face."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import GongbaoError, ReadError
from corpus.records import Bulletin
from gongbao import extract
from pipeline.write import Writer, check_evidence

SAMPLE = Path(__file__).parents[1] / "corpus" / "samples" / "pingqiao.txt"


def test_text_and_path_give_the_same_facts() -> None:
    from_path = extract(SAMPLE)[0]
    from_text = extract(SAMPLE.read_text(encoding="utf-8"))[0]
    assert extract(str(SAMPLE))[0] == from_path
    assert [q.text for q in from_text.quantities] == [q.text for q in from_path.quantities] != []


def test_publication_date_resolves_relative_times() -> None:
    bulletin = extract("3月8日，全区已有社工站5个。", published=dt.date(2023, 5, 1))[0]
    assert [(t.text, t.period.start) for t in bulletin.times] == [("3月8日", dt.date(2023, 3, 8))]
    assert extract("今年，全区新建社工站5个。")[0].times == ()


def test_missing_path_is_a_read_error() -> None:
    with pytest.raises(ReadError):
        extract(Path("none.pdf"))


def test_heavy_packages_are_not_imported_with_gongbao() -> None:
    code = "import sys, gongbao; print([m for m in ('spacy', 'jieba', 'prefect', 'pydantic', 'transformers') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=SAMPLE.parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _bulletin() -> Bulletin:
    return extract(SAMPLE)[0]


def test_writer_refuses_a_fact_that_is_not_in_the_text() -> None:
    bulletin = _bulletin()
    moved = bulletin.model_copy(update={"text": "　" + bulletin.text})
    with pytest.raises(GongbaoError, match="is not"):
        check_evidence(moved)


def test_an_interrupted_run_leaves_no_output(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Writer(tmp_path, ["csv"]) as writer:
        writer.add(_bulletin())
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
