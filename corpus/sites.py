"""Site definitions: what a civil-affairs site publishes where, one YAML file per site in `corpus/sites/`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import ConfigError

FOLDER = Path(__file__).parent / "sites"
ARTICLE = r"/t\d{8}_\d+\.s?html?$|/content_\d+\.s?html?$|/post_\d+\.s?html?$|/art_\d+_\d+\.s?html?$|/c\d+/\d{6}/t\d+\S*\.s?html?$"
"""Article addresses of the common content systems: TRS, content_, post_, Hanweb's art_."""
ATTACHMENTS = ("pdf", "doc", "docx", "wps", "xls", "xlsx", "ofd", "zip")


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


def _cron(text: str) -> str:
    parts = text.split()
    if len(parts) != 5 or not all(re.fullmatch(r"[\d*/,\-]+", part) for part in parts):
        raise ValueError("a schedule has five cron fields: minute hour day month weekday")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Cron = Annotated[str, AfterValidator(_cron)]


class Column(BaseModel):
    """One list of articles, the newest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str = Field(pattern=r"^https?://[^/]+/")
    adapter: Literal["trs", "hanweb", "links", "sitemap", "rss"]
    article: Pattern | None = None
    """Regular expression for article addresses, when the site's does not fit this column."""
    next: str | None = None
    """For `links`: address of page N of the list, with `{n}` and relative to the column; without it the link 下一页 is followed."""


class Site(BaseModel):
    """A site: who publishes, where the lists are, how articles look, when to come and how much there must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    area: str | None = Field(default=None, pattern=r"^\d{6}$")
    """Adcode of the area that it is responsible for; None for the ministry."""
    tested: Literal["live", "loopback", "never"]
    """Against what the definition was tried. `never`: written from the site's documented address patterns."""
    columns: tuple[Column, ...] = Field(min_length=1)
    article: Pattern = ARTICLE
    attachments: tuple[str, ...] = ATTACHMENTS
    schedule: Cron = "30 2 * * *"
    """When to crawl, in cron's five fields, time zone Asia/Shanghai."""
    minimum: int = Field(default=1, ge=0)
    """Articles that the first pages of all lists must show together; fewer is an error. Later pages are not read every night."""
    pages: int = Field(default=50, ge=1)
    """List pages read per column at most."""
    delay: float = Field(default=2.0, ge=0)
    """Seconds between two requests to a host."""


def load_site(name: str | Path) -> Site:
    """The site with this name in `corpus/sites/`, or in the YAML file of this path. Raises ConfigError."""
    path = Path(name) if str(name).endswith((".yaml", ".yml")) else FOLDER / f"{name}.yaml"
    try:
        return Site.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigError(str(name), f"no such site; known are {', '.join(site_names())}") from None
    except (ValidationError, yaml.YAMLError, UnicodeDecodeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise ConfigError(str(path), reason) from error


def site_names() -> list[str]:
    """The names of all shipped sites."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
