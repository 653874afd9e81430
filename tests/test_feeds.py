"""Feeds: RSS, RDF, Atom, WordPress exports and JSON Feed. All feeds here are invented."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.expected import read_expected
from watcher.errors import UnparsedError
from watcher.model import Article, Page, Unread
from watcher.parse import parse_page


def page(text: str) -> Page:
    return Page("feed.xml", text, "utf-8", "", "Asia/Shanghai")


def read(text: str) -> list[Article | Unread]:
    return list(parse_page(page(text)))


def articles(text: str) -> list[Article]:
    return [one for one in read(text) if isinstance(one, Article)]


def rss(*items: str, channel: str = "<title>Harbour News</title>") -> str:
    inner = "".join(f"<item>{item}</item>\n" for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel>{channel}\n{inner}</channel></rss>"
    )


def item(text: str) -> Article:
    (only,) = articles(rss(text))
    return only


# --- What an entry says ------------------------------------------------------------------------------------


def test_an_entry_is_an_article_with_all_that_it_says() -> None:
    text = rss(
        "<title>Harbour &amp;amp; ships</title><link>https://example.com/n/1</link><guid isPermaLink='false'>n-1</guid>"
        "<description>The harbour opened.</description><category>Shipping</category><dc:creator>Ann Lee</dc:creator>"
        "<content:encoded><![CDATA[<p>The harbour of <b>Nordhaven</b> opened.</p><p>A ship came.</p>]]>"
        "</content:encoded>"
        "<pubDate>Mon, 09 Sep 2024 08:00:00 +0800</pubDate>",
        channel="<title>Harbour News</title><language>en-gb</language>",
    )

    assert articles(text) == [
        Article(
            title="Harbour & ships",
            body="The harbour of Nordhaven opened.\nA ship came.",
            format="rss",
            summary="The harbour opened.",
            url="https://example.com/n/1",
            native_id="n-1",
            source="Harbour News",
            publisher="Harbour News",
            author="Ann Lee",
            section="Shipping",
            language="en-gb",
            published_at=datetime(2024, 9, 9, tzinfo=UTC),
            published_from="field",
        )
    ]


def test_the_longer_text_is_the_body_wherever_it_stands() -> None:
    """Some producers put the whole report into the description, and a teaser into the content."""
    found = item("<description>The harbour opened. A ship came.</description><content:encoded>Short.</content:encoded>")

    assert (found.body, found.summary) == ("The harbour opened. A ship came.", "Short.")


def test_securities_marked_up_in_an_entry_are_marks() -> None:
    html = '<p><span id="stock_0.300546"><a data-code="0,300546">某某股份</a></span>开港。</p>'
    html += "<p>（文章来源：证券时报）</p>"

    found = item(f"<title>t</title><description><![CDATA[{html}]]></description>")

    assert [mark.symbol for mark in found.marks] == ["300546.SZ"]
    assert (found.body, found.publisher) == ("某某股份开港。", "证券时报")


def test_a_headline_alone_is_an_article() -> None:
    found = item("<title>Harbour opens</title><description></description>")

    assert (found.title, found.body) == ("Harbour opens", "")


def test_an_entry_of_nothing_is_told() -> None:
    assert read(rss("<title>a</title>", "<link>https://example.com</link>"))[1] == Unread(
        "entry 2", "neither a title nor text"
    )


def test_entries_of_one_guid_are_both_kept() -> None:
    found = articles(rss("<guid>1</guid><title>a</title>", "<guid>1</guid><title>b</title>"))

    assert [(one.native_id, one.title) for one in found] == [("1", "a"), ("1", "b")]


def test_who_an_aggregator_names_is_the_publisher() -> None:
    found = item("<title>a</title><source url='https://r.example'>Reuters</source>")

    assert (found.publisher, found.source) == ("Reuters", "Harbour News")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("<pubDate>Mon, 09 Sep 2024 08:00:00 GMT</pubDate>", datetime(2024, 9, 9, 8, tzinfo=UTC)),
        ("<pubDate>2024-09-09 08:00:00</pubDate>", datetime(2024, 9, 9, tzinfo=UTC)),
        ("<pubDate>Mon, 09 Sep 2024 08:00:00 CST</pubDate>", datetime(2024, 9, 9, tzinfo=UTC)),
        ("<dc:date>2024-09-09T08:00:00+08:00</dc:date>", datetime(2024, 9, 9, tzinfo=UTC)),
        ("<pubDate>2024-09-09</pubDate>", date(2024, 9, 9)),
        ("<pubDate>nonsense</pubDate><dc:date>2024-09-09</dc:date>", date(2024, 9, 9)),
        ("", None),
    ],
)
def test_a_date_is_read_by_our_own_rules(written: str, moment: object) -> None:
    """The library takes a zone that it does not know for UTC."""
    assert item(f"<title>a</title>{written}").published_at == moment


def test_a_date_that_is_not_believable_is_left_out_and_noted() -> None:
    found = item("<title>a</title><pubDate>Sun, 07 Jul 3013 15:06:01 +0000</pubDate>")

    assert found.published_at is None
    assert found.repairs == ('date left out, it names no believable moment: "Sun, 07 Jul 3013 15:06:01 +0000"',)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("<link>/n/1</link>", "https://example.com/n/1"),
        ("<guid>https://example.com/n/2</guid>", "https://example.com/n/2"),
        ("<guid isPermaLink='false'>n-2</guid>", None),
        ("<link>http://[broken</link>", "http://[broken"),
        (
            "<link>https://count.example/x</link><feedburner:origLink>https://example.com/n/3</feedburner:origLink>",
            "https://example.com/n/3",
        ),
    ],
)
def test_the_address_is_that_of_the_entry(written: str, address: str | None) -> None:
    (found,) = articles(rss(f"<title>a</title>{written}", channel="<link>https://example.com/</link>"))

    assert found.url == address


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("One.\n\nTwo.", "One.\nTwo."),
        ("One.&lt;br&gt;Two.", "One.\nTwo."),
        ("&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;", "One.\nTwo."),
        ("One &lt; two &amp;amp; three", "One < two & three"),
        ("One.&lt;p&gt;The post One appeared first on Harbour.&lt;/p&gt;", "One."),
    ],
)
def test_text_is_read_by_its_look(written: str, body: str) -> None:
    assert item(f"<title>a</title><description>{written}</description>").body == body


# --- Other formats -----------------------------------------------------------------------------------------


def test_atom_is_read() -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour News</title>
        <entry><id>urn:n:1</id><title type="html">Harbour &amp;amp; ships</title>
        <link rel="alternate" href="https://example.com/n/1"/><link rel="self" href="https://example.com/atom/1"/>
        <published>2024-09-09T08:00:00Z</published><updated>2024-09-10T08:00:00Z</updated>
        <author><name>Ann Lee</name></author><author><name>Bo Ek</name></author><category term="x1" label="Shipping"/>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The harbour opened.</p><p>A ship.</p></div>
        </content></entry></feed>"""

    (found,) = articles(text)

    assert (found.format, found.title, found.body) == ("atom", "Harbour & ships", "The harbour opened.\nA ship.")
    assert (found.url, found.native_id) == ("https://example.com/n/1", "urn:n:1")
    assert (found.author, found.section) == ("Ann Lee, Bo Ek", "Shipping")
    assert found.published_at == datetime(2024, 9, 9, 8, tzinfo=UTC)


