"""`watcher watchlist test` and `watcher rematch`: rules tried on the articles that are stored already."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.output import print_json, print_table, progress
from watcher.cli.setup import config_option, json_option, knowledge_of, load, open_database

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.match.backtest import Tally
    from watcher.model import Rule
    from watcher.settings import Settings

_DAYS = re.compile(r"(\d{1,4})\s*d")
_SHOWN = 5


class Since(click.ParamType):  # type: ignore[type-arg]  # Generic from click 8.4 on only.
    """``90d`` or a day such as ``2026-11-01``: the moment from which on."""

    name = "90d|DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, or click's error."""
        if isinstance(value, datetime):
            return value
        if found := _DAYS.fullmatch(value):
            return datetime.now(UTC) - timedelta(days=int(found[1]))
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError:
            self.fail(f"{value} is neither a number of days such as 90d nor a day such as 2026-11-01", param, ctx)


@click.command("test")
@config_option
@json_option
@click.option("--since", type=Since(), default="90d", show_default=True, help="Only articles stored since then.")
@click.option("--rule", "names", multiple=True, help="Only this rule; may be given several times.")
@click.option(
    "--rules", "other", type=click.Path(path_type=Path, dir_okay=False), help="Compare with this watchlist instead."
)
def backtest(config: Path | None, as_json: bool, since: datetime, names: tuple[str, ...], other: Path | None) -> None:
    """Try the rules on the stored articles: what they would have alerted about. Sends and writes nothing."""
    from watcher.match.backtest import Backtest, difference

    settings, securities = load(config)
    rules = _chosen(settings.rules, names)
    tests = [Backtest(knowledge_of(rules, securities), settings.timezone)]
    if other is not None:
        tests.append(
            Backtest(
                knowledge_of(_chosen(_rules_in(other, settings, securities), names), securities), settings.timezone
            )
        )
    reader = open_database(config)
    count = reader.count_since(since.isoformat())
    with progress("testing", count) as advance:
        for one in reader.recalled_since(since.isoformat()):
            for test in tests:
                test.add(one.article_id, one.story_id, one.seen_at, one.article, one.mentions)
            advance()
    reader.close()
    days = max(1, (datetime.now(UTC) - since).days)
    tallies = sorted(tests[-1].tallies.values(), key=lambda tally: -tally.alert_count)
    changes = difference(tests[0].tallies.values(), tests[-1].tallies.values()) if other else {}
    if as_json:
        for tally in tallies:
            print_json(_row(tally, days, changes.get(tally.rule)))
        return
    click.echo(f"{count:,} articles since {since:%Y-%m-%d}; nothing was written or sent")
    _print(tallies, days, changes)


def _chosen(rules: tuple[Rule, ...], names: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if not names or rule.name in names)


def _rules_in(path: Path, settings: Settings, securities: Securities) -> tuple[Rule, ...]:
    from watcher.settings import load_watchlist, refusal

    read = load_watchlist(path, [channel.name for channel in settings.channels], securities)
    if read.complaints:
        raise refusal(read.complaints)
    return read.rules


def _row(tally: Tally, days: int, change: tuple[set[int], set[int]] | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rule": tally.rule,
        "alerts": tally.alert_count,
        "a_day": round(tally.alert_count / days, 2),
        "by_day": dict(sorted(tally.by_day.items())),
        "by_source": dict(tally.by_source.most_common()),
        "by_term": dict(tally.by_term.most_common(20)),
        "examples": [{"article_id": number, "headline": headline} for number, headline in tally.examples],
    }
    if change is not None:
        row |= {"gained": sorted(change[0]), "lost": sorted(change[1])}
    return row


def _print(tallies: list[Tally], days: int, changes: dict[str, tuple[set[int], set[int]]]) -> None:
    columns = ["rule", "alerts", "a day", "most in a day", "sources", "words"]
    rows = []
    for tally in tallies:
        day, most = max(tally.by_day.items(), key=lambda item: item[1], default=("", 0))
        row = [
            tally.rule,
            f"{tally.alert_count:,}",
            f"{tally.alert_count / days:.1f}",
            f"{most} ({day})" if most else "",
            ", ".join(f"{name} {count}" for name, count in tally.by_source.most_common(3)),
            ", ".join(f"{term} {count}" for term, count in tally.by_term.most_common(_SHOWN)),
        ]
        if changes:
            gained, lost = changes[tally.rule]
            row.insert(2, f"+{len(gained)} −{len(lost)}")
        rows.append(row)
    if changes:
        columns.insert(2, "change")
    print_table(columns, rows)
    for tally in tallies:
        for number, headline in tally.examples:
            click.echo(f"  {tally.rule}: {headline}  (article {number})")


@click.command()
@config_option
@json_option
@click.option("--rule", "name", required=True, help="The rule to apply.")
@click.option("--since", type=Since(), default="30d", show_default=True, help="Only articles stored since then.")
@click.option("--apply", is_flag=True, help="Write the matches and alerts; without it nothing is written.")
@click.option("--send", is_flag=True, help="With --apply: send the alerts too.")
def rematch(config: Path | None, as_json: bool, name: str, since: datetime, apply: bool, send: bool) -> None:
    """Apply a rule to stored articles, as one that was added later. Dry unless told to --apply."""
    from watcher.match import match_rules
    from watcher.match.owe import owe_alerts
    from watcher.model import Identity, Reading
    from watcher.store import Store

    if send and not apply:
        raise click.UsageError("--send goes with --apply")
    settings, securities = load(config)
    rules = _chosen(settings.rules, (name,))
    if not rules:
        raise click.ClickException(f'there is no rule "{name}"; see `watcher watchlist list`')
    knowledge = knowledge_of(rules, securities)
    reader = open_database(config)
    found = []
    with progress("matching", reader.count_since(since.isoformat())) as advance:
        for one in reader.recalled_since(since.isoformat()):
            advance()
            matches = match_rules(one.article, one.mentions, knowledge, seen_at=one.seen_at, timezone=settings.timezone)
            if matches:
                found.append((one, matches))
    reader.close()
    written = 0
    if apply:
        store = Store(settings.database)
        for one, matches in found:
            owed = owe_alerts(
                Reading(one.article, Identity("", ""), one.mentions, matches),
                {rule.name: rule for rule in rules},
                channels=[channel.name for channel in settings.channels],
                max_age=settings.max_age,
                hold=None if send else "rematch",
                now=datetime.now(UTC),
                timezone=settings.timezone,
                names=knowledge.names,
            )
            written += store.add_matches(one.article_id, matches, owed)
        store.close()
    for one, _ in found:
        headline = one.article.title or one.article.body[:60]
        if as_json:
            print_json({"article_id": one.article_id, "headline": headline, "rule": name})
        else:
            click.echo(f"{one.article_id:>8}  {headline}")
    told = f"{written:,} new" if apply else "nothing was written; add --apply to keep them"
    click.echo(f"{len(found):,} articles match {name}; {told}", err=True)
