"""The commands around flows and databases, as a person types them, with --plain so that Prefect's start is not waited for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gongbao import main

sys.path.insert(0, str(Path(__file__).parent / "site"))
from server import TestSite

TEXT = "青川:社工站全覆盖\n\n2023年,青川县建成社会工作服务站{n}个,服务困难群众3200余人次。\n\n(据青川县民政局)\n"


@pytest.fixture
def records(tmp_path, capsys):
    """The output of a run over three files, one of them empty."""
    given = tmp_path / "in"
    given.mkdir()
    for number in (12, 15):
        (given / f"{number}.txt").write_text(TEXT.format(n=number), encoding="utf-8")
    (given / "empty.txt").write_text("")
    assert main(["run", str(given), "-o", str(tmp_path / "out"), "--plain", "--workers", "threads"]) == 1
    told = capsys.readouterr().err
    assert "3 inputs: 2 extracted, 0 unchanged, 1 failed" in told
    assert "empty.txt: " in told
    return tmp_path / "out"


def test_run_again_is_said_to_be_unchanged(records, capsys):
    assert main(["run", str(records.parent / "in"), "-o", str(records)]) == 1
    assert "3 inputs: 0 extracted, 2 unchanged, 1 failed" in capsys.readouterr().err


def test_run_of_nothing_is_a_clear_error(tmp_path, capsys):
    assert main(["run", str(tmp_path / "none"), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_load_search_and_export(records, capsys, tmp_path):
    database = str(tmp_path / "g.sqlite")
    assert main(["load", str(records), "--to", database, "--plain"]) == 0
    assert "2 new" in capsys.readouterr().err
    assert main(["search", database, "社工", "困难群众"]) == 0
    assert capsys.readouterr().out.count("社工站全覆盖") == 4  # title and snippet of both
    assert main(["search", database, "殡葬"]) == 1
    assert main(["export", database, "-o", str(tmp_path / "package"), "--licence", "CC0-1.0"]) == 0
    assert json.loads((tmp_path / "package" / "datapackage.json").read_text())["licenses"][0]["name"] == "CC0-1.0"
    assert main(["export", str(records), "-o", str(tmp_path / "again"), "--format", "xml"]) == 1


def test_load_to_parquet_and_of_nothing(records, capsys, tmp_path):
    assert main(["load", str(records), "--to", f"parquet:{tmp_path / 'p'}", "--plain"]) == 0
    assert list((tmp_path / "p").rglob("facts.parquet"))
    assert main(["load", str(tmp_path / "none"), "--plain"]) == 1
    (tmp_path / "bad.jsonl").write_text('{"id": 3}\n')
    assert main(["load", str(tmp_path / "bad.jsonl"), "--to", str(tmp_path / "x"), "--plain"]) == 1
    assert "bad.jsonl:1: not a bulletin" in capsys.readouterr().err


def test_crawl_then_run_over_the_pages(tmp_path, capsys):
    with TestSite(count=2) as site:
        site.robots = (404, b"")
        definition = tmp_path / "loopback.yaml"
        content = site.column("rss", "/rss.xml").model_dump(mode="json") | {"delay": 0}
        definition.write_text(json.dumps(content), encoding="utf-8")
        command = ["crawl", str(definition), "-o", str(tmp_path / "pages"), "--plain", "--contact", "x@example.org", "--delay", "0"]
        assert main([*command]) == 1, "loopback is not allowed by default"
        assert "not a public one" in capsys.readouterr().err
        assert main([*command, "--allow-host", site.host]) == 0
        assert "2 stored" in capsys.readouterr().err
    assert main(["run", str(tmp_path / "pages"), "-o", str(tmp_path / "out"), "--plain", "--workers", "threads"]) == 0
    lines = [json.loads(line) for line in (tmp_path / "out" / "bulletins.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["source"]["uri"].rsplit("/", 1)[-1] for line in lines} == {"content_0.html", "content_1.html"}
    assert all(line["source"]["retrieved"] for line in lines)


def test_crawl_without_contact_and_of_an_unknown_site(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("GONGBAO_CONTACT", raising=False)
    assert main(["crawl", "mca", "-o", str(tmp_path)]) == 2
    assert "--contact" in capsys.readouterr().err
    assert main(["crawl", "atlantis", "-o", str(tmp_path)]) == 1
    assert "no such site" in capsys.readouterr().err
    assert main(["crawl"]) == 0
    assert "mca\t民政部\ttested: never" in capsys.readouterr().out


def test_commands_do_not_load_prefect_for_nothing():
    script = "import sys, gongbao; gongbao._parser(); sys.exit('prefect' in sys.modules or 'pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[1], timeout=30).returncode == 0
