"""News houses: whose name behind a report, or before it, says who published it."""

from __future__ import annotations

import re

_KNOWN = """
新华社 新华财经 新华网 人民日报 人民网 中新社 中新网 中新经纬 央视新闻 央视财经 央视 央视网 央广网 中国之声 经济日报 光明日报 中国网
上海证券报 中国证券报 证券时报 证券日报 中国基金报 券商中国 e公司 证券时报网 证券时报e公司 中证网 中国证券网 人民财讯
财联社 科创板日报 第一财经 财新 财新网 每日经济新闻 每经网 每经AI快讯 21世纪经济报道 21财经 华夏时报 时代周报 时代财经 经济观察报 经济观察网
界面新闻 界面 澎湃新闻 澎湃 红星新闻 红星资本局 新京报 北京商报 北京日报 贝壳财经 国际金融报 投资时报 投资者网 蓝鲸财经 蓝鲸新闻
华尔街见闻 格隆汇 智通财经 智通财经网 金十数据 金融界 和讯 和讯网 同花顺 东方财富网 东方财富Choice数据 证券之星 中国经营报 中国经营网
36氪 虎嗅 钛媒体 雷锋网 IT之家 观察者网 环球时报 环球网 参考消息 大公报 大公网 文汇报 香港经济日报 信报 明报 经济通 阿思达克
经济参考报 中国日报 中国新闻网 央行网站 中国人民银行 央行 国家统计局 证监会 证监会网站 发改委 国家发改委 财政部 商务部 工信部 乘联会 中汽协
上交所 深交所 北交所 港交所 上交所网站 深交所官网 交易商协会 中国政府网 中国人民银行官网 国务院公报
雪球 Wind 万得 Wind资讯 每经 新浪财经 新浪 腾讯财经 腾讯网 网易财经 搜狐财经 凤凰网财经 凤凰网 东方网 财经网 金融时报 中国金融 银柿财经 证券市场周刊 读创
界面快讯 财华社 中金在线 投资界 晚点LatePost 经济观察 第一财经日报 中国能源报 农民日报 法治日报 工人日报 科技日报 解放日报 文汇报 羊城晚报 南方都市报 南方周末
路透 路透社 彭博 彭博社 美联社 法新社 道琼斯 华尔街日报 金融时报 日经 日经新闻 日经中文网 韩联社 共同社 塔斯社 今日俄罗斯
Reuters Bloomberg CNBC AP AFP WSJ FT MarketWatch Xinhua PRNewswire
""".split()
"""As they sign themselves, from their own pages. Official bodies are here where their own site is quoted as the source."""

KNOWN_HOUSES = frozenset(_KNOWN)

SUFFIX = r"(?:日报|时报|晚报|早报|周报|证券报|基金报|商报|导报|周刊|新闻|新闻网|财经|财经网|网站|通讯社|电视台|客户端|在线|杂志|[^互联电因]网|青年报|[^公季财研年预快播申情]报|[^旅报]社)"
_BY_SUFFIX = re.compile(rf"[\u4e00-\u9fffA-Za-z·]{{0,12}}{SUFFIX}")
_NO_NAME = re.compile(
    r"(?:详?见|含|包括|下称|以下|简称|原|现|附|参与|未经|据|按|经|在|从|由|对|向|与|和|及|为|是|公司|本[报网刊社台])|.*官网$"
)
_NO_HOUSE = frozenset(
    "公司公告 公告 网络 互联网 综合 资料 公开资料 公开信息 数据 图片 作者 招股书 招股说明书 年报 财报 研报 官网".split()
)

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅"
    "童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂"
    "全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_PERSON = re.compile(
    rf"(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|(?:欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯)[\u4e00-\u9fff]{{1,2}})"
)
_LATIN_PERSON = re.compile(r"[A-Z][a-z'-]+(?: [A-Z]\.?)?(?: [A-Z][\w'-]+){1,2}")
_ROLE = re.compile(r"(?:本报|见习|实习|特约)?(?:记者|作者|编辑|文|By|by)\s*[:：/]?\s*|\s*(?:记者|编辑|著|报道)$")
_NOBODY = re.compile(
    r".*(?:编辑部|小编|观察|研究|财经|新闻|证券|基金|银行|快讯|要闻|公告|日报|时报|公司|网|社|报|资讯|金融|市场|管理员)"
)

HOUSE = rf"(?:{'|'.join(sorted(map(re.escape, KNOWN_HOUSES), key=len, reverse=True))}|[\u4e00-\u9fff]{{0,8}}{SUFFIX})"
"""A pattern for a house at the beginning of a text."""


def is_house(name: str) -> bool:
    """Whether this is the name of somebody who publishes news, and not some other words in brackets."""
    first, *rest = re.split(r"[\s·/]", name)
    if name in KNOWN_HOUSES or (first in KNOWN_HOUSES and (not rest or "记者" in rest or rest[0] in KNOWN_HOUSES)):
        return True
    return not _NO_NAME.match(name) and name not in _NO_HOUSE and bool(_BY_SUFFIX.fullmatch(name))


def can_be_a_source(name: str) -> bool:
    """Whether ``来源：`` before this names a publisher; a chart's ``来源：公司公告`` does not."""
    return bool(name) and name not in _NO_HOUSE and "://" not in name


def person_in(name: str) -> str | None:
    """The person this names (``记者 张三``, ``John Smith``); `None` for houses, desks and nicknames."""
    name = " ".join(_ROLE.sub("", name).split())
    if name in KNOWN_HOUSES or _NOBODY.fullmatch(name):
        return None
    return name if _PERSON.fullmatch(name) or _LATIN_PERSON.fullmatch(name) else None


_COLUMN = re.compile(
    r"(?P<house>[^-—–|｜·]*[^-—–|｜·\s])(?:\s+[-—–|｜·]\s+|(?<=[\u4e00-\u9fff氪])\s*[-—–|｜·]\s*(?=[\u4e00-\u9fff]))(?P<column>\S.*)"
)


def house_and_column(name: str) -> tuple[str, str | None]:
    """The parts of ``财联社 - 深度`` and ``雪球-今日话题``; the whole and `None` where there is no column."""
    found = _COLUMN.fullmatch(name)
    return (found["house"], found["column"]) if found else (name, None)
