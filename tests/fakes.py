"""A small stand-in for the real pipeline, and bulletins of our own making, for tests that are not about extraction."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import time
from pathlib import Path

from corpus.errors import ReadError
from corpus.records import Bulletin, Organization, Period, Place, Policy, Quantity, Region, Sentence, Source, Time

AREAS = {"青川市": "510822", "平桥区": "411503", "云岭县": None}
_COUNT = re.compile(r"(\d+)(余?)(个|人|家)")
_NAMES = {
    "policies": re.compile(r"《([^》]+)》"),
    "organizations": re.compile(r"[\u4e00-\u9fff]{2,4}民政局"),
    "times": re.compile(r"(20\d\d)年"),
    "places": re.compile("|".join(AREAS)),
}


def _facts(id_: str, text: str, year: int) -> dict[str, list]:
    period = Period(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31))
    area = next((name for name in AREAS if name in text), None)
    region = Region(name=area, adcode=AREAS[area]) if area else None
    found: dict[str, list] = {name: [] for name in (*_NAMES, "quantities")}

    def base(match: re.Match[str]) -> dict:
        return {"id": f"{id_}-{match.start()}-{match.end()}", "start": match.start(), "end": match.end(), "text": match.group()}

    for match in _COUNT.finditer(text):
        value = float(match[1])
        found["quantities"].append(
            Quantity(
                **base(match),
                **{"low": value, "high": value, "value": value, "comparator": ">" if match[2] else None, "unit": match[3], "per": None},
                **{
                    "measure": "社工站",
                    "indicator": "station.count",
                    "status": "actual",
                    "aspect": "level",
                    "time": period,
                    "place": region,
                },
                **{"sentence": 0, "confidence": 0.9},
            )
        )
    for match in _NAMES["policies"].finditer(text):
        found["policies"].append(Policy(**base(match), name=match[1], kind="document"))
    for match in _NAMES["organizations"].finditer(text):
        found["organizations"].append(Organization(**base(match), name=match.group()))
    for match in _NAMES["times"].finditer(text):
        found["times"].append(Time(**base(match), period=period))
    for match in _NAMES["places"].finditer(text):
        found["places"].append(Place(**base(match), name=match.group(), adcode=AREAS[match.group()]))
    return found


def bulletin(uri: str, text: str, *, item: int = 0, retrieved: dt.datetime | None = None, whole: str | None = None) -> Bulletin:
    """A bulletin with the facts that a few patterns find; the id follows from the content."""
    sha = hashlib.sha256((whole or text).encode()).hexdigest()
    id_ = f"{sha[:16]}-{item}"
    title = text.split("\n")[0]
    match = _NAMES["times"].search(text)
    year = int(match[1]) if match else 2024
    return Bulletin(
        id=id_,
        source=Source(uri=uri, media_type="text/plain", sha256=sha, retrieved=retrieved, item=item),
        title=title,
        attribution=None,
        published=dt.date(year, 3, 8),
        place=None,
        text=text,
        sentences=(Sentence(start=0, end=len(text), words=(text,)),),
        warnings=(),
        **_facts(id_, text, year),
    )


def process(
    source: str | Path,
    *,
    data: bytes | None = None,
    published: object = None,
    retrieved: dt.datetime | None = None,
    settings: object = None,
) -> list[Bulletin]:
    """Stands for pipeline.run.process. Items are set apart by a line `----`; a few words make it fail, die or wait."""
    raw = Path(source).read_bytes() if data is None else data
    if not raw.strip():
        raise ReadError(str(source), "empty")
    text = raw.decode("utf-8")
    if "DIE" in text:
        os._exit(9)
    if "BUSY" in text:
        raise OSError(11, "try again")
    if "BUG" in text:
        raise ValueError("unexpected")
    if "SLOW" in text:
        time.sleep(0.05)
    items = text.strip().split("\n----\n")
    return [bulletin(str(source), item, item=number, retrieved=retrieved, whole=text) for number, item in enumerate(items)]


def document(number: int) -> str:
    """The text of a generated document."""
    area = list(AREAS)[number % 3]
    year = 2020 + number % 5
    title = f"{area}{year}年社会工作简报第{number}号"
    return f"{title}\n{year}年,{area}建成社工站{number + 10}个,服务{number * 7}人。{area}民政局印发《行动方案{number % 50}》。"
