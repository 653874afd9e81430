"""NITF (News Industry Text Format) 2.5 to 3.6: one story a document, its fields in `head` and `body.head`."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Article, Page, Unread
from watcher.parse.draft import Draft
from watcher.parse.markup import Line
from watcher.parse.wires.body import read_element
from watcher.parse.wires.story import (
    WITHDRAWN,
    Embargo,
    finish_story,
    offer_first,
    offer_status,
    offer_time,
    status_word,
    without_text,
)
from watcher.parse.xml_tree import Element, attribute, child, children, outermost, read_xml, text_of

_NOT_THE_HEADLINE = ("hl2", "note")
_NOT_THE_AUTHOR = ("byttl", "virtloc")


def read_nitf(page: Page) -> Iterator[Article | Unread]:
    """The story of a NITF document; several where documents were put together."""
    tree = read_xml(page.text)
    yield from read_stories(tree.root, page, tree.repairs)


def read_stories(root: Element, page: Page, repairs: tuple[str, ...]) -> Iterator[Article | Unread]:
    """The stories of all NITF documents at or below an element."""
    for number, nitf in enumerate(outermost(root, "nitf"), start=1):
        draft = Draft(page, "nitf")
        draft.repaired(repairs)
        article = _read_story(nitf, page, draft)
        yield article or without_text(f"story {number}", "NITF document", repairs)


def read_body(nitf: Element) -> list[Line]:
    """The lines of the story itself: `body.content` of the body, not the one of a note above it."""
    body = child(nitf, "body")
    contents = children(body, "body.content")
    if not contents:  # Below an element that some agencies put around, or with the paragraphs right in the body.
        parts = [part for part in ([] if body is None else body) if not children(part, "hedline", "hl1")]
        contents = [inner for part in parts for inner in children(part, "body.content")]
    whole = contents or [element for element in (body,) if element is not None]
    return [line for content in whole for line in read_element(content)]


def read_headline(nitf: Element) -> str:
    """The main headline that the story carries in its body."""
    hedline = child(nitf, "body", "body.head", "hedline")
    return text_of(child(hedline, "hl1")) or text_of(hedline, without=_NOT_THE_HEADLINE)


def read_byline(nitf: Element) -> str:
    """Who wrote it, as the byline has it, without titles."""
    bylines = children(child(nitf, "body", "body.head"), "byline")
    return ", ".join(filter(None, (text_of(byline, without=_NOT_THE_AUTHOR).strip(" ,") for byline in bylines)))


def _read_story(nitf: Element, page: Page, draft: Draft) -> Article | None:
    docdata = child(nitf, "head", "docdata")
    head = child(nitf, "body", "body.head")
    offer_first(
        draft,
        "title",
        (read_headline(nitf), "hedline"),
        (text_of(child(nitf, "head", "title")), "head: title"),
    )
    lines = read_body(nitf)
    if not lines and draft.get("title") is None:
        return None
    draft.offer("summary", text_of(child(head, "abstract")), "abstract")
    below = text_of(child(nitf, "body", "body.head", "hedline", "hl2"))
    draft.offer("summary", below if below != draft.get("title") else None, "hl2")
    draft.offer("native_id", attribute(child(docdata, "doc-id"), "id-string"), "doc-id")
    draft.offer("author", read_byline(nitf), "byline")
    draft.offer("language", attribute(nitf, "baselang") or attribute(nitf, "lang"), "baselang")
    offer_first(
        draft,
        "publisher",
        (text_of(child(head, "distributor")), "distributor"),
        (text_of(child(head, "rights", "rights.owner")), "rights.owner"),
        (attribute(child(docdata, "doc.copyright"), "holder"), "doc.copyright"),
        (attribute(child(docdata, "doc.rights"), "owner"), "doc.rights"),
        (attribute(child(docdata, "doc-id"), "regsrc"), "doc-id: regsrc"),
    )
    offer_status(draft, attribute(docdata, "management-status"), "docdata: management-status")
    embargo = Embargo(draft, page)
    issue, release = _norm(docdata, "date.issue"), _norm(docdata, "date.release")
    publication = attribute(child(nitf, "head", "pubdata"), "date.publication")
    embargo.read_release(release, issue, publication)
    offer_time(draft, page, issue, "date.issue")
    offer_time(draft, page, publication, "pubdata: date.publication")
    offer_time(draft, page, _norm(child(head, "dateline"), "story.date"), "story.date")
    offer_time(draft, page, release, "date.release")
    return finish_story(draft, lines, until=embargo.until, cancels=_cancelled(docdata, draft))


def _norm(parent: Element | None, name: str) -> str | None:
    element = child(parent, name)
    return attribute(element, "norm") or text_of(element) or None


def _cancelled(docdata: Element | None, draft: Draft) -> tuple[str, ...]:
    """The earlier document that this one withdraws."""
    earlier = attribute(docdata, "management-doc-idref")
    status = attribute(docdata, "management-idref-status")
    withdraws = status_word(status) in WITHDRAWN if status else draft.get("status") in WITHDRAWN
    return (earlier,) if earlier and withdraws else ()
