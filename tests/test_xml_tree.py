"""XML from strangers: nothing is fetched, nothing explodes, the broken is repaired and said. All texts are invented."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from watcher.errors import UnparsedError
from watcher.parse.xml_tree import attribute, child, name_of, outermost, read_xml, text_of


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_whole_document_needs_no_repair() -> None:
    tree = read_xml(
        '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- a wire -->\n<a><b>K&#xE5;re &amp; S&#248;n</b></a>'
    )

    assert tree.repairs == ()
    assert text_of(tree.root) == "Kåre & Søn"


def test_encoding_that_the_declaration_names_is_that_of_bytes_which_are_text_by_now() -> None:
    tree = read_xml('<?xml version="1.0" encoding="ISO-8859-1"?><a>电子证照 Kåre</a>')

    assert (text_of(tree.root), tree.repairs) == ("电子证照 Kåre", ())


@pytest.mark.parametrize("encoding", ["utf-16", "gb2312", "no-such-charset"])
def test_wrong_encoding_in_the_declaration_does_no_harm(encoding: str) -> None:
    assert text_of(read_xml(f'<?xml version="1.0" encoding="{encoding}"?><a>雄帝科技</a>').root) == "雄帝科技"


def test_names_are_compared_without_namespace_and_case() -> None:
    root = read_xml('<n:Doc xmlns:n="urn:wrong" xml:lang="da"><n:HeadLine Role="main">x</n:HeadLine></n:Doc>').root

    headline = child(root, "headline")
    assert (name_of(root), attribute(root, "lang"), attribute(headline, "role")) == ("doc", "da", "main")
    assert attribute(headline, "absent") is None
    assert child(None, "headline") is None


def test_outermost_elements_are_found_once() -> None:
    root = read_xml("<r><item n='1'><item n='2'/></item><x><item n='3'/></x></r>").root

    assert [attribute(item, "n") for item in outermost(root, "item")] == ["1", "3"]


def test_text_leaves_out_the_children_it_is_told_to() -> None:
    byline = read_xml("<byline>By ANN EXAMPLE<byttl>Invented Writer</byttl> in Rome</byline>").root

    assert text_of(byline) == "By ANN EXAMPLEInvented Writer in Rome"
    assert text_of(byline, without=("byttl",)) == "By ANN EXAMPLE in Rome"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE nitf [<!ENTITY l0 "ha">{LAUGHS}]>',
        f'<!DOCTYPE nitf [<!ENTITY big "{"x" * 100_000}">]>',
        '<!DOCTYPE nitf [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE nitf [<!ENTITY xxe SYSTEM "http://example.invalid/x">]>',
        '<!doctype nitf [ <!-- ] > --> <!ENTITY xxe PUBLIC "a" "file:///etc/passwd"> ]>',
        '<?xml version="1.0"?><!-- x --><?pi?>\n<!DOCTYPE nitf [\n<!ELEMENT a (#PCDATA)>\n<!ENTITY   l9 "ha">]>',
    ],
    ids=["billion laughs", "quadratic", "file", "url", "hidden behind a comment", "after a prolog"],
)
@pytest.mark.usefixtures("_no_network")
def test_declared_entities_are_refused(doctype: str) -> None:
    with pytest.raises(UnparsedError, match="declares entities, which are never expanded"):
        read_xml(f"{doctype}<nitf>{'&l9;&big;&xxe;' * 1000}</nitf>")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE nitf SYSTEM "http://example.invalid/nitf.dtd">',
        '<!DOCTYPE nitf SYSTEM "../dtd/nitf.dtd">',
        '<!DOCTYPE nitf SYSTEM "/etc/passwd">',
        '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.2//EN" "http://example.invalid/n.dtd" [<!ELEMENT x ANY>]>',
        # NewsML 1 includes the DTD of NITF so. Nothing in a text can refer to a parameter entity.
        '<!DOCTYPE nitf [<!ENTITY % other SYSTEM "http://example.invalid/n.dtd"> %other;]>',
        "<!DOCTYPE nitf>",
    ],
)
@pytest.mark.usefixtures("_no_network")
def test_document_type_is_cut_off_and_never_fetched(doctype: str) -> None:
    tree = read_xml(f'<?xml version="1.0"?>{doctype}<nitf>text</nitf>')

    assert (text_of(tree.root), tree.repairs) == ("text", ())


def test_lines_are_counted_as_in_the_file() -> None:
    tree = read_xml('<?xml version="1.0"?>\n<!DOCTYPE a\nSYSTEM "x"\n>\n<a>\n<b>1</c>\n</a>')

    assert tree.repairs == ("XML repaired: Opening and ending tag mismatch: b and c in line 6",)


@pytest.mark.parametrize(
    "doctype", ['<!DOCTYPE a SYSTEM "x', "<!DOCTYPE a [<!-- ", "<!DOCTYPE a [" + "<!-- x" * 50_000]
)
def test_document_type_without_end_is_refused(doctype: str) -> None:
    with pytest.raises(UnparsedError, match="DOCTYPE has no end"):
        read_xml(f"{doctype}<a>text</a>")


def test_characters_of_html_and_loose_ones_are_kept() -> None:
    """libxml2 by itself would make ``AT rose`` of ``AT&T rose``."""
    tree = read_xml("<a>AT&T rose&nbsp;5 & more, 3 < 4, caf&eacute; &unknown; &#8364; &lt;b&gt;</a>")

    assert text_of(tree.root) == "AT&T rose 5 & more, 3 < 4, café &unknown; € <b>"
    assert tree.repairs == ("XML repaired: EntityRef: expecting ';' in line 1",)


def test_loose_characters_in_cdata_are_meant() -> None:
    tree = read_xml("<a>R&D <b><![CDATA[<p>Q&amp;A & 1 < 2</p>]]></b> R&D</a>")

    assert text_of(tree.root) == "R&D <p>Q&amp;A & 1 < 2</p> R&D"


def test_entities_of_html_below_a_doctype_are_read() -> None:
    tree = read_xml('<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf>caf&eacute;</nitf>')

    assert text_of(tree.root) == "café"
    assert tree.repairs[0].startswith("XML repaired: Entity 'eacute' not defined")


def test_truncated_document_keeps_what_is_there() -> None:
    tree = read_xml("<a><b>one</b>\n<b>two</b>\n<b>thr")

    assert [text_of(one) for one in tree.root] == ["one", "two", "thr"]
    assert tree.repairs == ("XML repaired: Premature end of data in tag b in line 3",)


def test_characters_that_xml_does_not_allow_are_removed() -> None:
    tree = read_xml("<a>o\x08n\x00e\ud800</a>")

    assert text_of(tree.root) == "one"
    assert tree.repairs == ("XML repaired: 3 characters that XML does not allow removed",)


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        ("<a>{}</a>\n\n\n", "Extra content at the end of the document"),
        (
            '<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "a.dtd">\n<a>{}</a>\n',
            "XML declaration allowed only at the start",
        ),
    ],
)
def test_several_documents_in_one_file_are_all_kept(one: str, problem: str) -> None:

    tree = read_xml(one.format(1) + one.format(2) + one.format(3))

    assert [text_of(document) for document in outermost(tree.root, "a")] == ["1", "2", "3"]
    (repair,) = tree.repairs
    assert repair.startswith(f"XML repaired: {problem}")
    assert repair.endswith("in line 4")


@pytest.mark.parametrize(
    "text",
    ["<a>" * 100_000 + "x" + "</a>" * 100_000, f"<a>{'x' * 11_000_000}</a>", f'<a b="{"x" * 11_000_000}"/>'],
    ids=["depth", "text", "attribute"],
)
def test_what_goes_beyond_the_limits_is_refused(text: str) -> None:
    with pytest.raises(UnparsedError, match="beyond the limits of a news file"):
        read_xml(text)


@pytest.mark.parametrize("text", ["", "no markup at all", "<", "<!-- only a comment -->", "<?xml version='1.0'?>"])
def test_what_holds_no_element_is_refused(text: str) -> None:
    with pytest.raises(UnparsedError, match="its XML cannot be read"):
        read_xml(text)


def test_undeclared_prefixes_are_a_repair() -> None:
    tree = read_xml('<a><x:title i:nil="true">t</x:title></a>')

    assert text_of(child(tree.root, "title")) == "t"
    assert tree.repairs == ("XML repaired: Namespace prefix i for nil on title is not defined in line 1",)
