"""ninjs, the IPTC's news in JSON, 1.0 to 3.3: its names in one spelling, whatever the version or the dialect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from watcher.model import Article, Page, Unread
from watcher.parse.draft import Draft
from watcher.parse.markup import Line, one_line, plain_text
from watcher.parse.wires.body import read_markup, read_text
from watcher.parse.wires.story import Embargo, finish_story, offer_first, offer_status, offer_time, without_text

_LISTS = ("item", "items", "hits", "data", "docs", "results", "news", "source")
"""Under what names answers hold their items."""
_DEEPEST_WRAPPING = 6
_IDENTIFIERS = ("uri", "guid")
_TELLING = frozenset("versioncreated pubstatus bodytext bodyhtml bodyxhtml bodyhtml5 bodies headlines".split())
"""Names that only ninjs has; two of them, or one and one of the others, beside an identifier, make a file ninjs."""
_USUAL = frozenset(
    "headline descriptiontext descriptionhtml descriptions firstcreated copyrightholder copyrightnotice usageterms "
    "slugline byline urgency ednote associations renditions altids infosources representationtype profile".split()
)
_PICTURES = ("picture", "graphic", "photo", "image")
"""Whatever text these bring is a caption."""
_MEDIA = (*_PICTURES, "video", "audio", "composite", "planning", "event")
_HTML_BODIES = ("bodyhtml", "bodyxhtml", "bodyhtml5", "bodyrichhtml5")
_HTML_ROLES = ("html", "xhtml", "html5", "main", "body", "richhtml5")

Fields = Mapping[str, Any]


def is_ninjs(value: object) -> bool:
    """Whether a decoded JSON value is ninjs: an item, or a list of items with or without an answer around it."""
    return next(_items_in(value, 0), None) is not None


def read_ninjs(value: object, page: Page) -> Iterator[Article | Unread]:
    """The articles of a decoded ninjs value. Pictures beside them are no loss; alone they are `Unread`."""
    without: list[Unread] = []
    count = 0
    for number, item in enumerate(_items_in(value, 0), start=1):
        article = _read_item(item, page)
        if article:
            count += 1
            yield article
        elif inner := [found for part in _associated(item) if (found := _read_item(part, page))]:  # A composite's.
            count += len(inner)
            yield from inner
        else:
            where = f"item {_text(item, *_IDENTIFIERS, 'id') or number}"
            without.append(without_text(where, _text(item, "type")))
    if count == 0:
        yield from without


def _items_in(value: object, depth: int) -> Iterator[Fields]:
    """The items of a value, those of a list answer too, with their names in one spelling."""
    if depth > _DEEPEST_WRAPPING:
        return
    if isinstance(value, list):
        found = [list(_items_in(one, depth + 1)) for one in value]
        holds_items = any(found)
        for one, items in zip(value, found, strict=True):
            # Beside items, what lacks an identifier or the like is one too: nothing of a list is lost.
            yield from items or ([_one_spelling(one)] if isinstance(one, dict) and holds_items else ())
    elif isinstance(value, dict):
        fields = _one_spelling(value)
        if _is_item(fields):
            yield fields
            return
        for name in _LISTS:
            if isinstance(fields.get(name), (list, dict)):
                yield from _items_in(fields[name], depth + 1)


def _is_item(fields: Fields) -> bool:
    standard = fields.get("standard") or fields.get("$standard")
    if isinstance(standard, dict) and "ninjs" in str(standard.get("name", "")).lower():
        return True
    telling, usual = len(_TELLING & fields.keys()), len(_USUAL & fields.keys())
    return any(name in fields for name in (*_IDENTIFIERS, "altids")) and telling > 0 and telling + usual > 1


def _one_spelling(item: dict[str, Any]) -> dict[str, Any]:
    """Its fields by names in lower case without underscores: ``body_text`` and ``versionCreated`` were both changed."""
    fields: dict[str, Any] = {}
    for name, value in item.items():
        fields.setdefault(name.lower().replace("_", ""), value)
    return fields


def _associated(item: Fields) -> Iterator[Fields]:
    """The items that a composite brings along."""
    associations = item.get("associations")
    if not isinstance(associations, (dict, list)):
        return
    for part in associations.values() if isinstance(associations, dict) else associations:
        if isinstance(part, dict):
            yield _one_spelling(part)


def _read_item(item: Fields, page: Page) -> Article | None:
    draft = Draft(page, "ninjs")
    lines = _read_body(item)
    offer_first(
        draft,
        "title",
        (plain_text(_text(item, "headline") or ""), "headline"),
        (plain_text(_by_role(item.get("headlines"), "main", "headline") or ""), "headlines"),
        (plain_text(_text(item, "title") or ""), "title"),
    )
    kind = (_text(item, "type") or "").lower()
    if kind in _PICTURES or (not lines and (draft.get("title") is None or kind in _MEDIA)):
        return None
    draft.offer("summary", _summary(item), "description")
    draft.offer("native_id", _text(item, *_IDENTIFIERS), "uri or guid")
    others = item.get("altids")
    draft.offer("native_id", _text(_one_spelling(others), "itemid") if isinstance(others, dict) else None, "altids")
    draft.offer("version", _text(item, "version"), "version")
    draft.offer("language", _text(item, "language"), "language")
    offer_first(
        draft,
        "author",
        (_text(item, "byline", "by"), "byline"),
        (_names(item.get("bylines"), "by", "byline", "name", "value"), "bylines"),
        (_names(item.get("authors"), "name"), "authors"),
        (_names(item.get("contributors"), "name"), "contributors"),
    )
    offer_first(
        draft,
        "publisher",
        (_text(item, "source"), "source"),
        (_first_name(item.get("infosources")), "infosources"),
        (_first_name(item.get("infosource")), "infosource"),
        (_text(item, "provider"), "provider"),
        (_text(item, "copyrightholder"), "copyrightholder"),
    )
    embargo = Embargo(draft, page)
    if embargoed := _text(item, "embargoed"):
        embargo.read(embargoed, "embargoed")
    offer_status(draft, _text(item, "pubstatus"), "pubstatus")
    for name in ("versioncreated", "contentmodified", "contentcreated", "firstcreated"):
        offer_time(draft, page, _text(item, name), name)
    return finish_story(draft, lines, until=embargo.until)


def _read_body(item: Fields) -> list[Line]:
    """The lines of the first body that has any: HTML before plain text."""
    bodies = [body for body in _list(item.get("bodies")) if isinstance(body, dict)]
    said = [_one_spelling(body) for body in bodies]
    ranked = sorted(said, key=lambda body: (not _is_html(body), _text(body, "role") not in _HTML_ROLES))
    for name in _HTML_BODIES:
        if isinstance(html := item.get(name), str) and (lines := read_markup(html)):
            return lines
    for body in ranked:
        value = body.get("value")
        if isinstance(value, str) and not _is_other_xml(body):
            lines = read_markup(value) if _is_html(body) else read_text(value, is_plain=True)
            if lines:
                return lines
    plain = item.get("bodytext")
    return read_text(plain) if isinstance(plain, str) else []


def _is_html(body: Fields) -> bool:
    said = f"{_text(body, 'contenttype') or ''} {_text(body, 'role') or ''}"
    return "html" in said.lower()


def _is_other_xml(body: Fields) -> bool:
    """Whether a body repeats the story in an XML format of its agency's own."""
    return "xml" in (_text(body, "contenttype") or "").lower() and not _is_html(body)


