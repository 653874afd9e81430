"""XML that strangers wrote becomes a tree: nothing is fetched, nothing expands, what is broken is repaired and said.

The document type is cut off before the parser sees the text, so there is no DTD to fetch and no entity to blow up.
Names are compared without namespace and in lower case: agencies get both wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Any, NamedTuple

from lxml import etree

from watcher.errors import UnparsedError
from watcher.parse.markup import one_line

Element = Any
"""An lxml element; lxml has no types of its own."""

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]*>")
_LATER_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*>")
_DOCTYPE_TOKEN = re.compile(r"<!--|<\?|<!ENTITY\s+(?P<parameter>%)?|[\"'\[\]>]")
_LOOSE = re.compile(r"&(?:(?P<name>[A-Za-z][A-Za-z0-9]{1,31});|(?!#\d+;|#x[0-9A-Fa-f]+;))|<(?![A-Za-z_:/!?])")
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_POSITION = re.compile(r",?\s*line \d+(?:, column \d+)?")
_LONGEST_PROBLEM = 120
_SECOND_DOCUMENT = (5, 64)
"""libxml2's numbers for content behind the end, and for an XML declaration there."""
_RESOURCE_LIMIT = 114
"""Its number for its limits: 256 levels, 10 MB in one text or tag."""


class XmlTree(NamedTuple):
    """The root of a document, and what had to be repaired to read it."""

    root: Element
    repairs: tuple[str, ...] = ()


def read_xml(text: str) -> XmlTree:
    """The tree of an XML text. Several documents in one text come below a root of their own.

    Raises `UnparsedError` where it declares entities, goes beyond the parser's limits, or holds no element.
    """
    repairs: list[str] = []
    cleaned, count = _NOT_XML.subn("", _without_doctype(text.lstrip("\ufeff \t\r\n")))
    if count:
        repairs.append(f"XML repaired: {count} characters that XML does not allow removed")
    try:
        root = _parse(cleaned, recover=False)
        if not any(True for _ in root.iter(etree.Entity)):
            return XmlTree(root, tuple(repairs))
    except etree.XMLSyntaxError as error:
        if error.code == _RESOURCE_LIMIT:
            raise UnparsedError(f"its XML goes beyond the limits of a news file: {_problem_of(error)}") from error
        repairs.append(f"XML repaired: {_problem_of(error)}")
        if error.code in _SECOND_DOCUMENT:
            cleaned = f"<documents>{_LATER_DOCTYPE.sub('', _DECLARATION.sub('', cleaned))}</documents>"
    else:
        repairs.append("XML repaired: entities of HTML in it are read as their characters")
    try:
        root = _parse(_with_loose_characters_escaped(cleaned), recover=True)
    except etree.XMLSyntaxError as error:
        raise UnparsedError(f"its XML cannot be read: {_problem_of(error)}") from error
    if root is None:
        raise UnparsedError("its XML cannot be read: there is no whole element in it")
    return XmlTree(root, tuple(repairs))


def _parse(text: str, *, recover: bool) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
        encoding="utf-8",
    )
    # The declaration names the encoding of bytes that are text by now.
    return etree.fromstring(_DECLARATION.sub("", text, count=1).encode(), parser)


def _problem_of(error: Any) -> str:
    """What the parser complains of, as one line that ends in where."""
    said = one_line(_POSITION.sub("", error.msg or "it is not well formed")).replace(", use XML_PARSE_HUGE option", "")
    return f"{said.replace(', try XML_PARSE_HUGE', '')[:_LONGEST_PROBLEM]} in line {error.lineno}"


def _without_doctype(text: str) -> str:
    """The text without its document type, whose line breaks stay."""
    start = _start_of_doctype(text)
    if start is None:
        return text
    end = _end_of_doctype(text, start)
    return text[:start] + "\n" * text.count("\n", start, end) + text[end:]


def _start_of_doctype(text: str) -> int | None:
    position = 0
    while (position := text.find("<", position)) >= 0:
        if text.startswith(("<?", "<!--"), position):
            ending = "?>" if text.startswith("<?", position) else "-->"
            position = text.find(ending, position)
            if position < 0:
                return None
            continue
        return position if text[position : position + 9].upper() == "<!DOCTYPE" else None
    return None


def _end_of_doctype(text: str, start: int) -> int:
    """Where a document type ends. Raises `UnparsedError` where it declares an entity that the text could use."""
    position, depth = start + 9, 0
    while token := _DOCTYPE_TOKEN.search(text, position):
        position = token.end()
        sign = token[0]
        if sign in ("<!--", "<?", '"', "'"):
            ending = {"<!--": "-->", "<?": "?>"}.get(sign, sign)
            position = text.find(ending, position) + len(ending)
            if position < len(ending):
                break
        elif sign.startswith("<!ENTITY"):
            # Parameter entities (%name;) only serve the DTD, as in NewsML files that include that of NITF.
            if not token["parameter"]:
                raise UnparsedError(
                    "its DOCTYPE declares entities, which are never expanded: an attack, or a file to be resolved first"
                )
        elif sign in "[]":
            depth += 1 if sign == "[" else -1
        elif depth <= 0:
            return position
    raise UnparsedError("its XML cannot be read: the DOCTYPE has no end")


def _with_loose_characters_escaped(text: str) -> str:
    """``AT&T``, ``3 < 4`` and ``&nbsp;`` as XML writes them; CDATA stays as it is."""
    pieces: list[str] = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        end = text.find("]]>", start)
        pieces += [_LOOSE.sub(_escaped, text[position:start]), text[start:end] if end >= 0 else text[start:]]
        position = end if end >= 0 else len(text)
    pieces.append(_LOOSE.sub(_escaped, text[position:]))
    return "".join(pieces)


def _escaped(found: re.Match[str]) -> str:
    name = found["name"]
    if name in _PREDEFINED:
        return found[0]
    if name and f"{name};" in html5:
        return "".join(f"&#{ord(character)};" for character in unescape(found[0]))
    return "&lt;" if found[0] == "<" else f"&amp;{found[0][1:]}"


def name_of(element: Element) -> str:
    """The name of an element, without namespace, in lower case."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """The value of an attribute, whatever its namespace; `None` where it is absent or empty."""
    if element is None:
        return None
    wanted = name.lower()
    return next((one_line(value) or None for key, value in element.attrib.items() if _local(key) == wanted), None)


def children(element: Element | None, *names: str) -> list[Element]:
    """The children of these names, in their order."""
    return [] if element is None else [child for child in element if name_of(child) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of the first name, its first child of the second, and so on."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def outermost(root: Element, *names: str) -> Iterator[Element]:
    """The elements of these names that lie in none of the others, in reading order, the root included."""
    for element in root.iter():
        if name_of(element) in names and not any(name_of(above) in names for above in element.iterancestors()):
            yield element


def text_of(element: Element | None, *, without: tuple[str, ...] = ()) -> str:
    """All text of an element as one line, children of the names in `without` left out."""
    if element is None:
        return ""
    if not without:
        return one_line("".join(element.itertext()))
    pieces = [element.text or ""]
    for part in element:
        pieces += [" "] if name_of(part) in without else part.itertext()
        pieces.append(part.tail or "")
    return one_line("".join(pieces))


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()
