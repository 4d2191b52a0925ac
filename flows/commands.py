"""What the commands of flows/cli.py do. Prefect is imported only when a flow runs."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.sites import Site
    from pipeline.batch import Plan
    from pipeline.ledger import Counts
    from pipeline.settings import Settings

DONE, SOME_FAILED, WRONG_USAGE = 0, 1, 2
EARLY = 8
"""Batches per worker that are begun before Prefect is ready."""


def run_batch(args: argparse.Namespace) -> int:
    """Extract what is new; where nothing is, Prefect is not even loaded."""
    from pipeline.batch import Run
    from pipeline.cli import read_settings
    from pipeline.version import version

    settings = read_settings(args)
    run = Run(Path(args.source), Path(args.out), version(settings), size=args.size)
    if not run.plan.todo:
        counts: Any = run.finish()
    else:
        run.close()
        counts = _extract_plainly(args, settings) if args.plain else _extract_as_flow(args, settings, run.plan)
    failures = (Path(args.out) / "failed.jsonl").read_text(encoding="utf-8").splitlines()
    for failure in map(json.loads, failures):
        print(f"gongbao: {failure['uri']}: {failure['reason']}", file=sys.stderr)
    print(f"gongbao: {counts}", file=sys.stderr)
    return SOME_FAILED if failures else DONE


def _extract_plainly(args: argparse.Namespace, settings: Settings) -> Counts:
    from pipeline import batch
    from pipeline.version import version
    from pipeline.workers import Workers

    with Workers(args.workers, args.count, args.dask) as workers:
        return batch.run(Path(args.source), Path(args.out), workers, version(settings), job=batch.Job(settings), size=args.size)


def _extract_as_flow(args: argparse.Namespace, settings: Settings, plan: Plan) -> Counts:
    """The batch flow. Our own workers begin while Prefect is loaded and starts its server."""
    from flows.offline import loading, offline, quiet
    from pipeline.batch import Job
    from pipeline.ledger import Counts
    from pipeline.workers import Workers

    with ExitStack() as stack:
        if args.workers != "dask":
            workers = stack.enter_context(Workers(args.workers, args.count))
            workers.begin(plan.todo[: EARLY * workers.count], Job(settings))
        quiet()
        with loading():
            from flows.batch import batch
            from flows.runners import ready

        if args.workers != "dask":
            stack.enter_context(ready(workers))
        stack.enter_context(offline())
        return Counts(**batch(args.source, args.out, args.workers, args.count, args.dask, args.size, settings.to_json()))


def run_crawl(args: argparse.Namespace) -> int:
    """Crawl sites; exit code 1 when one is blocked or gives less than its definition promises."""
    from corpus.errors import SourceError
    from corpus.sites import load_site, site_names

    sites = [load_site(name) for name in args.sites or site_names()]
    if not args.sites:
        for site in sites:
            print(f"{site.name}\t{site.title}\ttested: {site.tested}")
        return DONE
    if not args.out or not args.contact:
        print(f"gongbao: a crawl needs {'-o OUT' if not args.out else '--contact, so that the site can reach you'}", file=sys.stderr)
        return WRONG_USAGE
    try:
        found = _crawl_plainly(args, sites) if args.plain else _crawl_as_flow(args)
    except SourceError as error:
        print(f"gongbao: {error.reason}".replace("\n", "\ngongbao: "), file=sys.stderr)
        return SOME_FAILED
    for name, counts in found.items():
        print(f"gongbao: {name}: " + ", ".join(f"{count} {what}" for what, count in counts.items()), file=sys.stderr)
    return DONE


def _crawl_plainly(args: argparse.Namespace, sites: list[Site]) -> dict[str, dict[str, int]]:
    from corpus.errors import SourceError
    from pipeline.crawl.fetch import CrawlSettings
    from pipeline.crawl.site import crawl_site

    settings = CrawlSettings(args.contact, args.delay, tuple(args.allow_host))
    reports = [crawl_site(site, Path(args.out), settings, recheck=args.recheck) for site in sites]
    if wrong := [f"{report.site}: {error}" for report in reports for error in report.errors]:
        raise SourceError(f"{len(wrong)} errors", "\n".join(wrong))
    return {report.site: report.counts() for report in reports}


def _crawl_as_flow(args: argparse.Namespace) -> dict[str, dict[str, int]]:
    from flows.offline import offline, quiet

    quiet()
    from flows.crawl import crawl

    with offline():
        return crawl(args.sites, args.out, args.contact, args.delay, args.allow_host, args.recheck)


def run_serve(args: argparse.Namespace) -> int:
    """Serve the deployments until interrupted."""
    from flows.serve import serve_all

    target = args.to or str(args.out / "gongbao.sqlite")
    if args.sites and not args.contact:
        print("gongbao: a crawl needs --contact, so that the site can reach you", file=sys.stderr)
        return WRONG_USAGE
    serve_all(args.sites, args.out, args.contact, target, args.batch_cron, args.load_cron, args.port, args.limit)
    return DONE


def run_load(args: argparse.Namespace) -> int:
    """Load records into a sink."""
    if args.plain:
        from pipeline.sinks.transfer import transfer

        return _print_counts(asdict(transfer(Path(args.source), args.to, complete=args.complete)))
    from flows.offline import offline, quiet

    quiet()
    from flows.load import load

    with offline():
        return _print_counts(load(args.source, args.to, args.complete))


def _print_counts(counts: dict[str, Any]) -> int:
    print("gongbao: " + ", ".join(f"{count} {name}" for name, count in counts.items()), file=sys.stderr)
    return DONE


def run_search(args: argparse.Namespace) -> int:
    """Print the bulletins that hold all words."""
    from pipeline.sinks.sqlite import search

    hits = search(args.database, " ".join(args.words), args.limit)
    for hit in hits:
        print(f"{hit.published or '-'}\t{hit.title or '-'}\t{hit.uri}\n\t{hit.snippet}")
    return DONE if hits else SOME_FAILED


def run_export(args: argparse.Namespace) -> int:
    """Write a data package."""
    import tempfile

    from pipeline.sinks import open_store
    from pipeline.sinks.package import export
    from pipeline.sinks.transfer import transfer

    formats = tuple(name.strip() for name in args.format.split(",") if name.strip())
    with tempfile.TemporaryDirectory() as folder:
        target = args.source
        if Path(target).is_dir() or target.endswith(".jsonl"):
            target = str(Path(folder) / "export.sqlite")
            transfer(Path(args.source), target)
        with open_store(target) as store:
            descriptor = export(store, args.out, title=args.title, licence=args.licence, formats=formats)
    rows = ", ".join(f"{resource['rows']} {resource['name']}" for resource in descriptor["resources"])
    print(f"gongbao: {rows}; licence of the tables: {args.licence}", file=sys.stderr)
    return DONE
