"""Reading old Word, WPS and Excel files through LibreOffice: found or not, failing, hanging, working."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest

from corpus.errors import ReadError
from pipeline.read import doc, read
from pipeline.read.limits import Limits

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "WordDocument".encode("utf-16-le")


def stand_in(folder: Path, script: str) -> None:
    """A program named soffice that runs the script."""
    program = folder / "soffice"
    program.write_text(f"#!{sys.executable}\nimport sys, shutil, pathlib, time\nargs = sys.argv\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path


def test_without_libreoffice_the_reason_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doc, "find_program", lambda: None)
    with pytest.raises(ReadError, match="needs LibreOffice"):
        read(OLD, "a.doc")


def test_a_converted_file_is_read(folder: Path) -> None:
    document = docx.Document()
    document.add_paragraph("共有站点9个。")
    document.save(str(folder / "made.docx"))
    stand_in(
        folder,
        f"out = pathlib.Path(args[args.index('--outdir') + 1]); out.mkdir(); shutil.copy({str(folder / 'made.docx')!r}, out / 'source.docx')",
    )
    got = read(OLD, "a.wps")
    assert [block.text for block in got.blocks] == ["共有站点9个。"]
    assert got.media_type == "application/msword"


def test_a_file_that_cannot_be_converted(folder: Path) -> None:
    stand_in(folder, "sys.exit(1)")
    with pytest.raises(ReadError, match="cannot convert"):
        read(OLD, "a.doc")


def test_a_conversion_that_hangs_is_ended(folder: Path) -> None:
    stand_in(folder, "time.sleep(600)")
    begun = time.monotonic()
    with pytest.raises(ReadError, match="more than 1 seconds"):
        read(OLD, "a.doc", limits=Limits(convert_seconds=1))
    assert time.monotonic() - begun < 10


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("extension", ["doc", "rtf"])
def test_with_libreoffice(tmp_path: Path, extension: str) -> None:
    document = docx.Document()
    document.add_paragraph("共有站点9个。")
    document.save(str(tmp_path / "a.docx"))
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", extension]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "a.docx")], check=True, capture_output=True)
    assert [block.text for block in read(tmp_path / f"a.{extension}").blocks] == ["共有站点9个。"]
