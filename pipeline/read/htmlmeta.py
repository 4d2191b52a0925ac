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
from pipeline.lines import ends_stop, is_meta, is_organization
from pipeline.metadata import find_stamp, parse_date
from pipeline.read.dom import collapse

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
_LABELS = {
    "published": re.compile(r"(?:发布时间|发布日期|公开日期|发文日期|发布于|发稿时间|更新时间)[】\]]?\s*[：:]\s*(\S.{0,24})"),
    "signed": re.compile(r"(?:成文日期|生成日期|印发日期)[】\]]?\s*[：:]?\s*(\S.{0,24})"),
    "number": re.compile(
        r"(?:发文字号|文\s*号|文件编号)[】\]]?\s*[：:]?\s*([\u4e00-\u9fff]{1,12}\s*[〔\[［(（【]\s*\d{4}\s*[〕\]］)）】]\s*第?\s*\d+\s*号)"
    ),
    "index": re.compile(r"索\s*引\s*号?[】\]]?\s*[：:]?\s*([A-Za-z0-9][\w\-./]{3,40})"),
    "issuer": re.compile(r"(?:发文机关|发文单位|发布机构|公开机构|制发机关|发布单位)[】\]]?\s*[：:]?\s*([^\s：:|｜]{3,40})"),
}
_SEPARATORS = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|--+")
_SITE_TAIL = re.compile(r"[-–—](?=[^-–—]*$)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page's meta elements (names in lower case), its <title> and its address."""

    metas: dict[str, str]
    title: str | None
    uri: str


def read_page(root: HtmlElement, uri: str) -> Page:
    """The head's say on the page."""
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        content = collapse(element.get("content") or "").strip(" \u00a0\u3000")
        if name and content:
            metas.setdefault(name, content)
    titles = [collapse("".join(t.itertext())).strip() for t in root.iter("title")]
    return Page(metas, next((title for title in titles if title), None), uri)


def find_metadata(page: Page, headline: str | None, lines: Sequence[str]) -> Metadata:
    """The page's metadata. `headline` is the title printed over the body, `lines` the visible lines outside the body."""
    visible = [line for line in lines if len(line) < 400]
    published, why = _published(page, visible)
    signed = _labelled("signed", visible)
    source = clean_origin(_first(page.metas, _SOURCES) or "") or find_labelled_origin(visible)
    issuer = _labelled("issuer", visible)
    return Metadata(
        title=headline or page_title(page),
        published=published,
        published_source=why,
        signed=parse_date(signed) if signed else None,
        attribution=source,
        issuer=issuer if issuer and is_organization(issuer) else None,
        number=_labelled("number", visible),
        index=_labelled("index", visible),
        column=_first(page.metas, _COLUMNS),
        site=_first(page.metas, _SITES),
        url=_first(page.metas, _URLS),
    )


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
    return (
        part == site
        or part in ("首页", "正文", "详情", "文章详情")
        or part.endswith(("网", "网站", "门户", "平台", "官网"))
        or is_organization(part)
    )


def _first(metas: dict[str, str], names: Iterable[str]) -> str | None:
    return next((metas[name] for name in names if metas.get(name)), None)


def _published(page: Page, lines: Sequence[str]) -> tuple[dt.date | None, str | None]:
    for name in _DATES:
        if (value := page.metas.get(name)) and (day := _day(value)):
            return day, f"meta {name}"
    for line in lines:
        match = _LABELS["published"].search(line)
        if match and (is_meta(line) or line.startswith(match.group())) and (day := parse_date(match.group(1))):
            return day, "visible line"
        if len(line) < 120 and not ends_stop(line) and (day := find_stamp(line)):
            return day, "visible line"
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


def _labelled(label: str, lines: Sequence[str]) -> str | None:
    for line in lines:
        if match := _LABELS[label].search(line):
            return match.group(1).strip(" \u00a0\u3000】]")
    return None
