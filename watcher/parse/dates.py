"""When an article was published: the date forms of exporters, datelines and titles, and the date in a file name.

Nothing here knows what day it is: a date without its year is told by another date of the same article, or not at all.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from watcher.folding import narrow

Moment = datetime | date

_EARLIEST_YEAR, _LATEST_YEAR = 1980, 2100
"""Outside of this a number is an amount or a broken clock, not a publication date."""

_TIME = r"""(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?\s*)?
    (?P<half>上午|下午|晚上|晚间|凌晨|中午|[AaPp][Mm])? \s*
    (?P<hour>\d{1,2})
    (?: [:：时点] (?P<minute>\d{1,2}) (?: [:：分] (?P<second>\d{1,2}) (?:[.,]\d+)? 秒? | 分 )? | [时点] )
    (?:\s*(?P<half_after>[AaPp]\.?[Mm]\.?))?"""
_ZONE = r"""(?P<zone> Z | (?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})? | UTC | GMT | CST )?
    (?:\s* [(\[]?[A-Z][A-Za-z/_]{1,20}[)\]]? )?"""
_DIGITS = re.compile(
    rf"""(?:北京时间)?\s*
        (?P<year>\d{{4}}) \s*[-/.年]\s* (?P<month>\d{{1,2}}) \s*[-/.月]\s* (?P<day>\d{{1,2}}) (?:\s*[日号])?
        (?: (?:[T\s]+|(?<=[日号])) {_TIME} )? \s* {_ZONE} (?: \s*[(（]?(?:星期|周)[一二三四五六日天][)）]? )?""",
    re.VERBOSE,
)
_AMERICAN = re.compile(
    rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}}) (?: ,?\s+ {_TIME} )? \s* {_ZONE}", re.VERBOSE
)
_COMPACT = re.compile(
    rf"(?P<year>(?:19|20)\d{{2}})(?P<month>[01]\d)(?P<day>[0-3]\d) (?: [T\s]* (?P<hour>[0-2]\d):?(?P<minute>\d{{2}}):?"
    rf"(?P<second>\d{{2}})? (?P<half>(?!))? (?P<half_after>(?!))? )? {_ZONE}",
    re.VERBOSE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<name>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*)\.?"
_ENGLISH = re.compile(
    rf"""(?:[A-Z][a-z]+,?\s+)? (?: {_MONTH} \s+ (?P<day>\d{{1,2}})(?:st|nd|rd|th)?
        | (?P<day_first>\d{{1,2}})(?:st|nd|rd|th)? \s+ {_MONTH.replace("name", "name_after")} ) ,?\s+
        (?P<year>\d{{4}}) (?: ,?\s+ (?:at\s+)? {_TIME} )? \s* {_ZONE}""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d+")
_NAMED_HALF = re.compile(r"\b[AaPp]\.?[Mm]\b")
_CHINA_TIME = re.compile(r"\bCST\b")
_EPOCH = re.compile(r"1\d{9}(\d{3})?")
_NAME_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})[-_.年](?P<month>\d{1,2})[-_.月](?P<day>\d{1,2})(?!\d)")
_NAME_COMPACT_DATE = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)")
_ADDRESS_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d{2})(?:[-/]?(?P<month>[01]\d)[-/]?(?P<day>[0-3]\d)|[-/](?P<month_1>\d{1,2})[-/](?P<day_1>\d{1,2}))(?!\d)"
    r"|(?<!\d)(?P<year_2>20\d{2})(?P<month_2>[01]\d)(?P<day_2>[0-3]\d)\d{10}(?!\d)"
)
_TITLE_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*(?:年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]|[-./](?P<month_1>\d{1,2})[-./]"
    r"(?P<day_1>\d{1,2})(?!\d)|(?P<month_2>[01]\d)(?P<day_2>[0-3]\d)(?!\d))"
)
_TITLE_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]")
_AROUND_TITLE_DATE = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]|[\W_]", re.UNICODE)

_FAR = timedelta(days=45)
"""A date in a title that is so far from that of the file's name is what the report is about."""


def read_moment(text: str, zone_name: str) -> Moment | None:
    """The moment a date field names, or `None` where it names none (``Invalid Date``, empty, 30 February).

    Understands ``2022-03-11 17:44:51 +0800`` and its ISO 8601 and Chinese relatives (``2022年3月11日 下午5时44分``),
    RFC 822 (``Fri, 01 Jul 2022 11:14:27 GMT``), ``3/11/2022, 5:44:51 PM``, ``March 11, 2022`` and Unix seconds or
    milliseconds. A time without a zone, and CST, which half the world claims, is of `zone_name`; a date without a time
    stays a bare day.
    """
    text = " ".join(narrow(text).split())
    if len(text) > 80:
        return None
    if found := _DIGITS.fullmatch(text) or _AMERICAN.fullmatch(text) or _COMPACT.fullmatch(text):
        return _from_parts(found, (found["year"], found["month"], found["day"]), zone_name)
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if found := _ENGLISH.fullmatch(text):
        month = str(month_number(found["name"] or found["name_after"]))
        return _from_parts(found, (found["year"], month, found["day"] or found["day_first"]), zone_name)
    if _NAMED_HALF.search(text):  # The library would take no notice of it: half a day wrong is worse than unknown.
        return None
    try:
        moment = parsedate_to_datetime(_CHINA_TIME.sub("", text))
    except (ValueError, OverflowError):
        return None
    return _plausible(_to_utc(moment, zone_name))


