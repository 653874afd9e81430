"""The crash harness: `watcher run` killed at random moments of a burst, and what must be true in the end.

    python -m tests.crash --kills 200 --files 2000 [--seed 1]

`tests/test_crash.py` runs it with 30 kills.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.build import post
from tests.running import CONFIG, Daemon, Home, wait_until

_CONFIG = CONFIG.replace("rescan_seconds: 1", "rescan_seconds: 0.5\nbaseline_files: 1000000")
_LATEST_MOMENT = 1.0
"""Seconds after the start at which it is killed at the latest: it starts in about half of that."""


@dataclass
class Result:
    """What a run did and what was wrong in the end."""

    kills: int = 0
    files: int = 0
    articles: int = 0
    seconds: float = 0.0
    states: dict[str, int] = field(default_factory=dict)
    repeated_lines: int = 0
    problems: list[str] = field(default_factory=list)


def run(place: Path, *, kills: int, files: int, seed: int) -> Result:
    """Kill the daemon so often while files come in, let it finish, and check everything."""
    chance = random.Random(seed)
    home = Home(place / "home", config=_CONFIG)
    started = time.monotonic()
    result = Result(kills=kills, files=files)
    written: dict[Path, bytes] = {}
    for kill in range(kills):
        daemon = Daemon(home)
        moment = time.monotonic() + chance.uniform(0.0, _LATEST_MOMENT)
        while len(written) < files * (kill + 1) // kills:
            path, data = _next_file(home.inbox, len(written), chance)
            _arrive(path, data, chance)
            written[path] = data
        time.sleep(max(0.0, moment - time.monotonic()))
        daemon.stop(signal.SIGKILL)
    daemon = Daemon(home)
    daemon.wait_until_watching()
    wait_until(lambda: home.rows("select count(*) from files where state != 'waiting'") == [(files,)], seconds=120)
    wait_until(lambda: home.rows("select count(*) from deliveries where state = 'owed'") == [(0,)], seconds=120)
    if daemon.stop(signal.SIGTERM) != 0:
        result.problems.append("the last daemon did not stop cleanly")
    result.seconds = time.monotonic() - started
    _check(home, written, result)
    return result


def _next_file(inbox: Path, number: int, chance: random.Random) -> tuple[Path, bytes]:
    """Every tenth file repeats an earlier article: the same bytes, or the same text in other markup."""
    original = number if number < 10 or number % 10 else chance.randrange(number // 10) * 10 + 1
    text = f"雄帝科技第{original}号公告，电子证照业务有新进展，合同金额{original}万元。" * 3
    data = post(f"第{original}号公告", text if number % 20 else f"<p>{text}</p>")
    return inbox / f"{number % 7}" / f"{number:05d}.md", data.encode()


def _arrive(path: Path, data: bytes, chance: random.Random) -> None:
    """Written in place, or renamed into place; now and then into a folder made in the same breath."""
    path.parent.mkdir(exist_ok=True)
    if chance.random() < 0.5:
        path.write_bytes(data)
    else:
        arriving = path.with_name(f".{path.name}.tmp")
        arriving.write_bytes(data)
        arriving.rename(path)


def _check(home: Home, written: dict[Path, bytes], result: Result) -> None:
    def expect(what: str, actual: object, wanted: object) -> None:
        if actual != wanted:
            result.problems.append(f"{what}: {str(actual)[:300]}, not {str(wanted)[:300]}")

    result.states = dict(home.rows("select state, count(*) from files group by state"))
    result.articles = home.rows("select count(*) from articles")[0][0]
    originals = {hashlib.sha256(_text_of(data).encode()).digest() for data in written.values()}
    expect("files in the ledger", sorted(home.rows("select path from files")), sorted((str(path),) for path in written))
    expect("states", set(result.states) <= {"stored", "duplicate"}, True)
    expect("articles", result.articles, len(originals))
    expect("sightings", home.rows("select count(*) from sightings"), [(len(written),)])
    expect("alerts", home.rows("select count(*), count(distinct key) from alerts"), [(len(originals),) * 2])
    expect(
        "deliveries", home.rows("select state, count(*) from deliveries group by 1"), [("delivered", len(originals))]
    )
    keys = home.alerted_keys()
    result.repeated_lines = len(keys) - len(set(keys))
    expect("alerts in the JSONL file", set(keys), {key for (key,) in home.rows("select key from alerts")})
    expect("repeated lines in the JSONL file", result.repeated_lines, 0)
    expect("database check", home.rows("pragma quick_check"), [("ok",)])
    expect("changed source files", [path for path, data in written.items() if path.read_bytes() != data], [])
    audit = home.command("audit", "--json")
    expect("audit", (audit.returncode, json.loads(audit.stdout.splitlines()[0])["unaccounted"]), (0, 0))


def _text_of(data: bytes) -> str:
    return data.decode().rpartition("---")[2].strip().removeprefix("<p>").removesuffix("</p>")


def main() -> None:
    """Run it and print what happened; exit 1 if anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--files", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=20_261_120)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        result = run(Path(place), kills=chosen.kills, files=chosen.files, seed=chosen.seed)
    print(
        f"{result.kills} kills in {result.seconds:.0f} s: {result.files:,} files {result.states}, "
        f"{result.articles:,} articles, {result.repeated_lines} repeated lines"
    )
    for problem in result.problems:
        print(problem)
    raise SystemExit(bool(result.problems))


if __name__ == "__main__":
    main()
