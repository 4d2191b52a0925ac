"""Bulletins and tables for the benchmarks, and the formats that they are set in; no two PDFs of one kind are set alike."""

from __future__ import annotations

import html
import io
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import docx  # noqa: E402
import openpyxl  # noqa: E402
from make_ofd import make_ofd  # noqa: E402
from make_pdf import Printer, Sheet, bulletin_pdf  # noqa: E402
from make_scan import DEGRADED, draw_pages, scan_pdf  # noqa: E402

from corpus.gold import read_gold  # noqa: E402
from pipeline.lines import is_row  # noqa: E402

Rows = list[list[str]]
Lines = list[str]
Tabled = tuple[Lines, Rows, Lines]
"""Headline and paragraphs, a table, and what follows it."""

GOLD = (
    ROOT / "corpus" / "gold" / "dev.jsonl",
    ROOT.parent / "shared" / "gold" / "dev.jsonl",
    ROOT.parent / "shared" / "gold" / "seeds.jsonl",
)
SHEETS = (
    Sheet(footer="— # —"),
    Sheet(size=12, leading=22, margin=80, footer="第 # 页", header="民政工作简报　第#期"),
    Sheet(size=10.5, leading=15.5, margin=60, header="社会工作与志愿服务", footer="#", watermark="内部资料"),
    Sheet(size=9, leading=14, margin=56, footer="- # -", justify=False, upright_watermark="民政内参"),
    Sheet(size=12, leading=19, margin=90, footer="# / 9", rotation=90),
)
_TOWNS = [
    "城关镇",
    "河西镇",
    "东坝乡",
    "柳林镇",
    "石桥镇",
    "南关街道",
    "新民乡",
    "红星镇",
    "白水镇",
    "三岔乡",
    "长岭镇",
    "青山乡",
    "大河镇",
    "双桥街道",
    "龙泉乡",
    "马家镇",
    "高台镇",
    "新安乡",
    "平川镇",
    "月湖街道",
]
_HEADS = ["养老机构（家）", "养老床位（张）", "城市低保对象（人）", "低保覆盖率（%）", "救助资金（万元）", "志愿者（名）"]
_COUNTIES = ("泾川县", "正安县", "永丰县", "固始县", "洋县", "修水县", "太和县", "环县", "兰陵县", "开化县", "平远县", "乐山市")


def documents() -> list[Lines]:
    """The bulletins, headline first: our own, and those of the contract where they are at hand; those with tables are left out."""
    texts = [b.text for path in GOLD if path.exists() for b in read_gold(path) if b.title]
    return [text.split("\n") for text in texts if not any(is_row(line) for line in text.split("\n"))]


def tables() -> list[Tabled]:
    """Generated tables of 地区 × 指标, of six to twenty rows, between paragraphs."""
    chance = random.Random(3)
    made = []
    for county in _COUNTIES:
        columns = chance.sample(_HEADS, chance.choice((2, 3, 4)))
        towns = _TOWNS[: chance.randrange(6, 21)]
        rows = [[town, *(f"{chance.randrange(2, 9000) / (90 if '%' in h else 1):.4g}" for h in columns)] for town in towns]
        before = [f"{county}2023年民政工作主要数据", f"截至2023年12月31日，{county}各乡镇民政工作情况见下表。"]
        made.append((before, [["乡镇", *columns], *rows], [f"下一步，{county}民政局将继续做好各项工作。"]))
    return made


def _alike(lines: Sequence[str]) -> int:
    """A number that the text alone gives."""
    return sum(map(ord, lines[0]))


def plain(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).encode()


def _page(title: str, body: str) -> bytes:
    return f"<html><head><meta charset='utf-8'><title>{html.escape(title)}</title></head><body>{body}</body></html>".encode()


