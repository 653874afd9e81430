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
from watcher.parse.posts.post import read_post


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
        articles = read_post(anything)
    except UnparsedError:
        return

    assert [article for article in articles if not (article.title or article.body)] == []
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


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (
            "央行降准半个百分点\n释放资金万亿\n\n央行今日宣布降准。",
            "央行降准半个百分点 释放资金万亿",
            "央行今日宣布降准。",
        ),
        (
            "央行降准半个百分点\n释放资金万亿\n央行今日宣布降准。",
            "央行降准半个百分点",
            "释放资金万亿\n央行今日宣布降准。",
        ),
        ("【央行降准半个百分点】央行今日宣布。", "央行降准半个百分点", "【央行降准半个百分点】央行今日宣布。"),
        ("【央行降准半个百分点】\n\n央行今日宣布。", "央行降准半个百分点", "央行今日宣布。"),
        ("【快讯】央行今日宣布。", None, "【快讯】央行今日宣布。"),
        ("---\nlayout: post\n---\n# 央行降准\n\n央行今日宣布。", "央行降准", "央行今日宣布。"),
        ("---\ntitle: 央行降准！\n---\n# 央行降准!\n\n央行今日宣布。", "央行降准！", "央行今日宣布。"),
        ("---\ntitle: 央行降准\n---\n央行降准\n\n央行今日宣布。", "央行降准", "央行降准\n央行今日宣布。"),
        ("财联社9月9日电，央行降准\n\n央行今日宣布。", None, "财联社9月9日电，央行降准\n央行今日宣布。"),
        ("- 央行降准\n- 央行加息", None, "央行降准\n央行加息"),
    ],
)
def test_title_of_plain_text(text: str, title: str | None, body: str) -> None:
    article = read(text)

    assert (article.title, article.body) == (title, body)


@pytest.mark.parametrize(
    ("note", "at", "publisher", "author"),
    [
        ("2026-11-18 09:30:00 来源：证券时报 作者：张三", "2026-11-18 01:30", "证券时报", "张三"),
        ("发布时间：2026年11月18日 09:30　来源：新华网", "2026-11-18 01:30", "新华网", None),
        ("证券时报 2026-11-18 09:30", "2026-11-18 01:30", "证券时报", None),
        ("2026/11/18 9:30 | 来源: 人民网 | 责任编辑: 李四", "2026-11-18 01:30", "人民网", None),
        ("时间：2026-11-18 09:30 阅读：1234次 字号：大 中 小", "2026-11-18 01:30", None, None),
        ("11-18 09:30Wind", "2026-11-18 01:30", "Wind", None),
        ("11月18日 09:30 来源：财联社", "2026-11-18 01:30", "财联社", None),
        ("作者：张三 2026-11-18", "2026-11-18", None, "张三"),
        ("2026年11月18日", "2026-11-18", None, None),
        ("Published: 2026-11-18 09:30", "2026-11-18 01:30", None, None),
        ("2026-11-18T09:30:00+08:00", "2026-11-18 01:30", None, None),
    ],
)
def test_note_below_the_title_tells_when_and_by_whom(
    note: str, at: str, publisher: str | None, author: str | None
) -> None:
    article = read(f"央行降准\n\n{note}\n\n央行今日宣布降准。", "2026-11-19.txt")

    day = article.published_at
    written = f"{day:%Y-%m-%d %H:%M}" if isinstance(day, datetime) else str(day)
    assert (written, article.published_from, article.publisher, article.author) == (at, "body", publisher, author)
    assert (article.title, article.body) == ("央行降准", "央行今日宣布降准。")


@pytest.mark.parametrize(
    "line",
    [
        "11月18日 09:30 央行将公布数据",
        "2026年11月18日，央行宣布降准",
        "公司2026-11-18收到通知",
        "关注央行降准",
        "阅读理解",
        "时间就是金钱",
    ],
)
def test_line_that_says_more_is_no_note(line: str) -> None:
    assert read(f"# 央行降准\n\n{line}\n\n正文。", "x.txt").body == f"{line}\n正文。"


