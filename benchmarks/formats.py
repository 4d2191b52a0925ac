"""Every format against the same bulletins as plain text: `python -m benchmarks.formats [text] [scans] [speed]`.

text   documents of each format, character error rate of their text, F1 of their facts against those of the plain text
scans  engines of text recognition on rendered and degraded pages: character error rate, seconds a page
speed  pages/s of PDF text against pdfplumber, documents/s of HTML against trafilatura, on the same files

Bulletins: corpus/gold/dev.jsonl, those without tables; tables of 地区 × 指标 are generated.
"""

from __future__ import annotations

import difflib
import html
import io
import json
import random
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import docx  # noqa: E402
import openpyxl  # noqa: E402
from make_ofd import make_ofd  # noqa: E402
from make_pdf import FONT, HEIGHT, WIDTH, Sheet, bulletin_pdf  # noqa: E402
from make_scan import DEGRADED, draw_pages, has_fonts, scan_pdf  # noqa: E402
from reportlab.lib import colors  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402
from reportlab.platypus import Table  # noqa: E402

from corpus.gold import read_gold  # noqa: E402
from corpus.records import LAYERS, Bulletin  # noqa: E402
from pipeline.read import ocr  # noqa: E402
from pipeline.run import process  # noqa: E402

Rows = list[list[str]]


def paragraphs() -> list[list[str]]:
    """The bulletins, headline first."""
    gold = read_gold(ROOT / "corpus" / "gold" / "dev.jsonl")
    return [text.split("\n") for text in (b.text for b in gold if b.title) if "    " not in text and "\t" not in text]


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
    body = "<br>".join(f"\u3000\u3000{html.escape(line)}" for line in lines[1:])
    return _page(
        lines[0], f"<table><tr><td class='title'>{html.escape(lines[0])}</td></tr><tr><td class='content'>{body}</td></tr></table>"
    )


def pdf(columns: int) -> Callable[[Sequence[str]], bytes]:
    return lambda lines: bulletin_pdf(lines[1:], Sheet(columns=columns, footer="— # —"), lines[0])


def word(lines: Sequence[str]) -> bytes:
    document = docx.Document()
    document.add_heading(lines[0], 0)
    for line in lines[1:]:
        document.add_paragraph(line)
    return saved(document.save)


def scan(lines: Sequence[str]) -> bytes:
    chance = random.Random(len(lines[0]))
    images = (DEGRADED["red seal"](DEGRADED["skew 1°"](image, chance), chance) for image in draw_pages(pdf(1)(lines)))
    return scan_pdf(images)


def saved(save: Callable[[io.BytesIO], Any]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


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
    "scanned pdf": scan,
}


def tables() -> list[tuple[str, Rows]]:
    """Captions and rows of generated tables."""
    chance = random.Random(3)
    towns = ["城关镇", "河西镇", "东坝乡", "柳林镇", "石桥镇", "南关街道", "新民乡", "红星镇"]
    heads = ["养老机构（家）", "养老床位（张）", "城市低保对象（人）", "低保覆盖率（%）", "救助资金（万元）", "志愿者（名）"]
    made = []
    for county in ("泾川县", "正安县", "永丰县", "固始县", "洋县", "修水县", "太和县", "环县", "兰陵县", "开化县"):
        columns = chance.sample(heads, 4)
        figures = [
            [town, *(f"{chance.randrange(2, 9000) / (10 if '%' in h else 1):g}" for h in columns)] for town in chance.sample(towns, 5)
        ]
        made.append((f"{county}2023年各乡镇民政工作情况表", [["乡镇", *columns], *figures]))
    return made


def typed(caption: str, rows: Rows) -> bytes:
    return "\n".join([caption, *("    ".join(row) for row in rows)]).encode()


