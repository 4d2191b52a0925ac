"""gongbao inside spaCy: the facts on a Doc are the bulletin's facts, and a DocBin keeps them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

spacy = pytest.importorskip("spacy")

from spacy.tokens import Doc, DocBin  # noqa: E402

from corpus.records import LAYERS, Bulletin  # noqa: E402
from pipeline import spacy_component as component  # noqa: E402
from pipeline.run import extract_text  # noqa: E402

ROOT = Path(__file__).parents[1]
PUBLISHED = dt.date(2023, 3, 10)
TEXT = """绵阳市社工站建设稳步推进
3月8日，绵阳市民政局印发了《绵阳市社工站实施方案》，要求年底前新建社工站22个。
　　截至2022年底，全市共有社工8.45万人，覆盖率达95.2%。《实施方案》明确，推行“五社联动”机制，实施“青禾”计划。
(绵阳市民政局供稿)"""


@pytest.fixture(scope="module")
def bulletin() -> Bulletin:
    return extract_text(TEXT, published=PUBLISHED)


def _facts(doc: Doc) -> dict[str, list[object]]:
    return {layer: [span._.fact for span in doc.spans[layer]] for layer in LAYERS}


@pytest.mark.parametrize("plain", [False, True], ids=["our tokenizer", "characters"])
def test_facts_on_the_doc_are_the_bulletins(bulletin: Bulletin, plain: bool) -> None:
    nlp = component.blank(PUBLISHED)
    if plain:
        nlp = spacy.blank("zh")
        nlp.add_pipe("gongbao", config={"published": PUBLISHED.isoformat()})
    doc = nlp(TEXT)
    assert doc.text == TEXT
    assert doc._.bulletin == bulletin
    assert _facts(doc) == {layer: list(getattr(bulletin, layer)) for layer in LAYERS}
    assert len(bulletin.quantities) >= 3
    assert len(bulletin.policies) == 4
    for layer in LAYERS:
        for span in doc.spans[layer]:
            fact = span._.fact
            assert fact.text in span.text
            assert span.id_ == fact.id
            if plain:
                assert (span.start_char, span.end_char) == (fact.start, fact.end)


def test_sentences_are_the_bulletins(bulletin: Bulletin) -> None:
    doc = component.blank(PUBLISHED)(TEXT)
    assert [sent.text.strip() for sent in doc.sents] == [TEXT[s.start : s.end] for s in bulletin.sentences]


def test_publication_date_of_a_doc_goes_first() -> None:
    nlp = component.blank(PUBLISHED)
    doc = nlp.make_doc("5月1日，全县新增助餐点3个。")
    doc.user_data["published"] = "2021-06-01"
    assert [fact.period.start for fact in _facts(nlp(doc))["times"]] == [dt.date(2021, 5, 1)]


def test_docs_go_to_bytes_and_back(bulletin: Bulletin) -> None:
    nlp = component.blank(PUBLISHED)
    doc = Doc(nlp.vocab).from_bytes(nlp(TEXT).to_bytes())
    assert doc._.bulletin == bulletin
    assert _facts(doc)["policies"] == list(bulletin.policies)


def test_docbin_keeps_facts_exactly(bulletin: Bulletin, tmp_path: Path) -> None:
    other = extract_text("全区16个村建成助餐点9个。", published=PUBLISHED)
    component.to_docbin([bulletin, other]).to_disk(tmp_path / "facts.spacy")
    docs = list(component.from_docbin(DocBin(store_user_data=True).from_disk(tmp_path / "facts.spacy")))
    assert [doc._.bulletin for doc in docs] == [bulletin, other]
    for doc in docs:
        assert doc.text == doc._.bulletin.text
        for layer in LAYERS:
            assert [(s.text, s._.fact) for s in doc.spans[layer]] == [(f.text, f) for f in getattr(doc._.bulletin, layer)]


def test_no_bulletin_without_the_component() -> None:
    doc = spacy.blank("zh")("全市有社工站3个")
    assert doc._.bulletin is None
    assert doc[:2]._.fact is None


def test_blank_text() -> None:
    doc = component.blank()(" \n ")
    assert doc.text == " \n "
    assert all(len(doc.spans[layer]) == 0 for layer in LAYERS)


def test_pipeline_can_be_saved(tmp_path: Path) -> None:
    component.blank(PUBLISHED).to_disk(tmp_path / "nlp")
    doc = spacy.load(tmp_path / "nlp")(TEXT)
    assert [span.text for span in doc.spans["policies"]][-1] == "“青禾”计划"
    assert "社工站" in [token.text for token in doc]


def test_entry_point_names_the_factory() -> None:
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["spacy_factories"]
    module, _, attribute = entries["gongbao"].partition(":")
    assert module == component.__name__
    assert callable(getattr(component, attribute))


def test_pipeline_does_not_load_spacy_by_itself() -> None:
    code = "import sys, gongbao, pipeline.run; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
