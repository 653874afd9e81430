"""The values in a JSON text, whatever state it is in: one document, lines, a call around it, or cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from watcher.errors import UnparsedError
from watcher.model import Unread

WRAPPER = (
    r"\s*(?:/\*.{0,300}?\*/\s*)?(?:try\s*\{\s*)?(?:(?:var|let|const)\s+)?"
    r"[A-Za-z_$][\w$.]{0,100}(?:\[[^\[\]]{0,60}\])?\s*[(=]\s*"
)
"""What stands before the JSON of a web interface that was made for scripts: ``callback(``, ``var news = ``."""

_WRAPPER = re.compile(rf"{WRAPPER}(?=[\[{{])", re.DOTALL)
_BETWEEN_VALUES = re.compile(r"[\s,;\x1e]*")
_STATEMENT_END = re.compile(r"[\s);]*")
_JSON_LINE = re.compile(r'^[ \t]*\{\s*["}]|^\[\s*[\[{"]', re.MULTILINE)
_NEXT_OBJECT = re.compile(r"\n(?=\{)")
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_LINES_TRIED = 20
_MOST_BROKEN = 100
"""Documents behind one another of which so many are broken are not read further: each may cost a second look."""
_LONGEST_NUMBER = 25
"""Digits of an id; a longer number stays the text that is written (Python refuses to read the longest)."""


class Found(NamedTuple):
    """A value and where it stands."""

    value: object
    where: str


@dataclass(frozen=True, slots=True)
class JsonText:
    """What a text that begins as JSON is, and the values in it."""

    kind: Literal["json", "jsonl", "post"]
    """A ``post`` is a header in JSON with text below it, as Hugo writes them; it has no parts here."""
    parts: Iterator[Found | Unread]


def _whole_number(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _nothing(_: str) -> None:
    """``NaN`` and ``Infinity`` are no values."""


# Not strict: real exports hold raw line breaks and tabs in their texts.
_DECODER = json.JSONDecoder(strict=False, parse_int=_whole_number, parse_constant=_nothing)


class _BrokenError(Exception):
    """Not JSON; `position` is as far as it was."""

    def __init__(self, position: int, reason: str) -> None:
        self.position = position
        self.reason = reason


def split_json(text: str) -> JsonText:
    """The values of a text that begins as JSON does. Raises `UnparsedError` where not one of them is whole."""
    text = text.removeprefix("\ufeff")
    wrapper = _WRAPPER.match(text)
    start = wrapper.end() if wrapper else len(text) - len(text.lstrip())
    try:
        value, end = _decode(text, start)
    except _BrokenError as error:
        if not wrapper and _has_lines(text):
            return JsonText("jsonl", _read_lines(text))
        return JsonText("json", _read_broken(text, start, error))
    if wrapper:
        return JsonText("json", _read_statements(text, value, end))
    rest = text[end:]
    if not rest.strip("\ufeff \t\r\n,;\0"):
        return JsonText("json", iter([Found(value, "the file")]))
    if _JSON_LINE.search(rest) or rest.lstrip(" \t,;\x1e").startswith("{"):
        one_a_line = "\n" not in text[start:end]
        return JsonText("jsonl", _read_lines(text) if one_a_line else _read_one_by_one(text, start))
    if isinstance(value, dict):
        return JsonText("post", iter(()))
    raise UnparsedError(f"not JSON: something else follows in line {_line(text, end)}")


def _decode(text: str, start: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        raise _BrokenError(error.pos, "cut off" if cut else f"not JSON: {error.msg}") from None
    except RecursionError:
        raise _BrokenError(start, "nested too deeply") from None


def _has_lines(text: str) -> bool:
    """Whether this is JSON Lines whose first line is broken: a whole object on one of the next lines tells."""
    lines = text.lstrip().split("\n", _LINES_TRIED)[:_LINES_TRIED]
    if lines[0].rstrip().endswith(("{", "[", ",", ":")) or lines[0].startswith("["):
        return False
    return any(line.startswith("{") and not isinstance(_read_line(line), Unread) for line in lines[1:])


def _read_lines(text: str) -> Iterator[Found | Unread]:
    for number, line in enumerate(text.split("\n"), 1):
        position = _BETWEEN_VALUES.match(line).end()  # type: ignore[union-attr]  # It matches nothing, too.
        while position < len(line):
            try:
                value, position = _decode(line, position)
            except _BrokenError as error:
                yield Unread(f"line {number}", error.reason)
                break
            yield Found(value, f"line {number}")
            position = _BETWEEN_VALUES.match(line, position).end()  # type: ignore[union-attr]


def _read_line(line: str) -> Found | Unread:
    return next(_read_lines(line), Unread("line 1", "empty"))


def _read_one_by_one(text: str, position: int) -> Iterator[Found | Unread]:
    """Documents of several lines each, one behind the other; a broken one ends where the next begins its line."""
    broken = 0
    lines = _LineCounter(text)
    while position < len(text):
        where = lines.at(position)
        try:
            value, position = _decode(text, position)
            yield Found(value, where)
        except _BrokenError as error:
            broken += 1
            yield Unread(where, error.reason)
            following = _NEXT_OBJECT.search(text, position + 1)
            if following is None:
                return
            if broken >= _MOST_BROKEN:
                yield Unread(f"from {lines.at(following.end())}", "not read: too much of the file is broken")
                return
            position = following.end()
        position = _BETWEEN_VALUES.match(text, position).end()  # type: ignore[union-attr]


def _read_statements(text: str, value: object, end: int) -> Iterator[Found | Unread]:
    """The values of ``callback({…})`` or of several ``var a = {…};``; other program text is no news."""
    yield Found(value, "the file")
    lines = _LineCounter(text)
    while following := _WRAPPER.match(text, _STATEMENT_END.match(text, end).end()):  # type: ignore[union-attr]
        where = lines.at(following.end())
        try:
            value, end = _decode(text, following.end())
        except _BrokenError as error:
            yield Unread(where, error.reason)
            return
        yield Found(value, where)


def _read_broken(text: str, start: int, error: _BrokenError) -> Iterator[Found | Unread]:
    """What was whole before a document broke off."""
    where = f"line {_line(text, error.position)}"
    value = _whole_part(text, start, error.position)
    if value is None:
        raise UnparsedError(f"{where}: {error.reason}, and nothing before it is whole")
    yield Found(value, "the file")
    yield Unread(where, f"{error.reason}; what is whole before it is kept")


def _whole_part(text: str, start: int, stop: int) -> object | None:
    """The document up to the last whole object of its outermost list, as if it ended there."""
    open_brackets: list[tuple[str, int]] = []
    for found in _TOKEN.finditer(text, start, stop):
        token = found[0]
        if token in ("{", "["):
            open_brackets.append((token, 0))
        elif token in ("}", "]"):
            open_brackets.pop()
            if token == "}" and open_brackets and open_brackets[-1][0] == "[":
                open_brackets[-1] = ("[", found.end())
    for depth, (bracket, end) in enumerate(open_brackets, 1):
        if bracket == "[" and end:
            closing = "".join("]" if opened == "[" else "}" for opened, _ in reversed(open_brackets[:depth]))
            return _decode(text[start:end] + closing, 0)[0]
    return None


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _LineCounter:
    """The lines of positions that only go forward: counting each from the start would be quadratic."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1

    def at(self, position: int) -> str:
        """The line of a position, as people are told it."""
        self._line += self._text.count("\n", self._position, position)
        self._position = position
        return f"line {self._line}"
