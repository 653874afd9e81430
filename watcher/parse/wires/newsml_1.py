"""NewsML 1.0 to 1.2: news items of nested components; the story is the text of the component that has the headline."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.model import Article, Page, Unread
from watcher.parse.draft import Draft
from watcher.parse.markup import Line
from watcher.parse.wires import nitf
from watcher.parse.wires.body import read_element, read_text
from watcher.parse.wires.story import Embargo, finish_story, offer_status, offer_time, without_items, without_text
from watcher.parse.xml_tree import Element, attribute, child, children, name_of, outermost, read_xml, text_of

_BESIDE = (
    "caption photo picture image graphic logo thumbnail preview quicklook stylesheet contact headline title "
    "icon video audio animation advertisement byline dateline keyword copyright"
).split()
"""Roles of components that are no story, by a word in them."""
_MAIN = ("main", "body", "story", "text", "article")
_NO_TEXT = ("css", "image", "jpeg", "gif", "png", "video", "audio", "javascript")


def read_newsml_1(page: Page) -> Iterator[Article | Unread]:
    """The articles of all news items; an item of pictures alone is `Unread` where there is no other."""
    tree = read_xml(page.text)
    yield from read_documents(tree.root, page, tree.repairs)


def read_documents(root: Element, page: Page, repairs: tuple[str, ...]) -> Iterator[Article | Unread]:
    """The articles of all NewsML documents at or below an element."""
    envelope = next((element for element in root.iter() if name_of(element) == "newsenvelope"), None)
    without: list[Unread] = []
    count = 0
    for number, item in enumerate(_items_in(root), start=1):
        identifier = child(item, "identification", "newsidentifier")
        name = text_of(child(identifier, "newsitemid")) or text_of(child(identifier, "publicidentifier"))
        articles = 0
        for place, story in enumerate(_stories_in(item)):
            draft = Draft(page, "newsml-1.2")
            draft.repaired(repairs)
            suffix = f"#{attribute(story, 'duid') or place + 1}" if place else ""
            draft.offer("native_id", f"{name}{suffix}" if name else None, "NewsItemId")
            if article := _read_story(item, story, envelope, page, draft):
                articles += 1
                yield article
        count += articles
        if articles == 0:
            without.append(without_text(f"NewsItem {name or number}", _kind_of(item), repairs))
    if count == 0:
        yield from without or (without_items(repairs),)


def _items_in(root: Element) -> Iterator[Element]:
    """Every news item, those inside of others too, in reading order."""
    return (element for element in root.iter() if name_of(element) == "newsitem")


def _components_in(item: Element) -> Iterator[Element]:
    """The components of an item, in reading order, not those of items inside of it."""
    stack = [part for part in reversed(item) if name_of(part) == "newscomponent"]
    while stack:
        component = stack.pop()
        yield component
        stack += [part for part in reversed(component) if name_of(part) == "newscomponent"]


def _stories_in(item: Element) -> Iterator[Element]:
    """The components with a headline of their own and text below; translations and side stories have their own."""
    headlines: set[str] = set()
    for component in _components_in(item):
        headline = text_of(child(component, "newslines", "headline"))
        if headline and headline not in headlines and not _is_beside(component) and _texts_below(component):
            headlines.add(headline)
            yield component
    if not headlines:
        component = child(item, "newscomponent")
        if component is not None and (_texts_below(component) or text_of(child(component, "newslines", "headline"))):
            yield component


def _is_beside(component: Element) -> bool:
    roles = (_formal_name(component, "role") or "").lower()
    return any(word in roles for word in _BESIDE)


def _texts_below(story: Element) -> list[tuple[bool, Element]]:
    """The contents that are text of this story, and whether their component is said to be the main one."""
    found: list[tuple[bool, Element]] = []
    stack = [story]
    while stack:
        component = stack.pop()
        role = (_formal_name(component, "role") or "").lower()
        for content in children(component, "contentitem"):
            data = child(content, "datacontent")
            if data is not None and text_of(data) and _is_text(content):
                found.append((any(word in role for word in _MAIN), data))
        stack += [
            part
            for part in reversed(children(component, "newscomponent"))
            if not _is_beside(part) and not text_of(child(part, "newslines", "headline"))
        ]
    return found


def _is_text(content: Element) -> bool:
    said = [_formal_name(content, name) or "" for name in ("mediatype", "mimetype", "format")]
    is_encoded = child(content, "encoding") is not None  # Base64 and the like are no words.
    return not is_encoded and not any(word in one.lower() for one in said for word in _NO_TEXT)


def _read_story(item: Element, story: Element, envelope: Element | None, page: Page, draft: Draft) -> Article | None:
    management = child(item, "newsmanagement")
    identifier = child(item, "identification", "newsidentifier")
    lines, inner = _read_texts(story)
    above = [story, *(one for one in story.iterancestors() if name_of(one) == "newscomponent")]
    draft.offer("title", text_of(child(story, "newslines", "headline")), "HeadLine")
    draft.offer("title", _text_with_role(story, "title", "headline"), "component with the role of a headline")
    draft.offer("title", inner, "headline in the content")
    if not lines and draft.get("title") is None:
        return None
    draft.offer(
        "summary", _text_with_role(story, "abstract", "summary", "lead"), "component with the role of a summary"
    )
    for component in above:
        draft.offer("author", text_of(child(component, "newslines", "byline")), "ByLine")
        draft.offer("language", _formal_name(child(component, "descriptivemetadata"), "language"), "Language")
    draft.offer("language", attribute(item, "lang"), "xml:lang")
    draft.offer("version", text_of(child(identifier, "revisionid")), "RevisionId")
    offer_status(draft, _formal_name(management, "status"), "Status")
    for name in ("provider", "source", "creator"):
        for component in above:
            party = child(component, "administrativemetadata", name, "party")
            draft.offer("publisher", attribute(party, "formalname"), name.capitalize())
    draft.offer("publisher", text_of(child(identifier, "providerid")), "ProviderId")
    embargo = _read_embargo(management, above, page, draft)
    offer_time(draft, page, text_of(child(management, "thisrevisioncreated")), "ThisRevisionCreated")
    offer_time(draft, page, text_of(child(management, "firstcreated")), "FirstCreated")
    offer_time(draft, page, text_of(child(identifier, "dateid")), "DateId")
    offer_time(draft, page, text_of(child(envelope, "dateandtime")), "DateAndTime")
    return finish_story(draft, lines, until=embargo.until)


def _read_embargo(management: Element | None, above: list[Element], page: Page, draft: Draft) -> Embargo:
    """Until when the status forbids to publish, or from when on the usage rights allow it."""
    embargo = Embargo(draft, page)
    created = [text_of(child(management, name)) for name in ("thisrevisioncreated", "firstcreated")]
    for component in above:
        for rights in children(child(component, "rightsmetadata"), "usagerights"):
            embargo.read_release(text_of(child(rights, "startdate")), *created)
    change = child(management, "statuswillchange")
    if (_formal_name(change, "futurestatus") or "").lower() == "usable":
        embargo.read_release(text_of(child(change, "dateandtime")), *created)
    return embargo


def _read_texts(story: Element) -> tuple[list[Line], str | None]:
    """The lines of the story's text: of the main content, else the longest; NITF before the same in another format."""
    texts = _texts_below(story)
    contents = [data for is_main, data in texts if is_main] or [data for _, data in texts]
    read = [_read_content(data) for data in contents]
    longest = max((_length(lines) for lines, _ in read), default=0)
    return next((one for one in read if _length(one[0]) * 2 >= longest), ([], None))


def _read_content(data: Element) -> tuple[list[Line], str | None]:
    document = next(outermost(data, "nitf"), None)
    if document is not None:
        return nitf.read_body(document), nitf.read_headline(document) or None
    if len(data):
        return read_element(next(outermost(data, "body.content", "body"), data)), None
    return read_text(data.text or ""), None


def _text_with_role(story: Element, *roles: str) -> str | None:
    """The text of the component right below a story that has one of these roles."""
    for part in children(story, "newscomponent"):
        if (_formal_name(part, "role") or "").lower() in roles:
            return text_of(child(part, "contentitem", "datacontent")) or None
    return None


def _length(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _kind_of(item: Element) -> str | None:
    kinds = (_formal_name(content, "mediatype") for content in outermost(item, "contentitem"))
    return next((kind.lower() for kind in kinds if kind), None)


def _formal_name(parent: Element | None, name: str) -> str | None:
    element = child(parent, name)
    return attribute(element, "formalname") or text_of(element) or None
