"""What rules would have alerted about: a tally over articles that are stored already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.match import match_rules
from watcher.model import Article, Knowledge, Mention

_MOST_EXAMPLES = 3


@dataclass(slots=True)
class Tally:
    """The alerts that one rule would have raised."""

    rule: str
    stories: dict[int, int] = field(default_factory=dict)
    """Story → the article that alerted: one alert for each story."""
    by_day: Counter[str] = field(default_factory=Counter)
    by_source: Counter[str] = field(default_factory=Counter)
    by_term: Counter[str] = field(default_factory=Counter)
    """How many alerts each word or symbol had a part in."""
    examples: list[tuple[int, str]] = field(default_factory=list)
    """Article number and headline, the newest first."""

    @property
    def alert_count(self) -> int:
        """How many alerts."""
        return len(self.stories)


class Backtest:
    """Counts what rules would have raised, article after article in the order they were stored."""

    def __init__(self, knowledge: Knowledge, timezone: str) -> None:
        self._knowledge = knowledge
        self._timezone = timezone
        self.tallies = {rule.name: Tally(rule.name) for rule in knowledge.rules}

    def add(
        self, article_id: int, story_id: int, seen_at: datetime, article: Article, mentions: Sequence[Mention]
    ) -> None:
        """Judge one article."""
        matches = match_rules(article, mentions, self._knowledge, seen_at=seen_at, timezone=self._timezone)
        for match in matches:
            tally = self.tallies[match.rule]
            if story_id in tally.stories:
                continue
            tally.stories[story_id] = article_id
            tally.by_day[f"{seen_at:%Y-%m-%d}"] += 1
            tally.by_source[article.publisher or article.source or "unknown"] += 1
            tally.by_term.update({one.symbol or one.term for one in match.evidence})
            headline = article.title or article.body.partition("\n")[0][:60]
            tally.examples = [(article_id, headline), *tally.examples][:_MOST_EXAMPLES]


def difference(old: Iterable[Tally], new: Iterable[Tally]) -> dict[str, tuple[set[int], set[int]]]:
    """Rule → the articles that only the new rules would alert about, and those that only the old ones would."""
    before = {tally.rule: tally.stories for tally in old}
    after = {tally.rule: tally.stories for tally in new}
    told = {}
    for rule in before | after:
        was, now = before.get(rule, {}), after.get(rule, {})
        gained = {now[story] for story in now.keys() - was.keys()}
        lost = {was[story] for story in was.keys() - now.keys()}
        told[rule] = (gained, lost)
    return told
