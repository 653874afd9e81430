"""Rules of the outbox worker and of the channels: nothing lost, nothing hidden, nothing twice in the file."""

import errno
import fcntl
import io
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import termios
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from textwrap import dedent
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

import watcher
from watcher import deliver
from watcher.deliver import (
    Outbox,
    age_label,
    alert_line,
    build_channels,
    clean_line,
    json_line,
    next_attempt_after,
)
from watcher.deliver import jsonl as jsonl_module
from watcher.deliver.console import ConsoleChannel
from watcher.deliver.jsonl import JsonlChannel
from watcher.errors import ConfigError, DeliveryError
from watcher.model import About, Alert, Delivery, Receipt

ALERT = Alert(
    id=1,
    key="k1",
    rule="数字政府",
    severity="high",
    headline="雄帝科技称电子证照业务增长",
    excerpt="公司表示，电子证照……",
    symbols=("300546.SZ",),
    terms=("电子证照",),
    article_id=7,
    story_id=3,
    publisher="财联社",
    published_at="2026-11-18T08:00:00+08:00",
    created_at="2026-11-21T10:32:01+00:00",
    url="https://news.example.com/7",
    path="inbox/7.md",
    about=(About("300546.SZ", "雄帝科技", "subject"),),
)


def alerts(*numbers):
    return [replace(ALERT, id=number, key=f"k{number}") for number in numbers]


def owed(*numbers, channel="screen", attempts=0):
    return [Delivery(alert, channel, attempts) for alert in alerts(*numbers)]


@contextmanager
def program_running(source, *arguments):
    """A process of its own, to be killed or left hanging; it has ALERT and what it imports."""
    prelude = """
        import json, os, signal, sys
        from watcher.model import Alert, Delivery
        ALERT = Alert(**json.loads(sys.argv[1]) | {"about": ()})
    """
    command = [
        sys.executable,
        "-c",
        dedent(prelude) + dedent(source),
        json.dumps(asdict(ALERT)),
        *map(str, arguments),
    ]
    environment = os.environ | {"PYTHONPATH": str(Path(watcher.__file__).parents[1])}
    environment.pop("PYTHONUNBUFFERED", None)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def _no_thread_is_left():
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(30)  # one that dies of a bug has told it before it is gone
        assert not thread.is_alive()


# --- the outbox ---------------------------------------------------------------------------------------------


class FakeChannel:
    """Keeps what it is given; `errors` are raised first, and a closed `gate` holds every send."""

    def __init__(self, name="screen", *errors):
        self.name = name
        self.batches = []
        self.errors = list(errors)
        self.gate = threading.Event()
        self.gate.set()
        self.busy = threading.Event()
        self.closed = 0

    def send(self, alerts):
        self.busy.set()
        self.gate.wait(30)
        self.batches.append([alert.id for alert in alerts])
        if self.errors:
            raise self.errors.pop(0)

    def close(self):
        self.closed += 1


class Desk:
    """The main loop's side of an outbox: offers, and waits to be woken for receipts."""

    def __init__(self, *channels):
        self.channels = channels
        self.woken = threading.Event()
        self.outbox = Outbox(channels, self.woken.set)

    def receipts(self, count):
        found = []
        while len(found) < count:
            assert self.woken.wait(30), f"only {found}"
            self.woken.clear()
            found += self.outbox.receipts()
        return found

    def deliver(self, *deliveries):
        self.outbox.offer(deliveries)
        return self.receipts(len(deliveries))


@pytest.fixture
def open_desk():
    desks = []

    def build(*channels):
        desks.append(Desk(*channels))
        return desks[-1]

    yield build
    for desk in desks:
        for channel in desk.channels:
            channel.gate.set()
        desk.outbox.close(30)


def test_delivered_alerts_come_back_as_receipts(open_desk):
    channel = FakeChannel()
    desk = open_desk(channel)

    receipts = desk.deliver(*owed(1, 2))

    assert receipts == [Receipt(1, "screen"), Receipt(2, "screen")]
    assert channel.batches == [[1, 2]]
    assert desk.outbox.in_flight == 0


def test_what_waits_travels_in_batches_of_fifty(open_desk):
    channel = FakeChannel()
    channel.gate.clear()
    desk = open_desk(channel)
    desk.outbox.offer(owed(0))
    assert channel.busy.wait(30)

    desk.outbox.offer(owed(*range(1, 81)))
    channel.gate.set()

    assert [receipt.alert_id for receipt in desk.receipts(81)] == list(range(81))
    assert [len(batch) for batch in channel.batches] == [1, 50, 30]


