"""Batches: every input ends once, nothing is done twice, nothing is lost."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import fakes
import pytest

from corpus.errors import ConfigError
from corpus.records import Bulletin
from pipeline import batch
from pipeline.batch import Job, extract_batch
from pipeline.items import Item, find_items
from pipeline.ledger import Counts, Ledger
from pipeline.workers import Workers

JOB = Job(process="fakes:process")


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "in"
    given.mkdir()
    for number in range(25):
        (given / f"{number:03}.txt").write_text(fakes.document(number), encoding="utf-8")
    (given / "empty.txt").write_text("")
    return given


@pytest.fixture
def go(folder, tmp_path):
    def run(version="v1", kind="threads", size=4, source=folder, out="out"):
        with Workers(kind, 2) as workers:
            return batch.run(source, tmp_path / out, workers, version, job=JOB, size=size)

    return run


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_input_ends_once(go, tmp_path):
    assert go() == Counts(26, 25, 0, 1)
    bulletins = [Bulletin.model_validate(line) for line in lines(tmp_path / "out" / "bulletins.jsonl")]
    assert len(bulletins) == len({one.id for one in bulletins}) == 25
    assert len(lines(tmp_path / "out" / "facts.jsonl")) == sum(
        len(getattr(one, name)) for one in bulletins for name in ("quantities", "times", "policies", "organizations", "places")
    )
    failed = lines(tmp_path / "out" / "failed.jsonl")
    assert [(Path(row["uri"]).name, row["reason"]) for row in failed] == [("empty.txt", "empty")]


def test_a_second_run_extracts_nothing(go, tmp_path, monkeypatch):
    go()
    stamps = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.jsonl")}

    def forbidden(*_, **__):
        raise AssertionError("extracted again")

    monkeypatch.setattr(fakes, "process", forbidden)
    assert go() == Counts(26, 0, 25, 1)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.jsonl")} == stamps
    with Ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        assert ledger.runs() == [Counts(26, 25, 0, 1), Counts(26, 0, 25, 1)]


def test_only_what_changed_is_done(go, folder, tmp_path):
    go()
    (folder / "003.txt").write_text("改\n2024年青川市有社工站9个。", encoding="utf-8")
    (folder / "004.txt").unlink()
    (folder / "new.txt").write_text("新\n7个", encoding="utf-8")
    (folder / "empty.txt").write_text("补\n8个", encoding="utf-8")
    assert go() == Counts(26, 3, 23, 0)
    titles = {line["title"] for line in lines(tmp_path / "out" / "bulletins.jsonl")}
    assert {"改", "新", "补"} <= titles
    assert fakes.document(4).split("\n")[0] not in titles
    assert go(version="v2") == Counts(26, 26, 0, 0)


def test_the_same_bytes_on_threads_and_processes_in_any_batches(go, tmp_path):
    go(out="a", size=3)
    go(out="b", size=100, kind="processes")
    for name in ("bulletins.jsonl", "facts.jsonl", "failed.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_dying_process_takes_only_its_document(go, folder, tmp_path):
    (folder / "007.txt").write_text("DIE", encoding="utf-8")
    assert go(kind="processes", size=10) == Counts(26, 24, 0, 2)
    reasons = {Path(row["uri"]).name: row["reason"] for row in lines(tmp_path / "out" / "failed.jsonl")}
    assert "process died" in reasons["007.txt"]
    assert go(kind="processes") == Counts(26, 0, 24, 2)


def test_a_defect_is_a_counted_failure(go, folder, tmp_path):
    (folder / "007.txt").write_text("BUG", encoding="utf-8")
    assert go().failed == 2
    assert "unexpected ValueError" in lines(tmp_path / "out" / "failed.jsonl")[0]["reason"]


def test_what_may_pass_is_tried_again_and_by_the_next_run(go, folder, monkeypatch):
    (folder / "007.txt").write_text("BUSY", encoding="utf-8")
    calls = []
    real = fakes.process

    def counted(source, **options):
        calls.append(str(source))
        return real(source, **options)

    monkeypatch.setattr(fakes, "process", counted)
    assert go() == Counts(26, 24, 0, 2)
    assert sum(call.endswith("007.txt") for call in calls) == batch.ATTEMPTS
    assert sum(call.endswith("empty.txt") for call in calls) == 1, "what cannot pass is not tried again"
    monkeypatch.setattr(fakes, "process", lambda source, **_: [fakes.bulletin(str(source), "好\n1个")])
    assert go() == Counts(26, 1, 24, 1)


def test_output_that_a_kill_left_behind_is_completed(go, tmp_path):
    go()
    whole = (tmp_path / "out" / "facts.jsonl").read_bytes()
    with Ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        ledger.mark_written(0)  # killed after the last commit, before the files were written
    (tmp_path / "out" / "facts.jsonl").write_bytes(whole[:100])
    go()
    assert (tmp_path / "out" / "facts.jsonl").read_bytes() == whole


def test_a_manifest_names_inputs_relative_to_itself(go, folder, tmp_path):
    manifest = folder / "list.jsonl"
    manifest.write_text(
        '# two\n001.txt\n{"path": "002.txt", "uri": "http://a/2", "published": "2024-05-01"}\nmissing.txt\n', encoding="utf-8"
    )
    assert [(item.uri, item.published and item.published.month) for item in find_items(manifest)][1] == ("http://a/2", 5)
    assert go(source=manifest) == Counts(3, 2, 0, 1)
    reasons = lines(tmp_path / "out" / "failed.jsonl")
    assert reasons[0]["reason"] == "cannot be read: No such file or directory"


@pytest.mark.parametrize("text", ['{"uri": "x"}', '{"path": "a", "published": "soon"}', "{"])
def test_a_wrong_manifest_is_refused(tmp_path, text):
    (tmp_path / "m").write_text(text)
    with pytest.raises(ConfigError, match="m:1"):
        find_items(tmp_path / "m")


def test_unknown_input_and_workers(tmp_path):
    with pytest.raises(ConfigError, match="no such folder or manifest"):
        find_items(tmp_path / "nothing")
    with pytest.raises(ConfigError, match="not one of"):
        Workers("carrier pigeons")


def test_two_runs_at_once(folder, tmp_path):
    command = [sys.executable, "-c", SCRIPT, str(folder), str(tmp_path / "out")]
    both = [subprocess.Popen(command, cwd=Path(__file__).parents[1]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    with Ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        assert all(counts.total == 26 for counts in ledger.runs())
        assert len(list(ledger.results())) == 25
    assert len(lines(tmp_path / "out" / "bulletins.jsonl")) == 25


def test_workers_leave_when_their_run_is_killed(folder, tmp_path):
    for path in folder.glob("0*.txt"):
        path.write_text(path.read_text(encoding="utf-8") + "SLOW", encoding="utf-8")
    script = SCRIPT.replace('"threads"', '"processes"')
    command = [sys.executable, "-c", script, str(folder), str(tmp_path / "out")]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], start_new_session=True, stderr=subprocess.DEVNULL)
    until(lambda: len(session(process.pid)) >= 4)  # the run, its fork server, the tracker of resources, a worker
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not session(process.pid))


def session(number: int) -> list[Path]:
    """The processes of a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text().rsplit(")", 1)[1].split()[3]) == number:
                found.append(path)
        except OSError:
            pass
    return found


