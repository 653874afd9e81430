"""`watcher doctor` tells whether this machine, and this configuration, are fit for the job."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from watcher.cli.output import print_json
from watcher.cli.setup import config_option, json_option, load

if TYPE_CHECKING:
    from watcher.model import Folder
    from watcher.settings import Settings

Verdict = Literal["ok", "note", "bad"]
Finding = tuple[str, Verdict, str]

_MARKS = {"ok": ("✓", "green"), "note": ("!", "yellow"), "bad": ("✗", "red")}
_LOW_DISK_BYTES = 500_000_000
_OLD_TABLE_DAYS = 365
_PROBE_SECONDS = 2.0

_SOUND_SQLITE = (3, 51, 3)
"""The first without the bug that two connections which write at once can meet in WAL mode (row D11)."""


@click.command()
@config_option
@json_option
def doctor(config: Path | None, as_json: bool) -> None:
    """Check this machine and this configuration; exit 1 if something will not work.

    It puts a hidden file into each watched folder for a moment, to see whether events arrive.
    """
    settings, _ = load(config)
    worst = "ok"
    for name, verdict, detail in _findings(settings):
        worst = verdict if verdict == "bad" else worst
        if as_json:
            print_json({"check": name, "verdict": verdict, "detail": detail})
        else:
            mark, colour = _MARKS[verdict]
            click.echo(f"{click.style(mark, fg=colour)} {name:<16}{detail}")
    if worst == "bad":
        raise SystemExit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield "configuration", "ok", f"{settings.config_path}, {len(settings.rules)} rules"
    yield "python", "ok", f"{sys.version.split()[0]} on {sys.platform}"
    yield _sqlite()
    yield from _database(settings)
    yield from _inotify(settings)
    for folder in settings.folders:
        yield from _folder(folder, settings)
    yield from _channels(settings)
    yield _clock()
    yield _securities(settings)


def _sqlite() -> Finding:
    db = sqlite3.connect(":memory:")
    try:
        db.execute("create virtual table probe using fts5(text)")
        db.execute("select value from json_each('[1]')")
    except sqlite3.OperationalError as error:
        return "sqlite", "bad", f"{sqlite3.sqlite_version} lacks what is needed: {error}"
    finally:
        db.close()
    if sqlite3.sqlite_version_info < _SOUND_SQLITE:
        older = f"{sqlite3.sqlite_version}, older than {'.'.join(map(str, _SOUND_SQLITE))}"
        why = "two programs that write at the same moment could, very rarely, damage the database"
        who = "only the daemon writes, and for a moment `prune` and `retry`: stop it for them to be sure"
        return "sqlite", "note", f"{older}: {why}; {who}"
    return "sqlite", "ok", f"{sqlite3.sqlite_version} with FTS5 and JSON"


def _database(settings: Settings) -> Iterator[Finding]:
    from watcher.detect.mounts import filesystem_of, is_remote
    from watcher.errors import StoreError
    from watcher.store import open_reader

    path = settings.database
    place = next(parent for parent in path.parents if parent.exists())
    if not os.access(place, os.W_OK):
        yield "database", "bad", f"{place} cannot be written by user {os.getuid()}"
    elif is_remote(filesystem := filesystem_of(str(place))):
        yield "database", "bad", f"{path} lies on a network share ({filesystem}): its locks cannot be trusted, move it"
    elif not path.exists():
        yield "database", "note", f"{path} will be made by `watcher run`"
    else:
        try:
            reader = open_reader(path)
            problem = reader.integrity_problem()
            reader.close()
        except StoreError as error:
            problem = str(error)
        yield "database", "bad" if problem else "ok", problem or f"{path} is sound"
    free = shutil.disk_usage(place).free
    yield "free disk", "note" if free < _LOW_DISK_BYTES else "ok", f"{free / 1e9:.1f} GB where the database is"


def _inotify(settings: Settings) -> Iterator[Finding]:
    from watcher.detect.mounts import inotify_limit

    watches, instances = inotify_limit("max_user_watches"), inotify_limit("max_user_instances")
    if watches is None:
        yield "inotify", "note", "not on this system; the scan finds files all the same"
        return
    needed = sum(sum(1 for _ in os.walk(folder.path)) if folder.recursive else 1 for folder in settings.folders)
    if needed > watches * 0.8:
        advice = f"sysctl fs.inotify.max_user_watches={max(needed * 2, 524_288)}"
        yield "inotify", "note", f"{needed:,} folders to watch, {watches:,} allowed for this user: {advice}"
    else:
        yield "inotify", "ok", f"{needed:,} folders to watch, {watches:,} watches and {instances:,} instances allowed"


def _folder(folder: Folder, settings: Settings) -> Iterator[Finding]:
    from watcher.detect.mounts import filesystem_of

    name = "folder"
    if not os.path.isdir(folder.path):
        yield name, "bad", f"{folder.path} is not there; it will be watched when it comes"
        return
    if not os.access(folder.path, os.R_OK | os.X_OK):
        yield name, "bad", f"{folder.path} cannot be read by user {os.getuid()}"
        return
    unreadable: list[str] = []
    files = 0
    for _, _, names in os.walk(folder.path, onerror=lambda error: unreadable.append(str(error.filename))):
        files += len(names)
    filesystem = filesystem_of(folder.path) or "unknown file system"
    scan = f"the scan finds files every {settings.rescan_seconds:g} seconds"
    events = _events_arrive(folder)
    told = {
        True: "events arrive",
        False: f"events do not arrive; {scan}",
        None: f"it cannot be written, so whether events arrive was not tried; {scan}",
    }[events]
    yield name, "ok" if events else "note", f"{folder.path}: {files:,} files on {filesystem}; {told}"
    if unreadable:
        yield name, "bad", f"{len(unreadable)} folders in it cannot be read, such as {unreadable[0]}"


def _events_arrive(folder: Folder) -> bool | None:
    """Whether a file made in the folder is heard of; `None` if none can be made."""
    from watcher.detect.watch import Watch

    probe = Path(folder.path) / f".watcher-probe-{os.getpid()}"
    heard = threading.Event()

    def hint(path: bytes, _closed: bool) -> None:
        if path == os.fsencode(probe):
            heard.set()

    try:
        watch = Watch(folder.path, recursive=False, hint=hint)
    except OSError:
        return False
    try:
        probe.touch()
        return heard.wait(_PROBE_SECONDS)
    except OSError:
        return None
    finally:
        probe.unlink(missing_ok=True)
        watch.stop()


def _channels(settings: Settings) -> Iterator[Finding]:
    for channel in settings.channels:
        name = f"channel {channel.name}"
        if channel.path is None:
            yield name, "ok", channel.type
            continue
        place = next(parent for parent in channel.path.parents if parent.exists())
        if channel.path.is_dir() or not os.access(channel.path if channel.path.exists() else place, os.W_OK):
            yield name, "bad", f"{channel.path} cannot be written by user {os.getuid()}"
        else:
            yield name, "ok", f"{channel.type}, {channel.path}"


def _clock() -> Finding:
    from watcher.data import TABLE_DATE

    now = datetime.now().astimezone()
    if now.date() < date.fromisoformat(TABLE_DATE):
        return "clock", "bad", f"{now:%Y-%m-%d %H:%M} is before this program was made: dates and ages will be wrong"
    return "clock", "ok", f"{now:%Y-%m-%d %H:%M %Z}, {now.astimezone(UTC):%H:%M} UTC"


def _securities(settings: Settings) -> Finding:
    from watcher.cli.imported import FILE_NAME
    from watcher.data import OVERSEAS_DATE, TABLE_DATE

    age = (date.today() - date.fromisoformat(TABLE_DATE)).days
    verdict: Verdict = "note" if age > _OLD_TABLE_DAYS else "ok"
    imported = settings.config_path.parent / FILE_NAME
    own = f", your own in {imported}" if imported.exists() else ""
    return (
        "securities",
        verdict,
        f"A shares of {TABLE_DATE}, {age:,} days old, other markets of {OVERSEAS_DATE}{own};"
        " later listings are found by code and markup, or come by `watcher securities import`",
    )
