from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.build import page
from watcher.errors import UnparsedError
from watcher.model import Article, Mark
from watcher.parse.web_page import read_web_page
from watcher.read import decode

BODY = "国务院今日印发指导意见，要求各地加快数字政府建设，提升城市治理的水平。"
AT = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)


def read(html: str, name: str = "page.html") -> Article:
    (article,) = read_web_page(page(html, name))
    return article


def read_head(*tags: str, name: str = "page.html") -> Article:
    return read(f"<!doctype html><html><head>{''.join(tags)}</head><body><p>{BODY}</p></body></html>", name)


def test_saved_page_is_read_whole() -> None:
    article = read(
        f"""<!DOCTYPE html>
        <html><head>
        <title>数字政府加速 - 某某网</title>
        <meta property="og:title" content="数字政府加速">
        <meta property="og:description" content="指导意见印发">
        <meta property="og:url" content="https://example.com/a">
        <meta property="og:site_name" content="某某网">
        <meta property="article:published_time" content="2026-11-18T09:30:00+08:00">
        <meta property="article:section" content="要闻">
        <meta name="author" content="张三">
        <script>var x = 1;</script>
        </head><body>
        <header><h1>某某网</h1></header><nav><a href="/">首页</a></nav>
        <article>
        <h1>数字政府加速</h1>
        <p>{BODY}</p>
        <p><a href="/q?stockcode=SZ300075">数字政通</a>涨停。</p>
        <p>（文章来源：上海证券报）</p>
        <p>责任编辑：李四</p>
        </article>
        <aside>热门文章</aside><footer>版权所有</footer>
        </body></html>"""
    )

    assert article == Article(
        title="数字政府加速",
        summary="指导意见印发",
        body=f"{BODY}\n数字政通涨停。",
        format="web page",
        url="https://example.com/a",
        source="某某网",
        publisher="上海证券报",
        author="张三",
        section="要闻",
        language="zh",
        published_at=AT,
        published_from="meta",
        marks=(Mark("300075.SZ", "数字政通", len(BODY) + 1, len(BODY) + 5),),
    )


TITLES = [
    '<meta property="og:title" content="一">',
    '<meta name="twitter:title" content="二">',
    '<meta itemprop="headline" content="三">',
    "</head><body><h1>四</h1>",
    "<title>五</title>",
]


@pytest.mark.parametrize("first", range(len(TITLES)))
def test_title_is_what_the_page_shares_then_its_heading_then_its_window_title(first: int) -> None:
    article = read_head(*reversed(TITLES[first:]))

    assert article.title == "一二三四五"[first]


def test_page_that_names_no_title_has_none() -> None:
    assert read_head("<title> </title>", '<meta property="og:title" content="">').title is None


@pytest.mark.parametrize(
    "tags",
    [
        ['<meta property="og:title" content=" 雄帝\u200b科技\n 涨停 ">'],
        ["<title>雄帝\u200b科技\n  涨停</title>"],
        ["</head><h1>雄帝\u200b<b>科技</b>\n涨停</h1>"],
    ],
)
def test_title_is_one_line_of_what_can_be_seen(tags: list[str]) -> None:
    assert read_head(*tags).title == "雄帝科技 涨停"


def test_title_is_not_repeated_in_the_body() -> None:
    article = read(f"<html><title>降准</title><article><h1>降准</h1><p>{BODY}</p><p>央行降准</p></article>")

    assert (article.title, article.body) == ("降准", f"{BODY}\n央行降准")


