"""Official documents (GB/T 9704): what a notice prints of itself, and texts that are none."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.official import find_official

NOTICE = """泸县民政局文件
泸民发〔2024〕 7号
泸县民政局关于开展社工站等级评定的通知
各镇（街道）人民政府（办事处），各社会组织：
现将有关事项通知如下。
一、评定范围
全县社工站20个。
附件：1.评定标准
2.申报表
泸县民政局
2024年4月2日
（此件公开发布）
泸县民政局办公室　2024年4月3日印发"""


def test_all_parts() -> None:
    found = find_official(NOTICE)
    assert found is not None
    assert NOTICE[found.start : found.end] == found.title == "泸县民政局关于开展社工站等级评定的通知"
    assert found.kind == "通知"
    assert found.issuer == "泸县民政局"
    assert found.number == "泸民发〔2024〕7号"
    assert found.recipients == "各镇（街道）人民政府（办事处），各社会组织"
    assert found.signed == dt.date(2024, 4, 2)
    assert found.printed == dt.date(2024, 4, 3)
    assert found.annexes == ("评定标准", "申报表")


def test_joint_issue() -> None:
    found = find_official(
        "泸县民政局 泸县财政局关于提高孤儿基本生活费标准的通知\n各镇人民政府：\n请遵照执行。\n泸县民政局\n泸县财政局\n二〇二四年四月二日"
    )
    assert found is not None
    assert found.issuer == "泸县民政局 泸县财政局"
    assert found.signed == dt.date(2024, 4, 2)
    assert found.number is None


def test_one_annex_without_a_number() -> None:
    found = find_official("关于公布社工站名单的公告\n现予公布。\n附件：社工站名单\n泸县民政局\n2024年4月2日")
    assert found is not None
    assert found.annexes == ("社工站名单",)
    assert found.issuer == "泸县民政局"


@pytest.mark.parametrize(
    "text",
    [
        "泸县出台关于养老服务的实施意见\n近日，泸县出台意见。\n（据泸县民政局）",
        "泸县新建社工站20个\n泸县民政局印发《关于开展评定的通知》（泸民发〔2024〕7号）。",
        "关于养老服务的思考\n养老服务是民生。",
        "",
    ],
)
def test_news_is_no_official_document(text: str) -> None:
    assert find_official(text) is None
