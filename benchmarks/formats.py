"""How fast is each format read? One run over invented files: `python benchmarks/formats.py [--seconds 2]`.

For each format: megabytes and articles a second through `parse_parts`, in one process, and the time of one article as
a multiple of a Jekyll post's.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import escape

from watcher.model import Article, Page
from watcher.pipeline import parse_parts

_SENTENCES = (
    "样例电池公告，公司与某车企签订为期三年的供货协议，合同金额约十二亿元，自明年一月起分批交付。",
    "公司表示，新产线已于上月投产，年产能提高两成，所需资金全部来自自有资金，不影响日常经营。",
    "分析人士认为，行业供需格局正在改善，上游材料价格企稳，下游需求仍待观察，短期内波动难免。",
)
PARAGRAPHS = 12
ARTICLES = 50


def main() -> None:
    """Measure every format and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=2.0, help="for each format")
    seconds = options.parse_args().seconds
    first: float | None = None
    print(f"{'format':<14}{'MB/s':>8}{'articles/s':>12}{'ms/article':>12}{'× a post':>10}")
    for name, make in FORMATS.items():
        page = make()
        size = len(page.data) or len(page.text.encode())
        per_article, per_page = measure(page, seconds)
        first = first or per_article
        print(
            f"{name:<14}{size / per_page / 1e6:>8.2f}{1 / per_article:>12,.0f}{1000 * per_article:>12.2f}"
            f"{per_article / first:>10.1f}"
        )


def measure(page: Page, seconds: float) -> tuple[float, float]:
    """Seconds an article and seconds a page, the best of as many rounds as fit."""
    count = sum(isinstance(part, Article) for part in parse_parts(page))  # Also loads what is imported late.
    best = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        for _ in parse_parts(page):
            pass
        best = min(best, time.perf_counter() - started)
    return best / count, best


def title_of(number: int) -> str:
    """An invented headline."""
    return f"样例电池签订第{number}份供货协议"


def paragraphs_of(number: int) -> list[str]:
    """Invented paragraphs, others for each number."""
    return [f"第{number}号。" + _SENTENCES[index % len(_SENTENCES)] for index in range(PARAGRAPHS)]


def html_of(number: int) -> str:
    """The same as HTML."""
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs_of(number))


def page_of(text: str = "", *, name: str = "news", data: bytes = b"") -> Page:
    """A page as `read` gives it."""
    return Page(name, text, "utf-8", "", "Asia/Shanghai", data=data)


def post() -> Page:
    """A Jekyll post with HTML below its header."""
    return page_of(f'---\ntitle: "{title_of(0)}"\ndate: 2026-11-18 09:30:00 +0800\n---\n\n{html_of(0)}\n')


def markdown() -> Page:
    """A post in Markdown."""
    return page_of(f"---\ntitle: {title_of(0)}\n---\n\n" + "\n\n".join(paragraphs_of(0)))


def digest() -> Page:
    """A digest of fifty items in five sections."""
    sections = [
        f"### 第{number}部分\n\n"
        + "\n\n".join(f"{item}、第{number}{item}号。{_SENTENCES[item % 3]}" for item in range(1, 11))
        for number in range(5)
    ]
    return page_of("---\ntitle: 样例财经早餐2026年11月18日\n---\n\n" + "\n\n".join(sections))


def web_page() -> Page:
    """A saved page with menu, related links and foot."""
    menu = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(30))
    related = "".join(f'<li><a href="/r/{n}">{title_of(n)}</a></li>' for n in range(20))
    return page_of(
        f"<!DOCTYPE html><html><head><title>{title_of(0)}_样例网</title></head><body><nav><ul>{menu}</ul></nav>"
        f'<div class="main"><h1>{title_of(0)}</h1><div class="content">{html_of(0)}</div>'
        f'<div class="related"><ul>{related}</ul></div></div><footer>样例网版权所有</footer></body></html>'
    )


def rss() -> Page:
    """A feed of fifty entries."""
    items = "".join(
        f"<item><title>{title_of(n)}</title><guid>{n}</guid><pubDate>Wed, 18 Nov 2026 09:30:00 +0800</pubDate>"
        f"<description>{escape(html_of(n))}</description></item>"
        for n in range(ARTICLES)
    )
    return page_of(f'<?xml version="1.0"?><rss version="2.0"><channel><title>样例</title>{items}</channel></rss>')


def nitf() -> Page:
    """One agency item."""
    return page_of(
        f'<?xml version="1.0"?><nitf><head><docdata><date.issue norm="20261118T093000Z"/></docdata></head><body>'
        f"<body.head><hedline><hl1>{title_of(0)}</hl1></hedline></body.head>"
        f"<body.content>{html_of(0)}</body.content></body></nitf>"
    )


def ninjs() -> Page:
    """One agency item in JSON."""
    item = {"uri": "urn:1", "type": "text", "versioncreated": "2026-11-18T09:30:00Z", "headline": title_of(0)}
    return page_of(json.dumps(item | {"body_html": html_of(0)}, ensure_ascii=False))


def records(number: int) -> dict[str, str]:
    """What a scraper writes."""
    return {"title": title_of(number), "content": html_of(number), "publish_time": "2026-11-18 09:30:00"}


def json_list() -> Page:
    """Fifty records in a list."""
    return page_of(json.dumps({"data": [records(n) for n in range(ARTICLES)]}, ensure_ascii=False))


def json_lines() -> Page:
    """Fifty records, one a line."""
    return page_of("\n".join(json.dumps(records(n), ensure_ascii=False) for n in range(ARTICLES)))


def csv_table() -> Page:
    """Fifty records below a header."""
    file = io.StringIO()
    rows = csv.DictWriter(file, ["title", "content", "publish_time"])
    rows.writeheader()
    rows.writerows(records(n) for n in range(ARTICLES))
    return page_of(file.getvalue())


def mail() -> Page:
    """A newsletter."""
    head = (
        "From: sample@example.org\r\nSubject: sample\r\nDate: Wed, 18 Nov 2026 09:30:00 +0800\r\nMIME-Version: 1.0\r\n"
    )
    body = f"Content-Type: text/html; charset=utf-8\r\n\r\n{html_of(0)}\r\n"
    return page_of(data=(head + body).encode())


def gzipped() -> Page:
    """The post, packed."""
    return page_of(name="news.md.gz", data=gzip.compress(post().text.encode()))


def zipped() -> Page:
    """Fifty posts in an archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(ARTICLES):
            archive.writestr(f"{number}.md", replace(post()).text.replace("第0", f"第{number}"))
    return page_of(name="news.zip", data=file.getvalue())


FORMATS: dict[str, Callable[[], Page]] = {
    "post, HTML": post,
    "post, Markdown": markdown,
    "digest": digest,
    "web page": web_page,
    "RSS": rss,
    "NITF": nitf,
    "ninjs": ninjs,
    "JSON": json_list,
    "JSON Lines": json_lines,
    "CSV": csv_table,
    "e-mail": mail,
    ".gz of a post": gzipped,
    ".zip of posts": zipped,
}

if __name__ == "__main__":
    main()
