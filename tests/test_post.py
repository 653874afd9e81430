from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import page, post
from watcher.errors import UnparsedError
from watcher.identify import identify_article
from watcher.model import Article, Mark, Page
from watcher.parse import parse_page
from watcher.parse.post import read_post


def read(text: str, name: str = "news.md") -> Article:
    (article,) = read_post(page(text, name))
    return article


def read_header(*lines: str, body: str = "正文。", name: str = "news.md") -> Article:
    return read("\n".join(["---", *lines, "---", "", body, ""]), name)


def test_jekyll_post_is_read_whole() -> None:
    html = '<p>今日<span data-code="0,300546">雄帝科技</span>涨停。</p><p>（文章来源：上海证券报）</p>'
    text = post("概念股“大秀肌肉”", f"> 雄帝科技涨停。\n\n{html}\n\n<https://finance.eastmoney.com/a/1.html>")

    assert read(text, "2026-11-18-202611183512046871.md") == Article(
        title="概念股“大秀肌肉”",
        summary="雄帝科技涨停。",
        body="今日雄帝科技涨停。",
        format="post",
        url="https://finance.eastmoney.com/a/1.html",
        native_id="202611183512046871",
        source="东财滚动新闻",
        publisher="上海证券报",
        section="emnews",
        language="zh",
        published_at=datetime(2026, 11, 18, 1, 30, tzinfo=UTC),
        published_from="field",
        marks=(Mark("300546.SZ", "雄帝科技", 2, 6),),
    )


def test_hexo_post_is_read_whole() -> None:
    header = "title: '一网统管'\ncategories: \n - 金融\n - 财联社 - 深度\nauthor: 财联社 - 深度\n"
    date_line = "date: Wed, 18 Nov 2026 01:30:00 GMT"
    body = "<div>\n<p>财联社11月18日讯（记者 张三）央行降准。</p>\n</div>"

    assert read(f"\n---\n{header}{date_line}\n---\n\n{body}\n") == Article(
        title="一网统管",
        body="财联社11月18日讯（记者 张三）央行降准。",
        format="post",
        source="财联社 - 深度",
        publisher="财联社",
        author="张三",
        section="深度",
        language="zh",
        published_at=datetime(2026, 11, 18, 1, 30, tzinfo=UTC),
        published_from="field",
    )


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (["tags: 东财滚动新闻"], "东财滚动新闻"),
        (["tags: [东财滚动新闻]"], "东财滚动新闻"),
        (["tags:", "- 东财滚动新闻"], "东财滚动新闻"),
        (["tags: [要闻, 基金]"], None),
        (["author: 财联社 - 深度", "tags: 东财滚动新闻"], "财联社 - 深度"),
        (["source: Reuters", "author: 财联社"], "Reuters"),
        (["来源: 新华社"], "新华社"),
        (["layout: post"], None),
    ],
)
def test_source_is_under_what_name_the_post_was_exported(lines: list[str], source: str | None) -> None:
    assert read_header("title: x", *lines).source == source


def test_source_is_the_folders_where_the_post_names_none() -> None:
    folder = replace(page("---\ntitle: x\n---\n正文"), source="桌面")

    assert [article.source for article in read_post(folder)] == ["桌面"]


@pytest.mark.parametrize(
    ("lines", "section"),
    [
        (["categories: emnews"], "emnews"),
        (["categories:", " - 金融", " - 财联社 - 深度"], "深度"),
        (["categories: [金融, 数据]"], "数据"),
        (["section: 要闻", "categories: 金融"], "要闻"),
        (["栏目: 要闻"], "要闻"),
        (["categories:"], None),
        (["layout: post"], None),
    ],
)
def test_section_is_the_last_of_the_categories(lines: list[str], section: str | None) -> None:
    assert read_header("title: x", *lines).section == section


@pytest.mark.parametrize(
    ("author", "body", "publisher"),
    [
        ("财联社 - 深度", "证券时报网3月22日讯，央行降准。\n\n（文章来源：上海证券报）", "上海证券报"),
        ("财联社 - 深度", "央行降准。（上海证券报）", "上海证券报"),
        ("财联社 - 深度", "证券时报网3月22日讯，央行降准。", "证券时报网"),
        ("财联社 - 深度", "央行降准。", "财联社"),
        ("证券时报网", "央行降准。", "证券时报网"),
        ("东方财富 - 要闻", "央行降准。", None),
        ("finviz", "Central bank cuts.", None),
        ("", "央行降准。", None),
    ],
)
def test_publisher_is_by_source_line_then_byline_then_author_unless_it_only_lists(
    author: str, body: str, publisher: str | None
) -> None:
    assert read_header("title: x", f"author: {author}", body=body).publisher == publisher


