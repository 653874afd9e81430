"""Whether the config files say what can be done: pydantic's complaints in our words, and our own.

Every check looks at the document by itself, so that one mistake does not hide another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import permutations
from pathlib import Path
from types import NoneType
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from watcher.settings.complaints import Loc, did_you_mean
from watcher.settings.models import FolderEntry
from watcher.settings.paths import real_folder, shown
from watcher.settings.values import SecurityLookup
from watcher.settings.yaml_text import Document

Model = TypeVar("Model", bound=BaseModel)

_KINDS = {
    "string_type": "text",
    "string_unicode": "UTF-8 text",
    "tuple_type": "a list",
    "model_type": "keys and values",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "yes or no",
    "bool_parsing": "yes or no",
    "date_type": "a day such as 2026-12-31",
    "date_parsing": "a day such as 2026-12-31",
    "date_from_datetime_parsing": "a day such as 2026-12-31",
    "date_from_datetime_inexact": "a day such as 2026-12-31",
    "dict_type": "keys and values",
    "time_delta_type": "an ISO 8601 duration such as P3D or PT12H",
    "time_delta_parsing": "an ISO 8601 duration such as P3D or PT12H",
}
_LIMITS = {
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
}
_CHINESE_MARKS = "，、；［］“”‘’"
"""What a Chinese keyboard writes for the marks of a list: the words would be one that nothing contains."""

_MARKED = {dict: 'holds ": "', list: 'begins with "["', NoneType: 'begins with "#"'}
"""How an unquoted text becomes something else."""


def check_shape(document: Document, model: type[Model]) -> Model | None:
    """What the document holds, or `None` if its shape is wrong."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc = detail["loc"]
            if detail["type"] == "extra_forbidden":
                document.complain_of_key(loc, _unknown_key(str(loc[-1]), _keys_at(loc, model)))
            else:
                document.complain(loc, _words(detail))
    return None


def check_unique(document: Document, *names: str) -> None:
    """No two entries have one name or match the same, and no rule says a term twice."""
    first: dict[tuple[Loc, str], int] = {}
    for loc, text in document.texts_at(*names):
        scope = () if names[-1] in ("name", "match") else loc[:2]
        key = (scope, text if names[-1] == "match" else text.casefold())
        if key in first:
            document.complain(loc, f'"{text}" is there twice, first in line {first[key]}')
        first.setdefault(key, document.places[loc].line)


def check_folders(document: Document, base: Path) -> None:
    """No file is watched twice, by way of two folders."""
    for (inner_loc, inner, _), (outer_loc, outer, recursive) in permutations(_folders(document, base), 2):
        if inner == outer and inner_loc > outer_loc:
            document.complain(inner_loc, f"{shown(inner)} is there twice")
        elif inner != outer and recursive and inner.is_relative_to(outer):
            twice = f"{shown(inner)} lies in {shown(outer)}: its files would be read twice"
            document.complain(inner_loc, twice)


def check_rules(document: Document, channels: Collection[str] | None, securities: SecurityLookup) -> None:
    """Every channel is defined (`None`: who knows which are) and every stock is somebody's."""
    if channels is not None:
        defined = ", ".join(dict.fromkeys(channels)) or "none"
        for loc, text in document.texts_at("rules", "channels"):
            if text not in channels:
                hint = did_you_mean(text, channels) or f"; defined are {defined}"
                document.complain(loc, f'"{text}" is no channel of watcher.yaml{hint}')
    for loc, text in document.texts_at("rules", "stocks"):
        _check_security(document, loc, text, securities)


def check_aliases(document: Document, securities: SecurityLookup) -> None:
    """Every alias is of some security."""
    for loc, text in document.texts.items():
        if len(loc) > 1 and loc[0] == "aliases":
            _check_security(document, loc, text, securities)


def _check_security(document: Document, loc: Loc, text: str, securities: SecurityLookup) -> None:
    """A code or name is somebody's."""
    if securities.resolve(text) is None:
        near = [security.rpartition(" ") for security in securities.near(text)]
        meant = " or ".join(f"{name} ({symbol})" for name, _, symbol in near)
        hint = (
            f", did you mean {meant}?" if meant else "; write its code with the exchange, such as 00700.HK or NVDA.US"
        )
        document.complain(loc, f'"{text}" is no known code or name{hint}')


def check_terms(document: Document) -> None:
    """No word is several words run together by Chinese punctuation, and none is both wanted and excluded."""
    for name in ("stocks", "keywords", "require", "exclude"):
        for loc, text in document.texts_at("rules", name):
            found = next((mark for mark in _CHINESE_MARKS if mark in text), None)
            if found and loc in document.plain:
                advice = (
                    'separate words with ",", quote with \'"\', list with "[" and "]"; or put the whole into quotes'
                )
                document.complain(loc, f'"{text}" holds a Chinese "{found}": {advice}')
    excluded = {(loc[1], text.casefold()) for loc, text in document.texts_at("rules", "exclude")}
    for name in ("keywords", "require"):
        for loc, text in document.texts_at("rules", name):
            if (loc[1], text.casefold()) in excluded:
                document.complain(loc, f'"{text}" is excluded by the same rule, which so can never hold for it')


def _folders(document: Document, base: Path) -> Iterator[tuple[Loc, Path, bool]]:
    """Of each folder that is well described: where that is, the folder, and whether those in it count."""
    written = document.value.get("folders") if isinstance(document.value, dict) else None
    for number, value in enumerate(written if isinstance(written, list) else []):
        try:
            entry = FolderEntry.model_validate(value)
        except ValidationError:
            continue
        yield ("folders", number, "path"), real_folder(entry.path, base), entry.recursive


def _keys_at(loc: Loc, model: type[BaseModel]) -> list[str]:
    """The keys that are known where the unknown one at `loc` stands."""
    if len(loc) > 1:
        model = get_args(model.model_fields[str(loc[0])].annotation)[0]
    return list(model.model_fields)


def _unknown_key(key: str, known: list[str]) -> str:
    return f'unknown key "{key}"' + (did_you_mean(key, known) or f"; known are {', '.join(known)}")


def _words(detail: ErrorDetails) -> str:
    """A complaint of pydantic's in words for the person who wrote the file."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return f'"{detail["loc"][-1]}" is missing'
    if kind == "string_too_short":
        return "must not be empty"
    if kind == "literal_error":
        expected = context["expected"].replace("'", "")
        hint = did_you_mean(str(value), expected.replace(" or ", ", ").split(", "))
        return f"must be {expected}, not {_described(value)}{hint}"
    wanted = _LIMITS[kind].format(**context) if kind in _LIMITS else _KINDS.get(kind) or f"right ({detail['msg']})"
    unquoted = f" (a text that {_MARKED[type(value)]} needs quotes)" if kind == "string_type" else ""
    return f"must be {wanted}, not {_described(value)}{unquoted}"


def _described(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "a list"
    return "keys and values" if isinstance(value, dict) else f'"{value}"'
