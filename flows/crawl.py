"""The crawl flow: sites to their stored pages, one task per site; different hosts at the same time, one host never twice."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.task_runners import ThreadPoolTaskRunner

from corpus.errors import SourceError
from corpus.sites import load_site
from pipeline.crawl.fetch import CrawlSettings
from pipeline.crawl.site import Report, crawl_site

AT_ONCE = 4
"""Sites crawled at the same time."""


@task(name="crawl-site", cache_policy=NO_CACHE, persist_result=False)
def crawl_one(site: str, out: str, settings: CrawlSettings, recheck: int) -> Report:
    """One site. It is not tried again: the fetcher has already waited and asked again where that helps."""
    return crawl_site(load_site(site), Path(out), settings, recheck=recheck)


@flow(name="crawl", persist_result=False, task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE))  # type: ignore[arg-type,unused-ignore]
def crawl(
    sites: list[str], out: str, contact: str, delay: float = 2.0, allow_hosts: list[str] | None = None, recheck: int = 0
) -> dict[str, dict[str, int]]:
    """Crawl sites (names, or paths of YAML files) into OUT/NAME; returns the counts of each.

    Raises SourceError when all sites are done and one of them gave less than its definition promises, or is blocked.
    """
    settings = CrawlSettings(contact=contact, delay=delay, allow_hosts=tuple(allow_hosts or ()))
    futures: list[PrefectFuture[Report]] = []
    last: dict[str, PrefectFuture[Report]] = {}
    for site in sites:
        hosts = {urlsplit(column.url).netloc for column in load_site(site).columns}
        before = [last[host] for host in sorted(hosts) if host in last]  # two definitions of one host take turns
        futures.append(crawl_one.submit(site, out, settings, recheck, wait_for=before, return_state=False))
        last |= dict.fromkeys(hosts, futures[-1])
    reports = [future.result() for future in futures]
    table = [{"site": report.site, **report.counts(), "errors": "; ".join(report.errors)} for report in reports]
    create_table_artifact(table, key="crawl-result")
    if wrong := [f"{report.site}: {error}" for report in reports for error in report.errors]:
        raise SourceError(f"{len(wrong)} errors", "\n".join(wrong))
    return {report.site: report.counts() for report in reports}
