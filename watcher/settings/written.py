"""How rules and single texts are written in YAML: bare where that is safe, lists in brackets while they are short."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from watcher.errors import WatcherError

_PLAIN = re.compile(r"\w(?:[\w .+/()%&*·|-]*[\w.+/()%&*·-])?")
"""What may stand without quotes, within brackets as well."""
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")
_LONGEST_LINE = 100
"""Up to here a list is written in brackets, beyond with a line for each entry."""
_COMMENT_GAP = "    # "


class Written(NamedTuple):
    """A value as it is to be written, with the comment that says what it is."""

    text: str
    note: str = ""


Values: TypeAlias = Sequence[Written]
Entry: TypeAlias = Mapping[str, str | int | Values]
"""A rule by its keys."""


def render_rules(entries: Sequence[Entry], *, dash: int = 2, offset: int = 2, apart: bool = True) -> str:
    """Rules as a list of YAML, indented for their place below ``rules:``."""
    blocks = ["".join(f"{line}\n" for line in _rule_lines(entry, dash, offset)) for entry in entries]
    return ("\n" if apart else "").join(blocks)


def _rule_lines(entry: Entry, dash: int, offset: int) -> list[str]:
    indent = " " * (dash + offset)
    lines: list[str] = []
    for key, value in entry.items():
        if isinstance(value, int | str):
            lines.append(f"{indent}{key}: {_value(value)}")
            continue
        brackets = f"{indent}{key}: {_value(value)}"
        if len(brackets) <= _LONGEST_LINE:
            lines.append(brackets + comment_of(", ".join(one.note for one in value if one.note)))
        else:
            lines.append(f"{indent}{key}:")
            lines += [f"{indent}  - {scalar(one.text)}{comment_of(one.note)}" for one in value]
    return [" " * dash + "-" + lines[0][dash + 1 :], *lines[1:]]


def in_braces(entry: Entry) -> str:
    """A rule for a list of rules in brackets: ``{name: 回购, keywords: [回购]}``."""
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in entry.items()) + "}"


def _value(value: str | int | Values) -> str:
    if isinstance(value, str | int):
        return scalar(str(value))
    return "[" + ", ".join(scalar(one.text) for one in value) + "]"


def scalar(text: str, like: str = "") -> str:
    """A text as YAML writes it on one line: as it stands already in `like`, bare where that is safe, else in quotes."""
    if like[:1] in ("'", '"') and "\n" not in like:
        return like
    if _UNWRITABLE.search(text):
        raise WatcherError(f"{text!r} holds characters that are not seen: a word of the watchlist is one line of text")
    if _PLAIN.fullmatch(text):
        return text
    return f'"{text}"' if not set('"\\') & set(text) else "'" + text.replace("'", "''") + "'"


def comment_of(note: str) -> str:
    """A note as it stands behind something."""
    return f"{_COMMENT_GAP}{note}" if note else ""


def comment_line(comment: str, column: int) -> str:
    """A comment on a line of its own."""
    return f"{' ' * column}# {comment}\n" if comment else ""
