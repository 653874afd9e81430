"""What YAML's own errors mean to the person who wrote the file: mostly, that a text needs quotes."""

from __future__ import annotations

import re

import yaml

from watcher.settings.complaints import Complaint, Place

_MARKUP = tuple("*&@%!`|>")
"""What YAML does not take for text where a value begins."""

_BRACKETS = tuple("[{'\"")
_UNFINISHED = ("while parsing a flow", "while scanning a quoted")

_ENDED_EARLY = re.compile(r"""("[^"]*"|'[^']*'|\[[^\]]*\]|\{[^}]*\})\s*$""")
"""A value that was complete just before the error, as ``[快讯]`` is in ``- [快讯] 停牌``."""

_PLAIN_WORDS = {
    "but found another document": 'only one document is read: remove the "---"',
    "could not find expected ':'": 'a ":" is missing after the key',
    "expected <block end>, but found '<block mapping start>'": "the indentation fits no line above",
    "expected <block end>, but found '<block sequence start>'": "the indentation fits no line above",
    "found character '\\t' that cannot start any token": "indent with spaces, not with tabs",
    "mapping values are not allowed here": 'a ":" is out of place: check the indentation and missing quotes',
}


def syntax_complaint(error: yaml.YAMLError, source: str, text: str) -> Complaint:
    """The first error in a file, at the place where the cure goes."""
    if isinstance(error, yaml.MarkedYAMLError):
        line, column, words = _diagnose(error, [*text.splitlines(), ""])
        return Complaint(Place(source, line + 1, column + 1), words)
    position = error.position if isinstance(error, yaml.reader.ReaderError) else 0
    lines = text[: position + 1].splitlines()
    return Complaint(Place(source, len(lines), len(lines[-1])), "a control character cannot stand here")


def _diagnose(error: yaml.MarkedYAMLError, lines: list[str]) -> tuple[int, int, str]:
    """Line and column of the cause, both from 0, and what to do about it."""
    mark = error.problem_mark
    assert mark, "PyYAML marks every error of a text"
    begun = error.context_mark or mark
    sign = lines[begun.line][begun.column : begun.column + 1]
    problem = error.problem or ""

    if sign in _BRACKETS and (error.context or "").startswith(_UNFINISHED):
        words = f"what begins with {sign} here has no end, or is a text that needs quotes"
        return begun.line, begun.column, words
    if sign in _MARKUP:
        hint = _quote(lines[begun.line], begun.column)
        return begun.line, begun.column, f"{problem}; {hint}" if error.context is None else hint
    if early := _ENDED_EARLY.search(lines[mark.line][: mark.column]):
        return mark.line, early.start(), _quote(lines[mark.line], early.start())

    words = _PLAIN_WORDS.get(problem, f"cannot be read: {problem}")
    if "：" in lines[begun.line]:
        return begun.line, begun.column, f'{words} (YAML wants ": ", not the full-width "：")'
    return mark.line, mark.column, words


def _quote(line: str, column: int) -> str:
    """The advice to quote the text that begins at `column`."""
    text = re.split(r"\s#", line[column:])[0]
    if re.search(r"[\[{]", line[:column]):
        text = re.split(r"[,\]}]", text)[0]
    text = text.rstrip(" ,")
    quote = "'" if '"' in text else '"'
    return f"a text that begins with {text[0]} needs quotes: {quote}{text}{quote}"
