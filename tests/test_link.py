from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import SECURITIES, article, knowledge
from watcher.folding import fold
from watcher.link import Securities, link_article
from watcher.link.lexicon import Lexicon
from watcher.model import Article, Evidence, Knowledge, Mark, Mention, Name, Rule, Security

EVERYTHING = knowledge()
WATCHED = knowledge(
    Rule("a", stocks=("300546.SZ", "300075.SZ", "000002.SZ", "603883.SH")),
    Rule("b", stocks=("NIO.US", "JD.US", "META.US", "300546.SZ")),
)


def codes(text: str) -> list[tuple[str, str]]:
    """Symbol and writing of each security that a text names by code, in the order of their places."""
    return evidence(text, EVERYTHING, "code")


def names(text: str, known: Knowledge = WATCHED) -> list[tuple[str, str]]:
    """The same, by name."""
    return evidence(text, known, "name")


def evidence(text: str, known: Knowledge, how: str) -> list[tuple[str, str]]:
    mentions = link_article(article(body=text), known)
    found = sorted(
        (one for mention in mentions for one in mention.evidence if one.how == how), key=lambda one: one.start
    )
    assert [text[one.start : one.end] for one in found] == [one.term for one in found]
    return [(one.symbol or "", one.term) for one in found]


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("300075.SZ", "300075.SZ"),
        ("300075.sz", "300075.SZ"),
        ("300075.XSHE", "300075.SZ"),
        ("600519.SH", "600519.SH"),
        ("600519.SS", "600519.SH"),
        ("600519.sh", "600519.SH"),
        ("600519.XSHG", "600519.SH"),
        ("830799.BJ", "830799.BJ"),
        ("830799.bj", "830799.BJ"),
        ("830799.XBSE", "830799.BJ"),
        ("900901.SH", "900901.SH"),
        ("301999.SZ", "301999.SZ"),
        ("SZ300075", "300075.SZ"),
        ("sz300075", "300075.SZ"),
        ("SZ.300075", "300075.SZ"),
        ("SZ:300075", "300075.SZ"),
        ("SH600519", "600519.SH"),
        ("SS600519", "600519.SH"),
        ("sh600519", "600519.SH"),
        ("BJ830799", "830799.BJ"),
        ("bj830799", "830799.BJ"),
        ("00700.HK", "00700.HK"),
        ("0700.HK", "00700.HK"),
        ("700.HK", "00700.HK"),
        ("00700.hk", "00700.HK"),
        ("HK00700", "00700.HK"),
        ("HK:00700", "00700.HK"),
        ("HK.00700", "00700.HK"),
        ("NIO.US", "NIO.US"),
        ("BRK.B.US", "BRK.B.US"),
        ("NASDAQ:PDD", "PDD.US"),
        ("NASDAQ: PDD", "PDD.US"),
        ("Nasdaq: PDD", "PDD.US"),
        ("NYSE : BRK.B", "BRK.B.US"),
        ("AMEX:SPY", "SPY.US"),
        ("PINK:PNGAY", "PNGAY.US"),
        ("OTC:PNGAY", "PNGAY.US"),
        ("OTCMKTS:TCEHY", "TCEHY.US"),
        ("纳斯达克:PDD", "PDD.US"),
        ("纽交所：NIO", "NIO.US"),
        ("(INTC.O)", "INTC.US"),
        ("(BABA.N)", "BABA.US"),
        ("(PDD.OQ)", "PDD.US"),
        ("(BABA.K)", "BABA.US"),
        ("(SPY.A)", "SPY.US"),
        ("$NIO", "NIO.US"),
        ("$BRK.B", "BRK.B.US"),
        ("３０００７５．ＳＺ", "300075.SZ"),
        ("ＳＺ：３０００７５", "300075.SZ"),
        ("（ＩＮＴＣ．Ｏ）", "INTC.US"),
        ("＄ＮＩＯ", "NIO.US"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "今日{}涨停", " {} ", "（{}）", "买入{}、", "{}。", "{}，", "is {}."])
