"""Which rules of the watchlist hold for an article, and the words that made them hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from watcher.match.judge import Verdict, judge
from watcher.match.plan import Plan
from watcher.model import Article, Knowledge, Match, Mention

__all__ = ["Verdict", "explain_rule", "match_rules"]


def match_rules(
    article: Article,
    mentions: Sequence[Mention],
    knowledge: Knowledge,
    *,
    seen_at: datetime | None = None,
    timezone: str = "Asia/Shanghai",
) -> tuple[Match, ...]:
    """The rules that hold, in the order of the watchlist, each with its evidence.

    `seen_at` is what ``published:P1D`` counts from, `timezone` the one whose days ``published:2026-11-01`` means.
    """
    plan = _plan(knowledge)
    subject = plan.subject(article, mentions)
    subject.seen_at, subject.timezone = seen_at, timezone
    matches = []
    for judged in plan.candidates(subject):
        verdict = judge(judged.query, subject, judged.asked, is_explained=False)
        if verdict.holds:
            matches.append(Match(judged.rule.name, verdict.evidence))
    return tuple(matches)


def explain_rule(
    article: Article,
    mentions: Sequence[Mention],
    knowledge: Knowledge,
    rule: str,
    *,
    seen_at: datetime | None = None,
    timezone: str = "Asia/Shanghai",
) -> Verdict:
    """Part by part, why a rule holds for an article or not. Raises `KeyError` if there is no such rule."""
    plan = _plan(knowledge)
    judged = next((one for one in plan.rules if one.rule.name == rule), None)
    if judged is None:
        raise KeyError(rule)
    subject = plan.subject(article, mentions)
    subject.seen_at, subject.timezone = seen_at, timezone
    return judge(judged.query, subject, judged.asked)


@lru_cache(maxsize=2)
def _plan(knowledge: Knowledge) -> Plan:
    return Plan(knowledge.rules)
