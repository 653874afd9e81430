"""`watcher why`: what happened to a file or article, stage by stage, and which clause of a rule decided."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.output import counted, print_json
from watcher.cli.setup import config_option, folder_of, json_option, knowledge_of, load, open_database

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.match import Verdict
    from watcher.model import Knowledge
    from watcher.settings import Settings
    from watcher.store import Reader

_MOST_WORDS = 4


@click.command()
@config_option
@json_option
@click.argument("subject", metavar="FILE-OR-ARTICLE")
@click.argument("rule", required=False)
def why(config: Path | None, as_json: bool, subject: str, rule: str | None) -> None:
    """Tell what happened to a file or article, stage by stage, and for each rule which clause decided."""
    settings, securities = load(config)
    rules = {one.name: one for one in settings.rules}
    if rule is not None and rule not in rules:
        raise click.ClickException(f'there is no rule "{rule}"; the watchlist has {", ".join(rules) or "none"}')
    knowledge = knowledge_of(settings.rules, securities, settings.readers)
    reader = open_database(config)
    steps = list(_steps(subject, rule, reader, settings, knowledge, securities))
    reader.close()
    for step in steps:
        print_json(step) if as_json else _print(step)


def _steps(
    subject: str, rule: str | None, reader: Reader, settings: Settings, knowledge: Knowledge, securities: Securities
) -> Iterator[dict[str, Any]]:
    """What each stage did, as rows with `stage`, `what` and, for a rule, its `parts`."""
    if subject.isdigit() and not os.path.exists(subject):
        yield from _article_steps(int(subject), rule, reader, settings, knowledge, securities)
        return
    real = os.path.realpath(subject)
    row = reader.file(os.fsencode(real))
    yield from _file_steps(subject, real, row, settings)
    for article in row["articles"] if row else ():
        yield from _article_steps(article["article_id"], rule, reader, settings, knowledge, securities)


def _file_steps(subject: str, real: str, row: dict[str, Any] | None, settings: Settings) -> Iterator[dict[str, Any]]:
    if row is None:
        yield {"stage": "detect", "what": _why_unseen(subject, real, settings)}
        return
    yield {"stage": "detect", "what": f"first seen {row['first_seen_at']}, {row['size']:,} bytes"}
    if row["sha256"]:
        encoding = f", {row['encoding']}" if row["encoding"] and row["encoding"] != "binary" else ""
        yield {"stage": "read", "what": f"sha256 {row['sha256'][:16]}…{encoding}"}
    if row["format"]:
        repairs = json.loads(row["repairs"] or "[]")
        repaired = f"; repaired: {'; '.join(repairs)}" if repairs else ""
        yield {"stage": "parse", "what": f"{row['format']}, {counted(len(row['articles']), 'article')}{repaired}"}
    for part in json.loads(row["unread"] or "[]"):
        yield {"stage": "parse", "what": f"not read: {part['where']}: {part['reason']}"}
    reason = f": {row['reason']}" if row["reason"] else ""
    yield {"stage": "store", "what": f"{row['state']} {row['finished_at'] or ''}{reason}".replace(" :", ":")}


def _why_unseen(subject: str, real: str, settings: Settings) -> str:
    """Why the ledger has nothing about a file."""
    from watcher.detect.names import is_below_foreign_folder, why_ignored

    if not os.path.lexists(real):
        return f"there is no file {subject}, and none of this name was ever seen"
    inside = [folder for folder in settings.folders if Path(real).is_relative_to(folder.path)]
    if not inside:
        watched = ", ".join(folder.path for folder in settings.folders)
        return f"it lies in no watched folder ({watched}); `watcher ingest {subject}` reads it all the same"
    path, folder = os.fsencode(real), folder_of(real, settings)
    if ignored := why_ignored(path, folder):
        return f"its name keeps it from being read: {ignored}"
    if is_below_foreign_folder(path, folder):
        return "it lies below a hidden folder or one of another program, which are not looked into"
    if not folder.recursive and os.path.dirname(real) != folder.path:
        return "it lies in a sub-folder, and the folder is not recursive"
    return "not seen yet: is the daemon running? (`watcher status`)"


def _article_steps(
    article_id: int,
    rule: str | None,
    reader: Reader,
    settings: Settings,
    knowledge: Knowledge,
    securities: Securities,
) -> Iterator[dict[str, Any]]:
    from watcher.match import explain_rule

    recalled, stored = reader.recalled(article_id), reader.article(article_id)
    if recalled is None or stored is None:
        raise click.ClickException(f"there is no article {article_id}")
    title = recalled.article.title or recalled.article.body[:40]
    yield {"stage": "identify", "what": f"article {article_id}: {title} ({stored['state']})", "article_id": article_id}
    others = [seen["path"] for seen in stored["sightings"]]
    if len(others) > 1:
        yield {
            "stage": "identify",
            "what": f"the same article was seen in {counted(len(others), 'file')}: {', '.join(others)}",
        }
    named = (f"{mention.written_as} ({mention.symbol}, {mention.salience})" for mention in recalled.mentions)
    yield {"stage": "link", "what": ", ".join(named) or "names no security"}
    for name in [rule] if rule else [one.name for one in settings.rules]:
        verdict = explain_rule(
            recalled.article, recalled.mentions, knowledge, name, seen_at=recalled.seen_at, timezone=settings.timezone
        )
        yield {
            "stage": "match",
            "rule": name,
            "holds": verdict.holds,
            "what": f"{name}: {'holds' if verdict.holds else 'does not hold'}",
            "parts": list(_parts(verdict, 0, securities)),
        }
        for alert in reader.alerts_about(article_id, name):
            yield {"stage": "deliver", "rule": name, "what": _alert(alert, article_id)}


def _parts(verdict: Verdict, depth: int, securities: Securities) -> Iterator[dict[str, Any]]:
    from watcher.query import AllOf, AnyOf, Not, Stock

    node = verdict.node
    if isinstance(node, AllOf | AnyOf):
        word = "all of" if isinstance(node, AllOf) else "any of"
        yield {"depth": depth, "clause": word, "holds": verdict.holds, "note": ""}
        for part in verdict.parts:
            yield from _parts(part, depth + 1, securities)
        return
    words = [f"{one.term} at {one.field} {one.start}" for one in verdict.evidence[:_MOST_WORDS]]
    more = len(verdict.evidence) - _MOST_WORDS
    note = verdict.note or ", ".join(words) + (f" and {more} more" if more > 0 else "")
    if isinstance(node, Not) and not verdict.holds:
        note = f"blocked by {note or 'it holds'}"
    clause = str(node)
    if isinstance(node, Stock):
        clause += f" ({securities.name(node.written) or ', '.join(node.symbols)})"
    yield {"depth": depth, "clause": clause, "holds": verdict.holds, "note": note}


def _alert(alert: dict[str, Any], article_id: int) -> str:
    about = (
        "" if alert["article_id"] == article_id else f" about article {alert['article_id']}, which tells the same story"
    )
    if alert["held"]:
        return f"alert {alert['id']}{about} was recorded {alert['created_at']} and not sent: {alert['held']}"
    states = (
        f"{one['channel']} {one['state']}"
        + (f" after {counted(one['attempts'], 'attempt')}: {one['last_error']}" if one["last_error"] else "")
        for one in alert["deliveries"]
    )
    return f"alert {alert['id']}{about}, {alert['created_at']}: {', '.join(states)}"


def _print(step: dict[str, Any]) -> None:
    colour = {True: "green", False: "yellow"}.get(step.get("holds"))  # type: ignore[arg-type]
    stage = click.style(f"{step['stage']:<9}", dim=True)
    click.echo(f"{stage} {click.style(step['what'], fg=colour)}")
    for part in step.get("parts", ()):
        mark = click.style("✓", fg="green") if part["holds"] else click.style("✗", fg="yellow")
        note = click.style(f"   {part['note']}", dim=True) if part["note"] else ""
        click.echo(f"{'':<10}{'  ' * part['depth']}{mark} {part['clause']}{note}")