def test_code_with_its_exchange_is_found_in_every_writing(around: str, code: str, symbol: str) -> None:
    """Brackets around it are not part of it."""
    assert codes(around.format(code)) == [(symbol, code.strip("()（）"))]


@pytest.mark.parametrize(
    "text",
    [
        "（300075）",
        "(300075)",
        "（３０００７５）",
        "数字政通300075",
        "数字政通：300075",
        "300075 数字政通",
        "300075，数字政通",
        "代码300075",
        "代码：300075",
        "股票代码:300075",
        "证券代码为 300075",
        "股票300075",
        "300075",
        "300075\t数字政",
        "数字政\t300075\t12.5",
        "上文\n300075\n下文",
    ],
)
def test_six_digits_are_a_code_where_something_beside_them_says_so(text: str) -> None:
    assert [symbol for symbol, _ in codes(text)] == ["300075.SZ"]


@pytest.mark.parametrize(
    "text",
    [
        "当地有350074人",
        "当地有300075人",
        "超过300075人次",
        "（350074）",
        "（300075",
        "300075）",
        "\t300075人",
        "约300075\t",
        "代码350074",
        "（999999）",
        "GUID 3F2504E0-4F89-300075-9A0C",
        "(300075ab)",
        "(ab300075)",
        "数字政通 5300075 3000755",
        "20300075",
        "数字政通2022-300075-11",
        "数字政通1,300075元",
        "数字政通300075,000元",
        "数字政通300075.50元",
        "数字政通1.300075",
        "数字政通300075%",
        "数字政通021-300075",
        "数字政通+300075",
        "数字政通#300075",
        "数字政通300075/2022",
        "数字政通 12:300075:59",
        "邮编300075",
        "数字政通今日公告，工程的合同编号是300075",
        "编号：300075",
        "300075、300546",
    ],
)
def test_other_digits_are_no_code(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "000001.SH",
        "SH000001",
        "000300.SS",
        "399006.SZ",
        "SZ399001",
        "上证指数(000001)",
        "上证综指（000001）",
        "科创50（000688）",
        "沪深300（000300）",
        "创业板指(399006)",
    ],
)
def test_index_is_no_security(text: str) -> None:
    """000001 is 平安银行 in Shenzhen and 上证指数 in Shanghai."""
    assert codes(text) == []


@pytest.mark.parametrize("text", ["平安银行(000001)", "000001.SZ", "代码：000001"])
def test_security_with_the_digits_of_an_index_is_one(text: str) -> None:
    assert [symbol for symbol, _ in codes(text)] == ["000001.SZ"]


@pytest.mark.parametrize(
    "text",
    [
        "US$100, US$NIO, A$5, HK$3, C$",
        "$308.5 mln, $3085, $1B",
        "Revenue ($M), in $B, $K",
        "$USD, $US, $HKD",
        "$$NIO, $NIO$, a$NIO, $NIOX1",
        "$nio",
        "U.S. jury, (U.S.), (U.N.), U.K.",
        "NASDAQ: 2022, NYSE: nio",
        "INTC.O",
        "(intc.O)",
        "A300075.SZ, 300075.SZX, 1300075.SZ, .300075.SZ, 30007.SZ",
        "300075SZ, 300075.XX",
        "XSZ300075, SZ3000751, SZ30007",
        "HK700, HK$00700, HK123456, 123456.HK, 00700.HKD",
        "NIO.USA, 1.US, nio.us",
        "٣٠٠٠٧٥.SZ, SZ٣٠٠٠٧٥",
    ],
)
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/300075.SZ",
        "http://quote.example.com/sz300075.html",
        "https://example.com/?code=SZ300075&x=1",
        "https://300546.example.com/300075.XSHE",
    ],
)
def test_address_names_nobody(address: str) -> None:
    assert link_article(article("见 " + address, f"见 {address}"), knowledge(Rule("a", ("300075.SZ",)))) == ()


@pytest.mark.parametrize("after", ["，", "、", "。", "）", " ", "\n", ";", ","])
def test_address_ends_where_the_sentence_goes_on(after: str) -> None:
    assert codes(f"见 https://example.com/a{after}300075.SZ 涨停") == [("300075.SZ", "300075.SZ")]


