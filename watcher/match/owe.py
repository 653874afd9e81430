"""What the rules that hold owe to people: the alert's headline, excerpt and channels, and what holds it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from watcher.model import About, Article, Evidence, Match, Name, Owed, Reading, Rule

WITHHELD = "withheld"
"""The status of an item that its agency wants nobody to be told of until it says so (IPTC pubstatus)."""

_EXCERPT_CHARACTERS = 120
_HEADLINE_CHARACTERS = 60
_SENTENCE_END = re.compile(r"[。！？!?\n]|\.\s")


def owe_alerts(
    reading: Reading,
    rules: Mapping[str, Rule],
    *,
    channels: Sequence[str],
    max_age: timedelta | None,
    hold: str | None,
    now: datetime,
    timezone: str = "Asia/Shanghai",
    names: Mapping[str, Sequence[Name]] = MappingProxyType({}),
) -> tuple[Owed, ...]:
    """One `Owed` for each match, held back where `hold` says so, the article is too old, or its rule is not in force.

    `timezone` is the one that a rule's `until` and `hours` are meant in, `names` those of the securities of which an
    article has only the code.
    """
    clock = now.astimezone(ZoneInfo(timezone))
    return tuple(
        _owe(reading, match, rules[match.rule], channels, max_age, hold, clock, names) for match in reading.matches
    )


def _owe(
    reading: Reading,
    match: Match,
    rule: Rule,
    channels: Sequence[str],
    max_age: timedelta | None,
    hold: str | None,
    now: datetime,
    names: Mapping[str, Sequence[Name]],
) -> Owed:
    symbols = tuple(dict.fromkeys(one.symbol for one in match.evidence if one.symbol))
    article = reading.article
    oldest = rule.max_age or max_age
    if hold is None and oldest is not None and _is_older(article, now - oldest):
        hold = "max_age"
    if hold is None and article.status == WITHHELD:
        hold = WITHHELD
    if hold is None and not _is_in_force(rule, now):
        hold = "until" if rule.until and now.date() > rule.until else "hours"
    return Owed(
        rule=rule.name,
        severity=rule.severity,
        headline=article.title or article.body.partition("\n")[0][:_HEADLINE_CHARACTERS],
        excerpt=_excerpt(article, match.evidence),
        symbols=symbols,
        terms=tuple(dict.fromkeys(one.term for one in match.evidence)),
        channels=rule.channels or tuple(channels),
        about=tuple(_about(reading, symbols, names)),
        held=hold,
        not_before=article.embargo_until,
        cooldown=rule.cooldown,
        max_per_day=rule.max_per_day,
        day=now.date(),
    )


def _about(reading: Reading, symbols: Sequence[str], names: Mapping[str, Sequence[Name]]) -> Iterator[About]:
    mentions = {one.symbol: one for one in reading.mentions}
    subjects = (symbol for symbol, one in mentions.items() if one.salience == "subject")
    for symbol in dict.fromkeys((*symbols, *subjects)):
        mention = mentions[symbol]
        known = names.get(symbol)
        by_code = known[0].text if known else mention.written_as
        name = next((one.term for one in mention.evidence if one.how != "code"), by_code)
        yield About(symbol, name, mention.salience)


def _is_in_force(rule: Rule, now: datetime) -> bool:
    """Whether a rule raises alerts at this moment of its owner's clock."""
    if rule.until and now.date() > rule.until:
        return False
    if rule.hours is None:
        return True
    first, last = rule.hours
    clock = now.time().replace(second=0, microsecond=0)
    return first <= clock <= last if first <= last else clock >= first or clock <= last


def _is_older(article: Article, limit: datetime) -> bool:
    """Whether it was published before `limit`; a bare day counts with its last minute, unknown is never old."""
    published = article.published_at
    if published is None:
        return False
    if not isinstance(published, datetime):
        published = datetime.combine(published, time.max, UTC)
    return published < limit


def _excerpt(article: Article, evidence: Sequence[Evidence]) -> str:
    """The sentence around the first evidence in the body, or else in the summary, cut to size around it."""
    places = {one.field: one for one in reversed(evidence)}
    place = places.get("body") or places.get("summary")
    if place is None:
        return " ".join((article.summary or article.body)[:_EXCERPT_CHARACTERS].split())
    text = article.body if place.field == "body" else article.summary or ""
    start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, place.start)), default=0)
    found = _SENTENCE_END.search(text, place.end)
    end = found.end() if found else len(text)
    if end - start > _EXCERPT_CHARACTERS:
        start = max(start, place.start - _EXCERPT_CHARACTERS // 3)
        end = min(end, start + _EXCERPT_CHARACTERS)
    return " ".join(text[start:end].split())
