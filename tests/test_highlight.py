"""Highlighted copies of PDF files: one annotation for each fact and page, over the characters of its evidence."""

from __future__ import annotations

import ctypes
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c
import pytest
from make_pdf import HEIGHT, WIDTH, Printer, Sheet, bulletin_pdf
from reportlab.lib.pdfencrypt import StandardEncryption

from corpus.errors import GongbaoError, ReadError
from corpus.records import LAYERS, Bulletin, Fact
from gongbao import main
from pipeline.highlight import COLOURS, highlight
from pipeline.read.pdf_fonts import box_fonts
from pipeline.read.pdf_frames import upright
from pipeline.run import process
from pipeline.settings import Settings

SAMPLE = (Path(__file__).parents[1] / "corpus" / "samples" / "pingqiao.txt").read_text(encoding="utf-8").splitlines()
ROWS = [["县区", "养老机构（家）", "管理单位"], ["雁江区", "21", "雁江区养老服务指导中心"], ["安岳县", "34", "安岳县民政局"]]
Rectangle = tuple[float, float, float, float]


def _text(annotation: Any, key: str) -> str:
    size = c.FPDFAnnot_GetStringValue(annotation, key.encode(), None, 0)
    buffer = ctypes.create_string_buffer(size)
    c.FPDFAnnot_GetStringValue(annotation, key.encode(), ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le")


def _quads(annotation: Any) -> list[Rectangle]:
    """Left, bottom, right and top of each, in PDF coordinates."""
    found = []
    for number in range(c.FPDFAnnot_CountAttachmentPoints(annotation)):
        quad = c.FS_QUADPOINTSF()
        assert c.FPDFAnnot_GetAttachmentPoints(annotation, number, quad)
        xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
        found.append((min(xs), min(ys), max(xs), max(ys)))
    return found


def _annotations(path: Path) -> list[tuple[int, str, str, str, str]]:
    with box_fonts():
        return list(_read_annotations(path))


def _read_annotations(path: Path) -> Iterator[tuple[int, str, str, str, str]]:
    """Page, kind, note and id of each highlight, and the characters whose middle PDFium finds in its rectangles."""
    document = pdfium.PdfDocument(path)
    for number, page in enumerate(document, 1):
        chars = _chars(page)
        for index in range(c.FPDFPage_GetAnnotCount(page.raw)):
            annotation = c.FPDFPage_GetAnnot(page.raw, index)
            assert c.FPDFAnnot_GetSubtype(annotation) == c.FPDF_ANNOT_HIGHLIGHT
            quads = _quads(annotation)
            inside = "".join(char for char, box in chars if char.strip() and any(_covers(quad, box) for quad in quads))
            yield number, _text(annotation, "T"), _text(annotation, "Contents"), _text(annotation, "NM"), inside
            c.FPDFPage_CloseAnnot(annotation)
    document.close()


def _chars(page: pdfium.PdfPage) -> list[tuple[str, Rectangle]]:
    """The characters and their boxes in PDF coordinates, of content that was turned for PDFium and is turned back step by step."""
    with upright(page):
        textpage = page.get_textpage()
        found = [(textpage.get_text_range(i, 1), textpage.get_charbox(i)) for i in range(textpage.count_chars())]
    if not page.get_rotation():
        return found
    x0, y0, x1, y1 = page.get_cropbox()
    height = y1 - y0 if page.get_rotation() == 180 else x1 - x0
    for _ in range(page.get_rotation() // 90):
        found = [(char, (height - top, left, height - bottom, right)) for char, (left, bottom, right, top) in found]
        height = y1 - y0 + x1 - x0 - height
    return [(char, (left + x0, bottom + y0, right + x0, top + y0)) for char, (left, bottom, right, top) in found]


def _covers(quad: Rectangle, box: Rectangle) -> bool:
    """Whether the middle of a character's box is in the rectangle; then little of it may stick out: fonts state heights of their own."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not (quad[0] < x < quad[2] and quad[1] < y < quad[3]):
        return False
    out = max(quad[0] - box[0], quad[1] - box[1], box[2] - quad[2], box[3] - quad[3])
    assert out < 0.15 * min(quad[2] - quad[0], quad[3] - quad[1])
    return True


def _facts(bulletins: list[Bulletin]) -> dict[str, Fact]:
    return {fact.id: fact for bulletin in bulletins for layer in LAYERS for fact in getattr(bulletin, layer)}


def _copy(data: bytes, out: Path) -> tuple[dict[str, Fact], tuple[int, int]]:
    bulletins = process("a.pdf", data=data, settings=Settings(boxes=True))
    return _facts(bulletins), highlight("a.pdf", bulletins, out, data=data)


def _table(sheet: Sheet) -> bytes:
    printer = Printer(sheet)
    printer.headline("资阳市2023年养老服务主要数据")
    printer.paragraph("截至2023年12月31日，各县区养老服务情况如下。")
    left = 72.0
    for column, width in enumerate((90, 90, 120)):
        y = printer.y
        for row, height in zip(ROWS, (20, 36, 20), strict=True):
            printer.canvas.rect(left, HEIGHT - y - height, width, height)
            for line, text in enumerate((row[column][:8], row[column][8:])):
                printer.text(left + 4, y + 4 + 15 * line, text, 10)
            y += height
        left += width
    return printer.save()


def _offset(data: bytes, rotation: int) -> bytes:
    """The file with a media box that does not begin at 0, 0 and a crop box inside it."""
    document = pdfium.PdfDocument(data)
    width, height = (HEIGHT, WIDTH) if rotation in (90, 270) else (WIDTH, HEIGHT)
    for page in document:
        page.set_mediabox(-30, -10, width + 40, height + 25)
        page.set_cropbox(15, 20, width - 25, height - 12)
    return _saved(document)


def _saved(document: pdfium.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_highlights_cover_the_evidence_on_turned_and_cropped_pages(rotation: int, tmp_path: Path) -> None:
    data = _offset(bulletin_pdf(SAMPLE[1:], Sheet(columns=2, rotation=rotation, bottom=250), title=SAMPLE[0]), rotation)
    facts, counts = _copy(data, out := tmp_path / "out.pdf")
    assert counts == (len(facts), 0) and len(facts) > 20
    found = list(_annotations(out))
    expected = Counter(page for fact in facts.values() for page in {box.page for box in fact.boxes or ()})
    assert Counter(page for page, *_ in found) == expected
    assert all(inside == "".join(facts[name].text.split()) for *_, name, inside in found)


@pytest.mark.parametrize("rotation", [0, 270])
def test_facts_in_table_cells_have_their_own_rectangles(rotation: int, tmp_path: Path) -> None:
    data = _offset(_table(Sheet(rotation=rotation)), rotation)
    facts, (marked, unplaced) = _copy(data, out := tmp_path / "out.pdf")
    assert (marked, unplaced) == (len(facts), 0)
    inside = {facts[name].text: inside for *_, name, inside in _annotations(out)}
    assert {"21", "34", "雁江区", "雁江区养老服务指导中心"} <= set(inside)
    assert all(text == found for text, found in inside.items())
    assert [len(_named(facts, text).boxes or ()) for text in ("21", "雁江区养老服务指导中心")] == [1, 2]


def test_fact_over_two_pages_has_a_highlight_on_each(tmp_path: Path) -> None:
    text = "近年来，全市各级民政部门认真贯彻落实《资阳市养老服务设施专项规划实施方案（试行）》的要求，全市建成养老机构12家。"
    facts, (marked, _) = _copy(bulletin_pdf([text], Sheet(size=16, leading=24, bottom=110)), out := tmp_path / "out.pdf")
    policy = next(name for name, fact in facts.items() if fact.text.startswith("《"))
    assert [page for page, _, _, name, _ in _annotations(out) if name == policy] == [1, 2]
    assert marked == len(facts)


def test_copy_has_the_pages_and_text_of_the_source_and_notes_with_values(tmp_path: Path) -> None:
    data = bulletin_pdf(SAMPLE[1:], Sheet(size=16, leading=30, bottom=300), title=SAMPLE[0])
    facts, _ = _copy(data, out := tmp_path / "new" / "out.pdf")
    before, after = pdfium.PdfDocument(data), pdfium.PdfDocument(out)
    texts = [[page.get_textpage().get_text_range() for page in document] for document in (before, after)]
    assert len(texts[0]) > 1 and texts[0] == texts[1]
    found = {facts[name].text: (kind, note) for _, kind, note, name, _ in _annotations(out)}
    assert found["2.4万人次"][0] == "quantities" and found["2.4万人次"][1].startswith("24,000 人次 · 服务困难群众")
    assert found["平桥区民政局"] == ("organizations", "平桥区民政局")
    assert found["2024年9月底"] == ("times", "→2024-09-30")
    assert not list(out.parent.glob(".*"))


def _named(facts: dict[str, Fact], text: str) -> Fact:
    return next(fact for fact in facts.values() if fact.text == text)


def test_highlights_are_seen_when_rendered(tmp_path: Path) -> None:
    data = bulletin_pdf(["全县共有养老机构12家。"])
    facts, _ = _copy(data, out := tmp_path / "out.pdf")
    box = (_named(facts, "12家").boxes or ())[0]
    image = pdfium.PdfDocument(out)[0].render(rev_byteorder=True).to_numpy()
    area = image[int(box.top) : int(box.bottom), int(box.x0) : int(box.x1), :3]
    red, green, blue = (int(value) for value in area.max(axis=(0, 1)))
    assert COLOURS["quantities"][0] == red == 255 and 120 < blue < green < 250
    assert area.max(axis=2).min() < 150  # the characters show through


def test_facts_without_boxes_are_counted(tmp_path: Path) -> None:
    data = bulletin_pdf(SAMPLE[1:], title=SAMPLE[0])
    bulletins = process("a.pdf", data=data)
    assert highlight("a.pdf", bulletins, tmp_path / "out.pdf", data=data) == (0, len(_facts(bulletins)))
    assert not list(_annotations(tmp_path / "out.pdf"))


def test_script_stays_unrun_in_the_copy(tmp_path: Path) -> None:
    data = bulletin_pdf(["全县共有养老机构12家。"])
    script = b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    facts, _ = _copy(data.replace(b"/Type /Catalog", script), out := tmp_path / "out.pdf")
    assert b"/JavaScript" in out.read_bytes() and len(list(_annotations(out))) == len(facts) > 0


def _encrypted(user: str) -> bytes:
    printer = Printer()
    printer.canvas._doc.encrypt = StandardEncryption(user, ownerPassword="owner")
    printer.paragraph("全县共有养老机构12家。")
    return printer.save()


def test_encrypted_source_is_refused_unless_anyone_may_open_it(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="encrypted"):
        _copy(_encrypted("secret"), tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()
    assert _copy(_encrypted(""), tmp_path / "out.pdf")[1][0] == 1


def test_what_is_no_pdf_or_has_changed_is_refused(tmp_path: Path) -> None:
    data = bulletin_pdf(SAMPLE)
    bulletins = process("a.pdf", data=data)
    with pytest.raises(ReadError, match="only a PDF can be highlighted, this is text/plain"):
        highlight("a.txt", [], tmp_path / "out.pdf", data="全县共有养老机构12家。".encode())
    with pytest.raises(ReadError, match="changed"):
        highlight("a.pdf", bulletins, tmp_path / "out.pdf", data=bulletin_pdf(SAMPLE[1:]))
    with pytest.raises(GongbaoError, match="cannot be written"):
        highlight("a.pdf", bulletins, tmp_path, data=data)
    assert not list(tmp_path.iterdir()) and not list(tmp_path.parent.glob(".*.tmp"))


def test_command_writes_the_copy_and_never_over_its_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "a.pdf", tmp_path / "out.pdf"
    source.write_bytes(data := bulletin_pdf(SAMPLE[1:], title=SAMPLE[0]))
    assert main(["show", str(source), "--pdf", str(out)]) == 0
    shown = capsys.readouterr()
    assert "station.count" in shown.out and f"facts highlighted in {out}" in shown.err
    assert len(list(_annotations(out))) > 20
    (tmp_path / "link.pdf").symlink_to(source)
    assert main(["show", str(source), "--pdf", str(tmp_path / "link.pdf")]) == 1
    assert source.read_bytes() == data and "is the source itself" in capsys.readouterr().err
