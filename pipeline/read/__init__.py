"""Reading: one file per format, bytes in, `Document` out.

A new format is one file here with a function `read(data: bytes, uri: str, limits: Limits) -> Document`, one line in
`READERS` and, where its first bytes or its extension tell it, a line in `pipeline/read/detect.py`.
"""

from __future__ import annotations

import hashlib
import stat
from importlib import import_module
from pathlib import Path

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.read.detect import detect
from pipeline.read.limits import LIMITS, Limits

READERS = {
    "text/plain": "pipeline.read.text",
    "text/csv": "pipeline.read.csv",
    "text/html": "pipeline.read.html",
    "application/pdf": "pipeline.read.pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "pipeline.read.docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "pipeline.read.xlsx",
    "application/ofd": "pipeline.read.ofd",
    "application/msword": "pipeline.read.doc",
    "application/x-ndjson": "pipeline.read.jsonl",
    "application/zip": "pipeline.read.zip",
    "message/rfc822": "pipeline.read.eml",
    "image/*": "pipeline.read.image",
}


def read(source: Path | str | bytes, uri: str | None = None, media_type: str | None = None, limits: Limits = LIMITS) -> Document:
    """The document at a path, or in bytes that `uri` names.

    The format is told by the content, then by the extension; `media_type` overrides both. Raises ReadError with the one
    reason why the document cannot be read.
    """
    data, where = _load(source, uri, limits)
    kind = media_type or detect(data, where)
    if kind not in READERS:
        raise ReadError(where, f"no reader for {kind}")
    try:
        document: Document = import_module(READERS[kind]).read(data, where, limits)
    except ReadError:
        raise
    except ImportError as error:
        raise ReadError(where, f"reading {kind} needs the package {error.name}") from error
    except RecursionError as error:
        raise ReadError(where, "nested too deeply") from error
    except MemoryError as error:
        raise ReadError(where, "too large for the memory") from error
    except Exception as error:  # the parsers of other people raise anything on a broken file
        raise ReadError(where, f"broken {kind}: {type(error).__name__}: {_line(error)}") from error
    return document


def _load(source: Path | str | bytes, uri: str | None, limits: Limits) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        data, where = source, uri or "-"
    else:
        where = uri or str(source)
        try:
            status = Path(source).stat()
            if not stat.S_ISREG(status.st_mode):
                raise ReadError(where, "not a file")  # a pipe would wait, a device never end
            if status.st_size > limits.file_bytes:
                raise ReadError(where, f"larger than {limits.file_bytes} bytes")
            with Path(source).open("rb") as file:
                data = file.read(limits.file_bytes + 1)
        except OSError as error:
            raise ReadError(where, error.strerror or str(error)) from error
    if len(data) > limits.file_bytes:
        raise ReadError(where, f"larger than {limits.file_bytes} bytes")
    if not data.strip():
        raise ReadError(where, "empty file")
    return data, where


def _line(error: Exception) -> str:
    """The error's message on one line."""
    return " ".join(str(error).split())[:200]


def digest(data: bytes) -> str:
    """SHA-256 of the source's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
