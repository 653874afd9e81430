"""When an article was published: reading the date forms that exporters write, and the date in a file name."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

Moment = datetime | date

_EARLIEST_YEAR, _LATEST_YEAR = 1980, 2100
"""Outside of this a number is an amount or a broken clock, not a publication date."""

_TIME = r"""(?:[(（]?(?:星期|周)[一二三四五六日天][)）]?\s*)?
    (?P<half>上午|下午|晚上|晚间|凌晨|中午|[AaPp][Mm])? \s*
    (?P<hour>\d{1,2}) [:：时点] (?P<minute>\d{1,2}) (?: [:：分] (?P<second>\d{1,2}) (?:[.,]\d+)? 秒? | 分 )?
    (?:\s*(?P<half_after>[AaPp]\.?[Mm]\.?))?"""
_ZONE = r"(?P<zone> Z | (?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})? | UTC | GMT | CST )? (?:\s* [(]?[A-Z]{2,5}[)]? )?"
_DIGITS = re.compile(
    rf"""(?P<year>\d{{4}}) \s*[-/.年]\s* (?P<month>\d{{1,2}}) \s*[-/.月]\s* (?P<day>\d{{1,2}}) (?:\s*日)?
        (?: (?:[T\s]+|(?<=日)) {_TIME} )? \s* {_ZONE}""",
    re.VERBOSE,
)
_AMERICAN = re.compile(
    rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}}) (?: ,?\s+ {_TIME} )? \s* {_ZONE}", re.VERBOSE
)
_NAMED_HALF = re.compile(r"\b[AaPp]\.?[Mm]\b")
_CHINA_TIME = re.compile(r"\bCST\b")
_EPOCH = re.compile(r"1\d{9}(\d{3})?")
_NAME_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})[-_.年](?P<month>\d{1,2})[-_.月](?P<day>\d{1,2})(?!\d)")
_NAME_COMPACT_DATE = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)")


def read_moment(text: str, zone_name: str) -> Moment | None:
    """The moment a date field names, or `None` where it names none (``Invalid Date``, empty, 30 February).

    Understands ``2022-03-11 17:44:51 +0800`` and its ISO 8601 and Chinese relatives (``2022年3月11日 下午5时44分``),
    RFC 822 (``Fri, 01 Jul 2022 11:14:27 GMT``), ``3/11/2022, 5:44:51 PM`` and Unix seconds or milliseconds. A time
    without a zone, and CST, which half the world claims, is of `zone_name`; a date without a time stays a bare day.
    """
    text = " ".join(text.split())
    if found := _DIGITS.fullmatch(text) or _AMERICAN.fullmatch(text):
        return _from_parts(found, zone_name)
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if _NAMED_HALF.search(text):  # The library would take no notice of it: half a day wrong is worse than unknown.
        return None
    try:
        moment = parsedate_to_datetime(_CHINA_TIME.sub("", text))
    except (ValueError, OverflowError):
        return None
    return _plausible(_to_utc(moment, zone_name))


def day_from_name(name: str) -> date | None:
    """The day in a file name: ``2022-05-30-…``, ``2024-9-9-…``, or leading an id such as 202205262391921712."""
    found = _NAME_DATE.search(name) or _NAME_COMPACT_DATE.search(name)
    if not found:
        return None
    try:
        return _plausible(date(int(found["year"]), int(found["month"]), int(found["day"])))
    except ValueError:
        return None


def _from_parts(found: re.Match[str], zone_name: str) -> Moment | None:
    day = (int(found["year"]), int(found["month"]), int(found["day"]))
    try:
        if found["hour"] is None:
            return _plausible(date(*day))
        time = (_hour(found), int(found["minute"]), int(found["second"] or 0))
        return _plausible(_to_utc(datetime(*day, *time, tzinfo=_zone(found["zone"])), zone_name))
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
    if text is None or text == "CST":
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    sign, digits = re.sub(r"[A-Z:]", "", text)[0], re.sub(r"\D", "", text)
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
