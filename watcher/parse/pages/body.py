"""Which part of a saved web page is the article: its own lines, without menus, advertisements and other stories.

trafilatura says which text is the article; its choice is found again in our own lines, so that tables, marks and the
exact text are kept. What its site declares, or the page itself carries as the text of its article, counts more.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from watcher.parse.lines import Line
from watcher.parse.markup import read_tree

_DEEPEST = 200
"""Levels that are handed to trafilatura, which looks at whole subtrees: no article is nested deeper."""
_SHORTEST_CHINESE_TEXT = 40
"""What trafilatura is told to call too short: its 250 are letters of English, and every flash is shorter."""
_MANY_LINES = 500
_MOST_COMPARISONS = 500_000_000
_SHORT_KEY, _WINDOW_OF_SHORT_KEY = 6, 400
_RUN = 6
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SENTENCE = re.compile(r"[。！？；，…]|[.,!?;](?:\s|$)|[.!?]['\"”’)]*$")
_FOOT = re.compile(
    r".*(?:[©™]|\ball rights reserved\b|版权所有|copyright\b).*|\S+@\S+\.\w+|(?:follow|write to|contact) .{1,80}"
    r"|[^|｜。]{1,20}(?:\s?[|｜]\s?[^|｜。]{1,20}){2,}"
    r"|(?:收藏|举报|点赞|打印|转发|分享|评论|关闭|赞|阅读|浏览|纠错|[【】\s\d.万W+()（）])+",
    re.IGNORECASE,
)
"""What stands below an article wherever it was published; a Chinese text is cleaned of more later."""
_LABEL = re.compile(
    r"[\[［【(（]?(?:推广|广告|advertisement|advertorial|ad|story continues below.{0,20})[\]］】)）]?(?:\s.{0,60})?$",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(r"\d{1,2}[:：.]\d{2}(?:\s?[ap]\.?m\.?)?.{0,12}", re.IGNORECASE)
_SHORTEST_SENTENCE = 12
_FULL_STOPS = "。！？；.!?"
_MOST_OF_IT = 0.7
"""The share of a page's sentences that makes an element the one that holds the article."""
_FAR_LESS = 4
_ENOUGH = 10
"""Characters below which an element that is declared to hold the article holds none."""


class Found(NamedTuple):
    """The lines of an article, and who told that they are it."""

    lines: list[Line]
    origin: str


def find_body(
    tree: BeautifulSoup,
    lines: list[Line],
    title: str | None,
    *,
    stated: str | None,
    selectors: Sequence[str],
    small: bool,
) -> Found:
    """The article's lines among all those of a tree without furniture.

    Told by the first of a site's selectors that finds text, else by what the page states is its text, trafilatura (on a
    `small` page), and the element that holds most of its sentences.
    """
    for selector in selectors:
        declared = [line for element in outermost(tree, selector) for line in read_tree(element)]
        if _length(declared) >= _ENOUGH:
            return Found(declared, f"the site's {selector}")
    root = tree.body or tree
    chinese = is_chinese("".join(line.text for line in lines[:_MANY_LINES]))
    best = Found(lines, "the whole page")
    if small:
        text = _extract(tree, chinese)
        taken = align(lines, text)
        if _length(taken) * 10 < len(_key(text)) * 7:  # Our reading leaves out what it stands in.
            taken = [Line(part.strip()) for part in text.split("\n") if part.strip()]
        if taken:
            best = Found(taken, "trafilatura")
    element = _densest(root, title)
    densest = Found(
        _sentences_of(lines if element is root else read_tree(element)), "the element with most of its sentences"
    )
    if densest.lines and (
        len(best.lines) * 10 > len(lines) * 9 or _length(best.lines) * _FAR_LESS < _length(densest.lines)
    ):
        best = densest
    found = _or_stated(best, lines, stated)
    return Found(_trim(found.lines), found.origin)


def is_chinese(text: str) -> bool:
    """Whether a good part of a text is Chinese characters."""
    return len(_HAN.findall(text)) * 5 > len("".join(text.split()))


