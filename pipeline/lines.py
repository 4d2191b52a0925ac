"""What kind of line is this: the marks by which repair, splitting and metadata tell lines of official Chinese apart.

All predicates take one line without outer blanks. Length is in code points.
"""

from __future__ import annotations

import re

BLANK = " \t\r\n\u00a0\u3000\u2000-\u200a\u202f\u205f"  # for use inside [...]
HAN = "\u3400-\u4dbf\u4e00-\u9fff〇々"
_NUMERAL = "一二三四五六七八九十百零〇"
_DATE = rf"(?:\d{{4}}|[〇○Oo0零一二三四五六七八九]{{4}})[{BLANK}]*[年./-][{BLANK}]*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})"
_DATE += rf"[{BLANK}]*[月./-][{BLANK}]*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[{BLANK}]*[日号]?"

DATE = re.compile(_DATE)
_DATE_LINE = re.compile(rf"[（(]?{_DATE}(?:[{BLANK}]*印发)?[）)]?")
_IMPRINT = re.compile(rf"[（(]?[{HAN}{BLANK}（）()]{{2,40}}[{BLANK}]+{_DATE}(?:[{BLANK}]*印发)?[）)]?")
_TAIL = 60  # characters at a line's end that show how it ends
_REMARK = r"(?:[（(][^（()）]{1,40}[)）])?"  # (据云南省民政厅) （完） after the last sentence
_FINAL = re.compile(rf"[。！？!?…｡][”’\"'》）)〉】」』\]]*{_REMARK}$|[；;：:．][”’\"'》）)〉】」』\]]*$|(?<=[^\d\s])\.$")
_SENTENCE = re.compile(rf"[。！？!?…｡][”’\"'》）)〉】」』\]]*{_REMARK}$")
LIST_MARK = re.compile(
    rf"""(?: [（(][{_NUMERAL}\d]{{1,3}}[）)]          # （一） (1)
          | [{_NUMERAL}]{{1,3}}、                     # 一、
          | \d{{1,2}}[、.．)）](?!\d)                 # 1. 2、 3)
          | 第[{_NUMERAL}\d]{{1,3}}[章节条编篇]
          | [①-⑳⑴-⒇➀-➓]
          | [●◆■▪•★☆◎○▲△▽▼►◇□※❖✦]
          )""",
    re.VERBOSE,
)
_OPENING = re.compile(
    rf"""(?:[{_NUMERAL}]|首先|其次)是
       | [问答](?:[：:]|[{_NUMERAL}\d])
       | 附件 | 附[：:录] | [备附]?注[：:\d] | 主送 | 抄送
       | [QA]\d?[：:]""",
    re.VERBOSE,
)
_LABELS = (
    "发布时间|发布日期|发文日期|成文日期|生成日期|印发日期|公开日期|日期|时间|来源|信息来源|文章来源|稿件来源|新闻来源|稿源|出处|"
    "索引号?|发文字号|文号|文件编号|发文机关|发文单位|发布机构|发布单位|公开机构|制发机关|主题分类|信息分类|主题词|有效性|时效性|"
    "浏览次数|浏览量|访问量|阅读量|阅读次数|阅读|点击数|点击量|点击|字号|字体|字体大小|视力保护色|分享到?|"
    "作者|撰稿|文|图|图文|摄影|通讯员|记者|责任编辑|责编|编辑|校对|审核|审核人|初审|复审|终审|签发|监制|供稿|供稿单位|供稿人|供图|"
    "名称|标题|栏目|关键词|信息名称|体裁|组配分类|发布人"
)
META = re.compile(rf"(?:[【\[])?(?:{_LABELS.replace('来源', f'来[{BLANK}]*源')})[】\]]?[{BLANK}]*[：:]")
_META_LATER = re.compile(
    rf"(?:[{HAN}]{{2,6}}[：:][^{BLANK}，。]{{1,20}}|(?:{_DATE}[{BLANK}]*)?(?:\d{{1,2}}[：:]\d{{2}}(?:[：:]\d{{2}})?)?)[{BLANK}|｜]+(?:{_LABELS})[{BLANK}]*[：:]"
)
_COLUMNS = re.compile(  # a name, then figures: 七星关区　18,342　69,215
    rf"""[^{BLANK}，。；：:]{{1,20}}
         (?: [{BLANK}]+ (?:[-+−]?[\d,.]+[%％‰]?|[—–\-/…×]+|[^{BLANK}，。；：:]{{1,15}}[)）]) ){{2,}}[{BLANK}]*
       | [^{BLANK}，。；：:]{{1,20}} (?: [\u00a0\u3000]+ [^{BLANK}，。；：:]{{1,20}} ){{2,}}""",
    re.VERBOSE,
)
_NUMBER_LINE = re.compile(
    rf"[{HAN}]{{1,12}}[{BLANK}]*[〔\[［(（【﹝][{BLANK}]*\d{{4}}[{BLANK}]*[〕\]］)）】﹞][{BLANK}]*第?[{BLANK}]*\d+[{BLANK}]*号"
)
_PAGE_NUMBER = re.compile(
    rf"""[-—–―－一\s·•~～_]*(?:第[{BLANK}]*)?\d{{1,4}}(?:[{BLANK}]*页)?[-—–―－一\s·•~～_]*
       | 第[{BLANK}]*[\d{_NUMERAL}]+[{BLANK}]*页(?:[{BLANK}，,/、]*共[{BLANK}]*[\d{_NUMERAL}]+[{BLANK}]*页)?
       | \d{{1,4}}[{BLANK}]*[/／][{BLANK}]*\d{{1,4}}
       | (?i:page)[{BLANK}]*\d{{1,4}}(?:[{BLANK}]*(?i:of)[{BLANK}]*\d{{1,4}})?""",
    re.VERBOSE,
)
_GAP = re.compile(rf"(?<=[^{BLANK}])(?:[ \u00a0\u3000]{{2,}}|[ ]*\t[ \t]*)(?=[^{BLANK}])")
_INNER = r"[^（()）]*(?:[（(][^（()）]*[)）][^（()）]*)?"
_CREDIT = re.compile(
    rf"""[（(【\[][{BLANK}]*(?:
        (?:据|来源|信息来源|文章来源|稿件来源|稿源|摘自|转自|转载自|转载|选自|综合|原载|供稿|供稿单位|本文来源)[{BLANK}]*[：:]?(?=[《“{HAN}A-Za-z]){_INNER}
      | {_INNER}(?:供稿|提供稿件|投稿|来稿|答复|报送|推荐)
      )[{BLANK}]*[)）】\]]""",
    re.VERBOSE,
)
MEDIA_CREDIT = re.compile(r"[（(](?P<name>《[^》]{2,20}(?:报|网|刊|台|志)》)[^（()）。]{0,24}[)）]$")  # （《泸州日报》7月6日）
_BARE_NUMBER = re.compile(r"\d{1,4}")
_LEADER = re.compile(rf"(?:[.．…·•‥_]{{3,}}|…{{2,}})[{BLANK}]*[（(]?\d{{1,4}}[)）]?")
_ISSUE = re.compile(
    rf"第[{BLANK}]*[\d{_NUMERAL}]+[{BLANK}]*期|总第?[{BLANK}]*\d+[{BLANK}]*期|第[{BLANK}]*[A-Z]?\d{{1,2}}[{BLANK}]*版|增[{BLANK}]*刊|内部资料"
)
_LABEL_LINE = re.compile(r"[【\[〖［◆■▲●★]+[^】\]〗］。，]{1,12}[】\]〗］◆■▲●★]+|[【\[〖［◆■▲●★]+[^】\]〗］。，]{1,6}")
SEPARATOR = re.compile(rf"[-—–―－_=＝*＊※~～·.…◆◇●○☆★■□{BLANK}]{{3,}}")
ORGANIZATION = re.compile(
    rf"[《“]?[{HAN}A-Za-z0-9·、（）()“”{BLANK}]{{1,30}}"
    "(?:局|厅|部|委|办|办公室|委员会|政府|社|(?<![公简通情快专电捷喜汇月周])报|网|网站|官网|中心|协会|联合会|总会|基金会|学会|商会|促进会|妇联|残联|总工会|团委|站|处|科|院|所|馆|集团|公司|党校|大学|学院|"
    "电视台|广播|台|频道|公众号|客户端|微信|微博|街道|镇|乡|村|社区|日报|晚报|快报|时报|早报|周刊|杂志|新闻|在线|发布|融媒|法院|检察院|人大|政协|党委|省委|市委|县委|区委|工委|支队|大队)[》”]?"
)