def test_yearless_note_is_unknown_where_nothing_tells_the_year() -> None:
    article = read("央行降准\n\n11-18 09:30Wind\n\n央行今日宣布降准。", "x.txt")

    assert (article.published_at, article.published_from, article.body) == (None, None, "央行今日宣布降准。")


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("财联社11月18日电，央行降准。", "2026-11-19-x.md", date(2026, 11, 18)),
        ("财联社12月31日电，央行降准。", "2026-01-01-x.md", date(2025, 12, 31)),
        ("新华社北京11月18日电（记者 张三）央行降准。", "20261118.txt", date(2026, 11, 18)),
        ("《科创板日报》30日讯，央行降准。", "2026-12-01-x.md", date(2026, 11, 30)),
        ("【央行降准半个百分点】财联社11月18日电，央行降准。", "2026-11-18.md", date(2026, 11, 18)),
        ("新华财经北京2026年11月18日电，央行降准。", "x.md", date(2026, 11, 18)),
        ("SHANGHAI, Nov 18 (Reuters) - The bank cut rates.", "2026-11-18.txt", date(2026, 11, 18)),
        ("NEW YORK, November 18, 2026 /PRNewswire/ -- The bank cut rates.", "x.txt", date(2026, 11, 18)),
        ("BEIJING, Nov. 18 (Xinhua) -- The bank cut rates.", "2026-11-20.txt", date(2026, 11, 18)),
    ],
)
def test_dateline_tells_the_day(text: str, name: str, day: date) -> None:
    article = read(text, name)

    assert (article.published_at, article.published_from) == (day, "dateline")


@pytest.mark.parametrize(
    "text",
    [
        "财联社11月18日电，央行降准。",
        "新华社北京2月30日电，央行降准。",
        "据新华社北京11月18日电，央行降准。",
        "央行11月18日宣布降准。",
        "SHANGHAI, Nov 18 (Reuters) - The bank cut rates.",
    ],
)
def test_dateline_without_a_year_is_unknown_where_nothing_tells_it(text: str) -> None:
    assert read(text, "x.md").published_at is None


def test_year_of_a_dateline_is_told_by_the_address_too() -> None:
    article = read("财联社11月18日电，央行降准。\n\nhttps://www.example.com/2026/11/19/a.html", "x.md")

    assert (article.published_at, article.url) == (date(2026, 11, 18), "https://www.example.com/2026/11/19/a.html")


@pytest.mark.parametrize(
    ("title", "name", "published"),
    [
        ("甲公司公告（2026年11月18日）", "x.md", (date(2026, 11, 18), "title")),
        ("2026-11-18 甲公司公告", "2026-11-19.md", (date(2026, 11, 18), "title")),
        ("11月18日甲公司公告", "2026-11-19.md", (date(2026, 11, 18), "title")),
        ("11月18日甲公司公告", "x.md", (None, None)),
        ("2026年11月18日起施行的办法", "x.md", (None, None)),
        ("央行：11月18日开展逆回购操作", "2026-11-17.md", (date(2026, 11, 17), "file name")),
        ("甲公司债券到期日2030年11月18日", "2026-11-17.md", (date(2026, 11, 17), "file name")),
    ],
)
def test_date_at_either_end_of_a_title(title: str, name: str, published: tuple[Any, Any]) -> None:
    article = read_header(f"title: {title}", name=name)

    assert (article.published_at, article.published_from) == published


def test_evidence_of_the_date_from_the_strongest_to_the_weakest() -> None:
    lines = ["title: 甲公司公告 2026-11-15", "date: 2026-11-18"]
    note, dateline = "2026-11-17 09:30\n\n", "财联社11月16日电，央行降准。"
    found = [
        read_header(*lines, body=note + dateline, name="2026-11-14.md"),
        read_header(lines[0], body=note + dateline, name="2026-11-14.md"),
        read_header(lines[0], body=dateline, name="2026-11-14.md"),
        read_header(lines[0], name="2026-11-14.md"),
        read_header("title: 甲公司公告", name="2026-11-14.md"),
    ]

    assert [one.published_from for one in found] == ["field", "body", "dateline", "title", "file name"]


@pytest.mark.parametrize(
    ("lines", "source", "publisher", "author", "section"),
    [
        (["source: 证券时报", "author: 张三"], "证券时报", "证券时报", "张三", None),
        (["source: 证券时报", "author: 记者 张三"], "证券时报", "证券时报", "张三", None),
        (["source: 财联社", "author: [张三, 李四]"], "财联社", "财联社", "张三 李四", None),
        (["source: 财联社", "author: 张三、李四"], "财联社", "财联社", "张三 李四", None),
        (
            ["source: Reuters", "authors:", "  - John Smith", "  - Mary Jones"],
            "Reuters",
            "Reuters",
            "John Smith, Mary Jones",
            None,
        ),
        (["source: 财联社", "author:", "  - name: 张三", "    email: a@b.c"], "财联社", "财联社", "张三", None),
        (["author: {name: 张三, url: x}", "tags: 要闻"], "要闻", None, "张三", None),
        (["author: 雪球-今日话题"], "雪球-今日话题", "雪球", None, "今日话题"),
        (["author: 雪球 - 今日话题", "categories: [金融]"], "雪球 - 今日话题", "雪球", None, "金融"),
        (["author: 财联社｜电报"], "财联社｜电报", "财联社", None, "电报"),
        (["author: 公司研究室"], "公司研究室", "公司研究室", None, None),
        (["source: https://example.com/a", "author: 财联社"], "财联社", "财联社", None, None),
        (["source: 东方财富", "author: 张三"], "东方财富", None, "张三", None),
    ],
)
def test_people_and_houses_of_a_header(
    lines: list[str], source: str | None, publisher: str | None, author: str | None, section: str | None
) -> None:
    article = read_header("title: x", *lines)

    assert (article.source, article.publisher, article.author, article.section) == (source, publisher, author, section)


