"""Digests become items, single stories do not. All texts are invented, in the shapes that newsrooms use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import page, page_of
from tests.expected import digest_differences, read_expected
from watcher.model import Article
from watcher.parse.markup import read_html, read_markdown
from watcher.parse.posts.digest import Item, split_digest
from watcher.parse.posts.digest_words import is_section_name, promise_of
from watcher.parse.posts.post import read_post

SENTENCES = [
    "央行今日开展一千亿元逆回购操作，中标利率与上次持平。",
    "商务部表示，将出台措施稳定外贸，支持企业参加海外展会。",
    "统计局公布数据，上月工业利润同比增长百分之三点二。",
    "甲乙科技公告称，拟投资五亿元建设新的电池材料生产线。",
    "沪指收涨百分之零点五，两市成交额连续三日超过万亿元。",
    "交易所修订异常交易监控细则，自下月起正式施行。",
    "丙丁汽车宣布下调两款车型售价，最高降幅达一万元。",
    "原油期货主力合约夜盘收跌，市场担忧需求不及预期。",
    "在岸人民币兑美元收盘报七点一二，较上日涨八十个基点。",
    "戊己银行获准发行一百亿元永续债，用于补充一级资本。",
    "海外某芯片巨头季度营收超出预期，盘后股价大涨一成。",
    "多地发布住房新政，首套房贷款首付比例再度下调。",
    "有机构预计，明年光伏新增装机规模仍将保持两位数增长。",
    "某电商平台称，新规实施后商家退货成本平均下降两成。",
    "国际金价再创新高，分析人士提示短期波动加大。",
    "航运指数连续五周回落，部分航线运价接近成本线。",
]
TITLE = "财经早餐2026年11月18日星期三"


def read(text: str, name: str = "news.md") -> tuple[Article, ...]:
    return read_post(page(text, name))


def post(body: str, title: str = TITLE) -> str:
    return f"---\ntitle: {title}\n---\n\n{body}\n"


def found(text: str) -> list[tuple[str | None, str | None, str]]:
    return [(article.section, article.item_number, article.body) for article in read(text)]


def two_sections(heading: str, number: str, gap: str = "\n\n", *, restarts: bool = True) -> str:
    """Eight items in two sections, with headings and numbers of one shape."""
    lines = []
    for section, (name, start) in enumerate((("宏观", 0), ("股市", 4))):
        lines.append(heading.format(name, "一二"[section]))
        for index in range(start, start + 4):
            value = index + 1 - (start if restarts else 0)
            lines.append(
                number.format(n=value, han="一二三四五六七八"[value - 1], circle="①②③④⑤⑥⑦⑧"[value - 1])
                + SENTENCES[index]
            )
    return gap.join(lines)


def expected(number: str = "{n}", *, restarts: bool = True) -> list[tuple[str | None, str | None, str]]:
    items: list[tuple[str | None, str | None, str]] = []
    for index in range(8):
        value = index + 1 - (4 if restarts and index >= 4 else 0)
        written = number.format(n=value, han="一二三四五六七八"[value - 1], circle="①②③④⑤⑥⑦⑧"[value - 1])
        items.append(("宏观" if index < 4 else "股市", written, SENTENCES[index]))
    return items


@pytest.mark.parametrize("gap", ["\n\n", "\n", "\n\n\n\n", "  \n"])
@pytest.mark.parametrize(
    "number", ["{n}、", "{n}. ", "{n}.", "{n}．", "{n}) ", "（{n}）", "({n}) ", "【{n}】", "{n}、 ", "{n} 、"]
)
@pytest.mark.parametrize(
    "heading",
    [
        "### {0}",
        "## {0}",
        "# {0}",
        "###{0}",
        "### **{0}**",
        "### 【{0}】",
        "**{0}**",
        "**【{0}】**",
        "【{0}】",
        "{0}",
        "{1}、{0}",
        "**{1}、{0}**",
        "## {1}、{0}新闻",
        "●{0}",
        "{0}：",
        "▶ {0}",
    ],
)
def test_heading_and_number_may_be_written_in_any_way(heading: str, number: str, gap: str) -> None:
    names = {"宏观": "宏观新闻", "股市": "股市新闻"} if "新闻" in heading else {}
    wanted = [(names.get(section or "", section), written, body) for section, written, body in expected()]

    assert found(post(two_sections(heading, number, gap))) == wanted


@pytest.mark.parametrize(
    ("number", "written"),
    [("{circle}", "{circle}"), ("{circle} ", "{circle}"), ("{han}、", "{han}"), ("（{han}）", "{han}")],
)
@pytest.mark.parametrize("heading", ["### {0}", "【{0}】", "**{0}**", "{0}"])
def test_number_may_be_no_digit(heading: str, number: str, written: str) -> None:
    assert found(post(two_sections(heading, number))) == expected(written)


@pytest.mark.parametrize("line", ["**{n}、{text}**", "**{n}、**{text}", "{n}**、{text}**", "**{n}**、{text}"])
def test_number_may_be_bold(line: str) -> None:
    lines = [line.format(n=number, text=text) for _, number, text in expected()]
    body = "\n\n".join(["### 宏观", *lines[:4], "### 股市", *lines[4:]])

    assert found(post(body)) == expected()


def test_whole_item_may_be_bold_with_its_number_or_its_first_words() -> None:
    lines = [
        "### 宏观",
        f"**1、{SENTENCES[0]}**",
        f"**2、央行表示，**将继续支持。{SENTENCES[1]}",
        f"3**、{SENTENCES[2]}**又",
    ]

    assert found(post("\n\n".join([*lines, f"4、美**债收益率**涨跌不一。{SENTENCES[3]}"]))) == [
        ("宏观", "1", SENTENCES[0]),
        ("宏观", "2", f"央行表示，将继续支持。{SENTENCES[1]}"),
        ("宏观", "3", f"{SENTENCES[2]}又"),
        ("宏观", "4", f"美债收益率涨跌不一。{SENTENCES[3]}"),
    ]


def test_numbers_may_run_on_over_sections() -> None:
    for number in ("{n}、", "{n}. "):
        for gap in ("\n\n", "\n"):
            assert found(post(two_sections("### {0}", number, gap, restarts=False))) == expected(restarts=False)


def test_numbers_are_those_that_are_written() -> None:
    """A Markdown list counts on by itself, whatever numbers its writer gave."""
    body = "### 宏观\n\n" + "\n\n".join(f"{n}. {text}" for n, text in zip((1, 2, 4, 5, 5, 7), SENTENCES, strict=False))

    assert [article.item_number for article in read(post(body))] == ["1", "2", "4", "5", "5", "7"]


def test_item_goes_on_to_the_next_number_or_heading() -> None:
    body = f"""### 宏观

