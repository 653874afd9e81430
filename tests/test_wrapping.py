import pytest

from watcher.parse.wrapping import unwrap

WRAPPED = (
    "样例公司晚间公告，控股股东计划在未来六个月内减\n"
    "持公司股份不超过百分之三，减持所得用于归还贷款。\n"
    "平安银行作为主要债权人表示知悉，公司另拟实施回\n"
    "购计划，金额待定。\n"
)


def test_words_that_a_column_cut_in_two_are_whole_again() -> None:
    assert unwrap(WRAPPED) == (
        "样例公司晚间公告，控股股东计划在未来六个月内减持公司股份不超过百分之三，减持所得用于归还贷款。\n"
        "平安银行作为主要债权人表示知悉，公司另拟实施回购计划，金额待定。\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一行短的\n又一行短的\n再一行短的\n",
        "第一段话说到这里就完了，它有一个句号作为结尾，后面是另外一段。\n" * 4,
        "1、第一条新闻的标题大约有这么长，它没有句号\n" * 4,
        "贵州茅台涨百分之二，五粮液涨百分之三，泸州老窖\n\n" * 4,
        "The quick brown fox jumps over the lazy dog and then it\n" * 4,
    ],
)
def test_lines_that_are_lines_stay(text: str) -> None:
    assert unwrap(text) == text