def nearest_day(month: int, day: int, near: date) -> date | None:
    """The day that a date without a year means, in the year that brings it closest to another date."""
    candidates = [calendar_day(near.year + years, month, day) for years in (-1, 0, 1)]
    return min((one for one in candidates if one), key=lambda one: abs(one - near), default=None)


def at_clock(day: date, clock: str, zone_name: str) -> Moment:
    """A day and the time on the clock there (``06:19``), or the bare day where that is no time."""
    hour, minute, second = [*map(int, _NUMBERS.findall(clock)), 0][:3]
    try:
        return _to_utc(datetime.combine(day, time(hour, minute, second)), zone_name)
    except ValueError:
        return day


def day_of_month(day: int, near: date) -> date | None:
    """The day with this number (``22日讯``) that is closest to another date."""
    months = [(near.year * 12 + near.month - 1 + months) for months in (-1, 0, 1)]
    candidates = [calendar_day(month // 12, month % 12 + 1, day) for month in months]
    return min((one for one in candidates if one), key=lambda one: abs(one - near), default=None)


def month_number(name: str) -> int:
    """1 for ``January``, ``Jan`` and ``jan``."""
    return _MONTHS.index(name[:3].lower()) + 1


def day_from_name(name: str) -> date | None:
    """The day in a file name: ``2022-05-30-…``, ``2024-9-9-…``, or leading an id such as 202205262391921712."""
    found = _NAME_DATE.search(name) or _NAME_COMPACT_DATE.search(name)
    return calendar_day(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def day_from_address(url: str) -> date | None:
    """The day in an address (``/2024/09/09/``, ``/20240909/``, an article number that begins with it)."""
    for found in _ADDRESS_DATE.finditer(url):
        if day := _day_of_parts(found):
            return day
    return None


def day_from_title(title: str, near: date | None) -> date | None:
    """The day that stands at the beginning or the end of a title, and so says when, not of what, it tells.

    Without a year it is one near to `near`; a day far from it is not when the report came out.
    """
    found = _edge(_TITLE_DATE, title)
    if found:
        day = _day_of_parts(found)
        return None if day and near and abs(day - near) > _FAR else day
    found = _edge(_TITLE_DAY, title)
    if not found or near is None:
        return None
    day = nearest_day(int(found["month"]), int(found["day"]), near)
    return None if day is None or abs(day - near) > _FAR else day


def as_day(moment: Moment | None) -> date | None:
    """The calendar day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def _edge(pattern: re.Pattern[str], title: str) -> re.Match[str] | None:
    for found in pattern.finditer(title):
        before = _AROUND_TITLE_DATE.sub("", title[: found.start()])
        after = title[found.end() :]
        if not _AROUND_TITLE_DATE.sub("", after) or (
            not before and not after.startswith(("起", "前", "后", "至", "到"))
        ):
            return found
    return None


def _day_of_parts(found: re.Match[str]) -> date | None:
    """The day in a pattern of several forms, whose groups are all in the order year, month, day."""
    year, month, day = (int(part) for part in found.groups() if part)
    return calendar_day(year, month, day)


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day of a calendar, or `None` for 30 February and for days that are too long ago or too far ahead."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _EARLIEST_YEAR <= found.year <= _LATEST_YEAR else None


def _from_parts(found: re.Match[str], day: tuple[str, str, str], zone_name: str) -> Moment | None:
    numbers = (int(day[0]), int(day[1]), int(day[2]))
    try:
        if found["hour"] is None:
            return _plausible(date(*numbers))
        clock = (_hour(found), int(found["minute"] or 0), int(found["second"] or 0))
        return _plausible(_to_utc(datetime(*numbers, *clock, tzinfo=_zone(found["zone"])), zone_name))
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> int:
    """The hour on a clock of 24; 12 at night is 0, 12 at noon 12."""
    hour = int(found["hour"])
    half = (found["half"] or found["half_after"] or "").lower().replace(".", "")
    if half in ("下午", "晚上", "晚间", "pm") and hour < 12:
        return hour + 12
    return 0 if half in ("上午", "凌晨", "am") and hour == 12 else hour


def _zone(text: str | None) -> tzinfo | None:
    if text is None or text.upper() == "CST":
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    sign, digits = re.sub(r"[A-Za-z:]", "", text)[0], re.sub(r"\D", "", text)
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def _to_utc(moment: datetime, zone_name: str) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone_info(zone_name))
    return moment.astimezone(UTC)


@lru_cache
def _zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _plausible(moment: Moment) -> Moment | None:
    return moment if _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR else None