def until(check) -> None:
    end = time.monotonic() + 20
    while not check():
        assert time.monotonic() < end
        time.sleep(0.02)


SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = [".", "tests"]
from pipeline import batch
from pipeline.workers import Workers
if __name__ == "__main__":
    with Workers("threads", 2) as workers:
        batch.run(Path(sys.argv[1]), Path(sys.argv[2]), workers, "v1", job=batch.Job(process="fakes:process"), size=5)
"""


@pytest.mark.slow
def test_killed_at_random_moments_the_end_is_the_same(folder, tmp_path):
    for path in folder.glob("0*.txt"):
        path.write_text(path.read_text(encoding="utf-8") + "SLOW", encoding="utf-8")
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    root = Path(__file__).parents[1]
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder), str(clean)], cwd=root, check=True, timeout=60)
    whole = time.monotonic() - started
    moments = random.Random(7)
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(folder), str(killed)], cwd=root)
        try:
            process.wait(moments.uniform(0.3, 1.0) * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    subprocess.run([sys.executable, "-c", SCRIPT, str(folder), str(killed)], cwd=root, check=True, timeout=60)
    for name in ("bulletins.jsonl", "facts.jsonl", "failed.jsonl"):
        assert (clean / name).read_bytes() == (killed / name).read_bytes()


def test_a_worker_gives_one_outcome_per_item(folder):
    items = [Item(str(path), str(path)) for path in sorted(folder.iterdir())]
    outcomes = extract_batch(items, JOB)
    assert [outcome.uri for outcome in outcomes] == [item.uri for item in items]
    assert {outcome.state for outcome in outcomes} == {"extracted", "failed"}