def test_codes_beside_each_other_are_all_found() -> None:
    text = "(688981.SH;00981.HK)、600519.SH/300075.SZ，(AAPL.O)(NIO.N)，$NIO/$LI"

    assert [symbol for symbol, _ in codes(text)] == [
        "688981.SH",
        "00981.HK",
        "600519.SH",
        "300075.SZ",
        "AAPL.US",
        "NIO.US",
        "NIO.US",
        "LI.US",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "$A" * 50_000,
        "1" * 100_000,
        "300075 " * 20_000,
        "NASDAQ" + " " * 100_000,
        "代码" + " " * 100_000,
        "(A." * 30_000,
    ],
    ids=["dollars", "digits", "codes", "exchange", "word", "brackets"],
)
@pytest.mark.timeout(20)
def test_long_text_without_codes_does_not_hang(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("数字政通中标", [("300075.SZ", "数字政通")]),
        ("雄帝科技、数字政通", [("300546.SZ", "雄帝科技"), ("300075.SZ", "数字政通")]),
        ("蔚来汽车与NIO", [("NIO.US", "蔚来汽车"), ("NIO.US", "NIO")]),
        ("蔚来今日", [("NIO.US", "蔚来")]),
        ("万科A涨停", [("000002.SZ", "万科A")]),
        ("万科Ａ涨停", [("000002.SZ", "万科Ａ")]),
        ("万 科Ａ涨停", [("000002.SZ", "万 科Ａ")]),
        ("Nio、ＮＩＯ", [("NIO.US", "Nio"), ("NIO.US", "ＮＩＯ")]),
        ("NIO's", [("NIO.US", "NIO")]),
        ("买入JD.com，", [("JD.US", "JD.com")]),
        ("x雄帝科技x", [("300546.SZ", "雄帝科技")]),
    ],
)
def test_watched_security_is_found_by_any_of_its_names(text: str, found: list[tuple[str, str]]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text", ["nio", "UNION", "NIO2", "2NIO", "ammunio", "JD.community", "metadata", "雄帝", "政通"]
)
def test_name_in_another_word_is_not_found(text: str) -> None:
    assert names(text) == []


def test_security_that_nobody_watches_is_found_too() -> None:
    """What an article is about is asked later, and rules come and go."""
    assert names("贵州茅台与平安银行") == [("600519.SH", "贵州茅台"), ("000001.SZ", "平安银行")]


def test_security_that_the_table_does_not_know_is_watched_by_its_code() -> None:
    known = knowledge(Rule("a", ("301999.SZ",)))

    assert [mention.symbol for mention in link_article(article(body="301999.SZ 上市"), known)] == ["301999.SZ"]


@pytest.mark.parametrize(
    ("known", "text", "found"),
    [
        ({"A": ["NIO"], "B": ["NIO Inc"]}, "NIO Inc.", [(("B",), 0, 7)]),
        ({"A": ["NIO"], "B": ["NIO Inc"]}, "NIO Incorporated", [(("A",), 0, 3)]),
        ({"A": ["NIO", "NIO Inc"]}, "NIO Inc", [(("A",), 0, 7)]),
        ({"A": ["华是"], "B": ["华是科技"]}, "华是科技与华是", [(("B",), 0, 4), (("A",), 5, 7)]),
        ({"A": ["平安"], "B": ["安银行"]}, "平安银行", [(("B",), 1, 4)]),
        ({"A": ["x平"], "B": ["平安"]}, "yx平安", [(("B",), 2, 4)]),
        ({"A": ["泰祥股份"], "B": ["泰祥股份"]}, "泰祥股份", [(("A", "B"), 0, 4)]),
        ({"A": ["万  科Ａ", "", " "]}, "万 科A", [(("A",), 0, 4)]),
        ({}, "雄帝科技", []),
    ],
)
def test_longest_name_that_stands_alone_counts(
    known: dict[str, list[str]], text: str, found: list[tuple[tuple[str, ...], int, int]]
) -> None:
    lexicon = Lexicon({symbol: tuple(Name(one) for one in own) for symbol, own in known.items()})

    hits = lexicon.find(fold(text), text)

    assert [(hit.entry.symbols, hit.start, hit.end) for hit in hits] == found