def _summary(item: Fields) -> str | None:
    text = _text(item, "descriptiontext", "descriptionhtml", "descriptionxhtml")
    text = text or _by_role(item.get("descriptions"), "summary", "abstract", "text", "main")
    return " ".join(line.text for line in read_text(text)) or None if text else None


def _by_role(values: object, *roles: str) -> str | None:
    """The value of the first of these roles, else of none, else the first."""
    listed = [_one_spelling(one) for one in _list(values) if isinstance(one, dict)]
    ranks = {role: rank for rank, role in enumerate(roles)} | {"": len(roles)}
    ranked = sorted(listed, key=lambda one: ranks.get((_text(one, "role") or "").lower(), len(ranks)))
    return next((text for one in ranked if (text := _text(one, "value"))), None)


def _names(values: object, *names: str) -> str | None:
    found = (_text(_one_spelling(one), *names) if isinstance(one, dict) else one for one in _list(values))
    return ", ".join(one for one in found if isinstance(one, str) and one) or None


def _first_name(values: object) -> str | None:
    if isinstance(values, str):
        return values or None
    listed = _list(values) if isinstance(values, list) else [values]
    return next((name for one in listed if isinstance(one, dict) and (name := _text(one, "name", "literal"))), None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(fields: Fields, *names: str) -> str | None:
    """The first of these fields that is a word or number, as text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and (text := one_line(str(value))):
            return text
    return None
