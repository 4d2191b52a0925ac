"""robots.txt, as RFC 9309 has it: missing allows, unreachable forbids, and what is no robots.txt says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

LIMIT = 512 * 1024
"""Bytes of a robots.txt that are read."""
LONGEST_DELAY = 60.0
"""Seconds: a longer Crawl-delay would stop the crawl rather than slow it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host asks of us; `reason` why it forbids everything, else None."""

    parsed: Protego | None
    reason: str | None = None

    def allows(self, url: str, agent: str) -> bool:
        """Whether the URL may be fetched."""
        return self.reason is None and (self.parsed is None or bool(self.parsed.can_fetch(url, agent)))

    def delay(self, agent: str) -> float:
        """Seconds between requests that the host asks for; 0 when it says nothing."""
        wanted = self.parsed.crawl_delay(agent) if self.parsed else None
        return min(float(wanted or 0), LONGEST_DELAY)


def parse_robots(status: int, body: bytes) -> Rules:
    """The rules that an answer to robots.txt states."""
    if 400 <= status < 500:
        return Rules(None)
    if status != 200:
        return Rules(None, f"robots.txt answers with status {status}")
    text = body[:LIMIT].decode("utf-8-sig", "replace")
    if text.lstrip()[:1] == "<":
        return Rules(None)  # a page instead of a file: the server has none
    return Rules(Protego.parse(text))
