"""Headers in TOML and JSON, as Hugo writes them: their values as text, like those of YAML."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime

Value = str | list[str]

_MAX_CHARACTERS = 65_536
_NESTED_TOO_DEEP = re.compile(r"\[{9}|\{{9}|(?<![\w.-])(?:[\w-]{1,60}[ \t]{0,3}\.[ \t]{0,3}){9}")
"""What no post needs, and costs tomllib and json seconds or the stack."""

_EMPTY_LINE = re.compile(r"[ \t\r]*\n[ \t\r]*\n")
_MORE_JSON = re.compile(r"^\s*(?:[,\]}]|\{\s*[\"}]|\[\s*[\"{])", re.MULTILINE)

_NAMES = ("name", "title", "label", "text", "姓名", "名称")
"""Which key of a nested mapping says what a person would call it."""
_FURTHER = frozenset(("params", "extra", "taxonomies", "meta", "custom"))
"""Tables whose keys are as good as those at the top (Hugo's params, Zola's extra and taxonomies)."""


class NoHeaderError(ValueError):
    """A header that is not what it claims to be; the message says why."""


def read_toml(header: str) -> dict[str, Value]:
    """The values of a TOML header. Raises `NoHeaderError` where it is no TOML."""
    if _NESTED_TOO_DEEP.search(header):
        raise NoHeaderError("nested too deep")
    try:
        return as_values(tomllib.loads(header.replace("\r\n", "\n"), parse_float=str))
    except (ValueError, RecursionError) as error:
        raise NoHeaderError(str(error) or "nested too deep") from error


def json_header(text: str) -> tuple[dict[str, Value], int] | None:
    """The values of a JSON object that stands above a text, and where the text begins.

    `None` where there is no such object, or nothing but more JSON below it: a file of JSON Lines is no post.
    """
    start = len(text) - len(text.lstrip("\ufeff \t\r\n")) if text[:1] in "\ufeff \t\r\n{" else 0
    if not text.startswith("{", start):
        return None
    window = text[start : start + _MAX_CHARACTERS]
    try:
        found, length = json.JSONDecoder(strict=False).raw_decode(window)
    except (ValueError, RecursionError):
        return None
    below = text[start + length : start + length + _MAX_CHARACTERS]
    is_set_off = "\n" in window[:length] or bool(_EMPTY_LINE.match(below))
    if not isinstance(found, dict) or not is_set_off or not below.strip() or _MORE_JSON.search(below):
        return None
    values = as_values(found)
    return (values, start + length) if "title" in values or "date" in values else None


def as_values(mapping: Mapping[str, object]) -> dict[str, Value]:
    """A mapping as keys in lower case with texts, or lists of texts."""
    values: dict[str, Value] = {}
    for key, value in mapping.items():
        if isinstance(value, Mapping) and key.strip().lower() in _FURTHER:
            for inner, further in as_values(value).items():
                values.setdefault(inner, further)
        else:
            values[key.strip().lower()] = _as_value(value)
    return values


def _as_value(value: object) -> Value:
    if not isinstance(value, list):
        return _as_text(value)
    # Hexo nests categories: [[金融, 债券], [宏观]].
    flat = [inner for one in value for inner in (one if isinstance(one, list) else [one])]
    return [text for one in flat if (text := _as_text(one))]


def _as_text(value: object) -> str:
    if isinstance(value, Mapping):
        return _name_in({str(key): _as_text(one) for key, one in value.items() if not isinstance(one, Mapping | list)})
    if value is None or isinstance(value, list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _name_in(mapping: Mapping[str, str]) -> str:
    """What a nested mapping is called: its name, or all of its values."""
    named = next((mapping[key] for key in _NAMES if mapping.get(key)), None)
    return named if named is not None else " ".join(filter(None, mapping.values()))