def test_old_atom_is_read() -> None:
    text = """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Harbour News</title><entry><title>a</title>
        <issued>2003-12-13T08:29:29-04:00</issued>
        <content type="text/html" mode="escaped">&lt;p&gt;One.&lt;/p&gt;</content></entry></feed>"""

    (found,) = articles(text)

    assert (found.format, found.body) == ("atom", "One.")
    assert found.published_at == datetime(2003, 12, 13, 12, 29, 29, tzinfo=UTC)


def test_rdf_is_read() -> None:
    text = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Harbour News</title>
        <items><rdf:Seq><rdf:li rdf:resource="https://example.com/1"/></rdf:Seq></items></channel>
        <item rdf:about="https://example.com/1"><title>a</title><link>https://example.com/1</link>
        <description>One.</description><dc:date>2024-09-09T08:00:00+08:00</dc:date></item></rdf:RDF>"""

    (found,) = articles(text)

    assert (found.format, found.body, found.publisher) == ("rdf", "One.", "Harbour News")
    assert found.published_at == datetime(2024, 9, 9, tzinfo=UTC)


def test_a_json_feed_is_read() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour News",
        "language": "en",
        "items": [
            {
                "id": 9007199254740993,
                "url": "https://example.com/1",
                "title": "Harbour opens",
                "content_html": "<p>One.</p><p>Two.</p>",
                "summary": "One.",
                "date_published": "2024-09-09T08:00:00+08:00",
                "authors": [{"name": "Ann"}, {"name": "Bo"}],
                "tags": ["Shipping", "x"],
            },
            {"id": "2", "content_html": "<img src=x>", "content_text": "Line one.\nLine two."},
            {"id": "3"},
            "no item",
        ],
    }

    first, second, *rest = read(json.dumps(feed))

    assert first == Article(
        title="Harbour opens",
        body="One.\nTwo.",
        format="json feed",
        summary="One.",
        url="https://example.com/1",
        native_id="9007199254740993",
        source="Harbour News",
        publisher="Harbour News",
        author="Ann, Bo",
        section="Shipping",
        language="en",
        published_at=datetime(2024, 9, 9, tzinfo=UTC),
        published_from="field",
    )
    assert isinstance(second, Article)
    assert second.body == "Line one.\nLine two."
    assert rest == [Unread("item 3", "neither a title nor text"), Unread("item 4", "not an object")]


# --- WordPress ---------------------------------------------------------------------------------------------


def wxr(*items: str) -> str:
    inner = "".join(f"<item><title>t{number}</title>{text}</item>" for number, text in enumerate(items, 1))
    return (
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour Blog</title>'
        f"<wp:wxr_version>1.2</wp:wxr_version>{inner}</channel></rss>"
    )


def post(kind: str = "post", status: str = "publish") -> str:
    return f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>"


def test_only_what_was_published_of_an_export_is_news() -> None:
    kinds = [post(kind) for kind in ("attachment", "nav_menu_item", "revision", "custom_css", "wp_template")]

    found = read(wxr(post(), *kinds, post(status="draft"), post(status="trash"), post(status="private"), post("page")))

    assert [(one.title, one.format, one.status) for one in found if isinstance(one, Article)] == [
        ("t1", "wxr", "publish"),
        ("t10", "wxr", "publish"),
    ]
    assert [one for one in found if isinstance(one, Unread)] == [
        Unread("entry 7", "a draft, not published (status draft)"),
        Unread("entry 8", "thrown away, not published (status trash)"),
        Unread("entry 9", "private, not published (status private)"),
    ]


def test_the_lines_of_a_wordpress_text_are_its_paragraphs() -> None:
    """WordPress stores what was typed, and makes paragraphs of it when it shows it."""
    content = (
        '[caption id="a1" width="300"]<img src="x"/> A gull[/caption]\nOne.\nTwo.\n\n<table>\n<tr>\n<td>a</td>\n'
        "<td>b</td>\n</tr>\n</table>\nThree."
    )

    (found,) = articles(wxr(post() + f"<content:encoded><![CDATA[{content}]]></content:encoded>"))

    assert found.body == "A gull\nOne.\nTwo.\na\tb\nThree."


def test_keywords_are_no_section_and_the_stored_utc_is_the_date() -> None:
    (found,) = articles(
        wxr(
            post() + "<category domain='post_tag'>gulls</category><category domain='category'>Shipping</category>"
            "<pubDate></pubDate><wp:post_date_gmt>2024-09-09 00:00:00</wp:post_date_gmt>"
            "<wp:post_date>2024-09-09 08:00:00</wp:post_date><excerpt:encoded>In short.</excerpt:encoded>"
            "<content:encoded>At length, one.</content:encoded>"
        )
    )

    assert (found.section, found.summary) == ("Shipping", "In short.")
    assert found.published_at == datetime(2024, 9, 9, tzinfo=UTC)


def test_a_real_export_is_read_as_a_person_reads_it(corpus: Path) -> None:
    expected = [
        one for one in read_expected(corpus / "expected" / "wires.jsonl") if one["file"] == "wires/wordpress_wxr.xml"
    ]

    found = articles((corpus / "wires" / "wordpress_wxr.xml").read_text(encoding="utf-8"))

    assert len(found) == len(expected) == 5
    for one, wanted in zip(found, expected, strict=True):
        words = " ".join(one.body.split())
        actual = {
            "format": one.format,
            "title": one.title,
            "native_id": one.native_id,
            "status": one.status,
            "publisher": one.publisher,
            "author": one.author,
            "language": one.language,
            "first_words": words[: len(wanted["first_words"])] if wanted["first_words"] else words or None,
            "last_words": words[-len(wanted["last_words"]) :] if wanted["last_words"] else words or None,
        }
        assert actual == {field: wanted[field] for field in actual}
        at = one.published_at.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(one.published_at, datetime) else None
        assert at in (wanted["published_at"], *wanted["alternatives"].get("published_at", ()))


# --- Broken and hostile ------------------------------------------------------------------------------------


def test_of_a_feed_that_is_cut_off_the_whole_entries_are_kept() -> None:
    whole = rss("<title>a</title>", "<title>b</title>", "<title>c</title><description><![CDATA[text")

    cut = whole[: whole.rindex("text") + 2]

    assert [one.title if isinstance(one, Article) else one for one in read(cut)] == [
        "a",
        "b",
        Unread("entry 3", "cut off: it begins in line 6, and the file ends within it"),
    ]


def test_a_cut_between_entries_is_told_too() -> None:
    whole = rss("<title>a</title>")

    assert read(whole[: whole.index("</item>") + 7])[-1] == Unread(
        "the end", "cut off: the file ends before the feed does, entries may be missing"
    )


def test_a_feed_cut_off_in_its_first_entry_holds_none() -> None:
    with pytest.raises(UnparsedError, match="cut off: it begins in line 4"):
        read(rss("<title>a</title><description>te").partition("</item>")[0])


@pytest.mark.parametrize(
    "html",
    [
        "<p>One.</p><p>Two.</p>",
        "One.<br>Two.<br>",
        "<![CDATA[<p>One.]]><br>Two.",
        "One.<hr><category>Two.",
        "<div>One.<p>Two.<img src='x'>",
    ],
)
def test_html_that_nobody_escaped_is_html(html: str) -> None:
    """To XML a ``<br>`` begins an element without an end, and the rest of the feed is inside it."""
    found = articles(rss(f"<title>a</title><description>{html}</description><guid>1</guid>", "<title>b</title>"))

    assert [(one.title, one.body, one.native_id) for one in found] == [("a", "One.\nTwo.", "1"), ("b", "", None)]


def test_a_closing_tag_in_a_text_ends_no_entry() -> None:
    html = "<![CDATA[</item><item> &nbsp; & ]]>"

    (found,) = articles(rss(f"<title>a</title><description>{html}</description>"))

    assert found.title == "a"


@pytest.mark.parametrize(
    ("broken", "title"),
    [
        ("<title>a &nbsp;&mdash; b</title>", "a — b"),
        ("<title>Research & ships</title>", "Research & ships"),
        ("<title>a &unknown; b</title>", "a &unknown; b"),
        ("<title>a\x00\x08b</title>", "ab"),
        ("<title>a &#8211; b&#0;</title>", "a – b"),
        ("<title>a</title><description>b <b>c</description>", "a"),
        ("<title>a</title><media:thumbnail url='x'/><x:y>z</x:y>", "a"),
        ("<title>a</title><enclosure url='https://e.example/?a=1&b=2'/>", "a"),
    ],
)
def test_broken_xml_is_mended(broken: str, title: str) -> None:
    found = articles(rss(broken, "<title>second</title>"))

    assert [one.title for one in found] == [title, "second"]


def test_what_was_mended_is_told() -> None:
    prefix = articles(rss("<title>a</title><x:y>z</x:y>"))
    tag = articles(rss("<title>a</title><author>b <b>c</author>"))

    assert prefix[0].repairs == ("undeclared prefix of elements: x",)
    assert tag[0].repairs[0].startswith("broken XML mended, first in line 4")


def test_entities_and_document_types_mean_nothing() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'

    (found,) = articles(bomb + "<rss><channel><item><title>t &b; &f;</title></item></channel></rss>")

    assert found.title == "t &b; &f;"


@pytest.mark.parametrize(
    "text",
    [
        "<rss/>",
        "<rss><channel></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'></feed>",
        "<rss"
        + "".join(f" xmlns:n{number}='u{number}'" for number in range(5000))
        + "><channel><item/></channel></rss>",
        "<rss><channel><item>" + "<a>" * 20_000,
        "<rss><channel><item><description><![CDATA[" * 100,
    ],
)
def test_a_feed_that_holds_nothing_says_so(text: str) -> None:
    with pytest.raises(UnparsedError, match=r"feed|cut off|no text|no article"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        rss("<description>" + "<p>" * 2000 + "text</description>"),
        rss("<title>a</title><b " + " ".join(f'a{number}="1"' for number in range(5000)) + "/>"),
        rss("<title>" + "&" * 5000 + "</title>"),
        rss("<title>a</title><content:encoded>" + "x" * 100_000 + "</content:encoded>"),
        rss("<title>a</title>" + "<category>c</category>" * 2000),
    ],
)
def test_no_feed_brings_the_reader_down(text: str) -> None:
    assert len(articles(text)) == 1
