"""IPTC 7901 and its American sister ANPA 1312: wires of the teleprinter age, framed by control characters.

``SOH header STX text ETX trailer EOT``; where the frame is lost, blank lines and the day-time group stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from watcher.errors import UnparsedError
from watcher.model import Article, Page, Unread
from watcher.parse.draft import Draft
from watcher.parse.markup import one_line
from watcher.parse.wires.agencies import agency_in_dateline
from watcher.parse.wires.plain import read_plain
from watcher.parse.wires.story import ZONES, finish_story, without_text

_START, _TEXT, _END_OF_TEXT = "\x01", "\x02", "\x03"
_FILLING = "\0\x16\x04\x7f \r\n"
_OTHER_CONTROLS = re.compile("[\0\x04-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEADER = re.compile(
    r"(?P<id>(?=[A-Za-z]*\d)[A-Za-z]{0,4}\d{2,5})(?:\s+(?P<priority>\d|[a-z])\s+(?P<category>[a-zA-Z]{1,3})"
    r"\s+(?P<words>\d{1,5}))?\b(?P<rest>.*)"
)
"""``eca062 4 i 211 ccccb   dpa 061``: service and number, priority, category, words, and what the agency adds."""
_HEADER_AGENCY = re.compile(r"(?:^|\s)(?P<name>[A-Za-z]{2,8})\s+\d{2,5}\s*$")

_MONTHS = {
    word: number
    for number, words in enumerate(
        "jan ene gen|feb fev fév|mar mär mrz maa|apr avr abr|may mai mag mei maj|jun jui giu|jul juil lug|"
        "aug aoû aou ago|sep set|oct okt ott out|nov|dec dez déc dic des".split("|"),
        start=1,
    )
    for word in words.split()
}
"""By their first letters, in the languages of the agencies; juillet has four, for juin begins as it does."""
_DAY_TIME = re.compile(
    r"(?<!\d)(?P<day>[0-3]\d)(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)\s*(?P<zone>(?:GMT|UTC|[CMEPW]?E?[SDE]T|CEST|ME?S?Z|BST|Z)\b)?"
    r"\s*(?P<month>[A-Za-zäéû]{3,9})\.?\s*(?P<year>(?:20)?\d{2})(?!\d)",
    re.IGNORECASE,
)
"""``131137 GMT Nov 13``: day, hour and minute, zone, month, year."""
_AMERICAN = re.compile(
    r"(?<!\d)(?P<month>[01]\d)-(?P<day>[0-3]\d)-(?P<year>(?:20)?\d{2})\s+(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)"
    r"\s*(?P<zone>[A-Z]{1,4}\b)?",
    re.IGNORECASE,
)
"""``AP-NY-11-13-13 1137EST``."""
_LINES_WITH_A_TIME = 4

_HEADLINE_END = re.compile(r"\s*[=^<¶]+\s*$")
"""What ends a headline: ``=`` in IPTC 7901, ``^`` in ANPA."""
_BYLINE = re.compile(r"(?:By|Von|Par|Por|Di|Da|Door|Av|Af)\s+\w.*", re.DOTALL)
_LONGEST_HEADLINE = 160
_MOST_HEADLINES, _MOST_ROWS = 6, 4
"""Headlines, bylines and titles above a story, and the rows of each. A mark further down is part of the story."""


class _Message(NamedTuple):
    """The three parts of one message."""

    header: str
    text: str
    trailer: str


def is_iptc7901(text: str) -> bool:
    """Whether a text without control characters is such a wire: its header in front, the day-time group at its end."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) <= _LINES_WITH_A_TIME or not (found := _HEADER.fullmatch(_without_controls(lines[0]))):
        return False
    return bool(found["words"]) and any(_DAY_TIME.search(line) for line in lines[-_LINES_WITH_A_TIME:])


def read_iptc7901(page: Page) -> Iterator[Article | Unread]:
    """The articles of all messages in a wire. Raises `UnparsedError` where there is no message."""
    if not page.text.strip(_FILLING + _START):
        raise UnparsedError("a wire of control characters only")
    for number, message in enumerate(_messages_in(page.text), start=1):
        yield _read_message(message, page) or without_text(f"message {number}", None)


