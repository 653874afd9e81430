"""NewsML-G2: the news items of a message, or a single one. What only refers to items elsewhere is no article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from watcher.model import Article, Page, Unread
from watcher.parse.draft import Draft
from watcher.parse.markup import Line
from watcher.parse.wires import nitf
from watcher.parse.wires.body import read_element, read_text
from watcher.parse.wires.story import (
    Embargo,
    finish_story,
    local_code,
    offer_status,
    offer_time,
    without_items,
    without_text,
)
from watcher.parse.xml_tree import Element, attribute, child, children, name_of, outermost, read_xml, text_of

_ITEMS = ("newsitem", "packageitem", "conceptitem", "knowledgeitem", "planningitem", "catalogitem")
_NO_MAIN_HEADLINE = ("sub", "short", "deck", "kicker", "seo", "overline", "catch", "label", "slug", "social")
_NO_SUMMARY = ("caption", "note", "script", "shotlist", "keyword")
_NO_AUTHOR = ("source", "provider", "organisation", "org", "editor", "copyeditor")
_MEDIA = ("picture", "photo", "image", "graphic", "video", "audio", "animation")
_REFERENCES_NAMED = 8
_ENOUGH = 0.5
"""A rendition with this share of the longest one's text is the whole story; the best structured of these is taken."""


def read_newsml_g2(page: Page) -> Iterator[Article | Unread]:
    """The articles of a message or item. Pictures and packages beside them are no loss; alone they are `Unread`."""
    tree = read_xml(page.text)
    yield from read_items(tree.root, page, tree.repairs)


def read_items(root: Element, page: Page, repairs: tuple[str, ...]) -> Iterator[Article | Unread]:
    """The articles of all items at or below an element."""
    sender = text_of(child(root, "header", "sender"))
    sent = text_of(child(root, "header", "sent"))
    without: list[Unread] = []
    count = 0
    for item in outermost(root, *_ITEMS):
        for news in outermost(item, "newsitem"):  # A package may hold its items.
            draft = Draft(page, "newsml-g2")
            draft.repaired(repairs)
            article = _read_news_item(news, page, draft, sender, sent)
            count += article is not None
            if article:
                yield article
            else:
                without.append(without_text(_where(news), _kind_of(news), repairs))
        if name_of(item) == "packageitem":
            without.append(Unread(_where(item), _describe_package(item)))
        elif name_of(item) != "newsitem":
            without.append(Unread(_where(item), "no news, but what is known of a concept, an event or a plan"))
    if count == 0:
        yield from without or (without_items(repairs),)


def _where(item: Element) -> str:
    return " ".join(filter(None, (name_of(item).replace("item", "Item"), attribute(item, "guid"))))


def _read_news_item(item: Element, page: Page, draft: Draft, sender: str, sent: str) -> Article | None:
    item_meta, content_meta = child(item, "itemmeta"), child(item, "contentmeta")
    content = child(item, "contentset")
    lines, inner = _read_content(content)
    draft.offer("title", _headline(content_meta), "headline")
    draft.offer("title", inner, "headline in the content")
    draft.offer("title", text_of(child(item_meta, "title")), "itemMeta: title")
    kind = _kind_of(item)
    if not lines and (draft.get("title") is None or kind in _MEDIA):
        return None
    if not lines and (elsewhere := attribute(child(content, "remotecontent"), "href")):
        draft.repaired([f"only the headline: its text is not in the file but at {elsewhere[:200]}"])
    draft.offer("native_id", attribute(item, "guid"), "guid")
    draft.offer("version", attribute(item, "version"), "version")
    draft.offer("summary", _described(content_meta), "description")
    draft.offer("language", attribute(child(content_meta, "language"), "tag"), "language")
    draft.offer("language", attribute(item, "lang"), "xml:lang")
    _offer_parties(draft, item, item_meta, content_meta, sender)
    embargo = Embargo(draft, page)
    embargoed = child(item_meta, "embargoed")
    if embargoed is not None:
        embargo.read(text_of(embargoed), "embargoed")
    status = child(item_meta, "pubstatus")
    offer_status(draft, attribute(status, "qcode") or attribute(status, "uri") or text_of(status), "pubStatus")
    offer_time(draft, page, text_of(child(item_meta, "versioncreated")), "versionCreated")
    for name in ("contentModified", "contentCreated"):
        offer_time(draft, page, text_of(child(content_meta, name.lower())), name)
    offer_time(draft, page, text_of(child(item_meta, "firstcreated")), "firstCreated")
    offer_time(draft, page, sent, "header: sent")
    return finish_story(draft, lines, until=embargo.until)


