"""The XML of a feed, made well-formed: what producers get wrong is mended, what was cut off is cut cleanly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.entities import html5
from xml.parsers import expat

from watcher.errors import UnparsedError
from watcher.model import Unread

_PROLOG = re.compile(r"\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype\b[^\[>]*(?:\[.*?\]\s*)?>\s*)*", re.I | re.S)
"""Goes, all of it: no document type is ever read, and its entities mean nothing (reliability row P4)."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = r"&(?:(?P<entity>[A-Za-z][A-Za-z0-9]{1,40});|(?!\#\d{1,7};|\#[xX][0-9a-fA-F]{1,6};))"
_TOKEN = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<closing>/?)(?P<name>[A-Za-z_][\w.:-]*)(?P<rest>[^<>]*)"
    rf"|{_ENTITY}",
    re.DOTALL,
)
_LOOSE_ENTITY = re.compile(_ENTITY)
_DECLARED = re.compile(r"xmlns:([\w.-]+)\s*=")
_ATTRIBUTE = re.compile(r"=\s*[\"']")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_MOST_NAMESPACES = _MOST_ATTRIBUTES = 50
"""Of a feed, and of an element. For each attribute feedparser goes through all the namespaces there are."""
_ENTRY_OF = {"rss": "item", "rdf": "item", "feed": "entry"}
_TEXTS = frozenset({"title", "description", "content:encoded", "excerpt:encoded"})
"""Elements of RSS that hold text, and no elements."""
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "wp": "http://wordpress.org/export/1.2/",
}
"""What people mean by prefixes that they forgot to declare."""


@dataclass(frozen=True, slots=True)
class MendedFeed:
    """A feed as well-formed XML."""

    xml: bytes
    root: str
    """Its first element, in lower case and without a prefix."""
    repairs: tuple[str, ...]
    cut: Unread | None
    """What its end lacks."""


def mend_feed(text: str) -> MendedFeed:
    """The whole entries of a feed, as XML that any parser takes. Raises `UnparsedError` where it is beyond mending."""
    from lxml import etree

    text = _NOT_XML.sub("", text)
    prolog = _PROLOG.match(text)
    begin = prolog.end() if prolog else 0
    # The lines of the prolog stay, so that complaints name the lines of the file.
    scan = _scan("\n" * text.count("\n", 0, begin) + text[begin:])
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(scan.whole().encode(), parser)
        xml: bytes = etree.tostring(root, encoding="utf-8")
        expat.ParserCreate(namespace_separator=" ").Parse(xml, True)
    except (etree.XMLSyntaxError, TypeError, expat.ExpatError) as error:  # TypeError: there is no element at all.
        raise UnparsedError(f"a feed whose XML cannot be mended: {error}") from error
    cut = scan.cut()
    trouble = next((entry for entry in parser.error_log if entry.level_name != "WARNING"), None)
    repairs = scan.repairs
    if trouble and not cut:
        repairs.append(f"broken XML mended, first in line {trouble.line}: {trouble.message.strip()}")
    return MendedFeed(xml, scan.root, tuple(repairs), cut)


@dataclass(slots=True)
class _Scan:
    """A feed's text in pieces, and what was seen on the way through them."""

    pieces: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    root: str = ""
    root_closed: bool = False
    entries: int = 0
    text_element: str | None = None
    """The element of text that is open."""
    open_entry: int | None = None
    """The piece at which the entry begins that has no end yet."""

    def is_markup_in_text(self, name: str, *, closing: bool, rest: str) -> bool:
        """Whether a tag is HTML that somebody forgot to escape in a text: to XML a ``<br>`` never ends."""
        if self.root == "feed":  # There, HTML in XML is meant.
            return False
        if self.text_element is None:
            self.text_element = name if name in _TEXTS and not closing and not rest.endswith("/") else None
            return False
        if name not in (self.text_element, "item", "channel") or not (closing or name == "item"):
            return True
        self.text_element = None
        return False

    def whole(self) -> str:
        """The text up to the end of its last whole entry."""
        return "".join(self.pieces[: self.open_entry])

    def cut(self) -> Unread | None:
        """What is missing at the end."""
        if self.open_entry is not None:
            line = self.whole().count("\n") + 1
            return Unread(f"entry {self.entries}", f"cut off: it begins in line {line}, and the file ends within it")
        if not self.root_closed:
            return Unread("the end", "cut off: the file ends before the feed does, entries may be missing")
        return None


def _scan(text: str) -> _Scan:
    scan = _Scan()
    position, root_at = 0, 0
    for found in _TOKEN.finditer(text):
        scan.pieces.append(text[position : found.start()])
        position = found.end()
        name = found["name"]
        if name and scan.is_markup_in_text(name, closing=bool(found["closing"]), rest=found["rest"]):
            scan.pieces.append("&lt;" + _LOOSE_ENTITY.sub(_entity, found[0][1:]))
        elif name:
            root_at = root_at or len(scan.pieces)
            rest = found["rest"]
            if rest.count("=") > _MOST_ATTRIBUTES and len(_ATTRIBUTE.findall(rest)) > _MOST_ATTRIBUTES:
                rest = "/" if rest.endswith("/") else ""
            _note_tag(scan, name, bool(found["closing"]), rest)
            scan.pieces.append(f"<{found['closing']}{name}{_LOOSE_ENTITY.sub(_entity, rest)}")
        else:
            scan.pieces.append(_entity(found) if found[0].startswith("&") else found[0])
    scan.pieces.append(text[position:])
    if root_at:
        _declare(scan, root_at)
    return scan


def _note_tag(scan: _Scan, name: str, closing: bool, rest: str) -> None:
    prefix, _, local = name.rpartition(":")
    if prefix:
        scan.prefixes.add(prefix)
    local = local.lower()
    if not scan.root:
        scan.root = local
        scan.root_closed = rest.endswith("/")
    elif local == _ENTRY_OF.get(scan.root):
        if not closing:
            scan.entries += 1
        scan.open_entry = None if closing or rest.endswith("/") else len(scan.pieces)
    elif local == scan.root and closing:
        scan.root_closed = True


def _declare(scan: _Scan, root_at: int) -> None:
    """Declare the prefixes that are used without it: to a strict parser they end the file."""
    declared = {"xml", "xmlns", *(name for piece in scan.pieces for name in _declared_in(piece))}
    missing = sorted(scan.prefixes - declared)
    if len(declared) + len(missing) > _MOST_NAMESPACES:
        raise UnparsedError(f"a feed with more than {_MOST_NAMESPACES} namespaces is not read")
    if missing:
        root = scan.pieces[root_at]
        end = len(root) - root.endswith("/")
        declarations = "".join(f' xmlns:{name}="{_NAMESPACES.get(name, f"urn:undeclared:{name}")}"' for name in missing)
        scan.pieces[root_at] = root[:end] + declarations + root[end:]
        scan.repairs.append(f"undeclared prefix of elements: {', '.join(missing[:5])}")


def _declared_in(piece: str) -> list[str]:
    return _DECLARED.findall(piece) if piece.startswith("<") and "xmlns:" in piece[:10_000] else []


def _entity(found: re.Match[str]) -> str:
    """What an entity means; an ampersand that begins none stands for itself."""
    name = found["entity"]
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return found[0]
    return html5.get(f"{name};", f"&amp;{name};")
