"""The command line: exit codes, outputs, failures that are counted and do not end a batch."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from corpus.records import Bulletin
from gongbao import main

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
OWN_GOLD = Path(__file__).parents[1] / "corpus" / "gold" / "dev.jsonl"


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    assert main(["extract", str(SAMPLES), "-o", str(folder), "--format", "parquet,csv"]) == 0
    return folder


def test_records_are_valid_and_rows_are_the_same_in_every_format(out: Path) -> None:
    bulletins = [Bulletin.model_validate(line) for line in _lines(out / "bulletins.jsonl")]
    facts = _lines(out / "facts.jsonl")
    assert len(bulletins) >= 4
    assert len({b.id for b in bulletins}) == len(bulletins)
    assert len(facts) == sum(len(b.quantities) + len(b.times) + len(b.policies) + len(b.organizations) + len(b.places) for b in bulletins)
    assert len({fact["id"] for fact in facts}) == len(facts)
    table = pq.read_table(out / "facts.parquet")
    rows = list(csv.DictReader(io.StringIO((out / "facts.csv").read_text(encoding="utf-8-sig"))))
    assert table.num_rows == len(rows) == len(facts)
    assert table.column_names == list(rows[0]) == list(facts[0])
    assert (out / "failed.jsonl").read_text() == "" and not list(out.glob(".*"))


def test_ids_are_stable(out: Path, tmp_path: Path) -> None:
    assert main(["extract", str(SAMPLES), "-o", str(tmp_path)]) == 0
    assert (tmp_path / "bulletins.jsonl").read_bytes() == (out / "bulletins.jsonl").read_bytes()


def test_failures_are_counted_and_the_rest_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("全县共有养老机构12家。", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_bytes(b"")
    (tmp_path / "in" / "c.pdf").write_bytes(b"%PDF-1.7 cut off")
    (tmp_path / "in" / "d.bin").write_bytes(bytes(range(256)) * 8)
    missing = str(tmp_path / "none.txt")
    assert main(["extract", str(tmp_path / "in"), missing, "-o", str(tmp_path / "out")]) == 1
    failed = _lines(tmp_path / "out" / "failed.jsonl")
    assert [Path(str(line["uri"])).name for line in failed] == ["b.txt", "c.pdf", "d.bin", "none.txt"]
    assert len(_lines(tmp_path / "out" / "bulletins.jsonl")) == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 5 and errors[-1] == "gongbao: 1 bulletins, 4 inputs failed"


@pytest.mark.parametrize("arguments", [["extract", "x.txt"], ["extract", "x", "-o", "y", "--published", "gestern"], ["fly"], []])
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_unknown_format_is_2(tmp_path: Path) -> None:
    assert main(["extract", str(SAMPLES), "-o", str(tmp_path), "--format", "xml"]) == 2


def test_standard_input_and_output() -> None:
    text = "去年，全县新建社工站3个。"
    command = [sys.executable, "-m", "gongbao", "extract", "-", "-o", "-", "--published", "2024-05-06"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, cwd=SAMPLES.parents[1], check=True)
    bulletin = Bulletin.model_validate_json(done.stdout)
    assert bulletin.text == text and str(bulletin.quantities[0].time.start) == "2023-01-01"  # type: ignore[union-attr]


def test_indicators_of_a_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("- {code: sport.pitches, label: 球场数, unit: 个, units: [个, 片], surfaces: [篮球场]}", encoding="utf-8")
    text = tmp_path / "a.txt"
    text.write_text("全区建成篮球场14个、社工站3个。", encoding="utf-8")
    assert main(["extract", str(text), "-o", "-", "--indicators", str(own)]) == 0
    quantities = json.loads(capsys.readouterr().out)["quantities"]
    assert [q["indicator"] for q in quantities] == ["sport.pitches", "station.count"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("- {code: x}", encoding="utf-8")
    assert main(["extract", str(text), "-o", "-", "--indicators", str(wrong)]) == 1


def test_min_confidence_leaves_out_quantities(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", str(SAMPLES / "pingqiao.txt"), "-o", "-", "--min-confidence", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["quantities"] == []


def test_show_prints_text_and_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(SAMPLES / "pingqiao.txt")]) == 0
    shown = capsys.readouterr().out
    assert "平桥区" in shown and "station.count" in shown and "→2024-09-30" in shown
    assert main(["show", str(SAMPLES / "none.txt")]) == 1


def test_schema_is_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"].endswith("2020-12/schema") and "quantities" in schema["properties"]


def test_evaluate_holds_floors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text("\n".join(OWN_GOLD.read_text(encoding="utf-8").splitlines()[:4]) + "\n", encoding="utf-8")
    assert main(["extract", str(gold), "-o", str(tmp_path)]) == 0
    floors = tmp_path / "floors.json"
    floors.write_text('{"quantities": 0.9}')
    assert main(["evaluate", str(gold), str(tmp_path / "bulletins.jsonl"), "--floors", str(floors)]) == 0
    assert "quantities" in capsys.readouterr().out
    floors.write_text('{"quantities": 1.1, "verbs": 0.5}')
    assert main(["evaluate", str(gold), str(tmp_path / "bulletins.jsonl"), "--floors", str(floors), "--errors"]) == 1


def test_installed_command_is_not_shadowed(tmp_path: Path) -> None:
    """A folder with packages of our names does not come before ours."""
    command = Path(sys.executable).with_name("gongbao")
    if not command.is_file():
        pytest.skip("the command is not installed in this environment")
    for name in ("models", "corpus", "pipeline"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('the wrong package')")
    done = subprocess.run([command, "schema"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
