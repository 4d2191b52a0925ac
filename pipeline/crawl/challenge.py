"""Pages that test for a browser instead of answering. They are recorded as blocked, never bypassed."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SCRIPT = re.compile(rb"<script\b[^>]*>.*?</script\s*>", re.I | re.S)
_TAG = re.compile(rb"<[^>]*>|&\w+;|\s+", re.S)
_SIGNS = re.compile(
    rb"__jsl_clearance|\$_ts\b|_\$[a-z0-9]{2}\(|acw_sc__v2|arg1\s*=\s*['\"]|cf-chl|challenge-platform|document\.cookie\s*=|location\.reload|"
    rb"location\.(?:href|replace)|eval\(function\(p,a,c,k,e|\bslider?captcha|verify\.(?:html|jsp)",
    re.I,
)
_ALWAYS = {521}
_OFTEN = {202, 403, 405, 412, 418, 429, 503}
_SHORT = 60
"""Bytes of visible text below which a page of scripts says nothing to a reader."""


def challenge(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Why an answer is a challenge page, or None when it is none."""
    if status in _ALWAYS:
        return f"status {status}: a check for a browser"
    if "html" not in headers.get("content-type", "html") or len(body) > 200_000:
        return None
    sign = _SIGNS.search(body)
    visible = _TAG.sub(b"", _SCRIPT.sub(b"", body))
    if sign and b"<script" in body.lower() and (len(visible) < _SHORT or status in _OFTEN):
        return f"status {status}: a page of scripts ({sign.group().decode('ascii', 'replace')}) instead of the document"
    if status == 412:
        return "status 412: a check for a browser"
    return None
