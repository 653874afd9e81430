"""What a service manager is told, over the socket it names: ready, what is going on, still alive, stopping."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping

_ASK_AGAIN_SECONDS = 1.0


class ServiceManager:
    """systemd's notification protocol (`sd_notify(3)`); silent where nobody listens."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._next_alive_at = 0.0
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._told: str | None = None
        self.keep_alive_seconds: float | None = None
        """How often the manager must hear of us, half of what the manager allows; `None` if it does not watch us."""
        if environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            allowed = environment.get("WATCHDOG_USEC", "")
            self.keep_alive_seconds = int(allowed) / 2e6 if allowed.isdecimal() and int(allowed) else None

    def ready(self) -> None:
        """Everything that was there is seen; what depends on us may start."""
        self._send("READY=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`; the same line is not sent twice."""
        if text != self._told:
            self._told = text
            self._send(f"STATUS={text}")

    def keep_alive(self, is_at_work: Callable[[], bool]) -> None:
        """Say that it is at work, where that is due and true. Where it is not, the manager starts it again in time."""
        now = self._monotonic()
        if self.keep_alive_seconds is None or now < self._next_alive_at:
            return
        if is_at_work():
            self._next_alive_at = now + self.keep_alive_seconds
            self._send("WATCHDOG=1")
        else:
            self._next_alive_at = now + min(_ASK_AGAIN_SECONDS, self.keep_alive_seconds)

    def reloading(self) -> None:
        """The configuration is being read again; `ready` ends it."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The end is meant."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.connect(address)
            out.send(message.encode())