def test_evidence_of_one_security_becomes_one_mention() -> None:
    """The name, the publisher's markup of it and the code in brackets are one place."""
    body = "今日雄帝科技（300546）涨停。数字政通中标一单。\n雄帝科技公告称，"
    marks = (Mark("300546.SZ", "雄帝科技", 2, 6), Mark("300075.SZ", "数字政通", 17, 21))
    told = replace(article("雄帝科技涨停", body, "雄帝科技涨停"), marks=marks)

    assert link_article(told, EVERYTHING) == (
        Mention(
            symbol="300546.SZ",
            written_as="雄帝科技",
            how="markup",
            confidence=0.98,
            count=3,
            in_title=True,
            first_at=2,
            evidence=(
                Evidence("雄帝科技", "title", 0, 4, "name", "300546.SZ"),
                Evidence("雄帝科技", "summary", 0, 4, "name", "300546.SZ"),
                Evidence("雄帝科技", "body", 2, 6, "markup", "300546.SZ"),
                Evidence("300546", "body", 7, 13, "code", "300546.SZ"),
                Evidence("雄帝科技", "body", 27, 31, "name", "300546.SZ"),
            ),
            salience="subject",
        ),
        Mention(
            symbol="300075.SZ",
            written_as="数字政通",
            how="markup",
            confidence=pytest.approx(0.95),
            count=1,
            in_title=False,
            first_at=17,
            evidence=(Evidence("数字政通", "body", 17, 21, "markup", "300075.SZ"),),
            salience="peer",
        ),
    )


@pytest.mark.parametrize(
    ("body", "marked", "how", "written_as", "confidence"),
    [
        ("雄帝科技（300546）", True, "markup", "雄帝科技", 0.98),
        ("雄帝科技（300546）", False, "code", "300546", 0.98),
        ("雄帝科技", True, "markup", "雄帝科技", 0.95),
        ("雄帝科技", False, "name", "雄帝科技", 0.9),
    ],
)
def test_mention_is_as_sure_as_the_strongest_of_its_evidence(
    body: str, marked: bool, how: str, written_as: str, confidence: float
) -> None:
    marks = (Mark("300546.SZ", "雄帝科技", 0, 4),) if marked else ()

    (mention,) = link_article(replace(article(body=body), marks=marks), WATCHED)

    assert (mention.how, mention.written_as, mention.confidence) == (how, written_as, pytest.approx(confidence))


MARKS = (Mark("300546.SZ", "雄帝科技", 0, 4), Mark("300546.SZ", "雄帝科技", 5, 9))


@pytest.mark.parametrize(
    ("told", "count"),
    [
        (article(body="雄帝科技（300546.SZ）涨停"), 1),
        (article(body="雄帝科技(300546)涨停"), 1),
        (article(body="雄帝科技 (300546) 涨停"), 1),
        (article(body="雄帝科技（300546）涨停，雄帝科技公告"), 2),
        (article(body="雄帝科技\n雄帝科技公告\n雄帝科技"), 3),
        (article(body="300546\t雄帝科技"), 1),
        (replace(article(body="雄帝科技、雄帝科技"), marks=MARKS), 2),
        (replace(article(body="雄帝科技（300546）"), marks=MARKS[:1]), 1),
        (article("雄帝科技", "雄帝科技"), 2),
        (article("雄帝科技", "雄帝科技", "雄帝科技"), 2),
        (article("央行今日宣布降准，利好雄帝科技", "雄帝科技、雄帝科技"), 3),
        (article(body="雄帝科技雄帝科技"), 2),
        (article(body="雄帝科技的同行300546.SZ"), 2),
        (article("涨停", "跟涨", "雄帝科技与雄帝科技"), 1),
    ],
)
def test_places_are_counted_in_title_and_body(told: Article, count: int) -> None:
    """A name and its code side by side are one place; the summary repeats what the body says."""
    (mention,) = link_article(told, WATCHED)

    assert mention.count == count


