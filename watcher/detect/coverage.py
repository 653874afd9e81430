"""Can the events of a folder be relied on? Where not, the scan has to come more often, and people should know."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from watcher.detect.mounts import filesystem_of, may_send_no_events, own_watches
from watcher.model import Folder

_PROBE = f".watcher-probe-{os.getpid()}"
_PROBE_SECONDS = 2.0
"""How long an event may take; on a local disk it takes a millisecond."""


class Coverage:
    """Which folders are covered by events, and why others are not (reliability rows W3 and W10).

    A folder on a file system that may send no events is proven by a hidden file that is put into it for a moment.
    """

    def __init__(
        self,
        *,
        filesystem: Callable[[str], str | None] = filesystem_of,
        watches: Callable[[], int | None] = own_watches,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._filesystem = filesystem
        self._watches = watches
        self._monotonic = monotonic
        self._before: int | None = None
        self._probes: dict[Folder, float] = {}
        self._heard: set[bytes] = set()
        self.missing: dict[Folder, str] = {}
        """Folder → why its events cannot be relied on."""

    def begin(self) -> None:
        """A watch is about to be started."""
        self._before = self._watches()

    def begun(self, folder: Folder) -> None:
        """The watch of this folder was started: see whether it covers all of it."""
        self.missing.pop(folder, None)
        now = self._watches()
        if folder.recursive and now is not None and self._before is not None:
            folders = sum(1 for _ in os.walk(folder.path))
            if now - self._before < folders:
                limit = max(524_288, 2 * folders)
                self.missing[folder] = (
                    f"only {max(0, now - self._before):,} of {folders:,} folders can be watched: "
                    f"sysctl fs.inotify.max_user_watches={limit}"
                )
                return
        filesystem = self._filesystem(folder.path)
        if may_send_no_events(filesystem):
            try:
                self._probe(folder).touch()
            except OSError:
                self.missing[folder] = f"{filesystem} may send no events, and the folder cannot be written to prove it"
            else:
                self._probes[folder] = self._monotonic() + _PROBE_SECONDS

    def heard(self, path: bytes) -> bool:
        """Whether this event was the proof of a probe. Called by watchdog's threads."""
        if os.path.basename(path) != os.fsencode(_PROBE):
            return False
        self._heard.add(path)
        return True

    def check(self) -> None:
        """End the probes that were heard, and those that should have been by now."""
        for folder, deadline in list(self._probes.items()):
            probe = self._probe(folder)
            heard = os.fsencode(probe) in self._heard
            if heard or self._monotonic() >= deadline:
                del self._probes[folder]
                with contextlib.suppress(OSError):
                    probe.unlink()
                if not heard:
                    self.missing[folder] = f"{self._filesystem(folder.path)} sends no events"

    @staticmethod
    def _probe(folder: Folder) -> Path:
        return Path(folder.path) / _PROBE
