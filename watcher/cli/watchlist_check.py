"""`watcher watchlist check`: the watchlist looked through, first for what is wrong, then for what is odd."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from watcher.cli.output import print_json
from watcher.cli.setup import config_option, json_option, load

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.match.lint import Finding, Surroundings
    from watcher.settings import Settings
    from watcher.settings.complaints import Place
    from watcher.settings.yaml_text import Document


@click.command()
@config_option
@json_option
@click.option("--strict", is_flag=True, help="Exit 1 where anything is odd.")
def check(config: Path | None, as_json: bool, strict: bool) -> None:
    """Check watchlist and configuration: every complaint at once, with its line (exit 78).

    Where nothing is wrong, tell what is odd: names that are ordinary words, rules that never or always hold, words
    that are excluded by their own rule, rules that overlap, sources that were never seen.
    """
    from watcher.match.lint import lint

    settings, securities = load(config)
    findings = list(lint(settings.rules, _surroundings(settings, securities)))
    places = _Places(settings, securities)
    for place, finding in sorted(((places.of(finding), finding) for finding in findings), key=lambda one: one[0]):
        if as_json:
            print_json({"place": str(place), **dataclasses.asdict(finding)})
        else:
            told = f"{finding.rule}: {finding.what} ({finding.why}): {finding.advice}"
            click.echo(f"{place}: {click.style(told, fg='yellow')}")
    if not as_json:
        click.echo(f"{settings.watchlist_path}: {_counted(settings)}: {_summed_up(len(findings))}")
    if findings and strict:
        raise SystemExit(1)


def _counted(settings: Settings) -> str:
    stocks = len({symbol for rule in settings.rules for symbol in rule.stocks})
    terms = sum(len(rule.keywords) + len(rule.require) + len(rule.exclude) for rule in settings.rules)
    queries = sum(rule.query is not None for rule in settings.rules)
    more = f", {queries} quer{'y' if queries == 1 else 'ies'}" if queries else ""
    return f"{len(settings.rules)} rules, {stocks} stocks, {terms} words{more}"


def _summed_up(count: int) -> str:
    if not count:
        return "nothing to complain of"
    return f"nothing is wrong, {count} thing{'s are' if count > 1 else ' is'} odd"


def _surroundings(settings: Settings, securities: Securities) -> Surroundings:
    from watcher.folding import fold, narrow
    from watcher.link.boundaries import dictionary
    from watcher.link.lexicon import Doubt, Lexicon
    from watcher.match.lint import Surroundings

    def frequency(word: str) -> int:
        return dictionary().suggest_freq(word) if dictionary().has_word(word) else 0

    def ordinary_names(symbol: str) -> list[str]:
        # A former name is hardly written any more; whoever watches the company misses nothing by it.
        names = [
            name for name in securities.knowledge.names.get(symbol, ()) if name.kind in ("short", "written", "nickname")
        ]
        lexicon = Lexicon({symbol: names})
        found = {
            name.text: hit.entry.doubt
            for name in names
            for hit in lexicon.find(fold(name.text), narrow(name.text))
            if hit.start == 0 and hit.end == len(name.text)
        }
        return [name for name, doubt in found.items() if doubt == Doubt.MUCH]

    sources, publishers = _seen(settings.database)
    return Surroundings(
        datetime.now(ZoneInfo(settings.timezone)).date(), ordinary_names, frequency, sources, publishers
    )


def _seen(database: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The sources and publishers of the stored articles; nothing where nothing is stored yet."""
    from watcher.errors import StoreError
    from watcher.store import open_reader

    if not database.is_file():
        return frozenset(), frozenset()
    try:
        reader = open_reader(database)
    except StoreError as problem:
        click.echo(f"sources and publishers are not compared: {problem}", err=True)
        return frozenset(), frozenset()
    try:
        return reader.seen_values("source"), reader.seen_values("publisher")
    finally:
        reader.close()


class _Places:
    """Where in the watchlist, and the files that it includes, a rule and its terms stand."""

    def __init__(self, settings: Settings, securities: Securities) -> None:
        from watcher.settings.yaml_text import Document

        self._securities = securities
        documents = [Document(path) for path in settings.watchlist_files]
        self._rules: Mapping[str, tuple[Document, int]] = {
            text: (document, int(loc[1])) for document in documents for loc, text in document.texts_at("rules", "name")
        }

    def of(self, finding: Finding) -> Place:
        """The place as complaints write it; of the rule's name, where the term stands in another file."""
        document, number = self._rules[finding.rule]
        texts = [
            loc
            for loc, text in document.texts_at("rules", finding.key)
            if loc[1] == number and self._is_meant(finding, text)
        ]
        rule = ("rules", number)
        known = [*texts, (*rule, finding.key), (*rule, "name")]
        return next(document.places[loc] for loc in known if loc in document.places)

    def _is_meant(self, finding: Finding, text: str) -> bool:
        if finding.key == "stocks":
            return self._securities.resolve(text) == finding.term
        return text == finding.term
