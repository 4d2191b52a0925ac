"""Mail: the body where it says something, and every attachment that is a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message, MIMEPart
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
    bodies = [body for kind in ("plain", "html") if (body := message.get_body(preferencelist=(kind,))) is not None]
    said = next((body for body in bodies if _says_something(_content(body))), None)
    if said is not None:
        yield ("body.html" if said.get_content_type() == "text/html" else "body.txt"), _content(said)
    stack: list[Message[Any, Any]] = [message]
    number = 0
    while stack:
        part = stack.pop()
        number += 1
        if number > limits.members:
            raise ReadError(uri, f"more than {limits.members} parts in the mail")
        if part.get_content_type() == "message/rfc822":  # a mail that is forwarded as an attachment
            yield f"forwarded-{number}.eml", _forwarded(part)
        elif part.is_multipart():
            stack.extend(reversed(part.get_payload()))  # type: ignore[arg-type]
        elif part is not message and not any(part is body for body in bodies) and isinstance(part, MIMEPart):
            name = part.get_filename()
            if name or part.get_content_disposition() == "attachment":
                yield name or f"attachment-{number}", _content(part)


def _says_something(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    return bool(_SENTENCE.search(_TAGS.sub("", text)))


def _forwarded(part: Message[Any, Any]) -> bytes:
    inner = part.get_payload()
    return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""


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
