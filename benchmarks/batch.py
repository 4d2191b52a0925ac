"""What a batch costs: documents per second, Prefect's share, memory, the second run, and whether kills change the end.

    python benchmarks/batch.py speed [--documents 10000]     documents/s on one and two processes, with and without Prefect; second run
    python benchmarks/batch.py memory                        peak memory of 10,000 documents against 1,000
    python benchmarks/batch.py kills [--times 20]            kill -9 at random moments of batch, crawl and load; the end compared
    python benchmarks/batch.py nights                        two nightly crawls of the test site, requests counted

Documents are generated: county news of about 1,000 characters with 10 to 20 numbers each, all different.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "site")]

SENTENCES = (
    "{year}年,{area}民政局持续推进{what},全{level}已建成{place}{a}个,配备工作人员{b}名。",
    "截至{year}年底,{place}累计服务{who}{c}余人次,发放资金{d}万元,覆盖率达到{p}%。",
    "今年以来,{area}新建{place}{a}处,改造提升{b}处,惠及{who}{c}人,同比增长{q}%。",
    "按照《{area}{what}三年行动方案》要求,到{next}年,每个街道至少建成1个{place},护理人员达到{b}人。",
    "其中,城区{a}个、乡镇{b}个,分别服务{who}{c}人和{e}人,群众满意度保持在{p}%以上。",
    "{area}财政安排{what}补助资金{d}万元,对符合条件的{who}按照每人每月{f}元的标准予以补助。",
)
AREAS = ("云南省昆明市", "山东省济南市", "浙江省建德市", "四川省青川县", "湖北省宜昌市", "贵州省遵义市", "江苏省昆山市", "广东省中山市")
WHATS = ("社会工作服务站建设", "养老服务体系建设", "社会救助工作", "未成年人保护工作", "殡葬服务改革", "社会组织培育")
PLACES = ("社会工作服务站", "养老服务中心", "未成年人保护工作站", "农村互助幸福院", "社区食堂")
WHO = ("困难群众", "特殊困难老年人", "留守儿童", "残疾人", "低保对象")


def document(number: int, length: int = 1000) -> str:
    """The number-th generated document."""
    pick = random.Random(number)
    area = pick.choice(AREAS)
    text = f"{area[-3:]}:{pick.choice(WHATS)}见成效({number})\n\n"
    while len(text) < length:
        values = {name: pick.randint(2, 900) for name in "abdf"} | {"c": pick.randint(1000, 90_000), "e": pick.randint(1000, 9000)}
        sentence = pick.choice(SENTENCES).format(
            area=area, level="市", what=pick.choice(WHATS), place=pick.choice(PLACES), who=pick.choice(WHO), year=pick.randint(2019, 2025),
            next=pick.randint(2026, 2030), p=pick.randint(50, 99), q=pick.randint(1, 40), **values,
        )  # fmt: skip
        text += sentence + ("\n\n" if pick.random() < 0.25 else "")
    return text + f"\n\n(据{area}民政局)\n"


def make(folder: Path, count: int, length: int) -> Path:
    """A folder of generated documents."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:06}.txt").write_text(document(number, length), encoding="utf-8")
    return folder


def command(*arguments: object) -> list[str]:
    """The command line of gongbao in this checkout."""
    return [sys.executable, str(ROOT / "gongbao.py"), *map(str, arguments)]


class Cost(NamedTuple):
    """What a command took: seconds on the clock, seconds of CPU and peak memory (proportional share, MiB) of all its processes together."""

    wall: float
    cpu: float
    peak: float


def timed(arguments: list[str], home: Path) -> Cost:
    """Run a command and watch its processes."""
    before = time.monotonic()
    environment = {**os.environ, "PREFECT_HOME": str(home)}
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    peak, used = [0.0], dict[str, float]()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            mine = [path for path in Path("/proc").glob("[0-9]*") if _group(path) == process.pid]
            peak.append(sum(map(_share, mine)))
            used.update({path.name: seconds for path in mine if (seconds := _cpu(path))})

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, told = process.communicate()
    took = time.monotonic() - before
    ended.set()
    watcher.join()
    assert process.returncode in (0, 1), told.decode()[-2000:]
    return Cost(took, sum(used.values()), max(peak) / 1024)


def _cpu(path: Path) -> float:
    try:
        values = (path / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")


def _group(path: Path) -> int:
    try:
        return int((path / "stat").read_text().rsplit(")", 1)[1].split()[3])  # the session
    except OSError:
        return -1


def _share(path: Path) -> float:
    try:
        lines = (path / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith("Pss:")), 0.0)


def speed(work: Path, count: int, length: int) -> None:
    """Documents per second, Prefect's share, second run."""
    source = make(work / "in", count, length)
    home = work / "home"
    small = make(work / "small", 2, length)
    timed(command("run", small, "-o", work / "warm"), home)  # makes Prefect's database once
    for workers in (1, 2):
        costs = {}
        for label, options in (("plain", ["--plain"]), ("prefect", [])):
            cost = timed(command("run", source, "-o", work / f"{label}{workers}", "-n", workers, *options), home)
            costs[label] = cost
            print(
                f"{workers} processes, {label}: {cost.wall:.1f} s, {count / cost.wall:.0f} documents/s, CPU {cost.cpu:.1f} s, peak {cost.peak:.0f} MiB",
                flush=True,
            )
        plain, prefect = costs["plain"], costs["prefect"]
        print(
            f"{workers} processes: Prefect's share of the clock {1 - plain.wall / prefect.wall:.1%}, of the CPU {1 - plain.cpu / prefect.cpu:.1%}"
        )
    again = timed(command("run", source, "-o", work / "prefect2", "-n", 2), home).wall
    print(f"second run: {again:.2f} s, {prefect.wall / again:.0f} times faster")


