"""Reading speed on the same files: PDF against pdfplumber, HTML against trafilatura; and peak memory: `python -m benchmarks.reading [speed] [memory]`.

A PDF is read to a document with boxes (`read`), and on to its text (`text`: read and repaired); pdfplumber gives `extract_text()` of each
page and closes it. CPU seconds, the best of three rounds that take turns, since other work may share the machine.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pdfplumber
import trafilatura
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from benchmarks.typeset import ROOT, Printer, Sheet, documents, html_hanweb, html_trs, tables
from pipeline.read import read
from pipeline.repair import repair

EMBEDDED = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")  # Debian's fonts-wqy-zenhei; left out where it is not installed
LONG = 1000  # pages
_PEAK = """
import re, sys
from pathlib import Path
data = Path(sys.argv[1]).read_bytes()
if sys.argv[2] == "gongbao":
    from pipeline.read import read
    read(data, "a.pdf")
else:
    import io, pdfplumber
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.close()
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)  # rusage has the parent's, too
"""


def bulletins_pdf(pages: int, sheet: Sheet) -> bytes:
    """So many pages filled with bulletins."""
    printer = Printer(sheet)
    while printer.page <= pages:
        for lines in documents():
            if printer.page <= pages:
                printer.headline(lines[0]) if sheet.columns == 1 else printer.paragraph(lines[0])
            for line in lines[1:]:
                if printer.page <= pages:
                    printer.paragraph(line)
    return printer.save()


def tables_pdf(rules: str) -> bytes:
    """Twelve pages of figures."""
    printer = Printer(Sheet(size=10, margin=62, footer="— # —"))
    for before, rows, after in tables():
        printer.headline(before[0])
        printer.table(rows, [70, *[98.0] * (len(rows[0]) - 1)], rules)
        printer.paragraph(after[0])
        printer.new_page()
    return printer.save()


def files() -> dict[str, bytes]:
    """Files by name; none holds its font but those named so."""
    furniture = {"header": "民政工作简报　第#期", "footer": "— # —"}
    found = {f"{n} column{'s' * (n > 1)}": bulletins_pdf(30, Sheet(columns=n, **furniture)) for n in (1, 2, 3)}
    if EMBEDDED.exists():
        try:
            pdfmetrics.registerFont(TTFont("embedded", str(EMBEDDED), subfontIndex=0))
        except TTFError as error:
            print(error, file=sys.stderr)
        else:
            make_pdf: Any = sys.modules["make_pdf"]
            usual, make_pdf.FONT = make_pdf.FONT, "embedded"
            found |= {f"{n} column{'s' * (n > 1)}, font embedded": bulletins_pdf(30, Sheet(columns=n, **furniture)) for n in (1, 2)}
            make_pdf.FONT = usual
    return found | {"ruled tables": tables_pdf("grid"), "unruled tables": tables_pdf("none")}


def plumb(data: bytes) -> int:
    """The number of pages, each read by pdfplumber."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.close()
        return len(document.pages)


def times(runs: Sequence[Callable[[], object]], rounds: int = 3) -> list[float]:
    """The least CPU seconds of each, in turns."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds):
        for at, run in enumerate(runs):
            before = time.process_time()
            run()
            best[at] = min(best[at], time.process_time() - before)
    return best


def speed() -> None:
    print("| PDF | pages | read, pages/s | text, pages/s | pdfplumber, pages/s | read, times | text, times |\n| " + "--- | " * 7)
    for name, data in files().items():
        pages = plumb(data)
        own, text, theirs = times([lambda d=data: read(d, "a.pdf"), lambda d=data: repair(read(d, "a.pdf")), lambda d=data: plumb(d)])
        rates = f"{pages / own:.0f} | {pages / text:.0f} | {pages / theirs:.1f} | {theirs / own:.1f} | {theirs / text:.1f}"
        print(f"| {name} | {pages} | {rates} |", flush=True)
    print("\n| HTML | pages | gongbao, pages/s | trafilatura, pages/s | times |\n| " + "--- | " * 5)
    for name, make in {"TRS": html_trs, "Hanweb": html_hanweb}.items():
        pages_ = [make(lines) for lines in documents()]
        own, theirs = times([lambda p=pages_: [read(x, "a.html") for x in p], lambda p=pages_: [trafilatura.extract(x) for x in p]])
        print(f"| {name} | {len(pages_)} | {len(pages_) / own:.0f} | {len(pages_) / theirs:.0f} | {theirs / own:.1f} |", flush=True)


def memory() -> None:
    """Peak memory and speed of one process a file."""
    print("\n| PDF, 2 columns | gongbao, MiB | pdfplumber, MiB | gongbao, s | pdfplumber, s |\n| " + "--- | " * 5)
    with tempfile.TemporaryDirectory() as folder:
        for pages in (10, 100, LONG):
            path = Path(folder) / f"{pages}.pdf"
            path.write_bytes(bulletins_pdf(pages, Sheet(columns=2, header="民政工作简报　第#期", footer="— # —")))
            peaks, seconds = [], []
            for reader in ("gongbao", "pdfplumber"):
                before = time.perf_counter()
                done = subprocess.run(
                    [sys.executable, "-c", _PEAK, str(path), reader], cwd=ROOT, capture_output=True, text=True, check=True
                )
                seconds.append(time.perf_counter() - before)
                peaks.append(int(done.stdout))
            print(f"| {pages} pages | {peaks[0]} | {peaks[1]} | {seconds[0]:.1f} | {seconds[1]:.1f} |", flush=True)


if __name__ == "__main__":
    parts = {"speed": speed, "memory": memory}
    for part in sys.argv[1:] or list(parts):
        parts[part]()