def test_what_finds_no_room_stays_in_the_table(open_desk):
    channel = FakeChannel()
    channel.gate.clear()
    desk = open_desk(channel)

    desk.outbox.offer(owed(*range(150)))

    assert desk.outbox.in_flight == deliver.IN_FLIGHT == 100
    channel.gate.set()
    assert [receipt.alert_id for receipt in desk.receipts(100)] == list(range(100))


def test_delivery_in_flight_is_not_taken_twice(open_desk):
    """The table still says `owed` until its receipt was recorded, so it is offered again and again."""
    channel = FakeChannel()
    channel.gate.clear()
    desk = open_desk(channel)
    desk.outbox.offer(owed(1))
    assert channel.busy.wait(30)

    desk.outbox.offer(owed(1))
    channel.gate.set()
    assert desk.woken.wait(30)
    desk.outbox.offer(owed(1))

    assert desk.receipts(1) == [Receipt(1, "screen")]
    assert desk.deliver(*owed(2)) == [Receipt(2, "screen")]
    assert channel.batches == [[1], [2]]


def test_delivery_may_be_offered_again_once_its_receipt_was_taken(open_desk):
    channel = FakeChannel("screen", DeliveryError("busy"))
    desk = open_desk(channel)

    assert desk.deliver(*owed(1)) == [Receipt(1, "screen", "busy")]
    assert desk.deliver(*owed(1, attempts=1)) == [Receipt(1, "screen")]


def test_same_alert_goes_to_each_of_its_channels(open_desk):
    screen, log = FakeChannel("screen"), FakeChannel("log")
    desk = open_desk(screen, log)

    receipts = desk.deliver(*owed(1), *owed(1, channel="log"))

    assert set(receipts) == {Receipt(1, "screen"), Receipt(1, "log")}
    assert screen.batches == log.batches == [[1]]


@pytest.mark.parametrize("error", [DeliveryError("no"), OSError("no"), ValueError("no")])
def test_failed_batch_gives_each_alert_the_reason(open_desk, error):
    desk = open_desk(FakeChannel("screen", error))

    assert desk.deliver(*owed(1, 2)) == [Receipt(1, "screen", "no"), Receipt(2, "screen", "no")]


def test_reason_is_one_clean_line(open_desk):
    desk = open_desk(FakeChannel("screen", DeliveryError("said:\n\x1b[2J" + "x" * 900)))

    [receipt] = desk.deliver(*owed(1))

    assert receipt.error == "said: [2J" + "x" * 490 + "…"


def test_alert_that_failed_before_travels_alone(open_desk):
    """One alert that a channel cannot take must not make dead those that happened to travel with it."""
    channel = FakeChannel()
    channel.gate.clear()
    desk = open_desk(channel)
    desk.outbox.offer(owed(0))
    assert channel.busy.wait(30)

    desk.outbox.offer([*owed(1, 2), *owed(3, 4, attempts=1), *owed(5, 6)])
    channel.gate.set()
    desk.receipts(7)

    assert channel.batches == [[0], [1, 2], [3], [4], [5, 6]]


def test_slow_channel_delays_no_other(open_desk):
    slow, quick = FakeChannel("slow"), FakeChannel("quick")
    slow.gate.clear()
    desk = open_desk(slow, quick)
    desk.outbox.offer(owed(1, channel="slow"))
    assert slow.busy.wait(30)

    assert desk.deliver(*owed(1, channel="quick")) == [Receipt(1, "quick")]


def test_bug_in_a_channel_is_told_and_does_not_end_it(open_desk, monkeypatch):
    """The thread dies of the bug, so that it is seen; the next one goes on with what waits."""
    told = queue.Queue()
    monkeypatch.setattr(threading, "excepthook", lambda args: told.put(args.exc_value))
    bug = KeyError("oops")
    channel = FakeChannel("screen", bug)
    channel.gate.clear()
    desk = open_desk(channel)
    desk.outbox.offer(owed(1))
    assert channel.busy.wait(30)

    desk.outbox.offer(owed(2))
    channel.gate.set()

    assert desk.receipts(2) == [Receipt(1, "screen", "KeyError: 'oops'"), Receipt(2, "screen")]
    assert told.get(timeout=30) is bug


