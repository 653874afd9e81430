"""XML of an agency's own design, read by telling element names: a headline, or an id with a date, beside a text.

A generic reader, and a careful one: what does not clearly tell a story is refused with the name of its root.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from watcher.errors import UnparsedError
from watcher.model import Article, Page, Unread
from watcher.parse.draft import Draft, DraftField
from watcher.parse.markup import Line, one_line, plain_text
from watcher.parse.wires import newsml_1, newsml_g2, nitf
from watcher.parse.wires.body import HTML_NAMES, read_element, read_text
from watcher.parse.wires.story import Embargo, finish_story, offer_status, offer_time
from watcher.parse.xml_tree import Element, attribute, child, name_of, outermost, read_xml, text_of

_NAMES = {
    "title": "headline mainheadline hedline hl1 title newstitle storytitle titre titel titulo título titolo rubrik "
    "otsikko tittel overskrift ueberschrift überschrift kop 标题",
    "body": "body bodytext bodyhtml articlebody newsbody storybody content newscontent text storytext newstext "
    "articletext fulltext maintext story texte inhalt contenido cuerpo testo corpo brodtext brødtekst tekst 正文 内容",
    "published": "publishdate publisheddate publicationdate publishedat publishtime datepublished published pubdate "
    "issuedate newsdate releasedate versioncreated datetime date timestamp sent createddate createdat created "
    "datecreated firstcreated modified lastmodified updated datum fecha data 发布时间 日期",
    "time": "time pubtime newstime uhrzeit hora heure",
    "native_id": "newsid newsitemid articleid storyid itemid docid documentid uniqueid guid uuid identifier id",
    "publisher": "provider agency newsagency publisher source origin credit copyrightholder quelle fuente fonte 来源",
    "author": "byline author authors autor auteur autore creator reporter journalist writer by 作者",
    "version": "version revision revisionid versionid",
    "status": "pubstatus status managementstatus newsstatus",
    "section": "section category desk ressort rubrique sección 栏目",
    "summary": "summary abstract description standfirst teaser ingress chapeau 摘要",
    "language": "language lang sprache langue idioma",
    "url": "url weburl permalink link 链接",
    "embargo": "embargo embargoed embargodate embargountil embargotime embargoend",
    "canceled": "canceled cancelled annuleret killed withdrawn",
}
"""What elements are called, without regard to case, hyphens and underscores, the most telling name first."""

_RANKS = {word: (field, rank) for field, words in _NAMES.items() for rank, word in enumerate(words.split())}
_DRAFTED: tuple[DraftField, ...] = ("native_id", "publisher", "author", "version", "section")
_OF_ALL = ("publisher", "language", "published", "time")
"""What may stand once above several stories and holds for each of them."""
_PARAGRAPHS = frozenset(("p", "para", "paragraph", "par", "absatz"))
_TEXT_NAMES = (
    (HTML_NAMES - {"body"}) | _PARAGRAPHS | frozenset("hl1 hl2 block bq credit person org location chron".split())
)
_LAST_RANK = 1000
_CONTAINER = re.compile(r"head|meta|info|ident|front|propert|detail", re.IGNORECASE)
_BESIDE = re.compile(r"caption|image|photo|picture|media|video|audio|figure|attach|related|link|note", re.IGNORECASE)
_NOT_NEWS = frozenset(
    "svg schema stylesheet transform plist opml urlset sitemapindex kml gpx project configuration resources "
    "opensearchdescription manifest worksheet workbook document-content package".split()
)
_LEVELS = 3
"""So far above its text a story's headline and id may stand (``article/content/body``)."""
_YES, _NO = ("true", "1", "yes", "ja", "y"), ("false", "0", "no", "nej", "nein", "none", "n")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,8})*")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?.*")

Fields = dict[str, tuple[int, str, str]]
"""For each field the rank of the name it stood under (the lower the better), its text, and the name."""


def read_agency_xml(page: Page) -> Iterator[Article | Unread]:
    """The articles of an XML document for which there is no other reader.

    Raises `UnparsedError`, with the name of its root, where the elements do not tell a story.
    """
    tree = read_xml(page.text)
    root = tree.root
    if next(outermost(root, "nitf"), None) is not None:
        yield from nitf.read_stories(root, page, tree.repairs)
        return
    if any(child(item, "itemmeta") is not None for item in outermost(root, "newsitem", "packageitem")):
        yield from newsml_g2.read_items(root, page, tree.repairs)
        return
    if next(outermost(root, "newsml"), None) is not None:
        yield from newsml_1.read_documents(root, page, tree.repairs)
        return
    fields_of = _FieldsOf()
    stories = _stories_in(root, fields_of)
    if not stories:
        raise UnparsedError(
            f"XML with the root <{root.tag}>: no reader is declared for it, and its elements do not tell a story "
            "(a headline, or an id with a date, beside a text)"
        )
    sharing = Counter(above for story in stories for above in _above(story))
    for story, texts in stories.items():
        fields = dict(fields_of(story))
        for above in _above(story):
            for name, value in fields_of(above).items():
                if sharing[above] == 1 or name in _OF_ALL:
                    fields.setdefault(name, value)
        draft = Draft(page, "agency-xml")
        draft.repaired(tree.repairs)
        yield _read_story(fields, texts, draft, page)


