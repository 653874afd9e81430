"""What a web page says about itself: meta tags, JSON-LD, microdata, and the line of date and source above its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup

from watcher.parse.dates import Moment, read_moment
from watcher.parse.houses import can_be_a_source
from watcher.parse.lines import Line
from watcher.parse.markup import one_line, read_html
from watcher.parse.pages.furniture import Survey

_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d+\)(?P<url>https?://\S+?)\s*-->|<!--\s*Page saved with SingleFile\s+url:\s*(?P<single>https?://\S+)"
)
_BEGINNING = 4000
_AROUND_JSON = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)
_ARTICLE_TYPE = re.compile(
    r"(?:https?://schema\.org/)?(?:\w*Article|\w*BlogPosting|Report|DiscussionForumPosting|SocialMediaPosting)"
)
_MOST_NODES = 2000
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?(?:[T\s]*\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2}秒?)?)?(?!\d)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_ENGLISH_DATE = re.compile(
    rf"\b(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}),?\s+(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_UTC_TIME = re.compile(r"\s*(?:,|at|-|\|)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?:GMT|UTC|Z)\b")
_NEXT_LABEL = (
    r"作者|记者|编辑|责编|责任编辑|阅读|浏览|点击|评论|字号|字体|发布|时间|更新|分享|收藏|(?:19|20)\d{2}[-/.年]"
)
_SOURCE = re.compile(
    rf"(?:来源|稿源|出处|来自)\s*[:：]\s*(?P<name>[^\s|｜，,。:：/]{{2,30}}?)(?=[\s|｜，,。:：/)）]|$|{_NEXT_LABEL})"
)
_AUTHOR = re.compile(
    r"(?:作者|记者|撰文|文)\s*[:：/|｜]?\s*(?P<name>(?<=[:：/|｜\s])[\u4e00-\u9fff·]{2,4}(?:[、,，\s]{1,2}(?!来源|编辑|责编|时间|字号|发布)[\u4e00-\u9fff·]{2,4}){0,3})(?![\u4e00-\u9fff])"
)
_BY = re.compile(r"\b[Bb]y:?\s+(?P<name>[A-Z][\w.'’-]*(?:\s(?:[A-Z][\w.'’-]*|de|la|van|von|der|and|&)){1,8})")
_LABELS = re.compile(
    r"(?:来源|稿源|出处|作者|记者|编辑|责编|责任编辑|时间|发布|字号|字体|大|中|小|阅读|浏览|点击|评论|人|次|分享|收藏|打印|订阅|关注|听新闻|更新|\d[\d.,]*\s?[万wW]?\+?|[:：|｜/·•\s()（）【】\[\]])+"
)
_LONGEST_INFO = 120


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What stands in the head of a page and in its linked data, before any of it is weighed."""

    meta: dict[str, str] = field(default_factory=dict)
    """Meta tags by lower-case name; the first of a name counts."""
    linked: dict[str, Any] = field(default_factory=dict)
    """The node of its linked data that is the article."""
    is_article: bool = False
    """Whether anything says that this page is one article."""
    canonical: str | None = None
    saved_from: str | None = None
    language: str | None = None
    stated: str | None = None
    """The text that the page states is the article's."""

    def first(self, *names: str) -> str | None:
        """The first of these meta tags that says something."""
        return next((self.meta[name] for name in names if name in self.meta), None)

    def linked_text(self, *names: str) -> str | None:
        """The first of these properties that is a text or a list of texts."""
        for name in names:
            for value in _listed(self.linked.get(name)):
                if isinstance(value, str) and (text := one_line(value)):
                    return text
        return None

    def linked_names(self, name: str) -> str | None:
        """The names of the people or houses that a property lists."""
        names = (value.get("name") if isinstance(value, dict) else value for value in _listed(self.linked.get(name)))
        texts = [one_line(text) for text in names if isinstance(text, str) and not text.startswith("http")]
        return ", ".join(text for text in texts[:10] if text) or None


@dataclass(frozen=True, slots=True)
class Info:
    """What the line of date and source above a text tells."""

    moment: Moment | None = None
    source: str | None = None
    author: str | None = None


