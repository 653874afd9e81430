"""The `watcher` command. Each command is imported when it is called, so that none waits for the others' libraries."""

from __future__ import annotations

import contextlib
import importlib
import sys

import click

from watcher import __version__
from watcher.errors import AlreadyRunningError, ConfigError, WatcherError

_COMMANDS = {
    "init": ("watcher.cli.start:init", "Write a commented configuration and make the inbox."),
    "demo": ("watcher.cli.start:demo", "See it all work on sample files in ./watcher-demo."),
    "run": ("watcher.cli.run:run", "Watch the folders, store articles, send alerts."),
    "ingest": ("watcher.cli.run:ingest", "Bulk load files and folders, with a progress bar."),
    "alerts": ("watcher.cli.alerts:alerts", "Read alerts; put dead deliveries back."),
    "parse": ("watcher.cli.parse:parse", "Show what would be read of a file, and from where each field came."),
    "why": ("watcher.cli.why:why", "What happened to a file or article, and which clause decided."),
    "show": ("watcher.cli.show:show", "Show one article: fields, mentions, matches, sightings."),
    "watchlist": ("watcher.cli.watchlist:watchlist", "List and check what is watched for."),
    "securities": ("watcher.cli.securities:securities", "Look securities up; add your own to the table."),
    "rematch": ("watcher.cli.backtest:rematch", "Apply a new rule to stored articles."),
    "failed": ("watcher.cli.failed:failed", "List and retry files that could not be used."),
    "status": ("watcher.cli.status:status", "Is it running, and what has it done?"),
    "audit": ("watcher.cli.audit:audit", "Prove that every file on disk is accounted for."),
    "prune": ("watcher.cli.prune:prune", "Drop what is known of files that are long gone."),
    "doctor": ("watcher.cli.doctor:doctor", "Check this machine and this configuration."),
    "service": ("watcher.cli.service:service", "Write, show or remove a systemd unit."),
    "config": ("watcher.cli.config:config", "Show the effective settings and where each comes from."),
}

_EXIT_CODES: dict[type[WatcherError], int] = {ConfigError: 78, AlreadyRunningError: 75}
"""From sysexits.h: EX_CONFIG, EX_TEMPFAIL. Everything else that fails is 1; wrong usage is click's 2."""


class _LateGroup(click.Group):
    """A group that knows its commands by name and one line of help, and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in _COMMANDS.items()])


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="watcher")
def watcher() -> None:
    """News files in, alerts out.

    Watches folders; when a news file lands, its articles go to SQLite, and an alert goes out for each watched stock
    or keyword in them. Begin with `watcher demo`.
    """


def main() -> None:
    """Run the command; errors that are meant for people become one line each and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show 中文 gets escapes instead of a crash.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        watcher(prog_name="watcher")
    except ConfigError as error:
        for complaint in error.complaints:
            click.secho(complaint, fg="red", err=True)
        sys.exit(_EXIT_CODES[ConfigError])
    except WatcherError as error:
        click.secho(f"watcher: {error}", fg="red", err=True)
        sys.exit(_EXIT_CODES.get(type(error), 1))