def outermost(tree: BeautifulSoup | Tag, selector: str) -> Iterator[Tag]:
    """The elements that a selector finds and that lie in none of the others: deep nesting is read once, not squared."""
    inside: set[int] = set()
    for element in tree.select(selector):
        if id(element) not in inside:
            yield element
            inside.update(map(id, element.find_all(True)))


def is_sentence(line: Line) -> bool:
    """Whether a line is running text, and neither a label nor a link."""
    characters = len("".join(line.text.split()))
    return characters >= _SHORTEST_SENTENCE and line.link_text * 2 < characters and bool(_SENTENCE.search(line.text))


def align(lines: Sequence[Line], text: str) -> list[Line]:
    """The lines that stand in a text, in its order, and the rows of tables between them."""
    stream = _key(text)
    keys = [_key(line.text) for line in lines]
    if len(keys) * len(stream) > _MOST_COMPARISONS:
        paragraphs = {_key(part) for part in text.split("\n")}
        return [line for line, key in zip(lines, keys, strict=True) if key in paragraphs]
    placed = _place(keys, stream)
    chosen = {number for number, _, _ in placed}
    for number in (placed[0][0], placed[-1][0]) if placed else ():
        # A word of the menu that the article uses, too.
        if len(keys[number]) < 40 and chosen.isdisjoint((*range(number - 8, number), *range(number + 1, number + 9))):
            chosen.discard(number)
    for number, line in enumerate(lines):
        between = number - 1 in chosen and line.link_text * 2 < len(keys[number])
        if between and (line.kind == "row" or (number + 1 in chosen and _TIME_OF_DAY.fullmatch(line.text))):
            chosen.add(number)
    return [lines[number] for number in sorted(chosen)]


def _place(keys: list[str], stream: str) -> list[tuple[int, int, int]]:
    """For the lines that are found in a text: their number and where they begin and end. Long and single ones first."""
    counts = Counter(keys)
    placed: list[tuple[int, int, int]] = []
    for number in sorted(range(len(keys)), key=lambda number: (counts[keys[number]] > 1, -len(keys[number]))):
        start, end, index = _window(placed, number, len(stream))
        if len(keys[number]) >= _SHORT_KEY or end - start <= _WINDOW_OF_SHORT_KEY:
            found = stream.find(keys[number], start, end)
            if found >= 0:
                placed.insert(index, (number, found, found + len(keys[number])))
    for number, key in enumerate(keys):
        start, end, index = _window(placed, number, len(stream))
        if len(key) >= 4 * _RUN and (index == len(placed) or placed[index][0] != number):
            window = stream[start:end]
            runs = [key[at : at + _RUN] for at in range(0, len(key) - _RUN, _RUN)]
            if len(key) // 2 < len(window) and sum(run in window for run in runs) * 5 > len(runs) * 3:
                placed.insert(index, (number, start, start))
    return placed


def _window(placed: list[tuple[int, int, int]], number: int, length: int) -> tuple[int, int, int]:
    """Where in the text a line can stand, between the lines before and after it that have their place."""
    index = bisect_left(placed, (number,))
    start = placed[index - 1][2] if index else 0
    end = placed[index][1] if index < len(placed) else length
    return start, end, index


