"""The flows, without a server and with one on loopback; what they do is tested without Prefect in the other files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import fakes
import pytest
import yaml
from servers import free_port

from corpus.sites import site_names
from pipeline.ledger import Counts, Ledger
from pipeline.sinks import open_store

sys.path.insert(0, str(Path(__file__).parent / "site"))
from server import TestSite

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """One Prefect home for the module: making its database takes seconds."""
    return tmp_path_factory.mktemp("prefect")


@pytest.fixture
def folder(tmp_path):
    given = tmp_path / "in"
    given.mkdir()
    for number in range(25):
        (given / f"{number:03}.txt").write_text(fakes.document(number), encoding="utf-8")
    (given / "empty.txt").write_text("")
    return given


@pytest.fixture
def run(home):
    def go(flow, **arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        environment["PREFECT_HOME"] = str(home)
        command = [sys.executable, str(ROOT / "tests" / "flow_runs.py"), flow, json.dumps(arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180)

    return go


def printed(done) -> list:
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def test_batch_offline_on_processes(run, folder, tmp_path):
    """No server, and any look beyond loopback (telemetry too) would have ended the process."""
    (folder / "busy.txt").write_text("BUSY", encoding="utf-8")
    done = run("batch", source=str(folder), out=str(tmp_path / "out"), workers="processes", count=2, size=5, process="fakes:process")
    counts, artifacts = printed(done)
    assert counts == {"total": 27, "extracted": 25, "unchanged": 0, "failed": 2}
    table = json.loads(artifacts["batch-result"])
    assert [row["inputs"] for row in table[:4]] == [25, 0, 2, 27]
    assert {Path(row["input"]).name: row["reason"] for row in table[4:]}["empty.txt"] == "empty"
    assert "batch-progress" in artifacts
    assert "NETWORK" not in done.stderr
    assert len((tmp_path / "out" / "bulletins.jsonl").read_text().splitlines()) == 25
    with Ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        assert ledger.runs() == [Counts(27, 25, 0, 2)]
        assert ledger.known()[str(folder / "busy.txt")].transient


@pytest.mark.slow
def test_batch_on_a_dask_cluster_of_two_workers(run, folder, tmp_path):
    pytest.importorskip("prefect_dask")
    done = run("batch", source=str(folder), out=str(tmp_path / "out"), workers="dask", count=2, size=5, process="fakes:process")
    assert printed(done)[0] == {"total": 26, "extracted": 25, "unchanged": 0, "failed": 1}
    run("batch", source=str(folder), out=str(tmp_path / "threads"), workers="threads", count=2, size=9, process="fakes:process")
    for name in ("bulletins.jsonl", "facts.jsonl", "failed.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "threads" / name).read_bytes()


@pytest.mark.slow
def test_crawl_and_load_offline(run, folder, tmp_path):
    with TestSite(count=2) as site:
        site.robots = (404, b"")
        text = (ROOT / "tests" / "site" / "loopback.yaml").read_text(encoding="utf-8")
        definition = tmp_path / "loopback.yaml"
        content = yaml.safe_load(text.replace("{base}", site.base))
        definition.write_text(json.dumps({**content, "minimum": 2, "delay": 0, "columns": content["columns"][:1]}), encoding="utf-8")
        arguments = {
            "sites": [str(definition)],
            "out": str(tmp_path / "pages"),
            "contact": "x@example.org",
            "delay": 0,
            "allow_hosts": [site.host],
        }
        assert printed(run("crawl", **arguments))[0]["loopback"]["stored"] == 4
        definition.write_text(json.dumps({**content, "minimum": 50, "delay": 0, "columns": content["columns"][:1]}), encoding="utf-8")
        done = run("crawl", **arguments)
        assert done.returncode != 0
        assert "at least 50 are expected" in done.stderr


@pytest.fixture(scope="module")
def prefect_server(tmp_path_factory):
    """A real Prefect server on loopback; yields the environment that points to it."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= {
        "PREFECT_HOME": str(tmp_path_factory.mktemp("server")),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    environment["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    try:
        _until(lambda: _get(f"http://127.0.0.1:{port}/api/health"), 90)
        yield environment
    finally:
        process.terminate()
        process.wait(30)


def _get(url: str):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.loads(answer.read())
    except OSError:
        return None


def _post(url: str, body: dict):
    """What the server answers; asked again while it says that it is busy (503)."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def ask():
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return (json.loads(answer.read()),)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            return None

    return _until(ask, 60)[0]


def _until(check, seconds: float):
    """Waits for another process; returns what `check` gives once it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s")


@pytest.mark.slow
def test_deployed_on_a_server_and_run_by_a_worker(prefect_server, folder, tmp_path):
    """prefect.yaml as it stands: all three deployments are made, and one is run by a worker of its pool."""
    environment = {**prefect_server, "GONGBAO_DATA": str(tmp_path), "GONGBAO_CONTACT": "x@example.org", "PYTHONPATH": str(ROOT / "tests")}
    api = prefect_server["PREFECT_API_URL"]

    def prefect(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *command],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
        return done.stdout

    prefect("work-pool", "create", "gongbao", "--type", "process")
    prefect("work-pool", "set-concurrency-limit", "gongbao", "2")
    prefect("deploy", "--all")
    made = {row["name"]: row for row in _post(f"{api}/deployments/filter", {})}
    assert set(made) == {"crawl", "batch", "load"}
    assert {row["schedules"][0]["schedule"]["timezone"] for row in made.values()} == {"Asia/Shanghai"}
    assert {row["work_pool_name"] for row in made.values()} == {"gongbao"}
    assert {row["global_concurrency_limit"]["limit"] for row in made.values()} == {1}
    parameters = {"source": str(folder), "out": str(tmp_path / "records"), "workers": "threads", "count": 1, "process": "fakes:process"}
    started = _post(f"{api}/deployments/{made['batch']['id']}/create_flow_run", {"parameters": parameters, "state": {"type": "SCHEDULED"}})
    worker = subprocess.Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "gongbao"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert _ended(api, started["id"]) == "COMPLETED"
    finally:
        _stop(worker)
    assert len((tmp_path / "records" / "bulletins.jsonl").read_text().splitlines()) == 25
    tasks = _until(lambda: _post(f"{api}/task_runs/filter", {"flow_runs": {"id": {"any_": [started["id"]]}}}), 20)
    assert [task["name"].split("-")[0] for task in tasks] == ["extract"], "one task per batch"


@pytest.mark.slow
def test_serve_in_one_process(home, tmp_path):
    """`gongbao serve` with a server of its own: the deployments are there, and one that is asked for is run."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [
        sys.executable,
        str(ROOT / "gongbao.py"),
        "serve",
        "mca",
        "-o",
        str(tmp_path),
        "--contact",
        "x@example.org",
        "--port",
        str(port),
    ]
    environment |= {"PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    (tmp_path / "bulletins.jsonl").write_text(
        fakes.bulletin("a.txt", "甲\n2024年青川市有社工站12个。").model_dump_json() + "\n", encoding="utf-8"
    )
    process = subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        served = _until(lambda: _get(f"{api}/deployments/name/load/load"), 90)
        schedule = _get(f"{api}/deployments/name/crawl/crawl-mca")["schedules"][0]["schedule"]
        assert (schedule["cron"], schedule["timezone"]) == ("30 1 * * *", "Asia/Shanghai")
        body = {"parameters": {"source": str(tmp_path), "target": str(tmp_path / "x.sqlite")}, "state": {"type": "SCHEDULED"}}
        started = _post(f"{api}/deployments/{served['id']}/create_flow_run", body)
        assert _ended(api, started["id"]) == "COMPLETED"
        with open_store(str(tmp_path / "x.sqlite")) as store:
            assert store.rows("SELECT title FROM bulletins") == [("甲",)]
    finally:
        _stop(process)


def _stop(process: subprocess.Popen) -> None:
    """As Ctrl-C does; how long it takes depends on the machine's load, and nothing here is about that."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its server, too
        process.wait()


def _ended(api: str, run: str) -> str:
    """The state in which a flow run ends."""
    ended = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
    found = _until(lambda: (state := _get(f"{api}/flow_runs/{run}")) and state["state_type"] in ended and state, 120)
    return found["state_type"]


def test_prefect_yaml_names_flows_that_exist_and_sites_that_are_shipped():
    content = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    for deployment in content["deployments"]:
        path, name = deployment["entrypoint"].split(":")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
        assert deployment["schedules"][0]["timezone"] == "Asia/Shanghai"
        assert set(deployment["parameters"].get("sites", [])) <= set(site_names())


def test_flows_are_tables_of_contents():
    """No flow function is longer than 40 lines; nothing below flows knows Prefect."""
    import ast

    for path in (ROOT / "flows").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 40, f"{path.name}: {node.name}"
    below = [path for name in ("pipeline", "corpus", "extractors", "models") for path in (ROOT / name).rglob("*.py")]
    assert not [path.name for path in below if "import prefect" in path.read_text(encoding="utf-8")]