def _messages_in(text: str) -> Iterator[_Message]:
    for piece in text.split(_START):
        if not piece.strip(_FILLING):
            continue
        if _TEXT in piece:
            header, _, rest = piece.partition(_TEXT)
        else:  # The frame is lost: the header is the first line.
            header, _, rest = piece.lstrip().partition("\n")
        body, _, trailer = rest.partition(_END_OF_TEXT)
        yield _Message(_without_controls(header, " "), _without_controls(body), _without_controls(trailer))


def _without_controls(text: str, instead: str = "") -> str:
    return _OTHER_CONTROLS.sub(instead, text.replace("\r\n", "\n").replace("\r", "\n"))


def _read_message(message: _Message, page: Page) -> Article | None:
    draft = Draft(page, "iptc7901")
    first_line = one_line(message.header.strip().partition("\n")[0])
    header = _HEADER.match(first_line)
    headlines, text = _take_headlines(message.text)
    draft.offer("title", headlines[0] if headlines else None, "headline")
    draft.offer("author", next((line for line in headlines[1:] if _BYLINE.fullmatch(line)), None), "byline")
    lines = read_plain(text)
    if lines and (found := _DAY_TIME.fullmatch(lines[-1].text) or _AMERICAN.search(lines[-1].text)):
        _offer_time(draft, found, page, "last line")
        lines = lines[:-1]
    if not lines and draft.get("title") is None:
        return None
    draft.offer("native_id", header["id"] if header else None, "header")
    draft.offer("publisher", agency_in_dateline(lines[0].text) if lines else None, "dateline")
    agency = _HEADER_AGENCY.search(header["rest"]) if header else None
    draft.offer("publisher", agency["name"] if agency else None, "header")
    if found := _DAY_TIME.search(message.trailer) or _AMERICAN.search(message.trailer):
        _offer_time(draft, found, page, "trailer")
    return finish_story(draft, lines)


def _take_headlines(text: str) -> tuple[list[str], str]:
    """The headline and the lines of its kind above the story, and the story.

    What ends in the mark of a headline is one; else the first block, if it is short, ends in no full stop, is not
    indented as the paragraphs are, and more follows.
    """
    headlines: list[str] = []
    rows = text.split("\n")
    start = 0
    for _ in range(_MOST_HEADLINES):
        while start < len(rows) and not rows[start].strip():
            start += 1
        block = list(takewhile(str.strip, rows[start : start + _MOST_ROWS]))
        marked = next((index for index, row in enumerate(block) if _HEADLINE_END.search(row)), None)
        if marked is not None:
            block = block[: marked + 1]
        elif headlines or len(block) == _MOST_ROWS or not _looks_like_headline(block):
            break
        headline = one_line(_HEADLINE_END.sub("", " ".join(block))).lstrip("^< ")
        headlines += [headline] if headline else []
        start += len(block)
    return headlines, "\n".join(rows[start:])


def _looks_like_headline(block: list[str]) -> bool:
    plain = one_line(" ".join(block))
    return bool(plain) and len(plain) <= _LONGEST_HEADLINE and block[0][0] not in " \t" and plain[-1] not in '.!?"'


def _offer_time(draft: Draft, found: re.Match[str], page: Page, origin: str) -> None:
    month = found["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.get(month[:4]) or _MONTHS.get(month[:3])
    year = int(found["year"])
    try:
        zone = _zone(found["zone"], page)
        moment = datetime(
            year if year > 99 else 2000 + year,
            number or 0,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            tzinfo=zone,
        )
    except ValueError:
        draft.repaired([f"{origin}: {found[0]!r} is no believable date"])
        return
    draft.offer_moment(moment.astimezone(UTC), "field", origin)


def _zone(written: str | None, page: Page) -> tzinfo:
    hours = ZONES.get((written or "").upper())
    return ZoneInfo(page.agency_timezone) if hours is None else timezone(timedelta(hours=hours))