def ends_stop(line: str) -> bool:
    """Whether the line ends where its text may stop: 。！？… and also ；："""
    return bool(_FINAL.search(line[-_TAIL:]))


def ends_sentence(line: str) -> bool:
    """Whether the line ends a sentence: 。！？…"""
    return bool(_SENTENCE.search(line[-_TAIL:]))


def is_listed(line: str) -> bool:
    """Whether the line opens an item of its own: 一、 （一） 1. ① 一是 问： 附件 注："""
    return bool(LIST_MARK.match(line) or _OPENING.match(line))


def is_meta(line: str) -> bool:
    """Whether the line is page furniture that names its values: 发布时间：… 来源：…"""
    return bool(META.match(line) or _META_LATER.match(line)) and not ends_sentence(line)


def is_date(line: str) -> bool:
    """Whether the line is a date and nothing else, as under a signature."""
    return len(line) < 24 and bool(_DATE_LINE.fullmatch(line))


def is_imprint(line: str) -> bool:
    """Whether the line is a body's name and a date: 云南省民政厅办公室　2022年3月15日"""
    return len(line) < 60 and bool(_IMPRINT.fullmatch(line))


def is_number(line: str) -> bool:
    """Whether the line is a document's number: 云民发〔2022〕5号"""
    return len(line) < 40 and bool(_NUMBER_LINE.fullmatch(line))