def read_metadata(tree: BeautifulSoup, survey: Survey, text: str) -> PageMetadata:
    """Everything a page says about itself outside of its text."""
    meta: dict[str, str] = {}
    for tag in survey.named("meta"):
        content = one_line(str(tag.get("content") or ""))
        for key in ("property", "name", "itemprop"):
            if content and (name := str(tag.get(key) or "").lower()):
                meta.setdefault(name, content)
                break
    nodes = list(_linked_nodes(survey))
    articles = [node for node in nodes if _is_article(node)]
    dated = [node for node in nodes if any(isinstance(node.get(name), str) for name in ("datePublished", "pubDate"))]
    linked = next(iter((*articles, *dated)), {})
    for node in articles[1:]:  # A theme and its plugin state the same article twice, each a half of it.
        if node.get("headline") == linked.get("headline"):
            linked = {**node, **linked}
    canonical = next((link for link in survey.named("link") if link.get("rel") == "canonical"), None)
    saved = _SAVED_FROM.search(text[:_BEGINNING])
    html = tree.html
    language = (html.get("lang") or html.get("xml:lang") if html else None) or meta.get("og:locale")
    stated = linked.get("articleBody")
    return PageMetadata(
        meta,
        linked,
        bool(articles) or "article" in meta.get("og:type", "") or "article:published_time" in meta,
        _address(canonical.get("href")) if canonical else None,
        (saved["url"] or saved["single"]) if saved else None,
        _primary(str(language or linked.get("inLanguage") or "")),
        _plain(stated) if isinstance(stated, str) else None,
    )


def read_info(lines: Iterable[Line], zone_name: str) -> Info:
    """Date, source and author from the labels that stand between a title and its text."""
    moment: Moment | None = None
    source = author = None
    for line in lines:
        if len(line.text) > _LONGEST_INFO:
            continue
        moment = moment or _moment_in(line.text, zone_name)
        if source is None and (found := _SOURCE.search(line.text)) and can_be_a_source(found["name"]):
            source = found["name"]
        if author is None and (found := _AUTHOR.search(line.text) or _BY.search(line.text)):
            author = " ".join(re.sub(r"[、,，]", " ", found["name"]).split()).removesuffix(" and")
    return Info(moment, source, author)


def is_info(text: str) -> bool:
    """Whether a line is nothing but labels with a date, a source or an author."""
    if len(text) > _LONGEST_INFO:
        return False
    rest, count = text, 0
    for pattern in (_DATE, _ENGLISH_DATE, _SOURCE, _AUTHOR, _BY):
        rest, found = pattern.subn(" ", rest)
        count += found
    rest = _LABELS.sub("", rest)
    return count > 0 and len(rest) <= 12 and not re.search(r"[。！？；]", rest)


def _moment_in(text: str, zone_name: str) -> Moment | None:
    if found := _DATE.search(text):
        return read_moment(found[0].replace("：", ":"), zone_name)
    if found := _ENGLISH_DATE.search(text):
        day = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", found[0])
        # A time in the newsroom's zone, or the reader's, is worth nothing unless it says which.
        time = _UTC_TIME.match(text, found.end())
        return read_moment(f"{day} {time['hour']}:{time['minute']} UTC" if time else day, zone_name)
    return None


def _linked_nodes(survey: Survey) -> Iterator[dict[str, Any]]:
    """Every node of the linked data that may be the article, outer ones first."""
    waiting: list[Any] = []
    for script in survey.named("script"):
        if not str(script.get("type") or "").strip().lower().startswith("application/ld+json"):
            continue
        try:
            waiting.append(json.loads(_AROUND_JSON.sub("", script.get_text()), strict=False))
        except (ValueError, RecursionError):
            continue
    for count, value in enumerate(waiting):
        if count > _MOST_NODES:
            break
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            yield value
            waiting += [value[name] for name in ("@graph", "mainEntity") if isinstance(value.get(name), (dict, list))]


def _is_article(node: dict[str, Any]) -> bool:
    return any(isinstance(kind, str) and _ARTICLE_TYPE.fullmatch(kind) for kind in _listed(node.get("@type")))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _plain(text: str) -> str:
    """The text of an articleBody, which some write as HTML."""
    if "<" in text and re.search(r"</?(?:p|br|div)\b", text, re.IGNORECASE):
        return "\n".join(line.text for line in read_html(text))
    return text


def _address(value: object) -> str | None:
    text = str(value or "").strip()
    return text if text.startswith(("http://", "https://")) else None


def _primary(language: str) -> str | None:
    """``zh`` of ``zh-CN`` and ``zh_HK``."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?=[-_]|\s*$)", language)
    return found[1].lower() if found else None
