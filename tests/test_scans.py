"""Scans: pages and images without a text layer, by a made-up engine for what is ours, and by RapidOCR where it and a font are installed."""

from __future__ import annotations

import io
import random
from array import array
from dataclasses import replace
from importlib.util import find_spec

import pytest
from make_pdf import Printer, Sheet, bulletin_pdf
from make_scan import DEGRADED, draw_pages, has_fonts, scan_pdf
from PIL import Image, ImageDraw

from corpus.errors import ReadError
from gongbao import extract
from pipeline.read import read, scans
from pipeline.read.limits import LIMITS
from pipeline.read.ocr import NoEngineError, Recognised, spread
from pipeline.read.scans import put_right, without_seal
from pipeline.repair import repair
from pipeline.run import process
from pipeline.settings import Settings

SIZE = 1654, 2339  # A4 at 200 dpi
LINES = ["2024年，平桥县新建乡镇社工站12个，", "累计服务困难群众3.4万人次。"]
PARAGRAPHS = [
    "截至2024年6月底，平桥县已建成乡镇（街道）社会工作服务站18个，配备专职社工54名，其中持证社工31名，占57.4%。",
    "今年以来，全县累计服务困难群众1.26万人次，开展各类活动340余场，较去年同期增长15.3%，投入资金286万元。",
]


def line(text: str, y: float, *, slope: float = 0.0, sure: float = 0.9, x0: float = 300.0) -> Recognised:
    left, right = spread(text, x0, x0 + 29 * len(text))
    return Recognised(text, left, right, y, slope, 34.0, sure)


def page_image() -> Image.Image:
    image = Image.new("RGB", SIZE, "white")
    ImageDraw.Draw(image).rectangle((300, 300, 900, 330), "black")
    return image


def png() -> bytes:
    file = io.BytesIO()
    page_image().save(file, "PNG", dpi=(200, 200))
    return file.getvalue()


@pytest.fixture
def engine(monkeypatch):
    """An engine that finds LINES on every page; `lines` may be changed."""
    lines = [line(text, 400 + 50 * at) for at, text in enumerate(LINES)]
    monkeypatch.setattr(scans, "load_engine", lambda: lambda _: lines)
    return lines


@pytest.fixture
def no_engine(monkeypatch):
    def refuse():
        raise NoEngineError("install it")

    monkeypatch.setattr(scans, "load_engine", refuse)


