"""One article in every encoding and under every label is one article."""

from __future__ import annotations

import codecs

import pytest

from tests.build import page
from watcher.decoding import decode
from watcher.identify import identify_article
from watcher.model import Article, Page
from watcher.parse import parse_page

BODY = "樣例電池公司十八日晚間公告，公司與某車企簽訂長期供貨協議，合同金額約十二億元，將於明年起分三年執行。"
"""Invented; of characters that GBK and Big5 both have."""
SIMPLIFIED = "样例电池公司十八日晚间公告，公司与某车企签订长期供货协议，合同金额约十二亿元，将于明年起分三年执行。"


def html(label: str | None, body: str = BODY) -> str:
    declared = f'<meta charset="{label}">' if label else ""
    return (
        f"<!DOCTYPE html><html><head>{declared}<title>樣例電池簽訂供貨協議</title></head>"
        f"<body><h1>樣例電池簽訂供貨協議</h1><article><p>{body}</p></article></body></html>"
    )


def content_hash(data: bytes) -> str:
    decoded = decode(data)
    [article] = parse_page(Page("a.html", decoded.text, decoded.encoding, "", "Asia/Shanghai"))
    assert isinstance(article, Article)
    return identify_article(article).content_hash


HASH = content_hash(html("utf-8").encode())


@pytest.mark.parametrize("label", [None, "utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "windows-1252", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gbk", "gb18030", "big5"])
def test_article_is_the_same_in_every_encoding_and_under_every_label(encoding: str, label: str | None) -> None:
    assert content_hash(html(label).encode(encoding)) == HASH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030", "big5"])
def test_post_is_the_same_in_every_encoding(encoding: str) -> None:
    text = f"---\ntitle: 樣例電池簽訂供貨協議\n---\n\n{BODY}\n"
    [plain] = parse_page(page(text))
    decoded = decode(text.encode(encoding))
    [article] = parse_page(page(decoded.text))

    assert article == plain


@pytest.mark.parametrize("label", ["gb2312", "big5", "iso-8859-1"])
def test_wrong_label_is_told_as_a_repair(label: str) -> None:
    decoded = decode(html(label, SIMPLIFIED).replace("樣例電池簽訂供貨協議", "样例电池签订供货协议").encode("gb18030"))

    assert SIMPLIFIED in decoded.text
    assert decoded.repairs == (() if label == "gb2312" else (f"labelled {label}, read as gb18030",))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (
            "Le marché a terminé en hausse, tiré par l'énergie et les télécoms après l'été, a déclaré le gérant.",
            "latin-1",
        ),
        ("Umsätze übertrafen die Erwartungen größtenteils; für März erwartet die Börse Änderungen.", "windows-1252"),
        ("東京株式市場は続伸し、日経平均は前日より二百円高く取引を終えた。半導体株がしっかり。", "shift_jis"),
        ("한국은행이 기준금리를 동결했다. 시장은 다음 달 인하를 예상하고 있다.", "euc-kr"),
    ],
)
def test_right_label_of_another_language_is_believed(text: str, label: str) -> None:
    assert decode(f'<meta charset="{label}"><p>{text}</p>'.encode(label)).text.endswith(f"<p>{text}</p>")


def test_byte_order_mark_goes_before_every_label() -> None:
    assert decode(codecs.BOM_UTF16_BE + html("gbk").encode("utf-16-be")).text == html("gbk")
