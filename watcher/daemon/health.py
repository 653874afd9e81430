"""What the daemon knows of itself: how it watches, what waits, how long files take, what is wrong."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from watcher.model import FoundFile, Outcome

_REMEMBERED = 1_000
_LIVE_SECONDS = 60
"""A file that was last changed longer before it was found was lying there: its latency says nothing of ours."""

_RATE_SECONDS = 60


class Health:
    """Figures for `watcher status`, kept in memory and told every few seconds."""

    def __init__(
        self, *, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._latencies: deque[float] = deque(maxlen=_REMEMBERED)
        self._closed_at: dict[bytes, float] = {}
        self._finished: deque[float] = deque(maxlen=100 * _REMEMBERED)
        self.troubles: dict[str, str] = {}
        """What stands in the way, by what it is about; empty when all is well."""

    def taken(self, found: Iterable[FoundFile]) -> None:
        """Remember when these files were closed, as far as their times tell."""
        for one in found:
            closed_at = max(one.stamp.mtime_ns, one.stamp.ctime_ns) / 1e9
            if 0 <= one.found_at.timestamp() - closed_at < _LIVE_SECONDS:
                self._closed_at[one.path] = closed_at

    def committed(self, outcomes: Sequence[Outcome]) -> None:
        """These files are in the database now."""
        now, tick = self._wall(), self._monotonic()
        for outcome in outcomes:
            self._finished.append(tick)
            closed_at = self._closed_at.pop(outcome.path, None)
            if closed_at is not None and outcome.state != "waiting":
                self._latencies.append(max(0.0, now - closed_at))

    def figures(self) -> dict[str, object]:
        """Latency percentiles in seconds, the rate of the last minute, and the troubles."""
        latencies = sorted(self._latencies)
        tick = self._monotonic()
        recent = sum(1 for finished in self._finished if tick - finished <= _RATE_SECONDS)
        return {
            "close_to_commit_seconds": {
                f"p{share}": round(latencies[min(len(latencies) - 1, len(latencies) * share // 100)], 3)
                for share in (50, 95, 99)
            }
            if latencies
            else None,
            "files_last_minute": recent,
            "troubles": dict(self.troubles),
        }
