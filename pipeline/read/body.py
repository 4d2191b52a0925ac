"""Which part of a page is its body: the element that content systems mark, else the one that trafilatura's text lies in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from lxml.html import HtmlElement

from pipeline.document import ROW, Block, Table
from pipeline.lines import is_credit, is_date, is_meta
from pipeline.read.dom import Reading, is_hidden, read_blocks
from pipeline.read.labels import find_labelled, is_label_alone

_MARKED = re.compile(
    r"js_content|rich_media_content|TRS_(?:PreAppend|UEDITOR|Editor)|trs_editor_view|UCAP-CONTENT|\bzoom\b|pages_content|article[-_]?con(?:tent)?\b|articleContent|artical_con"
    r"|\bcon_?con\b|content_?body|news[-_]?content|detail[-_]?content|main[-_]?txt|bt[-_]content|\bxl[-_]?con|view[-_]?content|text[-_]?content"
    r"|wp_articlecontent|Article_Content|zw_?con|Custom_UnionStyle|info[-_]?content|print[-_]?content|entry-content|doc[-_]?content|vsb_content|\bzhengwen\b",
    re.IGNORECASE,
)
_HUGE = 2 * 2**20  # characters of markup
_PROSE = 25  # characters of a line that must be the body's
_LEAST = 60  # a body has at least this many characters
_PAGE_TOOLS = re.compile(
    r"(?:上一[篇条页]|下一[篇条页]|上一则|下一则|相关(?:阅读|链接|文章|新闻|稿件|信息|附件下载)|扫一扫|扫描二维码|分享到|分享[：:]|【?打印|【?关闭|返回(?:顶部|列表|首页)|"
    r"(?:您)?当前位置|您所在的?位置|首页\s*[>＞»/]|点击量|推荐阅读|热门|版权所有|Copyright|ICP备|网站地图|主办[：:单]|承办[：:单]|技术支持|字[号体][：:]|放大\s*缩小|收藏本页|我要纠错|微信扫)",
    re.IGNORECASE,
)
_FOOTER = re.compile(r"版权所有|主办单位|承办单位|技术支持|ICP备|公网安备|Copyright|[主承]办$", re.IGNORECASE)
_COUNTER = re.compile(
    r"(?:浏览|点击|访问|阅读)(?:次数|量|数)[】\]]?[ \u00a0\u3000]*[：:]|字[体号](?:大小)?[】\]]?[ \u00a0\u3000]*[：:]|文章录入[：:]"
)
_PANEL = 40  # blocks over the text that may be a panel of metadata
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Body:
    """The body's element, blocks and tables."""

    element: HtmlElement
    blocks: Sequence[Block]
    tables: Sequence[Table]


def find_body(root: HtmlElement, markup: str, uri: str, cells: int, headline: str | None = None) -> Body:
    """The page's body, which begins after the element of its headline; no blocks when the page shows no text."""
    marked = _marked(root)
    if marked is not None:
        reading, head = _after(read_blocks(marked, uri, cells), headline)
        kept = _without_panel(_without_tools(reading), head) if head else _without_tools(reading)
        if sum(len(block.text) for block in kept) >= _LEAST:
            return Body(marked, kept, reading.tables)
    container = root.find("body") if root.find("body") is not None else root
    reading, head = _after(read_blocks(container, uri, cells), headline)
    wanted = _extracted(markup)
    chosen = [i for i, b in enumerate(reading.blocks) if _is_wanted(b, wanted) and reading.linked[i] * 2 < len(b.text) and not _is_tool(b)]
    if sum(len(reading.blocks[i].text) for i in chosen) < _LEAST:
        chosen = _largest(reading)
    if not chosen:
        return Body(container, _without_tools(reading), reading.tables)
    if head and chosen[0] < head + _PANEL:
        chosen = [*range(head), *(i for i in chosen if i >= head)]  # addressees between headline and text
    kept = _around(reading, chosen, head)
    return Body(_common(container, kept), kept, reading.tables)


def _after(reading: Reading, headline: str | None) -> tuple[Reading, int]:
    """The reading without what stands over the headline (the site's head, a panel of metadata) and how many blocks the headline is.

    0 and all of it where no body follows the headline.
    """
    wanted = _steps(headline or "-")
    at = next((i for i, block in enumerate(reading.blocks) if _steps(block.path or "").startswith(wanted)), 0)
    head = sum(1 for _ in takewhile(lambda block: _steps(block.path or "").startswith(wanted), reading.blocks[at:]))
    below = sum(len(block.text) for block in reading.blocks[at:])
    if not head or below < _LEAST or 2 * below < sum(len(block.text) for block in reading.blocks):
        return reading, 0
    return Reading(reading.blocks[at:], reading.linked[at:], reading.tables), head


def _steps(path: str) -> str:
    """The path without [1], which lxml leaves out where an element has no siblings of its name."""
    return f"{path}/".replace("[1]/", "/")


def visible_lines(root: HtmlElement) -> list[str]:
    """The page's visible lines, for labels like 发布时间; table cells beside each other in one line."""
    found = read_blocks(root.find("body") if root.find("body") is not None else root, "", 10**9)
    return [block.text for block in found.blocks]


