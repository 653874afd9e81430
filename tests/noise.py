"""Noise that is made by Hypothesis of the very parts that news files are made of, broken in the ways they break.

The same files in every run: derandomized, so that what fails once fails again.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

_MOST_BYTES = 50_000

_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")

_characters = st.one_of(
    st.sampled_from("雄帝科技电子证照涨停，。：（）“”　…—300546"),
    st.characters(codec="utf-8"),
    st.sampled_from("\0\x01\x08\x0b\x0c\x1b\x7f\x85\u200b\u200f\u2028\u202e\u2066\ufeff\ufffe\U0010ffff"),
    st.sampled_from("\r\n\t <>&;\"'`*_[](){}|#-=~:!\\@%"),
)
_text = st.text(_characters, max_size=60)

_key = st.sampled_from(["title", "date", "tags", "categories", "layout", "source", "url", "标题", "<<", "&a", "*a"])
_value = st.one_of(
    _text,
    st.sampled_from(
        ["2026-11-18 09:30:00 +0800", "2026-02-30", "[a, [b", "{a: {b", '"', "'", "|", ">-", "!!python/x y", "~"]
    ),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(str),
)
_front_matter = st.builds(
    lambda opening, lines, closing: (
        opening + "".join(f"{key}{colon}{value}\n" for key, colon, value in lines) + closing
    ),
    st.sampled_from(["---\n", "---\r\n", "--- \n", "+++\n", "\ufeff---\n", "---", ""]),
    st.lists(st.tuples(_key, st.sampled_from([": ", ":", " : ", "："]), _value), max_size=8),
    st.sampled_from(["---\n\n", "---\n", "...\n", "--\n", "+++\n", ""]),
)

_tag = st.sampled_from(
    (
        "p div span a b br img table tr td ul li h1 h2 script style title meta body html svg math template pre"
        " ![CDATA[ !-- ?xml"
    ).split()
)
_attribute = st.builds(
    lambda name, quote, value, end: f" {name}={quote}{value}{end}",
    st.sampled_from(["href", "class", "data-code", "charset", "content", "onclick", "style", "雄"]),
    st.sampled_from(['"', "'", ""]),
    _text,
    st.sampled_from(['"', "'", ""]),
)
_html = st.recursive(
    _text,
    lambda inner: st.builds(
        lambda tag, attributes, parts, closing: f"<{tag}{''.join(attributes)}>{''.join(parts)}{closing}",
        _tag,
        st.lists(_attribute, max_size=3),
        st.lists(inner, max_size=5),
        st.sampled_from(["</p>", "</div>", "</table>", "</script>", "-->", "]]>", "<", "</", ""]),
    ),
    max_leaves=30,
)
_markdown = st.builds(
    lambda mark, text, times, end: mark * times + text + end,
    st.sampled_from(
        ["# ", "> ", "* ", "- ", "1. ", "```\n", "    ", "|", "[a](", "![", "**", "_", "`", "<!--", "\\", "&#", "$"]
    ),
    _text,
    st.integers(0, 40),
    st.sampled_from(["\n", "\n\n", "\r\n", "\r", "", ")", "**", "```\n", "|\n|-|\n"]),
)
_code = st.sampled_from(
    ["300546.SZ", "(300546)", "雄帝科技（300546）", '<span data-code="0,300546">雄帝</span>', "$AAPL$", "６００５１９"]
)
_body = st.lists(st.one_of(_html, _markdown, _text, _code), max_size=25).map("".join)
_document = st.one_of(
    st.tuples(_front_matter, _body).map("".join),
    st.tuples(_body, _front_matter, _body).map("".join),
    st.builds(lambda body: f"<!doctype html><html><head><meta charset=gb2312></head><body>{body}</body></html>", _body),
    _body,
)


def _broken(encoded: bytes, cut: int, foreign: bytes, place: int, times: int) -> bytes:
    """Cut off in the middle of a character, with bytes of another encoding in it, repeated."""
    whole = encoded[: len(encoded) - cut] if cut else encoded
    at = place % (len(whole) + 1)
    return ((whole[:at] + foreign + whole[at:]) * times)[:_MOST_BYTES]


news_files = st.builds(
    _broken,
    st.builds(lambda text, encoding: text.encode(encoding, "replace"), _document, st.sampled_from(_ENCODINGS)),
    st.integers(0, 3),
    st.one_of(
        st.just(b""), st.binary(max_size=20), st.just("中标".encode("gbk")), st.just(b"\xff\xfe"), st.just(b"\0" * 9)
    ),
    st.integers(0, 10_000),
    st.sampled_from([1, 1, 1, 1, 50]),
)
"""The bytes of a file that could be news, once."""


def make_noise(count: int) -> list[bytes]:
    """So many different files."""
    made: dict[bytes, None] = {}

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(news_files)
    def collect(file: bytes) -> None:
        made[file] = None

    collect()
    return list(made)
