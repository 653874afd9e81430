"""What agencies send: the real files against values made by reading, and the standards in invented samples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import fill
from typing import Any

import pytest

from watcher.decoding import decode
from watcher.errors import UnparsedError
from watcher.model import Article, Page, Unread
from watcher.parse import parse_page
from watcher.parse.wires.iptc7901 import is_iptc7901
from watcher.parse.wires.ninjs import is_ninjs, read_ninjs

# ---- The corpus -----------------------------------------------------------------------------------------------------

COMPARED = (
    "format title published_at native_id version status embargo_until publisher author first_words last_words"
).split()
OTHERS = ("email", "wxr")
"""Kinds in the folder of wires that other readers read."""

KNOWN_DIFFERENCES: list[str] = []
"""Fields that we read otherwise than any of the expected values, each with its reason. There are none."""


def test_all_wires_are_read_as_a_person_reads_them(corpus: Path) -> None:
    lines = (corpus / "expected" / "wires.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [one for line in lines if (one := json.loads(line))["format"] not in OTHERS]

    compared, found = 0, []
    for one in expected:
        articles = articles_of(corpus / one["file"])
        compared += 1
        if len(articles) != one["articles"]:
            found.append(f"{one['file']}: {len(articles)} articles, expected {one['articles']}")
        for article in articles[:1]:
            compared += len(COMPARED)
            found += differences(article, one)

    print(f"{len(expected)} wires, {compared} fields, {len(found)} differ")
    assert len(expected) == 13
    assert found == KNOWN_DIFFERENCES
    assert len(found) <= 0.03 * compared


def test_nothing_expected_is_only_an_alternative(corpus: Path) -> None:
    """Each field is the expected value itself, none of the acceptable others."""
    lines = (corpus / "expected" / "wires.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [json.loads(line) | {"alternatives": {}} for line in lines]

    found = [
        difference
        for one in expected
        if one["format"] not in OTHERS
        for article in articles_of(corpus / one["file"])
        for difference in differences(article, one)
    ]

    assert found == []


def test_package_that_only_refers_names_what_it_refers_to(corpus: Path) -> None:
    lines = (corpus / "expected" / "wires.jsonl").read_text(encoding="utf-8").splitlines()
    (package,) = [one for line in lines if (one := json.loads(line)).get("package")]

    with pytest.raises(UnparsedError) as refused:
        list(parse_page(page_in(corpus / package["file"])))

    assert package["package"]["native_id"] in str(refused.value)
    assert all(name in str(refused.value) for name, _ in package["package"]["refers_to"])


def page_in(path: Path) -> Page:
    decoded = decode(path.read_bytes())
    return Page(path.name, decoded.text, decoded.encoding, "", "Asia/Shanghai", repairs=decoded.repairs)


def articles_of(path: Path) -> list[Article]:
    page = page_in(path)
    try:
        parts = list(read_ninjs(json.loads(page.text), page) if path.suffix == ".json" else parse_page(page))
    except UnparsedError:
        return []
    return [part for part in parts if isinstance(part, Article)]


def differences(article: Article, expected: dict[str, Any]) -> Iterator[str]:
    """Each field that is neither the expected value nor one of its alternatives."""
    words = " ".join(article.body.split())
    actual = {
        **{name: getattr(article, name) for name in COMPARED[:9]},
        "published_at": as_written(article.published_at),
        "embargo_until": as_written(article.embargo_until),
        "first_words": words[:20],
        "last_words": words[-20:],
    }
    for name in COMPARED:
        wanted = [expected[name], *expected["alternatives"].get(name, [])]
        if name == "published_at":  # We keep whole seconds.
            wanted = [one and one.partition(".")[0].rstrip("Z") + "Z" for one in wanted]
        if not any((actual[name] or "").strip() == (one or "").strip() for one in wanted):
            yield f"{expected['file']}: {name}: {actual[name]!r}, expected {wanted}"


def as_written(moment: datetime | date | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(moment, datetime) else moment and moment.isoformat()


# ---- Invented samples -----------------------------------------------------------------------------------------------


def page(text: str, zone: str = "UTC") -> Page:
    return Page("wire.xml", text, "utf-8", "", "Asia/Shanghai", agency_timezone=zone)


def read(text: str, zone: str = "UTC") -> list[Article | Unread]:
    return list(parse_page(page(text, zone)))


def read_one(text: str, zone: str = "UTC") -> Article:
    (article,) = read(text, zone)
    assert isinstance(article, Article)
    return article


def reason(text: str) -> str:
    with pytest.raises(UnparsedError) as refused:
        read(text)
    return str(refused.value)


STORY = "Invented Motors raised its forecast on Tuesday, the company said in a statement."
MORE = "Its shares rose two percent in early trading, in which volumes were thin."
INDENT = "   "
AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


# ---- NITF -----------------------------------------------------------------------------------------------------------


def nitf(
    docdata: str = '<date.issue norm="20261117T093000Z"/>',
    head: str = "<hedline><hl1>Motors raises forecast</hl1></hedline>",
    content: str = f"<p>{STORY}</p><p>{MORE}</p>",
    attributes: str = "",
) -> str:
    return (
        f'<?xml version="1.0"?><nitf {attributes}><head><title>Other</title><docdata {docdata}</docdata></head><body>'
        f"<body.head>{head}</body.head><body.content>{content}</body.content><body.end><tagline>Tag</tagline></body.end>"
        "</body></nitf>"
    ).replace("<docdata <", "<docdata><")


def test_nitf_is_read_whole() -> None:
    article = read_one(
        nitf(
            docdata='management-status="usable"><doc-id id-string="x.1" regsrc="INV"/>'
            '<date.issue norm="20261117T103000+0100"/>'
            '<doc.copyright holder="Invented Press" year="2026"/>',
            head="<hedline><hl1>Motors <em>raises</em> forecast</hl1><hl2>Second</hl2></hedline>"
            '<note type="npa"><body.content><p>For editors only.</p></body.content></note>'
            "<byline>By ANN EXAMPLE<byttl>Business Writer</byttl></byline><abstract><p>Short.</p></abstract>",
            attributes='baselang="en-GB" xmlns="http://iptc.org/std/NITF/2006-10-18/"',
        )
    )

    assert article == Article(
        title="Motors raises forecast",
        body=f"{STORY}\n{MORE}",
        format="nitf",
        summary="Short.",
        native_id="x.1",
        publisher="Invented Press",
        author="By ANN EXAMPLE",
        language="en-GB",
        published_at=AT,
        published_from="field",
        status="usable",
    )


def test_nitf_time_without_zone_is_of_the_agency_zone() -> None:
    text = nitf('><date.issue norm="20261117T203000"/>'.replace("><", "<", 1))

    assert read_one(text, "Australia/Sydney").published_at == AT
    assert read_one(text).published_at == datetime(2026, 11, 17, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("docdata", "until"),
    [
        ('<date.issue norm="20261117T093000Z"/><date.release norm="20261118T000100Z"/>', datetime(2026, 11, 18, 0, 1)),
        ('<date.issue norm="20261117T093000Z"/><date.release norm="20261119"/>', datetime(2026, 11, 19)),
        ('<date.issue norm="20261117T093000Z"/><date.release norm="20261117T093000Z"/>', None),
        ('<date.issue norm="20261117T093000Z"/><date.release norm="20261116T093000Z"/>', None),
        ('management-status="embargoed"><date.release norm="20261118T000100Z"/>', datetime(2026, 11, 18, 0, 1)),
        ('<date.issue norm="20261117T093000Z"/><date.release norm="soon"/>', None),
    ],
)
def test_nitf_release_later_than_issue_is_an_embargo(docdata: str, until: datetime | None) -> None:
    assert read_one(nitf(docdata)).embargo_until == (until and until.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("attributes", "status", "cancels"),
    [
        ('management-status="canceled" management-doc-idref="x.0"', "canceled", ("x.0",)),
        ('management-status="Cancelled" management-doc-idref="x.0"', "canceled", ("x.0",)),
        ('management-status="usable" management-doc-idref="x.0" management-idref-status="killed"', "usable", ("x.0",)),
        ('management-status="usable" management-doc-idref="x.0"', "usable", ()),
        ('management-status="canceled" management-doc-idref="x.0" management-idref-status="usable"', "canceled", ()),
        ('management-status="KILLED"', "killed", ()),
        ('management-status="under review"', "under review", ()),
    ],
)
def test_nitf_status_and_what_it_withdraws(attributes: str, status: str, cancels: tuple[str, ...]) -> None:
    article = read_one(nitf(f"{attributes}>"))

    assert (article.status, article.cancels) == (status, cancels)


def test_nitf_body_leaves_captions_out_and_keeps_tables_and_lists() -> None:
    article = read_one(
        nitf(
            content='<media media-type="image"><media-reference source="x.jpg"/><media-caption><p>A caption.</p>'
            "</media-caption><media-producer>Ann</media-producer></media>"
            f"<block><hl2>The figures</hl2><p>{STORY}</p></block>"
            '<note noteclass="editorsnote"><body.content><p>Editors: mind the name.</p></body.content></note>'
            "<table><tr><th>Year</th><th>Profit</th></tr><tr><td>2025</td><td>1.2</td></tr></table>"
            "<ol><li>One</li><li>Two</li></ol>"
            '<p>Owned by <org idsrc="NASDAQ" value="INVM">Invented Motors</org>,'
            " of <location><city>Rome</city></location>.</p>"
        )
    )

    assert article.body.split("\n") == [
        "The figures",
        STORY,
        "Year\tProfit",
        "2025\t1.2",
        "1. One",
        "2. Two",
        "Owned by Invented Motors, of Rome.",
    ]


def test_breaks_at_the_column_are_no_ends_of_lines() -> None:
    """AAP wraps the text inside of its paragraphs with breaks."""
    wrapped = (
        "The invented company said on Tuesday that it will close two of <br/>its seven plants before the end of next "
        "year, and that it hopes <br/>to find other work for most of the people who are employed <br/>there today."
    )
    address = "Invented Motors<br/>1 Example Road<br/>Sampleton<br/>Tel: 555 0100"

    article = read_one(nitf(content=f"<p>{wrapped}</p><p>{address}</p>"))

    assert article.body.split("\n") == [
        wrapped.replace("<br/>", ""),
        "Invented Motors",
        "1 Example Road",
        "Sampleton",
        "Tel: 555 0100",
    ]


def test_preformatted_text_keeps_its_rows() -> None:
    article = read_one(nitf(content=f"<p>{STORY}</p><pre>Plant      Cars     Change\nRome       1,200    +2.0\n</pre>"))

    assert article.body.split("\n")[1:] == ["Plant\tCars\tChange", "Rome\t1,200\t+2.0"]


@pytest.mark.parametrize(
    "sign_off",
    ["hh/ph/ts/hd", "AFP sn", "AAP be/", "dpa wsz jln npr", "/ritzau/", "(AFP)", "-30-", "Enditem", "NNNN", "INV ab"],
)
def test_sign_offs_are_left_out(sign_off: str) -> None:
    docdata = '<doc.copyright holder="INV"/>'

    assert read_one(nitf(docdata, content=f"<p>{STORY}</p><p>{sign_off}</p>")).body == STORY


@pytest.mark.parametrize(
    "closing",
    [
        "(Reporting by Ann Example; Editing by Bob Sample)",
        "Ann Example can be reached at http://example.invalid/ann .",
        "___",
        "AFP was told.",
        "He left.",
        "Profit up 2 pct",
    ],
)
def test_closing_prose_is_kept(closing: str) -> None:
    assert read_one(nitf(content=f"<p>{STORY}</p><p>{closing}</p>")).body == f"{STORY}\n{closing}"


def test_sign_off_is_kept_where_it_is_all_there_is() -> None:
    assert read_one(nitf(content="<p>ab/cd</p>")).body == "ab/cd"


def test_nitf_publisher_is_the_agency_of_the_dateline_where_no_field_names_one() -> None:
    article = read_one(nitf("", content=f"<p>ROME, Nov 17 (Reuters) - {STORY}</p>"))

    assert article.publisher == "Reuters"
    assert dict(article.found_in)["publisher"] == "dateline"


def test_nitf_without_headline_takes_the_title() -> None:
    assert read_one(nitf(head="")).title == "Other"


def test_nitf_with_paragraphs_right_in_the_body() -> None:
    article = read_one(f"<nitf><body><body.head><hedline>Bare</hedline></body.head><p>{STORY}</p></body></nitf>")

    assert (article.title, article.body) == ("Bare", STORY)


def test_nitf_headline_alone_is_an_article() -> None:
    """A flash is often no more than its headline."""
    article = read_one(nitf(content=""))

    assert (article.title, article.body) == ("Motors raises forecast", "")


def test_nitf_with_nothing_in_it_is_refused() -> None:
    text = "<nitf><head><docdata/></head><body><body.content/></body></nitf>"

    assert reason(text) == "no article in it (story 1: a NITF document without a headline or text)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<NewsML><NewsEnvelope/></NewsML>", "document: holds no news item"),
        ('<newsMessage xmlns="urn:x"><header/></newsMessage>', "document: holds no news item"),
        ("<nitf><head><docdata>", "story 1: a NITF document without a headline or text (XML repaired: Premature end"),
        ("\x01\r\n\x04", "a wire of control characters only"),
    ],
)
def test_what_is_empty_says_why(text: str, said: str) -> None:
    assert said in reason(text)


def test_several_nitf_documents_in_an_envelope() -> None:
    articles = read(f'<?xml version="1.0"?><feed-of-ours>{nitf()[21:]}{nitf("")[21:]}</feed-of-ours>')

    assert [article.format for article in articles if isinstance(article, Article)] == ["nitf", "nitf"]


@pytest.mark.parametrize("written", ["30131117T093000Z", "00010101T000000", "99991231T235959-0500", "soon", "20261317"])
def test_unbelievable_date_stays_unknown_and_is_said(written: str) -> None:
    article = read_one(nitf(f'<date.issue norm="{written}"/>'), "Asia/Shanghai")

    assert article.published_at is None
    assert article.repairs == (f"date.issue: {written!r} is no believable date",)


def test_truncated_nitf_keeps_the_text_so_far() -> None:
    whole = nitf()

    article = read_one(whole[: whole.index("rose two")])

    assert article.body == f"{STORY}\nIts shares"
    assert article.published_at == AT
    assert [repair.startswith("XML repaired: Premature end of data") for repair in article.repairs] == [True]


# ---- NewsML-G2 ------------------------------------------------------------------------------------------------------

G2 = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
XHTML = (
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head>'
    f"<body><h1>Motors raises forecast</h1><p>{STORY}</p><p>{MORE}</p>"
    "<figure><img/><figcaption>A caption.</figcaption></figure></body></html></inlineXML>"
)
HEADLINE = "<headline>Motors raises forecast</headline>"


def news_item(
    item_meta: str = "<versionCreated>2026-11-17T10:30:00+01:00</versionCreated>",
    content_meta: str = HEADLINE,
    content: str = XHTML,
    guid: str = "urn:newsml:inv:1",
    namespace: str = G2,
) -> str:
    return (
        f'<newsItem {namespace} guid="{guid}" version="3" xml:lang="en-GB"><itemMeta>{item_meta}</itemMeta>'
        f"<contentMeta>{content_meta}</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def test_g2_item_is_read_whole() -> None:
    article = read_one(
        news_item(
            '<itemClass qcode="ninat:text"/><provider qcode="nprov:INV"><name>Invented Press</name></provider>'
            "<versionCreated>2026-11-17T10:30:00+01:00</versionCreated><firstCreated>2026-11-16T00:00:00Z</firstCreated>"
            '<embargoed>2026-11-17T12:00:00Z</embargoed><pubStatus qcode="stat:usable"/>',
            '<headline role="hld:subHeadline">Below</headline>'
            '<headline role="hld:main">Motors raises forecast</headline>'
            '<creator literal="Invented Press"/><creator qcode="staff:1"><name>Ann Example</name></creator>'
            '<language tag="en"/><description role="drol:caption">No</description><description>Short.</description>',
        )
    )

    assert article == Article(
        title="Motors raises forecast",
        body=f"{STORY}\n{MORE}",
        format="newsml-g2",
        summary="Short.",
        native_id="urn:newsml:inv:1",
        publisher="Invented Press",
        author="Ann Example",
        language="en",
        published_at=AT,
        published_from="field",
        version="3",
        status="usable",
        embargo_until=datetime(2026, 11, 17, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "content",
    [
        '<inlineXML><nitf xmlns="urn:n"><body><body.content>'
        f"<p>{STORY}</p><p>{MORE}</p></body.content></body></nitf></inlineXML>",
        XHTML,
        XHTML.replace("html", "x:html").replace("<x:html", '<x:html xmlns:x="urn:x"', 1).replace("application/x", "x"),
        f'<inlineData contenttype="text/html"><![CDATA[<p>{STORY}</p><p>{MORE}</p>]]></inlineData>',
        f'<inlineData contenttype="text/html">&lt;p&gt;{STORY}&lt;/p&gt;&lt;p&gt;{MORE}&lt;/p&gt;</inlineData>',
        f'<inlineData contenttype="text/plain">{STORY}\n\n{MORE}</inlineData>',
        f"<inlineData>{fill(STORY, 45, initial_indent=INDENT)}\n{fill(MORE, 45, initial_indent=INDENT)}</inlineData>",
    ],
    ids=["nitf", "xhtml", "prefixed", "cdata", "escaped", "plain", "wrapped"],
)
@pytest.mark.parametrize("namespace", [G2, 'xmlns="urn:wrong"', ""])
def test_g2_content_in_each_form(content: str, namespace: str) -> None:
    body = read_one(news_item(content=content, namespace=namespace)).body

    assert " ".join(body.split()) == f"{STORY} {MORE}"


def test_g2_renditions_of_one_story_are_one_story() -> None:
    summary = (
        '<inlineData contenttype="text/plain" rendition="rnd:summary">Motors raises forecast, briefly.</inlineData>'
    )
    plain = f'<inlineData contenttype="text/plain">{STORY}\n\n{MORE}</inlineData>'

    assert read_one(news_item(content=summary + plain + XHTML)).body == f"{STORY}\n{MORE}"


def test_g2_message_with_several_items() -> None:
    picture = news_item('<itemClass qcode="ninat:picture"/>', content='<remoteContent href="x.jpg"/>', guid="p")
    concept = '<conceptItem guid="c"><concept/></conceptItem>'
    items = news_item(guid="1") + picture + news_item(guid="2") + concept

    articles = read(
        f"<newsMessage {G2}><header><sender>inv.example</sender></header><itemSet>{items}</itemSet></newsMessage>"
    )

    assert [(one.native_id, one.publisher) for one in articles if isinstance(one, Article)] == [
        ("1", "inv.example"),
        ("2", "inv.example"),
    ]
    assert len(articles) == 2


def test_g2_package_with_its_items_gives_each() -> None:
    package = (
        '<packageItem guid="pk"><itemMeta><title>Package</title></itemMeta>'
        '<groupSet><group><itemRef residref="1"/></group></groupSet></packageItem>'
    )

    articles = read(f"<newsMessage {G2}><itemSet>{package}{news_item(guid='1')}</itemSet></newsMessage>")

    assert [one.native_id for one in articles if isinstance(one, Article)] == ["1"]


def test_g2_items_without_news_are_named() -> None:
    picture = news_item('<itemClass qcode="ninat:picture"/>', content='<remoteContent href="x.jpg"/>', guid="p:1")

    assert reason(picture) == "no article in it (newsItem p:1: a picture without a headline or text)"
    assert "conceptItem c: no news" in reason(
        f"<newsMessage {G2}><itemSet><conceptItem guid='c'/></itemSet></newsMessage>"
    )


def test_g2_text_that_is_elsewhere_is_a_headline_with_a_note() -> None:
    article = read_one(
        news_item(
            '<itemClass qcode="ninat:text"/>', content='<remoteContent contenttype="text/html" href="http://x/1"/>'
        )
    )

    assert (article.title, article.body) == ("Motors raises forecast", "")
    assert article.repairs == ("only the headline: its text is not in the file but at http://x/1",)


def test_g2_embargo_without_a_moment_withholds() -> None:
    """An empty `embargoed` means until further notice."""
    article = read_one(news_item('<embargoed/><pubStatus qcode="stat:usable"/>'))

    assert (article.status, article.embargo_until) == ("withheld", None)
    assert article.repairs == ("embargoed: '' names no moment: withheld until further notice",)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ('<pubStatus qcode="stat:canceled"/>', "canceled"),
        ('<pubStatus qcode="stat:withheld"/>', "withheld"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>', "usable"),
        ("<pubStatus>usable</pubStatus>", "usable"),
        ("", None),
    ],
)
def test_g2_status(written: str, status: str | None) -> None:
    assert read_one(news_item(written)).status == status


@pytest.mark.parametrize(
    ("content_meta", "author"),
    [
        ("<by>By Ann Example</by><creator literal='X'/>", "By Ann Example"),
        ("<creator><name>Ann</name></creator><creator><name>Bob</name></creator>", "Ann, Bob"),
        ("<creator literal='Reuters' role='cRole:source'/>", None),
        ("<creator type='cpnat:organisation'><name>Desk</name></creator>", None),
        ("", None),
    ],
)
def test_g2_author(content_meta: str, author: str | None) -> None:
    assert read_one(news_item(content_meta=HEADLINE + content_meta)).author == author


# ---- NewsML 1 -------------------------------------------------------------------------------------------------------


def newsml(
    component: str,
    management: str = '<Status FormalName="Usable"/><ThisRevisionCreated>20261117T103000+0100</ThisRevisionCreated>',
    identifier: str = "<ProviderId>inv.example</ProviderId><DateId>20261117</DateId><NewsItemId>AB1</NewsItemId>"
    '<RevisionId PreviousRevision="1" Update="N">2</RevisionId>',
) -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE NewsML SYSTEM "http://example.invalid/NewsMLv1.2.dtd"><NewsML Version="1.2">'
        "<NewsEnvelope><DateAndTime>20261118T000000Z</DateAndTime></NewsEnvelope>"
        f'<NewsItem xml:lang="en"><Identification><NewsIdentifier>{identifier}</NewsIdentifier></Identification>'
        f"<NewsManagement>{management}</NewsManagement>{component}</NewsItem></NewsML>"
    )


LINES = (
    "<NewsLines><HeadLine>Motors raises forecast</HeadLine><ByLine>Ann Example</ByLine><DateLine>ROME</DateLine>"
    "</NewsLines>"
)


def component(content: str, head: str = LINES, attributes: str = "") -> str:
    return f"<NewsComponent {attributes}>{head}{content}</NewsComponent>"


def content_item(data: str, kind: str = '<MediaType FormalName="Text"/>') -> str:
    return f"<ContentItem>{kind}<DataContent>{data}</DataContent></ContentItem>"


PARAGRAPHS = f"<p>{STORY}</p><p>{MORE}</p>"


def test_newsml_1_is_read_whole() -> None:
    head = (
        f"{LINES}<AdministrativeMetadata><Provider><Party FormalName='Invented Press'/></Provider>"
        "</AdministrativeMetadata>"
        "<DescriptiveMetadata><Language FormalName='en-GB'/></DescriptiveMetadata>"
    )

    article = read_one(
        newsml(component(content_item(f"<nitf><body><body.content>{PARAGRAPHS}</body.content></body></nitf>"), head))
    )

    assert article == Article(
        title="Motors raises forecast",
        body=f"{STORY}\n{MORE}",
        format="newsml-1.2",
        native_id="AB1",
        publisher="Invented Press",
        author="Ann Example",
        language="en-GB",
        published_at=AT,
        published_from="field",
        version="2",
        status="usable",
    )


@pytest.mark.parametrize(
    "data",
    [
        PARAGRAPHS,
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>{PARAGRAPHS}</body></html>',
        f"<body><body.content>{PARAGRAPHS}</body.content></body>",
        f"{STORY}\n\n{MORE}",
        f"<![CDATA[{PARAGRAPHS}]]>",
        PARAGRAPHS.replace("<", "&lt;"),
    ],
    ids=["paragraphs", "xhtml", "body", "plain", "cdata", "escaped"],
)
def test_newsml_1_content_in_each_form(data: str) -> None:
    assert read_one(newsml(component(content_item(data)))).body == f"{STORY}\n{MORE}"


def test_newsml_1_story_with_its_pictures_is_one_article() -> None:
    """Text-and-photo wires put the caption in a component of its own, with a headline of its own."""
    caption = component(content_item("<p>The plant, on Monday.</p>"), '<Role FormalName="Caption"/>')
    photo = component(
        f'<ContentItem Href="x.jpg"><MediaType FormalName="Photo"/></ContentItem>{caption}',
        '<Role FormalName="Photo"/><NewsLines><HeadLine>The plant</HeadLine></NewsLines>',
    )
    text = component(content_item(PARAGRAPHS), f'<Role FormalName="Main"/>{LINES}')

    assert read_one(newsml(component(photo + text, ""))).body == f"{STORY}\n{MORE}"


def test_newsml_1_press_release_leaves_contacts_and_styles_out() -> None:
    parts = [
        component(content_item(data, kind), f'<Role FormalName="{role}"/>')
        for role, data, kind in (
            ("StyleSheet", ".a {color: red}", '<MimeType FormalName="text/css"/>'),
            ("SubHeadLine", "<p>Below the headline</p>", ""),
            ("Body", PARAGRAPHS, '<Format FormalName="XHTML"/>'),
            ("Contact", "<p>Ann Example, 555 0100</p>", ""),
        )
    ]

    assert read_one(newsml(component("".join(parts)))).body == f"{STORY}\n{MORE}"


def test_newsml_1_headline_and_summary_in_components_of_their_own() -> None:
    parts = [
        component(content_item(f"<p>{text}</p>"), f'<Role FormalName="{role}"/>')
        for role, text in (("Title", "Motors raises forecast"), ("Lead", "Short."), ("Body", STORY))
    ]

    article = read_one(newsml(component("".join(parts), "")))

    assert (article.title, article.summary, article.body) == ("Motors raises forecast", "Short.", STORY)


def test_newsml_1_translations_are_articles_of_their_own() -> None:
    french = LINES.replace("Motors raises forecast", "Motors relève ses prévisions")
    both = component(content_item(PARAGRAPHS)) + component(content_item("<p>Le texte.</p>"), french, 'Duid="fr"')

    articles = read(newsml(component(both, "")))

    assert [(one.native_id, one.title) for one in articles if isinstance(one, Article)] == [
        ("AB1", "Motors raises forecast"),
        ("AB1#fr", "Motors relève ses prévisions"),
    ]


def test_newsml_1_same_story_in_two_formats_is_one() -> None:
    both = content_item(f"{STORY}\n\n{MORE}") + content_item(f"<html><body>{PARAGRAPHS}</body></html>")

    assert read_one(newsml(component(both, f"{LINES}", 'EquivalentsList="yes"'))).body == f"{STORY}\n{MORE}"


@pytest.mark.parametrize(
    ("management", "rights"),
    [
        (
            "<Status FormalName='Embargoed'/><StatusWillChange><FutureStatus FormalName='Usable'/>"
            "<DateAndTime>20261118T000100Z</DateAndTime></StatusWillChange>",
            "",
        ),
        (
            "<ThisRevisionCreated>20261117T093000Z</ThisRevisionCreated><Status FormalName='Usable'/>",
            "<RightsMetadata><UsageRights><StartDate>20261118T000100Z</StartDate></UsageRights></RightsMetadata>",
        ),
    ],
    ids=["status will change", "usage rights"],
)
def test_newsml_1_embargo(management: str, rights: str) -> None:
    article = read_one(newsml(component(content_item(PARAGRAPHS), LINES + rights), management))

    assert article.embargo_until == datetime(2026, 11, 18, 0, 1, tzinfo=UTC)


def test_newsml_1_items_and_those_without_text() -> None:
    two = newsml(component(content_item(PARAGRAPHS))).replace("</NewsML>", "")
    photo = '<ContentItem Href="x"><MediaType FormalName="Photo"/></ContentItem>'
    third = newsml(component(photo, ""), identifier="<NewsItemId>P1</NewsItemId>")

    articles = read(two + third[third.index("<NewsItem ") :])

    assert [one.native_id for one in articles if isinstance(one, Article)] == ["AB1"]
    assert reason(third) == "no article in it (NewsItem P1: a photo without a headline or text)"


# ---- IPTC 7901 ------------------------------------------------------------------------------------------------------


def wire(text: str, header: str = "inv123 4 f 211 ccccb   inv 061", trailer: str = "170930 GMT Nov 26") -> str:
    return f"\x01{header}\r\n\n\nInvented-Motors/\r\n\x02{text}\r\n\x03{trailer}\r\n\x7f\n\x04"


WRAPPED = (
    "   Rome (Reuters) - Invented Motors raised its forecast on Tuesday, the\r\n"
    "company said in a statement which it sent to the newspapers in the\r\n"
    "early morning.\r\n\n   Its shares rose two percent in early trading, in which volumes were\r\n"
    "thin and nobody knew why.\r\n\n"
)
UNWRAPPED = [
    "Rome (Reuters) - Invented Motors raised its forecast on Tuesday, the company said in a statement which it sent to "
    "the newspapers in the early morning.",
    "Its shares rose two percent in early trading, in which volumes were thin and nobody knew why.",
]


def test_iptc7901_is_read_whole() -> None:
    text = f"Motors raises forecast =\r\n\n{WRAPPED}inv abc de\r\n"

    article = read_one(wire(text.replace("inv abc", "rtr abc")))

    assert article == Article(
        title="Motors raises forecast",
        body="\n".join(UNWRAPPED),
        format="iptc7901",
        native_id="inv123",
        publisher="Reuters",
        language="en",
        published_at=AT,
        published_from="field",
    )


@pytest.mark.parametrize(
    ("trailer", "zone", "at"),
    [
        ("170930 GMT Nov 26", "Asia/Tokyo", AT),
        ("171030 Nov 26", "Europe/Berlin", AT),
        ("171030 MEZ nov 2026", "UTC", AT),
        ("170430 EST NOV 26", "UTC", AT),
        ("AP-NY-11-17-26 0430EST", "UTC", AT),
        ("170930Z MAI 26", "UTC", datetime(2026, 5, 17, 9, 30, tzinfo=UTC)),
        ("170930 GMT JUIL 26", "UTC", datetime(2026, 7, 17, 9, 30, tzinfo=UTC)),
        ("170930 GMT Dez 26", "UTC", datetime(2026, 12, 17, 9, 30, tzinfo=UTC)),
    ],
)
def test_iptc7901_day_time_group(trailer: str, zone: str, at: datetime) -> None:
    assert read_one(wire(f"Motors =\r\n\n{WRAPPED}", trailer=trailer), zone).published_at == at


def test_iptc7901_impossible_day_is_said() -> None:
    article = read_one(wire(f"Motors =\r\n\n{WRAPPED}", trailer="310930 GMT Nov 26"))

    assert article.published_at is None
    assert article.repairs == ("trailer: '310930 GMT Nov 26' is no believable date",)


def test_iptc7901_headline_of_two_lines_and_byline() -> None:
    text = f"Motors raises its forecast, and says\r\nwhy it did so =\r\nBy Ann Example, inv =\r\n\n{WRAPPED}"

    article = read_one(wire(text))

    assert (article.title, article.author) == (
        "Motors raises its forecast, and says why it did so",
        "By Ann Example, inv",
    )
    assert article.body.split("\n") == UNWRAPPED


@pytest.mark.parametrize("headline", ["Motors raises forecast^", "Motors raises forecast", ""])
def test_iptc7901_headline_without_the_usual_mark(headline: str) -> None:
    article = read_one(wire(f"{headline}\r\n\n{WRAPPED}"))

    assert (article.title, article.body.split("\n")) == (headline.strip("^") or None, UNWRAPPED)


@pytest.mark.parametrize(
    "note",
    [
        "# inv NOTEBOOK\r\n\n## Internet\r\n- http://example.invalid\r\n\n* * * *\r\nThe following information is not "
        "intended for publication\r\n\n## Contacts\r\n- Editing: Bob\r\n",
        "* * * *\r\nDie folgenden Informationen sind nicht zur Veröffentlichung bestimmt\r\n\nTel: 1\r\n",
        "- - -\r\nNOT FOR PUBLICATION: call Bob\r\n",
    ],
)
def test_notes_that_are_not_for_publication_are_left_out(note: str) -> None:
    assert read_one(wire(f"Motors =\r\n\n{WRAPPED}{note}")).body.split("\n") == UNWRAPPED


def test_note_about_an_embargo_above_the_story_costs_nothing_of_it() -> None:
    article = read_one(wire(f"Motors =\r\n\nNot for publication before 1200 GMT\r\n\n{WRAPPED}"))

    assert article.body.split("\n") == ["Not for publication before 1200 GMT", *UNWRAPPED]


def test_iptc7901_tables_are_rows() -> None:
    table = "Plant        Cars      Change\r\nRome        1,200        +2.0\r\nNew Milan     900        -1.5\r\n"

    article = read_one(wire(f"Motors =\r\n\n{WRAPPED}{table}"))

    assert article.body.split("\n")[2:] == ["Plant\tCars\tChange", "Rome\t1,200\t+2.0", "New Milan\t900\t-1.5"]


def test_several_messages_in_one_file() -> None:
    articles = read(wire(f"One =\r\n\n{WRAPPED}") + "\r\n" + wire(f"Two =\r\n\n{WRAPPED}", "inv124 4 f 200 inv 062"))

    assert [(one.title, one.native_id) for one in articles if isinstance(one, Article)] == [
        ("One", "inv123"),
        ("Two", "inv124"),
    ]


def test_anpa_message() -> None:
    text = (
        "\x16\x16\x01a0421\x1faxx-bxx\r\nr f BC-Motors 11-17 0211\r\n\x02^Motors raises forecast^\r\n"
        "^By ANN EXAMPLE^\r\n^Invented Writer=\r\n\x1f"
        f"{WRAPPED.replace('Reuters', 'AP')}\x03AP-NY-11-17-26 0430EST\r\n\x04"
    )

    article = read_one(text)

    assert (article.title, article.author, article.publisher) == ("Motors raises forecast", "By ANN EXAMPLE", "AP")
    assert (article.native_id, article.published_at) == ("a0421", AT)
    assert article.body.split("\n") == [line.replace("Reuters", "AP") for line in UNWRAPPED]


def test_wire_that_lost_its_control_characters_is_recognised() -> None:
    text = f"inv123 4 f 211 ccccb   inv 061\n\nMotors raises forecast =\n\n{WRAPPED}\n170930 GMT Nov 26\n"

    assert is_iptc7901(text)
    assert not is_iptc7901(f"Motors raises forecast\n\n{WRAPPED}\n170930 GMT Nov 26\n")
    assert not is_iptc7901(text.replace("GMT Nov", "GMT xx"))
    assert not is_iptc7901("")


# ---- ninjs ----------------------------------------------------------------------------------------------------------


def read_json(value: object) -> list[Article | Unread]:
    assert is_ninjs(value)
    return list(read_ninjs(value, page("")))


NINJS_1: dict[str, Any] = {
    "uri": "urn:inv:1",
    "type": "text",
    "version": 4,
    "versioncreated": "2026-11-17T09:30:00Z",
    "firstcreated": "2026-11-16T09:30:00Z",
    "embargoed": "2026-11-18T00:01:00Z",
    "pubstatus": "usable",
    "headline": "Motors raises forecast",
    "byline": "Ann Example",
    "copyrightholder": "Invented Press",
    "language": "en",
    "description_text": "Short.",
    "body_html": PARAGRAPHS,
    "body_text": f"{STORY} {MORE}",
    "associations": {"picture": {"type": "picture", "uri": "p", "headline": "The plant", "body_text": "A caption"}},
}
NINJS_2: dict[str, Any] = {
    "standard": {"name": "ninjs", "version": "2.1"},
    "uri": "urn:inv:1",
    "altids": [{"role": "internal", "value": "77"}],
    "type": "text",
    "version": "4",
    "versioncreated": "2026-11-17T09:30:00Z",
    "embargoed": "2026-11-18T00:01:00Z",
    "pubstatus": "usable",
    "headlines": [{"role": "sub", "value": "Below"}, {"role": "main", "value": "Motors raises forecast"}],
    "by": "Ann Example",
    "infosources": [{"name": "Invented Press"}],
    "language": "en",
    "descriptions": [{"role": "caption", "value": "No"}, {"role": "summary", "value": "Short."}],
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": f"{STORY}\n{MORE}"},
        {"role": "own", "contenttype": "application/xml", "value": "<OWN><TEXT>x</TEXT></OWN>"},
        {"role": "main", "contenttype": "text/html", "value": PARAGRAPHS},
    ],
    "associations": [{"name": "picture", "type": "picture", "uri": "p"}],
}
CAMEL = {"versioncreated": "versionCreated", "pubstatus": "pubStatus", "infosources": "infoSources", "altids": "altIds"}
NINJS_3 = {CAMEL.get(name, name): value for name, value in NINJS_2.items() if name != "standard"}


@pytest.mark.parametrize("item", [NINJS_1, NINJS_2, NINJS_3], ids=["1", "2", "3"])
def test_ninjs_of_each_version_is_read_whole(item: dict[str, Any]) -> None:
    (article,) = read_json(item)

    assert article == Article(
        title="Motors raises forecast",
        body=f"{STORY}\n{MORE}",
        format="ninjs",
        summary="Short.",
        native_id="urn:inv:1",
        publisher="Invented Press",
        author="Ann Example",
        language="en",
        published_at=AT,
        published_from="field",
        version="4",
        status="usable",
        embargo_until=datetime(2026, 11, 18, 0, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "wrap",
    [
        lambda item: [item, item],
        lambda item: {"total": 2, "items": [item, item]},
        lambda item: {"_items": [item, item], "_meta": {}},
        lambda item: {"hits": [item, item]},
        lambda item: {"data": {"items": [{"item": item}, {"item": item}]}},
    ],
)
def test_lists_of_ninjs(wrap: Any) -> None:
    assert [type(part) for part in read_json(wrap(NINJS_1))] == [Article, Article]


@pytest.mark.parametrize(
    "value",
    [
        {"title": "x", "content": "y", "url": "http://example.invalid"},
        {"guid": "1", "title": "x", "body_html": "<p>y</p>"},
        {"headline": "x", "body_text": "y", "byline": "z"},
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_html": "x"}]},
        [],
        [1, 2],
        "text",
        None,
        {"items": [{"items": [{"items": [{"items": [NINJS_1]}]}]}]},
        [[[[[[[[NINJS_1]]]]]]]],
    ],
)
def test_what_is_not_ninjs(value: object) -> None:
    assert not is_ninjs(value)


def test_ninjs_without_text() -> None:
    picture = NINJS_1 | {"type": "picture", "uri": "p1", "body_html": "", "body_text": ""}
    composite = picture | {"type": "composite", "associations": {"a": {"type": "text", **NINJS_1, "uri": "in"}}}

    assert read_json(picture) == [Unread("item p1", "a picture without a headline or text")]
    assert [getattr(one, "native_id", one) for one in read_json(composite)] == ["in"]
    assert [type(part) for part in read_json([picture, NINJS_1])] == [Article]


def test_ninjs_of_a_list_that_lack_an_identifier_are_kept() -> None:
    bare = {"headline": "Bare", "body_text": STORY}

    assert not is_ninjs([bare])
    assert [getattr(one, "title", None) for one in read_json([NINJS_1, bare])] == ["Motors raises forecast", "Bare"]


def test_ninjs_with_alternative_identifiers_only() -> None:
    item = {name: value for name, value in NINJS_1.items() if name != "uri"} | {"altids": {"itemid": "77", "etag": "e"}}

    assert [getattr(one, "native_id", None) for one in read_json({"data": {"item": item}})] == ["77"]


def test_ninjs_headline_alone_is_an_article() -> None:
    (flash,) = read_json({name: value for name, value in NINJS_1.items() if not name.startswith("body")})

    assert isinstance(flash, Article)
    assert (flash.title, flash.body) == ("Motors raises forecast", "")


def test_ninjs_body_that_repeats_its_headline_and_caption() -> None:
    caption = "<figure><figcaption>The plant</figcaption></figure>"
    html = f"<article><h1>Motors raises forecast</h1>{PARAGRAPHS}{caption}</article>"
    (article,) = read_json(
        {name: value for name, value in NINJS_1.items() if name != "body_html"} | {"body_html5": html}
    )

    assert isinstance(article, Article)
    assert article.body == f"{STORY}\n{MORE}"


@pytest.mark.parametrize("odd", [None, 7, [], {}, [None, 3, {"value": None}], "\ud800", True])
@pytest.mark.parametrize("name", [*NINJS_1, *NINJS_2, "source", "authors", "bylines", "infosource"])
def test_ninjs_fields_of_odd_types_do_no_harm(name: str, odd: object) -> None:
    for item in (NINJS_1, NINJS_2):
        value = {**item, name: odd, "pubStatus": "usable", "bodyText": STORY}
        assert list(read_ninjs(value, page(""))) or not is_ninjs(value)


# ---- XML of an agency's own -----------------------------------------------------------------------------------------


def test_agency_xml_is_read_whole() -> None:
    article = read_one(
        '<?xml version="1.0"?><article id="a-1" version="9.9"><metadata><publish-date>17.11.2026 09:30</publish-date>'
        "<Source>Invented Press</Source><Status>Usable</Status><Version>2</Version><Section>Business</Section>"
        "<lang>en</lang><url>http://example.invalid/a</url><embargo>2026-11-18T00:01:00Z</embargo></metadata>"
        "<Headline>Motors &amp;amp; Sons raises forecast</Headline><ByLine>Ann Example</ByLine>"
        "<abstract>Short.</abstract>"
        f"<image><caption>A caption.</caption><text>None of it.</text></image><body>{PARAGRAPHS}</body>"
        "<text>Motors, shorter.</text></article>"
    )

    assert article == Article(
        title="Motors & Sons raises forecast",
        body=f"{STORY}\n{MORE}",
        format="agency-xml",
        summary="Short.",
        url="http://example.invalid/a",
        native_id="a-1",
        publisher="Invented Press",
        author="Ann Example",
        section="Business",
        language="en",
        published_at=AT,
        published_from="field",
        version="2",
        status="usable",
        embargo_until=datetime(2026, 11, 18, 0, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "story",
    [
        f"<story><title>T</title><content>{PARAGRAPHS}</content></story>",
        f"<News><Title>T</Title><Content>{PARAGRAPHS.replace('<', '&lt;')}</Content></News>",
        f"<document><header><title>T</title></header><content><text>{PARAGRAPHS}</text></content></document>",
        f"<doc><headline>T</headline><para>{STORY}</para><para>{MORE}</para></doc>",
        f"<n:item xmlns:n='urn:n'><n:titel>T</n:titel><n:inhalt><![CDATA[{PARAGRAPHS}]]></n:inhalt></n:item>",
        f"<news><标题>T</标题><正文>{STORY}\n\n{MORE}</正文></news>",
        f"<export><record><titulo>T</titulo><cuerpo><paragraph>{STORY}</paragraph><paragraph>{MORE}</paragraph></cuerpo>"
        "</record></export>",
    ],
)
def test_agency_xml_by_its_telling_names(story: str) -> None:
    article = read_one(f'<?xml version="1.0"?>{story}')

    assert (article.title, article.body) == ("T", f"{STORY}\n{MORE}")


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-17T09:30:00.123Z", AT),
        ("20261117T1030+0100", AT),
        ("2026-11-17 10:30:00 CET", AT),
        ("17.11.2026 11:30 EET", AT),
        ("2026-11-17 04:30 EST", AT),
        ("Tue, 17 Nov 2026 09:30:00 GMT", AT),
        ("20261117", date(2026, 11, 17)),
        ("2026-11-17 17:30 CST", datetime(2026, 11, 17, 17, 30, tzinfo=UTC)),
    ],
)
def test_times_as_agencies_write_them(written: str, at: datetime | date) -> None:
    article = read_one(f'<?xml version="1.0"?><a><title>T</title><date>{written}</date><text>{STORY}</text></a>')

    assert article.published_at == at


def test_several_stories_share_what_stands_above_them() -> None:
    stories = "".join(f"<item><id>{n}</id><title>T{n}</title><text>{STORY}</text></item>" for n in (1, 2))

    articles = read(f'<?xml version="1.0"?><list><id>L</id><source>INV</source><date>2026-11-17</date>{stories}</list>')

    assert [
        (one.native_id, one.title, one.publisher, one.published_at) for one in articles if isinstance(one, Article)
    ] == [("1", "T1", "INV", date(2026, 11, 17)), ("2", "T2", "INV", date(2026, 11, 17))]


def test_agency_xml_cancelled_by_a_flag_and_dated_in_two_elements() -> None:
    article = read_one(
        '<?xml version="1.0"?><News><id>1</id><Annuleret>true</Annuleret><Status>New</Status><date>2026-11-17</date>'
        f"<time>10:30</time><text>{STORY}</text></News>",
        "Europe/Copenhagen",
    )

    assert (article.status, article.published_at, article.title) == ("canceled", AT, None)


@pytest.mark.parametrize(
    "text",
    [
        "<project><name>x</name><description>y</description></project>",
        "<svg><title>x</title><text>y</text></svg>",
        "<opml><head><title>x</title></head><body><outline text='y'/></body></opml>",
        "<urlset><url><loc>http://example.invalid</loc></url></urlset>",
        "<orders><order id='1'><date>2026-11-17</date><amount>5</amount></order></orders>",
        "<list><text>words without anything beside them</text></list>",
        "<story><title>x</title><body/></story>",
    ],
)
def test_xml_that_tells_no_story_is_refused_by_its_root(text: str) -> None:
    said = reason(f'<?xml version="1.0"?>{text}')

    assert said.startswith(f"XML with the root <{text[1 : text.index('>')].split()[0]}>: no reader is declared for it")


def test_wide_and_nested_agency_xml_is_read_in_time() -> None:
    """Neither many texts without a story above them nor deep nesting may cost a square."""
    wide = "<text>x</text>" * 60_000
    deep = "<text>" * 200 + "x" + "</text>" * 200

    assert "no reader is declared" in reason(f'<?xml version="1.0"?><list>{wide}</list>')
    assert "no reader is declared" in reason(f'<?xml version="1.0"?><list>{deep * 100}</list>')
