"""One bulletin for a person's eyes: the text with its facts coloured, and the quantities in a table under it."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.records import Bulletin, Fact, Organization, Period, Place, Policy, Quantity, Time

STYLES = {
    "places": "green",
    "organizations": "blue",
    "policies": "magenta",
    "times": "cyan",
    "quantities": "bold yellow",
}


def show(bulletin: Bulletin, console: Console | None = None) -> None:
    """Print a bulletin; colours only where the console has them."""
    console = console or Console()
    console.print(_head(bulletin))
    console.print(_coloured(bulletin))
    console.print(Text("  ").join(Text(f"■ {layer}", style=style) for layer, style in STYLES.items()))
    if bulletin.quantities:
        console.print(_table(bulletin))
    for warning in bulletin.warnings:
        console.print(f"! {warning.message} [{warning.code}]", style="red", markup=False)


def describe(fact: Fact, bulletin: Bulletin) -> str:
    """The normalised value in one line; under it, where there is one, the reason that the evidence alone does not give."""
    parts: tuple[object, ...] = ()
    if isinstance(fact, Quantity):
        parts = tuple(part for part in _row(fact, bulletin)[1:] if part != "–")
    elif isinstance(fact, Time):
        parts = (_when(fact.period),)
    elif isinstance(fact, Policy):
        parts = (fact.name, fact.issuer, fact.number, fact.issued)
    elif isinstance(fact, Organization):
        parts = (fact.name,)
    elif isinstance(fact, Place):
        parts = (fact.name, fact.adcode)
    line = " · ".join(str(part) for part in parts if part)
    return f"{line}\n{fact.resolved_from}" if fact.resolved_from else line


def _head(bulletin: Bulletin) -> Text:
    source = bulletin.source
    parts = [f"{source.uri}#{source.item}", str(bulletin.published or "no date"), bulletin.place.name if bulletin.place else "no place"]
    return Text(" · ".join(parts), style="dim")


def _coloured(bulletin: Bulletin) -> Text:
    text = Text(bulletin.text)
    for layer, style in STYLES.items():
        for fact in getattr(bulletin, layer):
            text.stylize(style, fact.start, fact.end)
    return text


def _table(bulletin: Bulletin) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    headings = ("evidence", "value", "measure", "when", "where", "told as")
    rows = [_row(q, bulletin) for q in bulletin.quantities]
    shown = [i for i in range(len(headings)) if any(row[i] for row in rows)]
    for i in shown:
        table.add_column(headings[i], overflow="fold", no_wrap=headings[i] in ("value", "when"))
    for row in rows:
        table.add_row(*(row[i] for i in shown))
    return table


def _row(q: Quantity, bulletin: Bulletin) -> tuple[str, ...]:
    where = "" if q.place == bulletin.place else q.place.name if q.place else "–"
    told = " ".join(word for word in (q.status, q.aspect, q.indicator or "") if word not in ("actual", "level"))
    return q.text, _value(q), q.measure or "", _when(q.time), where, told


def _value(q: Quantity) -> str:
    value = f"{q.low:,.10g}" if q.value is not None else f"{q.low:,.10g}–{q.high:,.10g}"
    unit = "/".join(part for part in (q.unit, q.per) if part)
    return f"{q.comparator or ''}{value} {unit}".rstrip()


def _when(period: Period | None) -> str:
    """2023 for a whole year, →2024-09-30 for up to a day, 2023-01-01→ for since."""
    if period is None:
        return ""
    start, end = str(period.start or ""), str(period.end or "")
    if start[5:] == "01-01" and end[5:] == "12-31":
        return start[:4] if start[:4] == end[:4] else f"{start[:4]}→{end[:4]}"
    return start if start == end else f"{start}→{end}"
