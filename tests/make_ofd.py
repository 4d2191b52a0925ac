"""OFD files for tests: lines of text set on A4 pages, as a converter of office documents sets them."""

from __future__ import annotations

import html
import io
import unicodedata
import zipfile
from collections.abc import Collection, Sequence

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_LEFT, _TOP, _WIDTH, _LEADING, _LINES = 28.0, 40.0, 156.0, 9.8, 22


def make_ofd(paragraphs: Sequence[str], head: str | None = None, numbered: bool = True, headlines: Collection[int] = (0,)) -> bytes:
    """The paragraphs, some as headlines; `head` runs over every page, `numbered` puts — n — under it."""
    lines = [line for at, text in enumerate(paragraphs) for line in _set(text, at in headlines)]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "OFD.xml", f"<ofd:OFD {_NS}><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        )
        listed = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        area = "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        archive.writestr("Doc_0/Document.xml", f"<ofd:Document {_NS}>{area}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>")
        for number, page in enumerate(pages):
            archive.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", _page(page, number, head, numbered))
    return out.getvalue()


def _page(lines: Sequence[tuple[float, float, str]], number: int, head: str | None, numbered: bool) -> str:
    objects = [_object(x, _TOP + at * _LEADING, size, text) for at, (x, size, text) in enumerate(lines)]
    if head:
        objects.insert(0, _object(_LEFT, 20, 3.7, head))
    if numbered:
        objects.append(_object(98, 284, 3.7, f"— {number + 1} —"))
    return f'<ofd:Page {_NS}><ofd:Content><ofd:Layer ID="1">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'


def _object(x: float, y: float, size: float, text: str) -> str:
    steps = " ".join(f"{_width(ch, size):.2f}" for ch in text[:-1])
    code = f'<ofd:TextCode X="0" Y="{size * 0.88:.2f}" DeltaX="{steps}">{html.escape(text)}</ofd:TextCode>'
    return f'<ofd:TextObject ID="1" Font="1" Size="{size}" Boundary="{x:.2f} {y:.2f} {_WIDTH} {size:.2f}">{code}</ofd:TextObject>'


def _width(ch: str, size: float) -> float:
    return size if unicodedata.east_asian_width(ch) in "WFA" else size / 2


def _set(text: str, headline: bool) -> list[tuple[float, float, str]]:
    """The paragraph broken into lines: x, size, text. A headline is centred, a paragraph's first line indented."""
    size = 7.76 if headline else 5.64  # 二号, 三号
    lines: list[tuple[float, float, str]] = []
    line, at = "", 0.0 if headline else 2 * size
    first = at
    for ch in text:
        if at + _width(ch, size) > _WIDTH and ch not in "，。；：、！？”》）":
            lines.append((_LEFT + first, size, line))
            line, at, first = "", 0.0, 0.0
        line += ch
        at += _width(ch, size)
    start = _LEFT + (_WIDTH - at) / 2 if headline else _LEFT + first
    lines.append((start, size, line))
    return [(_LEFT + (_WIDTH - sum(_width(c, size) for c in t)) / 2 if headline else x, s, t) for x, s, t in lines]
