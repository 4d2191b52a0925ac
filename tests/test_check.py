"""Warnings: each doubt on a sentence that deserves it, and none on one that does not."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.run import extract_text

CASES = [
    ("湖南省民政厅介绍，全省社工人才达9万人，占常住人口的15%。", ["share-of-residents"]),
    ("湖南省民政厅介绍，全省老年人口达1300万人，占常住人口的19.6%。", []),
    ("截至2023年底，全县社会组织共120家，其中社会团体80家，占50%。", ["share-does-not-fit"]),
    ("截至2023年底，全县社会组织共120家，其中社会团体80家，占66.7%。", []),
    ("全区特困人员300人，其中集中供养180人、分散供养150人。", ["parts-exceed-total"]),
    ("全区特困人员330人，其中集中供养180人、分散供养150人。", []),
    ("2023年，全县养老机构床位1200张。下一步，力争到2025年全县养老机构床位达到1000张。", ["target-below-level"]),
    ("2023年，全县孤儿120人。会议强调要关爱儿童。2023年，全县孤儿132人。", ["two-values"]),
    ("抽查合格率达到120%。", ["share-over-100"]),
    ("截至2023年底，全县老年人2.1万人，其中失能老人3000人，占老年人的34.3%。", ["share-does-not-fit"]),
    ("截至2023年底，全县老年人2.1万人，其中失能老人3000人，占老年人的14.3%。", []),
    ("全县有甲类站12家、乙类站15家，共计28家。", ["sum-differs"]),
    ("全县有甲类站12家、乙类站15家，共计27家。", []),
    ("2024年6月3日，县民政局已举办培训。", ["date-after-publication"]),
    ("2024年6月3日，县民政局将举办培训。", []),
]


@pytest.mark.parametrize(("text", "codes"), CASES, ids=[case[0][:14] for case in CASES])
def test_warnings(text: str, codes: list[str]) -> None:
    bulletin = extract_text(text, published=dt.date(2024, 5, 1))
    assert [w.code for w in bulletin.warnings] == codes
    assert all(bulletin.text[w.start : w.end] for w in bulletin.warnings)