@pytest.mark.parametrize(
    ("lines", "body", "url"),
    [
        (["link: https://example.com/a"], "正文。", "https://example.com/a"),
        (["url: https://example.com/a"], "正文。\n\n<https://example.com/b>", "https://example.com/a"),
        (["permalink: https://example.com/a"], "正文。", "https://example.com/a"),
        ([], "正文。\n\n<https://example.com/b>", "https://example.com/b"),
        ([], "正文。\n\n[返回首页](/)｜[返回列表](/b)\n\n<https://example.com/b>\n", "https://example.com/b"),
        ([], "正文。\n\n<>", None),
        ([], "见 <https://example.com/b> 。", None),
    ],
)
def test_url_is_the_headers_or_stands_below_the_report(lines: list[str], body: str, url: str | None) -> None:
    assert read_header("title: x", *lines, body=body).url == url


@pytest.mark.parametrize(
    ("url", "name", "native_id"),
    [
        ("https://finance.eastmoney.com/a/202203112306854321.html", "news.md", "202203112306854321"),
        ("https://finance.eastmoney.com/a/202203112306854321.html", "202203112306850000.md", "202203112306854321"),
        ("", "2022-03-11-202203112306854321.md", "202203112306854321"),
        ("", "2022-03-11-NW202203112306854321.md", "NW202203112306854321"),
        ("https://example.com/a", "old_post_2021-12-08-202112082206672930.md", "202112082206672930"),
        ("", "2022-03-11-20220311.md", None),
        ("", "9202203112306854321.md", None),
        ("", "202299112306854321.md", None),
        ("", "news.md", None),
    ],
)
def test_native_id_is_in_the_url_or_else_in_the_name(url: str, name: str, native_id: str | None) -> None:
    assert read_header("title: x", f"link: {url}", name=name).native_id == native_id


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("> 摘要。\n\n正文。", ("摘要。", "正文。")),
        ("> 摘要一。\n> 摘要二。\n\n正文。", ("摘要一。\n摘要二。", "正文。")),
        ("<blockquote><p>摘要。</p></blockquote><p>正文。</p>", ("摘要。", "正文。")),
        ("> 全文。", (None, "全文。")),
        ("> 全文。\n\n[返回首页](/)", (None, "全文。")),
        ("正文。\n\n> 引文。", (None, "正文。\n引文。")),
        ("正文。", (None, "正文。")),
    ],
)
def test_quote_above_a_report_is_its_summary_unless_it_is_all_there_is(
    body: str, expected: tuple[str | None, str]
) -> None:
    article = read_header("title: x", body=body)

    assert (article.summary, article.body) == expected


def test_description_is_the_summary_where_there_is_no_quote() -> None:
    with_quote = read_header("title: x", "description: 简介", body="> 摘要。\n\n正文。")
    without = read_header("title: x", "description: 简介")

    assert (with_quote.summary, without.summary) == ("摘要。", "简介")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 央行降准\n\n正文。", ("央行降准", "正文。")),
        ("# 央行降准。\n\n正文。", ("央行降准。", "正文。")),
        ("央行降准\n\n正文。", ("央行降准", "正文。")),
        ("央行降准\n正文。", ("央行降准", "正文。")),
        ("央行为何降准？\n\n正文。", ("央行为何降准？", "正文。")),
        ("央行今日降准。\n\n正文。", (None, "央行今日降准。\n正文。")),
        ("UPDATE 1-Bank cuts.\n\nBody.", (None, "UPDATE 1-Bank cuts.\nBody.")),
        ("长" * 80 + "\n\n正文。", ("长" * 80, "正文。")),
        ("长" * 81 + "\n\n正文。", (None, "长" * 81 + "\n正文。")),
        ("央行降准", (None, "央行降准")),
        ("> 摘要。\n\n央行降准\n\n正文。", ("央行降准", "正文。")),
    ],
)
def test_title_of_a_text_without_header_is_its_heading_or_short_first_line(
    text: str, expected: tuple[str | None, str]
) -> None:
    article = read(text)

    assert (article.title, article.body, article.format) == (*expected, "text")


