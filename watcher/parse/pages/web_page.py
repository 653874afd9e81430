"""Whole web pages: the article of a saved page, by what it says about itself, what its site is known for, and its text.

A page that holds no article says why: it only redirects, asks for a login or a captcha, or lists headlines.
"""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag

from watcher.errors import UnparsedError
from watcher.model import Article, Page, PublishedFrom
from watcher.parse.clean import clean_body, read_byline
from watcher.parse.dates import Moment, as_day, day_from_name, read_moment
from watcher.parse.draft import Draft
from watcher.parse.houses import is_house
from watcher.parse.language import language_of
from watcher.parse.lines import Line, join_lines
from watcher.parse.markup import make_tree, one_line, read_tree
from watcher.parse.pages.body import find_body, is_sentence
from watcher.parse.pages.furniture import Survey, hide_furniture, reveal, unfold_tables
from watcher.parse.pages.metadata import PageMetadata, is_info, read_info, read_metadata
from watcher.parse.pages.refusals import refuse_headlines, refuse_redirect, refuse_rest_of_list, refuse_stub, teasers_of
from watcher.parse.sites import ALL_SITES, Site, site_of

_DATES = (
    "article:published_time og:published_time publishdate pubdate datepublished date weibo:article:create_at "
    "og:release_date _pubtime apub:time publishtime releasedate parsely-pub-date sailthru.date dc.date.issued dc.date "
    "bytedance:published_time og:article:published_time"
).split()
_TITLES = ("og:title", "twitter:title", "headline", "articletitle")
_SITES = ("og:site_name", "source", "mediaid", "application-name", "sitename")
_CONTENT_SOURCES = ("contentsource", "source", "mediaid")
_AUTHORS = ("author", "article:author", "og:article:author", "byl", "sailthru.author", "parsely-author")
_SECTIONS = ("article:section", "og:article:section", "columnname", "parsely-section")
_NATIVE_IDS = tuple(re.compile(site.native_id) for site in ALL_SITES if site.native_id)

_BEFORE_A_SITE = re.compile(r"\s+[-–—|·:»]+\s+|\s*[_|｜]+\s*|(?<=[\u3000-\u9fff])\s*[-–—]+\s*(?=[\u3000-\u9fff])")
_SITE_NAME = re.compile(
    r".{0,16}(?:网|财经|新闻|频道|资讯|日报|时报|晚报|证券报|快讯|论坛|客户端|公众号|股吧|新浪|搜狐|网易|腾讯|凤凰)"
    r"|\S{1,40}\.(?:com|cn|net|org)"
)
_SCRIPTS = ("zh", "ja", "ko")
_LINES_ABOVE = 12
"""Between a title and its text stand no more labels than that."""

_MOST_TAGS = 250_000
"""So many take 8 seconds and 600 MB; the largest of the real pages tried has 4,000."""
_MOST_ELEMENTS, _MOST_TEXT = 20_000, 1_000_000
"""trafilatura takes 0.1 ms an element, and looks at deeply nested ones again and again."""
_MOST_VISIBLE_OF_BROKEN = 50
_SMALLEST_BROKEN, _LARGEST_BROKEN = 2_000, 200_000
_MOST_WORK_FOR_BROKEN = 200_000_000
"""Beginnings of tags times characters: what html.parser can be made to read again and again (reliability row P3)."""


def read_web_page(page: Page) -> tuple[Article, ...]:
    """The one article of a saved web page. Raises `UnparsedError`, with the reason, where the page has none."""
    draft = Draft(page, "web page")
    tree, survey = _make_tree(page.text, draft)
    refuse_redirect(tree, survey)
    data = read_metadata(tree, survey, page.text)
    _offer_url(draft, data)
    site = site_of(draft.get("url"))
    _offer_title(draft, survey, data, site)
    moment = _offer_dates(draft, survey, data, page)
    lines = _visible_lines(tree, survey, draft.get("title"))
    refuse_stub(lines, draft.get("title"))
    if not data.is_article:
        refuse_headlines(lines, teasers_of(survey))
    selectors = site.content_at(as_day(moment)) if site else ()
    stated = data.stated or _text_of_microdata(survey)
    found = find_body(
        tree,
        lines,
        draft.get("title"),
        stated=stated,
        selectors=selectors,
        small=survey.elements < _MOST_ELEMENTS and survey.text(tree) < _MOST_TEXT,
    )
    info_lines = _lines_above(lines, found.lines, draft.get("title"))
    info = read_info(info_lines, page.timezone)
    body = clean_body(_without_head(found.lines, draft.get("title")))
    body_text, marks = join_lines(body.lines)
    if not body_text:
        raise UnparsedError("no text: nothing is left once markup and boilerplate are gone")
    refuse_rest_of_list(tree, body_text)
    byline, reporter = read_byline(body_text)

    draft.offer_moment(info.moment, "body", "the line above the text")
    _offer_weaker_dates(draft, survey, page)
    draft.offer("summary", data.first("og:description", "description"), "meta tag")
    draft.offer("summary", data.linked_text("description"), "JSON-LD description")
    _offer_houses(draft, data, site, page, (body.source_line, info.source, byline))
    _offer_author_and_section(draft, survey, data, reporter, info.author)
    _offer_native_id(draft, page.name)
    _offer_language(draft, data.language, body_text)
    return (draft.finish(body_text, marks),)


