"""Raw pages in WARC files, one compressed record after the other, each found again by its offset."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from corpus.errors import SourceError
from pipeline.crawl.fetch import Page


class Archive:
    """A WARC file that grows by whole records. `end` is where the last record that counts ends; what stands behind it is cut off."""

    def __init__(self, path: Path, end: int) -> None:
        from warcio.warcwriter import WARCWriter

        self._file = path.open("ab")
        if self._file.tell() > end:  # a record that a kill cut short, or that nothing knows of
            self._file.truncate(end)
            self._file.seek(end)
        self._writer: Any = WARCWriter(self._file, gzip=True)
        if end == 0:
            self._writer.write_record(
                self._writer.create_warcinfo_record(path.name, {"software": "gongbao", "format": "WARC File Format 1.0"})
            )

    def write(self, page: Page) -> tuple[int, int]:
        """Append an answer; returns where its record starts and ends."""
        from warcio.statusandheaders import StatusAndHeaders

        start = self._file.tell()
        dropped = {"content-encoding", "transfer-encoding", "content-length"}  # the body is kept without coding
        headers = [(name, value) for name, value in page.headers.items() if name not in dropped]
        headers.append(("content-length", str(len(page.body))))
        status = StatusAndHeaders(f"{page.status} OK" if page.status == 200 else str(page.status), headers, protocol="HTTP/1.1")
        date = page.retrieved.strftime("%Y-%m-%dT%H:%M:%SZ")
        record = self._writer.create_warc_record(
            page.final_url, "response", payload=io.BytesIO(page.body), http_headers=status, warc_headers_dict={"WARC-Date": date}
        )
        self._writer.write_record(record)
        self._file.flush()
        os.fsync(self._file.fileno())
        return start, self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_record(path: Path, offset: int) -> bytes:
    """The body of the answer whose record starts at `offset`; raises OSError or SourceError."""
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        file.seek(offset)
        for record in ArchiveIterator(file):
            return bytes(record.content_stream().read())
    raise SourceError(str(path), f"no record at {offset}")
