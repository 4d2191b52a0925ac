"""Mail: the body where it says something, and every attachment that is a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Any

from corpus.errors import ReadError
from pipeline.document import Document
from pipeline.read.limits import Limits
from pipeline.read.parts import read_parts

_SENTENCE = re.compile(r"[^\n。！？]{12,400}[。！？]")
_TAGS = re.compile(r"<[^<>]{0,500}>")


def read(data: bytes, uri: str, limits: Limits) -> Document:
    """A mail in the form that mail programs save (RFC 822)."""
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return read_parts(_members(message, uri, limits), data, uri, "message/rfc822", limits)


def _members(message: EmailMessage, uri: str, limits: Limits) -> Iterator[tuple[str, bytes | ReadError]]:
    body = message.get_body(preferencelist=("plain", "html"))
    content = _content(body) if body is not None else b""
    if body is not None and _SENTENCE.search(_TAGS.sub("", content.decode("utf-8", "replace"))):
        yield ("body.html" if body.get_content_type() == "text/html" else "body.txt"), content
    for number, part in enumerate(message.walk(), 1):
        if number > limits.members:
            raise ReadError(uri, f"more than {limits.members} parts in the mail")
        if part is message or part is body or part.is_multipart() or not isinstance(part, MIMEPart):
            continue
        name = part.get_filename()
        if name or part.get_content_disposition() == "attachment":
            yield name or f"attachment-{number}", _content(part)


def _content(part: MIMEPart[Any, Any]) -> bytes:
    """The part's bytes; text as UTF-8, whatever its label says, where its bytes do not show their encoding themselves."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = (part.get_content_charset() or "").lower()
    if part.get_content_maintype() == "text" and charset not in ("", "utf-8", "gb2312", "gbk", "gb18030", "us-ascii"):
        try:
            return data.decode(charset).encode()
        except (LookupError, UnicodeDecodeError):
            return data
    return data