@pytest.mark.parametrize(
    ("tags", "published"),
    [
        (['<meta property="article:published_time" content="2026-11-18T09:30:00+08:00">'], (AT, "meta")),
        (['<meta name="PubDate" content="2026-11-18 09:30">'], (AT, "meta")),
        (['<meta itemprop="publishdate" content="2026-11-18">'], (date(2026, 11, 18), "meta")),
        (
            ['<meta name="publishdate" content="gestern">', '<meta name="date" content="2026-11-18 09:30">'],
            (AT, "meta"),
        ),
        (
            ['<meta name="pubdate" content="2020-01-01">', '<meta property="og:published_time" content="2026-11-18">'],
            (date(2026, 11, 18), "meta"),
        ),
        (['<script type="application/ld+json">{"datePublished": "2026-11-18T01:30:00Z"}</script>'], (AT, "json-ld")),
        (
            ['<script type="application/ld+json">[{"datePublished": 1}, {"datePublished": "2026-11-18"}]</script>'],
            (date(2026, 11, 18), "json-ld"),
        ),
        (
            ['<script type="application/ld+json">{"@graph": [{}, {"datePublished": "2026-11-18T01:30:00Z"}]}</script>'],
            (AT, "json-ld"),
        ),
        (['</head><time datetime="2026-11-18T09:30:00+08:00">heute</time>'], (AT, "body")),
        (
            [
                '<script type="application/ld+json">{"datePublished": "2026-11-18T01:30:00Z"}</script>',
                '</head><time datetime="2020-01-01">damals</time>',
            ],
            (AT, "json-ld"),
        ),
        (
            [
                '<script type="application/ld+json">{"datePublished": "2020-01-01"}</script>',
                '<meta name="date" content="2026-11-18 09:30">',
            ],
            (AT, "meta"),
        ),
        (['<meta name="date" content="gestern">'], (date(2025, 1, 1), "file name")),
        (['</head><time datetime="gestern">gestern</time>'], (date(2025, 1, 1), "file name")),
        ([], (date(2025, 1, 1), "file name")),
    ],
)
def test_date_is_the_metadatas_then_the_linked_datas_then_the_bodys_then_the_names(
    tags: list[str], published: tuple[Any, Any]
) -> None:
    article = read_head(*tags, name="2025-01-01-x.html")

    assert (article.published_at, article.published_from) == published


@pytest.mark.parametrize(
    "data", ["", "{", "null", "1", '"x"', "[" * 100_000, "1" * 10_000, '{"@graph": 1}', '[["datePublished"]]']
)
def test_broken_linked_data_says_nothing(data: str) -> None:
    article = read_head(f'<script type="application/ld+json">{data}</script>')

    assert (article.published_at, article.published_from, article.body) == (None, None, BODY)


@pytest.mark.parametrize(
    ("tags", "url"),
    [
        (
            ['<meta property="og:url" content="https://a.example">', '<link rel="canonical" href="https://b.example">'],
            "a",
        ),
        (['<link rel="canonical" href="https://b.example">'], "b"),
        (['<link rel="canonical" href="">'], None),
        (['<link rel="canonical">'], None),
        (['<link rel="stylesheet" href="https://b.example">'], None),
    ],
)
def test_url_is_the_canonical_one(tags: list[str], url: str | None) -> None:
    assert read_head(*tags).url == (url and f"https://{url}.example")


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>旁</nav>",
        "<header>旁</header>",
        "<footer><p>旁</p></footer>",
        "<aside><nav>旁</nav></aside>",
        '<div role="navigation">旁</div>',
        '<div role="complementary">旁</div>',
        "<nav><article>旁</article></nav>",
    ],
)
def test_furniture_around_an_article_is_left_out(furniture: str) -> None:
    assert read(f"<html><body>{furniture}<p>{BODY}</p>{furniture}</body></html>").body == BODY


def test_header_and_aside_in_an_article_are_part_of_it() -> None:
    html = f"<html><article><header>副题</header><p>{BODY}</p><aside>附注</aside></article></html>"

    assert read(html).body == f"副题\n{BODY}\n附注"


@pytest.mark.parametrize(
    "html",
    [
        "<p>旁</p><article>{}</article>",
        '<p>旁</p><div itemprop="articleBody">{}</div>',
        "<p>旁</p><main>{}</main>",
        '<p>旁</p><div role="main">{}</div>',
        "<main>旁<article>{}</article></main>",
        "<article>短讯</article><article>{}</article>",
        "<article>短讯</article><main>{}</main>",
        "<article>短讯</article><article></article><div role='main'>{}</div>",
        "{}",
    ],
)
def test_body_is_the_most_telling_element_with_enough_text(html: str) -> None:
    assert read(f"<html><body>{html.format(BODY)}</body></html>").body == BODY


