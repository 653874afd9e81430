from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.build import page, page_of
from tests.shingles import PAGES, mean, score
from watcher.decoding import decode
from watcher.errors import UnparsedError
from watcher.model import Article, Mark
from watcher.parse.pages.web_page import read_web_page

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
    article = read(f"<html><title>降准</title><article><h1>降准</h1><p>{BODY}</p><p>央行降准。</p></article>")

    assert (article.title, article.body) == ("降准", f"{BODY}\n央行降准。")


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


def test_inset_in_an_article_is_no_part_of_it() -> None:
    """Where the article of a page was all of its ``article``, boxes of other stories in it were stored and matched."""
    html = f"<html><article><p>{BODY}</p><aside><p>样例银行：年内不再加息。</p></aside><p>{BODY}</p></article></html>"

    assert read(html).body == f"{BODY}\n{BODY}"


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
    before, after = "其一，各地要加快落实各项改革任务。", "其二，各地要按季报告工作的进度。"
    html = f"<html><article><p>{before}</p><article>{BODY}</article><p>{after}</p></article>"

    assert read(html).body == f"{before}\n{BODY}\n{after}"


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


SAMPLES = sorted(PAGES.glob("*.html"))
FAR_FROM_PERFECT = {"en_live_blog": 0.9, "hold_en_table_release": 0.9}


def f1_of(path: Path) -> float:
    return score(read_file(path).body, path.with_suffix(".txt").read_text(encoding="utf-8")).f1


def read_file(path: Path) -> Article:
    (article,) = read_web_page(page_of(path))
    return article


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_article_is_found_among_what_surrounds_it(path: Path) -> None:
    assert f1_of(path) >= FAR_FROM_PERFECT.get(path.stem, 0.96)


def test_mean_over_all_pages_does_not_fall() -> None:
    scores = [score(read_file(path).body, path.with_suffix(".txt").read_text(encoding="utf-8")) for path in SAMPLES]

    assert len(scores) >= 20
    assert mean(scores).f1 >= 0.985


def test_marks_of_the_article_survive_and_those_of_the_list_beside_it_do_not() -> None:
    article = read_file(PAGES / "zh_data_table.html")

    assert [mark.symbol for mark in article.marks] == ["000333.SZ", "600276.SH", "300750.SZ"]
    assert all(article.body[mark.start : mark.end] == mark.written_as for mark in article.marks)
    assert "美的集团\t35.2\t0.71%" in article.body


def test_linked_data_in_a_graph_tells_the_fields() -> None:
    article = read_file(PAGES / "zh_jsonld_hashed.html")

    assert (article.title, article.author, article.publisher, article.section, article.published_at) == (
        "样例能源签下十年绿电直连协议",
        "样甲, 样乙",
        "样例能见",
        "电力",
        datetime(2026, 11, 18, 7, 0, tzinfo=UTC),
    )


def test_meta_tags_of_chinese_editing_systems_tell_the_fields() -> None:
    article = read_file(PAGES / "zh_long_divs.html")

    assert (article.title, article.publisher, article.author, article.section, article.published_at) == (
        "样例市前10个月工业投资增长14.7% 高技术制造业占比超三成",
        "样例日报",
        "样五",
        "经济",
        datetime(2026, 11, 19, 0, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("line", "published", "publisher", "author"),
    [
        ("2026年11月18日 09:30 来源：样例财经", AT, "样例财经", None),
        ("2026-11-18 09:30:00　来源:样例财经　作者：张三 李四　字号：大 中 小", AT, "样例财经", "张三 李四"),
        ("<span>来源：样例财经</span><span>作者：张三</span><span>2026/11/18 09:30</span>", AT, "样例财经", "张三"),
        ("来源：公司公告　2026年11月18日", date(2026, 11, 18), None, None),
        ("By Ada Sample and Bo Example | Nov. 18, 2026 1:30 GMT", AT, None, "Ada Sample and Bo Example"),
        ("18 November 2026, 1:30 p.m. ET", date(2026, 11, 18), None, None),
        ("阅读 1.2万 评论 35", None, None, None),
    ],
)
def test_line_above_the_text_tells_date_source_and_author(
    line: str, published: Any, publisher: str | None, author: str | None
) -> None:
    article = read(f"<html><body><h1>数字政府加速</h1><div>{line}</div><div>{BODY}</div></body></html>")

    assert (article.published_at, article.publisher, article.author, article.body) == (
        published,
        publisher,
        author,
        BODY,
    )


def test_date_in_the_text_is_not_the_date_of_the_article() -> None:
    assert read(f"<html><h1>题目</h1><p>{BODY}2019年3月1日起施行。</p><p>{BODY}</p></html>").published_at is None


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>降准落地 - 某某网</title>", "降准落地"),
        ("<title>降准落地_要闻频道_某某财经</title>", "降准落地"),
        ("<title>降准落地-新华网</title>", "降准落地"),
        ("<title>Bank A - Bank B: merger talks</title>", "Bank A - Bank B: merger talks"),
        ("<title>2025-2026年展望</title>", "2025-2026年展望"),
        ('<meta property="og:site_name" content="Ledger"><title>Rail deal | Ledger</title>', "Rail deal"),
        ('<meta property="og:title" content="降准落地｜某某网">', "降准落地"),
        ("<title>_</title>", "_"),
    ],
)
def test_title_does_not_name_its_site(head: str, title: str) -> None:
    assert read_head(head).title == title


