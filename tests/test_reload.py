from __future__ import annotations

from pathlib import Path

import structlog

from tests.conftest import Clock
from watcher.daemon.health import Health
from watcher.daemon.reload import Reload
from watcher.model import Knowledge
from watcher.store import Store

DAY = 24 * 3600


class _Configuration:
    """What a configuration says when it is asked, one answer after the other."""

    watched_files: tuple[Path, ...] = ()

    def __init__(self, *learns: bool) -> None:
        self.knowledge = Knowledge()
        self._learns = list(learns)

    def reload_knowledge(self) -> Knowledge:
        return self.knowledge

    def reload_settings(self) -> None: ...

    def learn(self, store: Store) -> bool:
        return self._learns.pop(0)


def test_names_are_learned_once_a_day_and_count_if_there_are_new_ones(store: Store, clock: Clock) -> None:
    """A daemon that is forgotten for years never starts again."""
    configuration = _Configuration(False, True)
    reload = Reload(configuration, store, (), Health(), structlog.get_logger(), monotonic=clock)

    found = []
    for _ in range(5):
        found.append(reload.changed_knowledge())
        clock.advance(DAY / 2)

    assert found == [None, None, None, None, configuration.knowledge]
