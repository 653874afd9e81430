"""E-mails: what their headers and parts say, however they are encoded. All mails here are invented."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.expected import read_expected
from watcher.errors import UnparsedError
from watcher.kinds import is_mail
from watcher.model import Article, Page, Unread
from watcher.parse import parse_page
from watcher.parse.mail.text import header_text

HEAD = b"""\
Received: by 192.0.2.7 with SMTP id x1; Mon, 09 Sep 2024 08:00:02 +0800
From: Desk <desk@example.com>
To: inbox@example.org
Subject: Harbour opens
Date: Mon, 09 Sep 2024 08:00:00 +0800
Message-ID: <n1@example.com>
MIME-Version: 1.0
"""
PLAIN = b"Content-Type: text/plain; charset=utf-8\n\n"
TEXT = b"The harbour of Nordhaven opened again on Monday.\n"


def page(data: bytes, expected_encoding: str | None = None) -> Page:
    return Page("m.eml", "", "binary", "", "Asia/Shanghai", data=data, expected_encoding=expected_encoding)


def read(data: bytes) -> list[Article | Unread]:
    return list(parse_page(page(data)))


def article(data: bytes) -> Article:
    (only,) = read(data)
    assert isinstance(only, Article)
    return only


def body(data: bytes) -> str:
    return article(data).body


def with_header(line: bytes) -> bytes:
    name = line.split(b":")[0]
    kept = b"".join(one for one in HEAD.splitlines(keepends=True) if not one.startswith(name + b":"))
    return line + b"\n" + kept + PLAIN + TEXT


def multipart(kind: bytes, *parts: bytes) -> bytes:
    inner = b"".join(b"--=b=\n" + part + b"\n" for part in parts)
    return b'Content-Type: multipart/%s; boundary="=b="\n\n' % kind + inner + b"--=b=--\n"


def test_a_mail_is_an_article_with_what_its_headers_say() -> None:
    found = article(HEAD + PLAIN + TEXT)

    assert found == Article(
        title="Harbour opens",
        body="The harbour of Nordhaven opened again on Monday.",
        format="email",
        native_id="n1@example.com",
        source="example.com",
        author="Desk",
        language="en",
        published_at=datetime(2024, 9, 9, tzinfo=UTC),
        published_from="field",
    )


@pytest.mark.parametrize("above", [b" " * 255 + b"\r\n", b"\n\n", b"From desk@example.com Mon Sep  9 00:00:00 2024\n"])
def test_what_stands_above_the_headers_does_no_harm(above: bytes) -> None:
    """A gateway writes a line of 255 spaces first, a mailbox its own ``From`` line."""
    mail = above + (HEAD + PLAIN + TEXT).replace(b"\n", b"\r\n")

    assert is_mail(mail)
    assert article(mail).title == "Harbour opens"


def test_each_mail_of_a_mailbox_is_an_article() -> None:
    envelope = b"From desk@example.com Mon Sep  9 00:00:00 2024\n"
    second = HEAD.replace(b"n1@", b"n2@") + PLAIN + b">From the north a storm came.\n"

    found = read(envelope + HEAD + PLAIN + TEXT + b"\n" + envelope + second)

    assert [(one.native_id, one.body) for one in found if isinstance(one, Article)] == [
        ("n1@example.com", "The harbour of Nordhaven opened again on Monday."),
        ("n2@example.com", "From the north a storm came."),
    ]


# --- Headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?B?5riv5Y+j6YeN5byA?=", "港口重开"),
        ("=?gb2312?B?uNu/2tbYv6o=?=", "港口重开"),
        ("=?UTF-8?Q?Harbour_opens_=E2=80=93_at_last?=", "Harbour opens – at last"),
        ("=?utf-8?Q?Har?= =?utf-8?Q?bour?= opens", "Harbour opens"),
        ("Now: =?utf-8?Q?Harbour?= opens", "Now: Harbour opens"),
        ("=?utf-8?B?5riv5Y8=?= =?utf-8?B?o+mHjeW8gA==?=", "港口重开"),
        ("=?nonsense?Q?Harbour=20opens?=", "Harbour opens"),
        ("=?punycode?Q?Harbour=20opens?=", "Harbour opens"),
        ("=?utf-8?B?5riv5Y+j6YeN5byA", "=?utf-8?B?5riv5Y+j6YeN5byA"),
        ("Re: Fwd: FW: Harbour opens", "Harbour opens"),
        ("回复：转发: 港口重开", "港口重开"),
        ("Reopening of the harbour", "Reopening of the harbour"),
    ],
)
def test_a_subject_is_read_as_it_was_meant(written: str, meant: str) -> None:
    assert article(with_header(f"Subject: {written}".encode())).title == meant


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_raw_bytes_in_a_subject_are_read(encoding: str) -> None:
    subject = "北方港口九月九日重新开放，首批货轮已经靠岸".encode(encoding)
    mail = HEAD.replace(b"Harbour opens", subject) + b"Content-Type: text/plain; charset=" + encoding.encode() + b"\n\n"

    assert article(mail + "正文在此。".encode(encoding)).title == "北方港口九月九日重新开放，首批货轮已经靠岸"


def test_an_encoded_word_that_names_the_wrong_charset_is_read_by_its_bytes() -> None:
    """windows-1252 takes any byte; the apostrophe stands there raw, in UTF-8."""
    subject = "Subject: =?windows-1252?Q?The_harbour’s_day?=".encode()

    assert article(with_header(subject)).title == "The harbour’s day"


@pytest.mark.parametrize(
    ("written", "author"),
    [
        (b'"Lee, Ann" <a@example.com>', "Lee, Ann"),
        (b"a@example.com (Ann Lee)", "Ann Lee"),
        (b"<a@example.com>", "a@example.com"),
        (b"=?utf-8?B?5riv5Y+j?= <a@example.com>", "港口"),
        (b"Ann <a@example.com", "Ann <a@example.com"),
    ],
)
def test_the_sender_is_the_author(written: bytes, author: str) -> None:
    assert article(with_header(b"From: " + written)).author == author


def test_a_mail_without_a_date_is_dated_by_its_last_way_station() -> None:
    found = article((HEAD + PLAIN + TEXT).replace(b"\nDate: Mon", b"\nX-Date: Mon"))

    assert found.published_at == datetime(2024, 9, 9, 0, 0, 2, tzinfo=UTC)


def test_a_date_that_is_not_believable_is_left_out_and_noted() -> None:
    mail = with_header(b"Date: Mon, 09 Sep 3024 08:00:00 +0800").replace(b"Received: by", b"X-Way: by")

    found = article(mail)

    assert (found.published_at, found.published_from) == (None, None)
    assert found.repairs == ('date left out, it names no believable moment: "Mon, 09 Sep 3024 08:00:00 +0800"',)


def test_a_newsletter_is_published_by_its_sender() -> None:
    found = article(b"List-Id: Morning Harbour <morning.example.com>\n" + HEAD + PLAIN + TEXT)

    assert (found.source, found.publisher) == ("Morning Harbour", "Desk")


# --- Parts -------------------------------------------------------------------------------------------------


def test_the_plain_text_is_taken_where_there_are_both() -> None:
    html = b"Content-Type: text/html; charset=utf-8\n\n<p>The harbour of <b>Nordhaven</b> opened again on Monday.</p>"

    assert body(HEAD + multipart(b"alternative", PLAIN + TEXT, html)) == TEXT.decode().strip()


@pytest.mark.parametrize("plain", [b"", b"This is an HTML mail.", b" \n\n"])
def test_the_html_is_taken_where_it_says_far_more(plain: bytes) -> None:
    html = b"Content-Type: text/html; charset=utf-8\n\n<div>The harbour of Nordhaven opened.</div><p>A ship came.</p>"

    assert body(HEAD + multipart(b"alternative", PLAIN + plain, html)) == (
        "The harbour of Nordhaven opened.\nA ship came."
    )


@pytest.mark.parametrize("charset", [b"gb2312", b"us-ascii", b"iso-8859-1", b"unknown-8bit", b"punycode"])
def test_the_bytes_decide_where_the_charset_is_wrong(charset: bytes) -> None:
    text = "北方港口九月九日重新开放，首批货轮已经靠岸，装卸作业随即恢复。"
    encoding = "gb18030" if charset == b"gb2312" else "utf-8"

    assert body(HEAD + b"Content-Type: text/plain; charset=" + charset + b"\n\n" + text.encode(encoding)) == text


def test_transfer_encodings_are_undone() -> None:
    quoted = b"Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n"
    coded = b"Content-Type: text/plain; charset=gbk\nContent-Transfer-Encoding: base64\n\n"

    assert body(HEAD + quoted + b"The harbour=92s gates =96 all of th=\nem.") == "The harbour’s gates – all of them."
    assert body(HEAD + coded + base64.encodebytes("港口重新开放。".encode("gbk"))) == "港口重新开放。"


def test_lines_broken_at_a_width_are_put_together() -> None:
    wrapped = (
        b"The harbour of Nordhaven opened again on Monday after a storm had closed it\n"
        b"for eleven days, and the first ships were unloaded before the sun had risen\n"
        b"over the breakwater.\n\nPilots said that they had never seen so many ships at once.\n"
    )

    assert body(HEAD + PLAIN + wrapped) == (
        "The harbour of Nordhaven opened again on Monday after a storm had closed it for eleven days, and the first "
        "ships were unloaded before the sun had risen over the breakwater.\n"
        "Pilots said that they had never seen so many ships at once."
    )


def test_paragraphs_on_lines_of_their_own_stay_apart() -> None:
    text = (
        b"A"
        + b" long paragraph" * 12
        + b".\nA short one.\n- first point of a list of points that is long enough\n- x\n"
    )

    assert len(body(HEAD + PLAIN + text).split("\n")) == 4


def test_a_layout_of_tables_is_no_table() -> None:
    """Newsletters are laid out with tables in tables; as rows their paragraphs would be one line."""
    html = (
        b"Content-Type: text/html\n\n<table><tr><td><table role=presentation><tr><td><p>The harbour opened.</p>"
        b"<p>A ship came.</p></td><td><p>Beside it.</p></td></tr></table></td></tr></table>"
        b"<table><tr><th>Ship</th><th>Tons</th></tr><tr><td>Alma</td><td>900</td></tr></table>"
    )

    assert body(HEAD + html) == "The harbour opened.\nA ship came.\nBeside it.\nShip\tTons\nAlma\t900"


@pytest.mark.parametrize(
    "below",
    [
        "--\nAnn Lee\nHarbour Desk\n",
        "-- \nAnn Lee\n",
        "ABC al/\n",
        "ABC al/mk\nAnn Lee\nHarbour Writer\nPh: +44 20 7946 0000\nTwitter: @annlee\n",
        "__________________\nThis email may contain information that is confidential. Delete it.\n",
        "This message and any attachment are intended only for the addressee and may be privileged.\n",
        "CONFIDENTIALITY NOTICE: the contents of this e-mail are private.\n",
        "本邮件及其附件含有保密信息，仅供收件人使用。\n",
        "Unsubscribe | Manage preferences\n© 2024 Harbour News Ltd. All rights reserved.\n",
        "You're receiving this newsletter because you signed up.\n",
        "Sent from my phone\n",
    ],
)
def test_signatures_and_footers_are_no_news(below: str) -> None:
    assert body(HEAD + PLAIN + TEXT + b"\n" + below.encode()) == TEXT.decode().strip()


def test_a_rule_of_two_dashes_between_stories_is_no_signature() -> None:
    stories = "".join(f"Story {number} has a sentence of its own.\n\n" for number in range(20))

    assert body(HEAD + PLAIN + b"First story.\n--\n" + stories.encode()).startswith("First story.\n--\nStory 0")


def test_the_web_version_is_its_address() -> None:
    html = (
        b"Content-Type: text/html\n\n<p><a href='https://example.com/n/1'>View this email in your browser</a></p>"
        b"<p>The harbour opened.</p>"
    )
    plain = b"View this email in your browser: https://example.com/n/1\n\nThe harbour opened.\n"

    for mail in (HEAD + html, HEAD + PLAIN + plain):
        found = article(mail)
        assert (found.url, found.body) == ("https://example.com/n/1", "The harbour opened.")


def test_the_header_of_a_forwarded_mail_is_no_text() -> None:
    text = b"---------- Forwarded message ---------\nFrom: A <a@example.com>\nDate: Mon\nSubject: x\nTo: b\n\n" + TEXT

    assert body(HEAD + PLAIN + text) == TEXT.decode().strip()


def test_a_mail_within_a_mail_is_an_article_of_its_own() -> None:
    inner = HEAD.replace(b"n1@", b"n2@").replace(b"Harbour opens", b"Ship comes") + PLAIN + b"A ship came.\n"
    forwarded = b"Content-Type: message/rfc822\n\n" + inner

    both = read(HEAD + multipart(b"mixed", PLAIN + b"Please see below.", forwarded))
    (alone,) = read(HEAD + multipart(b"mixed", PLAIN, forwarded))

    assert [one.title for one in both if isinstance(one, Article)] == ["Harbour opens", "Ship comes"]
    assert isinstance(alone, Article)
    assert (alone.title, alone.native_id) == ("Ship comes", "n2@example.com")


def attachment(name: str, kind: bytes, data: bytes) -> bytes:
    return (
        b"Content-Type: %s\nContent-Disposition: attachment; filename*=utf-8''%s\nContent-Transfer-Encoding: base64\n\n"
        % (kind, name.encode())
        + base64.encodebytes(data)
    )


def test_attached_news_files_are_read_and_pictures_left_alone() -> None:
    post = b"---\ntitle: Ship comes\n---\n\nA ship came.\n"
    feed = b"<rss><channel><item><title>Tide turns</title></item></channel></rss>"
    mail = HEAD + multipart(
        b"mixed",
        PLAIN + TEXT,
        attachment("ship.md", b"application/octet-stream", post),
        attachment("feed.xml", b"text/xml", feed),
        attachment("cow.jpg", b"image/jpeg", b"\xff\xd8\xff"),
        attachment("report.pdf", b"application/pdf", b"%PDF-1.7"),
        attachment("all.zip", b"application/zip", b"PK\x03\x04"),
        attachment("ATT00001.txt", b"text/plain", b"footer of a list"),
    )

    found = read(mail)

    assert [(one.title, one.format) for one in found if isinstance(one, Article)] == [
        ("Harbour opens", "email"),
        ("Ship comes", "post"),
        ("Tide turns", "rss"),
    ]
    assert [one for one in found if isinstance(one, Unread)] == [
        Unread("report.pdf", "a PDF document, not text"),
        Unread("all.zip", "an archive within a mail is not opened"),
    ]


def test_what_of_an_attachment_cannot_be_read_is_told_with_its_name() -> None:
    data = b'{"title":"a","content":"x"}\n{"title":"b","con\n'

    found = read(HEAD + multipart(b"mixed", PLAIN + TEXT, attachment("n.jsonl", b"application/json", data)))

    assert found[-1] == Unread("n.jsonl, line 2", "cut off")


# --- Hostile -----------------------------------------------------------------------------------------------


def test_mails_within_mails_end_somewhere() -> None:
    mail = HEAD + PLAIN + TEXT
    for _ in range(9):
        mail = HEAD + b"Content-Type: message/rfc822\n\n" + mail

    found = read(mail)

    assert found[-1] == Unread("a mail within mails", "not read: nested more than 3 deep")


def test_parts_without_end_are_refused() -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(5000)
    )

    with pytest.raises(UnparsedError, match=r"nested too deeply|too many parts"):
        read(HEAD + deep)
    with pytest.raises(UnparsedError, match="too many parts"):
        read(HEAD + deep + b"\n" * 10_000)


@pytest.mark.parametrize(
    "mail",
    [
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\nno part at all",
        HEAD + b"Content-Type: multipart/alternative\n\nno boundary",
        HEAD + b"Content-Type: text/plain; charset*=a'b'c%ff\n\nsome text",
        HEAD + b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!not base64!!!",
        HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 5000 + b"deep",
        HEAD + b"Content-Type: ; ;;=\n\nsome text",
        HEAD + b"Subject: " + b"=?a?Q?" * 5000 + b"\n\nsome text",
        HEAD.replace(b"Desk <", b"(" * 5000 + b"<") + b"\nsome text",
    ],
)
def test_a_broken_mail_is_an_article_all_the_same(mail: bytes) -> None:
    assert article(mail).title == "Harbour opens"


def test_a_header_of_half_characters_is_read() -> None:
    assert header_text("\udce6\udcb8", None) != ""


# --- The real ones -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["composite_email.txt", "odd_charset_email.txt", "simple_email.txt"])
def test_real_mails_are_read_as_a_person_reads_them(corpus: Path, name: str) -> None:
    (expected,) = [one for one in read_expected(corpus / "expected" / "wires.jsonl") if one["file"] == f"wires/{name}"]

    found = article((corpus / "wires" / name).read_bytes())

    words = " ".join(found.body.split())
    assert isinstance(found.published_at, datetime)
    actual = {
        "format": found.format,
        "title": found.title,
        "published_at": found.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "native_id": found.native_id,
        "author": found.author,
        "publisher": found.publisher,
        "first_words": words[: len(expected["first_words"])],
        "last_words": words[-len(expected["last_words"]) :],
    }
    assert actual == {field: expected[field] for field in actual}
