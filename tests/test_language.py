import pytest

from watcher.parse.language import language_of


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("央行降准", "", "zh"),
        (None, "PBoC cuts 存款准备金率 by 50 basis points", "zh"),
        (None, "上海の株式市場は、きょう大きく値上がりしました", "ja"),
        ("新品「はなび」上市", "公司公告，新品今日起在全国门店销售，首批备货十万件", "zh"),
        (None, "한국은행이 기준금리를 인하했다", "ko"),
        ("PBoC cuts", "The bank cut the ratio in line with its plan.", "en"),
        (None, "Centralbanken sænkede renten i dag, siger direktøren", None),
        (None, "100", None),
    ],
)
def test_language_is_told_by_script_and_by_the_commonest_words(
    title: str | None, body: str, language: str | None
) -> None:
    assert language_of(title, body) == language
