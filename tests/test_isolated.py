"""Documents that take too long or crash their process, and containers of which a part is unreadable: all are counted and named."""

from __future__ import annotations

import json
import os
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import ReadError
from flows.commands import run_batch
from gongbao import _parser, main
from pipeline.batch import Job, run
from pipeline.isolated import Isolated
from pipeline.ledger import Ledger
from pipeline.read.limits import LIMITS
from pipeline.run import Bulletins, process
from pipeline.settings import Settings
from pipeline.workers import Workers

TEXT = "平桥县民政局截至2023年底建成社工站12个，配备社工36名。"
HASTY = Settings(limits=replace(LIMITS, seconds=3))


def process_or_hang(source: str, **options: object) -> Bulletins:
    """Stands for a parser that never comes back, or that crashes."""
    if "hangs" in source:
        _run_for_ever()
    if "crashes" in source:
        os._exit(9)
    return process(source, **options)  # type: ignore[arg-type]


def _run_for_ever() -> None:
    while True:
        time.monotonic()


def _zip(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_a_document_over_the_time_limit_fails_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><p>{TEXT}</p></body></html>", encoding="utf-8")
    with (
        Isolated(Settings(limits=replace(LIMITS, seconds=0.001))) as worker,
        pytest.raises(ReadError, match=r"took more than 0\.001 seconds"),
    ):
        worker.process(str(page))
    with Isolated() as worker:
        assert len(worker.process(str(page))[0].quantities) == 2


@pytest.mark.slow
def test_one_document_of_a_batch_hangs_and_one_crashes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "crashes", "hangs", "z"):
        (folder / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    with Workers("processes", 1) as workers:
        counts = run(folder, tmp_path / "out", workers, "1", job=Job(HASTY, "test_isolated:process_or_hang"))
    assert (counts.extracted, counts.failed) == (2, 2)
    with Ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        reasons = {Path(uri).stem: reason for uri, reason in ledger.failures()}
    assert set(reasons) == {"crashes", "hangs"}
    assert reasons["hangs"] == "took more than 3 seconds"


def test_extract_names_the_parts_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "two.jsonl"
    source.write_text(json.dumps({"id": "a", "text": TEXT}, ensure_ascii=False) + "\n{broken\n", encoding="utf-8")
    assert main(["extract", str(source), "-o", str(tmp_path / "out")]) == 1
    assert json.loads((tmp_path / "out" / "failed.jsonl").read_text()) == {"uri": f"{source}#2", "reason": "not JSON"}
    assert "1 bulletins, 0 inputs failed, 1 parts of others" in capsys.readouterr().err


def test_a_part_without_text_does_not_vanish(tmp_path: Path) -> None:
    source = _zip(tmp_path / "two.zip", {"good.txt": TEXT, "blank.html": "<html><body><div></div></body></html>"})
    found = process(source)
    assert len(found) == 1
    assert [name for name, _ in found.failed] == [f"{source}!blank.html"]


def test_a_container_of_nothing_readable_fails(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="nothing readable"):
        process(_zip(tmp_path / "none.zip", {"a.html": "<html></html>", "b.html": "<html></html>"}))


def test_a_batch_keeps_the_parts_that_failed(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "two.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}, ensure_ascii=False) + "\n{broken\n", encoding="utf-8")
    args = _parser().parse_args(["run", str(source), "-o", str(tmp_path / "out"), "--plain", "--workers", "threads"])
    for _ in range(2):  # the second run knows them from the ledger
        assert run_batch(args) == 1
        failed = [json.loads(line) for line in (tmp_path / "out" / "failed.jsonl").read_text().splitlines()]
        assert failed == [{"uri": f"{source / 'two.jsonl'}#2", "reason": "not JSON"}]
    (source / "two.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}, ensure_ascii=False) + "\n", encoding="utf-8")
    assert run_batch(args) == 0


def test_limits_come_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.txt"
    source.write_text(TEXT, encoding="utf-8")
    assert main(["extract", str(source), "-o", str(tmp_path / "out"), "--limit", "file_bytes=10"]) == 1
    assert "larger than 10 bytes" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["extract", str(source), "-o", str(tmp_path / "out"), "--limit", "meter=1"])


def test_settings_survive_the_way_through_flow_parameters() -> None:
    settings = Settings(indicators=(Path("a.yaml"),), boxes=True, limits=replace(LIMITS, pages=3))
    assert Settings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")
def test_a_document_over_the_memory_limit_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><body>{f'<p>{TEXT}</p>' * 50_000}</body></html>", encoding="utf-8")
    with (
        Isolated(Settings(limits=replace(LIMITS, memory_bytes=100 * 2**20))) as worker,
        pytest.raises(ReadError, match="memory"),
    ):
        worker.process(str(page))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_devices_and_links_in_a_circle(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "again").symlink_to(folder)
    assert main(["extract", str(folder), "-o", str(tmp_path / "out")]) == 1
    failed = [json.loads(line) for line in (tmp_path / "out" / "failed.jsonl").read_text().splitlines()]
    assert {Path(entry["uri"]).name: entry["reason"] for entry in failed} == {"pipe.txt": "not a file", "device.txt": "not a file"}
    assert len((tmp_path / "out" / "bulletins.jsonl").read_text().splitlines()) == 1
    args = _parser().parse_args(["run", str(folder), "-o", str(tmp_path / "run"), "--plain", "--workers", "threads"])
    assert run_batch(args) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")
def test_names_and_texts_that_are_no_text_fail_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode("泸县.txt".encode("gb18030"))).write_text(TEXT, encoding="utf-8")
    (folder / os.fsdecode("空.txt".encode("gb18030"))).write_text("", encoding="utf-8")
    (folder / "half.jsonl").write_text('{"text": "建成\\ud83d社工站12个。"}\n', encoding="utf-8")
    assert main(["extract", str(folder), "-o", str(tmp_path / "out"), "--format", "csv,parquet"]) == 1
    [line] = (tmp_path / "out" / "bulletins.jsonl").read_text(encoding="utf-8").splitlines()
    assert Path(json.loads(line)["source"]["uri"]).name == "泸县.txt"
    failed = [json.loads(line) for line in (tmp_path / "out" / "failed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {Path(entry["uri"]).name: entry["reason"].split(":")[-1].strip() for entry in failed} == {
        "half.jsonl": "half of a surrogate pair",
        "空.txt": "empty file",
    }
    args = _parser().parse_args(["run", str(folder), "-o", str(tmp_path / "run"), "--plain", "--workers", "threads"])
    assert run_batch(args) == 1
    assert len((tmp_path / "run" / "bulletins.jsonl").read_text(encoding="utf-8").splitlines()) == 1