def table_pdf(caption: str, rows: Rows) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    canvas.setFont(FONT, 16)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 80, caption)
    table = Table(rows, colWidths=[60, *[112] * (len(rows[0]) - 1)])
    table.setStyle([("FONT", (0, 0), (-1, -1), FONT, 10.5), ("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    _, height = table.wrapOn(canvas, WIDTH, HEIGHT)
    table.drawOn(canvas, 40, HEIGHT - 110 - height)
    canvas.save()
    return out.getvalue()


def table_html(caption: str, rows: Rows) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return _page(caption, f"<h1>{caption}</h1><div id='zoom'><table>{body}</table></div>")


def table_docx(caption: str, rows: Rows) -> bytes:
    document = docx.Document()
    document.add_heading(caption, 0)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    return saved(document.save)


def table_xlsx(caption: str, rows: Rows) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in ([caption], *rows):
        sheet.append([float(cell) if cell.replace(".", "").isdecimal() else cell for cell in row])
    return saved(workbook.save)


TABLES: dict[str, Callable[[str, Rows], bytes]] = {
    "txt, typed table": typed,
    "pdf with tables": table_pdf,
    "html with tables": table_html,
    "docx with tables": table_docx,
    "xlsx": table_xlsx,
}


def facts(bulletins: Sequence[Bulletin]) -> Counter[str]:
    """What the facts say, without where; an engine of text recognition does not tell widths of characters."""
    leave = {"id", "start", "end", "sentence", "confidence", "pages", "boxes", "resolved_from"}
    return Counter(
        unicodedata.normalize("NFKC", json.dumps([layer, fact.model_dump(mode="json", exclude=leave)], ensure_ascii=False))
        for bulletin in bulletins
        for layer in LAYERS
        for fact in getattr(bulletin, layer)
    )


def error_rate(text: str, wanted: str) -> float:
    """Wrong, missing and further characters per character, blanks and widths aside."""
    a, b = ("".join(unicodedata.normalize("NFKC", part).split()) for part in (text, wanted))
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in blocks if kind != "equal") / len(b)


def compare(name: str, made: Iterator[bytes], wanted: Sequence[Sequence[Bulletin]]) -> None:
    rates, agreed, found_all, wanted_all = [], 0, 0, 0
    for data, gold in zip(made, wanted, strict=True):
        got = process(name, data=data)
        rates.append(error_rate("\n".join(b.text for b in got), "\n".join(b.text for b in gold)))
        found, right = facts(got), facts(gold)
        agreed, found_all, wanted_all = agreed + (found & right).total(), found_all + found.total(), wanted_all + right.total()
    print(f"| {name} | {len(rates)} | {statistics.mean(rates):.4f} | {2 * agreed / (found_all + wanted_all):.3f} |", flush=True)


def texts() -> None:
    print("| format | documents | character error rate | facts F1 |\n| --- | --- | --- | --- |")
    documents = paragraphs()
    wanted = [process("txt", data=plain(lines)) for lines in documents]
    for name, make in TEXTS.items():
        if make is not scan or has_fonts():
            compare(name, (make(lines) for lines in documents), wanted)
    wanted = [process("txt", data=typed(*table)) for table in tables()]
    for name, make_table in TABLES.items():
        compare(name, (make_table(*table) for table in tables()), wanted)


def scans() -> None:
    print("| engine | page | character error rate | s a page |\n| --- | --- | --- | --- |")
    pages = [(lines, next(draw_pages(pdf(1)(lines)))) for lines in paragraphs()[:6]]
    for name in ocr.ENGINES:
        try:
            engine = ocr.load_engine(name)
        except ocr.NoEngineError:
            continue
        for how, degrade in DEGRADED.items():
            rates, seconds = [], 0.0
            for lines, image in pages:
                from pipeline.read.scans import put_right, without_seal

                worn = without_seal(degrade(image, random.Random(1)))
                before = time.perf_counter()
                found = engine(worn)
                seconds += time.perf_counter() - before
                rows = sorted(found, key=lambda line: line.middle)
                rates.append(error_rate("".join(put_right(row.text) for row in rows), "".join([*lines, "—1—"])))
            print(f"| {name} | {how} | {statistics.mean(rates):.4f} | {seconds / len(pages):.2f} |", flush=True)


def _rate(run: Callable[[], object], count: int) -> float:
    """The best of three rounds, in units a second."""
    best = 0.0
    for _ in range(3):
        before = time.perf_counter()
        run()
        best = max(best, count / (time.perf_counter() - before))
    return best


def speed() -> None:
    import pdfplumber
    import trafilatura

    from pipeline.read import read

    lines = [line for document in paragraphs() for line in document]
    data = pdf(1)(["汇编", *lines])

    def plumb() -> int:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for page in document.pages:
                page.extract_text()
            return len(document.pages)

    count = plumb()
    ours, theirs = _rate(lambda: read(data, "a.pdf"), count), _rate(plumb, count)
    print(f"PDF, {count} pages: gongbao {ours:.0f} pages/s, pdfplumber {theirs:.1f} pages/s, {ours / theirs:.1f} times")
    pages = [html_trs(document) for document in paragraphs()]
    ours = _rate(lambda: [read(page, "a.html") for page in pages], len(pages))
    theirs = _rate(lambda: [trafilatura.extract(page.decode()) for page in pages], len(pages))
    print(f"HTML, {len(pages)} pages: gongbao {ours:.0f} pages/s, trafilatura {theirs:.0f} pages/s, {ours / theirs:.1f} times")


if __name__ == "__main__":
    parts = {"text": texts, "scans": scans, "speed": speed}
    for part in sys.argv[1:] or list(parts):
        parts[part]()
