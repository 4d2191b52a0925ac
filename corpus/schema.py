"""What is generated from the record types: JSON Schema, SQL tables and the documentation table.

`python -m corpus.schema --write` writes them; without it, stale ones are listed and the exit code is 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from corpus import records
from corpus.flat import COLUMNS
from corpus.tables import TABLES, ddl

_HERE = Path(__file__).parent
_ORDER = (
    "Bulletin",
    "Source",
    "Attachment",
    "Official",
    "Section",
    "Quantity",
    "Time",
    "Policy",
    "Organization",
    "Place",
    "Sentence",
    "Warning",
    "Period",
    "Region",
    "Box",
)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line of `bulletins.jsonl`."""
    schema = records.Bulletin.model_json_schema()
    schema["required"] = ["schema_version", *schema["required"]]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:gongbao:bulletin:{records.SCHEMA_VERSION}", **schema}


def _type_name(schema: dict[str, Any]) -> str:
    """A property's type in words that a reader of JSON knows."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type_name(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"[{', '.join(_type_name(item) for item in schema['prefixItems'])}]"
        return f"list of {_type_name(schema['items'])}"
    kind = {"date": "date", "date-time": "time"}.get(schema.get("format", ""))
    return kind or str(schema.get("type", "any"))


def _record_table(record: type[BaseModel]) -> str:
    properties = record.model_json_schema()["properties"]
    lines = [f"## {record.__name__}", "", (record.__doc__ or "").strip(), "", "| field | type | meaning |", "| --- | --- | --- |"]
    lines += [f"| {name} | {_type_name(schema)} | {_cell(schema.get('description', ''))} |" for name, schema in properties.items()]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def documentation() -> str:
    """docs/records.md: every record, the fact row and the SQL tables."""
    head = (
        "# Records\n\nGenerated from `corpus/records.py` by `python -m corpus.schema --write`; do not edit.\n\n"
        f"Schema version {records.SCHEMA_VERSION}. Offsets are code points into `text`, half-open. What the source does not say is null.\n"
    )
    parts = [head, *(_record_table(getattr(records, name)) for name in _ORDER)]
    rows = [f"| {c.name} | {c.type} | {_cell(c.description)} |" for c in COLUMNS]
    parts.append(
        "## Fact row\n\nOne row per fact of any kind, in `facts.jsonl`, CSV, Parquet and the SQL table `facts`. "
        "A column that a kind does not have is null.\n\n| column | type | meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )
    for table in TABLES:
        rows = [f"| {c.name} | {c.type}{'' if c.required else ', null'} | {_cell(c.description)} |" for c in table.columns]
        if table.name == "facts":
            rows = ["| … | | the columns of the fact row |", rows[-1]]
        parts.append(
            f"## Table `{table.name}`\n\n{table.comment[0].upper()}{table.comment[1:]}. Key: {', '.join(table.key)}.\n\n"
            "| column | type | meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


def generated() -> dict[Path, str]:
    """Every generated file with the text that it must hold."""
    return {
        _HERE / "schema" / "bulletin.schema.json": json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n",
        _HERE / "schema" / "tables.sql": ddl(),
        _HERE.parent / "docs" / "records.md": documentation(),
    }


def stale() -> list[Path]:
    """The generated files that are missing or differ from the record types."""
    return [path for path, text in generated().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main(argv: list[str]) -> int:
    """Write the generated files, or list the stale ones."""
    found = stale()
    for path in found:
        print(path.name)
        if "--write" in argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(generated()[path], encoding="utf-8")
    return 0 if "--write" in argv else int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
