from __future__ import annotations

import pytest

from watcher.parse.mojibake import mojibake_in

NEWS = "央行今日宣布下调存款准备金率，释放长期资金约一万亿元，市场流动性合理充裕。"
FRENCH = "Le marché a réagi très tôt à la décision de la banque centrale européenne, déjà annoncée. "


@pytest.mark.parametrize(
    "broken",
    [
        NEWS.encode("gbk").decode("utf-8", "replace").encode("utf-8").decode("gbk", "replace"),
        "锟斤拷" * 20,
        "公司公告" + "锟斤拷锟斤拷" * 3 + "今日涨停",
        "烫烫烫烫烫" + NEWS[:10] + "烫烫烫烫烫烫",
        "屯屯屯屯 屯屯屯屯",
        NEWS.encode("utf-8").decode("latin-1"),
        NEWS.encode("utf-8").decode("cp1252", "replace"),
        FRENCH.encode("utf-8").decode("latin-1"),
        FRENCH.encode("utf-8").decode("cp1252"),
        "It’s the bank’s “first” cut — and the market’s.".encode().decode("cp1252", "replace"),
        NEWS[:20] + "ï¿½" * 6,
        (NEWS * 3).encode("utf-8").decode("gbk", "replace"),
    ],
)
def test_broken_text_is_recognised(broken: str) -> None:
    found = mojibake_in(broken)

    assert found is not None
    assert found.startswith("broken text")


@pytest.mark.parametrize(
    "sound",
    [
        "",
        NEWS,
        NEWS * 100,
        FRENCH * 10,
        "São Paulo, Ângela, Ãngelo: ações da Petrobrás sobem 3% após decisão.",
        "天气炎热，路面烫烫的，烫手的山芋。",
        "程序员常说的“锟斤拷”与“烫烫烫”是怎么来的？" + NEWS * 5,
        "乱码之谜：" + "当编码转换出错时，屏幕上会出现“锟斤拷”三个字，它来自替换字符。" * 8,
        "“手持两把锟斤拷，口中疾呼烫烫烫”，讲的是编码。" + NEWS,
        "UTF-8 text read as Latin-1 shows Ã© for é and â€™ for an apostrophe; encoding errors like Ã¨ and Ã¼ abound. ",
        "鐨" + NEWS,
    ],
)
def test_sound_text_and_text_about_it_is_not(sound: str) -> None:
    assert mojibake_in(sound) is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["Ã" * 500_000, "锟斤" * 300_000, "â€" * 300_000, "烫" * 500_001, "å" * 500_000])
def test_long_text_does_not_hang(text: str) -> None:
    assert mojibake_in(text) is None or "times" in (mojibake_in(text) or "")
