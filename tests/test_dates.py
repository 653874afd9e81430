from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from watcher.parse.dates import day_from_name, read_moment

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-03-11 17:44:51 +0800", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 17:44:51", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11T17:44:51+08:00", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11T09:44:51Z", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11T09:44:51.123Z", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022/3/11 17:44", datetime(2022, 3, 11, 9, 44, tzinfo=UTC)),
        ("2022年3月11日 17:44", datetime(2022, 3, 11, 9, 44, tzinfo=UTC)),
        ("2022-05-26 00:19:55 +0800", datetime(2022, 5, 25, 16, 19, 55, tzinfo=UTC)),
        ("Fri, 01 Jul 2022 11:14:27 GMT", datetime(2022, 7, 1, 11, 14, 27, tzinfo=UTC)),
        ("Fri, 01 Jul 2022 11:14:27 +0800", datetime(2022, 7, 1, 3, 14, 27, tzinfo=UTC)),
        ("1646991891", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("1646991891000", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022年03月11日17:44", datetime(2022, 3, 11, 9, 44, tzinfo=UTC)),
        ("2022年3月11日 下午5时44分", datetime(2022, 3, 11, 9, 44, tzinfo=UTC)),
        ("2022年3月11日 星期五 17:44:51", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022/3/11 下午5:44:51", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("3/11/2022, 5:44:51 PM", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 12:05 AM", datetime(2022, 3, 10, 16, 5, tzinfo=UTC)),
        ("2022-03-11 17:44:51 +08", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 17:44:51 GMT+0800", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 17:44:51 UTC+8", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 17:44:51 +0800 CST", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 17:44:51 CST", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("Fri, 11 Mar 2022 17:44:51 CST", datetime(2022, 3, 11, 9, 44, 51, tzinfo=UTC)),
        ("2022-03-11 8:5:9", datetime(2022, 3, 11, 0, 5, 9, tzinfo=UTC)),
        ("2022-03-11", date(2022, 3, 11)),
        ("2022年3月11日", date(2022, 3, 11)),
    ],
)
def test_date_forms_of_exporters(text: str, moment: datetime | date) -> None:
    assert read_moment(text, SHANGHAI) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        " +0800",
        "Invalid Date",
        "2022-02-30",
        "2022-13-01 10:00",
        "25:61",
        "昨天",
        "0001-01-01",
        "9999-12-31 00:00",
        "x",
    ],
)
def test_what_is_no_date_is_unknown(text: str) -> None:
    assert read_moment(text, SHANGHAI) is None


def test_time_without_zone_is_of_the_folder() -> None:
    assert read_moment("2022-07-01 12:00", "America/New_York") == datetime(2022, 7, 1, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2022-05-30-202205302396671645.md", date(2022, 5, 30)),
        ("-202205262391921712.md", date(2022, 5, 26)),
        ("2024-9-9-wind-DailyFinanceNews.md", date(2024, 9, 9)),
        ("old_post_2021-12-08-202112082206672930.md", date(2021, 12, 8)),
        ("财联社3月22日讯，百度今日暗盘开涨近2%.md", None),
        ("2022-13-45-x.md", None),
        ("report-350074.md", None),
        ("news.md", None),
    ],
)
def test_day_in_a_file_name(name: str, day: date | None) -> None:
    assert day_from_name(name) == day
