"""The metadata of Chinese government pages: meta elements first, then visible lines, then the address.

A date comes only from a place that names it; a copyright year is none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.attribution import clean_origin, find_labelled_origin
from pipeline.document import Metadata
from pipeline.lines import BLANK, ends_stop, is_number, is_organization
from pipeline.metadata import find_stamp, parse_date
from pipeline.read.dom import collapse
from pipeline.read.labels import find_labelled, parted

_TITLES = ("articletitle", "og:title", "twitter:title", "dc.title")
_OWN_DATES = ("pubdate", "publishdate", "publish_date", "publishtime", "firstpublishedtime", "releasedate", "createdate")
_COMMON_DATES = ("article:published_time", "og:release_date", "og:published_time", "datepublished", "dc.date", "dcterms.created")
_DATES = _OWN_DATES + _COMMON_DATES
_SOURCES = ("contentsource", "source", "article:author", "og:article:author", "mediaid")
_COLUMNS = ("columnname", "article:section", "channel")
_SITES = ("sitename", "og:site_name", "application-name")
_URLS = ("url", "og:url")
_URL_DATE = re.compile(
    r"t(?P<a>20\d{6})_\d+|/(?P<b>20\d{2}[/-]\d{1,2}[/-]\d{1,2})/|/(?P<c>20\d{6})/|(?<=/)(?P<d>20\d{2}-\d{2}/\d{2})/|[/_](?P<e>20\d{2}-\d{2}-\d{2})[/_.]"
)
_INDEX = re.compile(r"[A-Za-z0-9][\w\-./—]{3,60}")
_MARKED_DAY = re.compile(r"(?:pub|publish|release|article|news)[-_]?(?:time|date)|fb(?:sj|rq|shijian)", re.IGNORECASE)
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_SEPARATORS = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|--+")
_COLUMN = re.compile(
    r"首页|正文|(?:工作|政务|民政|图片|基层|新闻|通知|政策|信息|公示|公告|文章|重要|最新)*(?:动态|要闻|公告|公示|公开|信息|新闻|详情|内容|解读|资讯|通知|列表)?页?"
)
_SITE_TAIL = re.compile(r"[-–—](?=[^-–—]*$)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's meta elements (names in lower case), its <title>, its address and the day that its markup gives for machines."""

    metas: dict[str, str]
    title: str | None
    uri: str
    time: str | None = None


def read_page(root: HtmlElement, uri: str) -> Page:
    """The head's say on the page."""
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        content = collapse(element.get("content") or "").strip(" \u00a0\u3000")
        if name and content:
            metas.setdefault(name, content)
    titles = [collapse("".join(t.itertext())).strip() for t in root.iter("title")]
    return Page(metas, next((title for title in titles if title), None), uri, _machine_day(root))


def _machine_day(root: HtmlElement) -> str | None:
    """datePublished of JSON-LD, an element that is named so, or the only <time> of the page."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "") and (match := _LD_DATE.search(script.text or "")):
            return match.group(1)
    for element in root.iter("span", "em", "i", "div", "p", "time"):
        if _MARKED_DAY.fullmatch(element.get("id") or element.get("class") or "") and parse_date(text := "".join(element.itertext())[:40]):
            return text.strip()
    times = {value for element in root.iter("time") if (value := element.get("datetime"))}
    return times.pop() if len(times) == 1 else None


def find_metadata(page: Page, headline: str | None, lines: Sequence[str]) -> Metadata:
    """The page's metadata. `headline` is the title printed over the body, `lines` the visible lines of the page."""
    visible = [parted(line).strip() for line in lines if len(line) < 400]
    said: dict[str, list[str]] = {}
    for label in find_labelled(visible):
        said.setdefault(label.key, []).append(label.value)
    published, why = _published(page, visible, said)
    source = clean_origin(_first(page.metas, _SOURCES) or "") or find_labelled_origin(visible)
    return Metadata(
        title=headline or page_title(page),
        published=published,
        published_source=why,
        signed=next(filter(None, map(parse_date, said.get("signed", ()))), None),
        attribution=source or next(filter(None, map(clean_origin, said.get("source", ()))), None),
        issuer=next(filter(None, map(_bodies, said.get("issuer", ()))), None),
        number=next(filter(None, map(_number, said.get("number", ()))), None),
        index=next((value for value in said.get("index", ()) if _INDEX.fullmatch(value)), None),
        column=_first(page.metas, _COLUMNS),
        site=_first(page.metas, _SITES),
        url=_first(page.metas, _URLS),
    )


def _bodies(value: str) -> str | None:
    """The bodies that a panel names as issuers, joined by 、"""
    parts = [part for part in re.split(rf"[{BLANK}、,，;；]+", value) if part]
    return "、".join(parts) if parts and all(map(is_organization, parts)) else None


def _number(value: str) -> str | None:
    bare = re.sub(rf"[{BLANK}]+", "", value)
    return bare if is_number(bare) else None


def page_title(page: Page) -> str | None:
    """The title by the meta elements, or <title> without the names of site and column."""
    if named := _first(page.metas, _TITLES):
        return named
    if page.title is None:
        return None
    parts = [part for part in _SEPARATORS.split(page.title) if part]
    site = _first(page.metas, _SITES)
    if len(parts) == 1 and (tail := _SITE_TAIL.search(page.title)) and _is_site(page.title[tail.end() :], site):
        parts = [page.title[: tail.start()]]
    kept = [part.strip() for part in parts if not _is_site(part.strip(), site)]
    return kept[0] if kept else None


def _is_site(part: str, site: str | None) -> bool:
    return part == site or bool(_COLUMN.fullmatch(part)) or part.endswith(("网", "网站", "门户", "平台", "官网")) or is_organization(part)


def _first(metas: dict[str, str], names: Iterable[str]) -> str | None:
    return next((metas[name] for name in names if metas.get(name)), None)


def _published(page: Page, lines: Sequence[str], said: dict[str, list[str]]) -> tuple[dt.date | None, str | None]:
    for name in _DATES:
        if (value := page.metas.get(name)) and (day := _day(value)):
            return day, f"meta {name}"
    for key in ("published", "issued"):
        if day := next(filter(None, map(parse_date, said.get(key, ()))), None):
            return day, "visible line"
    stamped = (find_stamp(line) for line in lines if len(line) < 120 and not ends_stop(line))
    updated = map(parse_date, said.get("updated", ()))
    if day := next(filter(None, stamped), None) or next(filter(None, updated), None):
        return day, "visible line"
    if page.time and (day := _day(page.time)):
        return day, "time element"
    for address in (page.uri, page.metas.get("url", ""), page.metas.get("og:url", "")):
        match = _URL_DATE.search(address)
        if match and (day := _day(next(group for group in match.groups() if group))):
            return day, "address"
    return None, None


def _day(value: str) -> dt.date | None:
    """A date in a machine's form: 2022-03-08T10:22, 20220308, 2022/3/8."""
    if match := re.match(r"\s*(20\d{2}|19\d{2})[-/年.]?(\d{1,2})[-/月.]?(\d{1,2})", value):
        try:
            return dt.date(*map(int, match.groups()))
        except ValueError:
            return None
    return parse_date(value)
