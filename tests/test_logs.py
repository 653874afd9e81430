"""Rules of the logs: readable by people and machines, forged by nobody, never a reason to stop."""

import errno
import io
import json
import logging
import sys
import threading
from datetime import UTC, datetime
from pathlib import PurePath

import pytest
import structlog
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from watcher import logs


class Terminal(io.StringIO):
    def isatty(self):
        return True


class FullDisk(io.StringIO):
    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def _logs_are_as_before(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    root = logging.getLogger()
    handlers = root.handlers[:]
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers


def lines_for_people(**configuration):
    stream = io.StringIO()
    logs.configure(json=False, stream=stream, **configuration)
    return stream


def lines_for_machines():
    stream = io.StringIO()
    logs.configure(stream=stream)
    return stream


def without_times(stream):
    return [line[len("18:32:01") :] for line in stream.getvalue().splitlines()]


log = structlog.get_logger()


def test_stored_file_reads_like_a_sentence():
    stream = lines_for_people()

    log.info("stored", path="inbox/1.md", alerts=2, publisher="财联社", title="雄帝科技中标", took_ms=12)

    assert without_times(stream) == ["  stored     雄帝科技中标   财联社 · 2 alerts   (1.md)   took_ms=12"]


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "  stored"),
        ({"alerts": 1}, "  stored     1 alert"),
        ({"alerts": 0, "publisher": None, "reason": ""}, "  stored"),
        ({"reason": "no text", "path": "inbox"}, "  stored     no text   (inbox)"),
        ({"path": "/"}, "  stored     (/)"),
        ({"symbols": ("300546.SZ", "NIO.US"), "n": 0}, "  stored     symbols=300546.SZ, NIO.US n=0"),
        ({"title": "涨" * 100}, "  stored     " + "涨" * 59 + "…"),
    ],
)
def test_line_for_people_tells_what_is_known(fields, line):
    stream = lines_for_people()

    log.info("stored", **fields)

    assert without_times(stream) == [line]


def test_trouble_is_marked_without_colours_too():
    stream = lines_for_people()

    log.warning("failed", reason="not text")
    log.error("delivery", error="disk full")

    assert without_times(stream) == ["! failed     not text", "! delivery   disk full"]


def test_times_for_people_are_short_and_local():
    stream = lines_for_people()

    log.info("stored")

    datetime.strptime(stream.getvalue().split()[0], "%H:%M:%S")


@pytest.mark.parametrize(
    ("level", "colour"), [("info", "1"), ("warning", "33"), ("error", "1;31"), ("critical", "1;31")]
)
def test_levels_have_colours_on_a_terminal(level, colour):
    stream = Terminal()
    logs.configure(stream=stream)

    getattr(log, level)("failed")

    assert f"\x1b[{colour}mfailed    \x1b[0m" in stream.getvalue()


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    logs.configure(stream=stream)

    log.info("stored", path="1.md")

    assert without_times(stream) == ["  stored     (1.md)"]


def test_machines_get_json_with_utc_times():
    stream = lines_for_machines()
    before = datetime.now(UTC)

    log.info("stored", title="雄帝科技", alerts=2)

    entry = json.loads(stream.getvalue())
    assert before <= datetime.fromisoformat(entry["at"]) <= datetime.now(UTC)
    assert list(entry.items())[1:] == [
        ("level", "info"),
        ("event", "stored"),
        ("title", "雄帝科技"),
        ("alerts", 2),
    ]
    assert "雄帝科技" in stream.getvalue()


def test_any_value_becomes_json():
    stream = lines_for_machines()

    log.info(
        "stored",
        path=b"inbox/\xff.md",
        folder=PurePath("inbox"),
        share=float("nan"),
        terms={"only"},
        counts={1: (2, 3.5)},
        none=None,
        yes=True,
    )

    entry = json.loads(stream.getvalue(), parse_constant=pytest.fail)
    del entry["at"]
    assert entry == {
        "level": "info",
        "event": "stored",
        "path": "inbox/\\xff.md",
        "folder": "inbox",
        "share": "nan",
        "terms": ["only"],
        "counts": {"1": [2, 3.5]},
        "none": None,
        "yes": True,
    }


HOSTILE = [
    ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
    ("\x9b31m", r"\x9b31m"),
    ("a\n18:32:01  stored", r"a\n18:32:01  stored"),
    ("a\rb\tc\x00\x7f", r"a\rb\tc\x00\x7f"),
    ("a\x85b\u2028c\u2029d", r"a\x85b\u2028c\u2029d"),
    ("\u202e涨\u2066停\u200f", r"\u202e涨\u2066停\u200f"),
    ("电\u200b子\ufeff", r"电\u200b子\ufeff"),
    ("\U000e0041", r"\U000e0041"),
    ("\ud83d", r"\ud83d"),
    ("名\u3000字🚀", "名\u3000字🚀"),
    ("x" * 5000, "x" * 999 + "…"),
]