def _make_tree(text: str, draft: Draft) -> tuple[BeautifulSoup, Survey]:
    """The tree of a page; of one whose text lxml drops behind an unclosed comment or quote, what html.parser sees."""
    if (tags := text.count("<")) > _MOST_TAGS:
        raise UnparsedError(f"too much markup for an article: {tags:,} tags")
    tree = make_tree(text)
    survey = Survey(tree)
    visible = survey.text(tree)
    if (
        _SMALLEST_BROKEN < len(text) < _LARGEST_BROKEN
        and visible * _MOST_VISIBLE_OF_BROKEN < len(text)
        and text.count("<") * len(text) < _MOST_WORK_FOR_BROKEN
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = BeautifulSoup(text, "html.parser", multi_valued_attributes=None)
        other_survey = Survey(other)
        found = other_survey.text(other)
        if found > visible:
            draft.repaired([f"broken HTML: {found} characters of text instead of {visible} with a second parser"])
            return other, other_survey
    return tree, survey


def _offer_url(draft: Draft, data: PageMetadata) -> None:
    for address, origin in (
        (data.first("og:url"), "meta tag og:url"),
        (data.canonical, "canonical link"),
        (data.saved_from, "where the browser saved it from"),
        (data.linked_text("url", "@id"), "JSON-LD url"),
    ):
        draft.offer("url", address if address and address.startswith("http") else None, origin)


def _visible_lines(tree: BeautifulSoup, survey: Survey, title: str | None) -> list[Line]:
    """The lines of a page without its furniture, unless no running text were left then."""
    reveal(tree, survey)
    unfold_tables(survey)
    hidden = hide_furniture(tree, title, survey)
    lines = read_tree(tree.body or tree)
    if not any(is_sentence(line) for line in lines):
        for element in hidden:
            del element.attrs["hidden"]
        lines = read_tree(tree.body or tree)
    return lines


def _offer_houses(
    draft: Draft, data: PageMetadata, site: Site | None, page: Page, in_text: tuple[str | None, str | None, str | None]
) -> None:
    """Offer under what name the page came, and who published the report: what its own text says counts most."""
    linked, named = data.linked_names("publisher"), data.first(*_SITES)
    draft.offer("source", page.source, "the folder's settings")
    draft.offer("source", named, "meta tag")
    draft.offer("source", linked, "JSON-LD publisher")
    draft.offer("source", site.name if site else None, "its address")
    for name, origin in zip(in_text, ("source line", "source line above the text", "byline"), strict=True):
        draft.offer("publisher", name, origin)
    for name, origin in (
        (data.first(*_CONTENT_SOURCES), "meta tag"),
        (linked, "JSON-LD publisher"),
        (named, "meta tag"),
        (site.name if site else None, "its address"),
    ):
        draft.offer("publisher", _own_name(name, site), origin)


def _offer_author_and_section(
    draft: Draft, survey: Survey, data: PageMetadata, reporter: str | None, above: str | None
) -> None:
    named = data.first(*_AUTHORS)
    draft.offer("author", reporter, "byline")
    draft.offer("author", data.linked_names("author"), "JSON-LD author")
    draft.offer("author", None if named and named.startswith("http") else named, "meta tag")
    draft.offer("author", _microdata(survey, "author"), "itemprop author")
    draft.offer("author", above, "the line above the text")
    draft.offer("section", data.first(*_SECTIONS), "meta tag")
    draft.offer("section", data.linked_text("articleSection"), "JSON-LD articleSection")
    draft.offer("section", _microdata(survey, "articleSection"), "itemprop articleSection")


def _offer_title(draft: Draft, survey: Survey, data: PageMetadata, site: Site | None) -> None:
    names = {name for name in (data.first("og:site_name"), data.linked_names("publisher"), site and site.name) if name}
    draft.offer("title", _without_site(data.first(*_TITLES), names), "meta tag")
    draft.offer("title", _without_site(data.linked_text("headline", "title"), names), "JSON-LD headline")
    window = next((text for title in survey.named("title") if (text := _text(title))), "")
    headings = [text for heading in survey.named("h1")[:10] if (text := _text(heading)) and text not in names]
    headings.sort(key=lambda text: text not in window)
    draft.offer("title", headings[0] if headings else None, "h1")
    draft.offer("title", _without_site(window, names), "title element")


def _without_site(title: str | None, names: set[str]) -> str | None:
    """A title without the name of its site behind it (``降准落地 - 某某网``)."""
    for _ in range(3):
        parts = list(_BEFORE_A_SITE.finditer(title or ""))
        if not title or not parts or parts[-1].start() == 0:
            break
        name = title[parts[-1].end() :]
        if not (name in names or is_house(name) or _SITE_NAME.fullmatch(name) or not name):
            break
        title = title[: parts[-1].start()]
    return title


def _offer_dates(draft: Draft, survey: Survey, data: PageMetadata, page: Page) -> Moment | None:
    """Offer what the page's head says of its date, and give the first of it."""
    stated: list[tuple[str | None, PublishedFrom, str]] = [
        *((data.meta.get(name), "meta", f"meta tag {name}") for name in _DATES),
        (data.linked_text("datePublished", "pubDate"), "json-ld", "JSON-LD datePublished"),
        (_microdata(survey, "datePublished"), "body", "itemprop datePublished"),
    ]
    first: Moment | None = None
    for text, published_from, origin in stated:
        moment = read_moment(text, page.timezone) if text else None
        draft.offer_moment(moment, published_from, origin)
        first = first or moment
    return first


def _offer_weaker_dates(draft: Draft, survey: Survey, page: Page) -> None:
    if time := next((time for time in survey.named("time") if time.get("datetime")), None):
        draft.offer_moment(read_moment(str(time["datetime"]), page.timezone), "body", "time element")
    draft.offer_moment(day_from_name(page.name), "file name", "file name")


def _microdata(survey: Survey, name: str) -> str | None:
    element = survey.property(name)
    if element is None:
        return None
    return one_line(str(element.get("content") or element.get("datetime") or "")) or _text(element)


def _text_of_microdata(survey: Survey) -> str | None:
    element = survey.property("articleBody")
    return "\n".join(line.text for line in read_tree(element)) if element is not None else None


def _lines_above(lines: list[Line], body: list[Line], title: str | None) -> list[Line]:
    """The labels between the title and the text, or right above the text where there is no title."""
    first = next((line.text for line in body if is_sentence(line)), body[0].text if body else None)
    end = next((number for number, line in enumerate(lines) if line.text == first), 0)
    start = next((number + 1 for number in range(end - 1, -1, -1) if lines[number].text == title), 0)
    return lines[max(start, end - _LINES_ABOVE) : end]


def _without_head(lines: list[Line], title: str | None) -> list[Line]:
    """The lines without the title, and without the labels that stand above the text."""
    kept = [line for line in lines if line.text != title]
    start = 0
    while start < min(len(kept) - 1, _LINES_ABOVE) and is_info(kept[start].text):
        start += 1
    return kept[start:]


def _own_name(name: str | None, site: Site | None) -> str | None:
    """A publisher's name, unless it is of a site that lists what others publish."""
    if name and site and site.aggregates and site.name in name:
        return None
    return name


def _offer_native_id(draft: Draft, name: str) -> None:
    for text, origin in ((draft.get("url"), "url"), (name, "file name")):
        for pattern in _NATIVE_IDS:
            if text and (found := pattern.search(text)):
                draft.offer("native_id", found[0], origin)


def _offer_language(draft: Draft, stated: str | None, body: str) -> None:
    """The language that the page states, unless its script says otherwise: templates come in English."""
    by_script = language_of(draft.get("title"), body)
    if stated and (by_script is None or (by_script == "en" and stated not in _SCRIPTS) or by_script == stated):
        draft.offer("language", stated, "the page's lang")


def _text(tag: Tag) -> str | None:
    return one_line(tag.get_text()) or None
