"""Word's styles, as far as they tell headings, contents entries, type size, weight and hidden text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from pipeline.read.container import Container

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)
_TITLE = re.compile(r"title|标题", re.IGNORECASE)
_CONTENTS = re.compile(r"toc(?:\s*\d|\s*heading|\s*标题)?|目录.*", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph or run is set; level 0 is a document's title, None no heading; size in points."""

    level: int | None = None
    contents: bool = False
    centred: bool = False
    bold: bool = False
    hidden: bool = False
    size: float | None = None


class Styles:
    """The document's styles by id."""

    def __init__(self, looks: dict[str, Look], default: str | None) -> None:
        self._looks = looks
        self._default = default

    def look(self, paragraph: Element) -> Look:
        """How the paragraph is set, by its own properties and its style's."""
        properties = paragraph.find(f"{_W}pPr")
        base = self._looks.get(_value(properties, "pStyle") or self._default or "", Look())
        if properties is None:
            return base
        outline = _value(properties, "outlineLvl")
        level = int(outline) + 1 if outline and outline.isdigit() and int(outline) < 9 else base.level
        alignment = _value(properties, "jc")
        return Look(level, base.contents, alignment == "center" if alignment else base.centred, base.bold, base.hidden, base.size)

    def run(self, run: Element) -> Look:
        """How the run is set, by its own properties and its paragraph's style."""
        parent = next((p for p in run.iterancestors(f"{_W}p")), None)
        base = self.look(parent) if parent is not None else Look()
        return _with_run(base, run.find(f"{_W}rPr"))


def read_styles(container: Container) -> Styles:
    """The styles, each with what it inherits."""
    root = container.optional_xml("word/styles.xml")
    if root is None:
        return Styles({}, None)
    elements = {style.get(f"{_W}styleId", ""): style for style in root.iterchildren(f"{_W}style")}
    defaults = _with_run(Look(), root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"))
    looks: dict[str, Look] = {}
    for name in elements:
        _resolve(name, elements, looks, defaults)
    marked = (n for n, s in elements.items() if s.get(f"{_W}type") == "paragraph" and s.get(f"{_W}default") in ("1", "true"))
    return Styles(looks, next(marked, None))


def _resolve(name: str, elements: dict[str, Element], looks: dict[str, Look], defaults: Look) -> None:
    """Fills in the style and, from the root of its line down, those that it is based on."""
    line = []
    at: str | None = name
    while at in elements and at not in looks and at not in line:
        line.append(at)
        at = _value(elements[at], "basedOn")
    base = looks.get(at or "", defaults)
    for style in reversed(line):
        base = looks[style] = _inherit(base, elements[style])


def _inherit(base: Look, style: Element) -> Look:
    own = _with_run(base, style.find(f"{_W}rPr"))
    properties = style.find(f"{_W}pPr")
    title = (_value(style, "name") or "").strip()
    heading = _HEADING.fullmatch(title)
    outline = _value(properties, "outlineLvl")
    level = int(heading.group(1)) if heading else 0 if _TITLE.fullmatch(title) else base.level
    if level is None and outline and outline.isdigit() and int(outline) < 9:
        level = int(outline) + 1
    alignment = _value(properties, "jc")
    centred = alignment == "center" if alignment else base.centred
    return Look(level, base.contents or bool(_CONTENTS.fullmatch(title)), centred, own.bold, own.hidden, own.size)


def _with_run(base: Look, properties: Element | None) -> Look:
    if properties is None:
        return base
    size = _value(properties, "sz")
    bold, hidden = properties.find(f"{_W}b"), properties.find(f"{_W}vanish")
    return Look(
        base.level,
        base.contents,
        base.centred,
        base.bold if bold is None else bold.get(f"{_W}val") not in _OFF,
        base.hidden if hidden is None else hidden.get(f"{_W}val") not in _OFF,
        int(size) / 2 if size and size.isdigit() else base.size,
    )


def _value(parent: Element | None, tag: str) -> str | None:
    found = parent.find(f"{_W}{tag}") if parent is not None else None
    return found.get(f"{_W}val") if found is not None else None
