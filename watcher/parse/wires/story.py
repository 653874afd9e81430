"""What the wire readers share: moments, statuses and embargoes as agencies write them, and the finished article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from watcher.model import Article, Page, Unread
from watcher.parse.dates import Moment, read_moment
from watcher.parse.draft import Draft, DraftField
from watcher.parse.markup import Line, join_lines, one_line
from watcher.parse.wires.agencies import agency_in_dateline
from watcher.parse.wires.body import tidy

_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[T ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?(?:[.,]\d+)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
"""``20141126T152703Z``, as NITF and NewsML 1 write ISO 8601."""

_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?P<rest>\D.*)?")
"""``30.01.2018 17:32``, as German and Nordic agencies write it."""

ZONES = {"GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3}
ZONES |= {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""The hours from UTC of the zones that agencies write by name."""
_NAMED_ZONE = re.compile(r"(?<=\d)\s?(?P<zone>(?!CST)[A-Z]{3,4})")
"""A name behind a time. CST is China's as well as Chicago's and stays the page's own affair."""

_STATUSES = {
    word: word for word in ("usable", "embargoed", "withheld", "canceled", "killed", "corrected", "updated", "deleted")
} | {"cancelled": "canceled", "cancel": "canceled", "kill": "killed"}
"""What NewsML, NITF and ninjs call them, in other spellings too."""
WITHDRAWN = frozenset(("canceled", "killed", "deleted"))
_EMBARGOED = frozenset(("embargoed", "withheld"))

_WRITTEN = 60


def read_time(text: str, page: Page) -> Moment | None:
    """The moment that an agency's field names; without a zone it is of the page's agency zone."""
    if found := _COMPACT.fullmatch(one_line(text)):
        text = f"{found['year']}-{found['month']}-{found['day']}"
        if found["hour"]:
            text += f"T{found['hour']}:{found['minute']}:{found['second'] or '00'}{found['zone'] or ''}"
    elif found := _DOTTED.fullmatch(one_line(text)):
        text = f"{found['year']}-{found['month']}-{found['day']}{found['rest'] or ''}"
    text = _NAMED_ZONE.sub(lambda found: _offset(found["zone"]), text)
    try:
        return read_moment(text, page.agency_timezone)
    except OverflowError:  # The year 1 of an empty date in .NET, moved to UTC.
        return None


def _offset(zone: str) -> str:
    return f"{ZONES[zone]:+03d}:00" if zone in ZONES else f" {zone}"


def offer_time(draft: Draft, page: Page, text: str | None, origin: str) -> None:
    """Offer a field as the moment of publication. One that names no believable moment is a repair."""
    if not text or draft.is_dated:
        return
    moment = read_time(text, page)
    if moment is None:
        draft.repaired([f"{origin}: {text[:_WRITTEN]!r} is no believable date"])
    draft.offer_moment(moment, "field", origin)


def offer_status(draft: Draft, text: str | None, origin: str) -> None:
    """Offer what an agency says of a story: the words of the IPTC in one spelling, others as they are written."""
    if text:
        draft.offer("status", status_word(text), origin)


def status_word(text: str) -> str:
    """``usable`` for ``Usable`` and ``stat:usable``, ``canceled`` for ``cancelled``, other words as they are."""
    return _STATUSES.get(local_code(text).lower(), text)


def local_code(qcode: str) -> str:
    """A code without its scheme: ``usable`` of ``stat:usable``."""
    return qcode.rpartition(":")[2].strip() if "/" not in qcode else qcode.rpartition("/")[2].strip()


class Embargo:
    """Until when a story must not be published, as far as its fields say."""

    def __init__(self, draft: Draft, page: Page) -> None:
        self._draft = draft
        self._page = page
        self.until: datetime | None = None

    def read(self, text: str, origin: str) -> None:
        """Take this field for the end of the embargo; one without a moment withholds the story until further notice."""
        moment = read_time(text, self._page) if text else None
        if moment is not None:
            self.until = self._as_time(moment)
            return
        self._draft.repaired([f"{origin}: {text[:_WRITTEN]!r} names no moment: withheld until further notice"])
        self._draft.offer("status", "withheld", origin)

    def read_release(self, text: str | None, *after: str | None) -> None:
        """Take a release that is later than the story itself for the end of an embargo."""
        release = read_time(text, self._page) if text else None
        if release is None:
            return
        before = [moment for other in after if other and (moment := read_time(other, self._page))]
        is_embargoed = self._draft.get("status") in _EMBARGOED
        if is_embargoed or (before and self._as_time(release) > self._as_time(before[0])):
            self.until = self._as_time(release)

    def _as_time(self, moment: Moment) -> datetime:
        if isinstance(moment, datetime):
            return moment
        zone = ZoneInfo(self._page.agency_timezone)
        return datetime.combine(moment, time(), zone).astimezone(UTC)


def offer_first(draft: Draft, field: DraftField, *sources: tuple[str | None, str]) -> None:
    """Offer values with where they stand, the strongest first."""
    for value, origin in sources:
        draft.offer(field, value, origin)


def finish_story(
    draft: Draft, lines: Sequence[Line], *, until: datetime | None = None, cancels: tuple[str, ...] = ()
) -> Article:
    """The article of a story with these lines."""
    publisher = draft.get("publisher")
    body, marks = join_lines(tidy(lines, draft.get("title"), [publisher] if publisher else []))
    draft.offer("publisher", agency_in_dateline(body), "dateline")
    return draft.finish(body, marks, embargo_until=until, cancels=cancels)


def without_text(where: str, kind: str | None, repairs: tuple[str, ...] = ()) -> Unread:
    """A part of a wire that brings no text of its own, and what was broken, which may be why."""
    broken = f" ({repairs[0]})" if repairs else ""
    return Unread(where, f"{'a ' + kind if kind else 'an item'} without a headline or text{broken}")


def without_items(repairs: tuple[str, ...]) -> Unread:
    """A document in which no news item is left or ever was."""
    return Unread("document", f"holds no news item{f' ({repairs[0]})' if repairs else ''}")