def test_delivery_to_a_channel_that_is_gone_from_the_configuration_fails_in_sight(open_desk):
    desk = open_desk(FakeChannel())

    assert desk.deliver(*owed(1, channel="pager")) == [Receipt(1, "pager", 'no channel is named "pager"')]


def test_closing_finishes_the_batch_in_hand_and_leaves_the_rest_owed(open_desk):
    channel = FakeChannel()
    channel.gate.clear()
    desk = open_desk(channel)
    desk.outbox.offer(owed(1))
    assert channel.busy.wait(30)
    desk.outbox.offer(owed(2, 3))

    closing = threading.Thread(target=desk.outbox.close, args=(30,))
    closing.start()
    while desk.outbox.in_flight > 1:  # until it has let go of what had not begun
        closing.join(0.001)
    channel.gate.set()
    closing.join(30)

    assert desk.outbox.receipts() == [Receipt(1, "screen")]
    assert channel.batches == [[1]]
    assert channel.closed == 1
    assert desk.outbox.in_flight == 0


def test_closing_twice_is_safe_and_nothing_is_taken_afterwards(open_desk):
    channel = FakeChannel()
    desk = open_desk(channel)

    desk.outbox.close(30)
    desk.outbox.close(30)
    desk.outbox.offer(owed(1))

    assert desk.outbox.in_flight == 0
    assert channel.batches == []


def test_hanging_channel_is_left_behind(open_desk):
    """It is not closed under the feet of its thread, either."""
    channel = FakeChannel()
    channel.gate.clear()
    desk = open_desk(channel)
    desk.outbox.offer(owed(1))
    assert channel.busy.wait(30)

    desk.outbox.close(0)

    assert channel.closed == 0
    assert desk.outbox.in_flight == 1


def test_back_off_spans_a_day_and_ends():
    waits = [next_attempt_after(attempts) for attempts in range(10)]

    assert waits == [
        timedelta(0),
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(hours=8),
        timedelta(hours=12),
        None,
    ]


@dataclass(frozen=True)
class FakeSettings:
    name: str
    type: str
    path: Path | None = None


def test_channels_are_built_from_the_configuration_without_touching_the_disk(tmp_path):
    path = tmp_path / "data" / "alerts.jsonl"

    screen, log = build_channels([FakeSettings("screen", "console"), FakeSettings("log", "jsonl", path)])

    assert (type(screen), screen.name) == (ConsoleChannel, "screen")
    assert (type(log), log.name) == (JsonlChannel, "log")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (FakeSettings("p", "pager"), 'channel "p": unknown type "pager", known are console, jsonl'),
        (FakeSettings("log", "jsonl"), 'channel "log": type jsonl needs a path'),
    ],
)
def test_channel_that_cannot_be_built_refuses_the_configuration(settings, complaint):
    with pytest.raises(ConfigError) as refused:
        build_channels([settings])

    assert refused.value.complaints == [complaint]


# --- words --------------------------------------------------------------------------------------------------

HOSTILE = {
    "terminal escape": ("\x1b[2J\x1b]0;owned\x07涨停", "[2J]0;owned涨停"),
    "C1 escape": ("\x9b31m涨停\x9d0;t\x9c", "31m涨停0;t"),
    "faked line": ("涨停\n18:32:01 ALERT high  假的", "涨停 18:32:01 ALERT high 假的"),
    "carriage return": ("涨停\rALERT", "涨停 ALERT"),
    "CRLF header": ("涨停\r\nBcc: x@example.com", "涨停 Bcc: x@example.com"),
    "next line U+0085": ("涨停\x85假的", "涨停 假的"),
    "line separators": ("涨停\u2028假的\u2029尾", "涨停 假的 尾"),
    "vertical tab, form feed": ("涨\x0b停\x0c尾", "涨 停 尾"),
    "information separators": ("涨\x1c停\x1f尾", "涨 停 尾"),
    "NUL": ("涨\x00停", "涨停"),
    "backspaces": ("卖出\x08\x08买入\x7f", "卖出买入"),
    "bidi override": ("\u202e停涨\u202c", "停涨"),
    "bidi isolates": ("\u2066涨\u2069停\u200f\u061c", "涨停"),
    "zero width": ("电\u200b子\u200c证\u200d照\u2060\ufeff", "电子证照"),
    "soft hyphen": ("电\u00ad子", "电子"),
    "tag characters": ("涨停\U000e0041\U000e0042\U000e007f", "涨停"),
    "lone surrogate": ("涨\ud83d停", "涨\ufffd停"),
    "spaces of all kinds": ("  涨\u3000\u3000停\u00a0\u2003尾\t ", "涨 停 尾"),
    "space around the unseen": ("涨 \u200b 停", "涨 停"),
    "rich markup": (
        "[bold red]涨停[/] [link=https://x]x[/link]",
        "[bold red]涨停[/] [link=https://x]x[/link]",
    ),
    "broken rich markup": ("[/red] [[x]]", "[/red] [[x]]"),
    "emoji codes": (":smile: @everyone <!channel>", ":smile: @everyone <!channel>"),
    "emoji": ("🚀⚠️涨停", "🚀⚠️涨停"),
    "JSON syntax": ('","key":"k9"}\\', '","key":"k9"}\\'),
    "format strings": ("%s {0} ${HOME} $(id)", "%s {0} ${HOME} $(id)"),
    "HTML": ("<script>alert(1)</script>&amp;", "<script>alert(1)</script>&amp;"),
    "spreadsheet formula": ("=HYPERLINK(A1)", "=HYPERLINK(A1)"),
    "endless": ("涨" * 5000, "涨" * 199 + "…"),
    "endless words": ("a" + "停 " * 200, "a" + "停 " * 98 + "停…"),
}


