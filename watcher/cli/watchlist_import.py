"""`watcher watchlist import`: the word list of TrendRadar as rules, with what is different about them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from watcher.cli.output import print_json
from watcher.cli.setup import config_option, json_option, load
from watcher.errors import WatcherError

if TYPE_CHECKING:
    from watcher.query.trendradar import Difference, Imported, ImportedRule
    from watcher.settings.written import Entry

_MOST_BYTES = 1 << 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--write", is_flag=True, help="Append the rules to the watchlist; without it they are only shown.")
@click.option("--title-only", is_flag=True, help="Look into titles only, as TrendRadar does.")
@config_option
@json_option
def import_words(file: Path, write: bool, title_only: bool, config: Path | None, as_json: bool) -> None:
    """Turn FILE, a frequency_words.txt of TrendRadar, into rules of the watchlist.

    What is not quite the same afterwards is told with its line, on standard error. Lines that cannot be kept are errors
    (exit 1), and with any of them --write writes nothing.
    """
    from watcher.query.trendradar import read_frequency_words
    from watcher.settings.written import render_rules

    imported = read_frequency_words(_text_of(file), title_only=title_only)
    entries = [_entry(rule) for rule in imported.rules]
    if as_json:
        _print_json(imported)
    else:
        if entries and not write:
            click.echo("rules:\n" + render_rules(entries), nl=False)
        for difference in imported.differences:
            click.secho(f"{_place(file, difference)}: {difference.text}", fg=_colour(difference), err=True)
    if errors := sum(difference.is_error for difference in imported.differences):
        cannot = f"{errors} line{'s' * (errors > 1)} of {file} cannot be taken over"
        raise WatcherError(f"{cannot}: change them and import again" + (", nothing was written" if write else ""))
    if write and entries:
        path = _write(file, imported, entries, config)
        click.echo(f"{path}: {len(entries)} rules added; `watcher watchlist check` looks them through", err=as_json)


def _text_of(file: Path) -> str:
    content = file.read_bytes()
    if len(content) > _MOST_BYTES:
        raise WatcherError(f"{file} is larger than 1 MiB: it is no list of words")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WatcherError(f"{file}:{line}: this is no UTF-8 text: save the file as UTF-8") from None


def _entry(rule: ImportedRule) -> Entry:
    from watcher.settings.written import Written

    entry: dict[str, str | int | list[Written]] = {"name": rule.name}
    for key, words in (("keywords", rule.keywords), ("require", rule.require), ("exclude", rule.exclude)):
        if words:
            entry[key] = [Written(word) for word in words]
    if rule.query:
        entry["query"] = rule.query
    if rule.max_per_day:
        entry["max_per_day"] = rule.max_per_day
    return entry


def _write(file: Path, imported: Imported, entries: list[Entry], config: Path | None) -> Path:
    """Append the rules; the file they were written to. Raises `WatcherError` where a name is taken."""
    from watcher.cli.watchlist_edit import WatchlistFile
    from watcher.settings.edits import add_rules, rule_names

    settings, securities = load(config)
    watchlist = WatchlistFile(settings, securities)
    taken = {name.casefold(): line for name, line in rule_names(watchlist.text).items()}
    clashes = [
        f'{file}:{rule.line}: there is a rule "{rule.name}" already, in line {line} of {settings.watchlist_path.name}'
        for rule in imported.rules
        if (line := taken.get(rule.name.casefold()))
    ]
    if clashes:
        raise WatcherError(
            "\n".join([*clashes, "rename the groups ([name] as their first line) or the rules: nothing was written"])
        )
    watchlist.text = add_rules(watchlist.text, entries, f"From {file.name} of TrendRadar.")
    watchlist.save()
    return settings.watchlist_path


def _print_json(imported: Imported) -> None:
    for rule in imported.rules:
        print_json({"rule": {key: value for key, value in dataclasses.asdict(rule).items() if value}})
    for difference in imported.differences:
        print_json({"difference": dataclasses.asdict(difference)})


def _place(file: Path, difference: Difference) -> str:
    return f"{file}:{','.join(map(str, difference.lines))}" if difference.lines else str(file)


def _colour(difference: Difference) -> str | None:
    return "red" if difference.is_error else None
