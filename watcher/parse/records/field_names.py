"""What the fields of an article are called in exports, in English and Chinese, and how their values are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from watcher.parse.dates import Moment, read_moment

_NAMES: dict[str, str] = {
    "title": "title headline 标题 maintitle titlemain subject 题目 新闻标题 文章标题 公告标题 公告名称 "
    "资讯标题 simtitle",
    "body": "content contenthtml contenttext body bodyhtml bodytext text fulltext richtext maintext articlebody "
    "正文 内容 全文 新闻内容 文章内容 正文内容 contents html fullcontent detail",
    "summary": "summary digest 摘要 abstract brief description excerpt intro 简介 导语 概要 simdigest lead "
    "leadparagraph snippet trailtext teaser desc",
    "url": "url link 链接 sourceurl weburl shareurl docurl href permalink originalurl 网址 原文链接 新闻链接 "
    "公告链接 urlw detailurl canonicalurl uniqueurl wapurl mobileurl uri",
    "date": "publishedutc dategmt publishedat publishtime pubdate publishdate published publicationdate "
    "datepublished datetime pubtime timepublished 发布时间 发布日期 发表时间 公告时间 公告日期 "
    "displaytime showtime ordertime ctime createtime createdat created date 日期 时间 time seendate "
    "releasetime releasedate inputtime timestamp updatedat updatetime 更新时间",
    "publisher": "medianame 媒体 来源 sourcename source media publisher provider 文章来源 新闻来源 出处 媒体名称 "
    "sitename site originalsource",
    "author": "author authors 作者 byline authorname reporter 记者 writer creator username screenname user",
    "id": "id newsid articleid guid uuid 编号 文章编号 infocode nid docid code",
    "section": "section category 栏目 channel 分类 频道 columnname column sectionname categoryname 板块 类别",
    "language": "language lang 语言",
    "securities": "证券代码 股票代码 代码 stockcode stockcodes seccode secucode securitycode symbol symbols ticker "
    "tickers stocks stocklist relatedstocks 相关股票 code",
}
"""In the order of preference, without case, white space and underscores."""

_PREFIXES = ("article", "art", "news", "post", "doc", "item", "story", "info", "web")
_NOT_OF_A_NAME = re.compile(r"[\W_]+")
_TEXT_KEYS = (
    "rendered html text main value content name title display_name displayName screen_name original #text "
    "$date $oid $numberLong"
).split()
"""Where the text is if a field is an object: WordPress, the New York Times, MongoDB, XML made into JSON."""

_EPOCH = re.compile(r"(?:/?Date\()?(1\d{9})(?:\d{3}|\d{6}|\d{9})?(?:\.\d*)?(?:[+-]\d{4})?(?:\)/?)?")
_CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
_SECURITY_CODE = re.compile(r"(?:[A-Za-z]{2})?\d{1,6}(?:\.[A-Za-z]{2})?")
_DEEPEST = 4
_MOST_CODES = 50


def normal_name(name: str) -> str:
    """A field's name without case, white space and underscores: ``Pub_Date`` is ``pubdate``."""
    return _NOT_OF_A_NAME.sub("", name).lower()


def is_column(name: str, *fields: str) -> bool:
    """Whether a column of this name holds one of these fields, or any where none is named."""
    return any(normal_name(name) in _NAMES[field].split() for field in fields or _NAMES)


@lru_cache(maxsize=256)
def _columns(names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """For each field the names that hold it, the best first; ``art_title`` counts behind ``title``."""
    by_name: dict[str, str] = {}
    for name in names:
        by_name.setdefault(normal_name(name), name)
    for name in names:
        normal = normal_name(name)
        for prefix in _PREFIXES:
            by_name.setdefault(normal.removeprefix(prefix), name)
    return {
        field: tuple(dict.fromkeys(by_name[known] for known in written.split() if known in by_name))
        for field, written in _NAMES.items()
    }


def values_of(record: Mapping[str, object], field: str) -> Iterator[tuple[str, str]]:
    """The texts that a record has for a field, with their names, the best first."""
    for name in _columns(tuple(record))[field]:
        if text := text_of(record[name], ", " if field == "author" else "\n"):
            yield name, text


def text_of(value: object, separator: str = "\n", depth: int = 0) -> str:
    """The text in a value: itself, a number as written, the text of an object, the texts of a list."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None or depth > _DEEPEST:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return next(filter(None, (text_of(value.get(key), separator, depth + 1) for key in _TEXT_KEYS)), "")
    if isinstance(value, list):
        return separator.join(filter(None, (text_of(part, separator, depth + 1) for part in value)))
    return ""


def moment_of(record: Mapping[str, object], zone: str) -> tuple[Moment | None, str, list[str]]:
    """When a record was published, the name of the field that says so, and the texts that named no moment."""
    unreadable: list[str] = []
    texts = list(values_of(record, "date"))
    for name, text in texts:
        moment = read_written_moment(text, "UTC" if normal_name(name).endswith(("utc", "gmt")) else zone)
        if moment is None:
            unreadable += [] if _CLOCK.fullmatch(text) else [text]
            continue
        clock = next((other for _, other in texts if _CLOCK.fullmatch(other)), None)
        if clock and not hasattr(moment, "hour"):  # The day and the time have columns of their own.
            return read_moment(f"{moment.isoformat()} {clock}", zone) or moment, name, unreadable
        return moment, name, unreadable
    return None, "", unreadable


def read_written_moment(text: str, zone: str) -> Moment | None:
    """The moment that a text of an export names: all that `read_moment` reads, and epochs however they are written."""
    found = _EPOCH.fullmatch(text)
    return read_moment(found[1] if found else text, zone)


def id_of(record: Mapping[str, object]) -> str | None:
    """The record's own id; ``code`` may be that of a security."""
    for name, text in values_of(record, "id"):
        if normal_name(name) != "code" or not _SECURITY_CODE.fullmatch(text):
            return text
    return None


def codes_of(record: Mapping[str, object]) -> Iterator[str]:
    """What may be codes of securities beside the text; who knows them decides."""
    for _, text in values_of(record, "securities"):
        yield from dict.fromkeys(code for code in re.split(r"[\s,，、;；|/]+", text)[:_MOST_CODES] if code)


def url_of(record: Mapping[str, object]) -> str | None:
    """The address of a record: a complete one if there is one."""
    urls = [f"https:{text}" if text.startswith("//") else text for _, text in values_of(record, "url")]
    return next((url for url in urls if url.startswith(("http://", "https://"))), urls[0] if urls else None)
