"""Every format against the same bulletins as plain text: `python -m benchmarks.formats [text] [tables] [scans] [engines]`.

For each format: documents, facts in their plain texts, character error rate of what was read, F1 of its facts against those of the plain
text. What is compared is exact, but for scans: print tells nothing of a character's width. `engines` measures the engines of text
recognition by themselves, on degraded pages. The formats are made by `benchmarks/typeset.py`.
"""

from __future__ import annotations

import difflib
import json
import random
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from benchmarks.typeset import DEGRADED, SCANS, TABLE_SCANS, TABLES, TEXTS, Sheet, bulletin_pdf, documents, draw_pages, plain, tables, typed
from corpus.records import LAYERS, Bulletin
from pipeline.read import ocr
from pipeline.read.scans import put_right, without_seal
from pipeline.run import process

SCANNED = 12  # bulletins that are scanned: some seconds a page
PAGES = 2  # that each engine reads, once for each way of wear
Fold = Callable[[str], str]


def folded(text: str) -> str:
    """Without the widths of its characters."""
    return unicodedata.normalize("NFKC", text)


def facts(bulletins: Sequence[Bulletin], fold: Fold) -> Counter[str]:
    """What the facts say, without where."""
    leave = {"id", "start", "end", "sentence", "confidence", "pages", "boxes", "paths", "resolved_from"}
    return Counter(
        fold(json.dumps([layer, fact.model_dump(mode="json", exclude=leave)], ensure_ascii=False))
        for bulletin in bulletins
        for layer in LAYERS
        for fact in getattr(bulletin, layer)
    )


def error_rate(text: str, wanted: str, fold: Fold = folded) -> float:
    """Wrong, missing and further characters per character, blanks aside."""
    a, b = ("".join(fold(part).split()) for part in (text, wanted))
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for kind, i1, i2, j1, j2 in blocks if kind != "equal") / len(b)


def compare(name: str, made: Iterable[bytes], plain_texts: Sequence[bytes], fold: Fold) -> None:
    """Print the format's line."""
    rates, agreed, found_all, wanted_all = [], 0, 0, 0
    for data, text in zip(made, plain_texts, strict=True):
        got, gold = process(name, data=data), process("txt", data=text)
        rates.append(error_rate("\n".join(b.text for b in got), text.decode(), fold))
        found, right = facts(got, fold), facts(gold, fold)
        agreed, found_all, wanted_all = agreed + (found & right).total(), found_all + found.total(), wanted_all + right.total()
    score = 2 * agreed / (found_all + wanted_all)
    print(f"| {name} | {len(rates)} | {wanted_all} | {statistics.mean(rates):.4f} | {score:.3f} |", flush=True)


def _head() -> None:
    print("| format | documents | facts | character error rate | facts F1 |\n| --- | --- | --- | --- | --- |")


def texts() -> None:
    bulletins = documents()
    wanted = [plain(lines) for lines in bulletins]
    _head()
    for name, make in TEXTS.items():
        compare(name, map(make, bulletins), wanted, str)


def with_tables() -> None:
    _head()
    for name, make in TABLES.items():
        compare(name, map(make, tables()), [typed(table) for table in tables()], str)


def scans() -> None:
    bulletins = documents()
    bulletins = bulletins[:: len(bulletins) // SCANNED][:SCANNED]
    wanted = [plain(lines) for lines in bulletins]
    _head()
    for name, make in SCANS.items():
        compare(name, map(make, bulletins), wanted, folded)
    few = tables()[: SCANNED // 2]
    for name, make_table in TABLE_SCANS.items():
        compare(name, map(make_table, few), [typed(table) for table in few], folded)


def engines() -> None:
    """Each engine that is installed on the same pages, the seal faded, the marks put right as the reader does."""
    print("| engine | page | character error rate | s a page |\n| --- | --- | --- | --- |")
    bulletins = [(lines, bulletin_pdf(lines[1:], Sheet(size=12, leading=20), lines[0])) for lines in documents()[:PAGES]]
    pages = [(lines, next(draw_pages(data))) for lines, data in bulletins]
    for name in ocr.ENGINES:
        try:
            engine = ocr.load_engine(name)
        except ocr.NoEngineError:
            print(f"| {name} | not installed | | |")
            continue
        for how, degrade in DEGRADED.items():
            rates, seconds = [], 0.0
            for lines, image in pages:
                worn = without_seal(degrade(image, random.Random(1)))
                before = time.perf_counter()
                found = engine(worn)
                seconds += time.perf_counter() - before
                rows = sorted(found, key=lambda line: line.middle)
                rates.append(error_rate("".join(put_right(row.text) for row in rows), "".join(lines)))
            print(f"| {name} | {how} | {statistics.mean(rates):.4f} | {seconds / len(pages):.2f} |", flush=True)


PARTS = {"text": texts, "tables": with_tables, "scans": scans, "engines": engines}

if __name__ == "__main__":
    for part in sys.argv[1:] or list(PARTS):
        PARTS[part]()