def is_page_number(line: str) -> bool:
    """Whether the line can be nothing but a page's number; a bare number needs its place on the page to tell."""
    if len(line) >= 24 or is_bare_number(line) or not any(c.isdigit() or c == "页" for c in line):
        return False
    return bool(_PAGE_NUMBER.fullmatch(line))


def is_bare_number(line: str) -> bool:
    """Whether the line is one to four digits."""
    return len(line) < 5 and bool(_BARE_NUMBER.fullmatch(line))


def is_row(line: str) -> bool:
    """Whether gaps set the line's parts apart as columns of a table."""
    gaps = len(_GAP.findall(line))
    if gaps >= 2 or (gaps == 1 and not ends_stop(line) and len(line) <= 60):
        return True
    return len(line) <= 200 and line.count(" ") + line.count("\u3000") + line.count("\u00a0") >= 2 and bool(_COLUMNS.fullmatch(line))


def is_separator(line: str) -> bool:
    """Whether the line is a rule or a row of ornaments."""
    return bool(SEPARATOR.fullmatch(line))


def is_organization(line: str) -> bool:
    """Whether the line can be a body's name: by its last word only, so a hint, not a proof."""
    return 3 <= len(line) <= 40 and bool(ORGANIZATION.fullmatch(line))


def is_credit(line: str) -> bool:
    """Whether the line is the bracketed naming of an origin: (据云南省民政厅) (来源：《济南日报》) (民政局供稿)"""
    return len(line) < 60 and line[:1] in "（(【[" and bool(_CREDIT.fullmatch(line))


def is_leader(line: str) -> bool:
    """Whether the line is an entry of a contents page: dots lead to a page number."""
    return bool(_LEADER.search(line[-60:])) and line[-1] in "0123456789)）"


def is_issue(line: str) -> bool:
    """Whether the line numbers a periodical's issue: 第5期（总第120期）"""
    return len(line) <= 40 and bool(_ISSUE.search(line)) and not ends_stop(line)


def is_label(line: str) -> bool:
    """Whether the line is a section's label: 【养老服务】"""
    return bool(_LABEL_LINE.fullmatch(line))
