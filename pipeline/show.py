"""One bulletin for a person's eyes: the text with its facts coloured, and the quantities in a table under it."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.records import Bulletin, Period, Quantity

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
    console.print(Text("  ".join(f"■ {layer}" for layer in STYLES), style="dim"))
    if bulletin.quantities:
        console.print(_table(bulletin))
    for warning in bulletin.warnings:
        console.print(f"! {warning.message} [{warning.code}]", style="red", markup=False)


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
    table = Table("evidence", "value", "unit", "measure", "when", "where", "told as", "indicator", show_lines=False)
    for q in bulletin.quantities:
        table.add_row(
            q.text,
            _value(q),
            q.unit if q.per is None else f"{q.unit}/{q.per}",
            q.measure,
            _when(q.time),
            q.place.name if q.place else None,
            q.aspect if q.status == "actual" else f"{q.aspect}, {q.status}",
            q.indicator,
        )
    return table


def _value(q: Quantity) -> str:
    value = f"{q.low:,.10g}" if q.value is not None else f"{q.low:,.10g}–{q.high:,.10g}"
    return f"{q.comparator or ''}{value}"


def _when(period: Period | None) -> str | None:
    return None if period is None else f"{period.start or ''}…{period.end or ''}" if period.start != period.end else str(period.start)
