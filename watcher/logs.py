"""structlog, configured once: lines for people on a terminal, JSON for machines elsewhere.

An event is a constant word; what strangers wrote (titles, file names, reasons) comes as values, and one
step makes all values harmless before they are rendered.
"""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from unicodedata import category

from watcher.folding import HIDDEN

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

_VALUE_LIMIT = 1000
_TITLE_LIMIT = 60

_COLOURS = {"debug": "2", "info": "1", "warning": "33", "error": "1;31", "critical": "1;31"}
_DIM = "2"

_TOLD = ("publisher", "alerts", "reason", "message", "error")
"""Fields that tell their meaning without their name, in the order in which people want them."""


def configure(
    *, json: bool | None = None, verbose: bool = False, quiet: bool = False, stream: TextIO | None = None
) -> None:
    """Send all logs to `stream`, or to standard error. Calling again replaces the earlier choice.

    Whether they are JSON is decided by the stream being a terminal, unless `json` says so. `verbose` adds
    debug events, `quiet` leaves only warnings and errors. Loggers are not cached: this and
    `structlog.testing.capture_logs` then also reach those that exist.
    """
    import structlog  # Not above: it takes longer to import than all the rest of a short command.

    stream = stream or sys.stderr
    terminal = stream is not None and stream.isatty()
    if json is None:
        json = not terminal
    lines = _Lines(stream)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso" if json else "%H:%M:%S", utc=json, key="at"),
            _make_harmless,
            _for_machines if json else _for_people(coloured=terminal and not os.environ.get("NO_COLOR")),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    _take_over_library_records()
    threading.excepthook = _log_death


def _log_death(death: threading.ExceptHookArgs) -> None:
    """A thread that dies (watchdog's do, under churn) becomes an event, and not a traceback between the lines."""
    import structlog

    error = f"{death.exc_type.__name__}: {death.exc_value}"
    structlog.get_logger().error("thread died", message=death.thread.name if death.thread else "", error=error)


class _Lines:
    """Writes finished lines. A log that nobody can read any more is no reason to stop watching."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def msg(self, line: str) -> None:
        """Write one line, or the lines of one traceback, at once."""
        if self._stream is not None:
            with self._lock, suppress(OSError, ValueError):
                self._stream.write(line + "\n")
                self._stream.flush()

    debug = info = warning = error = critical = msg


class _LibraryRecords(logging.Handler):
    """Turns what libraries log (watchdog, most of all) into our events, named after the library."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass the record on; one whose arguments do not fit its text is shown by `logging` itself."""
        import structlog

        log = structlog.get_logger()
        try:
            tell = log.error if record.levelno >= logging.ERROR else log.warning
            tell(record.name.partition(".")[0], message=record.getMessage(), exc_info=record.exc_info)
        except (TypeError, ValueError):
            self.handleError(record)


def _take_over_library_records() -> None:
    root = logging.getLogger()
    if not any(isinstance(handler, _LibraryRecords) for handler in root.handlers):
        root.addHandler(_LibraryRecords(level=logging.WARNING))


def _make_harmless(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Every value as plain JSON types with nothing hidden in it: what was hidden shows as its escape."""
    harmless = {name: _harmless(value) for name, value in event.items() if name != "exception"}
    if "exception" in event:
        harmless["exception"] = "\n".join(map(_visible, str(event["exception"]).split("\n")))
    return harmless


def _harmless(value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case bytes():
            return _visible(value.decode("utf-8", "backslashreplace"))
        case Mapping():
            return {_visible(str(name)): _harmless(part) for name, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_harmless(part) for part in value]
        case _:
            return _visible(str(value))


def _visible(text: str) -> str:
    text = _cut(text, _VALUE_LIMIT)
    if text.isprintable():
        return text
    return "".join(c.encode("unicode_escape").decode() if category(c) in HIDDEN else c for c in text)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _for_machines(_logger: object, _method: str, event: EventDict) -> str:
    first = {name: event.pop(name) for name in ("at", "level", "event")}
    return dumps(first | dict(event), ensure_ascii=False)


def _for_people(*, coloured: bool) -> Processor:
    """A renderer of lines such as ``18:32:01  stored     雄帝科技…   财联社 · 2 alerts   (news.md)``."""

    def paint(text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if coloured else text

    def render(_logger: object, _method: str, event: EventDict) -> str:
        fields = {name: _told(value) for name, value in event.items() if value not in (None, "")}
        at, level, name = (fields.pop(key) for key in ("at", "level", "event"))
        title = _cut(fields.pop("title", ""), _TITLE_LIMIT)
        path = fields.pop("path", "")
        exception = fields.pop("exception", "")
        if (alerts := fields.pop("alerts", "0")) != "0":
            fields["alerts"] = f"{alerts} alert{'' if alerts == '1' else 's'}"
        told = " · ".join(fields.pop(key) for key in _TOLD if key in fields)
        rest = " ".join(f"{key}={value}" for key, value in fields.items())
        parts = [title, told, path and paint(f"({Path(path).name or path})", _DIM), rest]
        urgent = level in ("warning", "error", "critical")
        start = f"{paint(at, _DIM)}{'!' if urgent else ' '} {paint(f'{name:<10}', _COLOURS[level])}"
        line = " ".join([start, "   ".join(filter(None, parts))]).rstrip()
        return f"{line}\n{exception}" if exception else line

    return render


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
