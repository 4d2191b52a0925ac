"""Training of the token classifier; needs the extra `train`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.datasets import read_datasets
from corpus.tags import TAGS
from gongbao import extract, main
from models.classifier import FILES, load

for package in ("torch", "accelerate", "onnx"):
    pytest.importorskip(package)

GOLD = Path(__file__).parents[1] / "corpus" / "gold" / "dev.jsonl"
SMALL = ("--layers", "1", "--width", "32")
TEXT = "2022年，临河县新建社工站12个，培训社工300人次。"


@pytest.fixture(scope="module")
def gold(tmp_path_factory):
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    path.write_text("\n".join(GOLD.read_text(encoding="utf-8").split("\n")[:36:6]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def model(gold, tmp_path_factory):
    out = tmp_path_factory.mktemp("model")
    assert main(["train", str(gold), "-o", str(out), *SMALL, "--epochs", "60", "--rate", "0.005", "--splits", "1,0,0"]) == 0
    return out


def test_a_trained_model_finds_what_it_saw(model, gold):
    row = json.loads(gold.read_text(encoding="utf-8").split("\n")[0])
    found = {(span.start, span.end) for span in load(model).find(row["text"]) if span.kind == "quantity"}
    wanted = {(fact["start"], fact["end"]) for fact in row["quantities"]}
    assert len(found & wanted) > len(wanted) / 2


def test_a_model_is_complete_and_small(model):
    assert all((model / name).is_file() for name in FILES)
    assert list(json.loads((model / "config.json").read_text(encoding="utf-8"))["id2label"].values()) == list(TAGS)
    weights = (model / "model.onnx").read_bytes()
    assert b"MatMulInteger" in weights and len(weights) < (model / "model.safetensors").stat().st_size


def test_same_data_and_seed_give_the_same_model(gold, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        assert main(["train", str(gold), "-o", name, *SMALL, "--epochs", "1", "--splits", "1,0,0"]) == 0
    assert main(["train", str(gold), "-o", "c", *SMALL, "--epochs", "1", "--splits", "1,0,0", "--seed", "7"]) == 0
    weights = {name: (tmp_path / name / "model.onnx").read_bytes() for name in "abc"}
    assert weights["a"] == weights["b"] != weights["c"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_train_takes_gold_records_folders_and_a_base(model, gold, tmp_path, capsys):
    (tmp_path / "records.jsonl").write_text(extract(TEXT)[0].model_dump_json() + "\n", encoding="utf-8")
    assert main(["dataset", str(gold), "-o", str(tmp_path / "data"), "--splits", "0.5,0.5,0"]) == 0
    validation = len(read_datasets(tmp_path / "data")["validation"])
    sources = [str(tmp_path / "data"), str(tmp_path / "records.jsonl"), str(gold)]
    capsys.readouterr()
    command = ["train", *sources, "-o", str(tmp_path / "out"), "--base", str(model), "--epochs", "1", "--splits", "1,0,0"]
    assert main(command) == 0
    said = capsys.readouterr()
    # what the folder holds for validation is not trained on, though the gold file was given again
    assert 0 < validation < 6
    assert f"gongbao: {6 - validation + 1} train, {validation} validation, 0 test" in said.err
    assert said.out.startswith("validation quantity")


@pytest.mark.parametrize("wrong", [["--base", "none/at/all"], ["--splits", "0,0,1"], ["--width", "33"], ["--epochs", "0"]])
def test_what_cannot_be_trained_is_an_error(wrong, gold, tmp_path, capsys):
    assert main(["train", str(gold), "-o", str(tmp_path / "out"), *SMALL, *wrong]) == 1
    assert capsys.readouterr().err.strip().split("\n")[-1].startswith("gongbao: ")
    assert not (tmp_path / "out").exists()
