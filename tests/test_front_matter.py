from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.parse.posts.front_matter import FrontMatter, split_front_matter


def header(text: str) -> FrontMatter:
    matter, _ = split_front_matter(f"---\n{text}\n---\nbody\n")
    assert matter is not None
    return matter


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ('"A股收评"', "A股收评"),
        ("'A股收评'", "A股收评"),
        ("A股收评", "A股收评"),
        ('"公司称"新品"已量产"', '公司称"新品"已量产'),
        ('""新品"已量产，公司称"好""', '"新品"已量产，公司称"好"'),
        ('"公司"更名"', '公司"更名'),
        ("@大道 关注了股票 中国平安", "@大道 关注了股票 中国平安"),
        ('"""""""""\'OPEC 8月产量提升\'"""""""""', "OPEC 8月产量提升"),
        ('"""""""""\'又遭"空袭"！如何应对？\'"""""""""', '又遭"空袭"！如何应对？'),
        ("央行: 降准", "央行: 降准"),
        ("[快讯] 两市高开", "[快讯] 两市高开"),
        ("[快讯]", "[快讯]"),
        ("重磅 #A股# 大涨", "重磅 #A股# 大涨"),
        ("*ST信威复牌", "*ST信威复牌"),
        ("%5涨停", "%5涨停"),
        ("`回购`计划", "`回购`计划"),
        ("000001", "000001"),
        ("ON", "ON"),
        ("22:30", "22:30"),
        ("it''s", "it''s"),
        ("'it''s'", "it's"),
        ('"a \\"b\\" c"', 'a "b" c'),
        ("U.S. jury tells Apple to pay $308.5 mln", "U.S. jury tells Apple to pay $308.5 mln"),
    ],
)
def test_title_is_what_a_reader_would_say_it_is(written: str, title: str) -> None:
    assert header(f"title: {written}\ndate: 2022-03-11").text("title") == title


@pytest.mark.parametrize("written", ["", '""', "''", "~", "null", '"""'])
def test_empty_title_is_no_title(written: str) -> None:
    assert header(f"title: {written}\nlayout: post").text("title") is None


def test_lists_are_read_in_either_indentation() -> None:
    one = header("categories: \n - 金融\n - 财联社\nauthor: 财联社")
    other = header("categories: \n    - 金融\n    - 财联社 - 深度\nauthor: 财联社 - 深度")

    assert one.items("categories") == ["金融", "财联社"]
    assert other.items("categories") == ["金融", "财联社 - 深度"]


def test_lists_survive_a_broken_title() -> None:
    matter = header("title: @x\ncategories: \n    - 金融\n    - 雪球 - 动态\nauthor: 雪球 - 动态")

    assert matter.items("categories") == ["金融", "雪球 - 动态"]
    assert matter.text("author") == "雪球 - 动态"


def test_repair_is_recorded() -> None:
    (repair,) = header("title: @x").repairs

    assert repair.startswith("front matter read line by line, it is not YAML")


def test_key_that_stands_twice_is_recorded() -> None:
    matter = header("title: one\ntitle: two")

    assert matter.text("title") == "two"
    assert matter.repairs == ('"title" stands twice in the front matter; the last one counts',)


@pytest.mark.parametrize("before", ["", "\n", "\n\n  \n", "\ufeff", "\ufeff\n"])
def test_front_matter_may_begin_late(before: str) -> None:
    matter, body = split_front_matter(f"{before}---\ntitle: x\n---\nbody")

    assert matter is not None
    assert (matter.text("title"), body) == ("x", "\nbody")


def test_front_matter_that_is_never_closed_ends_where_keys_end() -> None:
    matter, body = split_front_matter("---\ntitle: x\ndate: 2022-03-11\n正文第一段。\n")

    assert matter is not None
    assert matter.values == {"title": "x", "date": "2022-03-11"}
    assert matter.repairs == ("front matter was never closed",)
    assert body == "正文第一段。\n"


@pytest.mark.parametrize("text", ["正文", "---\n正文\n---\n更多", "--- x\ntitle: y\n---\n", "", "---"])
def test_text_without_header_is_left_whole(text: str) -> None:
    assert split_front_matter(text) == (None, text)


