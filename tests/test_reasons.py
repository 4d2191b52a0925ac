"""Why a fact has a value that its own words do not give: `resolved_from`."""

from __future__ import annotations

import datetime as dt

import pytest

from corpus.records import LAYERS
from gongbao import extract

TEXT = """福建省民政厅部署社工站建设
5月3日，福建省民政厅召开会议。截至去年底，全省建成社工站120个，厦门市新增社工站8个。会议学习《福建省社会工作服务站建设方案》。省民政厅要求，各地落实《方案》。
2022年，全省发放高龄津贴3亿元，较上年增加0.2亿元，当年12月提高标准。"""


@pytest.fixture(scope="module")
def reasons() -> dict[str, str | None]:
    """The reason by the fact's words; of equal words the last."""
    bulletin = extract(TEXT, published=dt.date(2024, 5, 6))[0]
    return {fact.text: fact.resolved_from for layer in LAYERS for fact in getattr(bulletin, layer)}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("5月3日", "published 2024-05-06"),
        ("去年底", "published 2024-05-06"),
        ("2022年", None),
        ("当年12月", f"the text, offset {TEXT.index('2022年')}"),
        ("120个", f"place: 全省, offset {TEXT.index('全省')}"),
        ("8个", f"place: 厦门市, offset {TEXT.index('厦门市')}"),
        ("《方案》", f"full name at offset {TEXT.index('福建省社会工作服务站')}"),
        ("《福建省社会工作服务站建设方案》", None),
        ("省民政厅", "name: the bulletin's area"),
        ("福建省民政厅", None),
    ],
)
def test_reason(reasons: dict[str, str | None], words: str, reason: str | None) -> None:
    assert reasons[words] == reason


def test_a_month_without_a_year_follows_the_heading() -> None:
    bulletin = extract("2021年工作总结\n3月，全县新建社工站4个。")[0]
    assert [t.resolved_from for t in bulletin.times if t.text == "3月"] == ["the text speaks of 2021"]
