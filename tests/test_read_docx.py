"""Reading DOCX: body order, tables, tracked changes as accepted, footnotes, text boxes, and hostile containers."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.read import read
from pipeline.read.limits import Limits
from pipeline.repair import repair
from pipeline.split import split

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def package(body: str, **parts: str) -> bytes:
    """A bare DOCX of the body's XML and further parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return out.getvalue()


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data, "a.docx").blocks]


def test_body_order_headings_and_tables() -> None:
    document = docx.Document()
    document.add_heading("岳池县推进助餐服务", 0)
    document.add_paragraph("截至2024年5月，全县建成助餐点62个。")
    document.add_paragraph("表1　各镇助餐点")
    table = document.add_table(rows=3, cols=3)
    for row, values in zip(
        table.rows, [("镇", "助餐点（个）", "志愿者（名）"), ("九龙镇", "12", "86"), ("石垭镇", "7", "41")], strict=True
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("（岳池县民政局供稿）")
    out = io.BytesIO()
    document.save(out)
    got = read(out.getvalue(), "a.docx")
    assert [(b.kind, b.text) for b in got.blocks] == [
        ("heading", "岳池县推进助餐服务"),
        ("paragraph", "截至2024年5月，全县建成助餐点62个。"),
        ("paragraph", "表1　各镇助餐点"),
        ("row", "镇    助餐点（个）    志愿者（名）"),
        ("row", "九龙镇    12    86"),
        ("row", "石垭镇    7    41"),
        ("paragraph", "（岳池县民政局供稿）"),
    ]
    assert got.tables[0].caption == "表1　各镇助餐点"
    assert got.tables[0].header_rows == 1
    assert [b.path for b in got.blocks] == ["p[1]/heading0", "p[2]", "p[3]", "tbl[1]/tr[1]", "tbl[1]/tr[2]", "tbl[1]/tr[3]", "p[4]"]
    (item,) = split(repair(got), got)
    assert (item.title, item.attribution) == ("岳池县推进助餐服务", "岳池县民政局")


def test_tracked_changes_are_read_as_accepted() -> None:
    body = p(r("全县共有站点"), f'<w:del w:id="1">{r("10")}</w:del>', f'<w:ins w:id="2">{r("12")}</w:ins>', r("个。"))
    body += p(
        f'<w:moveFrom w:id="3">{r("移走的句子。")}</w:moveFrom>', r("留下的句子。"), f'<w:moveTo w:id="4">{r("移来的句子。")}</w:moveTo>'
    )
    assert texts(package(body)) == ["全县共有站点12个。", "留下的句子。移来的句子。"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = p(r("前一半，"), properties='<w:rPr><w:del w:id="1"/></w:rPr>') + p(r("后一半。"))
    assert texts(package(body)) == ["前一半，后一半。"]


def test_hidden_text_and_fields_are_left_out() -> None:
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    assert texts(package(p(r("看得见。"), r("看不见。", "<w:vanish/>"), field))) == ["看得见。"]


def test_text_boxes_stand_after_their_paragraph_and_once() -> None:
    box = f"<w:txbxContent>{p(r('框里的字。'))}</w:txbxContent>"
    choice = f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    assert texts(package(p(r("正文。"), choice) + p(r("下一段。")))) == ["正文。", "框里的字。", "下一段。"]


def test_footnotes_come_last() -> None:
    notes = f'<w:footnotes {W}><w:footnote w:type="separator">{p()}</w:footnote><w:footnote w:id="1">{p(r("含代管站点。"))}</w:footnote></w:footnotes>'
    got = read(package(p(r("共有站点9个。")), footnotes=notes), "a.docx")
    assert [(b.kind, b.text) for b in got.blocks] == [("paragraph", "共有站点9个。"), ("note", "含代管站点。")]


def test_merged_cells() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text))}</w:tc>"

    rows = [
        cell("县区", '<w:vMerge w:val="restart"/>') + cell("低保对象（人）", '<w:gridSpan w:val="2"/>'),
        cell("", "<w:vMerge/>") + cell("城市") + cell("农村"),
        cell("九龙镇") + cell("120") + cell("377"),
    ]
    got = read(package(p(r("说明如下。")) + "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"), "a.docx")
    assert got.tables[0].rows == (("县区", "低保对象（人）", "低保对象（人）"), ("县区", "城市", "农村"), ("九龙镇", "120", "377"))
    assert got.tables[0].header_rows == 2