def _extract(tree: BeautifulSoup, chinese: bool) -> str:
    """What trafilatura takes for the article, its pieces on lines of their own."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # It warns of every page in which it finds nothing.
    options = Extractor(output_format="python", fast=True, comments=False)
    if chinese:
        options.min_extracted_size = _SHORTEST_CHINESE_TEXT
    document: Any = bare_extraction(_to_lxml(tree), options=options)
    return "\n".join(document.body.itertext()) if document is not None else ""


def _to_lxml(tree: BeautifulSoup) -> Any:
    """Our tree as trafilatura wants it; what lies deeper than anybody nests an article is lifted up."""
    from lxml.html import Element

    root = Element("html")
    parents = [root]
    stack = [iter((tree.html or tree).contents)]
    while stack:
        child = next(stack[-1], None)
        parent = parents[-1]
        if child is None:
            stack.pop()
            if len(stack) < len(parents):
                parents.pop()
        elif isinstance(child, Tag):
            if "hidden" in child.attrs:
                continue
            attributes = {name: str(value) for name, value in child.attrs.items() if _NAME.fullmatch(name)}
            name = child.name if _NAME.fullmatch(child.name) else "span"
            element = parent.makeelement(
                "body" if name == "head" and tree.body is None else name,  # Where lxml puts what it does not know.
                {name: _CONTROLS.sub("", value) for name, value in attributes.items()},
            )
            parent.append(element)
            stack.append(iter(child.contents))
            if len(stack) < _DEEPEST:
                parents.append(element)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            text = _CONTROLS.sub("", str(child))
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + text
            else:
                parent.text = (parent.text or "") + text
    return root


def _densest(root: Tag, title: str | None) -> Tag:
    """The innermost element with most of the sentences outside of links; those about the title count threefold."""
    pairs = {title[at : at + 2] for at in range(len(title) - 1)} if title else set()
    weights: dict[int, int] = {}
    for text in root.find_all(string=True):
        words = "" if isinstance(text, PreformattedString) else "".join(text.split())
        if len(words) >= _SHORTEST_SENTENCE and _SENTENCE.search(text.strip()):
            weight = len(words) * (3 if pairs and sum(pair in words for pair in pairs) * 2 > len(pairs) else 1)
            parents = list(islice(text.parents, _DEEPEST))
            if not any(parent.name in ("a", "script", "style") or "hidden" in parent.attrs for parent in parents):
                for parent in parents:
                    weights[id(parent)] = weights.get(id(parent), 0) + weight
    wanted = weights.get(id(root), 0) * _MOST_OF_IT
    element = root
    while wanted:
        inner = [child for child in element.children if isinstance(child, Tag) and weights.get(id(child), 0) >= wanted]
        if not inner or inner[0].name == "p":
            break
        element = inner[0]
    return element


def _sentences_of(lines: list[Line]) -> list[Line]:
    """The lines from the first sentence to the last one, short ones at either end among them."""
    numbers = [number for number, line in enumerate(lines) if is_sentence(line)]
    if not numbers:
        return []
    first, last = numbers[0], numbers[-1] + 1
    while first and lines[first - 1].text[-1] in _FULL_STOPS:
        first -= 1
    while last < len(lines) and lines[last].text[-1] in _FULL_STOPS:
        last += 1
    return lines[first:last]


def _trim(lines: list[Line]) -> list[Line]:
    """The lines without the labels above the text, and without links, labels and copyright at the end."""
    first, last = 0, len(lines)
    if not any(is_sentence(line) for line in lines):
        return lines
    while first < last - 1 and (lines[first].is_only_links or len(_key(lines[first].text)) < _SHORTEST_SENTENCE):
        if lines[first].text[-1] in _FULL_STOPS:
            break
        first += 1
    while last > first + 1 and (lines[last - 1].is_only_links or _FOOT.fullmatch(lines[last - 1].text)):
        last -= 1
    return [line for line in lines[first:last] if not _LABEL.match(line.text)]


def _or_stated(best: Found, lines: list[Line], stated: str | None) -> Found:
    """What the page states is its text, where the rest is far less than it, or far more."""
    wanted = _key(stated or "")
    if len(wanted) < _ENOUGH:
        return best
    text = stated or ""
    told = align(lines, text)
    if _length(told) * 10 < len(wanted) * 7:
        told = [Line(part.strip()) for part in text.split("\n") if part.strip()]
    common = _length([line for line in best.lines if _key(line.text) in wanted])
    if common * 2 < len(wanted) or (common * 10 > len(wanted) * 8 and common * 2 < _length(best.lines)):
        return Found(told, "the page's articleBody")
    return best


def _length(lines: Sequence[Line]) -> int:
    return sum(len(_key(line.text)) for line in lines)


def _key(text: str) -> str:
    return "".join(text.split())
