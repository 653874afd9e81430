"""What an operator asks and is told: audit, doctor, status, reload, and the service manager."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.build import post
from tests.running import CONFIG, Daemon, Home, running, wait_until
from watcher.cli.doctor import _sqlite
from watcher.daemon.systemd import ServiceManager


def drop(home: Home, name: str, text: str | None = None) -> Path:
    path = home.inbox / name
    path.write_text(text or post(f"雄帝科技 {name}", f"雄帝科技公告 {name}"), encoding="utf-8")
    return path


def test_audit_accounts_for_every_file(home: Home) -> None:
    drop(home, "good.md")
    drop(home, "copy.md", (home.inbox / "good.md").read_text(encoding="utf-8"))
    (home.inbox / "empty.md").touch()
    drop(home, "half.md.tmp")
    home.command("run", "--once")

    done = home.command("audit")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        f"{home.inbox}: 4 on disk = 1 stored, 1 duplicate, 1 ignored, 1 failed\nevery file is accounted for\n"
    )


def test_audit_lists_what_is_not_accounted_for_and_why(home: Home) -> None:
    changed, hollow = drop(home, "changed.md"), drop(home, "hollow.md")
    home.command("run", "--once")
    new = drop(home, "new.md")
    changed.write_text(post("改", "改过的公告"), encoding="utf-8")
    db = sqlite3.connect(home.database)
    db.execute("delete from sightings where file_id = (select id from files where path = ?)", [str(hollow)])
    db.commit()
    db.close()

    done = home.command("audit", "--json")

    folder, *missing = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (folder["on_disk"], folder["stored"], folder["unaccounted"]) == (3, 1, 2)
    assert {row["path"]: row["reason"] for row in missing} == {
        str(changed): "changed since it was read",
        str(new): "never seen",
        str(hollow): "called stored, but no article of it is",
    }


def test_doctor_finds_a_sound_machine_sound(home: Home) -> None:
    home.command("run", "--once")

    done = home.command("doctor", "--json")

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    found = {row["check"]: row for row in rows}
    assert done.returncode == 0
    assert {"sqlite", "database", "free disk", "inotify", "folder", "channel log", "clock", "securities"} <= set(found)
    assert found["folder"]["detail"].endswith("events arrive")
    assert found["database"]["detail"] == f"{home.database} is sound"
    assert list(home.inbox.iterdir()) == []


@pytest.mark.parametrize(("version", "verdict"), [((3, 40, 1), "note"), ((3, 51, 2), "note"), ((3, 51, 3), "ok")])
def test_doctor_notes_an_sqlite_that_two_writers_could_hurt(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], verdict: str
) -> None:
    monkeypatch.setattr("sqlite3.sqlite_version_info", version)
    monkeypatch.setattr("sqlite3.sqlite_version", ".".join(map(str, version)))

    check, found, detail = _sqlite()

    assert (check, found) == ("sqlite", verdict)
    assert detail.startswith(".".join(map(str, version)))
    assert ("older than 3.51.3" in detail) == (verdict == "note")


def test_doctor_names_what_will_not_work(home: Home) -> None:
    home.inbox.rmdir()
    home.alert_log.mkdir(parents=True)
    home.database.write_bytes(b"this is no database" * 100)

    done = home.command("doctor", "--json")

    found = {
        row["check"]: row["detail"] for row in map(json.loads, done.stdout.splitlines()) if row["verdict"] == "bad"
    }
    assert done.returncode == 1
    assert found["folder"] == f"{home.inbox} is not there; it will be watched when it comes"
    assert found["channel log"].startswith(f"{home.alert_log} cannot be written by user")
    assert "file is not a database" in found["database"]


def test_status_tells_of_the_running_daemon(home: Home) -> None:
    with running(home) as daemon:
        drop(home, "1.md")
        wait_until(lambda: len(home.alerted_keys()) == 1)
        wait_until(lambda: bool(json.loads(home.command("status", "--json").stdout).get("close_to_commit_seconds")))

        done = home.command("status")
        row = json.loads(home.command("status", "--json").stdout)

    assert done.returncode == 0
    assert done.stdout.startswith(f"running (process {daemon.process.pid})\n")
    assert "latency    p50 " in done.stdout
    assert (row["running"], row["backlog"], row["troubles"]) == (True, 0, {})
    assert 0 <= row["close_to_commit_seconds"]["p50"] < 30


def test_hangup_takes_over_sound_settings_and_refuses_broken_ones(home: Home) -> None:
    """Another folder and channel count after SIGHUP; a broken file changes nothing and says so."""
    second = home.path / "second"
    second.mkdir()
    with running(home) as daemon:
        home.config.write_text(CONFIG.replace("- path: inbox", "- pth: inbox"), encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: bool(daemon.logged("configuration refused")))
        drop(home, "1.md")
        wait_until(lambda: len(home.alerted_keys()) == 1)

        home.config.write_text(CONFIG.replace("- path: inbox", "- inbox\n  - second"), encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(daemon.logged("watching")) == 2)
        (second / "2.md").write_text(post("雄帝科技二", "雄帝科技又一公告"), encoding="utf-8")
        wait_until(lambda: len(home.alerted_keys()) == 2)

        assert daemon.stop(signal.SIGTERM) == 0
    assert 'unknown key "pth", did you mean "path"?' in daemon.logged("configuration refused")[0]["reason"]


def test_service_manager_hears_ready_status_alive_and_stopping(home: Home, tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(20)
        os.environ |= {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "400000"}
        try:
            daemon = Daemon(home)
        finally:
            del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
        heard: set[str] = set()
        while not {"READY=1", "WATCHDOG=1"} <= heard:
            heard.add(manager.recv(1000).decode())
        daemon.process.send_signal(signal.SIGTERM)
        while "STOPPING=1" not in heard:
            heard.add(manager.recv(1000).decode())
        assert daemon.process.wait(timeout=20) == 0
        daemon.stop()

    assert "STATUS=0 files waiting" in heard


def test_nobody_to_notify_is_no_trouble() -> None:
    silent = ServiceManager({})
    elsewhere = ServiceManager({"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"})

    silent.ready()
    elsewhere.keep_alive(lambda: True)

    assert (silent.keep_alive_seconds, elsewhere.keep_alive_seconds) == (None, None)


@pytest.mark.parametrize("scope", ["--user", "--system"])
def test_unit_passes_systemds_own_check(home: Home, tmp_path: Path, scope: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine (`make test-full` installs it)")
    unit = tmp_path / "watcher.service"
    unit.write_text(home.command("service", "show", scope).stdout, encoding="utf-8")

    checked = subprocess.run(
        ["systemd-analyze", scope, "verify", str(unit)],
        capture_output=True,
        text=True,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
        timeout=60,
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def test_service_is_installed_and_removed_where_systemd_looks(home: Home, tmp_path: Path) -> None:
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path / "xdg")
    try:
        installed = home.command("service", "install")
        unit = tmp_path / "xdg" / "systemd" / "user" / "watcher.service"
        text = unit.read_text(encoding="utf-8")
        shown = home.command("service", "show").stdout
        removed = subprocess.run(
            [sys.executable, "-m", "watcher", "service", "uninstall"], capture_output=True, text=True, timeout=60
        )
    finally:
        del os.environ["XDG_CONFIG_HOME"]

    assert installed.stdout == f"wrote {unit}\n"
    assert text == shown
    assert f"--config {home.config}" in text
    assert removed.stdout == f"removed {unit}\n"
    assert not unit.exists()