1、{SENTENCES[0]}

业内人士认为，此举超出预期。
后续仍有空间。

2、{SENTENCES[1]}

- 支持企业参展
- 降低费用

3. {SENTENCES[2]}

### 股市

1、{SENTENCES[3]}"""

    assert found(post(body)) == [
        ("宏观", "1", f"{SENTENCES[0]}\n业内人士认为，此举超出预期。\n后续仍有空间。"),
        ("宏观", "2", f"{SENTENCES[1]}\n支持企业参展\n降低费用"),
        ("宏观", "3", SENTENCES[2]),
        ("股市", "1", SENTENCES[3]),
    ]


@pytest.mark.parametrize(
    "inner",
    [
        "①江西某行拟发债\n②河南某行延迟披露\n③某建工被列为失信人",
        "1、江西某行拟发债\n2、河南某行延迟披露",
        "（1）江西某行\n（2）河南某行",
        "1. 江西\n2. 河南\n3. 湖北",
    ],
)
def test_list_in_an_item_is_part_of_it(inner: str) -> None:
    body = (
        f"### 债券\n\n1、{SENTENCES[0]}\n\n2、{SENTENCES[1]}\n\n3、【债券重大事件】\n{inner}\n\n"
        f"4、{SENTENCES[2]}\n\n5、{SENTENCES[3]}"
    )

    assert found(post(body)) == [
        ("债券", "1", SENTENCES[0]),
        ("债券", "2", SENTENCES[1]),
        ("债券", "3", f"【债券重大事件】\n{inner}"),
        ("债券", "4", SENTENCES[2]),
        ("债券", "5", SENTENCES[3]),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "19.7%，单月业绩创下新低。",
        "2026年以来，累计下降三成。",
        "3月末余额为五亿元。",
        "9:30公布数据。",
        "1.5万亿元，创下新高。",
        "10家公司入围。",
    ],
)
def test_line_that_begins_with_an_amount_begins_no_item(line: str) -> None:
    body = (
        f"### 楼市\n1、{SENTENCES[0]}\n2、销售额环比降低百分之三，同比降低\n{line}\n3、{SENTENCES[1]}\n"
        f"### 宏观\n1、{SENTENCES[2]}"
    )

    assert [one[:2] for one in found(post(body))] == [("楼市", "1"), ("楼市", "2"), ("楼市", "3"), ("宏观", "1")]
    assert found(post(body))[1][2].endswith(f"\n{line}")


def test_item_may_begin_with_a_time_or_a_year() -> None:
    body = (
        "### 日程\n1、9:30，统计局公布采购经理指数。\n2.2026年展会今日开幕，为期三天。\n"
        f"3.11月18日，某公司召开发布会。\n### 宏观\n1、{SENTENCES[2]}"
    )

    assert [one[1:] for one in found(post(body))][:3] == [
        ("1", "9:30，统计局公布采购经理指数。"),
        ("2", "2026年展会今日开幕，为期三天。"),
        ("3", "11月18日，某公司召开发布会。"),
    ]


@pytest.mark.parametrize("nothing", ["无", "暂无", "（无）", "无。"])
def test_empty_section_has_no_items(nothing: str) -> None:
    body = two_sections("### {0}", "{n}、").replace("### 股市", f"### 环球市场\n\n{nothing}\n\n### 股市")

    assert found(post(body)) == expected()


HEADS = [
    f"# {TITLE}\n\n11-18 06:19Wind\n\nEnRA+A-\n\n收藏到AliceBox\n\n",
    f"# {TITLE}\n\n## 11-18 06:19 Wind\n\nEnRA+A- 收藏到 AliceBox\n（本期视频由某某提供技术支持）\n\n",
    '11-18 06:19 Wind EnRA+A-\n\n<video src="a.mp4"></video>\n\n### \n\n（本期视频由某某提供）\n\n',
    "![img](a.jpg)\n\n2026-11-18 06:19\n\n",
    "发布时间：2026-11-18 06:19:00  来源：某某财经\n\n",
]


@pytest.mark.parametrize("head", HEADS)
def test_head_of_the_page_is_no_item_but_tells_the_time(head: str) -> None:
    articles = read(post(head + two_sections("### {0}", "{n}、")))

    assert [(article.section, article.item_number, article.body) for article in articles] == expected()
    assert {article.published_from for article in articles} == {"body"}
    assert {f"{article.published_at:%Y-%m-%d %H:%M}" for article in articles} == {"2026-11-17 22:19"}


FEET = [
    "**风险提示：**市场有风险，投资需谨慎。本文所提供内容仅供参考，不构成投资建议。",
    "风险提示：市场有风险，投资需谨慎。\n\n**版权声明：**未经书面授权许可，任何机构不得引用。\n\n**免责声明：**观点仅作参考。\n\n![img](data:image/png;base64,AAAA)\n\n**免责声明：**以上内容可能存在差异。",
    "### 重要经济日程\n\n![img](a.png)\n\n**风险提示：**市场有风险，投资需谨慎。",
    "### 重要经济日程![img](a.png)",
    "重要经济日程\n风险提示：市场有风险，投资需谨慎。本文内容仅供参考，据此操作，风险自担",
    "（文章来源：某某财经）\n\n责任编辑：张三",
    "免责声明：本文内容仅供参考。\n\n扫描下方二维码关注公众号",
]


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize("foot", FEET)
def test_foot_of_the_page_is_no_item(foot: str, gap: str) -> None:
    assert found(post(two_sections("## {0}", "{n}. ") + gap + foot)) == expected()


@pytest.mark.parametrize("fence", ["```markdown\n{}\n```", "```\n{}", "{}\n```", "~~~\n{}\n~~~"])
def test_stray_fence_around_a_digest_changes_nothing(fence: str) -> None:
    assert found(post(fence.format(two_sections("### {0}", "{n}、", "\n")))) == expected()


def test_stray_fence_in_an_item_is_dropped() -> None:
    body = two_sections("## {0}", "{n}. ", "\n").replace("同比增长", "同比```markdown\n增长")

    sections = found(post(body))

    assert sections[2] == ("宏观", "3", SENTENCES[2].replace("同比增长", "同比\n增长"))
    assert len(sections) == 8


def test_calendar_is_one_item() -> None:
    table = "### 重要经济日程\n\n|时间|事件|\n|-|-|\n|9:30|公布指数|\n|20:30|公布就业数据|"

    assert found(post(two_sections("### {0}", "{n}、") + f"\n\n{table}"))[8:] == [
        ("重要经济日程", None, "时间\t事件\n9:30\t公布指数\n20:30\t公布就业数据")
    ]


def test_bullets_under_headings_are_items() -> None:
    for mark in ("- ", "* ", "• ", "●", "◆ ", "▪"):
        body = two_sections("### {0}", mark)

        assert found(post(body)) == [(section, None, text) for section, _, text in expected()], mark


def test_paragraphs_under_headings_are_items() -> None:
    body = two_sections("### {0}", "")

    assert found(post(body)) == [(section, None, text) for section, _, text in expected()]


def test_paragraph_under_a_numbered_digest_is_an_item_too() -> None:
    body = two_sections("### {0}", "{n}、") + f"\n\n### 外汇\n\n{SENTENCES[8]}"

    assert found(post(body)) == [*expected(), ("外汇", None, SENTENCES[8])]


@pytest.mark.parametrize("number", ["", "{n}、"])
def test_lead_in_brackets_is_the_title_of_its_item(number: str) -> None:
    body = two_sections("### {0}", number + "【甲乙科技拟投资五亿元扩产】")

    articles = read(post(body))

    assert {article.title for article in articles} == {"甲乙科技拟投资五亿元扩产"}
    assert [article.body for article in articles] == [
        f"【甲乙科技拟投资五亿元扩产】{text}" for _, _, text in expected()
    ]


def test_leads_without_headings_or_numbers_are_items() -> None:
    body = "\n\n".join(f"【第{index}家公司发布三季度业绩】{text}" for index, text in enumerate(SENTENCES[:6]))

    articles = read(post(body, "财联社11月18日早间新闻精选"))

    assert [article.title for article in articles] == [f"第{index}家公司发布三季度业绩" for index in range(6)]


def test_line_of_its_own_is_the_title_of_its_item() -> None:
    body = "### 宏观\n\n" + "\n\n".join(f"**{n}、逆回购规模再度扩大{n}**\n\n{SENTENCES[n]}" for n in range(1, 7))

    assert [(article.title, article.body) for article in read(post(body))] == [
        (f"逆回购规模再度扩大{n}", f"逆回购规模再度扩大{n}\n{SENTENCES[n]}") for n in range(1, 7)
    ]


def test_heading_of_each_item_is_its_title() -> None:
    body = "\n\n".join(
        [
            "## 宏观",
            *(f"### 逆回购操作规模今日再度扩大之{n}\n\n{SENTENCES[n]}" for n in range(3)),
            "## 股市",
            *(f"### 两市成交额今日再度超过万亿之{n}\n\n{SENTENCES[n]}" for n in range(3, 6)),
        ]
    )

    articles = read(post(body, "新华财经早报（11月18日）"))

    assert [(article.section, (article.title or "")[:3]) for article in articles] == [("宏观", "逆回购")] * 3 + [
        ("股市", "两市成")
    ] * 3


def test_items_share_what_the_digest_says() -> None:
    text = (
        f"---\ntitle: {TITLE}\ndate: 2026-11-18 06:30:00\nlink: https://example.com/a\nauthor: 财联社 - 早报\n"
        "description: 每日要闻\n---\n"
    )

    articles = read(text + two_sections("### {0}", "{n}、"))

    assert {
        (one.url, one.source, one.publisher, str(one.published_at), one.part_of, one.summary) for one in articles
    } == {("https://example.com/a", "财联社 - 早报", "财联社", "2026-11-17 22:30:00+00:00", TITLE, None)}


def test_marks_stand_in_their_item() -> None:
    mark = '<span data-code="0,300546">雄帝科技</span>'
    html = "".join(f"<p>{n}、{SENTENCES[n]}</p><p>其中，{mark}涨停。</p>" for n in range(1, 7))

    articles = read(post(f"<h3>股市</h3>{html}"))

    assert len(articles) == 6
    assert [article.body[mark.start : mark.end] for article in articles for mark in article.marks] == ["雄帝科技"] * 6


@pytest.mark.parametrize(
    "title",
    [
        "陆家嘴财经早餐 2026年11月18日 星期三",
        "陆家嘴财经早餐2026年11月18日星期三",
        "财联社11月18日早间新闻精选",
        "【早报】央行开展逆回购；甲乙科技扩产",
        "早报｜央行开展逆回购，甲乙科技扩产",
        "华尔街见闻早餐FM-Radio | 2026年11月18日",
        "每经早参丨央行开展逆回购",
        "东方财富财经早餐 11月18日周三",
        "11月18日晚间重要公告汇总",
        "两市重要公告集锦",
        "8点1氪：某公司发布新机",
        "氪星晚报",
        "盘前必读：央行开展逆回购",
        "隔夜要闻速递",
        "周末要闻汇总：央行开展逆回购",
        "11月18日收评合集",
        "投资早参：央行开展逆回购",
        "财经早知道",
        "A股公告精选 | 甲乙科技扩产",
        "金十数据全球财经早餐 | 2026年11月18日",
        "格隆汇公告精选︱甲乙科技拟扩产",
        "港股公告掘金 | 晚间公告汇总",
    ],
)
def test_title_of_a_digest(title: str) -> None:
    assert len(found(post(two_sections("### {0}", "{n}、"), title))) == 8


@pytest.mark.parametrize(
    "title",
    [
        "巴比食品：早餐店的生意经",
        "早餐吃什么，投资者怎么看甲乙食品",
        "联合早报：亚洲央行的难题",
        "北京晨报记者调查",
        "新民晚报社社长谈转型",
        "科创板日报记者独家获悉甲乙科技扩产",
        "人民日报评论员：坚定信心",
        "甲乙科技公告称拟扩产",
        "甲乙科技：关于早间交易异常波动的公告",
        "沪指收评：放量上涨",
        "五大理由看好明年A股",
        "一文读懂新规",
        None,
        "",
    ],
)
def test_other_titles_promise_no_digest(title: str | None) -> None:
    assert promise_of(title) == 0


def test_titleless_digest_is_known_by_many_sections() -> None:
    names = ["热点聚焦", "宏观", "国内股市", "商品", "外汇"]
    body = "\n\n".join(f"### {name}\n\n" + "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 5)) for name in names)

    assert len(read(f"---\nlayout: post\n---\n\n{body}")) == 20


SINGLE = {
    "five reasons": ("五大理由看好明年A股", "\n\n".join(f"{n}、理由{n}：{SENTENCES[n]}" for n in range(1, 6))),
    "ten reasons": ("十大理由看好明年A股", "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 11))),
    "points of a report": (
        "甲乙科技三季报点评",
        "公司发布三季报。\n\n" + "\n\n".join(f"（{n}）{SENTENCES[n]}" for n in range(1, 8)),
    ),
    "law": ("证券交易管理办法全文", "\n\n".join(f"第{n}条 {SENTENCES[i]}" for i, n in enumerate("一二三四五六七八"))),
    "law in chapters": (
        "关于促进投资的若干意见",
        "\n\n".join(
            f"### {name}\n\n" + "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 5))
            for name in ("总体要求", "主要任务", "保障措施")
        ),
    ),
    "interview": (
        "早报专访：央行专家谈利率",
        "\n\n".join(f"{n}、问：{SENTENCES[n]}\n\n答：{SENTENCES[n + 1]}" for n in range(1, 9)),
    ),
    "questions": ("财经早餐问答", "\n\n".join(f"问：{SENTENCES[n]}\n\n答：{SENTENCES[n + 1]}" for n in range(8))),
    "companies": ("11家公司获机构调研（附名单）", "\n\n".join(f"{n}、公司{n}号" for n in range(1, 12))),
    "companies in a digest": ("公告汇总", "\n\n".join(f"{n}、公司{n}号" for n in range(1, 12))),
    "brokers": (
        "十大券商策略：行情如何演绎",
        "\n\n".join(f"**{n}、某某证券：看好科技**\n\n{SENTENCES[n]}" for n in range(1, 11)),
    ),
    "research": (
        "有色行业周观点：金价再创新高",
        "\n\n".join(
            f"### {name}\n\n" + "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 4))
            for name in ("核心观点", "行业动态", "公司公告", "风险提示")
        ),
    ),
    "market report": (
        "收评：沪指涨百分之一",
        "\n\n".join(f"### {name}\n\n{SENTENCES[n]}" for n, name in enumerate(("盘面", "板块", "消息面", "机构观点"))),
    ),
    "plain story under a digest's name": ("财经早餐", "\n\n".join(SENTENCES[:8])),
    "story with one list": (
        "每日要闻：新规解读",
        f"{SENTENCES[0]}\n\n{SENTENCES[1]}\n\n1、{SENTENCES[2]}\n\n2、{SENTENCES[3]}",
    ),
    "flash": ("早报", f"1、{SENTENCES[0]}\n\n2、{SENTENCES[1]}"),
    "notice": (
        "甲乙科技：股东大会决议公告",
        "\n\n".join(f"{n}、审议通过第{n}项议案，同意票占比九成九。" for n in range(1, 13)),
    ),
    "terms": ("基金合同摘要", "\n\n".join(f"{n}、投资范围包括股票与债券；" for n in range(1, 9))),
    "clauses under a digest's name": (
        "早报｜监管部门列出八项禁止行为",
        "\n\n".join(f"{n}、不得以任何形式变相收取手续费用；" for n in range(1, 9)),
    ),
    "timeline": ("某公司危机始末", "\n\n".join(f"11月{n}日，{SENTENCES[n]}" for n in range(1, 9))),
    "chapters of a feature": (
        "一个早餐品牌的十年",
        "\n\n".join(
            f"**{n}**\n\n{SENTENCES[i]}\n\n{SENTENCES[i + 1]}" for i, n in enumerate(("01 起步", "02 扩张", "03 转折"))
        ),
    ),
    "numbered headings of a feature": (
        "深度：新能源汽车的下半场",
        "\n\n".join(
            f"## {n}、{name}\n\n{SENTENCES[i]}\n\n{SENTENCES[i + 4]}"
            for i, (n, name) in enumerate(zip("一二三四", ("价格战", "出海", "智能化", "终局"), strict=True))
        ),
    ),
    "story about the news": (
        "多家公司登上今日要闻榜，甲公司股价为何异动",
        "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 9)),
    ),
    "notices of one company": (
        "甲公司重大资产重组预案公告一览",
        "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 9)),
    ),
    "year in ten points": ("2026年十大新闻盘点", "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 11))),
    "points in the early news": (
        "早间要闻：监管出手，这八点要看懂",
        "\n\n".join(f"{n}、{SENTENCES[n]}" for n in range(1, 9)),
    ),
    "noon report": (
        "【财联社午报】沪指震荡走高 券商股领涨",
        f"一、【早盘盘面回顾】\n\n{SENTENCES[0]}\n\n二、【市场新闻聚焦】\n\n1、{SENTENCES[1]}\n\n2、{SENTENCES[2]}\n\n"
        f"三、【后市前瞻】\n\n{SENTENCES[3]}",
    ),
    "conference": ("发布会实录：回应八个热点问题", "\n\n".join(f"【热点{n}】{SENTENCES[n]}" for n in range(1, 9))),
}


@pytest.mark.parametrize("name", SINGLE)
def test_single_story_is_never_split(name: str) -> None:
    title, body = SINGLE[name]

    (article,) = read(post(body, title))

    assert (article.title, article.part_of, article.item_number) == (title, None, None)


@pytest.mark.parametrize(
    "name", ["宏观", "国内股市", "热点聚焦", "重要经济日程", "A股", "公司新闻", "海外要闻", "宏观与政策", "国际股市"]
)
def test_name_of_a_section(name: str) -> None:
    assert is_section_name(name)


@pytest.mark.parametrize("name", ["总体要求", "主要任务", "理由", "甲乙科技", "他说", "起步", ""])
def test_other_words_name_no_section(name: str) -> None:
    assert not is_section_name(name)


def test_digest_in_a_web_page_is_split_by_its_lines() -> None:
    html = "<h3>宏观</h3>" + "".join(f"<p>{n}、{SENTENCES[n]}</p>" for n in range(1, 7))

    assert split_digest(TITLE, read_html(html)) == [
        Item(tuple(line.without_beginning(2) for line in read_html(f"<p>{n}、{SENTENCES[n]}</p>")), "宏观", str(n))
        for n in range(1, 7)
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["### 宏观", "1、", "2. ", "①", "无", "**", "【", "】", "\n", "\n\n", "- ", *SENTENCES[:3]])
        | st.text(max_size=5),
        max_size=40,
    )
)
def test_whatever_is_split_loses_no_sentence(pieces: list[str]) -> None:
    lines = read_markdown("".join(pieces))

    items = split_digest(TITLE, lines)

    if items is not None:
        kept = "\n".join(line.text for item in items for line in item.lines)
        assert all(item.lines for item in items)
        assert [
            sentence
            for sentence in SENTENCES[:3]
            if sentence in "\n".join(line.text for line in lines) and sentence not in kept
        ] == []


SHAPES = {
    "plain headings": (
        "财联社11月18日早间新闻精选",
        f"宏观新闻\n\n1、{SENTENCES[0]}\n\n2、{SENTENCES[1]}\n\n公司新闻\n\n1、{SENTENCES[3]}\n\n2、{SENTENCES[6]}",
        [("宏观新闻", "1", None), ("宏观新闻", "2", None), ("公司新闻", "1", None), ("公司新闻", "2", None)],
    ),
    "bold headlines": (
        "11月18日晚间公告精选",
        f"**【重大事项】**\n\n**甲公司：签订三亿元合同**\n\n{SENTENCES[0]}\n\n**乙公司：终止重组**\n\n{SENTENCES[1]}\n\n"
        f"**【业绩】**\n\n**丙公司：净利增两成**\n\n{SENTENCES[2]}\n\n{SENTENCES[3]}\n\n**丁公司：预亏**\n\n{SENTENCES[4]}",
        [
            ("重大事项", None, "甲公司：签订三亿元合同"),
            ("重大事项", None, "乙公司：终止重组"),
            ("业绩", None, "丙公司：净利增两成"),
            ("业绩", None, "丁公司：预亏"),
        ],
    ),
    "companies": (
        "两市公告汇总",
        "\n\n".join(f"公司{n}(60000{i})：{SENTENCES[i]}" for i, n in enumerate("甲乙丙丁戊")),
        [(None, None, None)] * 5,
    ),
    "bars": (
        "每经早参丨甲公司宣布扩产；乙公司发布新机",
        f"**隔夜市场**\n\n1丨{SENTENCES[0]}\n\n2丨{SENTENCES[1]}\n\n**要闻速递**\n\n1丨{SENTENCES[2]}\n\n2丨{SENTENCES[3]}"
        f"\n\n3丨{SENTENCES[4]}",
        [("隔夜市场", "1", None), ("隔夜市场", "2", None), *(("要闻速递", str(n), None) for n in range(1, 4))],
    ),
    "slashes": (
        TITLE,
        f"// 热点聚焦 //\n\n1、{SENTENCES[0]}\n\n2、{SENTENCES[1]}\n\n"
        f"// 宏观 //\n\n1、{SENTENCES[2]}\n\n2、{SENTENCES[3]}",
        [("热点聚焦", "1", None), ("热点聚焦", "2", None), ("宏观", "1", None), ("宏观", "2", None)],
    ),
    "all on one line": (
        TITLE,
        f"### 宏观\n\n1、{SENTENCES[0]}2、{SENTENCES[1]}3、{SENTENCES[2]}\n\n"
        f"### 股市\n\n1、{SENTENCES[3]}2、{SENTENCES[4]}3、{SENTENCES[5]}",
        [("宏观", str(n), None) for n in range(1, 4)] + [("股市", str(n), None) for n in range(1, 4)],
    ),
    "ordered lists of HTML": (
        TITLE,
        f"<h3>宏观</h3><ol><li>{SENTENCES[0]}</li><li>{SENTENCES[1]}</li></ol>"
        f"<h3>股市</h3><ol><li>{SENTENCES[2]}</li></ol>",
        [("宏观", "1", None), ("宏观", "2", None), ("股市", "1", None)],
    ),
    "line breaks of HTML": (
        TITLE,
        f"<div><b>宏观</b><br>1、{SENTENCES[0]}<br>2、{SENTENCES[1]}<br><b>股市</b><br>1、{SENTENCES[2]}<br></div>",
        [("宏观", "1", None), ("宏观", "2", None), ("股市", "1", None)],
    ),
    "leads of markets": (
        "11月18日收评合集",
        "\n\n".join(f"【{name}收评】{SENTENCES[i]}" for i, name in enumerate(("A股", "港股", "期货", "债市"))),
        [(None, None, None)] * 4,
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_other_houses_build_their_digests_otherwise(name: str) -> None:
    title, body, wanted = SHAPES[name]

    assert [(one.section, one.item_number, one.title) for one in read(post(body, title))] == wanted


def test_real_digests_are_split_as_a_person_splits_them(corpus: Path) -> None:
    wanted = read_expected(corpus / "expected" / "digests.jsonl")
    names = list(dict.fromkeys(one["file"] for one in wanted))
    differ, right, dates = [], 0, 0

    for name in names:
        articles = read_post(page_of(corpus / name))
        head, *items = [one for one in wanted if one["file"] == name]
        wrong = digest_differences(articles, items)
        right += len(items) - len(wrong)
        dates += f"{articles[0].published_at:%Y-%m-%dT%H:%M:%SZ}" == head["published_at"]
        differ += wrong
        print(f"{name}: {len(items) - len(wrong)} of {len(items)} items")

    assert (len(names), differ, right, dates) == (5, [], 395, 5)
