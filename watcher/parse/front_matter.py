"""The header of a Jekyll or Hexo post: YAML as it should be, and the ladder of repairs for YAML as it is.

Exporters paste titles between quotes without escaping them, so real headers break YAML every day. Every value stays
text: YAML's own reading would make 1 of ``000001`` and ``True`` of ``ON``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

Value = str | list[str]

_MAX_CHARACTERS = 65_536
_MAX_DEPTH = 20
"""Limits of a header (reliability rows P6 and P7): beyond them YAML costs seconds or the whole process."""

_OPENING = re.compile(r"\ufeff?\s*?---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"^(?P<key>[^\s:#'\"\[\]{}-][^:\n]{0,60}?)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
_ITEM_LINE = re.compile(r"^[ \t]*-[ \t]+(?P<value>\S.*)$")
_PLAIN_VALUE = r"""(?:"[^"\\]*"|'[^']*'|[^\W_](?:[^:#]|:(?=\S)|(?<!\s)\#)*(?<!:))?"""
_PLAIN_LINE = re.compile(rf"(?:[A-Za-z]\w*:(?:[ ]+{_PLAIN_VALUE})?|[ ]*-[ ]+{_PLAIN_VALUE})?")
"""A line that means to YAML what it says. Most headers have no others, and YAML takes a quarter of all parsing."""

_NOTHING = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a post says of itself. Keys are lower case; values are text or lists of text."""

    values: dict[str, Value] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()

    def text(self, *keys: str) -> str | None:
        """The first of these keys that holds a text with something in it."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, list):
                value = value[0] if value else None
            if value and value.strip():
                return " ".join(value.split())
        return None

    def items(self, *keys: str) -> list[str]:
        """The values of the first of these keys that has any, as a list."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str) and value.strip():
                return [value.strip()]
            if isinstance(value, list) and value:
                return [item.strip() for item in value if item.strip()]
        return []


def split_front_matter(text: str) -> tuple[FrontMatter | None, str]:
    """The header and the text below it; `None` and the whole text where a file has no header."""
    opening = _OPENING.match(text)
    if not opening:
        return None, text
    window = text[opening.end() : opening.end() + _MAX_CHARACTERS]
    closing = _CLOSING.search(window)
    header = window[: closing.start()] if closing else "".join(_leading_key_lines(window))
    loaded = _load(header)
    if not loaded.values:  # A rule (`---`) between paragraphs, not a header.
        return None, text
    if closing:
        return loaded, text[opening.end() + closing.end() :]
    unclosed = FrontMatter(loaded.values, (*loaded.repairs, "front matter was never closed"))
    return unclosed, text[opening.end() + len(header) :]


def _leading_key_lines(window: str) -> Iterator[str]:
    for line in window.splitlines(keepends=True):
        if not (_KEY_LINE.match(line.rstrip()) or _ITEM_LINE.match(line.rstrip())):
            return
        yield line


def _load(header: str) -> FrontMatter:
    by_line, doubles = _load_line_by_line(header)
    if not doubles and all(_PLAIN_LINE.fullmatch(line.rstrip()) for line in header.splitlines()):
        return FrontMatter(by_line)
    repairs = [f'"{key}" stands twice in the front matter; the last one counts' for key in doubles]
    try:
        values = _load_yaml(header)
    except (yaml.YAMLError, _BeyondLimitsError, ValueError) as error:
        problem = getattr(error, "problem", None) or str(error)
        return FrontMatter(by_line, (f"front matter read line by line, it is not YAML: {problem}", *repairs))
    for key in ("title", "author"):
        raw = by_line.get(key)
        if isinstance(raw, str) and raw != values.get(key) and _yaml_lost_text(values.get(key), raw):
            # `title: 重磅 #A股# 大涨` is a comment to YAML, `title: [快讯]` a list: to its reader both are titles.
            values[key] = raw
            repairs.append(f"{key} taken as it is written, YAML would have cut it")
    return FrontMatter(values, tuple(repairs))


def _yaml_lost_text(value: Value | None, raw: str) -> bool:
    return isinstance(value, list) or ((" #" in raw or raw.startswith("#")) and raw.startswith(value or ""))


class _BeyondLimitsError(Exception):
    """The header uses YAML that no post needs: anchors, aliases, tags or deep nesting."""


def _load_yaml(header: str) -> dict[str, Value]:
    """The top-level keys, built from the parser's events: no recursion, no aliases, all scalars text."""
    values: dict[str, Value] = {}
    key: str | None = None
    depth = 0
    for event in yaml.parse(header, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _BeyondLimitsError("anchors, aliases and tags are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise _BeyondLimitsError(f"nested deeper than {_MAX_DEPTH} levels")
            if depth == 1 and not isinstance(event, yaml.MappingStartEvent):
                raise _BeyondLimitsError("not a mapping")
            if depth == 2 and key is not None:
                values[key] = []
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if depth == 1:
                key = None
        elif isinstance(event, yaml.ScalarEvent):
            if depth == 0:
                raise _BeyondLimitsError("not a mapping")
            scalar = "" if event.style is None and event.value in _NOTHING else event.value
            if depth == 1 and key is None:
                key = scalar.strip().lower()
            elif depth == 1:
                values[key or ""] = scalar
                key = None
            elif key is not None and isinstance(held := values.get(key), list) and scalar:
                held.append(scalar)
    return values


def _load_line_by_line(header: str) -> tuple[dict[str, Value], list[str]]:
    """``key: value`` lines and ``- item`` lines below them, and the keys that stand twice."""
    values: dict[str, Value] = {}
    doubles: list[str] = []
    key = None
    for line in map(str.rstrip, header.splitlines()):
        if (found := _KEY_LINE.match(line)) and not line[0].isspace():
            key = found["key"].strip().lower()
            if key in values:
                doubles.append(key)
            value = found["value"] or ""
            values[key] = "" if value in _NOTHING else _unquote(value)
        elif key is not None and (found := _ITEM_LINE.match(line)):
            held = values[key]
            item = _unquote(found["value"])
            values[key] = [*held, item] if isinstance(held, list) else [item]
    return values, doubles


def _unquote(value: str) -> str:
    """The value inside its quotes, however many an exporter put around it.

    One pair comes off, three and more of the same come off together; two come off only if no quote is left inside,
    for ``""A"和"B""`` is one pair around a text that begins and ends with quoted words.
    """
    for quote in ('"', "'"):
        run = min(len(value) - len(value.lstrip(quote)), len(value) - len(value.rstrip(quote)))
        if run == 0 or len(value) <= 2 * run:
            if value and not value.strip(quote):
                return ""
            continue
        inner = value[run:-run]
        if run == 2 and quote in inner:
            run, inner = 1, value[1:-1]
        value = inner.replace('\\"', '"') if quote == '"' else inner.replace("''", "'")
        if run < 3:  # Quotes as YAML means them: further ones inside belong to the text.
            break
    return value.strip()