@pytest.mark.parametrize(("hostile", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_headline_on_screen(tmp_path, shanghai, hostile, shown):
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        ConsoleChannel("screen", stream).send([replace(ALERT, headline=hostile)])

    told = "财联社 · 300546.SZ 雄帝科技 (subject) · 电子证照 · published 3 days ago · #7"
    expected = f"18:32:01  ALERT high   数字政府  {shown} — {told}\n"
    assert (tmp_path / "out").read_bytes() == expected.encode()


@pytest.mark.parametrize(("hostile", "shown"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_headline_in_the_file(tmp_path, hostile, shown):
    JsonlChannel("log", tmp_path / "out").send([replace(ALERT, headline=hostile, published_at=None)])

    in_json = shown.replace("\\", "\\\\").replace('"', '\\"')
    expected = (
        '{"id":1,"key":"k1","rule":"数字政府","severity":"high","headline":"' + in_json + '",'
        '"excerpt":"公司表示，电子证照……","symbols":["300546.SZ"],"terms":["电子证照"],"article_id":7,"story_id":3,'
        '"publisher":"财联社","published_at":null,"created_at":"2026-11-21T10:32:01+00:00",'
        '"url":"https://news.example.com/7","path":"inbox/7.md",'
        '"about":[{"symbol":"300546.SZ","written_as":"雄帝科技","salience":"subject"}],"age":null}\n'
    )
    assert (tmp_path / "out").read_bytes() == expected.encode()


def test_no_field_of_an_alert_can_forge_a_line(tmp_path):
    evil = "a\n\x1b[2J\x85\u2028\u202e\u200b\ud800b"
    alert = replace(
        ALERT,
        rule=evil,
        excerpt=evil,
        symbols=(evil,),
        terms=(evil,),
        publisher=evil,
        published_at=evil,
        url=evil,
        path=evil,
        about=(About(evil, evil, "peer"),),
    )
    screen = io.StringIO()

    ConsoleChannel("screen", screen).send([alert])

    for line in (screen.getvalue().removesuffix("\n"), alert_line(alert)):
        assert line.isprintable()
    assert json.loads(alert_line(alert))["path"] == evil.replace("\ud800", "\ufffd")


text_of_any_kind = st.text(alphabet=st.characters())  # lone surrogates too


@given(text_of_any_kind, st.integers(2, 30))
def test_clean_line_is_short_seen_and_stays_as_it_is(text, limit):
    line = clean_line(text, limit)

    assert len(line) <= limit
    assert line.splitlines() in ([], [line])
    assert clean_line(line, limit) == line


@given(text_of_any_kind)
def test_json_line_loses_nothing_but_surrogates(text):
    line = json_line({"text": text})

    assert line.splitlines() == [line]
    line.encode()
    scrubbed = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    assert json.loads(line) == {"text": scrubbed}


def test_json_line_refuses_what_is_not_json():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_line({"share": float("nan")})


@pytest.mark.parametrize(
    ("published_at", "label"),
    [
        ("2026-11-21T10:00:00+00:00", ""),
        ("2026-11-20T10:32:01+00:00", ""),  # 24 hours to the second
        ("2026-11-20T10:32:00+00:00", "published 1 day ago"),
        ("2026-11-20T18:32:00+08:00", "published 1 day ago"),
        ("2026-11-18T08:00:00Z", "published 3 days ago"),
        ("2026-11-18T08:00:00", "published 3 days ago"),
        ("2026-09-23T00:00:00+00:00", "published 59 days ago"),
        ("2026-09-22T00:00:00+00:00", "published 2 months ago"),
        ("2024-11-23T00:00:00+00:00", "published 24 months ago"),
        ("2024-11-20T00:00:00+00:00", "published 2 years ago"),
        ("0001-01-01T00:00:00+14:00", "published 2027 years ago"),
        ("2026-11-21", ""),
        ("2026-11-20", ""),  # yesterday evening is younger than 24 hours
        ("2026-11-19", "published 2 days ago"),
        ("2026-11-18", "published 3 days ago"),
        ("2027-01-01", ""),
        ("2027-01-01T00:00:00+00:00", ""),
        ("last week", ""),
        ("2026-02-30", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_age_is_told_when_older_than_a_day(published_at, label):
    assert age_label(replace(ALERT, published_at=published_at)) == label


# --- the screen ---------------------------------------------------------------------------------------------


@pytest.fixture
def shanghai(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@dataclass(frozen=True)
class Terminal:
    stream: TextIO
    screen: int

    def seen(self):
        return os.read(self.screen, 65536).decode()


@pytest.fixture
def terminal(monkeypatch):
    """A real terminal, 40 columns wide."""
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "COLORTERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    screen, program = os.openpty()
    termios.tcsetwinsize(program, (25, 40))
    with os.fdopen(program, "w", encoding="utf-8") as stream:
        yield Terminal(stream, screen)
    os.close(screen)


def test_alert_on_a_terminal_is_coloured_and_its_terms_marked(terminal, shanghai):
    ConsoleChannel("screen", terminal.stream).send([ALERT])

    assert terminal.seen() == (
        "\x1b[2m18:32:01 \x1b[0m\x1b[1;31m ALERT high   \x1b[0m\x1b[1m数字政府  \x1b[0m雄帝科技称"
        "\x1b[1;4;31m电子证照\x1b[0m业务增长"
        "\x1b[2m — 财联社 · 300546.SZ 雄帝科技 (subject) · 电子证照 · published 3 days ago · #7\x1b[0m\r\n"
    )


@pytest.mark.parametrize(("severity", "colour"), [("high", "1;31"), ("normal", "33"), ("low", "36")])
def test_severity_has_its_colour(terminal, severity, colour):
    ConsoleChannel("screen", terminal.stream).send([replace(ALERT, severity=severity)])

    assert f"\x1b[{colour}m ALERT {severity:<7}\x1b[0m" in terminal.seen()


def test_no_color_is_respected_on_a_terminal(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    ConsoleChannel("screen", terminal.stream).send([ALERT])

    assert "\x1b" not in terminal.seen()


def test_pipe_gets_one_plain_line_however_narrow_the_terminal_is(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")

    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        ConsoleChannel("screen", stream).send(alerts(1, 2))

    lines = (tmp_path / "out").read_text(encoding="utf-8").split("\n")
    assert len(lines) == 3
    assert all("published 3 days ago · #7" in line and "\x1b" not in line for line in lines[:2])


def test_alert_tells_whom_its_article_is_about_and_how_centrally(shanghai):
    """An alert by keyword names the article's subject, one by stock how central that is; ten names are no line."""
    screen = io.StringIO()
    names = [About(f"60000{n}.SH", f"甲{n}", "listed") for n in range(7)]
    listed = replace(ALERT, symbols=tuple(one.symbol for one in names), terms=("甲1", "600001"), about=tuple(names))

    ConsoleChannel("screen", screen).send([replace(ALERT, symbols=()), listed])

    by_keyword, by_stock = screen.getvalue().splitlines()
    assert " · 电子证照 · about 300546.SZ 雄帝科技 (subject) · " in by_keyword
    assert " · 600000.SH 甲0 (listed), 600001.SH 甲1 (listed), " in by_stock
    assert "600004.SH 甲4 (listed) and 2 more · published" in by_stock


def test_alert_says_only_what_is_known(shanghai):
    screen = io.StringIO()
    bare = replace(
        ALERT, headline="", publisher=None, symbols=("300546.SZ",), terms=("\u200b",), published_at=None, about=()
    )

    ConsoleChannel("screen", screen).send([bare])

    assert screen.getvalue() == "18:32:01  ALERT high   数字政府  公司表示，电子证照…… — 300546.SZ · #7\n"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", b"\\u6da8\\U0001f680"),
        ("gbk", "涨".encode("gbk") + b"\\U0001f680"),
        ("utf-8", "涨🚀".encode()),
    ],
)
def test_screen_that_lacks_a_character_shows_its_number(tmp_path, encoding, shown):
    with (tmp_path / "out").open("w", encoding=encoding) as stream:
        ConsoleChannel("screen", stream).send([replace(ALERT, headline="涨🚀")])

    assert shown in (tmp_path / "out").read_bytes()


def test_alerts_keep_their_place_among_what_is_printed(tmp_path):
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        stream.write("before\n")
        ConsoleChannel("screen", stream).send([ALERT])
        stream.write("after\n")

    first, alert, last = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert (first, last) == ("before", "after")
    assert "雄帝科技" in alert


def test_standard_output_is_looked_up_when_it_is_needed(capsys):
    channel = ConsoleChannel("screen")

    channel.send([ALERT])
    channel.close()

    assert "雄帝科技" in capsys.readouterr().out


def test_reader_that_left_is_noticed_once_and_not_written_to_again():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        channel = ConsoleChannel("screen", stream)

        with pytest.raises(DeliveryError, match=r"standard output: .*Broken pipe"):
            channel.send([ALERT])
        with pytest.raises(DeliveryError, match="standard output is gone"):
            channel.send([ALERT])


def test_closed_output_is_gone(tmp_path):
    stream = (tmp_path / "out").open("w", encoding="utf-8")
    stream.close()
    channel = ConsoleChannel("screen", stream)

    with pytest.raises(DeliveryError, match="closed file"):
        channel.send([ALERT])
    with pytest.raises(DeliveryError, match="standard output is gone"):
        channel.send([ALERT])


def test_program_started_without_output_says_so(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)

    with pytest.raises(DeliveryError, match="standard output is gone"):
        ConsoleChannel("screen").send([ALERT])


def test_full_disk_below_the_output_may_pass():
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        channel = ConsoleChannel("screen", stream)

        for _ in range(2):
            with pytest.raises(DeliveryError, match="No space left"):
                channel.send([ALERT])


def test_stalled_reader_does_not_spoil_the_exit():
    """A thread that hangs in print() holds the lock of Python's buffer: the program never ends, or aborts."""
    program = """
        from watcher.deliver import Outbox
        from watcher.deliver.console import ConsoleChannel

        class Screen(ConsoleChannel):
            def send(self, alerts):
                super().send(alerts * 2000)  # more than a pipe holds

        outbox = Outbox([Screen("screen")], lambda: None)
        outbox.offer([Delivery(ALERT, "screen", 0)])
        sys.stdin.read()
        outbox.close(0)
    """
    with program_running(program) as process:
        process.stdout.read(1)  # The thread writes, and nobody reads on.
        process.stdin.close()

        assert process.wait(30) == 0
        assert process.stderr.read() == b""


# --- the file -----------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "alerts.jsonl"


@pytest.fixture
def open_channel(path):
    """Channel objects as after so many restarts, all closed in the end."""
    channels = []

    def build():
        channels.append(JsonlChannel("log", path))
        return channels[-1]

    yield build
    for channel in channels:
        channel.close()


def keys_in(*paths):
    return [json.loads(line)["key"] for path in paths for line in path.read_bytes().splitlines()]


def keys(*numbers):
    return [f"k{number}" for number in numbers]


def test_file_is_created_with_its_folder_as_the_umask_allows(path, open_channel):
    umask = os.umask(0o027)
    try:
        open_channel().send([ALERT])
    finally:
        os.umask(umask)

    assert path.stat().st_mode & 0o777 == 0o640


def test_nothing_is_created_before_there_is_an_alert(path, open_channel):
    open_channel().close()

    assert not path.parent.exists()


def test_alert_is_not_written_twice(path, open_channel):
    """Written, then killed before it was marked: the table offers it again."""
    open_channel().send(alerts(1, 2))

    after_restart = open_channel()
    after_restart.send(alerts(1, 2, 3))
    after_restart.send(alerts(3, 4))

    assert keys_in(path) == keys(1, 2, 3, 4)


def test_closed_channel_opens_again(path, open_channel):
    channel = open_channel()
    channel.send(alerts(1))
    channel.close()
    channel.close()

    channel.send(alerts(1, 2))

    assert keys_in(path) == keys(1, 2)


def test_batch_waits_for_the_disk_once(open_channel, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)

    open_channel().send(alerts(*range(50)))

    assert len(synced) == 1


def test_rotation_by_renaming_is_followed(path, open_channel):
    rotated = path.with_name("alerts.jsonl.1")
    channel = open_channel()
    channel.send(alerts(1, 2))
    path.rename(rotated)

    channel.send(alerts(2, 3))
    open_channel().send(alerts(1, 2, 3, 4))

    assert (keys_in(rotated), keys_in(path)) == (keys(1, 2), keys(3, 4))


def test_rotation_by_copying_and_truncating_is_followed(path, open_channel):
    """Without O_APPEND the next line would follow a hole of zero bytes."""
    rotated = path.with_name("alerts.jsonl.1")
    channel = open_channel()
    channel.send(alerts(1, 2))
    rotated.write_bytes(path.read_bytes())
    os.truncate(path, 0)

    channel.send(alerts(2, 3))
    open_channel().send(alerts(1, 2, 3, 4))

    assert (keys_in(rotated), keys_in(path)) == (keys(1, 2), keys(3, 4))


def test_removed_file_is_made_again(path, open_channel):
    channel = open_channel()
    channel.send(alerts(1))
    path.unlink()

    channel.send(alerts(2))

    assert keys_in(path) == keys(2)


def test_line_torn_anywhere_is_mended(path, open_channel):
    open_channel().send(alerts(1, 2))
    whole = path.read_bytes()

    for end in range(whole.index(b"\n"), len(whole)):
        path.write_bytes(whole[:end])
        open_channel().send(alerts(1, 2))
        assert path.read_bytes() == whole, f"torn after {end} bytes"


def test_first_line_torn_anywhere_is_mended(path, open_channel):
    open_channel().send(alerts(1))
    whole = path.read_bytes()

    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        open_channel().send(alerts(1))
        assert path.read_bytes() == whole, f"torn after {end} bytes"


def test_line_that_another_process_tore_meanwhile_is_mended(path, open_channel):
    channel = open_channel()
    channel.send(alerts(1))
    with path.open("ab") as other:
        other.write(b'{"id":9,"ke')

    channel.send(alerts(2))

    assert keys_in(path) == keys(1, 2)


@pytest.mark.parametrize(
    "foreign",
    [
        b"notes of somebody",
        b'{"id":1,"key":"k1"}',  # whole, only its newline is missing
        b'[{"id":' + b"1" * (jsonl_module.READ_BACK_BYTES - 6),  # longer than we look back
    ],
    ids=["not ours", "whole", "too long"],
)
def test_last_line_that_is_not_a_torn_one_is_kept(path, open_channel, foreign):
    path.parent.mkdir()
    path.write_bytes(b"\n" + foreign)

    open_channel().send(alerts(2))

    assert path.read_bytes() == b"\n" + foreign + b"\n" + alert_line(*alerts(2)).encode() + b"\n"


def test_lines_of_others_do_not_disturb(path, open_channel):
    path.parent.mkdir()
    others = b'\n[1]\n{"id":1}\n{"id":2,"key":3}\n{"id":\xff}\n{"key":"k1"}\nword\n'
    path.write_bytes(others)

    open_channel().send(alerts(1))

    assert path.read_bytes() == others + alert_line(*alerts(1)).encode() + b"\n"


def test_rotated_file_that_cannot_be_read_does_not_stop_alerts(path, open_channel):
    path.with_name("alerts.jsonl.1").mkdir(parents=True)

    open_channel().send(alerts(1))

    assert keys_in(path) == keys(1)


def test_look_back_finds_all_that_can_be_in_flight(path, open_channel):
    """As many as a channel may have in flight, at 2.4 KB each: more than twice what is usual."""
    wide = [replace(alert, headline="涨" * 200, excerpt="停" * 500) for alert in alerts(*range(deliver.IN_FLIGHT))]
    open_channel().send(wide)
    assert len(alert_line(wide[0]).encode()) > 2400

    open_channel().send(wide)

    assert len(keys_in(path)) == deliver.IN_FLIGHT


def test_memory_of_keys_is_bounded(path, open_channel, monkeypatch):
    monkeypatch.setattr(jsonl_module, "KEYS_REMEMBERED", 3)
    channel = open_channel()
    channel.send(alerts(1, 2, 3, 4))

    channel.send(alerts(1, 4))

    assert keys_in(path) == keys(1, 2, 3, 4, 1)


def test_short_writes_are_completed(path, open_channel, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))

    open_channel().send(alerts(1, 2))

    assert keys_in(path) == keys(1, 2)


def test_two_writers_do_not_tear_each_others_lines(path, open_channel, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:7]))
    together = threading.Barrier(2)

    def send(numbers):
        channel = open_channel()
        for number in numbers:
            together.wait(30)
            channel.send(alerts(number))

    writers = [threading.Thread(target=send, args=[range(first, 40, 2)]) for first in (0, 1)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert sorted(keys_in(path)) == sorted(keys(*range(40)))


def test_lock_is_not_kept_between_batches(path, open_channel):
    open_channel().send(alerts(1))

    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_disk_that_fills_up_within_a_line_leaves_no_trace(path, open_channel):
    """The first `os.write` takes what fits and raises nothing (here a limit on file size stands in)."""
    channel = open_channel()
    channel.send(alerts(1))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = path.stat().st_size + len(alert_line(ALERT).encode()) + 30  # room for k2 and a part of k3
    resource.setrlimit(resource.RLIMIT_FSIZE, (full, limit[1]))
    try:
        with pytest.raises(DeliveryError, match=r"alerts.jsonl: File too large"):
            channel.send(alerts(2, 3))
        size_when_full = path.stat().st_size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert size_when_full == full

    channel.send(alerts(2, 3))

    assert keys_in(path) == keys(1, 2, 3)


def test_attempt_after_a_failure_starts_from_what_stands_in_the_file(path, open_channel, monkeypatch):
    """A handle that went stale (a network drive that came back) is not kept, either."""

    def fail(fd):
        raise OSError(errno.EIO, "Input/output error")

    channel = open_channel()
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(DeliveryError, match=r"alerts.jsonl: Input/output error"):
            channel.send(alerts(1))
    open_channel().send(alerts(2))

    channel.send(alerts(1, 2, 3))

    assert keys_in(path) == keys(1, 2, 3)


@pytest.mark.parametrize(
    "moment",
    [
        "os.write = lambda fd, data: write(fd, data[:50]) and die()",
        "os.write = lambda fd, data: write(fd, data) and die()",
        "os.fsync = lambda fd: die()",
    ],
    ids=["half a line", "a line", "before the disk has it"],
)
def test_kill_9_loses_and_repeats_nothing(path, open_channel, moment):
    open_channel().send(alerts(1))
    program = """
        from dataclasses import replace
        from watcher.deliver.jsonl import JsonlChannel

        def die():
            os.kill(os.getpid(), signal.SIGKILL)

        write = os.write
        MOMENT
        JsonlChannel("log", sys.argv[2]).send([replace(ALERT, id=n, key=f"k{n}") for n in (1, 2, 3)])
    """
    with program_running(program.replace("MOMENT", moment), path) as process:
        assert process.wait(30) == -signal.SIGKILL

    open_channel().send(alerts(1, 2, 3))

    assert keys_in(path) == keys(1, 2, 3)


def test_what_is_no_regular_file_is_refused(path, open_channel):
    path.parent.mkdir()
    os.mkfifo(path)

    with pytest.raises(DeliveryError, match=r"alerts.jsonl: not a regular file"):
        open_channel().send([ALERT])


def test_path_that_cannot_be_opened_fails_with_its_name(path, open_channel):
    path.mkdir(parents=True)

    with pytest.raises(DeliveryError, match=r"alerts.jsonl: Is a directory"):
        open_channel().send([ALERT])


def test_owed_alerts_reach_the_file_through_the_outbox(path, open_channel):
    channel = open_channel()
    woken = threading.Semaphore(0)
    outbox = Outbox([channel], woken.release)

    outbox.offer(owed(1, 2, channel="log"))
    assert woken.acquire(timeout=30)
    outbox.close(30)

    assert outbox.receipts() == [Receipt(1, "log"), Receipt(2, "log")]
    assert keys_in(path) == keys(1, 2)
