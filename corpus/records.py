"""The record types: the only definition of what gongbao writes.

JSON Schema, SQL tables and the documentation table are generated from here (`corpus.schema`).
Offsets are code points into `Bulletin.text`, half-open: `text[start:end]` is a fact's evidence.
A value that the source does not say is None.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.0.0"

Comparator = Literal["<", "<=", ">", ">=", "~"]
Status = Literal["actual", "target", "standard"]
Aspect = Literal["level", "new", "cumulative", "change", "share"]
PolicyKind = Literal["document", "programme", "mechanism"]
Adcode = Annotated[str, Field(pattern=r"^\d{6}$")]
Offset = Annotated[int, Field(ge=0)]


def _extension(description: str) -> Any:
    """A field beyond the contract: left out of the JSON where it says nothing."""
    return Field(default=None, description=description, exclude_if=lambda value: value is None)


class Record(BaseModel):
    """Base of all records: immutable, and a field it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Record):
    """A span of days, both ends inclusive; None is open."""

    start: dt.date | None = Field(description="first day, null when open")
    end: dt.date | None = Field(description="last day, null when open")


class Region(Record):
    """An administrative area."""

    name: str = Field(description="official name, 济南 → 济南市")
    adcode: Adcode | None = Field(description="six digits of GB/T 2260, null when the area has none or is ambiguous")


class Box(Record):
    """A rectangle on a page, in PDF points from the top left corner."""

    page: int = Field(ge=1, description="page, counted from 1")
    x0: float
    top: float
    x1: float
    bottom: float


class Fact(Record):
    """What every fact carries: a stable id and its evidence in the text."""

    id: str = Field(description="stable id")
    start: Offset = Field(description="first code point of the evidence")
    end: Offset = Field(description="code point after the evidence")
    text: str = Field(min_length=1, description="the evidence, text[start:end] of the bulletin")
    pages: tuple[int, int] | None = _extension("first and last page of the evidence")
    boxes: tuple[Box, ...] | None = _extension("where the evidence stands on its pages")
    paths: tuple[str, ...] | None = _extension(
        "where it stands in a source without pages: HTML element, DOCX paragraph or cell, sheet and cell"
    )
    resolved_from: str | None = _extension("why a value stands that the evidence alone does not give")


class Quantity(Fact):
    """How many, how much: 5000余个, 8.45万人, 17.6%."""

    low: float = Field(description="lower end, scaled (万, 亿); equal to high for one value")
    high: float = Field(description="upper end, scaled")
    value: float | None = Field(description="the single value, scaled; null for a range")
    comparator: Comparator | None = Field(description="> 余/多/超过, < 近/不足, >= 以上/不少于, <= 以下/不超过, ~ 约; null when exact")
    unit: str | None = Field(description="the unit left after scaling: 个, 人次, 元, %, 百分点")
    per: str | None = Field(description="denominator of a rate: 个, 人·月, 千名老年人")
    measure: str | None = Field(description="what is counted, the noun phrase as the text has it")
    indicator: str | None = Field(description="code of the indicator catalogue")
    status: Status = Field(description="actual, target (planned, required, forecast) or standard (a rule or rate)")
    aspect: Aspect = Field(description="level, new, cumulative, change or share")
    time: Period | None = Field(description="when it holds")
    place: Region | None = Field(description="where it holds")
    sentence: int = Field(ge=0, description="index into the bulletin's sentences")
    confidence: float = Field(ge=0, le=1, description="calibrated probability that the whole fact is right")


class Time(Fact):
    """A date or period."""

    period: Period = Field(description="the days it stands for")


class Policy(Fact):
    """A policy document, programme or mechanism."""

    name: str = Field(description="canonical name; the full title for a short reference")
    kind: PolicyKind = Field(description="document, programme or mechanism")
    issuer: str | None = Field(default=None, description="issuing body, where the text says it")
    number: str | None = Field(default=None, description="发文字号, where the text says it")
    issued: dt.date | None = Field(default=None, description="date of issue, where the text says it")


