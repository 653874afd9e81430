"""What a web page puts around its article: related stories, comments, hot lists, share bars, disclaimers.

Told by what an element is called, and by the heading it begins with. Where that would take the article along, nothing
is taken.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

_WORDS_OF_NAMES = frozenset(
    "related relate recommend recommended recommendation recommends xiangguan tuijian hot hotlist hotnews remen rank "
    "ranking paihang phb comment comments cmt cmts pinglun reply replies foot footer copyright breadcrumb crumb crumbs "
    "disclaimer mianze shengming share sharebar bdshare fenxiang qrcode erweima sidebar pager pagination "
    "fenye outbrain taboola guanggao advert advertisement newsletter".split()
)
_FURNITURE = frozenset("nav footer aside".split())
_CONTAINERS = frozenset("div section ul ol dl table".split())
"""A cell of a table called ``rank``, a paragraph called ``comment`` are part of what holds them."""
_COMMENTS = re.compile(
    r"(?!(?:has|no|with|show|hide|open|close|allow)[-_])(?:[a-z]{1,12}[-_])?(?:comments?|cmts?|pinglun|replies)"
    r"(?:[-_]?(?:list|area|box|section|wrap(?:per)?|container|thread|block|module))?",
    re.IGNORECASE,
)
"""Comments can be longer than what they are about."""
_WORD_OF_A_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HEADING = re.compile(
    r"[【\[“·>|\s]*(?:"
    r"(?:相关|延伸|推荐|热门|热点|最新|更多|精彩|精选|今日|编辑|近期|往期|独家|其他|最近|小编)的?"
    r"(?:阅读|报道|新闻|文章|推荐|快讯|资讯|头条|个股|股票|基金|评论|话题|专题|内容|链接|视频"
    r"|公司|研报|行情|标签|要闻|热文|榜单|动态|帖子|问答)"
    r"|(?:24小时|48小时|7天|点击|阅读|新闻|文章|资讯|一?周|月|日|本周|本月|今日|实时|数据|人气|热门|热文|视频)?"
    r"(?:热榜|热搜|排行榜?|热文)"
    r"|猜你(?:还)?喜欢|[为给][你您]推荐|大家都在[看搜]|看了又看|你可能(?:也|还)?(?:喜欢|感兴趣)\S{0,6}"
    r"|[上下]一[条篇]|精选|推荐|热门|延伸|相关"
    r"|(?:全部|网友|最新|精彩|热门|用户|热|我来|我要|发表)?评论(?:区|列表)?\s*[（(]?\s*\d*\s*条?\s*[)）]?"
    r"|跟帖|网友跟贴|分享(?:到|至)?"
    r"|related(?: (?:stories|story|articles?|news|posts?|content|topics|coverage|links|reading|reads|videos?))?"
    r"|(?:read|see|watch|explore) (?:more|also|next)(?: (?:on|from|in) .{1,30})?"
    r"|more (?:from|on|in) .{1,40}|more (?:stories|news|articles|headlines|coverage|like this|for you|reading)"
    r"|(?:most|more) (?:read|popular|viewed|shared|commented|recent)(?: .{1,20})?"
    r"|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)|recommended(?: (?:for you|stories|reading))?"
    r"|(?:trending|popular|latest|recent|top)(?: (?:now|news|headlines|stories|articles|posts|videos|on .{1,20}))?"
    r"|(?:join the )?(?:conversation|discussion)|what to read next|up next|editor'?s picks"
    r"|also (?:today|read|in .{1,20})"
    r"|(?:leave a |post a |view |add a )?(?:\d+ )?(?:comments?|repl(?:y|ies)|responses?|thoughts?)(?: \(\d+\))?"
    r"|share(?: (?:this|on|via|story|article)(?: .{1,15})?)?|sponsored(?: (?:content|links|stories))?"
    r"|from around the web"
    r")\s*(?:[:：>》»】\]”·…]|\(\d+\)|（\d+）)*\s*",
    re.IGNORECASE,
)
_LONGEST_HEADING = 44
_MOST_HEADINGS = 10
_LONGEST_NAME = 200
_TERMINAL = re.compile(
    r"(?:全部|网友|最新|精彩|热门|用户|热|我来|我要|发表)评论|评论\s*[区列（(\d]|跟[帖贴]|[下上]一[条篇]|\d\s(?:comment|repl|response|thought)|comments\b",
    re.IGNORECASE,
)
"""What follows such a heading is never the article again."""

_PARTS_OF_TABLES = frozenset("tr td th tbody thead tfoot".split())
_LONGEST_CELL = 200
"""Characters of a cell that holds running text."""
_NOTED = frozenset("meta link script time title h1 table article".split())
_SKIPPED = frozenset("script style template noscript".split())


class Survey:
    """One walk over a page: how much text every element holds, how much of it is links, and where to look for what."""

    def __init__(self, tree: Tag) -> None:
        self._text: dict[int, int] = {}
        self._links: dict[int, int] = {}
        self._named: defaultdict[str, list[Tag]] = defaultdict(list)
        self._properties: dict[str, Tag] = {}
        self.elements = 0
        self.may_be_hidden: list[Tag] = []
        self.may_be_furniture: list[Tag] = []
        self.may_be_headings: list[NavigableString] = []
        self.table_parts: dict[int, list[Tag]] = {}
        self.nested_tables: set[int] = set()
        self._walk(tree)

    def text(self, tag: Tag) -> int:
        """Characters below an element, white space not counted."""
        return self._text.get(id(tag), 0)

    def prose(self, tag: Tag) -> int:
        """The same without links."""
        return self.text(tag) - self._links.get(id(tag), 0)

    def named(self, name: str) -> list[Tag]:
        """All elements of a name that metadata, tables and titles have."""
        return self._named.get(name, [])

    def property(self, name: str) -> Tag | None:
        """The first element with this ``itemprop``."""
        return self._properties.get(name)

    def _walk(self, tree: Tag) -> None:
        open_tags: list[tuple[Tag, Iterator[object], bool, Tag | None]] = [(tree, iter(tree.contents), False, None)]
        counts = [[0, 0]]
        while open_tags:
            tag, children, in_link, table = open_tags[-1]
            child = next(children, None)
            if child is None:
                open_tags.pop()
                text, linked = counts.pop()
                self._text[id(tag)], self._links[id(tag)] = text, linked
                if counts:
                    counts[-1][0] += text
                    counts[-1][1] += linked
            elif isinstance(child, Tag):
                self._note(child, table)
                if child.name not in _SKIPPED:
                    inner_table = child if child.name == "table" else table
                    open_tags.append((child, iter(child.contents), in_link or child.name == "a", inner_table))
                    counts.append([0, 0])
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                length = sum(map(len, child.split()))
                counts[-1][0] += length
                counts[-1][1] += length if in_link else 0
                if 1 < length <= _LONGEST_HEADING:
                    self.may_be_headings.append(child)

    def _note(self, tag: Tag, table: Tag | None) -> None:
        name, attributes = tag.name, tag.attrs
        self.elements += 1
        if name in _NOTED:
            self._named[name].append(tag)
        if name == "table":
            self.table_parts[id(tag)] = []
            if table is not None:
                self.nested_tables.add(id(table))
        elif table is not None and name in _PARTS_OF_TABLES:
            self.table_parts[id(table)].append(tag)
        if attributes:
            if "itemprop" in attributes:
                self._properties.setdefault(str(attributes["itemprop"]), tag)
            if name == "form" or "style" in attributes or "hidden" in attributes:
                self.may_be_hidden.append(tag)
            if "class" in attributes or "id" in attributes or "role" in attributes:
                self.may_be_furniture.append(tag)
        if name in _FURNITURE:
            self.may_be_furniture.append(tag)
        elif name == "form" and not attributes:
            self.may_be_hidden.append(tag)


def reveal(tree: BeautifulSoup, survey: Survey) -> None:
    """Show what only scripts would show, and forms that are the page: where most of the text is in them."""
    for element in survey.may_be_hidden:
        if survey.text(element) * 2 > survey.text(tree):
            for name in ("style", "hidden"):
                element.attrs.pop(name, None)
            if element.name == "form":
                element.name = "div"


def unfold_tables(survey: Survey) -> None:
    """Turn tables that only lay a page out into plain blocks: their cells are no columns."""
    for table in survey.named("table"):
        parts = survey.table_parts[id(table)]
        cells = [part for part in parts if part.name in ("td", "th")]
        cells_by_row = Counter(id(cell.parent) for cell in cells)
        if (
            id(table) in survey.nested_tables
            or max(cells_by_row.values(), default=0) < 2
            or any(survey.text(cell) > _LONGEST_CELL for cell in cells)
        ):
            for element in (table, *parts):
                element.name = "div"


def hide_furniture(tree: BeautifulSoup, title: str | None, survey: Survey) -> list[Tag]:
    """Hide what is hardly the article, and give what may be it all the same, should no other text be left.

    To take it out of a large tree instead would cost its square.
    """
    root = tree.body or tree
    kept = _ancestors_of_title(title, survey)
    hidden: dict[int, Tag] = {}
    for element in survey.may_be_furniture:
        if id(element) not in kept and _is_furniture(element, survey, root):
            _hide(element, hidden)
    for text in survey.may_be_headings:
        words = text.strip()
        if text.parent is not None and text.parent is not root and _HEADING.fullmatch(words):
            _hide_below(text.parent, words, survey, root, kept, hidden)
    return [element for element in hidden.values() if not _is_furniture_by_nature(element)]


def _hide(element: Tag, hidden: dict[int, Tag]) -> None:
    element.attrs["hidden"] = ""
    hidden[id(element)] = element


def _ancestors_of_title(title: str | None, survey: Survey) -> set[int]:
    """What holds the title, a first heading or the declared text holds the article."""
    wanted = "".join((title or "").split())
    telling: list[Tag | NavigableString] = [*survey.named("h1")[:_MOST_HEADINGS]]
    telling += [text for text in survey.may_be_headings if wanted and "".join(text.split()) == wanted][:_MOST_HEADINGS]
    if (body := survey.property("articleBody")) is not None:
        telling.append(body)
    kept = {id(element) for element in telling}
    for element in telling:
        for parent in element.parents:
            kept.add(id(parent))
    return kept


def _is_furniture(element: Tag, survey: Survey, root: Tag) -> bool:
    if _is_furniture_by_nature(element):
        return True
    classes = str(element.attrs.get("class", ""))[:_LONGEST_NAME]
    name = f"{classes} {str(element.attrs.get('id', ''))[:_LONGEST_NAME]}"
    if element.name != "aside" and element.attrs.get("role") != "complementary":
        words = {word.lower() for word in _WORD_OF_A_NAME.findall(name)}
        if element.name not in _CONTAINERS or _WORDS_OF_NAMES.isdisjoint(words):
            return False
    return survey.prose(element) * 2 < survey.prose(root) or any(map(_COMMENTS.fullmatch, name.split()))


def _is_furniture_by_nature(element: Tag) -> bool:
    return element.name in ("nav", "footer") or element.attrs.get("role") in ("navigation", "contentinfo")


def _hide_below(heading: Tag, text: str, survey: Survey, root: Tag, kept: set[int], hidden: dict[int, Tag]) -> None:
    """Hide the block that begins with a heading; where it only stands above, the lists of links that follow it."""
    block = heading
    if id(block) in kept or id(block) in hidden or survey.text(block) > 3 * _LONGEST_HEADING:
        return
    while (parent := block.parent) is not None and parent is not root and _is_first(block, survey):
        if id(parent) in kept or survey.prose(parent) * 2 > survey.prose(root):
            break
        block = parent
        if id(block) in hidden:
            return
    terminal = bool(_TERMINAL.search(text))
    following = []
    for sibling in block.next_siblings:
        if isinstance(sibling, Tag):
            if id(sibling) in kept or survey.prose(sibling) * 2 > survey.prose(root):
                break
            if not terminal and survey.prose(sibling) * 2 > survey.text(sibling) > 0:
                break
            following.append(sibling)
    if survey.text(block) > len("".join(text.split())) and not terminal:
        following = []  # It held what it is the heading of.
    elif not following and not terminal:
        return  # A heading of the article that uses the same words.
    for element in (block, *following):
        _hide(element, hidden)


def _is_first(block: Tag, survey: Survey) -> bool:
    """Whether no text stands before a block in its parent."""
    for sibling in block.previous_siblings:
        if isinstance(sibling, Tag):
            if survey.text(sibling):
                return False
        elif isinstance(sibling, NavigableString) and not isinstance(sibling, PreformattedString) and sibling.strip():
            return False
    return True
