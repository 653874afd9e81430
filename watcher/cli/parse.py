"""`watcher parse`: what would be read of a file, field by field, with where each came from. Stores nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.output import counted, highlight, print_json
from watcher.cli.setup import config_option, folder_of, json_option, load
from watcher.errors import ConfigError, NotReadyError, UnparsedError, UnreadableError

if TYPE_CHECKING:
    from watcher.link import Securities
    from watcher.model import Article, Mention, Page, ReaderMapping, Unread
    from watcher.settings import Settings

_FIELDS = (
    "title summary published_at published_from url native_id version status embargo_until source publisher author "
    "section item_number part_of language"
).split()
_PREVIEW_LINES = 6
_PREVIEW_CHARACTERS = 100


@click.command()
@config_option
@json_option
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
def parse(config: Path | None, as_json: bool, files: tuple[Path, ...]) -> None:
    """Show what would be read of files: every field, where it came from, and every repair. Stores nothing."""
    settings, securities = _loaded(config)
    failed = False
    for path in files:
        try:
            _parse_file(path, settings, securities, as_json)
        except (FileNotFoundError, NotReadyError, UnreadableError, UnparsedError) as error:
            failed = True
            reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
            click.echo(f"{click.style(str(path), bold=True)}: {click.style('not read', fg='red')}: {reason}", err=True)
    if failed:
        raise SystemExit(1)


def _loaded(config: Path | None) -> tuple[Settings | None, Securities]:
    """The configuration, which says how files of its folders are read, and the table; none is needed to try a file."""
    if config is None and not os.environ.get("WATCHER_CONFIG"):
        from watcher.cli.setup import load_securities, locate

        try:
            locate(None)
        except ConfigError:
            return None, load_securities()
    return load(config)


def _parse_file(path: Path, settings: Settings | None, securities: Securities, as_json: bool) -> None:
    from watcher.link import link_article
    from watcher.model import Unread
    from watcher.pipeline import parse_parts

    readers: Sequence[ReaderMapping] = settings.readers if settings else ()
    page = _read(path, settings)
    position = 0
    for part in _headed(path, page, parse_parts(page, readers), as_json):
        if isinstance(part, Unread):
            click.echo(f"{path}: {click.style('not read', fg='yellow')}: {part.where}: {part.reason}", err=True)
        else:
            position += 1
            mentions = link_article(part, securities.knowledge)
            if as_json:
                print_json(_row(path, page, part, position, mentions, securities))
            else:
                _print(part, position, mentions, securities)


def _read(path: Path, settings: Settings | None) -> Page:
    from datetime import UTC, datetime

    from watcher.model import Folder, FoundFile
    from watcher.read import read_file, stamp_of

    real = os.path.realpath(path)
    folder = folder_of(real, settings) if settings else Folder(os.path.dirname(real))
    found = FoundFile(os.fsencode(real), stamp_of(os.stat(real)), folder, datetime.now(UTC))
    return read_file(found, max_bytes=settings.max_bytes if settings else 8 << 20)


def _headed(path: Path, page: Page, parts: Iterator[Article | Unread], as_json: bool) -> Iterator[Article | Unread]:
    """The same parts, once a heading for people is out; not before the first of them is there."""
    for count, part in enumerate(parts):
        if count == 0 and not as_json:
            encoding = f", {page.encoding}" if page.text else ""
            click.echo(click.style(str(path), bold=True) + f"  {getattr(part, 'format', '')}{encoding}")
        yield part


def _row(
    path: Path, page: Page, article: Article, position: int, mentions: Sequence[Mention], securities: Securities
) -> dict[str, Any]:
    """An article under the names of the table's columns."""
    from watcher.identify import identify_article

    row: dict[str, Any] = {"file": str(path), "format": article.format, "encoding": page.encoding, "position": position}
    row |= {name: _text(getattr(article, name)) for name in _FIELDS}
    row |= {
        "body": article.body,
        "content_hash": identify_article(article).content_hash,
        "marks": [mark._asdict() for mark in article.marks],
        "mentions": [_mention_row(mention, securities) for mention in mentions],
        "repairs": list(article.repairs),
        "found_in": dict(article.found_in),
    }
    return row


def _mention_row(mention: Mention, securities: Securities) -> dict[str, Any]:
    evidence = [{key: value for key, value in one._asdict().items() if key != "symbol"} for one in mention.evidence]
    return {
        "symbol": mention.symbol,
        "name": securities.name(mention.symbol),
        "salience": mention.salience,
        "how": mention.how,
        "confidence": mention.confidence,
        "count": mention.count,
        "evidence": evidence,
    }


def _text(value: object) -> object:
    from datetime import date

    return value.isoformat() if isinstance(value, date) else value


def _print(article: Article, position: int, mentions: Sequence[Mention], securities: Securities) -> None:
    origins = dict(article.found_in)
    click.secho(f"\n  {position}", bold=True)
    for name in _FIELDS:
        value = getattr(article, name)
        if value is not None and name != "published_from":
            shown = " ".join(str(_text(value)).split())
            origin = origins.get(name, "")
            click.echo(f"  {_label(name)} {shown}" + click.style(f"   ← {origin}", fg="cyan"))
    lines = article.body.split("\n")
    click.echo(f"  {_label('body')} {len(article.body):,} characters, {counted(len(lines), 'line')}")
    named = [one for mention in mentions for one in mention.evidence if one.field == "body"]
    start = 0
    for line in lines[:_PREVIEW_LINES]:
        end = start + min(len(line), _PREVIEW_CHARACTERS)
        places = {
            (one.start - start, one.end - start): "cyan" for one in named if start <= one.start and one.end <= end
        }
        click.echo(f"    {highlight(article.body[start:end], places)}{'…' if end < start + len(line) else ''}")
        start += len(line) + 1
    if len(lines) > _PREVIEW_LINES:
        click.secho(f"    … {len(lines) - _PREVIEW_LINES:,} more", dim=True)
    for mention in mentions:
        seen = ", ".join(dict.fromkeys(one.term for one in mention.evidence))
        told = f"{mention.salience}, by {mention.how} ({mention.confidence:.2f}), {mention.count}×: {seen}"
        click.echo(f"  {_label('names')} {mention.symbol} {securities.name(mention.symbol) or ''}  {told}")
    if article.marks:
        marks = dict.fromkeys(f"{mark.written_as} ({mark.symbol})" for mark in article.marks)
        click.echo(f"  {_label('marked up')} {', '.join(marks)}")
    for repair in article.repairs:
        click.echo(f"  {_label('repair', fg='yellow')} {repair}")


def _label(name: str, **style: Any) -> str:
    return click.style(f"{name:<14}", **(style or {"dim": True}))
