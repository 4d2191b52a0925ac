"""The commands around flows and databases: run, crawl, load, search, export, serve."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from flows import commands as does
from pipeline.cli import add_settings


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this module's commands; each sets `func`, which returns the exit code."""
    _add_run(commands.add_parser("run", help="extract a folder or manifest, incrementally, with a ledger"))
    _add_crawl(commands.add_parser("crawl", help="fetch the new articles of sites, politely"))
    _add_load(commands.add_parser("load", help="load records into SQLite, PostgreSQL, DuckDB or Parquet"))
    _add_search(commands.add_parser("search", help="find bulletins by words in a SQLite database"))
    _add_export(commands.add_parser("export", help="write a data package of a database for a publication"))
    _add_serve(commands.add_parser("serve", help="run crawl, batch and load on their schedules in one process"))


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="folder, manifest (one path per line, or JSON Lines) or folder of a crawl")
    parser.add_argument("-o", "--out", required=True, metavar="OUT", help="folder for the records and the ledger")
    parser.add_argument(
        "--workers", choices=("threads", "processes", "dask"), default="processes", help="what extracts (default: %(default)s)"
    )
    parser.add_argument("-n", "--count", type=_positive, metavar="N", help="how many workers (default: one per core)")
    parser.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster, as tcp://host:8786 (default: a local one)")
    parser.add_argument("--size", type=_positive, metavar="N", help="documents per batch (default: 100 to 400, by their number)")
    add_settings(parser)
    parser.add_argument("--plain", action="store_true", help="without Prefect")
    parser.set_defaults(func=does.run_batch)


def _add_crawl(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sites", nargs="*", metavar="SITE", help="name of a shipped site, or a YAML file; none: list the shipped ones")
    parser.add_argument("-o", "--out", metavar="OUT", help="folder for the pages, one subfolder per site")
    _add_contact(parser)
    parser.add_argument(
        "--delay", type=float, default=2.0, metavar="S", help="least seconds between requests to a host (default: %(default)s)"
    )
    parser.add_argument("--allow-host", action="append", default=[], metavar="HOST", help="host[:port] that may have a private address")
    parser.add_argument(
        "--recheck", type=int, default=0, metavar="DAYS", help="ask again for listed articles fetched in the last DAYS days"
    )
    parser.add_argument("--plain", action="store_true", help="without Prefect, one site after the other")
    parser.set_defaults(func=does.run_crawl)


def _add_contact(parser: argparse.ArgumentParser) -> None:
    known = os.environ.get("GONGBAO_CONTACT", "")
    parser.add_argument("--contact", default=known, metavar="WHO", help="mail address or URL for the user agent (or GONGBAO_CONTACT)")


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sites", nargs="*", metavar="SITE", help="sites to crawl on their own schedules")
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="DATA", help="folder for pages, records and database")
    parser.add_argument("-t", "--to", metavar="TARGET", help="where to load (default: gongbao.sqlite in DATA)")
    _add_contact(parser)
    parser.add_argument("--batch-cron", default="0 6 * * *", metavar="CRON", help="when to extract (default: %(default)s)")
    parser.add_argument("--load-cron", default="0 7 * * *", metavar="CRON", help="when to load (default: %(default)s)")
    parser.add_argument(
        "--port", type=_positive, default=4200, help="port of the Prefect server that is started when PREFECT_API_URL is not set"
    )
    parser.add_argument("--limit", type=_positive, default=4, metavar="N", help="flow runs at the same time (default: %(default)s)")
    parser.set_defaults(func=does.run_serve)


def _add_load(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", help="output folder of run or extract, or a bulletins.jsonl")
    targets = "SQLite file (default: %(default)s), postgresql://…, duckdb:FILE or parquet:FOLDER"
    parser.add_argument("-t", "--to", default="gongbao.sqlite", metavar="TARGET", help=targets)
    parser.add_argument("--complete", action="store_true", help="SOURCE is all there is: mark what it lacks as deleted")
    parser.add_argument("--plain", action="store_true", help="without Prefect")
    parser.set_defaults(func=does.run_load)


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("database", metavar="DATABASE", help="SQLite file that `gongbao load` made")
    parser.add_argument("words", nargs="+", metavar="WORD", help="words that must all occur, of any length")
    parser.add_argument("--limit", type=_positive, default=20, metavar="N", help="bulletins shown (default: %(default)s)")
    parser.set_defaults(func=does.run_search)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="SOURCE", help="database (SQLite file, postgresql://…, duckdb:FILE), output folder or bulletins.jsonl"
    )
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="FOLDER", help="folder for the package")
    parser.add_argument("--title", default="Facts from policy bulletins", help="title of the package")
    parser.add_argument("--licence", default="CC-BY-4.0", metavar="SPDX", help="licence of the tables (default: %(default)s)")
    parser.add_argument("--format", default="csv", metavar="LIST", help="csv,parquet (default: %(default)s)")
    parser.set_defaults(func=does.run_export)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
