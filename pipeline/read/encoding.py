"""Bytes to text: what is valid UTF-8 is UTF-8, and what is not is GB 18030, whatever its label says.

Sites label GB 18030 as gb2312 and UTF-8 as gbk; strict UTF-8 is hardly ever met by chance.
"""

from __future__ import annotations

import codecs
import re

from corpus.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd\ufffe\uffff]")
_OTHERS = ("big5", "big5hkscs", "utf-16", "utf-16le", "utf-16be", "shift_jis", "euc-kr", "windows-1252", "iso-8859-1")
_SOUND = 100  # characters to one that cannot be read


def decode(data: bytes, where: str, label: str | None = None) -> str:
    """The text of the bytes. `label` is the encoding that a page names for itself, used when UTF-8 fails and it is no
    Chinese one. Raises ReadError when the bytes are no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data, encoding, where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4 and error.reason == "unexpected end of data":
            raise ReadError(where, "truncated in the middle of a character") from error
        text = _checked(data, (label or "").lower() if (label or "").lower() in _OTHERS else "gb18030", where)
    return _sound(text, where)


def _checked(data: bytes, encoding: str, where: str) -> str:
    try:
        return _sound(data.decode(encoding), where)
    except UnicodeDecodeError as error:
        text = min((data.decode(name, "replace") for name in ("utf-8", encoding)), key=lambda text: text.count("\ufffd"))
        if text.count("\ufffd") * _SOUND > len(text):
            raise ReadError(where, f"not text: neither UTF-8 nor GB 18030 (byte {error.start})") from error
        return text  # a page with a character cut in two, as browsers show it


def _sound(text: str, where: str) -> str:
    """The text, unless it is binary rubbish that happens to decode."""
    sample = text[:100_000]
    if "\x00" in sample or len(_CONTROL.findall(sample)) > max(2, len(sample) // 200):
        raise ReadError(where, "not text: control characters")
    return text