class Organization(Fact):
    """A named body."""

    name: str = Field(description="full name: 省民政厅 → 云南省民政厅")


class Place(Fact):
    """An administrative area named as an area."""

    name: str = Field(description="official name: 济南 → 济南市")
    adcode: Adcode | None = Field(description="six digits of the county-level or higher area; null when ambiguous")


class Sentence(Record):
    """A sentence and its words; the words joined give the sentence."""

    start: Offset
    end: Offset
    words: tuple[str, ...]


class Warning(Record):
    """What a reader should doubt."""

    code: str = Field(description="kind of doubt")
    message: str = Field(description="the doubt in one sentence")
    start: Offset
    end: Offset


class Attachment(Record):
    """A further source that a page links to or a file holds; it is not read with it."""

    name: str = Field(description="its name as printed")
    uri: str | None = Field(description="its address, null for what the file itself holds")


class Source(Record):
    """Where a bulletin comes from."""

    uri: str = Field(description="path or URL")
    media_type: str = Field(description="IANA media type")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="hash of the source's bytes")
    retrieved: dt.datetime | None = Field(default=None, description="when it was fetched; null for a file")
    item: int = Field(ge=0, description="0-based position of the bulletin in its source")
    pages: tuple[int, int] | None = Field(default=None, description="first and last page, counted from 1")
    site: str | None = _extension("the site's name, by the page's metadata")
    column: str | None = _extension("the column (栏目) of the site, by the page's metadata")
    attachments: tuple[Attachment, ...] | None = _extension("further sources that it links to or holds")


class Section(Record):
    """A numbered part of an official document; the span is its heading, up to the first stop of its line."""

    level: int = Field(ge=1, le=4, description="1 一、 2 （一） 3 1. 4 （1）")
    start: Offset
    end: Offset


class Official(Record):
    """What an official document (公文, GB/T 9704) prints of itself, and what its page's metadata adds.

    `signed` is 成文日期; the day of publication on a site is the bulletin's `published`.
    """

    title: str = Field(description="headline, 关于…的通知")
    kind: str | None = Field(description="kind of document: 通知, 公告, 意见, 批复, 函 …")
    issuer: str | None = Field(description="issuing bodies (发文机关), joined by 、")
    number: str | None = Field(description="发文字号")
    index: str | None = Field(description="索引号 of its publication")
    recipients: str | None = Field(description="addressees (主送机关)")
    signed: dt.date | None = Field(description="成文日期")
    printed: dt.date | None = Field(description="印发日期 of the imprint")
    annexes: tuple[str, ...] = Field(description="the annexes (附件) that it lists")
    sections: tuple[Section, ...] = Field(description="its numbered parts, in order")


class Bulletin(Record):
    """One news item or notice with its facts."""

    schema_version: str = Field(default=SCHEMA_VERSION, description="version of this schema")
    id: str = Field(description="stable id, from the source's content and the bulletin's place in it")
    source: Source
    title: str | None = Field(description="headline as printed")
    attribution: str | None = Field(description="the named origin: (据云南省民政厅) → 云南省民政厅")
    published: dt.date | None = Field(description="publication date, from page metadata or the text")
    place: Region | None = Field(description="the area the bulletin is about")
    text: str = Field(description="verbatim text with its layout repaired: title, body, attribution")
    sentences: tuple[Sentence, ...]
    quantities: tuple[Quantity, ...]
    times: tuple[Time, ...]
    policies: tuple[Policy, ...]
    organizations: tuple[Organization, ...]
    places: tuple[Place, ...]
    warnings: tuple[Warning, ...]
    official: Official | None = _extension("the official document that the bulletin is; null for news")


LAYERS: dict[str, type[Fact]] = {
    "quantities": Quantity,
    "times": Time,
    "policies": Policy,
    "organizations": Organization,
    "places": Place,
}
"""Fact kinds by the name of their list in `Bulletin`."""
