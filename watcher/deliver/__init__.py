"""The outbox worker: takes owed deliveries to their channels and hands back receipts.

The database is not touched here. What is owed stands in its `deliveries` table; whatever is lost here by a
crash is still owed there and is offered again.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from watcher.deliver.console import ConsoleChannel
from watcher.deliver.jsonl import JsonlChannel, alert_line
from watcher.deliver.text import age_label, clean_line, json_line
from watcher.errors import ConfigError, DeliveryError
from watcher.model import Alert, Delivery, Receipt

__all__ = [
    "Channel",
    "ChannelSettings",
    "Outbox",
    "age_label",
    "alert_line",
    "build_channels",
    "clean_line",
    "json_line",
    "next_attempt_after",
]

LONGEST_WAIT = timedelta(hours=12)
"""Between two attempts."""

BATCH = 50
"""Alerts handed to a channel at once: what one wait for the disk, or one message, covers."""

IN_FLIGHT = 100
"""Alerts a channel may have without their receipts being taken: two batches keep it busy.

What is beyond stays in the table. The JSONL channel relies on the bound to know its own lines after a crash.
"""

_WAITS = (
    timedelta(),
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    LONGEST_WAIT,
)


class Channel(Protocol):
    """A way to reach people. Each is used by one thread only."""

    @property
    def name(self) -> str:
        """The name that rules and deliveries call it by."""

    def send(self, alerts: Sequence[Alert], /) -> None:
        """Deliver all of these or raise `DeliveryError`; repeats carry the same key."""

    def close(self) -> None:
        """Let go of what it holds. Safe twice."""


class ChannelSettings(Protocol):
    """What the configuration says of a channel."""

    @property
    def name(self) -> str:
        """The name that rules call it by."""

    @property
    def type(self) -> str:
        """A key of `CHANNEL_TYPES`."""

    @property
    def path(self) -> str | Path | None:
        """The file it writes, where it writes one."""


def next_attempt_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; `None` when it is time to give up (`dead`).

    Eight further tries over about a day: a channel that is down over night is up again before they end.
    """
    return _WAITS[attempts] if attempts < len(_WAITS) else None


def build_channels(settings: Iterable[ChannelSettings]) -> list[Channel]:
    """The channels that the configuration names. None opens anything yet."""
    return [_build(channel) for channel in settings]


def _build(settings: ChannelSettings) -> Channel:
    if settings.type not in CHANNEL_TYPES:
        known = ", ".join(CHANNEL_TYPES)
        raise ConfigError([f'channel "{settings.name}": unknown type "{settings.type}", known are {known}'])
    return CHANNEL_TYPES[settings.type](settings)


def _console(settings: ChannelSettings) -> Channel:
    return ConsoleChannel(settings.name)


def _jsonl(settings: ChannelSettings) -> Channel:
    if settings.path is None:
        raise ConfigError([f'channel "{settings.name}": type jsonl needs a path'])
    return JsonlChannel(settings.name, settings.path)


CHANNEL_TYPES: dict[str, Callable[[ChannelSettings], Channel]] = {"console": _console, "jsonl": _jsonl}


@dataclass(slots=True)
class _Lane:
    """One channel, what waits for it, and the thread that serves it."""

    channel: Channel
    queue: deque[Delivery] = field(default_factory=deque)
    unmoved_since: float | None = None
    """Since when nothing was finished of what it holds; `None` while it holds nothing."""
    thread: threading.Thread = field(init=False)