BOMBS = {
    "aliases": "\n".join(
        ["a0: &a0 [x,x,x,x]", *(f"a{n}: &a{n} [*a{n - 1},*a{n - 1},*a{n - 1}]" for n in range(1, 30))]
    ),
    "merge keys": "\n".join(["a0: &a0 {k: 1}", *(f"a{n}: &a{n} {{<<: [*a{n - 1},*a{n - 1}]}}" for n in range(1, 24))]),
    "deep list": "a: " + "[" * 20_000 + "]" * 20_000,
    "deep map": "a: " + "{a: " * 5_000 + "}" * 5_000,
    "tag": "a: !!python/object/apply:os.system [id]",
    "long": "a: " + "x" * 60_000,
    "many keys": "\n".join(f"k{n}: v" for n in range(5_000)),
    "anchor": "title: &x y",
    "colons": "title: " + ": " * 20_000,
    "quotes": "title: " + '"' * 30_001,
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.timeout(20)
def test_yaml_bomb_is_text_like_any_other(name: str) -> None:
    """Merge bombs take seconds, deep lists the whole process, in PyYAML's own loaders: reliability row P6."""
    matter, _ = split_front_matter(f"---\ntitle: 标题\n{BOMBS[name]}\n---\nbody")

    assert matter is not None
    assert matter.values


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_no_header_breaks_the_reader(text: str) -> None:
    matter, body = split_front_matter(f"---\ntitle: x\n{text}\n---\n正文")

    assert matter is None or "title" in matter.values
    assert body


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"), blacklist_characters='"\\'), min_size=1))
def test_any_title_between_quotes_comes_out(title: str) -> None:
    matter = header(f'title: "{title}"')

    assert matter.text("title") == (" ".join(title.split()) or None)


@pytest.mark.parametrize(
    "written",
    [
        "title：央行降准\ndate：2026-11-18",
        "\ttitle:\t央行降准\n\tdate:\t2026-11-18",
        "title:央行降准\ndate:2026-11-18",
        "title :央行降准\ndate : 2026-11-18",
    ],
)
def test_key_may_be_typed_carelessly(written: str) -> None:
    matter = header(written)

    assert (matter.text("title"), matter.text("date")) == ("央行降准", "2026-11-18")


@pytest.mark.parametrize(
    ("written", "key", "items"),
    [
        ("author:\n  - name: 张三\n    email: a@b.c\n  - name: 李四", "author", ["张三", "李四"]),
        ("author: {name: 张三, email: a@b.c}", "author", ["张三"]),
        ("author:\n  name: 张三", "author", ["张三"]),
        ("author: [张三, 李四]", "author", ["张三", "李四"]),
        ("categories:\n  - [金融, 债券]\n  - [宏观]", "categories", ["金融", "债券", "宏观"]),
        ("{title: 央行降准, tags: [a, b]}", "tags", ["a", "b"]),
        ('{"title": "央行降准", "tags": ["a", "b"]}', "tags", ["a", "b"]),
        ("params:\n  source: 财联社\n  tags: [x]", "source", ["财联社"]),
        ("description: |\n  一\n  ---\n  二", "description", ["一\n---\n二"]),
    ],
)
def test_nested_values_are_what_a_person_calls_them(written: str, key: str, items: list[str]) -> None:
    assert header(written).items(key) == items


TOML = """+++
title = "央行\\"降准\\""
date = 2026-11-18T09:30:00+08:00
draft = true
tags = ["要闻", "央行"]
weight = 10

[[author]]
name = "张三"

[params]
source = "财联社"
+++
正文
"""


def test_toml_header() -> None:
    matter, body = split_front_matter(TOML)

    assert matter is not None
    assert matter.values == {
        "title": '央行"降准"',
        "date": "2026-11-18T09:30:00+08:00",
        "draft": "true",
        "tags": ["要闻", "央行"],
        "weight": "10",
        "author": ["张三"],
        "source": "财联社",
    }
    assert (matter.repairs, body) == ((), "\n正文\n")


@pytest.mark.parametrize(
    "broken",
    [
        'title = "公司称"新品"量产"\ndate = 2026-11-18',
        'title = 公司称"新品"量产\ndate = 2026-11-18',
        "title = '公司称\"新品\"量产'\ndate = 2026-11-18\nx",
    ],
)
def test_broken_toml_is_read_line_by_line_and_says_so(broken: str) -> None:
    matter, body = split_front_matter(f"+++\n{broken}\ntags = ['a', 'b']\n+++\n正文")

    assert matter is not None
    assert (matter.text("title"), matter.text("date"), matter.items("tags"), body) == (
        '公司称"新品"量产',
        "2026-11-18",
        ["a", "b"],
        "\n正文",
    )
    assert matter.repairs[0].startswith("front matter read line by line, it is not TOML: ")


@pytest.mark.parametrize(
    "bomb",
    [
        "a = " + "[" * 20_000,
        "a" + ".a" * 20_000 + " = 1",
        "a = " + "{b = " * 5_000,
        "a = [" + "1," * 30_000,
        "a = '" + "x" * 60_000,
    ],
)
@pytest.mark.timeout(20)
def test_toml_bomb_is_text_like_any_other(bomb: str) -> None:
    matter, _ = split_front_matter(f'+++\ntitle = "标题"\n{bomb}\n+++\nbody')

    assert matter is not None
    assert matter.text("title") == "标题"


def test_json_header() -> None:
    matter, body = split_front_matter(
        '{\n "title": "央行降准", "tags": ["a"], "Date": "2026-11-18", "draft": false\n}\n正文\n'
    )

    assert matter == FrontMatter({"title": "央行降准", "tags": ["a"], "date": "2026-11-18", "draft": "false"})
    assert body == "\n正文\n"


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "a"}\n{"title": "b"}\n',
        '{"title": "a"}\nnot json\n{"title": "b"}\n',
        '{"title": "a"}\n\n{"title": "b"}\n',
        '{\n"title": "a"\n}',
        '{\n"title": "a"\n},\n{"title": "b"}',
        '{\n"a": 1\n}\n\n正文',
        '{"title": "a"',
        "{央行降准}正文",
        '{"a": ' * 30_000,
    ],
)
def test_other_json_is_no_header(text: str) -> None:
    assert split_front_matter(text) == (None, text)
