"""`watcher run` and `watcher ingest`: the commands that take files in."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.output import progress
from watcher.cli.setup import config_option, folder_of, knowledge_of, load, with_learned

if TYPE_CHECKING:
    from watcher.daemon import Daemon
    from watcher.detect import Candidate
    from watcher.model import Knowledge
    from watcher.settings import Settings
    from watcher.store import LearnedName, Store


@click.command()
@config_option
@click.option("--once", is_flag=True, help="One scan: process everything, deliver, exit.")
@click.option("--samples", is_flag=True, help="Put the sample files into the first folder if it is empty.")
@click.option("-v", "--verbose", is_flag=True, help="Also log what was ignored.")
def run(config: Path | None, once: bool, samples: bool, verbose: bool) -> None:
    """Watch the folders, store articles, send alerts.

    SIGTERM or Ctrl-C finishes the file in hand and stops; a second one stops at once.
    """
    configuration = LiveConfiguration(config)
    if samples:
        from watcher.samples import drop_samples_if_empty

        inbox = Path(configuration.settings.folders[0].path)
        inbox.mkdir(parents=True, exist_ok=True)
        if once:
            drop_samples_if_empty(inbox, pause_seconds=0)
        else:
            threading.Thread(target=drop_samples_if_empty, args=(inbox,), daemon=True).start()
    while True:
        with opened_daemon(configuration, verbose=verbose) as daemon:
            if once:
                daemon.run_once()
            else:
                daemon.run()
        if not daemon.reloading:
            return


@click.command()
@config_option
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--no-alerts", is_flag=True, help="Record alerts, but send none.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that parse (default: as configured).")
def ingest(config: Path | None, paths: tuple[Path, ...], no_alerts: bool, workers: int | None) -> None:
    """Bulk load files and folders, with a progress bar.

    Files that are stored already, unchanged, are skipped. Logs each file that could not be used.
    """
    from dataclasses import replace

    configuration = LiveConfiguration(config)
    settings = configuration.settings
    candidates = list(_candidates(paths, settings))
    configuration.settings = replace(settings, folders=(), workers=workers or settings.workers)
    counts: Counter[str] = Counter()
    with opened_daemon(configuration, quiet=True) as daemon, progress("ingesting", len(candidates)) as advance:
        for outcome in daemon.ingest(candidates, hold="no alerts" if no_alerts else None):
            counts[outcome.state] += 1
            counts["alerts"] += outcome.alert_count
            advance()
    states = ("stored", "duplicate", "failed", "waiting", "ignored")
    taken = sum(counts[state] for state in states)
    told = [f"{counts[state]:,} {state}" for state in states if counts[state]]
    if daemon.stopping:
        click.echo(f"stopped after {taken:,} of {len(candidates):,} files; run it again to go on", err=True)
    elif len(candidates) > taken:
        told.append(f"{len(candidates) - taken:,} known already")
    click.echo((", ".join(told) or "no files") + (f" · {counts['alerts']:,} alerts" if counts["alerts"] else ""))
    if counts["failed"]:
        click.echo("`watcher failed list` tells why.", err=True)


class LiveConfiguration:
    """The settings in force, and how to read them again."""

    def __init__(self, config: Path | None) -> None:
        """Read them. Raises `ConfigError`."""
        self._config = config
        self.settings, self._table = load(config)
        self._learned: list[LearnedName] = []
        self.securities = self._table
        """The table, with what publishers taught."""
        self.watched_files = self.settings.watchlist_files
        """The watchlist and what it names: an edit of any of them counts."""

    def learn(self, store: Store) -> bool:
        """Take over the names that publishers' markup has taught; whether they are others than before."""
        learned = store.learn_names(list(self._table))
        if learned == self._learned:
            return False
        self._learned, self.securities = learned, with_learned(self._table, learned)
        return True

    @property
    def knowledge(self) -> Knowledge:
        """What the pure stages need to know under these settings."""
        return knowledge_of(self.settings.rules, self.securities, self.settings.readers)

    def reload_knowledge(self) -> Knowledge:
        """What the watchlist says now. Raises `ConfigError`, and the earlier one stays."""
        from watcher.settings import load_watchlist, refusal

        channels = [channel.name for channel in self.settings.channels]
        read = load_watchlist(self.settings.watchlist_path, channels, self.securities)
        if read.complaints:
            self.watched_files = tuple(dict.fromkeys((*self.watched_files, *read.paths)))
            raise refusal(read.complaints)
        self.watched_files = tuple(read.paths)
        return knowledge_of(read.rules, self.securities, self.settings.readers)

    def reload_settings(self) -> None:
        """Everything anew. Raises `ConfigError`, and the earlier ones stay."""
        self.settings, self._table = load(self._config)
        self._learned, self.securities = [], self._table


@contextmanager
def opened_daemon(configuration: LiveConfiguration, *, verbose: bool = False, quiet: bool = False) -> Iterator[Daemon]:
    """The daemon with its store, locked against a second one; both are closed at the end."""
    import structlog

    from watcher.daemon import Daemon
    from watcher.logs import configure
    from watcher.store import Lock, Store

    configure(verbose=verbose, quiet=quiet)
    settings = configuration.settings
    refuse_network_share(settings.database)
    lock = Lock(settings.database)
    try:
        store = Store(settings.database)
        store.keep_securities(configuration.securities)
        configuration.learn(store)
        daemon = Daemon(
            settings,
            configuration.knowledge,
            store,
            structlog.get_logger(),
            configuration=configuration,
            tell=lock.tell,
        )
        try:
            yield daemon
        finally:
            daemon.close()
            store.close()
    finally:
        lock.release()


def refuse_network_share(database: Path) -> None:
    """Raise `StoreError` where SQLite's locks cannot be trusted (reliability row D12)."""
    from watcher.detect.mounts import filesystem_of, is_remote
    from watcher.errors import StoreError

    place = next(parent for parent in database.parents if parent.exists())
    if is_remote(filesystem := filesystem_of(str(place))):
        raise StoreError(
            f"{database} lies on a network share ({filesystem}), which corrupts databases: move it to a disk"
        )


def _candidates(paths: tuple[Path, ...], settings: Settings) -> Iterator[Candidate]:
    """The files below these paths, each under the settings of the watched folder it lies in, if it lies in one."""
    from watcher.detect import candidate_at, walk

    for path in paths:
        real = os.path.realpath(path)
        folder = folder_of(real, settings)
        if path.is_dir():
            yield from walk(os.fsencode(real), folder)
        elif candidate := candidate_at(os.fsencode(real), folder):
            yield candidate