def test_post_with_a_header_and_no_title_keeps_its_first_line() -> None:
    """The exporter lost the title; the first line is the report's."""
    article = read_header('title: ""', body="央行降准\n\n正文。")

    assert (article.title, article.body) == (None, "央行降准\n正文。")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("title: 一  二", "一 二"),
        ("title: 雄帝\u200b科技", "雄帝科技"),
        ('title: "雄帝\\0科技\\ud800"', "雄帝科技"),
        ("标题: 雄帝科技", "雄帝科技"),
        ("headline: 雄帝科技", "雄帝科技"),
        ("title: \u200b", None),
    ],
)
def test_title_is_one_line_of_what_can_be_seen(written: str, title: str | None) -> None:
    assert read_header("layout: post", written).title == title


@pytest.mark.parametrize(
    ("lines", "name", "published"),
    [
        (["date: 2026-11-18 09:30:00 +0800"], "2025-01-01-x.md", (datetime(2026, 11, 18, 1, 30, tzinfo=UTC), "field")),
        (["date: 2026-11-18 09:30"], "x.md", (datetime(2026, 11, 18, 1, 30, tzinfo=UTC), "field")),
        (["date: 2026-11-18"], "x.md", (date(2026, 11, 18), "field")),
        (["date: Invalid Date", "pubdate: 2026-11-18"], "2025-01-01-x.md", (date(2026, 11, 18), "field")),
        (["发布时间: 2026年11月18日"], "x.md", (date(2026, 11, 18), "field")),
        (["date: Invalid Date"], "2025-01-01-x.md", (date(2025, 1, 1), "file name")),
        (['date: " +0800"'], "202501013512046871.md", (date(2025, 1, 1), "file name")),
        (["date: Invalid Date"], "x.md", (None, None)),
        ([], "x.md", (None, None)),
    ],
)
def test_date_is_the_headers_or_else_in_the_name(lines: list[str], name: str, published: tuple[Any, Any]) -> None:
    article = read_header("title: x", *lines, name=name)

    assert (article.published_at, article.published_from) == published


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [("央行降准", "PBoC", "zh"), ("PBoC", "央行降准", "zh"), ("PBoC", "cuts", "en"), ("", "100", "en")],
)
def test_language_is_chinese_where_a_chinese_character_stands(title: str, body: str, language: str) -> None:
    assert read_header(f"title: {title}", body=body).language == language


def test_repairs_of_page_and_header_are_carried_on() -> None:
    broken = replace(page("---\ntitle: one\ntitle: two\n---\n正文"), repairs=("1 broken character",))
    (article,) = read_post(broken)

    assert article.repairs == (
        "1 broken character",
        '"title" stands twice in the front matter; the last one counts',
    )


PICTURES = '<p><img src="https://example.com/{}.jpg" /></p>\n'.format("x" * 40)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "---\nlayout: post\n---\n",
        '---\ntitle: ""\n---\n（文章来源：上海证券报）',
        "<!-- x -->",
        f"---\ntitle: 央行降准\n---\n{PICTURES * 5}",
        f"---\ntitle: 央行降准\n---\n{PICTURES * 5}（文章来源：上海证券报）",
        "---\ntitle: 央行降准\n---\n<script>" + "x" * 300 + "</script>",
    ],
)
def test_markup_without_text_is_refused(text: str) -> None:
    with pytest.raises(UnparsedError, match=r"^no text: nothing is left once markup and boilerplate are gone$"):
        read(text)


@pytest.mark.parametrize("body", ["", PICTURES, "（文章来源：上海证券报）", "[返回首页](/)｜[返回列表](/)"])
def test_bare_headline_is_an_article(body: str) -> None:
    article = read_header("title: 央行降准", body=body)

    assert (article.title, article.body) == ("央行降准", "")


@pytest.mark.parametrize(
    "body",
    [
        "今日雄帝科技涨停。\n\n市盈率<50倍。",
        "> 今日雄帝科技涨停。\n\n> 市盈率&lt;50倍。",
        "<p>今日雄帝科技涨停。</p><p>市盈率&lt;50倍。</p>",
        '<p>今日<span data-code="0,300546">雄帝科技</span>涨停。</p>\n<p>市盈率&lt;50倍。</p>',
        "<div>\n<p>\u3000\u3000今日雄帝\n科技涨停。</p>\n\n<p>市盈率&#60;５０倍。</p>\n</div>",
        "<div>\r\n<p>\u3000\u3000今日雄帝\r\n科技涨停。</p>\r\n\r\n<p>市盈率&#60;５０倍。</p>\r\n</div>\r\n",
        "> 今日雄帝科技涨停。\n\n<p>今日雄帝科技涨停。<br>市盈率&lt;50倍。</p>\n\n（文章来源：上海证券报）",
        "今日**雄帝科技**涨停。  \n市盈率&lt;50倍。（上海证券报）\n\n[返回首页](/)｜[返回列表](/)\n\n<https://example.com/a>",
    ],
)
def test_same_report_in_other_markup_is_the_same_article(body: str) -> None:
    plain = read_header("title: 雄帝科技涨停", body="今日雄帝科技涨停。\n市盈率<50倍。")

    copy = read_header("title: 雄帝科技涨停", body=body)

    assert identify_article(copy) == identify_article(plain)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n \t"])
