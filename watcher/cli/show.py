"""`watcher show`: one article and everything that was found in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from watcher.cli.output import highlight, print_json
from watcher.cli.setup import config_option, json_option, open_database

_FIELDS = (
    "publisher source author section item_number part_of published_at published_from url native_id version status "
    "embargo_until language state story_id content_hash"
).split()


@click.command()
@config_option
@json_option
@click.argument("article_id", type=click.IntRange(1))
def show(config: Path | None, as_json: bool, article_id: int) -> None:
    """Show one article: fields, text, mentions, matches, sightings."""
    reader = open_database(config)
    article = reader.article(article_id)
    reader.close()
    if article is None:
        raise click.ClickException(f"there is no article {article_id}")
    for found in (*article["mentions"], *article["matches"]):
        found["evidence"] = json.loads(found["evidence"])
    if as_json:
        print_json(article)
    else:
        _print(article)


def _print(article: dict[str, Any]) -> None:
    click.secho(article["title"] or "(no title)", bold=True)
    for name in _FIELDS:
        if article[name] is not None:
            click.echo(f"  {name:<15}{article[name]}")
    if article["replaces_id"]:
        click.echo(f"  {'replaces':<15}article {article['replaces_id']}")
    click.echo()
    if article["summary"]:
        click.secho(article["summary"] + "\n", dim=True)
    click.echo(_highlighted(article) + "\n")
    _print_list("mentions", [_mention(mention) for mention in article["mentions"]])
    _print_list("matches", [_match(match) for match in article["matches"]])
    _print_list("alerts", [_alert(alert) for alert in article["alerts"]])
    _print_list("seen in", [f"{seen['path']}  ({seen['seen_at']})" for seen in article["sightings"]])


def _print_list(heading: str, lines: list[str]) -> None:
    click.secho(heading, bold=True)
    for line in lines or ["none"]:
        click.echo(f"  {line}")


def _mention(mention: dict[str, Any]) -> str:
    where = "in the title, " if mention["in_title"] else ""
    name = mention["name"] or ""
    return (
        f"{mention['symbol']:<10} {name}  {mention['salience'] or 'named'}, by {mention['how']}"
        f" ({mention['confidence']:.2f}), {where}"
        f"{mention['count']}×, first as “{mention['written_as']}”"
    )


def _match(match: dict[str, Any]) -> str:
    places = ", ".join(f"{one['term']} ({one['field']} {one['start']})" for one in match["evidence"][:6])
    more = len(match["evidence"]) - 6
    return f"{match['rule']}: {places}" + (f" and {more} more" if more > 0 else "")


def _alert(alert: dict[str, Any]) -> str:
    return f"#{alert['id']} {alert['rule']} ({alert['severity']})" + (
        f", held: {alert['held']}" if alert["held"] else ""
    )


def _highlighted(article: dict[str, Any]) -> str:
    """The body with what the rules found in it set off in yellow, and the other securities it names in cyan."""
    found = {place: "yellow" for match in article["matches"] for place in _places(match)}
    named = {place: "cyan" for mention in article["mentions"] for place in _places(mention)}
    return highlight(article["body"], named | found)


def _places(found: dict[str, Any]) -> list[tuple[int, int]]:
    return [(one["start"], one["end"]) for one in found["evidence"] if one["field"] == "body"]
