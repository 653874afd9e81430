from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Mark
from watcher.parse.clean import Body, clean_body, read_byline
from watcher.parse.markup import Line, read_html, read_markdown


def cleaned(*texts: str) -> Body:
    return clean_body([Line(text) for text in texts])


def link(text: str, address: str = "https://example.com/a") -> Line:
    return Line(text, link_text=len("".join(text.split())), link=address)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("（文章来源：上海证券报）", "上海证券报"),
        ("(文章来源：上海证券报)", "上海证券报"),
        ("（文章来源: 上海证券报 ）", "上海证券报"),
        ("文章来源：上海证券报", "上海证券报"),
        ("来源：财联社", "财联社"),
        ("来源 ： 财联社", "财联社"),
        ("【来源：财联社】", "财联社"),
        ("[来源:财联社]", "财联社"),
        ("新闻来源：新华社", "新华社"),
        ("信息来源：央行网站", "央行网站"),
        ("稿件来源：人民日报", "人民日报"),
        ("文章来源：财联社）", "财联社"),
        ("（文章来源：21世纪经济报道）", "21世纪经济报道"),
        ("来源：中国证券报·中证网", "中国证券报·中证网"),
        ("来源：Dow Jones Newswires", "Dow Jones Newswires"),
        ("（来源：第一财经 作者：张三）", "第一财经"),
        ("来源：界面新闻  责任编辑：李四", "界面新闻"),
        ("本文来源：界面新闻", "界面新闻"),
        ("转自：财联社", "财联社"),
        ("摘自｜财联社", "财联社"),
    ],
)
def test_source_line_names_the_publisher_and_is_no_part_of_the_body(line: str, name: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。")], source_line=name)


def test_source_line_that_holds_an_address_names_nobody() -> None:
    assert cleaned("正文。", "来源：https://www.example.com/a,b") == Body([Line("正文。")])


@pytest.mark.parametrize(
    "line",
    [
        "资料来源：Wind",
        "数据来源：东方财富Choice数据",
        "图片来源：视觉中国",
        "公司收入来源：海外市场",
        "来源：公司公告，数据截至三季度末。",
        "来源：A",
        "来源：",
    ],
)
def test_source_of_data_is_part_of_the_body(line: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。"), Line(line)])


@pytest.mark.parametrize(
    ("line", "text", "name"),
    [
        ("数字政通今日涨停。（上海证券报）", "数字政通今日涨停。", "上海证券报"),
        ("数字政通今日涨停。 (证券时报)", "数字政通今日涨停。", "证券时报"),
        ("数字政通今日涨停（财联社）", "数字政通今日涨停", "财联社"),
        ("数字政通今日涨停。（中国证券报·中证网）", "数字政通今日涨停。", "中国证券报·中证网"),
        ("数字政通今日涨停。（来源：央视新闻）", "数字政通今日涨停。", "央视新闻"),
        ("数字政通今日涨停。（文章来源：中国青年报）", "数字政通今日涨停。", "中国青年报"),
        ("数字政通今日涨停。（21世纪经济报道）", "数字政通今日涨停。", "21世纪经济报道"),
        ("数字政通今日涨停。（证券时报·e公司）", "数字政通今日涨停。", "证券时报·e公司"),
        ("数字政通今日涨停。（财联社 记者 张三）", "数字政通今日涨停。", "财联社"),
        ("Shares rose. (Reuters)", "Shares rose.", "Reuters"),
    ],
)
def test_publisher_in_brackets_at_the_very_end_is_cut_off(line: str, text: str, name: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。"), Line(text)], source_line=name)


@pytest.mark.parametrize(
    "line",
    [
        "滚动市盈率低于50倍的股票有24只。（数据宝 王林鹏）",
        "数字政通今日涨停。（完）",
        "数字政通净利增长一成（一季报）",
        "营业收入见附表（半年报）",
        "全年业绩见附表（2025年年报）",
        "全年业绩见附表（公司年报）",
        "公司布局（工业互联网）",
        "详见（公司官网）",
        "股价下跌（未经证实的新闻）",
        "其他品牌（张三）",
        "名单见附表（详见财联社）",
        "数字政通（上海证券报）今日涨停。",
        "（上海证券报）",
    ],
)
def test_other_brackets_at_the_end_stay(line: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。"), Line(line)])


@pytest.mark.parametrize("line", ["来源：财联社", "（文章来源：财联社）"])
def test_source_line_above_the_report_names_the_publisher_too(line: str) -> None:
    assert cleaned(line, "正文。") == Body([Line("正文。")], source_line="财联社")
    assert cleaned(line, "转自：新华社", "正文。") == Body([Line("正文。")], source_line="财联社")
    assert cleaned("上文。", line, "正文。") == Body([Line("上文。"), Line(line), Line("正文。")])


def test_third_source_line_above_is_part_of_the_report() -> None:
    lines = [Line(f"来源：{name}") for name in ("财联社", "新华社", "人民网")]

    assert clean_body([*lines, Line("正文。")]) == Body([lines[2], Line("正文。")], source_line="财联社")


@pytest.mark.parametrize("line", ["来源：公司公告", "来源：互联网", "来源：公开资料"])
def test_source_that_publishes_nothing_names_nobody(line: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。")])


@pytest.mark.parametrize("furniture", [["热门推荐"], ["评论 0", "收藏"], ["短" * 40, "热门", "收藏"]])
def test_furniture_below_the_source_line_is_dropped_with_it(furniture: list[str]) -> None:
    assert cleaned("正文。", "（文章来源：财联社）", *furniture) == Body([Line("正文。")], source_line="财联社")


@pytest.mark.parametrize(
    "below",
    [
        [Line("公司对此表示乐观。")],
        [Line("公司对此表示乐观！")],
        [Line("长" * 41)],
        [Line("数字政通", (Mark("300075.SZ", "数字政通", 0, 4),))],
        [Line("一"), Line("二"), Line("三"), Line("四")],
        [Line("公司对此表示乐观。"), Line("今日热词")],
    ],
)
def test_report_that_goes_on_below_a_source_line_is_kept_whole(below: list[Line]) -> None:
    lines = [Line("正文。"), Line("（文章来源：财联社）"), *below]

    assert clean_body(lines) == Body(lines)


def test_furniture_below_a_source_that_names_nobody_is_part_of_the_report() -> None:
    lines = [Line("正文。"), Line("来源：公司公告"), Line("单位：亿元")]

    assert clean_body(lines) == Body(lines)


@pytest.mark.parametrize("text", ["返回首页", "返回舱", "返回东财滚动新闻｜返回列表"])
def test_link_back_is_told_from_words_by_being_a_link(text: str) -> None:
    assert clean_body([Line("正文。"), link(text)]) == Body([Line("正文。")])


def test_publisher_in_brackets_is_cut_with_the_marks_in_it() -> None:
    marks = (Mark("300075.SZ", "数字政通", 0, 4), Mark("601519.SH", "证券", 10, 12))
    line = Line("数字政通涨停。（上海证券报）", marks)

    assert clean_body([line]).lines == [Line("数字政通涨停。", marks[:1])]


def test_source_line_counts_more_than_brackets() -> None:
    body = cleaned("正文（财联社）", "（文章来源：上海证券报）")

    assert body == Body([Line("正文")], source_line="上海证券报")


def test_lowest_source_line_counts() -> None:
    body = cleaned("正文", "来源：财联社", "（文章来源：上海证券报）")

    assert body == Body([Line("正文")], source_line="上海证券报")


BOILERPLATE = [
    "责任编辑：张三",
    "（责任编辑：张三）",
    "编辑：李四",
    "责编/李四",
    "校对：王五",
    "免责声明：本网站所载内容仅供参考，据此操作，风险自担",
    "版权声明",
    "特别声明：以上内容仅代表作者观点",
    "本文不构成投资建议",
    "以上内容仅供参考，不构成任何投资建议，据此操作风险自担。",
    "风险提示：本文内容仅供参考，不构成投资建议",
    "股市有风险，投资需谨慎。",
    "扫描下方二维码，关注公众号",
    "关注证券时报公众号，获取更多资讯",
    "海量资讯、精准解读，尽在某某财经APP",
    "更多精彩内容，敬请期待",
    "阅读原文",
    "查看更多>>",
    "分享",
    "分享到：微信 微博",
    "分享至微博",
    "返回首页",
    "返回财经要闻 | 返回东财滚动新闻",
    "返回首页｜返回财经要闻｜返回东财滚动新闻",
    "< >",
    "（文章来源：）",
    "未经授权，不得转载",
    "上一篇：央行降准",
    "（原标题：央行降准）",
    "— END —",
    "（完）",
    "【免责声明】本文仅供参考",
    "声明：数据宝所有资讯内容不构成投资建议。股市有风险，投资需谨慎。",
    "注：本文系新闻报道，不构成投资建议，投资有风险。",
]


@pytest.mark.parametrize("line", BOILERPLATE)
def test_boilerplate_at_the_foot_is_dropped(line: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。")])


@pytest.mark.parametrize("line", [*BOILERPLATE, "（文章来源：上海证券报）", "相关报道"])
def test_line_in_the_middle_is_never_touched(line: str) -> None:
    assert cleaned("上文。", line, "下文。") == Body([Line("上文。"), Line(line), Line("下文。")])


@pytest.mark.parametrize(
    "line",
    [
        "特别提示：公司股票自明日起停牌",
        "分享经济增长红利",
        "编辑部的故事重映",
        "返回舱于今日清晨着陆，航天员状态良好",
        "责任编辑制度改革将于明年在全国推开，涉及多家上市公司，业内人士对此有不同的看法，仍有待观察",
        "股市有风险",
        "本文所称智慧城市，指以信息技术为支撑的城市管理",
        "阅读原文需要十分钟",
        "返回舱成功着陆",
        "关注机器人产业链，公司表示将推出客户端",
        "风险提示：市场需求不及预期",
    ],
)
def test_last_line_of_a_report_is_no_boilerplate(line: str) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。"), Line(line)])


def test_address_below_the_report_is_its_url() -> None:
    lines = [Line("正文。"), link("返回首页｜返回列表"), link("https://example.com/a", "https://example.com/a")]

    assert clean_body(lines) == Body([Line("正文。")], url="https://example.com/a")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.com/a?b=1&c=2", "https://example.com/a?b=1&c=2"),
        ("https://example.com/新闻", "https://example.com/%E6%96%B0%E9%97%BB"),
        ("https://example.com/%E6%96%B0%E9%97%BB", "https://example.com/%E6%96%B0%E9%97%BB"),
    ],
)
def test_address_is_recognised_in_either_writing(written: str, address: str) -> None:
    """To a Markdown reader the text of an address and the address itself may differ by percent signs."""
    assert clean_body(read_markdown(f"正文。\n\n<{written}>")) == Body([Line("正文。")], url=address)


def test_lowest_address_is_the_url() -> None:
    lines = [
        Line("正文。"),
        *(link(address, address) for address in ("https://example.com/b", "https://example.com/a")),
    ]

    assert clean_body(lines) == Body([Line("正文。")], url="https://example.com/a")


def test_link_with_words_of_its_own_is_no_url() -> None:
    line = link("全文见公告")

    assert clean_body([Line("正文。"), line]) == Body([Line("正文。"), line])


@pytest.mark.parametrize("heading", ["相关报道", "【相关报道】", "延伸阅读：", "[推荐阅读]", "更多新闻", "相关链接"])
def test_related_reports_are_dropped_with_what_stands_below_them(heading: str) -> None:
    lines = [
        Line("正文。"),
        Line(heading),
        link("数字政通：中标一亿元项目"),
        link("Apple told to pay 308.5 mln dollars in patent case"),
        Line("（文章来源：财联社）"),
        Line("责任编辑：张三"),
        link("https://example.com/a", "https://example.com/a"),
    ]

    assert clean_body(lines) == Body([Line("正文。")], source_line="财联社", url="https://example.com/a")


def test_second_list_of_related_reports_is_dropped_with_the_first() -> None:
    lines = [Line("正文。"), Line("相关报道"), link("数字政通"), Line("推荐阅读"), link("雄帝科技")]

    assert clean_body(lines) == Body([Line("正文。")])


def test_heading_with_text_below_it_is_part_of_the_report() -> None:
    lines = [Line("正文。"), Line("相关报道"), link("数字政通：中标一亿元项目"), Line("公司对此表示乐观。")]

    assert clean_body(lines) == Body(lines)


def test_heading_above_everything_is_a_title() -> None:
    lines = [Line("相关报道"), link("数字政通：中标一亿元项目")]

    assert clean_body(lines) == Body(lines)


def test_text_of_nothing_but_boilerplate_is_kept() -> None:
    """A report that consists of a disclaimer is about the disclaimer."""
    assert cleaned("本文不构成投资建议", "股市有风险，投资需谨慎。") == Body(
        [Line("本文不构成投资建议"), Line("股市有风险，投资需谨慎。")]
    )


def test_text_of_nothing_but_links_and_a_source_is_no_text() -> None:
    lines = [link("返回首页｜返回列表"), Line("（文章来源：财联社）")]

    assert clean_body(lines) == Body([], source_line="财联社")


def test_no_lines_are_no_text() -> None:
    assert clean_body([]) == Body([])


@pytest.mark.parametrize(
    ("text", "publisher", "reporter"),
    [
        ("财联社3月22日讯，百度今日暗盘开涨近2%", "财联社", None),
        ("财联社 3月22日讯，百度今日", "财联社", None),
        ("财联社7月1日讯（记者 付静）今年以来", "财联社", "付静"),
        ("财联社上海3月22日电（记者 张三 李四）", "财联社", "张三 李四"),
        ("《科创板日报》（上海，记者 毛明江）讯， 3月11日", "科创板日报", "毛明江"),
        ("《科创板日报》（上海，研究员 王梦雅）讯，业内消息", "科创板日报", "王梦雅"),
        ("《科创板日报》22日讯，", "科创板日报", None),
        ("中证网讯（记者 万宇）ST罗顿近日发布年报", "中证网", "万宇"),
        ("中新网北京3月22日电 (记者 张三)央行", "中新网", "张三"),
        ("新华社华盛顿3月22日电（记者张三、李四）美联储", "新华社", "张三、李四"),
        ("央视新闻3月22日讯", "央视新闻", None),
        ("上海证券报讯（记者 张三 编辑 李四）", "上海证券报", "张三"),
        ("证券日报网讯（见习记者 张三，通讯员 李四）", "证券日报网", "张三"),
        ("（财联社记者 张三）央行今日", None, "张三"),
        ("【财联社】3月22日讯 央行今日", "财联社", None),
        ("【财联社3月22日讯】央行今日", "财联社", None),
        ("财联社获悉，央行今日", "财联社", None),
        ("财联社APP获悉，央行今日", "财联社", None),
        ("格隆汇3月22日丨央行今日", "格隆汇", None),
        ("36氪获悉，央行今日", "36氪", None),
        ("证券时报记者 张三 央行今日", "证券时报", None),
    ],
)
def test_byline_names_publisher_and_reporters(text: str, publisher: str | None, reporter: str | None) -> None:
    assert read_byline(text) == (publisher, reporter)


@pytest.mark.parametrize(
    "text",
    [
        "记者获悉，数字政通今日中标",
        "《科创板日报》记者注意到，今年以来",
        "据记者了解，多家公司",
        "国务院总理李克强今日在记者会上表示，今年要实施身份证电子化",
        "记者 张三，李四",
        "据新华社北京3月22日电，央行今日",
        "据央视新闻3月22日讯，央行今日",
        "本报讯（编辑部）央行今日",
        "本报北京3月22日电 央行今日",
        "本网3月22日讯 央行今日",
        "互联网讯息服务商今日上市",
        "国家电网电力交易中心",
        "国家电网3月22日电力交易",
        "在线教育讯飞合作",
        "《关于加强数字政府建设的指导意见》22日发布",
        "数字政通3月22日公告",
        "贵州茅台财报电话会今日举行",
        "近日，" + "数字政通表示业务进展顺利，" * 4 + "财联社3月22日讯（记者 张三）",
    ],
)
def test_other_first_words_are_no_byline(text: str) -> None:
    assert read_byline(text) == (None, None)


LONG = {
    "spaces": " " * 100_000,
    "spaces between": "字" + " " * 100_000 + "字",
    "links back": "返回a|" * 20_000,
    "links back with an end": "返回a |" * 20_000 + "字。",
    "long way back": "返回" + "字" * 100_000,
    "brackets": "（" * 100_000,
    "brackets that end": "(" * 100_000 + ")",
    "square brackets": "【相关报道" * 20_000,
    "sources": "来源：" * 30_000,
    "source far away": "来源:" + " " * 100_000 + "字",
    "spaces after a source": "来源" + " " * 100_000,
    "source of words": "来源：" + "a " * 50_000,
    "reporters": "（记者" * 40_000,
    "names": "（记者 张三" + "、李四" * 30_000,
    "papers": "《" * 100_000,
    "papers in brackets": "（中" * 50_000 + "报",
    "agency": "中" * 100_000 + "报",
    "no advice": "不构成" * 30_000,
    "this text": "本文" * 50_000,
    "angles": "<" + " " * 100_000,
    "warnings": "提示：" * 30_000,
    "declarations": "声明：不构" * 30_000,
    "names of houses": "财联社" * 30_000,
    "house in brackets": "（财联社 " * 20_000 + "）",
    "days": "财联社3月" * 20_000,
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.timeout(10)
def test_long_line_does_not_hang(name: str) -> None:
    r"""``\s+$`` takes 6 seconds for 50 KB of spaces: reliability row P14."""
    line = Line(LONG[name])

    assert clean_body([Line("正文。"), line]).lines[0] == Line("正文。")
    assert [one.text[:9] for one in clean_body([line]).lines] in ([], [line.text[:9]])
    assert read_byline(line.text)[0] is None


def test_many_headings_do_not_hang() -> None:
    lines = [Line("相关报道"), link("数字政通")] * 20_000 + [Line("正文。")]

    assert clean_body(lines) == Body(lines)


FOOT = st.sampled_from(
    [
        Line("正文。"),
        Line("数字政通涨停（上海证券报）", (Mark("300075.SZ", "数字政通", 0, 4),)),
        Line("（文章来源：财联社）"),
        Line("相关报道"),
        Line("责任编辑：张三"),
        link("数字政通"),
        link("https://example.com/a", "https://example.com/a"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FOOT | st.text(min_size=1, max_size=20).map(Line), max_size=8))
def test_what_is_kept_is_the_beginning_of_the_text(foot: list[Line]) -> None:
    lines = [Line("正文。"), *foot]

    kept = clean_body(lines).lines

    *above, last = kept
    assert above == lines[: len(above)]
    assert lines[len(above)].text.startswith(last.text)


@settings(max_examples=300, deadline=None)
@given(st.lists(FOOT, max_size=8))
def test_clean_text_is_not_cleaned_further(foot: list[Line]) -> None:
    once = clean_body([Line("正文。"), *foot]).lines

    assert clean_body(once).lines == once


AROUND = [
    "声明：数据宝所有资讯内容不构成投资建议。股市有风险，投资需谨慎。",
    "免责声明：本文内容与数据仅供参考，不构成投资建议，使用前请核实。据此操作，风险自担。",
    "免责声明：本网站所刊载内容之知识产权为权利人专属所有或持有。",
    "【免责声明】本文仅代表作者本人观点，与本网无关。",
    "（免责声明：本文内容仅供参考）",
    "郑重声明：本站发布此信息的目的在于传播更多信息，与本站立场无关。",
    "特别声明：以上内容为自媒体平台用户上传并发布，本平台仅提供信息存储服务。",
    "特别提醒：如果我们使用了您的图片，请作者与本站联系，版权问题我们将及时处理，转载须注明。",
    "风险提示：基金有风险，投资需谨慎。基金过往业绩不代表未来表现。",
    "【风险提示】以上信息仅供参考，不构成任何投资建议",
    "风险提示：市场有风险，投资需谨慎。本文所提供内容仅供参考。",
    "温馨提示：投资有风险，选择需谨慎。",
    "投资有风险，入市须谨慎！",
    "市场有风险，投资需谨慎，本文不构成个人投资建议。",
    "投资者据此操作，风险请自担。",
    "（本文不构成任何投资建议，入市风险自担）",
    "*以上内容不构成投资建议，不代表刊登平台之观点。",
    "以上内容由某某根据公开信息整理，由AI算法生成，与本站立场无关。",
    "以上内容与证券之星立场无关。",
    "文章仅代表作者个人观点，不代表本站立场。",
    "本文为作者独立观点，不代表某某立场，未经允许不得转载。",
    "本文来自微信公众号“某某财经”（ID：abc），作者：张三，经授权发布。",
    "本文首发于微信公众号：某某研究",
    "（本文已刊发于11月18日《某某周刊》，文中提及个股仅为举例分析，不做买卖建议。）",
    "本文内容来自网络，版权归原作者所有，如有侵权请联系我们删除。",
    "图片来自网络，如有侵权，请联系删除。",
    "如需转载请与《每日经济新闻》报社联系。",
    "未经《每日经济新闻》报社授权，严禁转载或镜像，违者必究。",
    "转载请注明出处",
    "版权所有，违者必究",
    "Copyright © 2026 某某网 All Rights Reserved",
    "责任编辑：张三 SF001",
    "（责任编辑：张三 HN001）",
    "编辑：张三 审核：李四 校对：王五",
    "编辑/张三",
    "编辑|张三",
    "值班编辑丨张三",
    "每经编辑：张三",
    "记者：张三 编辑：李四",
    "文/张三",
    "（作者系某某大学经济学院教授）",
    "题图来自视觉中国",
    "扫码下载某某APP，随时看行情",
    "长按识别二维码关注我们",
    "扫一扫，关注官方微信公众号",
    "点击上方蓝字关注我们",
    "关注“某某财经”微信公众号，获取更多资讯",
    "下载新浪财经APP，了解全球实时汇率",
    "打开某某APP，查看更多行情",
    "海量资讯、精准解读，尽在某某财经APP",
    "加入某某股民交流群",
    "添加小编微信，领取研报",
    "举报邮箱：jubao@example.com",
    "违法和不良信息举报电话：010-00000000",
    "爆料热线：400-000-0000",
    "更多精彩内容请关注本栏目",
    "返回搜狐，查看更多",
    "上一篇：央行降准",
    "下一条：央行加息",
    "分享到： 微信 微博 QQ空间",
    "分享给好友",
    "赞 收藏 评论",
    "举报 | 打印 | 关闭",
    "标签：央行 降准",
    "关键词：货币政策",
    "（完）",
    "——全文完——",
    "(Reporting by John Smith; Editing by Mary Jones)",
    "Our Standards: The Thomson Reuters Trust Principles.",
    "Disclaimer: The content above is for reference only.",
    "This article does not constitute investment advice.",
]


@pytest.mark.parametrize("line", AROUND)
def test_what_a_site_puts_below_a_report_is_dropped(line: str) -> None:
    assert cleaned("正文。", line).lines == [Line("正文。")]


@pytest.mark.parametrize(
    "line",
    [line for line in AROUND if "：" in line or "声明" in line or "关注" in line][:20],
)
def test_what_a_site_puts_above_a_report_is_dropped(line: str) -> None:
    assert cleaned(line, "正文。").lines == [Line("正文。")]


@pytest.mark.parametrize(
    "line",
    [
        "公司提示，股票交易存在风险，敬请投资者注意。",
        "风险提示：原材料价格上涨；需求不及预期。",
        "风险提示：行业竞争加剧，新产品推广不及预期。",
        "注：数据截至三季度末，单位为亿元。",
        "说明：表中涨幅为前复权口径。",
        "提示：公司股票自明日起停牌一天。",
        "公司声明称，网传消息不实，将追究法律责任。",
        "他表示，投资有风险，但机会也不少。",
        "本文所指的新能源车包括纯电动和插电混动。",
        "公司起诉对方侵权，要求删除相关内容并赔偿损失。",
        "该作品侵犯著作权，法院判令停止发行。",
        "作者认为，利率仍有下行空间。",
        "记者：谢谢您接受我们的采访",
        "公司核心策划：打造一流的消费品牌",
        "投资者：请问公司明年有何打算",
        "记者从多位知情人士处获悉，项目已经开工。",
        "编辑部认为这并不代表行业的全部。",
        "分享经济规模突破四万亿元",
        "关注政策落地节奏与企业盈利改善。",
        "公司将下载量作为考核指标。",
        "公司APP用户数突破一亿。",
        "以上三家公司均未回应记者的采访。",
        "上述人士称，此举不代表政策转向，仅仅是季节性操作。",
        "内容产业是公司下一步的重点。",
        "转载量最高的三篇文章均来自该平台。",
        "完成后，公司持股比例将升至三成。",
        "打开市场空间",
        "赞比亚铜矿停产",
        "标签打印机出口增长两成",
        "文旅市场回暖",
        "市场有风险偏好回升的迹象",
        "相关公司：甲公司、乙公司",
        "Sharing economy grew 10 percent.",
        "Following the report, shares rose.",
    ],
)
def test_sentence_that_looks_alike_stays(line: str) -> None:
    assert cleaned("正文。", line).lines == [Line("正文。"), Line(line)]
    assert cleaned(line, "正文。").lines == [Line(line), Line("正文。")]


def test_headlines_without_links_below_related_reports_are_dropped() -> None:
    assert cleaned("正文。", "相关阅读", "甲公司中标一亿元项目", "乙公司发布三季报").lines == [Line("正文。")]


@pytest.mark.parametrize(
    ("line", "source", "author"),
    [
        ("作者：张三", None, "张三"),
        ("（作者：张三、李四）", None, "张三、李四"),
        ("文/张三 李四", None, "张三 李四"),
        ("记者：张三 编辑：李四", None, "张三"),
        ("每经记者：张三 每经编辑：李四", "每经", "张三"),
        ("责任编辑：张三", None, None),
        ("编辑：张三 审核：李四", None, None),
    ],
)
def test_signature_names_who_wrote_it(line: str, source: str | None, author: str | None) -> None:
    assert cleaned("正文。", line) == Body([Line("正文。")], source_line=source, author=author)


def test_row_of_a_table_is_never_boilerplate() -> None:
    lines = [Line("正文。"), Line("责任编辑：张三\t李四", kind="row")]

    assert clean_body(lines) == Body(lines)


def test_related_report_on_the_line_of_its_heading_is_not_the_article() -> None:
    lines = read_html("<p>样例公司公告，业绩同比增长两成。</p><p>延伸阅读：样例股份股东拟减持</p>")

    assert [line.text for line in clean_body(lines).lines] == ["样例公司公告，业绩同比增长两成。"]