def _headline(content_meta: Element | None) -> str | None:
    """The main headline: without a role, or with one that says no other."""
    headlines = [(attribute(one, "role") or "", text_of(one)) for one in children(content_meta, "headline")]
    headlines = [(local_code(role).lower(), text) for role, text in headlines if text]
    ranked = sorted(headlines, key=lambda one: (bool(one[0]) and "main" not in one[0], _is_other_headline(one[0])))
    return ranked[0][1] if ranked else None


def _is_other_headline(role: str) -> bool:
    return any(word in role for word in _NO_MAIN_HEADLINE)


def _described(content_meta: Element | None) -> str | None:
    for one in children(content_meta, "description"):
        role = local_code(attribute(one, "role") or "").lower()
        if not any(word in role for word in _NO_SUMMARY) and (text := text_of(one)):
            return text
    return None


def _offer_parties(
    draft: Draft, item: Element, item_meta: Element | None, content_meta: Element | None, sender: str
) -> None:
    holder = child(item, "rightsinfo", "copyrightholder")
    sources = children(content_meta, "infosource")
    for party, origin in (
        (child(item_meta, "provider"), "provider"),
        *((source, "infoSource") for source in sources),
        (holder, "copyrightHolder"),
    ):
        draft.offer("publisher", _party(party), origin)
    draft.offer("publisher", sender, "header: sender")
    draft.offer("author", ", ".join(filter(None, (text_of(by) for by in children(content_meta, "by")))), "by")
    houses = {_party(one) for one in (child(item_meta, "provider"), holder, *sources)}
    authors = [
        name
        for creator in children(content_meta, "creator")
        if (name := _party(creator)) and name not in houses and not _is_house(creator)
    ]
    draft.offer("author", ", ".join(dict.fromkeys(authors)), "creator")


def _is_house(creator: Element) -> bool:
    said = (local_code(attribute(creator, name) or "").lower() for name in ("role", "type"))
    return any(word in _NO_AUTHOR for word in said)


def _party(party: Element | None) -> str | None:
    """What a party is called: its name, else what identifies it, without the scheme."""
    if party is None:
        return None
    code = attribute(party, "qcode") or attribute(party, "uri")
    named = text_of(child(party, "name")) or attribute(party, "literal")
    return named or (local_code(code) if code else text_of(party))


def _kind_of(item: Element) -> str | None:
    """``text``, ``picture``, ``video``…: the item's class, or what its content is said to be."""
    said = child(item, "itemmeta", "itemclass")
    kind = attribute(said, "qcode") or attribute(said, "uri")
    if kind:
        return local_code(kind).lower()
    media_type = attribute(child(item, "contentset", "remotecontent"), "contenttype") or ""
    return media_type.partition("/")[0].lower() or None


def _read_content(content: Element | None) -> tuple[list[Line], str | None]:
    """The lines of the best rendition, and the headline it carries: NITF before XHTML before text."""
    renditions: list[tuple[list[Line], str | None]] = []
    for part in children(content, "inlinexml", "inlinedata"):
        inner = next(iter(outermost(part, "nitf")), None)
        if inner is not None:
            renditions.insert(0, (nitf.read_body(inner), nitf.read_headline(inner) or None))
        elif len(part):
            renditions.append((read_element(_body_of(part)), text_of(next(outermost(part, "h1"), None)) or None))
        elif part.text and part.text.strip() and not attribute(part, "encoding"):
            is_plain = (attribute(part, "contenttype") or "").lower().startswith("text/plain")
            renditions.append((read_text(part.text, is_plain=is_plain), None))
    longest = max((_length(lines) for lines, _ in renditions), default=0)
    return next((one for one in renditions if _length(one[0]) >= longest * _ENOUGH), ([], None))


def _body_of(part: Element) -> Element:
    return next(outermost(part, "body"), part)


def _length(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _describe_package(package: Element) -> str:
    """What a package refers to."""
    references = list(outermost(package, "itemref"))
    kinds = Counter(_class_of(reference) for reference in references)
    counted = " and ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items())
    names = [attribute(one, "residref") or attribute(one, "href") or "?" for one in references]
    more = f" and {len(names) - _REFERENCES_NAMED} more" if len(names) > _REFERENCES_NAMED else ""
    listed = f": {', '.join(names[:_REFERENCES_NAMED])}{more}" if names else ""
    title = text_of(child(package, "contentmeta", "headline")) or text_of(child(package, "itemmeta", "title"))
    called = f" {title!r}" if title else ""
    return f"a package{called} without news of its own, which refers to {counted or 'nothing'}{listed}"


def _class_of(reference: Element) -> str:
    said = child(reference, "itemclass")
    return local_code(attribute(said, "qcode") or attribute(said, "uri") or "") or "item"