def _above(story: Element) -> list[Element]:
    return [above for above, _ in zip(story.iterancestors(), range(_LEVELS), strict=False)]


def _stories_in(root: Element, fields_of: _FieldsOf) -> dict[Element, list[Element]]:
    """The elements that hold a story, each with its texts, in reading order."""
    stories: dict[Element, list[Element]] = {}
    for text in _texts_in(root) if name_of(root) not in _NOT_NEWS else ():
        for above in _above(text):
            fields = fields_of(above)
            if "title" in fields or ("native_id" in fields and "published" in fields):
                stories.setdefault(above, []).append(text)
                break
    return stories


def _texts_in(root: Element) -> Iterator[Element]:
    """The elements whose name says text and that hold text and its markup only; of nested ones the outermost."""
    mixed: set[Element] = set()
    """Elements that are known to hold other things as well."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        field = _field_of(element)
        is_text = field == "body" or name_of(element) in _PARAGRAPHS
        if is_text and _holds_only_text(element, mixed):
            walker.skip_subtree()
            if text_of(element):
                yield element
        elif field not in (None, "body") or _BESIDE.search(name_of(element)):
            walker.skip_subtree()


def _holds_only_text(element: Element, mixed: set[Element]) -> bool:
    if element in mixed:
        return False
    for inner in element.iterdescendants():
        if name_of(inner) not in _TEXT_NAMES:
            mixed.update(inner.iterancestors())
            return False
    return True


class _FieldsOf:
    """The fields of elements, read once each: thousands of stories may stand below the same element."""

    def __init__(self) -> None:
        self._known: dict[Element, Fields] = {}

    def __call__(self, element: Element) -> Fields:
        if element not in self._known:
            self._known[element] = _read_fields(element)
        return self._known[element]


def _word(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _field_of(element: Element) -> str | None:
    field = _RANKS.get(_word(name_of(element)))
    return field[0] if field else None


def _read_fields(story: Element) -> Fields:
    """The fields that stand right below an element, in a head of it, or in its attributes."""
    fields: Fields = {}
    for element in story:
        field = _field_of(element)
        if field is not None and field != "body":
            _take(fields, name_of(element), text_of(element) or attribute(element, "value") or "", 0)
        elif _CONTAINER.search(name_of(element)):
            for inner in element:
                _take(fields, name_of(inner), text_of(inner) or attribute(inner, "value") or "", 0)
    for name, value in story.attrib.items():
        if not _word(name).endswith("version"):  # That of the format, as a rule.
            _take(fields, name.rpartition("}")[2], one_line(value), _LAST_RANK)
    return fields


def _take(fields: Fields, name: str, value: str, behind: int) -> None:
    field, rank = _RANKS.get(_word(name), (None, 0))
    if field and field != "body" and value and (field not in fields or rank + behind < fields[field][0]):
        fields[field] = (rank + behind, value, name)


def _read_story(fields: Fields, texts: list[Element], draft: Draft, page: Page) -> Article:
    def value(name: str) -> str:
        return fields[name][1] if name in fields else ""

    def origin(name: str) -> str:
        return f"<{fields[name][2]}>"

    if "title" in fields:
        draft.offer("title", plain_text(value("title")), origin("title"))
    if "summary" in fields:
        draft.offer("summary", plain_text(value("summary")), origin("summary"))
    for drafted in _DRAFTED:
        if drafted in fields:
            draft.offer(drafted, value(drafted), origin(drafted))
    if _LANGUAGE.fullmatch(value("language")):
        draft.offer("language", value("language"), origin("language"))
    if value("url").startswith("http"):
        draft.offer("url", value("url"), origin("url"))
    embargo = Embargo(draft, page)
    if "embargo" in fields and value("embargo").lower() not in _NO:
        embargo.read(value("embargo"), origin("embargo"))
    if value("canceled").lower() in _YES:
        draft.offer("status", "canceled", origin("canceled"))
    if "status" in fields:
        offer_status(draft, value("status"), origin("status"))
    if "published" in fields:
        clock = value("time") if ":" not in value("published") and _CLOCK.fullmatch(value("time")) else ""
        offer_time(draft, page, f"{value('published')} {clock}".strip(), origin("published"))
    return finish_story(draft, _read_texts(texts), until=embargo.until)


def _read_texts(texts: list[Element]) -> list[Line]:
    """The lines of the texts of the best name: others repeat the story in another form."""
    ranks = [_RANKS.get(_word(name_of(text)), ("body", _LAST_RANK))[1] for text in texts]
    best = min(ranks)
    lines: list[Line] = []
    for text, rank in zip(texts, ranks, strict=True):
        if rank == best:
            lines += read_element(text) if len(text) else read_text(text.text or "")
    return lines
