"""Which article is it? The same text is the same article, in whatever markup, encoding or file it comes."""

from __future__ import annotations

import hashlib
import unicodedata

from watcher.model import Article, Identity

_SHORT_BODY = 40
"""Characters of a body that say too little to be told again by chance; a flash that says something has more."""


def identify_article(article: Article) -> Identity:
    """The hashes of an article's text with everything out of it that copies differ in: width, case, white space.

    The same few words of another day are another article.
    """
    title, body = _normalise(article.title or ""), _normalise(article.body)
    # 关于回购公司股份的进展公告 with nothing but a link below it comes every month: the day tells one from the other.
    day = _day(article) if len(body) < _SHORT_BODY or body == title else ""
    return Identity(content_hash=_sha256(f"{title}\0{body}{day}"), body_hash=_sha256(f"{body}{day}"))


def _day(article: Article) -> str:
    published = article.published_at
    return f"\0{published:%Y-%m-%d}" if published else ""


def _normalise(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
