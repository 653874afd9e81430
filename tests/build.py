"""Values for tests, built with what the test does not care about left out."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from watcher.data import shipped_securities
from watcher.decoding import decode
from watcher.link import Securities
from watcher.model import Article, Folder, FoundFile, Knowledge, Page, Rule, Stamp

SECURITIES = Securities(shipped_securities())
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def knowledge(*rules: Rule) -> Knowledge:
    return replace(SECURITIES.knowledge, rules=rules)


def page(text: str, name: str = "news.md") -> Page:
    return Page(name=name, text=text, encoding="utf-8", sha256="", timezone="Asia/Shanghai")


def page_of(path: Path) -> Page:
    decoded = decode(path.read_bytes())
    return Page(path.name, decoded.text, decoded.encoding, "", "Asia/Shanghai", repairs=decoded.repairs)


def article(title: str | None = None, body: str = "", summary: str | None = None) -> Article:
    return Article(title=title, body=body, summary=summary, format="post")


def found(path: Path, *, hold: str | None = None) -> FoundFile:
    status = os.lstat(path)
    stamp = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return FoundFile(os.fsencode(path), stamp, Folder(str(path.parent)), NOW, hold=hold)


def post(title: str, body: str, date: str = "2026-11-18 09:30:00 +0800", tags: str = "东财滚动新闻") -> str:
    """A Jekyll post in the shape of the real ones."""
    return f'---\nlayout: post\ntitle: "{title}"\ndate: {date}\ncategories: emnews\ntags: {tags}\n---\n\n{body}\n'
