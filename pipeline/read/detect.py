"""Which format is this: told by content first, so that a wrong extension still reads, then by extension."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from corpus.errors import ReadError

TEXT = "text/plain"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
ZIP = "application/zip"
DOC = "application/msword"
EML = "message/rfc822"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
IMAGE = "image/*"

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_UNREADABLE = (
    (b"GIF8", "GIF image"),
    (b"Rar!", "RAR archive"),
    (b"7z\xbc\xaf", "7z archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format 3", "SQLite database"),
    (b"PAR1", "Parquet file"),
    (b"ID3", "sound"),
    (b"RIFF", "media file"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIPPED = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|script|article|section|h[1-6])[\s>/]", re.IGNORECASE)
_EML = re.compile(
    rb"(?:(?:From|To|Cc|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To|X-[\w-]+|Content-Type|DKIM-Signature):"
    rb"[^\n]*\n(?:[ \t][^\n]*\n)*){2,}",
    re.IGNORECASE,
)
_XML = re.compile(rb"<\?xml|<[A-Za-z_][\w.-]*:?[\w.-]*(?:\s+[\w:.-]+\s*=|\s*/?>)")
_RECORD = re.compile(rb'\{\s*"[^"]+"\s*:')
_EXTENSIONS = {"eml": EML, "jsonl": NDJSON, "ndjson": NDJSON, "htm": HTML, "html": HTML, "shtml": HTML, "xhtml": HTML}


def detect(data: bytes, where: str) -> str:
    """The media type of the bytes. Raises ReadError for what is known to be no document."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK"):
        return _zipped(data, where)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if _ENCRYPTED in data:
            raise ReadError(where, "encrypted")
        return DOC
    if data.startswith(b"{\\rtf"):
        return DOC
    if data.startswith(_IMAGES):
        return IMAGE
    for magic, name in _UNREADABLE:
        if data.startswith(magic):
            raise ReadError(where, f"not a document: {name}")
    extension = PurePosixPath(where.lower().split("?")[0]).suffix.lstrip(".")
    if _EML.match(head) and (extension in ("eml", "mht", "") or b"MIME-Version" in head or b"Received:" in head):
        return EML
    if _RECORD.match(head) and (extension in ("jsonl", "ndjson") or b'"text"' in data[:65536].split(b"\n")[0]):
        return NDJSON
    if extension in ("txt", "md", "text"):
        return HTML if _HTML.match(head) else TEXT
    if extension == "csv" and not _HTML.match(head):
        return CSV
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    sample = data[:8192].replace(b"\x00", b"") if wide else data[:8192]
    if _HTML.search(sample):
        return HTML
    if _XML.match(sample.lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")):
        raise ReadError(where, "not a document: XML")
    return HTML if _EXTENSIONS.get(extension) == HTML and b"<" in sample else TEXT


def _zipped(data: bytes, where: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadError(where, "truncated or broken ZIP container") from error
    return next((kind for name, kind in _ZIPPED if name in names), ZIP)