def test_heading_that_the_window_title_repeats_is_the_title() -> None:
    html = f"<html><title>降准落地</title><body><h1>某某财经频道</h1><h1>降准落地</h1><p>{BODY}</p></body></html>"

    assert read(html).title == "降准落地"


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- saved from url=(0042)https://news.example.com/a/1.html -->",
        "<!--\n Page saved with SingleFile \n url: https://news.example.com/a/1.html \n saved date: Wed -->",
    ],
)
def test_page_that_a_browser_saved_keeps_its_address(comment: str) -> None:
    assert read(f"<!DOCTYPE html>\n{comment}\n<html><body><p>{BODY}</p></body></html>").url == (
        "https://news.example.com/a/1.html"
    )


@pytest.mark.parametrize(
    ("attributes", "head", "body", "language"),
    [
        (' lang="zh-CN"', "", BODY, "zh"),
        ("", '<meta property="og:locale" content="da_DK">', "Selskabet venter en omsætning på 3 mio. kroner.", "da"),
        (' lang="en"', "", BODY, "zh"),
        (' lang="zh"', "", "The bank said that it would cut the rate, and that is all there is.", "en"),
        (' lang="de-AT"', "", "Das Unternehmen senkt die Prognose, teilte es mit.", "de"),
        (' lang="_x"', "", "Das Unternehmen senkt die Prognose, teilte es mit.", None),
    ],
)
def test_stated_language_counts_unless_the_script_says_otherwise(
    attributes: str, head: str, body: str, language: str | None
) -> None:
    html = f"<html{attributes}><head>{head}</head><body><p>{body}</p></body></html>"

    assert read(html).language == language


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (
            '<head><meta http-equiv="Refresh" content="0; URL=\'https://a.example/b\'"></head><body>请稍候</body>',
            "no article: the page only redirects to https://a.example/b",
        ),
        ("<title>Just a moment...</title><body><p>Checking your browser</p></body>", "check for robots"),
        ("<body><h1>安全验证</h1><p>请完成下方验证码后继续访问。</p></body>", "check for robots"),
        ("<title>403 Forbidden</title><body><h1>403 Forbidden</h1><hr>nginx</body>", "error of the site"),
        ("<body><p>抱歉，您访问的页面不存在或文章已被删除。</p></body>", "error of the site"),
        ("<body><h1>财报解读</h1><p>登录后可阅读全文</p></body>", "request to log in or subscribe"),
        ("<body><p>You need to enable JavaScript to run this app.</p></body>", "request to switch on scripts"),
    ],
)
def test_page_without_an_article_says_what_it_is_instead(html: str, reason: str) -> None:
    with pytest.raises(UnparsedError, match=reason):
        read(f"<html>{html}</html>")


@pytest.mark.parametrize(
    "html",
    [
        '<head><meta http-equiv="refresh" content="300"></head><p>{0}</p>',
        '<head><meta http-equiv="refresh" content="300; url=/"></head>' + "<p>{0}</p>" * 6,
        "<p>样例公司表示，验证码短信业务收入增长三成。{0}{0}{0}{0}{0}{0}</p>",
        "<p>{0}{0}{0}{0}{0}{0}</p><p>登录后可阅读全文</p>",
    ],
)
def test_article_that_mentions_such_words_is_an_article(html: str) -> None:
    assert BODY in read(f"<html><body>{html.format(BODY)}</body></html>").body


