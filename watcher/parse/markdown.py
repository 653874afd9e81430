"""Markdown as Chinese newsrooms write it, rendered to HTML by markdown-it with the few rules where CommonMark errs.

CommonMark decides what is emphasis by the spaces around words; Chinese has none. So ``**央行表示，**将继续`` would keep
its asterisks, and ``5*10*3`` lose them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter

if TYPE_CHECKING:
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_STAR_OF_A_NAME = re.compile(r"(?<![*\\])\*(?=ST(?![A-Za-z]))")
"""The star of ``*ST信威`` is part of a name; Markdown would take two of them for emphasis."""

_STAR = "\ufdd0"
"""Stands for that star while Markdown is read: a noncharacter, which no text holds. A backslash would stay in HTML."""

_FENCE = re.compile(r"(?:`{3,}|~{3,})[ \t]*[\w.+-]{0,20}[ \t]*")
_TIGHT_HEADING = re.compile(r"(?P<level>#{2,6})(?P<text>[^\s#][^#]{0,100})#*")
_LEFT_OVER = re.compile(r"(?<![\x00-\x7f])\*{2,3}|\*{2,3}(?![\x00-\x7f])")
"""Two asterisks beside Chinese that found no partner: what an editor left of an emphasis, not part of the text."""


def render_markdown(text: str) -> str:
    """The HTML of a Markdown text."""
    html: str = _markdown().render(_STAR_OF_A_NAME.sub(_STAR, text))
    return html.replace(_STAR, "*")


@cache
def _markdown() -> MarkdownIt:
    # Indented text is indented news here, never program code; ``[快讯]: 降准`` is a sentence, not a link's address.
    # Tables are what exporters add to plain Markdown.
    markdown = MarkdownIt("commonmark", {"breaks": True}).enable("table").disable(["code", "reference"])
    ends_others: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.at("fence", _skip_fence, ends_others)
    markdown.block.ruler.before("heading", "tight_heading", _read_tight_heading, ends_others)
    markdown.inline.ruler.at("emphasis", _read_emphasis)
    markdown.core.ruler.push("as_written", _keep_as_written)
    return markdown


def _skip_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A fence is a line to be passed over: news holds no code, and a stray one would swallow all that follows."""
    if not _FENCE.fullmatch(_line(state, start)):
        return False
    if not silent:
        state.line = start + 1
    return True


def _read_tight_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """``###宏观`` without the space is a heading; ``#央行#`` is a hashtag."""
    found = _TIGHT_HEADING.fullmatch(_line(state, start))
    if not found:
        return False
    if not silent:
        state.line = start + 1
        tag = f"h{len(found['level'])}"
        state.push("heading_open", tag, 1).markup = found["level"]
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = found["text"].strip(), [start, start + 1], []
        state.push("heading_close", tag, -1).markup = found["level"]
    return True


def _line(state: StateBlock, number: int) -> str:
    begin, end = state.bMarks[number] + state.tShift[number], state.eMarks[number]
    return state.src[begin:end].rstrip() if end - begin < 200 else ""


def _read_emphasis(state: StateInline, silent: bool) -> bool:
    """As markdown-it's own rule, which it replaces, with other conditions for asterisks."""
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    can_open, can_close = scanned.can_open, scanned.can_close
    behind = state.pos + scanned.length
    before = state.src[state.pos - 1] if state.pos > 0 else " "
    after = state.src[behind] if behind < state.posMax else " "
    if marker == "*" and scanned.length == 1 and before.isalnum() and after.isalnum():
        # 5*10*3 and 长*宽*高 are products; only 「*强调*后文」 may end between letters.
        can_open, can_close = False, not (before.isascii() and after.isascii())
    elif marker == "*" and scanned.length > 1 and not (before.isascii() and after.isascii()):
        can_open, can_close = not after.isspace(), not before.isspace()
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos = behind
    return True


def _keep_as_written(state: StateCore) -> None:
    """Numbers of list items as their writer gave them, and no heading of a paragraph with a line drawn below it."""
    for token in state.tokens:
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", token.info)
        elif token.tag == "h2" and token.markup == "-":
            token.tag = "p"
        for child in token.children or ():
            if child.type == "text" and "**" in child.content:
                child.content = _LEFT_OVER.sub("", child.content)
