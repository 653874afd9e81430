"""The shape of the two config files, as pydantic checks it.

What values mean to each other (names used twice, folders in folders, unknown stocks) is for `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from watcher.model import Folder, ReaderMapping, Rule, Salience, Severity
from watcher.query import Node
from watcher.settings.complaints import did_you_mean
from watcher.settings.paths import anchored, real_folder
from watcher.settings.values import DEFAULT_DATABASE, ChannelSettings, SecurityLookup

OPERATOR = "watcher"
"""The rule name under which the program itself alerts."""

_BYTES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}

_ENCODINGS = ("utf-8", "utf-16", "gb18030", "gbk", "gb2312", "big5", "shift-jis", "euc-kr", "windows-1252")
"""Those to suggest; all that Python knows will do."""


def _bytes(value: object) -> object:
    """``8 MiB`` as a number. pydantic's own ByteSize reads ``1,000`` as 1."""
    if not isinstance(value, str):
        return value
    written = re.fullmatch(r"(\d{1,15})\s*([A-Za-z]*)", value)
    if not written or written[2].upper() not in _BYTES:
        raise ValueError(f'must be a number of bytes such as 8388608, 500 KB or 8 MiB, not "{value}"')
    return int(written[1]) * _BYTES[written[2].upper()]


def _duration(value: object) -> object:
    # Without the P, pydantic would read other languages: "5" as seconds, "1 02:00" as a day and two hours.
    if isinstance(value, str) and not value.startswith("P"):
        raise ValueError(f'must be an ISO 8601 duration such as P3D or PT12H, not "{value}"')
    return value


def _positive(age: timedelta) -> timedelta:
    if not timedelta(0) < age <= timedelta(days=36500):
        raise ValueError("must be longer than nothing and at most P36500D")
    return age


def _timezone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        hint = did_you_mean(name, available_timezones()) or "; names are written like Asia/Shanghai"
        raise ValueError(f'"{name}" is no known time zone{hint}') from None


def _encoding(name: str) -> str:
    try:
        " ".encode(name)  # Unlike `codecs.lookup`, this refuses codecs that are no encodings of text.
    except LookupError:
        hint = did_you_mean(name, _ENCODINGS) or f"; usual ones are {', '.join(_ENCODINGS)}"
        raise ValueError(f'"{name}" is no known encoding{hint}') from None
    return name


def _rule_name(name: str) -> str:
    if name == OPERATOR:
        raise ValueError(f'"{name}" is the name under which this program itself alerts: choose another')
    return name


def _path(path: str) -> str:
    if not all(part.strip() for part in path.split(".")):
        raise ValueError(f'"{path}" is no path: write the keys on the way with one dot between them, such as data.list')
    return path


def _some(folders: tuple[FolderEntry, ...]) -> tuple[FolderEntry, ...]:
    # Not pydantic's own min_length, which also calls a list too short when its only entry is wrong.
    if not folders:
        raise ValueError("must not be empty")
    return folders


def _hours(text: object) -> object:
    if not isinstance(text, str):
        return text
    found = re.fullmatch(r"(\d{1,2}:\d{2})\s*[-~]\s*(\d{1,2}:\d{2})", text)
    try:
        first, last = (time.fromisoformat(clock.zfill(5)) for clock in (found.groups() if found else ()))
    except ValueError:
        raise ValueError(f'must be times of day such as 09:15-15:05 or 20:00-08:30, not "{text}"') from None
    return first, last


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Seconds = Annotated[float, Field(allow_inf_nan=False)]
Bytes = Annotated[int, Field(ge=1), BeforeValidator(_bytes)]
Age = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_positive)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
TimeZone = Annotated[Text, AfterValidator(_timezone)]
FieldPath = Annotated[Text, AfterValidator(_path)]
Encoding = Annotated[Text, AfterValidator(_encoding)]


