"""Which article is it? The same text is the same article, in whatever markup, encoding or file it comes."""

from __future__ import annotations

import hashlib
import unicodedata

from watcher.model import Article, Identity


def identify_article(article: Article) -> Identity:
    """The hashes of an article's text with everything out of it that copies differ in: width, case, white space."""
    body = _normalise(article.body)
    return Identity(
        content_hash=_sha256(f"{_normalise(article.title or '')}\0{body}"),
        body_hash=_sha256(body),
    )


def _normalise(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
