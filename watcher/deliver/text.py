"""How an alert's words leave the program: safe for a terminal, a log viewer and whatever reads lines.

Headlines, excerpts and file names are written by strangers. Unicode's own categories say which characters are
never seen and so can fake or hide a line: controls (C0, C1), format characters (bidi controls, zero-width
characters, tags), line separators and lone surrogates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from unicodedata import category

from watcher.folding import HIDDEN
from watcher.model import Alert


def clean_line(text: str, limit: int = 200) -> str:
    """The text as one line for people: nothing hidden in it, whitespace folded, at most `limit` characters.

    A lone surrogate becomes U+FFFD; other hidden characters go. A cut ends in ``…``.
    """
    if not text.isprintable():
        text = "".join(map(_shown, text))
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def json_line(fields: Mapping[str, object]) -> str:
    r"""The fields as one line of JSON, readable as it stands.

    Hidden characters are escaped (``\u202e``), so they survive but act on nothing that shows the line. Only a
    lone surrogate is lost, to U+FFFD: strict JSON readers refuse it.
    """
    line = json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return line if line.isprintable() else "".join(map(_escaped, line))


def age_label(alert: Alert) -> str:
    """``published 3 days ago`` when the article was older than 24 hours as the alert was made, else nothing.

    A bare date counts in calendar days, from two on: yesterday's may still be younger than 24 hours. A date
    that cannot be read has no age; no alert is held back for it.
    """
    try:
        age = _age(alert.published_at or "", datetime.fromisoformat(alert.created_at))
    except ValueError:
        return ""
    if age <= timedelta(days=1):
        return ""
    count, unit = age.days, "day"
    if age.days >= 2 * 365:
        count, unit = age.days // 365, "year"
    elif age.days >= 2 * 30:
        count, unit = age.days // 30, "month"
    return f"published {count} {unit}{'' if count == 1 else 's'} ago"


def _age(published_at: str, created_at: datetime) -> timedelta:
    if len(published_at) == len("2026-11-18"):
        days = (created_at.date() - date.fromisoformat(published_at)).days
        return timedelta(days=days) if days >= 2 else timedelta()
    published = datetime.fromisoformat(published_at)
    return created_at - (published if published.tzinfo else published.replace(tzinfo=created_at.tzinfo))


def _shown(character: str) -> str:
    kind = category(character)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind in HIDDEN and not character.isspace() else character


def _escaped(character: str) -> str:
    kind = category(character)
    if kind == "Cs":
        return "\ufffd"
    return json.dumps(character)[1:-1] if kind in HIDDEN else character