def _marked(root: HtmlElement) -> HtmlElement | None:
    """The element with the most text among those that content systems name as the body."""
    best, most = None, _LEAST
    for element in root.iter("div", "td", "article", "section", "ucapcontent", "form"):
        name = f"{element.get('id') or ''} {element.get('class') or ''}"
        if element.tag in ("article", "ucapcontent") or _MARKED.search(name):
            size = sum(len(text.strip()) for text in element.itertext())
            if size > most and not is_hidden(element):
                best, most = element, size
    return best


def _extracted(markup: str) -> str:
    """The letters of what trafilatura takes for the body; of a huge page it is not asked."""
    if len(markup) > _HUGE:
        return ""
    import logging

    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = extract(markup, favor_recall=True, include_tables=True, include_comments=False)
    return _LETTERS.sub("", text or "")


def _is_wanted(block: Block, wanted: str) -> bool:
    letters = _LETTERS.sub("", block.text)
    return len(letters) >= 8 and letters in wanted


def _largest(reading: Reading) -> list[int]:
    """The blocks under the parent that holds the most text outside links."""
    sizes: dict[str, int] = defaultdict(int)
    for block, linked in zip(reading.blocks, reading.linked, strict=True):
        if linked * 2 < len(block.text):
            sizes[_parent(block)] += len(block.text)
    if not sizes:
        return []
    best = max(sizes, key=lambda path: sizes[path])
    return [i for i, block in enumerate(reading.blocks) if _parent(block) == best and reading.linked[i] * 2 < len(block.text)]


def _is_tool(block: Block) -> bool:
    """Whether the block is the page's own: navigation, sharing, imprint."""
    text = block.text.strip("\u00a0\u3000 ")
    return bool(_PAGE_TOOLS.match(text)) or (len(text) <= 80 and bool(_FOOTER.search(text)))


def _parent(block: Block) -> str:
    """The element that the block stands in; of a table's row what the table stands in."""
    path = block.path or ""
    return path.rpartition("/table[")[0] if block.kind == ROW else path.rsplit("/", 1)[0]


def _around(reading: Reading, chosen: Sequence[int], head: int) -> list[Block]:
    """The blocks from first to last chosen one, with the short lines that close a bulletin, without menus between; tables are kept whole."""
    tables = {reading.blocks[i].table for i in chosen} - {None}
    inside = {i for i, block in enumerate(reading.blocks) if block.table in tables} | set(chosen)
    first, last = min(inside), max(inside)
    parent = _parent(reading.blocks[last])
    while last + 1 < len(reading.blocks) and _closes(reading.blocks[last + 1], parent):
        last += 1
    kept = []
    for i in range(first, last + 1):
        block = reading.blocks[i]
        if i in inside or (reading.linked[i] * 2 < len(block.text) and not _is_tool(block)):
            kept.append(block)
    return _without_panel(kept, head)


def _without_panel(blocks: Sequence[Block], head: int) -> list[Block]:
    """The blocks without the page's own lines of date, source and number: those before the prose that stand apart from it.

    The first `head` blocks are the headline.
    """
    prose = next((i for i, block in enumerate(blocks) if i >= head and len(block.text) >= _PROSE and not _is_panel(block.text)), 0)
    home = _parent(blocks[prose]) if blocks else ""
    texts = ["" if i < head else block.text.strip("\u00a0\u3000 ") for i, block in enumerate(blocks[: min(prose, _PANEL)])]
    panel = {at for found in find_labelled(texts) for at in (found.line, found.value_line)}
    drop = {
        i
        for i, text in enumerate(texts)
        if _COUNTER.search(text) or ((i in panel or is_label_alone(text) or is_meta(text)) and _parent(blocks[i]) != home)
    }
    return [block for i, block in enumerate(blocks) if i not in drop]


def _is_panel(text: str) -> bool:
    return is_meta(text) or bool(_COUNTER.search(text))


def _closes(block: Block, parent: str) -> bool:
    text = block.text.strip("\u00a0\u3000 ")
    return is_credit(text) or is_date(text) or (_parent(block) == parent and not _is_tool(block))


def _without_tools(reading: Reading) -> list[Block]:
    """The blocks without the page's tools and link lists at either end."""
    blocks, linked = reading.blocks, reading.linked
    drop = [
        bool(_PAGE_TOOLS.match(b.text.strip("\u00a0\u3000 "))) or (n * 5 > len(b.text) * 4 and len(b.text) < 8)
        for b, n in zip(blocks, linked, strict=True)
    ]
    start, end = 0, len(blocks)
    while start < end and drop[start]:
        start += 1
    while end > start and drop[end - 1]:
        end -= 1
    return blocks[start:end]


def _common(container: HtmlElement, blocks: Sequence[Block]) -> HtmlElement:
    """The deepest element that holds all the blocks."""
    parts = [(block.path or "").split("/") for block in blocks]
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    found = container.getroottree().xpath("/".join(shared) or "/html")
    return found[0] if isinstance(found, list) and found else container
