"""`watcher init` and `watcher demo`: the first minutes."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from watcher.errors import WatcherError

_DEMO = Path("watcher-demo")


@click.command()
@click.argument("directory", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(directory: Path) -> None:
    """Write a commented configuration and watchlist into DIRECTORY/config and make its inbox; overwrites nothing."""
    for path in _write_start(directory):
        click.echo(f"wrote {path}")
    config = directory / "config"
    go = f"`cd {directory}`, then " if directory != Path() else ""
    click.echo(f"Next: say what to look for in {config / 'watchlist.yaml'}, then {go}`watcher run`", err=True)


@click.command()
def demo() -> None:
    """See it all work on sample files in ./watcher-demo: stored, alerted, a duplicate, a failure."""
    from watcher.cli.run import LiveConfiguration, opened_daemon
    from watcher.samples import drop_samples_if_empty

    if _DEMO.exists():
        raise WatcherError(
            f"{_DEMO} is there from an earlier demo: delete it to see it again, or `cd {_DEMO}` and use it"
        )
    _write_start(_DEMO)
    config = _DEMO / "config" / "watcher.yaml"
    configuration = LiveConfiguration(config)
    click.secho(f"watcher demo in ./{_DEMO} (delete it any time)", bold=True, err=True)
    with opened_daemon(configuration) as daemon:
        drop_samples_if_empty(Path(configuration.settings.folders[0].path), pause_seconds=0)
        daemon.run_once()
    status = _status_line(config)
    click.echo(
        f"\n{click.style(status, bold=True)}\n\nNext, in {_DEMO}:\n"
        "  watcher run              keep watching; copy files into inbox/\n"
        "  watcher alerts           the alerts again\n"
        "  watcher show 1           one article, with what was found in it\n"
        "  watcher failed list      what could not be used, and why\n"
        "  sqlite3 data/news.db 'select * from v_alerts'\n"
        "Your own: `watcher init ~/news`, edit config/watchlist.yaml there, `watcher run`.",
        err=True,
    )


def _write_start(directory: Path) -> list[Path]:
    """The shipped configuration and an empty inbox below a directory; what was not there before."""
    written = []
    (directory / "inbox").mkdir(parents=True, exist_ok=True)
    (directory / "config").mkdir(exist_ok=True)
    for name in ("watcher.yaml", "watchlist.yaml"):
        target = directory / "config" / name
        if target.exists():
            click.echo(f"kept {target}: it is there already", err=True)
            continue
        target.write_text(_shipped(name), encoding="utf-8")
        written.append(target)
    return written


def _shipped(name: str) -> str:
    """A configuration file as shipped: inside the installed package, or in `config/` of a checkout."""
    packaged = files("watcher.data").joinpath("config", name)
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "config" / name).read_text(encoding="utf-8")


def _status_line(config: Path) -> str:
    from watcher.cli.setup import open_database

    reader = open_database(config)
    counts = reader.status()
    reader.close()
    files_by_state = ", ".join(
        f"{counts['files'].get(state, 0)} {state}" for state in ("stored", "duplicate", "failed")
    )
    return f"{files_by_state} · {counts['articles']} articles · {counts['alerts']} alerts"
