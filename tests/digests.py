"""Digests for tests, put together from the project's own bulletins in every format and in the styles that offices use."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from make_ofd import make_ofd

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "data" / "digests.json"
_KINSOKU = "，。；：、！？”》）,.;:)%"


@dataclass(frozen=True)
class Digest:
    """A file's name and bytes and the bulletins that are in it."""

    name: str
    data: bytes
    bulletins: list[dict[str, Any]]


def bulletins() -> dict[str, dict[str, Any]]:
    """The project's own bulletins by id."""
    lines = (ROOT / "corpus/gold/dev.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


def digests(formats: set[str] | None = None) -> Iterator[Digest]:
    """The digests of the case table, those of the formats only."""
    known = bulletins()
    for number, case in enumerate(json.loads(CASES.read_text(encoding="utf-8"))):
        if formats is None or case["format"] in formats:
            items = [known[name] for name in case["items"]]
            data = MAKERS[case["format"]](items, case.get("style", []))
            yield Digest(f"{number:02d}.{case['format']}", data, items)


def _wrap(line: str, width: int = 38) -> list[str]:
    out = []
    while line:
        end = width
        while end < len(line) and line[end] in _KINSOKU:
            end += 1
        out.append(line[:end])
        line = line[end:]
    return out


def as_text(items: list[dict[str, Any]], style: list[str]) -> bytes:
    """Plain text; styles: masthead, contents, wrap, numbers (page numbers), gaps, indent, rules, gb18030."""
    lines: list[str] = []
    if "masthead" in style:
        lines += ["民政信息", "第5期（总第120期）", "某市民政局办公室　　2025年3月15日", ""]
    if "contents" in style:
        lines += ["目　　录", *(f"{item['title']}…………{number}" for number, item in enumerate(items, 1)), ""]
    written = 0
    for item in items:
        for at, line in enumerate(item["text"].split("\n")):
            line = ("　　" if at and "indent" in style else "") + line
            for piece in _wrap(line) if "wrap" in style and "    " not in line and "\t" not in line else [line]:
                lines.append(piece)
                written += 1
                if "numbers" in style and written % 25 == 0:
                    lines.append(f"- {written // 25} -")
        if "gaps" in style:
            lines.append("")
        if "rules" in style and item is not items[-1]:
            lines.append("＊　＊　＊")
    return "\n".join(lines).encode("gb18030" if "gb18030" in style else "utf-8")


def as_html(items: list[dict[str, Any]], style: list[str]) -> bytes:
    """A page of a content system; headlines as <h3> unless `flat`."""
    parts = []
    for item in items:
        title, *rest = item["text"].split("\n")
        parts.append(f"<p>{html.escape(title)}</p>" if "flat" in style else f"<h3>{html.escape(title)}</h3>")
        parts += [f"<p>&nbsp;&nbsp;&nbsp;&nbsp;{_keep(line)}</p>" for line in rest]
    page = f"""<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="一周民政要闻">
<meta name="PubDate" content="2025-03-15 08:00">
<title>一周民政要闻_某市民政局</title></head><body><div class="nav"><a href="/">首页</a></div><h1>一周民政要闻</h1>
<div class="TRS_Editor">{"".join(parts)}</div><div class="footer">版权所有 2019-2026 某市民政局</div></body></html>"""
    return page.encode()


def _keep(line: str) -> str:
    return html.escape(line).replace("  ", "&nbsp;&nbsp;").replace("\t", "&nbsp;&nbsp;&nbsp;&nbsp;")


def as_docx(items: list[dict[str, Any]], style: list[str]) -> bytes:
    """A Word file; headlines as headings unless `flat`."""
    import docx

    document = docx.Document()
    document.add_heading("民政信息", 0)
    document.add_paragraph("2025年第5期")
    document.add_paragraph("2025年3月15日")
    for item in items:
        title, *rest = item["text"].split("\n")
        if "flat" in style:
            document.add_paragraph().add_run(title).bold = True
        else:
            document.add_heading(title, 1)
        for line in rest:
            document.add_paragraph("　　" + line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_ofd(items: list[dict[str, Any]], style: list[str]) -> bytes:
    """An OFD document with a running head and page numbers."""
    paragraphs: list[str] = []
    headlines = []
    for item in items:
        headlines.append(len(paragraphs))
        paragraphs += item["text"].split("\n")
    return make_ofd(paragraphs, "民政信息", headlines=headlines)


def as_eml(items: list[dict[str, Any]], style: list[str]) -> bytes:
    """A mail with the digest as a Word file or text attached."""
    inner = "docx" if "docx" in style else "txt"
    message = EmailMessage()
    message["Subject"], message["From"], message["To"], message["MIME-Version"] = "报送信息", "a@example.org", "b@example.org", "1.0"
    message.set_content("附件请查收。")
    message.add_attachment(MAKERS[inner](items, style), maintype="application", subtype="octet-stream", filename=f"信息.{inner}")
    return message.as_bytes()


def as_zip(items: list[dict[str, Any]], style: list[str]) -> bytes:
    """An archive with the digest in two files."""
    out = io.BytesIO()
    half = len(items) // 2
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("一/上.html", as_html(items[:half], style))
        archive.writestr("一/下.docx", as_docx(items[half:], style))
    return out.getvalue()


MAKERS: dict[str, Callable[[list[dict[str, Any]], list[str]], bytes]] = {
    "txt": as_text,
    "html": as_html,
    "docx": as_docx,
    "ofd": as_ofd,
    "eml": as_eml,
    "zip": as_zip,
}
