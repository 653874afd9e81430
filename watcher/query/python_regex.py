r"""Regular expressions of Python's `re` in the dialect of our queries, which is RE2's and reads narrowed text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from watcher.folding import narrow
from watcher.query.nodes import Node, Pattern
from watcher.query.regex import problem_of
from watcher.query.syntax import QueryError, parse_query

_TOKEN = re.compile(
    r"""\\u(?P<code>[0-9a-fA-F]{4}) | (?P<escape>\\.) | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
      | (?P<before>\(\?<!(?:\[(?:a-z|A-Z|0-9|_|\\w|\\d)+\]|\\w)\)(?=[A-Za-z0-9]))
      | (?P<after>(?<=[A-Za-z0-9])\(\?!(?:\[(?:a-z|A-Z|0-9|_|\\w|\\d)+\]|\\w)\))
      | (?P<around>\(\?<?[=!])
      | \{,(?P<most>\d+)\} | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_IN_SET = re.compile(r"\\u(?P<code>[0-9a-fA-F]{4})|(?P<escape>\\.)|(?P<other>.)", re.DOTALL)
_LETTERS = r"\pL\pN_"
_QUERY_QUOTES = frozenset("“”„«»")
"""Which a query takes for its own quotes."""


class DialectError(ValueError):
    """An expression that RE2 cannot be given. The message says why and what to write instead."""


@dataclass
class _Translation:
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def token(self, found: re.Match[str]) -> str:
        if found["code"]:
            return rf"\x{{{found['code']}}}"
        if found["escape"]:
            return self._escape(found["escape"])
        if found["set"]:
            return _IN_SET.sub(self._in_set, found["set"][:-1]) + "]"
        if found["before"] or found["after"]:
            self.note(r"the look-around beside Latin letters became \b, which takes digits and _ for letters too")
            return r"\b"
        if found["around"]:
            raise DialectError(
                "looks around itself, as in (?!…), which RE2 cannot: what must not be there can be a line with !"
            )
        if found["most"]:
            return f"{{0,{found['most']}}}"
        return _literal(found["other"], re.escape)

    def _escape(self, written: str) -> str:
        letter = written[1]
        if letter in "wW":
            return f"[{'^' if letter == 'W' else ''}{_LETTERS}]"
        if letter == "b":
            self.note(r"\b bounds Latin words only; in TrendRadar Chinese beside them was no boundary")
        if letter == "Z":
            return r"\z"
        return letter if letter == "/" else written if letter.isascii() else _literal(letter, re.escape)

    def _in_set(self, found: re.Match[str]) -> str:
        if found["code"]:
            return rf"\x{{{found['code']}}}"
        if found["escape"]:
            return {r"\w": _LETTERS, r"\/": "/"}.get(found["escape"], found["escape"])
        return _literal(found["other"], lambda character: "\\" + character)


def to_pattern(source: str) -> tuple[Pattern, list[str]]:
    """An expression that means here what it meant there, and what could not be kept exactly. Raises `DialectError`."""
    translation = _Translation()
    pattern = Pattern(_TOKEN.sub(translation.token, source))
    if problem := problem_of(pattern.source):
        raise DialectError(f"RE2 cannot read it: {problem}")
    if not can_be_written(pattern):
        raise DialectError("cannot stand in a query: write it as words")
    if re.search(r"(?<!\\)(?<!\[)\^|(?<!\\)\$|\\[AZ]", source):
        translation.note("^ and $ are the ends of the title, of the summary and of the body, each by itself")
    return pattern, translation.notes


def can_be_written(node: Node) -> bool:
    """Whether a query that is written as this prints is read as this: one of “ alone is not."""
    try:
        return parse_query(str(node)) == node
    except QueryError:
        return False


def _literal(character: str, escape: Callable[[str], str]) -> str:
    """A character as it stands in narrowed text: ``（`` is the text ``(``, no group."""
    if character in _QUERY_QUOTES:
        return rf"\x{{{ord(character):x}}}"
    plain = narrow(character)
    return character if plain == character else plain if plain.isalnum() or plain == " " else escape(plain)