@pytest.mark.parametrize(("hostile", "shown"), HOSTILE)
def test_hidden_characters_show_as_their_escapes(hostile, shown):
    people, machines = lines_for_people(), io.StringIO()
    log.info("stored", reason=hostile, terms=[hostile])
    logs.configure(stream=machines)
    log.info("stored", reason=hostile, terms=[hostile])

    entry = json.loads(machines.getvalue())
    assert without_times(people) == [f"  stored     {shown}   terms={shown}"]
    assert (entry["reason"], entry["terms"]) == (shown, [shown])
    for line in (people.getvalue(), machines.getvalue()):
        assert line.removesuffix("\n").replace("\u3000", "").isprintable()


def test_traceback_keeps_its_lines_for_people_and_nothing_else():
    stream = lines_for_people()

    try:
        raise RuntimeError("bad\x1b[2J")
    except RuntimeError:
        log.exception("broken", path="1.md")

    first, *traceback = stream.getvalue().splitlines()
    assert first.endswith("! broken     (1.md)")
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == r"RuntimeError: bad\x1b[2J"


def test_traceback_is_one_line_for_machines():
    stream = lines_for_machines()

    try:
        raise RuntimeError("bad")
    except RuntimeError:
        log.exception("broken")

    [line] = stream.getvalue().splitlines()
    assert json.loads(line)["exception"].endswith("\nRuntimeError: bad")


def test_what_is_bound_around_a_file_is_in_its_lines():
    stream = lines_for_people()

    with bound_contextvars(path="inbox/1.md"):
        log.info("stored")
    log.info("idle")

    assert without_times(stream) == ["  stored     (1.md)", "  idle"]


def test_debug_events_are_shown_when_verbose_only():
    quiet = lines_for_people()
    log.debug("looked")
    verbose = lines_for_people(verbose=True)
    log.debug("looked")

    assert quiet.getvalue() == ""
    assert without_times(verbose) == ["  looked"]


def test_warnings_of_libraries_read_like_ours():
    stream = lines_for_people()
    library = logging.getLogger("watchdog.observers.inotify_c")

    library.info("nothing to see")
    library.warning("Inotify queue overflowed in %s", "a\nb")
    library.error("gone")

    assert without_times(stream) == [r"! watchdog   Inotify queue overflowed in a\nb", "! watchdog   gone"]


def test_library_that_logs_with_its_traceback_keeps_it():
    stream = lines_for_machines()

    try:
        raise KeyError("gone")
    except KeyError:
        logging.getLogger("watchdog").exception("died")

    entry = json.loads(stream.getvalue())
    assert (entry["level"], entry["event"], entry["message"]) == ("error", "watchdog", "died")
    assert entry["exception"].endswith("KeyError: 'gone'")


def test_library_that_logs_nonsense_is_not_disturbed(capsys):
    """An exception would surface in watchdog's own thread and end it."""
    logging.getLogger().handlers.clear()  # pytest's own would raise
    stream = lines_for_people()

    logging.getLogger("watchdog").warning("%d folders", "many")

    assert stream.getvalue() == ""
    assert "--- Logging error ---" in capsys.readouterr().err


def test_configuring_again_replaces_the_stream():
    first = lines_for_people()
    second = lines_for_people()

    log.info("stored")
    logging.getLogger("watchdog").warning("gone")

    assert first.getvalue() == ""
    assert without_times(second) == ["  stored", "! watchdog   gone"]


def test_standard_error_is_looked_up_when_configured(capsys):
    logs.configure()

    log.info("stored")

    assert json.loads(capsys.readouterr().err)["event"] == "stored"


def test_stream_that_is_gone_is_no_reason_to_stop(monkeypatch):
    closed = io.StringIO()
    logs.configure(stream=closed)
    closed.close()
    log.info("stored")

    monkeypatch.setattr(sys, "stderr", None)
    logs.configure()
    log.info("stored")

    logs.configure(stream=FullDisk())
    log.info("stored")


def test_tests_can_capture_what_a_used_logger_says():
    lines_for_people()
    used = structlog.get_logger()
    used.info("stored")

    with capture_logs() as captured:
        used.info("stored", alerts=1)

    assert captured == [{"event": "stored", "alerts": 1, "log_level": "info"}]


def test_threads_do_not_mix_their_lines():
    stream = lines_for_machines()
    together = threading.Barrier(4)

    def tell(number):
        together.wait(30)
        for _ in range(50):
            log.info("stored", number=number)

    threads = [threading.Thread(target=tell, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    numbers = [json.loads(line)["number"] for line in stream.getvalue().splitlines()]
    assert sorted(numbers) == sorted(list(range(4)) * 50)
