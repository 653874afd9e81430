"""Ending a wait: from another thread, from a signal, and what the signals mean."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType


class Waker:
    """Ends a wait on `reader` from any thread or signal handler."""

    def __init__(self) -> None:
        self.reader, self._writer = socket.socketpair()
        self.reader.setblocking(False)
        self._writer.setblocking(False)

    def wake(self) -> None:
        """End the wait, or the next one. Never waits itself."""
        with contextlib.suppress(OSError):  # Full: it is awake already. Closed: nobody waits any more.
            self._writer.send(b"\0")

    def clear(self) -> None:
        """Take back all wakes so far."""
        with contextlib.suppress(BlockingIOError):
            while self.reader.recv(4096):
                pass

    def close(self) -> None:
        """Let go of both ends. Safe twice."""
        self.reader.close()
        self._writer.close()


@contextlib.contextmanager
def signals(*, stop: Callable[[], None], reload: Callable[[], None]) -> Iterator[None]:
    """While inside: SIGTERM and SIGINT stop, a second one at once; SIGHUP reloads; SIGIO is ignored.

    SIGIO because a lease that is broken between taking and returning it sends it, and by default it kills: see
    `detect.complete.is_held_open`.
    """

    def stop_once(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop()

    def reload_now(_number: int, _frame: FrameType | None) -> None:
        reload()

    wanted: dict[str, signal._HANDLER] = {
        "SIGINT": stop_once,
        "SIGTERM": stop_once,
        "SIGHUP": reload_now,
        "SIGIO": signal.SIG_IGN,
    }
    numbers = {getattr(signal, name): handler for name, handler in wanted.items() if hasattr(signal, name)}
    before = {number: signal.signal(number, handler) for number, handler in numbers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