class _Keys(BaseModel):
    """Keys and values: an unknown key is a mistake, a key without a value is a key not written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_unwritten(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        known = cls.model_fields
        return {key: entry for key, entry in value.items() if entry is not None or key not in known}


class FolderEntry(_Keys):
    """A folder to watch; its path alone will do."""

    path: Text
    include: Texts = ()
    ignore: Texts = ()
    recursive: bool = True
    source: Text | None = None
    encoding: Encoding | None = None
    timezone: TimeZone | None = None
    done_marker: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, value: object) -> object:
        return {"path": value} if isinstance(value, str) else value

    def folder(self, base: Path, timezone: str) -> Folder:
        """The folder meant, where `timezone` holds if the entry names none."""
        return Folder(
            path=str(real_folder(self.path, base)),
            recursive=self.recursive,
            include=self.include,
            ignore=self.ignore,
            source=self.source,
            encoding=self.encoding,
            timezone=self.timezone or timezone,
            agency_timezone=self.timezone or "UTC",
            done_marker=self.done_marker,
        )


class ChannelEntry(_Keys):
    """A way for alerts to reach someone."""

    name: Text
    type: Literal["console", "jsonl"]
    path: Text | None = None

    @model_validator(mode="after")
    def _path_where_needed(self) -> Self:
        if self.type == "jsonl" and self.path is None:
            raise ValueError('a "jsonl" channel needs a "path" to write to')
        if self.type == "console" and self.path is not None:
            raise ValueError('a "console" channel writes to the screen and takes no "path"')
        return self

    def channel(self, base: Path) -> ChannelSettings:
        """The channel meant."""
        return ChannelSettings(self.name, self.type, anchored(self.path, base) if self.path else None)


class ReaderEntry(_Keys):
    """Where the fields stand in the files of a producer that no reader knows."""

    match: Text
    items: FieldPath | None = None
    title: FieldPath | None = None
    body: FieldPath | None = None
    date: FieldPath | None = None
    url: FieldPath | None = None
    summary: FieldPath | None = None
    source: FieldPath | None = None
    publisher: FieldPath | None = None
    author: FieldPath | None = None
    id: FieldPath | None = None
    section: FieldPath | None = None
    language: FieldPath | None = None

    @model_validator(mode="after")
    def _finds_something(self) -> Self:
        if self.title is None and self.body is None:
            raise ValueError('can never find an article: give it "title", "body" or both')
        return self

    def mapping(self) -> ReaderMapping:
        """The mapping meant."""
        paths = self.model_dump(exclude={"match", "items"}, exclude_none=True)
        return ReaderMapping(self.match, self.items, tuple(paths.items()))


class WatcherFile(_Keys):
    """watcher.yaml."""

    database: Text = DEFAULT_DATABASE
    timezone: TimeZone = "Asia/Shanghai"
    watchlist: Text | None = None
    folders: Annotated[tuple[FolderEntry, ...], AfterValidator(_some)]
    channels: tuple[ChannelEntry, ...] = ()
    readers: tuple[ReaderEntry, ...] = ()
    aliases: dict[Text, Text] = {}
    settle_seconds: Annotated[Seconds, Field(ge=0, le=600)] = 2.0
    rescan_seconds: Annotated[Seconds, Field(ge=0.2, le=3600)] = 60.0
    max_bytes: Bytes = 8 * 1024 * 1024
    parse_seconds: Annotated[Seconds, Field(gt=0, le=3600)] = 10.0
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    baseline_files: Annotated[int, Field(ge=0)] = 100
    max_age: Age | None = None


class RuleEntry(_Keys):
    """One rule of the watchlist."""

    name: Annotated[Text, AfterValidator(_rule_name)]
    stocks: Texts = ()
    keywords: Texts = ()
    require: Texts = ()
    exclude: Texts = ()
    query: Text | None = None
    stocks_file: Text | None = None
    min_salience: Salience | None = None
    severity: Severity = "normal"
    channels: Texts = ()
    max_age: Age | None = None
    until: date | None = None
    hours: Hours | None = None
    cooldown: Age | None = None
    max_per_day: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _can_hold(self) -> Self:
        if not (self.stocks or self.keywords or self.require or self.query or self.stocks_file):
            raise ValueError('can never hold: give it "stocks", "keywords", "require" or "query"')
        return self

    def rule(self, securities: SecurityLookup, query: Node | None, more_stocks: Iterable[str] = ()) -> Rule:
        """The rule meant, each stock by its symbol and once; `query` is what its text was read as."""
        symbols = filter(None, map(securities.resolve, (*self.stocks, *more_stocks)))
        return Rule(
            name=self.name,
            stocks=tuple(dict.fromkeys(symbols)),
            keywords=self.keywords,
            require=self.require,
            exclude=self.exclude,
            severity=self.severity,
            query=query,
            min_salience=self.min_salience,
            channels=self.channels,
            max_age=self.max_age,
            until=self.until,
            hours=self.hours,
            cooldown=self.cooldown,
            max_per_day=self.max_per_day,
        )


class WatchlistFile(_Keys):
    """watchlist.yaml, or a file that it includes."""

    rules: tuple[RuleEntry, ...] = ()
    macros: dict[Text, Text] = {}
    include: Texts = ()


LISTED_KEYS = ("folders", "channels", "readers", "aliases")
SINGLE_KEYS = tuple(key for key in WatcherFile.model_fields if key not in LISTED_KEYS)
"""What the environment can set: ``WATCHER_DATABASE``, ``WATCHER_TIMEZONE`` and so on."""
