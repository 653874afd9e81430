"""The words by which digests are known: what their titles promise, and what they call their sections."""

from __future__ import annotations

import re

from watcher.parse.houses import KNOWN_HOUSES

_HOUSES = "|".join(sorted(map(re.escape, KNOWN_HOUSES), key=len, reverse=True))
_DATE = (
    r"(?:(?:20\d\d\s*[年\-./]\s*)?\d{1,2}\s*[月\-./]\s*\d{1,2}\s*[日号]?|20\d{6}|20\d\d年?|\d{1,2}月|\d{1,2}日"
    r"|(?:星期|周|礼拜)[一二三四五六日天末])"
)
_EDITION = "早餐|早报|晨报|早参|午报|晚报|夜报|日报|周报|早知道|早读|晨读|晨讯|早讯|早新闻|早班车|晚班车|早茶|早点|晚餐|早安|夜读"
_COLLECTION = "汇总|集锦|精选|速递|速览|合集|一览|盘点|摘要|快递|摘编|荟萃|集萃|集合|早知道|导读|必读|必看|晨读"
_COLLECTED = "公告|要闻|新闻|资讯|快讯|消息|大事|收评|早评|午评|早盘内参|研报|财经|热点|头条|电报"
_TOPICS = (
    "财经|金融|投资|股市|证券|期货|商品|债市|债券|外汇|基金|科技|全球|环球|每日|今日|市场|行业|产业|公司|上市公司|周末|国内"
    "|国际|海外|美股|港股|A股|原油|黄金|能源|有色|钢铁|汽车|医药|地产|保险|银行|数字货币|区块链|宏观|早间|晚间|盘前|盘后|隔夜"
    "|午间|昨夜|昨日|晨间|最新|重要|重大|一周|本周|上周|陆家嘴|Wind|wind|万得|每经|氪星|FM|Radio|沪深|两市|三大报|四大报|中国"
)
_NAME = re.compile(
    rf"(?:^|[\s】\]【\[｜|丨:：—\-·《(（]|{_DATE}|{_TOPICS}|{_HOUSES})(?P<edition>{_EDITION})(?=$|[\s\d】\]｜|丨:：—\-·》!！(（)）,，]|FM)"
    rf"|(?:{_COLLECTED})(?:{_COLLECTION})"
    r"|盘前(?:必读|必看|要闻|早知道)|(?:隔夜|今日|每日|早间|晚间|盘前|盘后|一周|周末|昨夜)(?:财经)?(?:重要|重大)?(?:要闻|大事|公告|新闻精选)"
    r"|财经早餐|8点1氪|早盘内参",
    re.IGNORECASE,
)
_NOT_NAMED = re.compile(
    r"(?:联合|新闻|新民|北京|羊城|扬子|齐鲁|钱江|潇湘|楚天|重庆|成都|武汉|深圳|广州|科创板|证券|人民|经济|光明|中国|环球|工人|法治|解放|文汇|南方|香港经济)(?:早报|晨报|晚报|日报|周报|午报)"
)
_FILLING = re.compile(
    rf"{_DATE}|{_TOPICS}|{_EDITION}|{_COLLECTION}|{_COLLECTED}|{_HOUSES}|盘前|内参|8点1氪|[\W_]|\d|第|期|版|和|及|与|的|上|下|周|年|月|日|点",
    re.IGNORECASE,
)
_HEADLINES = re.compile(r"[:：|｜丨︱;；]\s*\S")
_SEPARATOR = re.compile(r"[:：｜|丨︱—\s【】（）()《》\[\]，,；;!！?？]+")
_STORY = re.compile(
    r"[一二三四五六七八九十两\d]{1,2}大(?:理由|新闻|看点|要点|问题|变化|亮点|原因|热点|事件|趋势|悬念)|这[一二三四五六七八九十几\d]{1,2}[点个条件]"
    r"|一[文图](?:读懂|看懂|说清|看清)|专访|实录|始末"
)
"""Of a title that counts what it tells: points of one story, whatever else stands in it."""
_MOST_LEFT_OF_A_NAME = 2
_MOST_LEFT_OF_A_PURE_NAME = 4

_SECTION_WORDS = """
热点 聚焦 焦点 头条 环球 全球 国际 国内 海外 境外 外围 宏观 政策 监管 经济 财经 金融 楼市 地产 房产 房地产 产业 行业 公司 企业 上市公司
股市 股票 股 A股 港股 美股 中概股 B股 新三板 北交所 沪深 两市 三板 市场 商品 大宗 大宗商品 期货 期市 债券 债市 固收 外汇 汇市 利率 货币 基金 私募 公募
银行 保险 券商 证券 信托 能源 原油 黄金 贵金属 有色 钢铁 煤炭 化工 电力 新能源 汽车 科技 互联网 数码 通信 半导体 芯片 人工智能 AI 医药 医疗 消费 食品
农业 农产品 交通 物流 航空 旅游 文娱 传媒 游戏 教育 军工 环保 区域 地方 社会 民生 时政 政经 体育 天气 生活 国防 军事 港澳台
新闻 要闻 动态 动向 资讯 快讯 消息 电报 速递 速览 汇总 精选 提示 导读 必读 看点 关注 热评 评论 点评 观点 策略 研报 机构 研究 投资 机会 题材 概念 主题
公告 停复牌 复牌 停牌 增减持 增持 减持 回购 业绩 财报 年报 中报 季报 中标 合同 订单 并购 重组 定增 融资 IPO 新股 申购 解禁 分红 龙虎榜 两融 资金 北向 南向
数据 日程 日历 事件 大事 预告 前瞻 回顾 展望 盘前 盘后 盘面 早盘 收盘 行情 指数 表现 走势 综述 重要 重大 主要 最新 今日 昨日 隔夜 昨夜 昨晚 本周 上周 下周
一周 周末 每日 早间 晚间 午间 利好 利空 风险 警示 其他 其它 综合 更多 人物 人事 声音 数字 图说 一览 掘金 大事件 大新闻 机会参考 参考 早盘 午盘 夜盘 收评 TOP TOP3 TOP5 TOP10 内参 热门 热股 个股 板块 产经 创投 投融资 创业 大公司 新品
""".split()
_SECTION_NAME = re.compile(
    rf"(?:(?:{'|'.join(sorted(_SECTION_WORDS, key=len, reverse=True))})[与和及、·&/\s|｜]?){{1,5}}(?:面|类|篇|方面)?"
)


def promise_of(title: str | None) -> int:
    """How surely a title is that of a digest: 2 where it is nothing but a digest's name, 1 where it holds one, or 0."""
    if not title:
        return 0
    named = _NOT_NAMED.sub("#", title)
    if _STORY.search(named) or not any(map(_is_name, _SEPARATOR.split(named))):
        return 0
    left = len(_FILLING.sub("", named))
    return 2 if left == 0 or (left <= _MOST_LEFT_OF_A_PURE_NAME and not _HEADLINES.search(named)) else 1


def _is_name(part: str) -> bool:
    """Whether a part of a title is the name of a digest and nothing else; 登上今日要闻榜 is not."""
    found = _NAME.search(part)
    # 某某智库财经早餐 is a house's own name for it; 某某科技公告一览 are the notices of one company.
    allowed = _MOST_LEFT_OF_A_PURE_NAME if found and found["edition"] else _MOST_LEFT_OF_A_NAME
    return found is not None and len(_FILLING.sub("", part)) <= allowed


def is_section_name(name: str) -> bool:
    """Whether digests call a section so (热点聚焦, 国际股市, 重要经济日程)."""
    return bool(_SECTION_NAME.fullmatch(name))