def test_page_of_little_text_is_read_as_a_whole() -> None:
    assert read("<html><body>前<article>短讯</article>后</body></html>").body == "前\n短讯\n后"


def test_article_in_an_article_is_part_of_it() -> None:
    html = f"<html><article>一<article>{BODY}</article>二</article></html>"

    assert read(html).body == f"一\n{BODY}\n二"


@pytest.mark.parametrize(
    ("tags", "body", "folder", "expected"),
    [
        (['<meta property="og:site_name" content="某某网">'], BODY, None, ("某某网", "某某网")),
        (['<meta name="source" content="某某网">'], f"财联社3月22日讯，{BODY}", None, ("某某网", "财联社")),
        (['<meta name="source" content="某某网">'], f"{BODY}（上海证券报）", None, ("某某网", "上海证券报")),
        (['<meta name="source" content="某某网">'], BODY, "桌面", ("桌面", "某某网")),
        ([], BODY, "桌面", ("桌面", None)),
        ([], BODY, None, (None, None)),
    ],
)
def test_site_is_the_publisher_unless_the_report_names_another(
    tags: list[str], body: str, folder: str | None, expected: tuple[str | None, str | None]
) -> None:
    written = page(f"<html><head>{''.join(tags)}</head><body><p>{body}</p></body></html>")
    (article,) = read_web_page(replace(written, source=folder))

    assert (article.source, article.publisher) == expected


def test_reporter_of_the_byline_counts_more_than_the_pages_author() -> None:
    html = f'<html><meta name="author" content="编辑部"><p>财联社3月22日讯（记者 张三）{BODY}</p></html>'

    assert read(html).author == "张三"


@pytest.mark.parametrize("label", ["gb2312", "gbk", "utf-8", "nonsense"])
def test_page_labelled_gb2312_is_read_whole(label: str) -> None:
    """Given bytes and this label, BeautifulSoup returns an empty article without an error: reliability row P1."""
    html = f'<html><meta charset="{label}"><title>朱镕基</title><body><p>镕€㐀{BODY}</p></body></html>'
    decoded = decode(html.encode("gb18030"))

    article = read(decoded.text)

    assert (article.title, article.body) == ("朱镕基", f"镕€㐀{BODY}")


@pytest.mark.parametrize(
    "html",
    [
        "<html></html>",
        "<html><head><title>央行降准</title></head><body></body></html>",
        "<html><title>央行降准</title><body><h1>央行降准</h1></body></html>",
        "<html><body><nav>首页</nav><footer>版权所有</footer></body></html>",
        "<html><body><script>document.write('央行降准')</script></body></html>",
        "<html><body><p>（文章来源：上海证券报）</p></body></html>",
    ],
)
def test_page_without_text_is_refused(html: str) -> None:
    with pytest.raises(UnparsedError, match=r"^no text: nothing is left once markup and boilerplate are gone$"):
        read(html)


def test_repairs_of_the_page_are_carried_on() -> None:
    broken = replace(page(f"<html><p>{BODY}</p></html>"), repairs=("1 broken character",))

    assert [article.repairs for article in read_web_page(broken)] == [("1 broken character",)]


@pytest.mark.parametrize(
    "html",
    [
        "<article>" * 20_000 + "字",
        "<article>" + "<aside>" * 50_000 + "字",
        "<main>" * 20_000 + "字",
        "<div>" * 50_000 + "字",
        "<article>字</article>" * 20_000,
    ],
    ids=["articles", "asides", "mains", "divs", "teasers"],
)
@pytest.mark.timeout(60)
def test_deeply_nested_page_is_read_once(html: str) -> None:
    """Twenty thousand articles in each other took six minutes when each was tried for itself."""
    assert read(f"<html><body>{html}").body.replace("\n", "") == "字" * html.count("字")
