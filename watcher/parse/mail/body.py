"""The message in a mail's text: its paragraphs put together, signature, footers and forwarding headers left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import east_asian_width

from bs4 import Tag

from watcher.parse.lines import Line
from watcher.parse.markup import make_tree, read_tree
from watcher.parse.rich_text import read_plain_text
from watcher.parse.wrapping import unwrap

_SIGNATURE = re.compile(r"--")
_RULE = re.compile(r"[_=*~-]{5,}")
_CONTACT = re.compile(
    r"(?:ph|phone|tel|telephone|mob|mobile|cell|fax|skype|twitter|wechat|weibo|linkedin|e-?mail|web|website"
    r"|电话|手机|传真|邮箱|微信|地址|网址)(?:\s+[A-Za-z]{2,10})?\s*(?:[:：.]|\+?\d).{0,80}"
    r"|(?:\+\d|\(?0\d)[\d ()/.-]{6,24}|[^\s@]{1,64}@[^\s@]{1,255}|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(r"(?:[A-Z]{2,6} )?[a-z]{2,3}(?:/|(?:/[a-z]{2,3}){1,3}/?)")
"""The initials that agencies close a report with (``ABC jd/``)."""
_MAIL = r"(?:e-?mail|message|communication|transmission|newsletter)"
_FOOT = re.compile(
    "|".join(
        (
            rf"(?:the (?:information|contents?) (?:\w+ ){{0,2}}(?:in|of) )?this {_MAIL}\b"
            r".{0,400}\b(?:confidential|privileged|intended (?:only |solely )?for|intended recipient).*",
            r"(?:confidentiality|legal|privacy|important|disclaimer)\s*(?:notice|note|disclaimer|statement)?\s*[:：-]"
            rf".*\b(?:{_MAIL}|recipient)\b.*",
            rf"if you (?:have )?received? (?:this|an) {_MAIL}\b.{{0,60}}\berror.*",
            r"(?:please )?consider the environment before printing.*",
            r".{0,10}(?:本|此|该)(?:电子)?邮件(?:及其附件)?.{0,120}(?:保密|机密|专有|收件人|误收|退订|自动发送|请勿回复).*",
            r"(?:to )?(?:unsubscribe|(?:manage|update) (?:your )?(?:email )?(?:subscriptions?|preferences))\b.{0,200}",
            rf"you(?:'re| are|’re) receiving this {_MAIL}\b.*|this {_MAIL} was sent (?:to|by)\b.*",
            r"forward to a friend.{0,20}|add us to your address book.{0,20}",
            r"(?:privacy policy|terms of (?:use|service)|preferences|contact us|advertise|subscribe)"
            r"(?:\s*+[|·•-]\s*+[\w ]{3,30}+)*+",
            r"(?:点击|点此)?(?:退订|取消订阅).{0,30}",
            r"sent from my .{2,40}|发自我的.{2,30}|get outlook for .{2,20}",
            r"(?:©|\(c\)|copyright)\s.{0,120}|all rights reserved\.?",
        )
    ),
    re.IGNORECASE,
)
"""Paragraphs below a message, in the words of those who send them."""
_WEB_VERSION = re.compile(
    r"(?:.{0,60}\b(?:view|read|open|see)\b.{0,40}\b(?:in (?:your|a|the) (?:web )?browser|online|on the web)"
    r"|.{0,20}\bweb version|.{0,20}(?:浏览器|在线|网页)(?:中|版)?(?:查看|阅读|打开|浏览)?)\b[^/]{0,20}?"
    r"\s*[:：(<\[]*\s*(?P<url>https?://[^\s<>\])]+)?[\s>\])]*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"-{2,}\s*(?:forwarded message|original message|转发的?邮件(?:信息)?|原始邮件)\s*-{2,}"
    r"|begin forwarded message:",
    re.IGNORECASE,
)
_FORWARDED_HEADER = re.compile(
    r"\*?(?:from|sent|date|to|cc|subject|reply-to|发件人|发送时间|日期|收件人|抄送|主题)\*?\s*[:：].{0,400}",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-*•·>▪◆■●]|\d{1,2}[.)、]|[(（]\d")
_LONGEST_SIGNATURE = 15
"""Lines. More below a ``--`` than this is another part of the message."""
_HARD_WRAP, _WIDEST_WRAP = 60, 100
"""Columns between which programs break lines. A text with wider lines is not broken at a width."""
_CONTACTS_OF_A_SIGNATURE = 2
_NAMES_ABOVE_CONTACTS = 5
_LONGEST_NAME = 60
_TOP = 5
"""Among the first lines stands what a newsletter says of itself."""
_BLOCKS_IN_CELLS = ["table", "p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "img"]


@dataclass(frozen=True, slots=True)
class MailBody:
    """The lines of a message, and the address of the same on the web where it names one."""

    lines: list[Line]
    url: str | None = None


def read_plain_mail(text: str) -> MailBody:
    """The message in a plain text."""
    return _message_in(read_plain_text("\n".join(_unwrapped(unwrap(text).split("\n")))))


def read_html_mail(html: str) -> MailBody:
    """The message in HTML. The tables that newsletters are laid out with are no tables."""
    tree = make_tree(html)
    layout = _with_blocks(tree)
    for table in tree.find_all("table"):
        if isinstance(table, Tag) and (id(table) in layout or table.get("role") in ("presentation", "none")):
            table.name = "div"
            for part in table.find_all(["tbody", "thead", "tfoot", "tr", "td", "th"], recursive=False):
                _unfold(part)
    return _message_in(read_tree(tree))


def _with_blocks(tree: Tag) -> set[int]:
    """The tables in whose cells stand paragraphs, pictures or other tables."""
    layout: set[int] = set()
    seen: set[int] = set()
    for block in tree.find_all(_BLOCKS_IN_CELLS):
        above = block.parent
        # Up to the next table, and no way twice: elements nest by the thousand.
        while above is not None and id(above) not in seen:
            seen.add(id(above))
            if above.name == "table":
                layout.add(id(above))
                break
            above = above.parent
    return layout


def _unfold(part: object) -> None:
    """Make ordinary blocks of the rows and cells of one table, not of those inside it."""
    parts = [part]
    while parts:
        one = parts.pop()
        if isinstance(one, Tag):
            is_cell = one.name in ("td", "th")
            one.name = "div"
            parts += [] if is_cell else one.find_all(["tr", "td", "th"], recursive=False)


def _unwrapped(lines: list[str]) -> list[str]:
    """Paragraphs on one line each, where the writer's program broke them at a width."""
    widths = [_width(line.rstrip()) for line in lines]
    widest = max((width for line, width in zip(lines, widths, strict=True) if " " in line.strip()), default=0)
    widest = max(widest, max((width for width in widths if width <= _WIDEST_WRAP), default=0))
    if not _HARD_WRAP <= widest <= _WIDEST_WRAP:
        return lines
    paragraphs: list[str] = []
    goes_on, previous = False, 0
    for line, width in zip(lines, widths, strict=True):
        text = line.strip()
        first = text.split(" ", 1)[0]
        if goes_on and text and not _BULLET.match(text) and previous + 1 + _width_of_first(first) > widest:
            between = "" if ord(paragraphs[-1][-1]) > 0x2E7F and ord(text[0]) > 0x2E7F else " "
            paragraphs[-1] += between + text
        else:
            paragraphs.append(text)
        goes_on, previous = bool(text), width
    return paragraphs


