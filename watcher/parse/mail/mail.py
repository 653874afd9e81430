"""E-mails: the message itself, mails forwarded in it, and the news files attached to it."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from email.policy import compat32

from watcher.decoding import decode
from watcher.errors import UnparsedError, UnreadableError
from watcher.kinds import is_archive, is_mail
from watcher.model import Article, Page, Unread
from watcher.parse.clean import clean_body, read_byline
from watcher.parse.dates import read_moment
from watcher.parse.draft import Draft
from watcher.parse.lines import join_lines
from watcher.parse.mail.body import MailBody, read_html_mail, read_plain_mail
from watcher.parse.mail.text import charset_of, header_text, name_and_address, part_bytes, part_text, subject_text

_ENVELOPE = re.compile(rb"From [^\r\n]{1,300}\r?\n")
_NEXT_MAIL = re.compile(rb"\n\r?\n(?=From \S{1,200} [^\r\n]{0,80}\d{4}[^\r\n]{0,20}\r?\n[!-9;-~]{1,60}:)")
"""Where the next mail of a mailbox begins."""
_QUOTED_FROM = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_NO_NEWS = re.compile(
    r"(?:image|audio|video|font)/.*|text/(?:calendar|x?-?vcard|directory|css|rfc822-headers)|message/(?!rfc822).*"
    r"|application/(?:pgp-\S+|(?:x-)?pkcs7-\S+|ics)"
)
"""What hangs on mails beside news: pictures, appointments, cards, signatures, receipts."""
_NO_NEWS_NAMES = re.compile(
    r"(?:ATT\d{3,}\.\w+|smime\.p7[sm]|.*\.(?:png|jpe?g|gif|webp|svg|ics|vcf|asc|sig|p7s|css))", re.I
)
_MOST_WORK = 20_000_000
"""Lines of a mail times the parts it announces: the library looks for the end of each open part in every line."""
_ENDLESS_HEADER = re.compile(rb"^content-[a-z-]{1,40}:(?:[^\n]|\n[ \t]){20000}", re.IGNORECASE | re.MULTILINE)
"""The library goes through the parameters of such a header once for each of them."""
_LONGEST_HEADER = 10_000
_DEEPEST = 3
_FAR_SHORTER = 2
"""A plain text that has less than half of the words says that the message is in the HTML."""


def read_mail(page: Page) -> Iterator[Article | Unread]:
    """The articles of an e-mail, or of each mail in a mailbox.

    Raises `UnparsedError` where it cannot be taken apart.
    """
    data = page.data.lstrip(b"\xef\xbb\xbf \t\r\n")
    start = 0
    for end in (*(found.end() for found in _NEXT_MAIL.finditer(data)), len(data)):
        mail = _ENVELOPE.sub(b"", data[start:end], count=1) if data.startswith(b"From ", start) else data[start:end]
        yield from _read_message(_parse(_QUOTED_FROM.sub(b"", mail)), page, 0)
        start = end


def _parse(data: bytes) -> Message:
    if _ENDLESS_HEADER.search(data):
        raise UnparsedError("a mail with an endless header")
    if data.count(b"\n") * data.lower().count(b"boundary=") > _MOST_WORK:
        raise UnparsedError("a mail with too many parts for its length")
    try:
        # Not the newer policy: it parses addresses and dates, and fails on what spammers and old systems write.
        return email.message_from_bytes(data, policy=compat32)
    except RecursionError as error:
        raise UnparsedError("a mail whose parts are nested too deeply") from error


@dataclass(slots=True)
class _Parts:
    """What a mail consists of."""

    plain: list[Message] = field(default_factory=list)
    html: list[Message] = field(default_factory=list)
    forwarded: list[Message] = field(default_factory=list)
    attached: list[tuple[str, Message]] = field(default_factory=list)


def _read_message(message: Message, page: Page, depth: int) -> Iterator[Article | Unread]:
    parts = _take_apart(message)
    headers = _Headers(
        message, next(filter(None, map(charset_of, (*parts.plain, *parts.html))), page.expected_encoding)
    )
    body = _read_body(parts, page)
    others = [*_read_forwarded(parts.forwarded, page, depth), *_read_attached(parts.attached, page, depth)]
    if body.lines or not any(isinstance(other, Article) for other in others):
        yield _read_article(headers, body, page)
    yield from others


def _take_apart(message: Message) -> _Parts:
    parts = _Parts()
    waiting = [message]
    while waiting:
        part = waiting.pop()
        kind = part.get_content_type()
        inner = part.get_payload() if part.is_multipart() else None
        name = _file_name(part)
        if isinstance(inner, list) and kind == "message/rfc822":
            parts.forwarded += [one for one in inner if isinstance(one, Message)]
        elif isinstance(inner, list):
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        elif name is None and kind == "text/html":
            parts.html.append(part)
        elif name is None and (kind == "text/plain" or kind.startswith("multipart/")):
            parts.plain.append(part)
        elif not _NO_NEWS.fullmatch(kind) and not _NO_NEWS_NAMES.fullmatch(name or ""):
            parts.attached.append((name or kind, part))
    return parts


def _file_name(part: Message) -> str | None:
    """The name of an attachment; `None` for what is part of the message itself."""
    try:
        name = part.get_filename()
        disposition = part.get_content_disposition()
    except (TypeError, ValueError, LookupError):
        return None
    if name:
        return header_text(name, charset_of(part)).replace("\\", "/").rpartition("/")[2] or "attachment"
    return "attachment" if disposition == "attachment" else None


class _Headers:
    """The headers of a mail, decoded; of several of one name the first."""

    def __init__(self, message: Message, charset: str | None) -> None:
        self._charset = charset
        self._raw: dict[str, str] = {}
        for name, value in message.raw_items():
            self._raw.setdefault(name.lower(), str(value)[:_LONGEST_HEADER])

    def get(self, name: str) -> str:
        """A header as text; empty where there is none."""
        return header_text(self._raw.get(name, ""), self._charset)

    def raw(self, name: str) -> str:
        """A header as it is written, on one line."""
        return " ".join(self._raw.get(name, "").split())


def _read_body(parts: _Parts, page: Page) -> MailBody:
    """The message: the plain text, unless the HTML says far more."""
    plain = read_plain_mail("\n\n".join(part_text(part, page.expected_encoding) for part in parts.plain))
    if not parts.html:
        return plain
    html = [read_html_mail(part_text(part, page.expected_encoding)) for part in parts.html]
    rich = MailBody([line for body in html for line in body.lines], next((body.url for body in html if body.url), None))
    chosen = plain if _length(plain) * _FAR_SHORTER > _length(rich) else rich
    return replace(chosen, url=plain.url or rich.url)


def _length(body: MailBody) -> int:
    return sum(len(line.text) for line in body.lines)


def _read_article(headers: _Headers, mail: MailBody, page: Page) -> Article | Unread:
    draft = Draft(page, "email")
    draft.offer("title", subject_text(headers.get("subject")), "Subject")
    body = clean_body(mail.lines)
    text, marks = join_lines(body.lines)
    if not text and draft.get("title") is None:
        return Unread("the message", "neither a subject nor text")
    byline, reporter = read_byline(text)
    name, address = name_and_address(headers.get("from"))
    list_name, list_id = name_and_address(headers.get("list-id"))
    is_newsletter = bool(list_id or headers.raw("list-unsubscribe"))
    draft.offer("url", headers.raw("archived-at").strip("<>"), "Archived-At")
    draft.offer("url", mail.url, "link to the web version")
    draft.offer("url", body.url, "foot of the text")
    draft.offer("native_id", headers.raw("message-id").strip("<> "), "Message-ID")
    draft.offer("source", page.source, "the folder's settings")
    draft.offer("source", list_name or list_id, "List-Id")
    draft.offer("source", address.rpartition("@")[2].lower(), "From")
    draft.offer("publisher", body.source_line, "source line")
    draft.offer("publisher", byline, "byline")
    draft.offer("publisher", name if is_newsletter else None, "From of a newsletter")
    draft.offer("author", name or address, "From")
    draft.offer("author", reporter, "byline")
    draft.offer("language", headers.raw("content-language").partition(",")[0], "Content-Language")
    _offer_moment(draft, headers, page)
    return draft.finish(text, marks)


def _offer_moment(draft: Draft, headers: _Headers, page: Page) -> None:
    for header, text in (
        ("Date", headers.raw("date")),
        ("Received", headers.raw("received").rpartition(";")[2].strip()),
    ):
        if text and not draft.is_dated:
            draft.offer_date(text, read_moment(text, page.timezone), header)


def _read_forwarded(messages: list[Message], page: Page, depth: int) -> Iterator[Article | Unread]:
    for message in messages:
        if depth >= _DEEPEST:
            yield Unread("a mail within mails", f"not read: nested more than {_DEEPEST} deep")
        else:
            yield from _read_message(message, page, depth + 1)


def _read_attached(attached: list[tuple[str, Message]], page: Page, depth: int) -> Iterator[Article | Unread]:
    """The articles of attached news files; other attachments are told of."""
    from watcher.parse import parse_page

    for name, part in attached:
        data = part_bytes(part)
        if not data.strip(b"\0 \t\r\n"):
            continue
        if is_archive(data):
            yield Unread(name, "an archive within a mail is not opened")
            continue
        if is_mail(data):
            yield from _read_forwarded([_parse(data)], page, depth)
            continue
        try:
            decoded = decode(data, expected=charset_of(part) or page.expected_encoding)
            inner = replace(
                page, name=name, text=decoded.text, encoding=decoded.encoding, repairs=decoded.repairs, data=b""
            )
            for read in parse_page(inner):
                yield Unread(f"{name}, {read.where}", read.reason) if isinstance(read, Unread) else read
        except (UnreadableError, UnparsedError) as error:
            yield Unread(name, str(error))
