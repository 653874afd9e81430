"""The channel that shows alerts on standard output, one line each: coloured for people, plain for pipes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from watcher.deliver.text import age_label, clean_line
from watcher.errors import DeliveryError
from watcher.model import About, Alert

if TYPE_CHECKING:
    from rich.text import Text

_MOST_TOLD = 5
"""Securities in one line of the screen; the JSONL channel has them all."""
_COLOURS = {"high": "bold red", "normal": "yellow", "low": "cyan"}


class ConsoleChannel:
    """Shows alerts on `stream`, by default standard output as it is when the first alert comes.

    Lines are never broken here: a terminal wraps them itself, knows how wide Chinese is, and reflows when
    it is resized.

    When the reader has gone (``watcher run | head``) nothing is written any more: every attempt fails with
    that reason, and the alerts stay owed and are retried like any other, until a restart gives them a new
    reader or the attempts are used up. Detection and the other channels do not notice.
    """

    def __init__(self, name: str, stream: TextIO | None = None, *, dated: bool = False) -> None:
        """`dated`: with the day as well as the time, for alerts that are not of this moment."""
        self.name = name
        self._stream = stream
        self._dated = dated
        self._gone = False

    def send(self, alerts: Sequence[Alert]) -> None:
        """Show the alerts, or say that nobody can see them."""
        stream = self._stream or sys.stdout
        if self._gone or stream is None:
            raise DeliveryError("standard output is gone; its alerts wait for a restart")
        terminal = not stream.closed and stream.isatty()
        text = _rendered(alerts, coloured=terminal and not os.environ.get("NO_COLOR"), dated=self._dated)
        try:
            _write(stream, text)
        except (OSError, ValueError) as error:
            # ValueError is Python's word for a closed file. A full disk, the other kind of OSError, may pass.
            self._gone = isinstance(error, BrokenPipeError | ValueError)
            raise DeliveryError(f"standard output: {error}") from error

    def close(self) -> None:
        """Nothing to let go of: standard output is not ours."""


def alert_text(alert: Alert, *, dated: bool = False) -> Text:
    """The alert as one styled line, ending in the number that `watcher show` takes. Nothing in it is read as markup."""
    from rich.text import Text

    colour = _COLOURS[alert.severity]
    terms = list(filter(None, map(clean_line, alert.terms)))
    headline = Text(clean_line(alert.headline) or clean_line(alert.excerpt))
    headline.highlight_words(terms, f"underline {colour}", case_sensitive=False)
    about = [
        clean_line(alert.publisher or ""),
        *_named(alert, terms),
        age_label(alert),
        f"#{alert.article_id}" if alert.article_id else "",
    ]
    made_at = datetime.fromisoformat(alert.created_at).astimezone()
    text = Text.assemble(
        (f"{made_at:%m-%d %H:%M:%S} " if dated else f"{made_at:%H:%M:%S} ", "dim"),
        (f" ALERT {alert.severity:<7}", colour),
        (f"{clean_line(alert.rule)}  ", "bold"),
        headline,
    )
    if told := " · ".join(filter(None, about)):
        text.append(f" — {told}", "dim")
    return text


def _named(alert: Alert, terms: Sequence[str]) -> Iterator[str]:
    """The securities and words that made the rule hold, then whom else the article is about."""
    named = {one.symbol: one for one in alert.about}
    matched = [_told(symbol, named.get(symbol)) for symbol in alert.symbols]
    yield _few(matched)
    # A name or code as it is written says no more than the symbol beside it.
    told = {one.written_as for one in alert.about} | {symbol.rpartition(".")[0] for symbol in alert.symbols}
    yield " ".join(term for term in terms if not any(word in term for word in told))
    if others := [_told(one.symbol, one) for one in alert.about if one.symbol not in alert.symbols]:
        yield f"about {_few(others)}"


def _told(symbol: str, about: About | None) -> str:
    """300546.SZ 雄帝科技 (subject)."""
    return clean_line(f"{symbol} {about.written_as} ({about.salience})" if about else symbol)


def _few(told: Sequence[str]) -> str:
    more = len(told) - _MOST_TOLD
    return ", ".join(told[:_MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


def _rendered(alerts: Sequence[Alert], *, coloured: bool, dated: bool) -> str:
    """The lines, not yet written: rich ends the whole program when it finds that the reader has gone."""
    from rich.console import Console

    page = io.StringIO()
    console = Console(file=page, force_terminal=coloured)
    for alert in alerts:
        console.print(alert_text(alert, dated=dated), soft_wrap=True)
    return page.getvalue()


def _write(stream: TextIO, text: str) -> None:
    """Write past Python's buffer where there is a file below.

    A thread that hangs on a stalled reader would hold the buffer's lock, which the interpreter wants before
    it exits: it hangs as well, or aborts. What a broken pipe leaves in the buffer is complained about then.
    """
    encoding = stream.encoding or "utf-8"
    encoded = text.encode(encoding, "backslashreplace")
    try:
        fd = stream.fileno()
    except io.UnsupportedOperation:
        stream.write(encoded.decode(encoding))
        stream.flush()
        return
    stream.flush()
    while encoded:
        encoded = encoded[os.write(fd, encoded) :]