def test_line_breaks_and_tabs() -> None:
    got = read(package(p(r("第一行。"), "<w:r><w:br/></w:r>", r("第二行"), "<w:r><w:tab/></w:r>", r("12"))), "a.docx")
    assert [(b.kind, b.text) for b in got.blocks] == [("line", "第一行。"), ("line", "第二行\t12")]


def test_entries_of_a_generated_contents_page_are_dropped() -> None:
    styles = f'<w:styles {W}><w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style></w:styles>'
    body = p(r("岳池县助餐\t2"), properties='<w:pStyle w:val="T1"/>') + p(r("正文一句。"))
    got = read(package(body, styles=styles), "a.docx")
    assert repair(got).text == "正文一句。"


def bomb(size: int) -> bytes:
    return package(p(r("字")) + "<!--" + "x" * size + "-->")


def entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        text = f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]><w:document {W}><w:body>{p(r("&e9;"))}</w:body></w:document>'
        archive.writestr("word/document.xml", text)
    return out.getvalue()


def external() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document {W}><w:body>{p(r("&e;"))}</w:body></w:document>'
        archive.writestr("word/document.xml", text)
    return out.getvalue()


def deep(levels: int) -> bytes:
    return package("<w:sdt><w:sdtContent>" * levels + p(r("字")) + "</w:sdtContent></w:sdt>" * levels)


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (package(p(r("字")))[:-40], "truncated or broken"),
        (package(p(r("字"))).replace(b"word/document.xml", b"word/xocument.xml"), "not a document: XML"),
        (package(p(r("  "))), "no text"),
        (package("<w:p>"), "broken XML"),
        (entities(), "entity definitions"),
        (external(), "entity definitions"),
        (deep(100), "nested too deeply"),
        (deep(3000), "nested too deeply"),
        (encrypted(), "encrypted"),
    ],
)
def test_hostile_and_broken_files_give_one_reason(data: bytes, why: str) -> None:
    with pytest.raises(ReadError) as raised:
        read(data, "a.docx")
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    with pytest.raises(ReadError, match="more than the limit"):
        read(bomb(50_000_000), "a.docx")
    with pytest.raises(ReadError, match="more than the limit"):
        read(bomb(900_000), "a.docx", limits=Limits(unpacked_bytes=500_000))


def test_too_many_cells() -> None:
    row = "<w:tr>" + f"<w:tc><w:tcPr><w:gridSpan w:val='900'/></w:tcPr>{p(r('1'))}</w:tc>" * 3 + "</w:tr>"
    with pytest.raises(ReadError, match="too many table cells"):
        read(package("<w:tbl>" + row * 10 + "</w:tbl>"), "a.docx", limits=Limits(cells=10_000))


def test_a_word_file_under_another_name_is_still_read() -> None:
    got: Document = read(package(p(r("共有站点9个。"))), "a.txt")
    assert got.media_type.endswith("wordprocessingml.document")


def test_sections_headed_like_the_title_are_no_bulletins() -> None:
    document = docx.Document()
    document.add_heading("岳池县民政局半年工作总结", 1)
    for heading in ("扎实推进社会救助提质增效", "持续完善养老服务网络体系", "不断提升社会事务管理水平"):
        document.add_heading(heading, 1)
        document.add_paragraph("全县上下一心，压实责任，城乡低保对象动态管理更加精准，群众满意度持续提高。")
    out = io.BytesIO()
    document.save(out)
    got = read(out.getvalue(), "a.docx")
    assert len(split(repair(got), got)) == 1


def test_endnotes_formulas_and_readings() -> None:
    math = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>12</m:t></m:r></m:oMath>'
    ruby = f"<w:r><w:ruby><w:rt>{r('she')}</w:rt><w:rubyBase>{r('社')}</w:rubyBase></w:ruby></w:r>"
    endnotes = f'<w:endnotes {W}><w:endnote w:type="separator" w:id="-1"><w:p/></w:endnote><w:endnote w:id="2">{p(r("含在建。"))}</w:endnote></w:endnotes>'
    document = read(package(p(r("共建成"), math, r("个"), ruby, r("工站。")), endnotes=endnotes), "a.docx")
    assert [(block.path, block.text) for block in document.blocks] == [("p[1]", "共建成12个社工站。"), ("endnote[1]", "含在建。")]
