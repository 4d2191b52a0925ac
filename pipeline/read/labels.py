"""The labels of a page's panel of metadata, with their values: beside each other, in cells or in elements of their own.

索引号：1308240000/2023-001205　文号：滦民发〔2023〕17号
<li><p>发文机构:</p><p>滦平县民政局</p></li>          <td>发文日期</td><td>2023-12-10 19:48:26</td>
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.lines import BLANK

LABELS = {
    "published": ("发布时间", "发布日期", "公开日期", "公开时间", "发布于", "发稿时间", "发表时间", "公布日期"),
    "issued": ("发文日期", "发文时间"),  # a site's own day where it prints none of publication
    "updated": ("更新时间",),
    "signed": ("成文日期", "成文时间", "生成日期", "印发日期", "制发日期"),
    "number": ("发文字号", "发文文号", "文件编号", "文件字号", "文号"),
    "index": ("信息索引号", "索引号码", "索引号", "索引"),
    "issuer": ("发文机关", "发文机构", "发文单位", "发布机构", "发布单位", "公开机构", "公开主体", "公开单位", "制发机关", "制发单位"),
    "source": ("信息来源", "文章来源", "稿件来源", "来源"),
    "": (
        *(
            "主题分类",
            "信息分类",
            "组配分类",
            "体裁分类",
            "公文种类",
            "体裁",
            "主题词",
            "关键词",
            "有效性",
            "效力状态",
            "有效期",
            "时效性",
            "时效",
        ),
        *(
            "公开方式",
            "公开目录",
            "公开属性",
            "公开范围",
            "公开形式",
            "统一编号",
            "信息名称",
            "名称",
            "标题",
            "内容概述",
            "内容描述",
            "语种",
            "废止日期",
        ),
        *(
            "生效日期",
            "实施日期",
            "服务对象",
            "所属栏目",
            "栏目",
            "作者",
            "访问次数",
            "浏览次数",
            "浏览量",
            "点击数",
            "点击量",
            "点击",
            "阅读次数",
            "阅读",
        ),
        *("字体大小", "字体", "字号", "打印", "责任编辑", "文章录入", "审核", "编辑", "发布人"),
    ),
}
"""What the labels of a panel name; those under "" end the value before them."""

_NAMES = {name: key for key, names in LABELS.items() for name in names}
_SPACED = "|".join(rf"[{BLANK}]*".join(name) for name in sorted(_NAMES, key=len, reverse=True))
_LABEL = re.compile(rf"(?:^|(?<=[{BLANK}\[【|｜（(]))(?P<name>{_SPACED})[】\]]?[{BLANK}]*(?P<colon>[：:]|$|(?=[{BLANK}]))")
_NAMED = re.compile(rf"(?:{_SPACED})(?=[】\]]?[{BLANK}]*[：:])")
_AROUND = f"{BLANK}[]【】|｜"
_LINE = 400  # characters of a panel's line


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's key in `LABELS`, its value, and the lines that hold the two."""

    key: str
    value: str
    line: int
    value_line: int


def find_labelled(lines: Sequence[str]) -> Iterator[Labelled]:
    """The labels with their values in order; a label alone in its line has the next line as its value, if that is no label."""
    for at, line in enumerate(lines):
        found = _labels(line)
        ends = [*(match.start() for match in found), len(line)][1:]
        for match, end in zip(found, ends, strict=True):
            value = line[match.end() : end].strip(_AROUND)
            where = at
            if not value and end == len(line) and at + 1 < len(lines) and not any(_labels(lines[at + 1])):
                value, where = lines[at + 1].strip(_AROUND), at + 1
            if value:
                yield Labelled(_NAMES[re.sub(rf"[{BLANK}]+", "", match.group("name"))], value, at, where)


def parted(line: str) -> str:
    """The line with a blank before each label, where elements that the page sets apart have none between them."""
    return _NAMED.sub(lambda match: f" {match.group()}", line) if len(line) <= _LINE else line


def is_label_alone(line: str) -> bool:
    """Whether a line holds labels without any value."""
    found = _labels(line)
    return bool(found) and not re.sub(_LABEL, "", line).strip(_AROUND)


def _labels(line: str) -> list[re.Match[str]]:
    """The labels of a line that begins with one; without colons only in a line of cells or of nothing else."""
    if len(line) > _LINE:
        return []
    found = list(_LABEL.finditer(line))
    if not found or line[: found[0].start()].strip(_AROUND):
        return [match for match in found if match.group("colon")] if found and "    " not in line else []
    celled = "    " in line or found[0].end() >= len(line.rstrip())
    return [match for match in found if celled or match.group("colon")]