def _width(text: str) -> int:
    return len(text) + sum(1 for character in text if character > "\u10ff" and east_asian_width(character) in "WF")


def _width_of_first(word: str) -> int:
    """How much room the first piece needs that cannot be broken: a word, or one Chinese character."""
    return 2 if word[:1] > "\u2e7f" else _width(word)


def _message_in(lines: list[Line]) -> MailBody:
    url, lines = _take_web_version(lines)
    return MailBody(_without_foot(_without_forwarding(lines)), url)


def _take_web_version(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """The address behind "view this in your browser", and the lines without it."""
    for index, line in enumerate(lines):
        found = _WEB_VERSION.fullmatch(line.text)
        if found and (found["url"] or line.link or index < _TOP):
            return found["url"] or line.link, [*lines[:index], *lines[index + 1 :]]
    return None, lines


def _without_forwarding(lines: list[Line]) -> list[Line]:
    """The lines without the header of a forwarded mail above its text."""
    kept: list[Line] = []
    in_header = False
    for line in lines:
        begins = bool(_FORWARDED.fullmatch(line.text))
        in_header = begins or (in_header and bool(_FORWARDED_HEADER.fullmatch(line.text)))
        if not in_header:
            kept.append(line)
    return kept


def _without_foot(lines: list[Line]) -> list[Line]:
    """The message alone: nothing below its ``--``, no contacts, no footers of the mail system or the list."""
    end = len(lines)
    for index in range(max(0, end - _LONGEST_SIGNATURE - 1), end):
        if _SIGNATURE.fullmatch(lines[index].text):
            end = index
            break
    end = _end_without(lines, end)
    contacts = end
    while contacts > 0 and _CONTACT.fullmatch(lines[contacts - 1].text):
        contacts -= 1
    if end - contacts >= _CONTACTS_OF_A_SIGNATURE:
        end = contacts
        while end > max(0, contacts - _NAMES_ABOVE_CONTACTS) and _is_name(lines[end - 1].text):
            end -= 1
        end = _end_without(lines, end)
    while end > 0 and _SIGN_OFF.fullmatch(lines[end - 1].text):
        end -= 1
    return lines[:end]


def _end_without(lines: list[Line], end: int) -> int:
    while end > 0 and (_FOOT.fullmatch(lines[end - 1].text) or _RULE.fullmatch(lines[end - 1].text)):
        end -= 1
    return end


def _is_name(text: str) -> bool:
    """Whether a line above contacts is a name or a post rather than the end of the report."""
    return len(text) <= _LONGEST_NAME and text[-1] not in ".!?。！？”\"'"
