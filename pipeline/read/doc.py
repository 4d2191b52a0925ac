"""DOC, WPS, RTF and XLS: converted by LibreOffice, when it is installed, and read as DOCX or XLSX."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.read import digest
from pipeline.read import read as read_any
from pipeline.read.limits import Limits

_PROGRAMS = ("soffice", "libreoffice")
_PLACES = ("/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe")
_SHEETS = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_WORDS = "WordDocument".encode("utf-16-le")


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A document of the old binary formats. Raises ReadError when LibreOffice is missing, fails or takes too long."""
    program = find_program()
    if program is None:
        raise ReadError(uri, "an old Word, WPS or Excel file: reading it needs LibreOffice (soffice) to be installed")
    sheet = _WORDS not in data and any(mark in data for mark in _SHEETS)
    with tempfile.TemporaryDirectory(prefix="gongbao-") as folder:
        target = _convert(program, data, Path(folder), "xls" if sheet else "rtf" if data.startswith(b"{") else "doc", uri, limits)
        document = read_any(target, uri, limits=limits)
    return dataclasses.replace(document, media_type="application/msword", sha256=digest(data))


def find_program() -> str | None:
    """LibreOffice's program, None when it is not installed."""
    found = next((path for name in _PROGRAMS if (path := shutil.which(name))), None)
    return found or next((path for path in _PLACES if Path(path).exists()), None)


def _convert(program: str, data: bytes, folder: Path, extension: str, uri: str, limits: Limits) -> bytes:
    """The document converted in a process and with a profile of its own, so that neither macros nor settings are shared."""
    wanted = "xlsx" if extension == "xls" else "docx"
    source = folder / f"source.{extension}"
    source.write_bytes(data)
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command = [program, *options, "--convert-to", wanted, "--outdir", str(folder / "out"), str(source)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(limits.convert_seconds)
    except subprocess.TimeoutExpired as error:
        raise ReadError(uri, f"LibreOffice took more than {limits.convert_seconds} seconds") from error
    finally:
        _end(process)
    made = folder / "out" / f"source.{wanted}"
    if not made.exists():
        raise ReadError(uri, "LibreOffice cannot convert it: broken or encrypted")
    if made.stat().st_size > limits.file_bytes:
        raise ReadError(uri, f"larger than {limits.file_bytes} bytes when converted")
    return made.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and those that it started."""
    if process.poll() is None and hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
