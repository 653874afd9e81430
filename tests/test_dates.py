from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from watcher.parse.dates import day_from_address, day_from_name, day_from_title, day_of_month, nearest_day, read_moment

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
        ("2024-9-9", date(2024, 9, 9)),
        ("2024-9-9 6:19", datetime(2024, 9, 8, 22, 19, tzinfo=UTC)),
        ("2024.9.9", date(2024, 9, 9)),
        ("２０２４－０９－０９", date(2024, 9, 9)),
        ("20240909", date(2024, 9, 9)),
        ("20240909 061900", datetime(2024, 9, 8, 22, 19, tzinfo=UTC)),
        ("20240909T061900+0800", datetime(2024, 9, 8, 22, 19, tzinfo=UTC)),
        ("2024年9月9日 6时", datetime(2024, 9, 8, 22, 0, tzinfo=UTC)),
        ("2024-09-09T06:19:00+08:00[Asia/Shanghai]", datetime(2024, 9, 8, 22, 19, tzinfo=UTC)),
        ("北京时间2024年9月9日 06:19", datetime(2024, 9, 8, 22, 19, tzinfo=UTC)),
        ("2024年9月9日 星期一", date(2024, 9, 9)),
        ("September 9, 2024", date(2024, 9, 9)),
        ("Sept. 9, 2024 6:19 AM", datetime(2024, 9, 8, 22, 19, tzinfo=UTC)),
        ("9 Sep 2024", date(2024, 9, 9)),
        ("Monday, September 9th, 2024 at 6:19 pm", datetime(2024, 9, 9, 10, 19, tzinfo=UTC)),
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
        "1970-01-01",
        "1900-01-01 00:00",
        "2202-03-11",
        "20241345",
        "2024",
        "Foo 9, 2024",
        "2024-09-09 " * 20,
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


@pytest.mark.parametrize(
    ("month", "day", "near", "found"),
    [
        (9, 9, date(2024, 9, 10), date(2024, 9, 9)),
        (12, 31, date(2024, 1, 1), date(2023, 12, 31)),
        (1, 1, date(2023, 12, 31), date(2024, 1, 1)),
        (2, 29, date(2023, 12, 1), date(2024, 2, 29)),
        (2, 29, date(2026, 2, 28), None),
        (2, 30, date(2024, 2, 28), None),
        (13, 1, date(2024, 2, 28), None),
    ],
)
def test_day_without_a_year_is_the_nearest(month: int, day: int, near: date, found: date | None) -> None:
    assert nearest_day(month, day, near) == found


@pytest.mark.parametrize(
    ("day", "near", "found"),
    [
        (22, date(2024, 10, 23), date(2024, 10, 22)),
        (30, date(2024, 12, 1), date(2024, 11, 30)),
        (1, date(2024, 12, 31), date(2025, 1, 1)),
        (31, date(2024, 2, 1), date(2024, 1, 31)),
        (0, date(2024, 2, 1), None),
    ],
)
def test_day_without_a_month_is_the_nearest(day: int, near: date, found: date | None) -> None:
    assert day_of_month(day, near) == found


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.com/2024/09/09/a.html", date(2024, 9, 9)),
        ("https://example.com/20240909/a.html", date(2024, 9, 9)),
        ("https://example.com/2024-09-09/a.html", date(2024, 9, 9)),
        ("https://example.com/2024/9/9/a.html", date(2024, 9, 9)),
        ("https://example.com/2024-09/09/a.html", date(2024, 9, 9)),
        ("https://finance.eastmoney.com/a/202409091234567890.html", date(2024, 9, 9)),
        ("https://example.com/2024/13/45/a.html", None),
        ("https://example.com/a/2024", None),
        ("https://example.com/detail/1234567", None),
    ],
)
def test_day_in_an_address(url: str, day: date | None) -> None:
    assert day_from_address(url) == day


@pytest.mark.parametrize(
    ("title", "near", "day"),
    [
        ("早餐2024年9月9日星期一", None, date(2024, 9, 9)),
        ("早餐 2024年9月9日 星期一", None, date(2024, 9, 9)),
        ("早报（2024.9.9）", None, date(2024, 9, 9)),
        ("2024-09-09 早报", None, date(2024, 9, 9)),
        ("早报20240909", None, date(2024, 9, 9)),
        ("9月9日早报", date(2024, 9, 10), date(2024, 9, 9)),
        ("9月9日早报", None, None),
        ("早报 9月9日", date(2024, 9, 10), date(2024, 9, 9)),
        ("2024年9月9日起实施", None, None),
        ("债券2030年9月9日到期", None, None),
        ("债券到期日2030年9月9日", date(2024, 9, 9), None),
        ("2024年2月30日", None, None),
        ("早报", date(2024, 9, 9), None),
    ],
)
def test_day_in_a_title(title: str, near: date | None, day: date | None) -> None:
    assert day_from_title(title, near) == day