def test_mentions_come_in_the_order_in_which_they_are_read() -> None:
    told = article("数字政通与600519.SH", "蔚来、雄帝科技、数字政通，00700.HK。", "300730.SZ 与雄帝科技")

    assert [(mention.symbol, mention.in_title, mention.first_at) for mention in link_article(told, WATCHED)] == [
        ("300075.SZ", True, 8),
        ("600519.SH", True, None),
        ("300730.SZ", False, None),
        ("300546.SZ", False, 3),
        ("NIO.US", False, 0),
        ("00700.HK", False, 13),
    ]


def test_article_that_names_nobody_has_no_mentions() -> None:
    assert link_article(article("央行降准", "央行今日宣布降准。"), WATCHED) == ()


PIECES = st.sampled_from(
    "300075 SZ .SZ NIO $ （ ） 数字政通 雄帝科技 https://x. / HK 00700 . : 代码 (INTC.O) \n \t".split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=15).map("".join), st.text(max_size=30))
def test_every_evidence_is_where_it_says(body: str, title: str) -> None:
    told = article(title, body, "雄帝科技" + title)
    texts = dict(told.texts())

    mentions = link_article(told, WATCHED)

    found = [one for mention in mentions for one in mention.evidence]
    assert [texts[one.field][one.start : one.end] for one in found] == [one.term for one in found]
    assert [mention.symbol for mention in mentions] == list(dict.fromkeys(mention.symbol for mention in mentions))
    assert [mention for mention in mentions if {one.symbol for one in mention.evidence} != {mention.symbol}] == []


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("300075", "300075.SZ"),
        ("３０００７５", "300075.SZ"),
        (" 300075 ", "300075.SZ"),
        ("300075.SZ", "300075.SZ"),
        ("300075.sz", "300075.SZ"),
        ("SZ300075", "300075.SZ"),
        ("sz:300075", "300075.SZ"),
        ("SZ.300075", "300075.SZ"),
        ("600519.SS", "600519.SH"),
        ("600519.XSHG", "600519.SH"),
        ("SS600519", "600519.SH"),
        ("830799.BJ", "830799.BJ"),
        ("301999.SZ", "301999.SZ"),
        ("000001", "000001.SZ"),
        ("00700", "00700.HK"),
        ("700.HK", "00700.HK"),
        ("0700.hk", "00700.HK"),
        ("HK0700", "00700.HK"),
        ("HK.00700", "00700.HK"),
        ("99999.HK", "99999.HK"),
        ("NIO", "NIO.US"),
        ("nio", "NIO.US"),
        ("$NIO", "NIO.US"),
        ("$NIO$", "NIO.US"),
        ("NIO.US", "NIO.US"),
        ("NIO.N", "NIO.US"),
        ("INTC.O", "INTC.US"),
        ("BRK.B.US", "BRK.B.US"),
        ("7203.T", "7203.T"),
        ("005930.KS", "005930.KS"),
        ("2330.TW", "2330.TW"),
        ("VOD.L", "VOD.L"),
        ("辰安科技", "300523.SZ"),
        ("辰 安 科 技", "300523.SZ"),
        ("万科A", "000002.SZ"),
        ("万  科Ａ", "000002.SZ"),
        ("万科ａ", "000002.SZ"),
        ("*ST石化A", "000013.SZ"),
        ("腾讯", "00700.HK"),
        ("Tencent", "00700.HK"),
        ("PDD Holdings", "PDD.US"),
        ("JD.com", "JD.US"),
        ("Trip.com", "TCOM.US"),
    ],
)
def test_security_is_resolved_from_any_usual_writing(text: str, symbol: str) -> None:
    assert SECURITIES.resolve(text) == symbol


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "$",
        "300076.",
        "350074",
        "30007.SZ",
        "3000755.SZ",
        "NIO.SZ",
        "123456.HK",
        "NIO.HK",
        "1.US",
        "300075.XX",
        "XYZ.B",
        "SZ٣٠٠٠٧٥",
        "贵州茅",
        "泰祥股份",
        "000001.SH",
        "SH000300",
        "399006.SZ",
    ],
)
def test_what_is_nobodys_code_or_several_securities_name_is_not_resolved(text: str) -> None:
    assert SECURITIES.resolve(text) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("辰安科枝", ["辰安科技 300523.SZ"]),
        ("辰安", ["辰安科技 300523.SZ"]),
        ("泰祥股份", ["泰祥股份 301192.SZ", "泰祥股份 833874.BJ"]),
        ("Tencnt", ["腾讯控股 00700.HK"]),
        ("jd.cm", ["京东 JD.US"]),
        ("xyzxyz", []),
        ("", []),
    ],
)
def test_near_are_the_securities_that_may_have_been_meant(text: str, near: list[str]) -> None:
    assert SECURITIES.near(text)[: len(near)] == near
    assert bool(SECURITIES.near(text)) is bool(near)


