"""Every declared layout of a site has a page in its shape, and the article that a person reads there. All invented."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.build import page, page_of
from tests.shingles import PAGES
from watcher.parse.pages import web_page
from watcher.parse.pages.web_page import read_web_page
from watcher.parse.sites import ALL_SITES, Layout, Site, site_of

SAMPLES = sorted((PAGES / "sites").glob("*.html"))
DECLARED = [(site, layout) for site in ALL_SITES for layout in site.layouts]


def expected_of(path: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return expected


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_page_of_a_site_is_read_as_a_person_reads_it(path: Path) -> None:
    expected = expected_of(path)
    (article,) = read_web_page(page_of(path))

    read = {name: getattr(article, name) for name in expected if name not in ("marked_symbols", "published_at")}
    assert (
        read
        | {
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "marked_symbols": [mark.symbol for mark in article.marks],
        }
        == expected
    )


@pytest.mark.parametrize(("site", "layout"), DECLARED, ids=lambda value: getattr(value, "name", None))
def test_every_layout_has_a_sample(site: Site, layout: Layout) -> None:
    """Of a page of its site in which no other layout's selector comes first."""
    shown = []
    for path in SAMPLES:
        if site_of(expected_of(path)["url"]) is site:
            tree = web_page.make_tree(page_of(path).text)
            shown.append(next((one for one in site.layouts if tree.select_one(one.content)), None))

    assert layout in shown


def test_every_sample_is_of_a_declared_site() -> None:
    assert [path.stem for path in SAMPLES if site_of(expected_of(path)["url"]) is None] == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://finance.eastmoney.com/a/1.html", "东方财富"),
        ("https://eastmoney.com", "东方财富"),
        ("http://www.news.cn/a.html", "新华网"),
        ("https://noteastmoney.com/a", None),
        ("https://eastmoney.com.example.org/a", None),
        ("https://news.cn.example/", None),
        ("https://[broken", None),
        ("/a/1.html", None),
        ("", None),
        (None, None),
    ],
)
def test_site_is_told_by_the_host_of_the_address(url: str | None, name: str | None) -> None:
    site = site_of(url)

    assert (site.name if site else None) == name


OLD = Layout("#old", valid_to=date(2020, 6, 30))
NEW = Layout("#new", valid_from=date(2020, 7, 1))
DATED = Site(name="样例网", domains=("dated.example",), layouts=(NEW, OLD))


@pytest.mark.parametrize(
    ("day", "selectors"),
    [
        (date(2020, 6, 30), ("#old", "#new")),
        (date(2020, 7, 1), ("#new", "#old")),
        (None, ("#new", "#old")),
    ],
)
def test_layout_of_the_articles_day_is_tried_first(day: date | None, selectors: tuple[str, ...]) -> None:
    assert DATED.content_at(day) == selectors


def test_layout_of_another_time_counts_where_its_own_finds_nothing() -> None:
    assert Layout("p", valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 1)).holds_at(date(2020, 1, 1))
    assert not OLD.holds_at(date(2020, 7, 1))


def test_declared_element_is_the_article_whatever_else_the_page_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is of 2018: `#new` is a box of today's news there."""
    monkeypatch.setattr(web_page, "site_of", lambda url: DATED if url == "https://dated.example/a" else None)
    long = "".join(f"<p>这是别的新闻的第{number}段文字，写得很长，看上去比正文更像正文。</p>" for number in range(9))
    html = (
        '<html><head><meta property="og:url" content="https://dated.example/a">'
        '<meta name="pubdate" content="2018-05-04"></head>'
        f'<body><article>{long}</article><div id="new"><p>今日要闻：样例指数收涨。</p></div>'
        '<div id="old">样例公司公告，董事长辞职。</div></body></html>'
    )

    (article,) = read_web_page(page(html))
    (elsewhere,) = read_web_page(page(html.replace("dated.example", "other.example")))

    assert article.body == "样例公司公告，董事长辞职。"
    assert "别的新闻" in elsewhere.body


def test_xueqiu_marks_securities_in_their_links() -> None:
    links = "".join(
        f'<p>关注<a href="{href}">$某某$</a>，再看看。</p>'
        for href in (
            "https://xueqiu.com/S/SZ300075",
            "//xueqiu.com/S/00700",
            "/S/BJ830799?from=x",
            "https://xueqiu.com/S/SH000001",
            "https://xueqiu.com/S/PDD",
            "https://xueqiu.com/u/1234567890",
            "https://example.com/S/SH600519",
        )
    )

    (article,) = read_web_page(page(f"<html><body><article>{links}</article></body></html>"))

    assert [mark.symbol for mark in article.marks] == ["300075.SZ", "00700.HK", "830799.BJ"]


def test_site_that_lists_what_others_publish_is_not_the_publisher() -> None:
    html = (
        '<html><head><meta property="og:url" content="https://finance.eastmoney.com/a/1.html">'
        '<meta property="og:site_name" content="东方财富网"></head>'
        "<body><p>样例公司公告，董事长辞职。</p></body></html>"
    )
    own = html.replace("finance.eastmoney.com", "www.yicai.com").replace("东方财富网", "第一财经")

    assert [(one.source, one.publisher) for text in (html, own) for one in read_web_page(page(text))] == [
        ("东方财富网", None),
        ("第一财经", "第一财经"),
    ]
