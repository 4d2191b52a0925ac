"""OFD (GB/T 33190): the text objects of each page, put in reading order like those of a PDF."""

from __future__ import annotations

import unicodedata
from array import array
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from pipeline.document import Block, Document
from pipeline.furniture import Page, drop_furniture
from pipeline.layout import find_lines
from pipeline.printed import printed_blocks
from pipeline.read import digest
from pipeline.read.container import Container
from pipeline.read.limits import Limits
from pipeline.runs import Run, body_size

if TYPE_CHECKING:
    from ofdkit import OFDDocument, TextRun

_POINTS = 72 / 25.4  # in a millimetre
_ASCENT, _DESCENT = 0.88, 0.12  # of a character's size, above and below the baseline


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """An OFD document. Needs the package ofdkit (extra `ofd`)."""
    import ofdkit

    Container(data, uri, limits).check()
    try:
        with ofdkit.open(data) as opened:
            if len(opened.pages) > limits.pages:
                raise ReadError(uri, f"more than {limits.pages} pages")
            pages, failed = _pages(opened, uri)
    except ofdkit.OFDError as error:
        raise ReadError(uri, f"broken OFD: {error}") from error
    body = body_size(run for page in pages for run in page.runs)
    blocks: list[Block] = []
    for number, page in enumerate(drop_furniture(pages), 1):
        blocks.extend(printed_blocks(find_lines(page.runs, body) if page.runs else [], number, body))
    if not blocks:
        raise ReadError(uri, "no text in it: a scan needs text recognition first")
    return Document(uri, "application/ofd", digest(data), tuple(blocks), pages=len(pages), failed=tuple(failed))


def _pages(opened: OFDDocument, uri: str) -> tuple[list[Page], list[tuple[str, str]]]:
    """The pages' runs, and name and reason of each page that cannot be read."""
    from ofdkit import OFDError

    pages: list[Page] = []
    failed: list[tuple[str, str]] = []
    for number, page in enumerate(opened.pages, 1):
        try:
            x, y, width, height = page.box
            runs = [_run(run, x, y) for run in page.runs if run.text.strip()]
        except OFDError as error:
            failed.append((f"{uri}#page={number}", f"broken page: {error}"))
            x, y, width, height, runs = 0.0, 0.0, 210.0, 297.0, []
        pages.append(Page(width * _POINTS, height * _POINTS, runs))
    reasons = [*opened.warnings, *(reason for _, reason in failed)]
    if not any(page.runs for page in pages) and reasons:
        raise OFDError(reasons[-1])
    return pages, failed


def _run(run: TextRun, x: float, y: float) -> Run:
    """A text object's run in points, its width spread over its characters, two parts for a Chinese one."""
    weights = [2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in run.text]
    share = run.width * _POINTS / sum(weights)
    left, right = array("f"), array("f")
    at = (run.x - x) * _POINTS
    for weight in weights:
        left.append(at)
        at += share * weight
        right.append(at)
    baseline, size = (run.y - y) * _POINTS, run.size * _POINTS
    return Run(run.text, left, right, baseline - _ASCENT * size, baseline + _DESCENT * size, size)
