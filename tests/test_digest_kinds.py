"""Digests as offices put them together, and single documents that look like some: the same items from text, web page and Word file.

`tests/data/digest_kinds.json` has for each item its title, how its first line begins and how its last ends.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from gongbao import extract
from pipeline.document import Document
from pipeline.read import read
from pipeline.repair import repair
from pipeline.split import split

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "digest_kinds.json").read_text(encoding="utf-8"))
KNOWN = {case["name"]: case for case in CASES}


def items_of(document: Document) -> list[tuple[str | None, str]]:
    """Title and text of every item, those of a container's parts one after the other."""
    if document.parts:
        return [item for part in document.parts for item in items_of(part)]
    repaired = repair(document)
    return [(item.title, repaired.text[item.start : item.end]) for item in split(repaired, document)]


def as_text(text: str) -> bytes:
    return text.encode("gb18030")


def as_html(text: str) -> bytes:
    lines = "".join(f"<p>{html.escape(line) or '&nbsp;'}</p>" for line in text.split("\n"))
    return f"<html><head><meta charset='utf-8'><title>民政</title></head><body><div class='TRS_Editor'>{lines}</div></body></html>".encode()


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    return _saved(document.save)


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", [as_text, as_html, as_docx])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_items(case: dict[str, Any], kind: Callable[[str], bytes]) -> None:
    found = items_of(read(kind(case["text"]), f"a.{kind.__name__[3:].replace('text', 'txt')}"))
    assert [title for title, _ in found] == [title for title, _, _ in case["items"]]
    for (_, text), (_, first, last) in zip(found, case["items"], strict=True):
        lines = re.sub("\u00a0", " ", text).split("\n")
        assert lines[0].startswith(first.strip())
        assert lines[-1].endswith(last.strip())


NEWS = [(lines[0], lines[1].strip()) for lines in (item.split("\n") for item in KNOWN["stars"]["text"].split("\n＊＊＊\n"))]
TITLES = [head for head, _ in NEWS]


def as_page(body: str) -> bytes:
    return f"<html><head><title>民政一周要闻_泸州市民政局</title></head><body><h1>民政一周要闻</h1><div class='TRS_Editor'>{body}</div></body></html>".encode()


def test_web_pages_of_rules_and_cards() -> None:
    ruled = "<hr>".join(f"<p><strong>{head}</strong></p><p>　　{body}</p>" for head, body in NEWS)
    cards = "".join(
        f"<div><h4>{head}</h4><span>2024-07-0{number} 来源：泸县民政局</span><p>{body}</p></div>"
        for number, (head, body) in enumerate(NEWS, 1)
    )
    for body in (ruled, cards):
        assert [title for title, _ in items_of(read(as_page(body), "a.html"))] == TITLES


def test_word_files_with_sections_and_contents() -> None:
    document = docx.Document()
    document.add_heading("泸州民政工作信息", 0)
    document.add_paragraph("2024年第6期")
    for number, (head, body) in enumerate(NEWS):
        if number in (0, 3):
            document.add_heading("工作动态" if number == 0 else "经验交流", 1)
        document.add_heading(head, 2)
        document.add_paragraph("　　" + body)
        document.add_paragraph("　　" + body)
    assert [title for title, _ in items_of(read(_saved(document.save), "a.docx"))] == TITLES


def test_a_mail_whose_news_stands_in_its_html_alone() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"], mail["MIME-Version"] = "本周信息", "a@example.org", "b@example.org", "1.0"
    mail.set_content("请看网页版")
    mail.add_alternative("".join(f"<p><b>{head}</b></p><p>{body}（泸县民政局）</p>" for head, body in NEWS), subtype="html")
    assert [title for title, _ in items_of(read(mail.as_bytes(), "a.eml"))] == TITLES
    outer = EmailMessage()
    outer["Subject"], outer["From"], outer["MIME-Version"] = "转发", "a@example.org", "1.0"
    outer.set_content("转发")
    outer.add_attachment(mail)
    assert [title for title, _ in items_of(read(outer.as_bytes(), "a.eml"))] == TITLES


def test_a_sheet_with_a_bulletin_in_each_row(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["2024年6月信息报送情况"])
    workbook.active.append(["序号", "标题", "内容", "报送单位", "日期"])
    for number, (head, body) in enumerate(NEWS, 1):
        workbook.active.append([number, head, body, "泸县民政局", f"2024-06-0{number}"])
    source = tmp_path / "a.xlsx"
    workbook.save(source)
    found = extract(source)
    assert [bulletin.title for bulletin in found] == TITLES
    assert {bulletin.attribution for bulletin in found} == {"泸县民政局"}
    assert [bulletin.published and bulletin.published.day for bulletin in found] == [1, 2, 3, 4, 5, 6]
    assert len({bulletin.id for bulletin in found}) == 6
