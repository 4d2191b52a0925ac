"""The output files of a batch, written from its ledger: bulletins.jsonl, facts.jsonl, failed.jsonl."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pipeline.ledger import Ledger

FILES = ("bulletins.jsonl", "facts.jsonl", "failed.jsonl")


def write_output(ledger: Ledger, out: Path) -> bool:
    """Write the files anew if the ledger has changes that they lack; returns whether it did. Each is moved into place when complete."""
    made, written = ledger.changes()
    if not all((out / name).exists() for name in FILES):
        written = -1
    if made == written:
        return False
    while made != written:
        _write(ledger, out)
        ledger.mark_written(made)
        made, written = ledger.changes()  # another run may have come in between
    return True


def _write(ledger: Ledger, out: Path) -> None:
    names = {name: out / f".{name}.{os.getpid()}.tmp" for name in FILES}
    with names["bulletins.jsonl"].open("w", encoding="utf-8") as bulletins, names["facts.jsonl"].open("w", encoding="utf-8") as facts:
        for _, bulletin_lines, fact_lines in ledger.results():
            bulletins.write(bulletin_lines)
            facts.write(fact_lines)
    failed = [json.dumps({"uri": uri, "reason": reason}, ensure_ascii=False) + "\n" for uri, reason in ledger.failures()]
    names["failed.jsonl"].write_text("".join(failed), encoding="utf-8")
    for name, temporary in names.items():
        temporary.replace(out / name)
