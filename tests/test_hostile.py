from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.build import post
from tests.hostile import make_files
from tests.running import CONFIG, Daemon, Home, wait_until


def peak_megabytes(pid: int) -> float:
    """The most memory a process ever held."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1000
    raise AssertionError(f"process {pid} has no peak")


@pytest.mark.timeout(400)
def test_hostile_files_are_all_accounted_for_and_the_daemon_lives(tmp_path: Path) -> None:
    """Files of every class that breaks such daemons; good ones between them are stored all the same."""
    home = Home(tmp_path / "home", config=CONFIG + "baseline_files: 10000\nparse_seconds: 5\n")
    wanted = make_files(home.inbox)
    good = [home.inbox / f"good{number}.md" for number in range(20)]
    for path in good:
        path.write_text(post(path.stem, f"雄帝科技公告 {path.stem}"), encoding="utf-8")
    assert len(wanted) >= 350

    daemon = Daemon(home)
    try:
        daemon.wait_until_watching()
        wait_until(
            lambda: home.rows("select count(*) from files where state != 'waiting'") == [(len(wanted) + len(good),)],
            seconds=300,
        )
        peak = peak_megabytes(daemon.process.pid)
        after = home.inbox / "after.md"
        after.write_text(post("之后", "雄帝科技之后的公告"), encoding="utf-8")
        wait_until(lambda: home.state_of(after) == "stored")
    finally:
        daemon.stop(signal.SIGTERM)

    states = dict(home.rows("select path_bytes, state from files"))
    reasons = dict(home.rows("select path_bytes, reason from files"))
    wrong = {
        path: (states.get(path), reasons.get(path))
        for path, allowed in wanted.items()
        if states.get(path) not in allowed
    }
    assert wrong == {}, "\n".join(map(str, wrong.items()))
    blamed = {path: reason for path, reason in reasons.items() if b"/made/" in path and "its parser" in (reason or "")}
    assert blamed == {}
    assert [home.state_of(path) for path in good] == ["stored"] * len(good)
    assert peak < 400
    assert daemon.logged("not json") == []
    assert home.command("audit").returncode == 0
    assert home.rows("select count(*) from articles where instr(body, char(0)) or body like '%root:x:0%'") == [(0,)]
    print(
        f"{len(wanted)} hostile files, peak of the daemon {peak:.0f} MB, open files {len(os.listdir('/proc/self/fd'))}"
    )