def html_trs(lines: Sequence[str]) -> bytes:
    body = "".join(f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{html.escape(line)}</p>" for line in lines[1:])
    around = "<div class='nav'><a href='/'>首页</a><a href='/a'>要闻</a></div>"
    return _page(lines[0], f"{around}<h1 class='title'>{html.escape(lines[0])}</h1><div class='TRS_Editor'>{body}</div>{around}")


def html_hanweb(lines: Sequence[str]) -> bytes:
    body = "".join(f"<p style='text-indent:2em'><span>\u3000\u3000{html.escape(line)}</span></p>" for line in lines[1:])
    return _page(lines[0], f"<div class='bt'><ucaptitle>{html.escape(lines[0])}</ucaptitle></div><div id='zoom'><!--ZJEG-->{body}</div>")


def html_table(lines: Sequence[str]) -> bytes:
    title, body = html.escape(lines[0]), "<br>".join(f"\u3000\u3000{html.escape(line)}" for line in lines[1:])
    return _page(lines[0], f"<table><tr><td class='title'>{title}</td></tr><tr><td class='content'>{body}</td></tr></table>")


def pdf(columns: int) -> Callable[[Sequence[str]], bytes]:
    """In so many columns, in a size, with margins, heads and watermarks that differ from bulletin to bulletin."""

    def make(lines: Sequence[str]) -> bytes:
        sheet = SHEETS[_alike(lines) % len(SHEETS)]
        small = {"size": min(sheet.size, 10.5), "leading": min(sheet.leading, 17.0), "margin": 56.0} if columns > 1 else {}
        return bulletin_pdf(lines[1:], replace(sheet, columns=columns, **small), lines[0])

    return make


def word(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    document.add_heading(lines[0], 0)
    for line in lines[1:]:
        document.add_paragraph(line)
    return saved(document.save)


def scan(*steps: str) -> Callable[[Sequence[str]], bytes]:
    """One column at 200 dpi, degraded step by step."""

    def make(lines: Sequence[str]) -> bytes:
        return scanned(bulletin_pdf(lines[1:], Sheet(size=12, leading=20, footer="— # —"), lines[0]), steps, _alike(lines))

    return make


def scanned(data: bytes, steps: Sequence[str], seed: int) -> bytes:
    chance = random.Random(seed)

    def images() -> Iterator[Any]:
        for image in draw_pages(data, font=("serif", "sans")[seed % 2]):
            for step in steps:
                image = DEGRADED[step](image, chance)
            yield image

    return scan_pdf(images())


def saved(save: Callable[[io.BytesIO], Any]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def typed(tabled: Tabled) -> bytes:
    before, rows, after = tabled
    return plain([*before, *("    ".join(row) for row in rows), *after])


def table_pdf(rules: str, breaks: bool, repeat: bool = True) -> Callable[[Tabled], bytes]:
    """`breaks`: the page ends within the table."""

    def make(tabled: Tabled) -> bytes:
        before, rows, after = tabled
        printer = Printer(Sheet(size=10, margin=62, footer="— # —", header="民政统计简报", bottom=260.0 if breaks else None))
        printer.headline(before[0])
        for line in before[1:]:
            printer.paragraph(line)
        printer.table(rows, [70, *[98.0] * (len(rows[0]) - 1)], rules, repeat)
        for line in after:
            printer.paragraph(line)
        return printer.save()

    return make


def table_scan(rules: str) -> Callable[[Tabled], bytes]:
    return lambda tabled: scanned(table_pdf(rules, breaks=False)(tabled), ["skew 1°"], _alike(tabled[0]))


def table_html(tabled: Tabled) -> bytes:
    before, rows, after = tabled
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    around = ["".join(f"<p>{line}</p>" for line in lines) for lines in (before[1:], after)]
    return _page(before[0], f"<h1>{before[0]}</h1><div id='zoom'>{around[0]}<table>{body}</table>{around[1]}</div>")


def table_docx(tabled: Tabled) -> bytes:
    before, rows, after = tabled
    document = docx.Document()
    document.add_heading(before[0], 0)
    for line in before[1:]:
        document.add_paragraph(line)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    for line in after:
        document.add_paragraph(line)
    return saved(document.save)


def table_xlsx(tabled: Tabled) -> bytes:
    before, rows, after = tabled
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (*([line] for line in before), *rows, *([line] for line in after)):
        sheet.append([float(cell) if cell.replace(".", "").isdecimal() else cell for cell in row])
    return saved(workbook.save)


TEXTS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "txt": plain,
    "html, TRS": html_trs,
    "html, Hanweb": html_hanweb,
    "html, set by tables": html_table,
    "pdf, 1 column": pdf(1),
    "pdf, 2 columns": pdf(2),
    "pdf, 3 columns": pdf(3),
    "docx": word,
    "ofd": make_ofd,
}
SCANS: dict[str, Callable[[Sequence[str]], bytes]] = {
    "scanned pdf": scan(),
    "scanned pdf, skew 1°": scan("skew 1°"),
    "scanned pdf, noise": scan("noise"),
    "scanned pdf, red seal": scan("red seal"),
    "scanned pdf, jpeg 150 dpi": scan("jpeg 150 dpi"),
    "scanned pdf, 100 dpi": scan("100 dpi"),
    "scanned pdf, all of it": scan("all"),
}
TABLES: dict[str, Callable[[Tabled], bytes]] = {
    "txt, typed table": typed,
    "pdf, ruled table": table_pdf("grid", breaks=False),
    "pdf, ruled table over pages": table_pdf("grid", breaks=True),
    "pdf, three-line table over pages": table_pdf("three", breaks=True),
    "pdf, unruled table": table_pdf("none", breaks=False),
    "pdf, unruled table over pages": table_pdf("none", breaks=True),
    "pdf, unruled table over pages, headed once": table_pdf("none", breaks=True, repeat=False),
    "html with table": table_html,
    "docx with table": table_docx,
    "xlsx": table_xlsx,
}
TABLE_SCANS: dict[str, Callable[[Tabled], bytes]] = {
    "scanned pdf, ruled table": table_scan("grid"),
    "scanned pdf, unruled table": table_scan("none"),
}
