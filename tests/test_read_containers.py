"""Reading JSON Lines, ZIP and mail: the documents inside, bounded depth and size, and one reason for each that fails."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from email.message import EmailMessage

import pytest

from corpus.errors import ReadError
from pipeline.read import read
from pipeline.read.limits import Limits
from pipeline.read.parts import safe_name
from pipeline.repair import repair
from pipeline.split import split

TEXT = "平凉市新建社工站36个\n今年以来，平凉市新建社工站36个。\n（据平凉市民政局）\n"


def zipped(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_records_keep_what_is_known_of_them() -> None:
    rows = [
        {
            "id": "a-1",
            "title": "平凉社工站",
            "text": "平凉市新建社工站36个。\n全年服务3.1万人次。",
            "published": "2024-05-06",
            "source": "平凉市民政局",
        },
        {"text": "只有正文。"},
        {"title": "没有正文"},
    ]
    document = read("\n".join([*(json.dumps(row, ensure_ascii=False) for row in rows), "{broken"]).encode(), "a.jsonl")
    first, second = document.parts
    assert first.uri == "a.jsonl#a-1"
    assert second.uri == "a.jsonl#2"
    assert document.failed == (("a.jsonl#3", "no text in the record"), ("a.jsonl#4", "not JSON"))
    (item,) = split(repair(first), first)
    assert (item.title, item.attribution, item.published) == ("平凉社工站", "平凉市民政局", dt.date(2024, 5, 6))
    assert first.sha256 != second.sha256


def test_a_record_is_never_split() -> None:
    row = {"text": f"{TEXT}静宁县建成幸福院120个\n静宁县建成幸福院120个，方便老人就餐。\n（据静宁县民政局）"}
    document = read(json.dumps(row).encode(), "a.jsonl").parts[0]
    assert len(split(repair(document), document)) == 1


def test_records_without_the_extension() -> None:
    assert len(read(b'{"id": 1, "text": "\xe6\xad\xa3\xe6\x96\x87\xe3\x80\x82"}', "a.txt").parts) == 1


def test_an_archive_of_documents() -> None:
    data = zipped(
        {
            "通报/一.txt": TEXT.encode(),
            "二.html": f"<html><body><p>{TEXT}</p></body></html>".encode(),
            "图.png": b"\x89PNG\r\n",
            ".DS_Store": b"x",
        }
    )
    document = read(data, "a.zip")
    assert [(part.uri, part.media_type) for part in document.parts] == [("a.zip!通报/一.txt", "text/plain"), ("a.zip!二.html", "text/html")]
    assert document.failed == (("a.zip!图.png", "broken image"),)


def test_names_of_chinese_windows() -> None:
    raw = zipped({"xxxxxxxx.txt": TEXT.encode()}).replace(b"xxxxxxxx", "民政通报".encode("gbk"))
    assert read(raw, "a.zip").parts[0].uri == "a.zip!民政通报.txt"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        (r"..\..\x.txt", "x.txt"),
        (r"C:\x.txt", "x.txt"),
        ("..", "unnamed"),
        ("甲/./乙.txt", "甲/乙.txt"),
    ],
)
def test_names_lead_nowhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe
    assert read(zipped({name: TEXT.encode()}), "a.zip").parts[0].uri == f"a.zip!{safe}"


def test_archives_in_archives_end_at_a_depth() -> None:
    data = TEXT.encode()
    for _ in range(3):
        data = zipped({"in.zip" if data[:2] == b"PK" else "a.txt": data})
    assert read(data, "a.zip").parts[0].parts[0].parts[0].uri == "a.zip!in.zip!in.zip!a.txt"
    with pytest.raises(ReadError, match="deeper than the limit"):
        read(zipped({"in.zip": data}), "a.zip")


def test_an_archive_that_holds_itself_many_times_over_is_bounded_as_a_whole() -> None:
    inner = zipped({"a.txt": b"a" * 900_000})
    outer = zipped({f"{n}.zip": inner for n in range(40)})
    document = read(outer, "a.zip", limits=Limits(unpacked_bytes=5_000_000))
    assert sum(len(block.text) for part in document.parts for inner in part.parts for block in inner.blocks) < 5_000_000
    assert any("limit" in reason for _, reason in document.failed)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (zipped({}), "empty container"),
        (zipped({"a.bin": bytes(range(256)) * 8}), "nothing readable in it"),
        (zipped({"a.txt": b"0" * 60_000_000}), "limit"),
        (zipped({f"{n}.txt": b"" for n in range(50)}), "nothing readable in it: empty file"),
        (zipped({"a.txt": TEXT.encode()})[:-30], "broken ZIP"),
        (b"PK\x03\x04" + b"\x00" * 100, "broken ZIP"),
    ],
)
def test_hostile_archives(data: bytes, why: str) -> None:
    with pytest.raises(ReadError) as raised:
        read(data, "a.zip")
    assert why in str(raised.value)


def test_too_many_members() -> None:
    with pytest.raises(ReadError, match="more than 10 files"):
        read(zipped({f"{n}.txt": TEXT.encode() for n in range(11)}), "a.zip", limits=Limits(members=10))


def mail(body: str, **attachments: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "报送材料", "a@example.org", "b@example.org"
    message.set_content(body)
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"{name}.txt")
    return message.as_bytes()


def test_a_mail_with_attachments() -> None:
    document = read(mail("附件请查收。", 通报=TEXT.encode(), 二=TEXT.encode("gb18030")), "a.eml")
    assert [part.uri for part in document.parts] == ["a.eml!通报.txt", "a.eml!二.txt"]


def test_a_mail_whose_body_is_the_bulletin() -> None:
    (part,) = read(mail(TEXT * 2), "a.eml").parts
    assert "今年以来，平凉市新建社工站36个。" in repair(part).text


def test_a_mail_without_anything_to_read() -> None:
    with pytest.raises(ReadError):
        read(mail("收到。"), "a.eml")


def test_of_two_files_with_one_name_none_is_lost() -> None:
    data = zipped({"aaaaa.txt": TEXT.encode(), "bbbbb.txt": TEXT.replace("36", "37").encode()}).replace(b"bbbbb.txt", b"aaaaa.txt")
    document = read(data, "a.zip")
    assert [part.uri for part in document.parts] == ["a.zip!aaaaa.txt", "a.zip!aaaaa.txt (2)"]
    assert "37个" in repair(document.parts[1]).text


def test_a_link_in_an_archive_is_no_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", TEXT)
    document = read(out.getvalue(), "a.zip")
    assert [part.uri for part in document.parts] == ["a.zip!a.txt"]
    assert document.failed == (("a.zip!link.txt", "a link, no file"),)


def test_a_mail_in_an_old_chinese_encoding() -> None:
    message = EmailMessage()
    message["From"], message["MIME-Version"], message["Subject"] = "a@example.org", "1.0", "报送"
    message.set_content(TEXT, charset="gb2312", cte="base64")
    assert "36个" in repair(read(message.as_bytes(), "a.eml").parts[0]).text