@pytest.mark.parametrize(
    ("body", "publisher", "author"),
    [
        ("36氪获悉，甲公司完成融资。", "36氪", None),
        ("21世纪经济报道记者 张三 北京报道 甲公司完成融资。", "21世纪经济报道", "张三"),
        ("21世纪经济报道记者张三、李四 上海报道\n\n甲公司完成融资。", "21世纪经济报道", "张三、李四"),
        ("路透上海11月18日电 - 甲公司完成融资。", "路透", None),
        ("每经记者：张三 每经编辑：李四\n\n甲公司完成融资。", "每经", "张三"),
        ("【甲公司完成新一轮融资】财联社11月18日电，甲公司完成融资。", "财联社", None),
        ("甲公司完成融资。\n\n作者：张三", None, "张三"),
        ("甲公司完成融资。\n\n文/张三", None, "张三"),
        ("SHANGHAI (Reuters) - The firm raised money.", "Reuters", None),
    ],
)
def test_bylines(body: str, publisher: str | None, author: str | None) -> None:
    article = read_header("title: x", body=body)

    assert (article.publisher, article.author) == (publisher, author)


@pytest.mark.parametrize(
    ("lines", "foot", "url"),
    [
        ([], "https://example.com/a?b=1", "https://example.com/a?b=1"),
        ([], "[阅读原文](https://example.com/a)", "https://example.com/a"),
        ([], "[查看原文>>](https://example.com/a)", "https://example.com/a"),
        ([], "[Read more](https://example.com/a)", "https://example.com/a"),
        ([], "原文链接：https://example.com/a", "https://example.com/a"),
        ([], "原文链接：[https://example.com/a](https://example.com/a)", "https://example.com/a"),
        ([], "（原文：https://example.com/a）", "https://example.com/a"),
        ([], "链接: <https://example.com/a>", "https://example.com/a"),
        ([], "[阅读原文](/a)", None),
        (["url: /2026/a.html"], "https://example.com/a", "https://example.com/a"),
        (["canonical: https://example.com/c"], "https://example.com/a", "https://example.com/c"),
        (["original: https://example.com/o", "permalink: https://blog.example.com/p"], "", "https://example.com/o"),
        (["source: https://example.com/s"], "", "https://example.com/s"),
    ],
)
def test_address_of_the_original(lines: list[str], foot: str, url: str | None) -> None:
    article = read_header("title: x", *lines, body=f"正文。\n\n{foot}")

    assert (article.url, article.body) == (url, "正文。")


@pytest.mark.parametrize(
    ("url", "native_id"),
    [
        ("https://data.eastmoney.com/notices/detail/300546/AN202611181234567890.html", "AN202611181234567890"),
        ("https://caifuhao.eastmoney.com/news/20261118093012123456789", "20261118093012123456789"),
        ("https://example.com/2026111809301212345678", None),
        ("https://example.com/202611180930121234567890", None),
    ],
)
def test_other_article_numbers_of_east_money(url: str, native_id: str | None) -> None:
    assert read_header("title: x", f"link: {url}").native_id == native_id


def test_picture_with_a_telling_title_is_an_article() -> None:
    article = read(f"---\ntitle: 一图看懂新规要点\n---\n{PICTURES * 5}")

    assert (article.title, article.body, article.repairs) == ("一图看懂新规要点", "", ("no text but the title",))


@pytest.mark.parametrize("markup", ["<script>" + "x" * 300 + "</script>", "<div class='app'></div>" * 20])
def test_page_that_was_not_understood_is_refused_whatever_its_title(markup: str) -> None:
    with pytest.raises(UnparsedError, match=r"^no text"):
        read(f"---\ntitle: 一图看懂新规要点\n---\n{markup}")


@pytest.mark.parametrize("line", ["draft: true", "published: false", "draft: True"])
def test_draft_is_read_and_says_so(line: str) -> None:
    assert read_header("title: x", line).repairs == ("the post calls itself a draft; read all the same",)


@pytest.mark.parametrize("line", ["draft: false", "published: true"])
def test_what_is_no_draft_says_nothing(line: str) -> None:
    assert read_header("title: x", line).repairs == ()


def test_post_below_a_json_object_is_read_as_a_post() -> None:
    (article,) = parse_page(page('{\n  "title": "央行降准",\n  "date": "2026-11-18"\n}\n\n央行今日宣布。\n'))

    assert isinstance(article, Article)
    assert (article.title, article.body, article.published_at) == ("央行降准", "央行今日宣布。", date(2026, 11, 18))
