"""The head of a text: its title, the notes below it (发布时间：… 来源：…), and the dateline it begins with.

What exporters put into a header stands here in words, in posts without one and in plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from watcher.folding import narrow
from watcher.parse.clean import read_byline
from watcher.parse.dates import Moment, at_clock, calendar_day, day_of_month, month_number, nearest_day, read_moment
from watcher.parse.houses import HOUSE, can_be_a_source, is_house
from watcher.parse.lines import Line

_LONGEST_HEADLINE = 80
"""A first line up to this long is a title where nothing else says so."""
_SENTENCE_END = tuple("。.！!；;")
_LEAD = re.compile(r"【(?P<lead>[^】]{6,80})】\s*(?=\S)")
_BARE_LEAD = re.compile(r"【(?P<lead>[^】]{6,80})】")

_NOTES = 6
"""Among so many first lines the notes on time and source stand."""
_LONGEST_NOTE = 120
_FULL_DATE = re.compile(
    r"(?P<moment>20\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"(?:(?:T|\s*)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?:\s*[+]0?8:?00)?)"
)
_YEARLESS = re.compile(
    r"(?<![\d.])(?P<month>[01]?\d)(?:-|/|月)(?P<day>[0-3]?\d)日?\s*(?:(?:星期|周)[一二三四五六日天]\s*)?(?P<clock>\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
)
_TIME_LABEL = re.compile(
    r"(?:(?:发布|发表|更新|创建|刊发|时)(?:时间|日期|于|间)|时间|日期|更新|发布|Published|Updated|Date)\s*[:：]?\s*",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:(?:文章|新闻|信息|稿件|本文)?来源|出处|Source)\s*[:：]\s*(?P<name>[^\s:：|｜丨，,。]{2,30})", re.IGNORECASE
)
_AUTHOR = re.compile(
    r"(?:作者|记者|撰文|文|By)\s*[:：/／|｜丨]\s*(?P<name>[\u4e00-\u9fff·]{2,5}(?:[\s、,，]+(?!来源|责|编)[\u4e00-\u9fff·]{2,4}(?![:：\u4e00-\u9fff])){0,3}"
    r"|[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){0,3})"
)
_EDITOR = re.compile(
    r"(?:责任编辑|责编|编辑|校对|审核|编审)\s*[:：/]\s*[\u4e00-\u9fff·]{2,5}(?:[、\s][\u4e00-\u9fff·]{2,4}(?![:：\u4e00-\u9fff]))*"
)
_PAGE_CONTROL = re.compile(
    r"(?:阅读|浏览|点击|评论|播放|人气|热度|查看|转发|点赞|收藏)(?:量|数|次数|人数)?\s*[:：(（]?\s*[\d.]*\s*[万wW]?\s*[次人)）]?"
    r"|字号\s*[:：]?\s*(?:[大中小超]\s*)*|\[?\s*[大中小]\s+[大中小]\s+[大中小]\s*\]?|(?:En)?(?:RA?)?A\s?\+\s*A\s?-|A-\s*A\+|收藏到\w{0,12}"
    r"|分享(?:到|至)?(?:\s*(?:微信|微博|QQ|朋友圈|QQ空间))*|打印(?:本页|此页)?|纠错|举报|关注|\+关注|听新闻|语音播报|原创"
)
_REST = re.compile(r"[\s|｜丨·•,，;；:：()（）\[\]【】/\\_\-—–#*>]+")

_DATELINE = re.compile(
    rf"(?:【[^】]{{1,80}}】\s*)?(?!据|本文)[（(【《]?(?:{HOUSE}|本[报网刊社台])[》】]?\s?(?:APP|app|客户端|快讯|记者)?"
    r"(?:[（(][^（()）]{0,20}[）)])?[，,]?\s?[\u4e00-\u9fff]{0,6}\s?"
    r"(?:(?P<year>20\d\d)年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日\s?(?P<clock>\d{1,2}[:：]\d{2})?\s?"
    r"(?:[（(][^（()）]{0,40}[）)]\s?)?[】）)]?(?:[讯电]|消息|报道|[丨｜|])"
)
_ENGLISH_DATELINE = re.compile(
    r"(?:[A-Z][A-Za-z.'-]*(?:[ /,]+[A-Z][A-Za-z.'-]*){0,5})?,?\s*"
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>20\d\d))?,?\s*"
    r"(?:[(/](?P<house>[A-Z][\w .]{1,30})[)/])?\s*(?:--?|[—–])"
)
_HOUSE_ONLY = re.compile(r"[A-Z][A-Z .,/'-]{2,40}\s*\((?P<house>[A-Z][\w .]{1,30})\)\s*(?:--?|[—–])")


@dataclass(slots=True)
class Notes:
    """What the lines below a title say of an article."""

    moment: Moment | None = None
    source: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Dateline:
    """When and by whom, as the first words of a report tell it (``财联社9月9日电``)."""

    moment: Moment | None
    publisher: str | None


def take_title(lines: Sequence[Line], *, only_marked: bool) -> tuple[str | None, list[Line]]:
    """The title that a text begins with, and the lines below it.

    A heading is one; in a text without a header (not `only_marked`) so is a short first line, or two of them. What a
    flash begins with in 【…】 is its title too, and stays where it is.
    """
    if len(lines) > 1 and lines[0].kind == "heading":
        return lines[0].text, list(lines[1:])
    if lines and (found := _LEAD.match(lines[0].text)):
        return found["lead"], list(lines)
    if len(lines) > 1 and (found := _BARE_LEAD.fullmatch(lines[0].text)):
        return found["lead"], list(lines[1:])
    if only_marked or len(lines) < 2 or not _can_be_title(lines[0]):
        return None, list(lines)
    goes_on = (
        len(lines) > 2
        and not lines[1].begins
        and lines[2].begins
        and _can_be_title(lines[1])
        and _read_note(lines[1].text, None, "UTC") is None
    )
    if goes_on:
        return f"{lines[0].text} {lines[1].text}", list(lines[2:])
    return lines[0].text, list(lines[1:])


def _can_be_title(line: Line) -> bool:
    return (
        len(line.text) <= _LONGEST_HEADLINE
        and line.text[-1] not in _SENTENCE_END
        and line.kind == "text"
        and not line.bullet
        and line.link != line.text
        and read_byline(line.text) == (None, None)
        and read_dateline(line.text, None, "UTC") is None
    )


def drop_title(lines: Sequence[Line], title: str) -> list[Line]:
    """The lines without the title repeated in a heading above them."""
    is_repeated = len(lines) > 1 and lines[0].kind == "heading" and _bare(lines[0].text) == _bare(title)
    return list(lines[1:]) if is_repeated else list(lines)


def _bare(text: str) -> str:
    return "".join(character for character in narrow(text).casefold() if character.isalnum())


def take_notes(lines: Sequence[Line], near: date | None, zone_name: str) -> tuple[Notes, list[Line]]:
    """What the notes among the first lines say, and the lines without them.

    A time without its year (``09-09 06:19``) is of the year closest to `near`, and unknown without it.
    """
    notes = Notes()
    kept: list[Line] = []
    for index, line in enumerate(lines):
        note = (
            _read_note(line.text, near, zone_name) if index < _NOTES and len(lines) > 1 and line.kind != "row" else None
        )
        if note is None:
            if index >= _NOTES or len(line.text) > _LONGEST_HEADLINE or line.text[-1] in _SENTENCE_END:
                return notes, [*kept, *lines[index:]]
            kept.append(line)
        else:
            notes.moment = notes.moment or note.moment
            notes.source = notes.source or note.source
            notes.author = notes.author or note.author
    return notes, kept


def _read_note(text: str, near: date | None, zone_name: str) -> Notes | None:
    """What a line says that says nothing else; `None` for all other lines."""
    if len(text) > _LONGEST_NOTE:
        return None
    rest = text
    notes = Notes()
    is_note = False
    if found := _FULL_DATE.search(rest):
        notes.moment = read_moment(found["moment"].replace("：", ":"), zone_name)
        rest, is_note = _without(rest, found), notes.moment is not None
    elif found := _YEARLESS.search(rest):
        day = nearest_day(int(found["month"]), int(found["day"]), near) if near else None
        notes.moment = at_clock(day, found["clock"], zone_name) if day else None
        rest, is_note = _without(rest, found), True
    if found := _SOURCE.search(rest):
        notes.source = found["name"] if can_be_a_source(found["name"]) else None
        rest, is_note = _without(rest, found), is_note or bool(_AUTHOR.search(rest))
    if found := _AUTHOR.search(rest):
        notes.author = " ".join(found["name"].split())
        rest, is_note = _without(rest, found), True
    rest = _EDITOR.sub(" ", _TIME_LABEL.sub(" ", rest))
    controls = _PAGE_CONTROL.sub(" ", rest)
    is_note = is_note or (controls != rest and bool(_PAGE_CONTROL.fullmatch(text.strip())))
    rest = _REST.sub(" ", controls).strip()
    if not is_note:
        return None
    if rest and notes.source is None and is_house(rest):
        notes.source, rest = rest.split()[0], ""
    return None if rest else notes


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def read_dateline(text: str, near: date | None, zone_name: str) -> Dateline | None:
    """The dateline that a report begins with; its moment is `None` where no year can be told."""
    beginning = text[:160]
    if found := _DATELINE.match(beginning):
        return Dateline(_moment_of(found, near, zone_name), None)
    if found := _ENGLISH_DATELINE.match(beginning):
        return Dateline(_moment_of(found, near, zone_name), _publisher(found["house"]))
    if found := _HOUSE_ONLY.match(beginning):
        return Dateline(None, _publisher(found["house"]))
    return None


def _publisher(name: str | None) -> str | None:
    return name.strip() if name else None


def _moment_of(found: re.Match[str], near: date | None, zone_name: str) -> Moment | None:
    parts = found.groupdict()
    day_number, month, year = int(parts["day"]), parts["month"], parts["year"]
    if month is None:
        day = day_of_month(day_number, near) if near else None
    else:
        number = int(month) if month.isdecimal() else month_number(month)
        if year:
            day = calendar_day(int(year), number, day_number)
        else:
            day = nearest_day(number, day_number, near) if near else None
    return at_clock(day, parts["clock"], zone_name) if day and parts.get("clock") else day
