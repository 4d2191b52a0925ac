"""Sentences and words: they cover the text, never cut a title or an aside, and the fast words are jieba's words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Sentence
from extractors.regions import TABLES
from pipeline.segment import cut, cut_reference, find_sentences, segment, tag

SHARED = Path(__file__).parents[1].parent / "shared"
SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
ALPHABET = "社工站老年助餐点五联动低保对象。！？!?，；《》（）()“”\n \u3000\t1234.5%-+ABx"

CASES = [
    ("全县建成社工站12个；配备社工36名。下一步，将继续推进。", ["全县建成社工站12个；配备社工36名。", "下一步，将继续推进。"]),
    ("海州区助餐点开张了\n\u3000\u3000今年以来，新建助餐点9个。\n", ["海州区助餐点开张了", "今年以来，新建助餐点9个。"]),
    ("他说：“服务要到位。”居民都点头。", ["他说：“服务要到位。”", "居民都点头。"]),
    ("“钱从哪来？”是头一道题。", ["“钱从哪来？”是头一道题。"]),
    ("问：谁可以申请？答：本市老人。", ["问：谁可以申请？", "答：本市老人。"]),
    ("印发《关于“去哪吃？怎么吃？”的通知》。", ["印发《关于“去哪吃？怎么吃？”的通知》。"]),
    ("共有护理员30名(含兼职8名。不含实习生)。", ["共有护理员30名(含兼职8名。不含实习生)。"]),
    ("太好了！！！大家鼓掌。", ["太好了！！！", "大家鼓掌。"]),
    ("网址http://example.org/a?id=3可查!欢迎!", ["网址http://example.org/a?id=3可查!", "欢迎!"]),
    ("城市低保对象    1,204人\n农村低保对象    3,311人", ["城市低保对象    1,204人", "农村低保对象    3,311人"]),
    ("括号没有合上（共3家。后面还有。", ["括号没有合上（共3家。", "后面还有。"]),
    ("", []),
    (" \n\n\u3000", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in find_sentences(text)] == expected


@given(st.text(ALPHABET, max_size=80))
@settings(deadline=None, max_examples=300)
def test_sentences_cover_all_that_is_not_blank(text: str) -> None:
    spans = find_sentences(text)
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()


@given(st.text(ALPHABET, max_size=60) | st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
@settings(deadline=None, max_examples=300)
def test_words_give_the_text_back(text: str) -> None:
    assert "".join(cut(text)) == text
    assert tuple(word for word, _ in tag(text)) == cut(text)


@pytest.mark.parametrize(
    "text",
    [
        "青川县新建社会工作服务站6个、未成年人保护工作站2个，“五社联动”机制初步成型。",
        "全市低保对象3.2万人，特困人员4,120人，发放低保金1.1亿元，同比增长5.6%。",
        "适老化改造每户补贴2000-3000元，2023-2025年完成1500户，咨询电话0515-8800001。",
        "按照GB/T 37276-2018和DB11/T 1-2020，助餐点分为A.B两类，版本1.2.3，12.5a。",
        "推行“1+3+N”模式，12345热线24小时受理，覆盖西南山区、北川羌族自治县和新城区。",
        "老年助餐点共接待老人１２０００人次，社区社会组织、慈善组织、志愿者共同参与；\u3000C++、AT&T。",
    ],
)
def test_fast_words_are_jiebas_words(text: str) -> None:
    assert cut(text) == cut_reference(text)


def test_fast_words_are_jiebas_words_on_samples() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    assert texts
    for text in texts:
        for start, end in find_sentences(text):
            assert cut(text[start:end]) == cut_reference(text[start:end])


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared seed text")
def test_fast_words_are_jiebas_words_on_the_seed_text() -> None:
    text = (SHARED / "seeds" / "bulletins.txt").read_text(encoding="utf-8")
    for start, end in find_sentences(text):
        assert cut(text[start:end]) == cut_reference(text[start:end])


@pytest.mark.parametrize(
    "term", ["社工站", "五社联动", "社会工作服务站", "低保对象", "特困人员", "未保站", "助餐点", "适老化改造", "农村低保"]
)
def test_terms_are_single_words(term: str) -> None:
    assert term in cut(f"全市推进{term}等工作。")


def test_own_words_are_well_formed() -> None:
    lines = (TABLES / "words.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split()[0] for line in lines]
    assert len(words) == len(set(words)) >= 200
    assert all(len(line.split()) == 3 and int(line.split()[1]) >= 3 for line in lines)


def test_segment_gives_valid_sentences() -> None:
    text = "兰水镇社工站挂牌。配备社工5名，服务老人300余人次！"
    sentences = segment(text)
    assert [Sentence.model_validate(s.model_dump()) for s in sentences] == list(sentences)
    assert ["".join(s.words) for s in sentences] == [text[s.start : s.end] for s in sentences]


def test_dictionaries_are_loaded_by_the_first_call() -> None:
    code = "import sys, pipeline.segment; sys.exit(any(name in sys.modules for name in ('jieba', 'rjieba')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=False).returncode == 0
