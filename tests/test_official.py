"""Official documents (GB/T 9704): what a notice prints of itself, and texts that are none."""

from __future__ import annotations

import datetime as dt

import pytest

from gongbao import extract
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
    assert found.issuer == "泸县民政局、泸县财政局"
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


REQUEST = """000123
特急
泸县民政局文件
泸民〔2024〕12号　　　　　　　　签发人：张某某
泸县民政局
关于解决乡镇敬老院消防改造经费的请示
县人民政府：
　　我县现有乡镇敬老院9所，其中6所需进行消防改造，需资金186万元。
　　附件：1．资金测算表
　　　　　2．现场勘查报告
泸县民政局
2024年4月2日"""


def test_a_headline_over_lines_and_the_number_beside_the_signer() -> None:
    found = find_official(REQUEST)
    assert found is not None
    assert found.title == "泸县民政局关于解决乡镇敬老院消防改造经费的请示"
    assert REQUEST[found.start : found.end].replace("\n", "") == found.title
    assert (found.number, found.recipients) == ("泸民〔2024〕12号", "县人民政府")
    assert extract(REQUEST)[0].title == found.title


JOINT = """民政部　财政部
关于进一步做好困难群众基本生活
保障工作的通知
民发﹝2024﹞31号
各省、自治区、直辖市民政厅（局）、财政厅（局）：
一、健全机制。对符合条件的家庭给予补助。
（一）明确对象
1．低保对象。含边缘家庭。
（1）城市低保对象
民政部　　　　财政部
2024年6月3日"""


def test_several_issuers_and_the_numbered_levels() -> None:
    found = find_official(JOINT)
    assert found is not None
    assert found.issuer == "民政部、财政部"
    assert [(s.level, JOINT[s.start : s.end]) for s in found.sections] == [
        (1, "一、健全机制"),
        (2, "（一）明确对象"),
        (3, "1．低保对象"),
        (4, "（1）城市低保对象"),
    ]


FORWARDED = """泸县民政局转发市民政局《关于开展养老机构安全检查的通知》的通知
泸民发〔2024〕9号
各镇（街道）：
　　现将市民政局《关于开展养老机构安全检查的通知》转发给你们，请遵照执行。
泸县民政局
2024年7月8日
附件
泸州市民政局关于开展养老机构安全检查的通知
泸市民发〔2024〕20号
各区县民政局：
　　请于7月31日前完成检查。
泸州市民政局
2024年7月1日"""


def test_what_is_forwarded_keeps_its_own_number_and_date() -> None:
    [bulletin] = extract(FORWARDED)
    assert bulletin.official is not None
    assert bulletin.official.signed == bulletin.published == dt.date(2024, 7, 8)
    assert bulletin.official.number == "泸民发〔2024〕9号"
    assert all(policy.number is None for policy in bulletin.policies)


GIVEN_OUT = """泸县人民政府办公室关于印发《泸县养老服务补贴管理办法》的通知
泸县府办规〔2024〕3号
各镇人民政府、街道办事处：
　　《泸县养老服务补贴管理办法》已经县政府同意，现印发给你们。
　　泸县人民政府办公室
　　2024年3月5日
　　泸县养老服务补贴管理办法
　　第一条　根据《养老机构管理办法》，制定本办法。"""


def test_what_a_notice_gives_out_has_its_number_issuer_and_day() -> None:
    [bulletin] = extract(GIVEN_OUT)
    own = [p for p in bulletin.policies if p.name == "泸县养老服务补贴管理办法"]
    assert len(own) == 2
    assert {(p.issuer, p.number, p.issued) for p in own} == {("泸县人民政府办公室", "泸县府办规〔2024〕3号", dt.date(2024, 3, 5))}
    assert [p.number for p in bulletin.policies if p.name == "养老机构管理办法"] == [None]


def test_an_order_gives_out_its_rules() -> None:
    text = "中华人民共和国民政部令\n第66号\n　　《养老机构管理办法》已经民政部部务会议通过，现予公布。\n部长　李某某\n2020年9月1日"
    [bulletin] = extract(text)
    assert [(p.name, p.number, p.issued) for p in bulletin.policies] == [
        ("养老机构管理办法", "中华人民共和国民政部令第66号", dt.date(2020, 9, 1))
    ]


def test_a_headline_alone_is_no_policy() -> None:
    [bulletin] = extract(NOTICE)
    assert bulletin.policies == ()
    assert bulletin.official is not None
    assert bulletin.official.number == "泸民发〔2024〕7号"


@pytest.mark.parametrize(
    ("text", "kind", "annexes"),
    [
        ("泸县民政局\n对县人大第56号建议的答复\n泸民函〔2024〕33号\n王某代表：\n建议收悉。", "答复", ()),
        ("泸县县委　泸县人民政府\n关于加强治理能力\n现代化建设的实施意见\n（2024年1月15日）\n为加强治理，提出意见。", "意见", ()),
        ("中华人民共和国民政部公告\n第528号\n现予批准。\n附件：标准目录\n民政部\n2024年6月20日", "公告", ("标准目录",)),
        ("泸县民政局行政许可决定书\n泸民许准〔2024〕15号\n泸县社工协会：\n准予变更。\n泸县民政局\n2024年3月8日", "决定书", ()),
        ("泸县民政局局务会议纪要\n〔2024〕5号\n泸民纪〔2024〕5号\n会议研究了社工站建设。", "纪要", ()),
        ("关于开展评估的通知\n各镇：\n请申报。\n附件1：申报表\n附件2：评分表\n泸县民政局\n2024年6月2日", "通知", ("申报表", "评分表")),
        ("关于开展评估的通知\n各镇：\n请申报。\n附件：\n1.申报表 2.评分表\n泸县民政局\n2024年6月2日", "通知", ("申报表", "评分表")),
    ],
)
def test_kinds(text: str, kind: str, annexes: tuple[str, ...]) -> None:
    found = find_official(text)
    assert found is not None
    assert (found.kind, found.annexes) == (kind, annexes)
    assert found.signed is not None or found.number is not None