HEADLINES = [f"样例公司第{number}次公告：拟回购公司股份" for number in range(24)]


def test_front_page_of_teasers_is_not_an_article() -> None:
    teasers = "".join(
        f'<article><h3><a href="/{one}">{one}</a></h3><p>据了解，详情见内。</p></article>' for one in HEADLINES
    )

    with pytest.raises(UnparsedError, match=r"^a list of 24 headlines, no article$"):
        read(f"<html><body><h1>要闻</h1>{teasers}</body></html>")


def test_front_page_of_links_is_not_an_article() -> None:
    links = "".join(f'<li><a href="/{one}">{one}</a></li>' for one in HEADLINES)

    with pytest.raises(UnparsedError, match=r"^a list of 24 headlines, no article$"):
        read(f"<html><body><ul>{links}</ul></body></html>")


def test_flash_beside_many_headlines_is_an_article() -> None:
    links = "".join(f'<li><a href="/{one}">{one}</a></li>' for one in HEADLINES)

    assert read(f"<html><body><p>{BODY}</p><ul>{links}</ul></body></html>").body == BODY


def test_text_behind_an_unclosed_comment_is_found_by_the_second_parser() -> None:
    """All of it is dropped by lxml without a word: reliability row P11."""
    article = read(f"<html><body><p>头。</p><!-- 广告{f'<p>{BODY}</p>' * 60}</body></html>")

    assert article.body.count(BODY) == 60
    assert article.repairs[0].startswith("broken HTML: ")


@pytest.mark.parametrize(
    "html", ["<a " * 60_000, "<a b='" * 30_000, "<!--" * 49_000], ids=["tags", "quotes", "comments"]
)
@pytest.mark.timeout(30)
def test_second_parser_is_not_asked_where_it_can_hang(html: str) -> None:
    """The first takes html.parser three minutes."""
    with pytest.raises(UnparsedError, match="no text"):
        read(f"<html><body>{html}")


def test_page_that_is_mostly_script_is_not_called_broken() -> None:
    assert read(f"<html><p>{BODY}</p><script>{'x' * 5_000}</script>").repairs == ()


def test_heading_of_the_article_that_sounds_like_furniture_stays() -> None:
    html = f"<html><article><p>{BODY}</p><h2>相关公司</h2><p>{BODY}</p><h2>Discussion</h2><p>{BODY}</p></article>"

    assert read(html).body == f"{BODY}\n相关公司\n{BODY}\nDiscussion\n{BODY}"


@pytest.mark.parametrize(
    "html",
    [
        '<div class="article has-comments"><p>{0}</p><p>{0}</p></div>',
        '<div class="layout with-sidebar"><p>{0}</p><p>{0}</p></div>',
        '<div class="hot"><p>{0}</p></div><div class="recommend"><p>{0}</p></div>',
    ],
)
def test_article_in_an_element_that_is_named_after_furniture_is_read(html: str) -> None:
    assert read(f"<html><body>{html.format(BODY)}</body></html>").body == f"{BODY}\n{BODY}"


def test_text_that_only_linked_data_holds_is_read() -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "降准落地", "articleBody": f"{BODY}\n{BODY}二。"})
    article = read(f'<html><script type="application/ld+json">{data}</script><body><div id="app"></div></body></html>')

    assert (article.title, article.body) == ("降准落地", f"{BODY}\n{BODY}二。")


def test_page_of_a_form_is_read() -> None:
    """ASP.NET puts a whole page into one form; a search box stays out."""
    search = "<form><input><p>输入代码、名称，查询行情。</p></form>"

    assert read(f'<html><body><form id="aspnetForm"><p>{BODY}</p></form>{search}</body></html>').body == BODY


def test_page_that_is_too_much_markup_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(UnparsedError, match=r"^too much markup for an article: 300,0\d\d tags$"):
        read("<html>" + "<i>" * 300_000)


def test_page_of_which_only_the_paging_is_left_is_a_list_of_headlines() -> None:
    items = "".join(f'<li><a href="/{n}">样例{n}号公告回购</a><span>2026-11-20</span></li>' for n in range(6))
    html = f'<html><head><title>公司新闻</title></head><body><ul>{items}</ul><a href="?p=2">下一页</a></body></html>'

    with pytest.raises(UnparsedError, match="a list of 6 headlines, no article"):
        read_web_page(page(html, "list.html"))