def test_at_most_three_are_near() -> None:
    assert len(SECURITIES.near("中国")) <= 3
    assert len(SECURITIES.near("600000.SH")) == 3


def test_table_tells_names_codes_and_securities() -> None:
    one, other = (
        Security("300001.SZ", "甲", names=(Name("甲股份"),)),
        Security("300001.BJ", "乙", names=(Name("乙股份"),)),
    )

    securities = Securities([one, other])

    assert list(securities) == [one, other]
    assert len(securities) == 2
    assert (securities.name("300001.SZ"), securities.name("300002.SZ")) == ("甲", None)
    assert securities.codes == {"300001": ("300001.SZ", "300001.BJ")}
    assert securities.knowledge.names == {
        "300001.SZ": (Name("甲", "short"), Name("甲股份")),
        "300001.BJ": (Name("乙", "short"), Name("乙股份")),
    }
    assert [securities.resolve(text) for text in ("300001", "甲股份", "乙")] == [None, "300001.SZ", "300001.BJ"]


def test_code_of_two_securities_is_not_guessed_at() -> None:
    securities = Securities([Security("300001.SZ", "甲"), Security("300001.BJ", "乙")])
    mentions = link_article(article(body="甲（300001）"), securities.knowledge)

    assert mentions == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20))
def test_any_text_can_be_looked_up(text: str) -> None:
    symbol = SECURITIES.resolve(text)

    assert symbol is None or SECURITIES.resolve(symbol) == symbol


def test_every_known_security_is_resolved_by_its_symbol() -> None:
    assert [security for security in SECURITIES if SECURITIES.resolve(security.symbol) != security.symbol] == []


@pytest.mark.parametrize(
    ("part_of", "watched", "found"),
    [(None, "300546.SZ", ["005930.KS"]), ("财经早餐", "300546.SZ", []), ("财经早餐", "005930.KS", ["005930.KS"])],
)
def test_line_of_world_news_links_a_company_listed_abroad_for_whom_it_matters_to(
    part_of: str | None, watched: str, found: list[str]
) -> None:
    told = replace(article(body="三星电子今日公布财报，营业利润同比增长两成，存储芯片涨价是主因。"), part_of=part_of)

    mentions = link_article(told, knowledge(Rule("r", stocks=(watched,))))

    assert [mention.symbol for mention in mentions] == found


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("紫金矿业(601899/02899.HK)公告", {"601899.SH", "02899.HK"}),
        ("紫金矿业（601899，02899.HK）公告", {"601899.SH", "02899.HK"}),
        ("NIO Inc. (NYSE: NIO; HKEX: 9866; SGX: NIO) said", {"NIO.US", "09866.HK"}),
    ],
)
def test_lines_in_one_bracket_are_all_named(text: str, symbols: set[str]) -> None:
    assert {mention.symbol for mention in link_article(article(body=text), EVERYTHING)} == symbols


def test_codes_that_a_producer_gives_beside_the_text_count() -> None:
    told = replace(article("关于股东减持计划的公告"), codes_beside=("000001", "SH600519", "12345", "n/a"))

    mentions = link_article(told, EVERYTHING)

    assert [(one.symbol, one.how, one.salience) for one in mentions] == [
        ("000001.SZ", "markup", "subject"),
        ("600519.SH", "markup", "subject"),
    ]