class Outbox:
    """Serves each channel from a thread of its own, so that a slow one delays nobody.

    `wake` is called, from those threads, whenever receipts are ready.
    """

    def __init__(
        self,
        channels: Iterable[Channel],
        wake: Callable[[], None],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wake = wake
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._receipts: list[Receipt] = []
        self._in_flight: defaultdict[str, set[int]] = defaultdict(set)
        self._closing = False
        self._lanes = {channel.name: _Lane(channel) for channel in channels}
        for lane in self._lanes.values():
            self._start(lane)

    @property
    def in_flight(self) -> int:
        """How many deliveries were taken whose receipts were not."""
        with self._changed:
            return sum(map(len, self._in_flight.values()))

    def unmoved_seconds(self) -> dict[str, float]:
        """Channel → how long it has finished nothing, of those that have something to deliver."""
        with self._changed:
            now = self._monotonic()
            lanes = self._lanes.items()
            return {name: now - lane.unmoved_since for name, lane in lanes if lane.unmoved_since is not None}

    def offer(self, deliveries: Iterable[Delivery]) -> None:
        """Take on what there is room for, at once; the rest stays in the table, to be offered again.

        What is in flight is not taken twice. A delivery to a channel that the configuration no longer names
        gets a receipt that says so: it must become `dead` in sight of people, not stay owed for ever.
        """
        with self._changed:
            if self._closing:
                return
            for delivery in deliveries:
                self._take_on(delivery)
            self._changed.notify_all()
            ready = bool(self._receipts)
        if ready:
            self._wake()

    def receipts(self) -> list[Receipt]:
        """What was finished since the last call.

        Record it before offering again: from here on these are no longer in flight.
        """
        with self._changed:
            receipts, self._receipts = self._receipts, []
            for receipt in receipts:
                self._in_flight[receipt.channel].discard(receipt.alert_id)
            return receipts

    def close(self, seconds: float) -> None:
        """Stop after the batches in hand, waiting for them so long at most. Safe twice.

        Take the last receipts afterwards. A channel that still hangs is left behind: its alerts stay owed.
        """
        with self._changed:
            self._closing = True
            for lane in self._lanes.values():
                self._in_flight[lane.channel.name] -= {delivery.alert.id for delivery in lane.queue}
            self._changed.notify_all()
        deadline = time.monotonic() + seconds
        for lane in self._lanes.values():
            thread = lane.thread
            thread.join(max(0.0, deadline - time.monotonic()))
            if not thread.is_alive():
                # What was sent is sent, and the other channels want to be closed as well.
                with suppress(OSError):
                    lane.channel.close()

    def _take_on(self, delivery: Delivery) -> None:
        in_flight = self._in_flight[delivery.channel]
        if delivery.alert.id in in_flight or len(in_flight) >= IN_FLIGHT:
            return
        in_flight.add(delivery.alert.id)
        if lane := self._lanes.get(delivery.channel):
            lane.queue.append(delivery)
            lane.unmoved_since = self._monotonic() if lane.unmoved_since is None else lane.unmoved_since
        else:
            error = f'no channel is named "{delivery.channel}"'
            self._receipts.append(Receipt(delivery.alert.id, delivery.channel, error))

    def _start(self, lane: _Lane) -> None:
        lane.thread = threading.Thread(
            target=self._serve, args=(lane,), name=f"deliver {lane.channel.name}", daemon=True
        )
        lane.thread.start()

    def _serve(self, lane: _Lane) -> None:
        while batch := self._next_batch(lane):
            try:
                lane.channel.send([delivery.alert for delivery in batch])
            except (DeliveryError, OSError, ValueError) as error:
                self._report(lane, batch, str(error))
            except BaseException as error:
                # A bug in the channel. Its alerts must not be forgotten in flight and its queue must go on,
                # but the bug is not ours to hide either: the thread dies of it, for `threading.excepthook`
                # to tell, and another takes over. The back-off keeps this from spinning.
                self._report(lane, batch, f"{type(error).__name__}: {error}")
                self._start(lane)
                raise
            else:
                self._report(lane, batch)

    def _next_batch(self, lane: _Lane) -> list[Delivery]:
        """What waits for the channel, once something does; nothing when it is time to stop.

        What failed before goes alone, so that one alert which a channel cannot take does not make dead those
        that happened to travel with it.
        """
        with self._changed:
            self._changed.wait_for(lambda: lane.queue or self._closing)
            if self._closing:
                return []
            batch = [lane.queue.popleft()]
            while lane.queue and len(batch) < BATCH and not batch[0].attempts and not lane.queue[0].attempts:
                batch.append(lane.queue.popleft())
            return batch

    def _report(self, lane: _Lane, batch: Sequence[Delivery], error: str | None = None) -> None:
        reason = clean_line(error, 500) if error is not None else None
        with self._changed:
            lane.unmoved_since = self._monotonic() if lane.queue else None
            self._receipts += [Receipt(sent.alert.id, sent.channel, reason) for sent in batch]
        self._wake()