def memory(work: Path, count: int, length: int) -> None:
    """Peak memory of `count` documents against a tenth."""
    peaks = []
    for number in (count // 10, count):
        source = make(work / f"in{number}", number, length)
        peak = timed(command("run", source, "-o", work / f"out{number}", "-n", 2), work / "home").peak
        peaks.append(peak)
        print(f"{number} documents: peak {peak:.0f} MiB, all processes together", flush=True)
    print(f"ratio {peaks[1] / peaks[0]:.2f}")


def killed(arguments: list[str], moment: float, environment: dict[str, str]) -> bool:
    """Run a command in its own group and kill it -9 with all its processes after `moment` seconds; whether it was still running."""
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def dump(path: Path, queries: dict[str, str]) -> str:
    """A hash of what a database holds, by queries that leave out times."""
    database = sqlite3.connect(path)
    content = {name: sorted(map(repr, database.execute(query))) for name, query in queries.items()}
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16] + f" ({sum(map(len, content.values()))} rows)"


TABLES = {
    "bulletins": "SELECT id, digest, source_uri, superseded_by, deleted FROM bulletins",
    "facts": "SELECT id, bulletin_id, text, low, high, series FROM facts",
    "sources": "SELECT uri, item, bulletin_id FROM sources",
    "policies": "SELECT * FROM policies",
    "organizations": "SELECT * FROM organizations",
    "history": "SELECT id, reason FROM fact_history",
    "search": "SELECT bulletin_id FROM search_keys WHERE number IN (SELECT rowid FROM search WHERE search MATCH '\"养老\"')",
}
PAGES = {"pages": "SELECT url, final_url, kind, parent, state, same_as, sha256, fingerprint FROM pages", "columns": "SELECT * FROM columns"}
LEDGER = {"sources": "SELECT uri, sha256, state, bulletins, facts, error FROM sources", "results": "SELECT * FROM results"}


def compare(
    name: str, times: int, clean: list[str], dirty: list[str], clean_path: Path, dirty_path: Path, queries: dict[str, str], home: Path
) -> None:
    """Run a command once to its end and once with kills, then to its end; compare the databases."""
    environment = {**os.environ, "PREFECT_HOME": str(home)}
    whole = timed(clean, home).wall
    idle = timed(clean, home).wall  # nothing left to do
    moments = random.Random(5)
    start = min(idle, 0.7)
    struck = 0
    for number in range(times):  # what is done already is only looked at again
        moment = start + (idle - start) * number / times + (whole - idle) * moments.uniform(0.1, 1.5) / times
        struck += killed(dirty, moment, environment)
    last = timed(dirty, home).wall
    one, two = dump(clean_path, queries), dump(dirty_path, queries)
    print(f"{name}: {struck} of {times} runs killed, a whole run takes {whole:.1f} s, the last took {last:.1f} s; ", end="")
    print(f"{'EQUAL' if one == two else 'DIFFERENT'}: {one}, {two}", flush=True)


def kills(work: Path, times: int, count: int, length: int) -> None:
    """Random kills of batch, load and crawl."""
    source, home = make(work / "in", count, length), work / "home"
    run = ["run", source, "--plain", "--size", 10, "-n", 2]
    batch = [command(*run, "-o", work / name) for name in ("clean", "killed")]
    compare("batch", times, *batch, work / "clean" / "ledger.sqlite", work / "killed" / "ledger.sqlite", LEDGER, home)
    databases = [work / "clean.sqlite", work / "killed.sqlite"]
    load = [command("load", work / "clean", "--plain", "--to", path) for path in databases]
    compare("load", times, *load, *databases, TABLES, home)

    from server import TestSite

    with TestSite(count=200) as site:
        site.robots = (404, b"")
        definition = work / "loopback.yaml"
        definition.write_text(json.dumps(site.definition().model_dump(mode="json") | {"delay": 0.01, "pages": 100}), encoding="utf-8")
        options = ["--plain", "--contact", "x@example.org", "--delay", "0.01", "--allow-host", site.host]
        crawl = [command("crawl", definition, "-o", work / name, *options) for name in ("pages", "struck")]
        compare("crawl", times, *crawl, work / "pages/loopback/crawl.sqlite", work / "struck/loopback/crawl.sqlite", PAGES, home)


def nights(work: Path) -> None:
    """Two nights on the test site."""
    from server import TestSite

    from pipeline.crawl.fetch import CrawlSettings
    from pipeline.crawl.site import crawl_site

    with TestSite() as site:
        site.robots = (404, b"")
        definition = site.definition(delay=0.0)
        for night in (1, 2):
            site.requests.clear()
            report = crawl_site(definition, work, CrawlSettings("x@example.org", delay=0.0, allow_hosts=(site.host,)))
            print(f"night {night}: {len(site.requests)} requests at the server, {report.counts()}")


def main() -> None:
    """Run one of the measurements in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "memory", "kills", "nights"))
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--length", type=int, default=1000, help="characters per document")
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="gongbao-bench-"))
    try:
        if args.what == "speed":
            speed(work, args.documents, args.length)
        elif args.what == "memory":
            memory(work, args.documents, args.length)
        elif args.what == "kills":
            kills(work, args.times, min(args.documents, 2000), args.length)
        else:
            nights(work)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
