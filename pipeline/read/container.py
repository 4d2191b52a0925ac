"""ZIP containers and the XML in them, opened so that a bomb costs no more than its limits."""

from __future__ import annotations

import io
import stat
import zipfile
from collections import Counter

from lxml import etree

from corpus.errors import ReadError
from pipeline.read.limits import Limits, Meter

_SMALL = 2**20


class Container:
    """The members of a ZIP file, read within the limits. Nothing is written to disk, so no name can lead out of it."""

    def __init__(self, data: bytes, uri: str, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise ReadError(uri, "truncated or broken ZIP container") from error
        self.uri = uri
        self._ratio = limits.unpacked_ratio
        self._meter = limits.metered().meter or Meter(0, 0)
        self._members = {}
        counts: Counter[str] = Counter()
        for info in self._zip.infolist():
            counts[info.filename] += 1
            number = counts[info.filename]
            self._members[info.filename if number == 1 else f"{info.filename} ({number})"] = info
        self._meter.members -= len(self._zip.infolist())
        if self._meter.members < 0:
            raise ReadError(uri, f"more than {limits.members} files in the container")
        if any(info.flag_bits & 1 for info in self._members.values()):
            raise ReadError(uri, "encrypted")

    def names(self) -> list[str]:
        """The files' names, folders left out, in the container's order; of several with one name the others have their number behind it."""
        return [name for name, info in self._members.items() if not info.is_dir()]

    def is_link(self, name: str) -> bool:
        """Whether the member is a symbolic link, whose content is a path."""
        return stat.S_ISLNK(self._members[name].external_attr >> 16)

    def printed_name(self, name: str) -> str:
        """The name as its writer saw it: without the flag for UTF-8, bytes are GB 18030 on Chinese systems."""
        if self._members[name].flag_bits & 0x800:  # UTF-8
            return name
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
        try:
            return name.encode("cp437").decode("gb18030")
        except UnicodeError:
            return name

    def read(self, name: str) -> bytes:
        """One member's bytes. Raises ReadError when it is missing, broken or over a limit."""
        info = self._members.get(name)
        if info is None:
            raise ReadError(self.uri, f"truncated: {name} is missing")
        packed = max(info.compress_size, 1)
        left = self._meter.unpacked_bytes
        most = left if info.file_size <= _SMALL else min(left, packed * self._ratio)
        try:
            with self._zip.open(info) as member:
                data = member.read(most + 1)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
            raise ReadError(self.uri, f"broken container: {name} cannot be unpacked") from error
        if len(data) > most:
            raise ReadError(self.uri, f"unpacks to more than the limit: {name}")
        self._meter.unpacked_bytes -= len(data)
        return data

    def check(self) -> None:
        """Raises ReadError when what the members say of their sizes is over a limit: for parsers that read them themselves."""
        for info in self._members.values():
            self._meter.unpacked_bytes -= info.file_size
            if self._meter.unpacked_bytes < 0 or (info.file_size > _SMALL and info.file_size > max(info.compress_size, 1) * self._ratio):
                raise ReadError(self.uri, f"unpacks to more than the limit: {info.filename}")

    def xml(self, name: str) -> etree._Element:
        """One member's XML tree."""
        return parse_xml(self.read(name), self.uri, name)

    def optional_xml(self, name: str) -> etree._Element | None:
        """One member's XML tree, None when there is no such member."""
        return self.xml(name) if name in self._members else None


def parse_xml(data: bytes, uri: str, name: str) -> etree._Element:
    """An XML tree without entities, external parts or anything deeper than the parser's bound."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        reason = str(error.msg)
        if "entity" in reason.lower():
            raise ReadError(uri, f"XML with entity definitions: {name}") from error
        if "depth" in reason:
            raise ReadError(uri, f"nested too deeply: {name}") from error
        raise ReadError(uri, f"broken XML in {name}: {reason}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadError(uri, f"XML with entity definitions: {name}")
    return root
