"""Reading CSV: a table with its caption, encodings, a bulletin in each row, and what is no CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import ReadError
from gongbao import extract
from pipeline.read import read
from pipeline.read.limits import Limits

TABLE = '泾川县2023年底养老服务情况,,\n乡镇,养老机构（家）,床位（张）\n城关镇,4,"1,520"\n玉都镇,3,304\n合计,7,"1,824"\n注：含公办机构。,,\n'
SEMICOLONS = TABLE.replace(",", ";").replace("1;520", "1,520").replace("1;824", "1,824")


@pytest.mark.parametrize("data", [TABLE.encode(), TABLE.encode("gb18030"), TABLE.encode("utf-8-sig"), SEMICOLONS.encode()])
def test_a_table_gives_facts(tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(data)
    [bulletin] = extract(source)
    assert bulletin.title == "泾川县2023年底养老服务情况"
    assert [(q.value, q.unit, q.measure, q.place and q.place.name) for q in bulletin.quantities][:2] == [
        (4.0, "家", "养老机构", "城关镇"),
        (1520.0, "张", "床位", "城关镇"),
    ]


def test_a_bulletin_in_each_row() -> None:
    text = "泾川县建成养老机构7家，床位1,824张，方便老年人就近养老。"
    document = read(
        f'标题,正文,来源\n泾川县建成养老机构7家,"{text}",泾川县民政局\n泾川县新增床位,"{text}",泾川县民政局\n'.encode(), "a.csv"
    )
    assert [part.metadata.title for part in document.parts] == ["泾川县建成养老机构7家", "泾川县新增床位"]
    assert {part.metadata.attribution for part in document.parts} == {"泾川县民政局"}


def test_limits() -> None:
    with pytest.raises(ReadError, match="too many table cells"):
        read(TABLE.encode(), "a.csv", limits=Limits(cells=5))