@pytest.mark.parametrize("make", [png, lambda: scan_pdf([page_image()])], ids=["png", "pdf"])
def test_facts_of_a_scan_are_as_sure_as_its_text(engine, make, tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(make())
    (bulletin,) = extract(path, settings=Settings(boxes=True))
    assert bulletin.text == "".join(LINES)
    found = {q.text: q for q in bulletin.quantities}
    assert found.keys() == {"12个", "3.4万人次"}
    (plain,) = extract("".join(LINES))
    for quantity in plain.quantities:
        assert found[quantity.text].confidence == pytest.approx(0.9 * quantity.confidence, abs=1e-3)
        assert found[quantity.text].pages == (1, 1)
    box = found["12个"].boxes[0]
    assert (box.x0, box.x1) == pytest.approx(((300 + 29 * 15) * 0.36, (300 + 29 * 18) * 0.36), abs=25)
    assert box.top < 400 * 0.36 < box.bottom


def test_a_page_scanned_askew_is_read_straight_and_its_boxes_lie_askew(engine, tmp_path):
    engine[:] = [line("平桥县民政局持续推进乡镇社工站建设工作，", 400, slope=0.05), line("新建12个。", 451, slope=0.05)]
    (tmp_path / "a.png").write_bytes(png())
    (bulletin,) = extract(tmp_path / "a.png", settings=Settings(boxes=True))
    assert bulletin.text == "平桥县民政局持续推进乡镇社工站建设工作，新建12个。"
    (box,) = bulletin.quantities[0].boxes
    assert (box.top + box.bottom) / 2 == pytest.approx((451 + 0.05 * 29 * 3) * 0.36, abs=2)


def test_without_an_engine_the_reason_says_what_to_install(no_engine):
    for data in (png(), scan_pdf([page_image()])):
        with pytest.raises(ReadError, match="no readable text layer: install it"):
            read(data, "a")


def test_pages_beyond_the_limit_are_told(engine):
    document = read(scan_pdf([page_image()] * 3), "a.pdf", limits=replace(LIMITS, ocr_pages=2))
    assert {block.page for block in document.blocks} == {1, 2}
    ((page, reason),) = document.failed
    assert page == "a.pdf#page=3" and "ocr_pages" in reason


def with_layer(pages: list[list[str]]) -> bytes:
    """Scanned pages, each with these lines in a text layer."""
    printer = Printer(Sheet(size=9))
    for number, lines in enumerate(pages):
        if number:
            printer.new_page()
        printer.canvas.drawInlineImage(page_image(), 0, 0, 595, 842)
        for text in lines:
            printer.line(text, last=True)
    return printer.save()


def test_page_of_a_scan_that_nothing_can_read_is_a_failed_part(no_engine):
    bulletins = process("a.pdf", data=with_layer([PARAGRAPHS, []]))
    assert "18个" in bulletins[0].text
    assert bulletins.failed == (("a.pdf#page=2", "no readable text layer: install it"),)


def test_running_head_over_a_scan_does_not_hide_it(engine):
    document = read(with_layer([["平桥民政 第3期", "— 1 —"]]), "a.pdf")
    assert repair(document).text == "".join(LINES)


def test_few_words_on_a_picture_stay_when_the_picture_holds_no_more(engine):
    engine[:] = [line("平桥民政", 400)]
    document = read(with_layer([["平桥民政工作简报", "2024年第3期"]]), "a.pdf")
    assert all(block.confidence is None for block in document.blocks) and len(document.blocks) == 2


MEANT = "截至2024年6月底，平桥县已建成乡镇社会工作服务站18个。"
GARBLED = {
    "private use": "".join(chr(0xE000 + ord(char) % 0x1000) for char in MEANT),
    "bytes of GBK": MEANT.encode("gbk").decode("latin-1"),
    "half of it": "".join(chr(0xE100 + at) if at % 2 else char for at, char in enumerate(MEANT)),
}


@pytest.mark.parametrize("name", GARBLED)
def test_garbled_text_layer_is_read_as_a_scan_page_by_page(engine, name):
    printer = Printer(Sheet())
    printer.paragraph("全县共有养老机构12家，床位1200张，入住老年人800名，护理人员130名。")
    printer.new_page()
    if name == "bytes of GBK":
        printer.canvas.setFont("Helvetica", 10.5)
        printer.canvas.drawString(72, 700, GARBLED[name])
    else:
        printer.paragraph(GARBLED[name])
    document = read(printer.save(), "a.pdf")
    assert {block.page: block.confidence for block in document.blocks} == {1: None, 2: 0.9}


def test_bullets_of_symbol_fonts_leave_a_text_layer_readable(engine):
    document = read(bulletin_pdf(["\uf06c 养老机构12家", "\uf06c 床位1200张"]), "a.pdf")
    assert all(block.confidence is None for block in document.blocks)


def test_images_of_too_many_pixels_are_refused(engine):
    with pytest.raises(ReadError, match="pixels"):
        read(png(), "a.png", limits=replace(LIMITS, image_pixels=1000))
    with pytest.raises(ReadError, match="broken image"):
        read(png()[:200], "a.png")


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("建成站点12个,覆盖率90%;", "建成站点12个，覆盖率90%；"),
        ("据统计,全县共有", "据统计，全县共有"),
        ("其中:持证31名", "其中：持证31名"),
        ("街道(镇)15个", "街道（镇）15个"),
        ("比例为1:3", "比例为1:3"),
        ("投入1,286万元", "投入1,286万元"),
        ("2O24年1l月", "2024年11月"),
        ("已完成.", "已完成。"),
    ],
)
def test_marks_and_digits_are_put_right(read_as, meant):
    assert put_right(read_as) == meant


def test_a_seal_fades_and_black_print_stays():
    image = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 20, 200, 30), "black")
    pen.rectangle((50, 60, 150, 160), (215, 40, 35))
    pen.rectangle((90, 100, 110, 120), (20, 15, 15))
    grey = without_seal(image)
    assert grey.getpixel((60, 70)) > 200
    assert grey.getpixel((100, 110)) < 60
    assert grey.getpixel((100, 25)) < 60


real = pytest.mark.skipif(not has_fonts() or find_spec("rapidocr") is None, reason="needs RapidOCR and the Noto CJK fonts")


@real
@pytest.mark.parametrize("name", ["clean", "red seal"])
def test_rapidocr_reads_a_rendered_page(name, tmp_path):
    pdf = bulletin_pdf(PARAGRAPHS, Sheet(size=12, leading=20))
    chance = random.Random(7)
    images = [DEGRADED[name](image, chance) for image in draw_pages(pdf)]
    document = read(scan_pdf(images), "a.pdf")
    text = repair(document).text
    wanted = "\n".join(PARAGRAPHS)
    wrong = _distance(text, wanted) / len(wanted)
    assert wrong <= 0.02, text


def _distance(a: str, b: str) -> int:
    """Levenshtein's."""
    row = array("i", range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, array("i", [i])
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
    return row[-1]