def test_empty_line_in_html_does_not_make_markdown_of_it(line_end: str) -> None:
    """To Markdown an empty line ends the HTML around it, and *5G* below it would be emphasis."""
    html = f"<div>\n<p>一</p>{line_end}{line_end}*5G*<br>_二_{line_end}</div>"

    assert read_header("title: x", body=f"{html}{line_end}{line_end}**三**").body == "一\n*5G*\n_二_\n三"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<div>\n正文*一*\n\n    正文二\n</div>", ["正文*一*", "正文二"]),
        ('<div class="a"\n     id="b">正文一\n正文<b\n>二</b></div>\n\n', ["正文一", "正文二"]),
        ("<div>正文\n一</div>\n\n**正文二**", ["正文一", "正文二"]),
        ("<div><p>正文\n一</p></div>", ["正文一"]),
        ("<span>正文</span>一\n\n**正文二**", ["正文一", "正文二"]),
        ("<center>正文</center>\n\n## 一\n\n1. 正文二", ["正文", "一", "1. 正文二"]),
        ("<!-- more -->\n\n**正文**", ["正文"]),
    ],
)
def test_line_breaks_count_only_in_plain_text_in_a_div(body: str, lines: list[str]) -> None:
    assert read_header("title: x", body=body).body == "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><rss><channel/></rss>',
        "\ufeff<rss><channel/></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "<nitf><body/></nitf>",
        '{"headline": "x"}',
        '[{"headline": "x"}]',
        "[]",
    ],
)
def test_feed_or_wire_is_refused_and_named(text: str) -> None:
    with pytest.raises(UnparsedError, match=r"^(an XML feed or wire|JSON); only posts, web pages and text are read$"):
        parse_page(page(text))


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("---\ntitle: x\n---\n<html>", "post"),
        ("[快讯] 央行降准", "text"),
        ("{央行降准}", "text"),
        ("<p>央行降准</p>", "text"),
        ("<html><p>央行降准</p></html>", "web page"),
        ("\n<!DOCTYPE html>\n<p>央行降准</p>", "web page"),
        ("<!-- saved from url -->\n<HTML><p>央行降准</p>", "web page"),
        (
            '<?xml version="1.0" encoding="gb2312"?>\n<!DOCTYPE html PUBLIC "x">\n<html><p>央行降准</p></html>',
            "web page",
        ),
        ("<headline>央行降准</headline>", "text"),
    ],
)
def test_reader_is_picked_by_what_the_page_looks_like(text: str, read_as: str) -> None:
    (article,) = parse_page(page(text))

    assert article.format == read_as


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["---", "title: x", "> ", "<div>", "</div>", "\n", "\n\n", "# ", "。"]) | st.text()))
def test_any_text_is_an_article_or_refused(pieces: list[str]) -> None:
    anything = Page("x.md", "".join(pieces), "utf-8", "", "Asia/Shanghai")

    try:
        articles = parse_page(anything)
    except UnparsedError:
        return

    assert [article.body for article in articles if not (article.title or article.body)] == []
    assert len(articles) == 1


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("AT&amp;T 与贵州茅台", "AT&T 与贵州茅台"),
        ("<em>央行</em>降准", "央行降准"),
        ("a &lt; b", "a < b"),
        ("'#财经# 央行降准'", "#财经# 央行降准"),
        ("#财经# 央行降准", "#财经# 央行降准"),
    ],
)
def test_title_is_what_its_reader_sees(written: str, title: str) -> None:
    (read,) = read_post(page(f"---\ntitle: {written}\ndate: 2026-11-18\n---\n\n正文。"))

    assert read.title == title


@pytest.mark.parametrize("end", ["\n\n第三段", "\n第三段"])
def test_line_breaks_of_a_text_without_blocks_are_kept(end: str) -> None:
    """RSSHub puts plain feeds into one div; joined, the last word of a line and the first of the next make new ones."""
    (read,) = read_post(page(f"---\ntitle: x\n---\n\n<div>   \n第一行\n第二行。{end}  \n</div>\n"))

    assert read.body == "第一行\n第二行。\n第三段"
