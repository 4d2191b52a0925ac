"""All deployments in one process, for a small team: every site on its own schedule, then the batch, then the load."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.errors import ConfigError
from corpus.sites import load_site
from flows.offline import DEFAULTS

ZONE = "Asia/Shanghai"
START_SECONDS = 90


@contextmanager
def server(port: int) -> Iterator[str]:
    """The Prefect server that PREFECT_API_URL names, or one of our own on loopback; yields its API address."""
    if found := os.environ.get("PREFECT_API_URL"):
        yield found
        return
    url = f"http://127.0.0.1:{port}/api"
    environment = {**os.environ, **{name: DEFAULTS[name] for name in ("DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED")}}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url, process)
        os.environ["PREFECT_API_URL"] = url
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(2 * START_SECONDS):
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except OSError:
            if process.poll() is not None:
                raise ConfigError(url, "the Prefect server does not start") from None
            time.sleep(0.5)
    raise ConfigError(url, "the Prefect server does not answer")


def deployments(sites: Sequence[str], data: Path, contact: str, target: str, batch_cron: str, load_cron: str) -> list[Any]:
    """A deployment per site with the site's schedule, one for the batch, one for the load; each runs once at a time."""
    from prefect.schedules import Cron

    from flows.batch import batch
    from flows.crawl import crawl
    from flows.load import load

    pages, records = str(data / "pages"), str(data / "records")
    made: list[tuple[Any, str, str, dict[str, Any]]] = []
    for name in sites:
        site = load_site(name)
        parameters: dict[str, Any] = {"sites": [str(name)], "out": pages, "contact": contact}
        made.append((crawl, f"crawl-{site.name}", site.schedule, parameters))
    made.append((batch, "batch", batch_cron, {"source": pages, "out": records}))
    made.append((load, "load", load_cron, {"source": records, "target": target}))
    return [
        flow.to_deployment(name, schedule=Cron(cron, timezone=ZONE), parameters=parameters, concurrency_limit=1)
        for flow, name, cron, parameters in made
    ]


def serve_all(sites: Sequence[str], data: Path, contact: str, target: str, batch_cron: str, load_cron: str, port: int, limit: int) -> None:
    """Serve until interrupted."""
    with server(port) as url:
        from prefect import serve

        print(f"gongbao: serving; the dashboard is at {url.removesuffix('/api')}", file=sys.stderr, flush=True)
        serve(*deployments(sites, data, contact, target, batch_cron, load_cron), limit=limit, print_starting_message=False)
