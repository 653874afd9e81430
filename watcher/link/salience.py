"""How central a security is to an article: its subject, a peer, one of a list, or named in passing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from watcher.link.occurrences import Occurrence
from watcher.link.text import Text
from watcher.model import Salience

_LEAD_CHARACTERS = 40
"""So near the beginning of a text stands what it is about."""
_LONGEST_ITEM = 400
"""A flash or an item of a digest: what its first sentence is about is what it is about."""
_MOST_SUBJECTS = 3
_FEWEST_PLACES = 3
"""So often a company is named that an article is about though its title names nobody."""

_ROUNDUP = 12
"""An article of so many companies is about none of them, whoever stands in its title."""
_OPINION = (
    r"分析师|首席|研究员|经济学家|策略师|研究所|研究院|研究部|团队|研报|研究报告|财富管理|投顾|营业部|固收|策略|"
    r"晨会|发表报告|发布报告|报告称|报告中|"
    r"目标价|评级|预测|看好|更看重|建议|认为|测算|估算|判断|投资总监|首席投资|分析员|推荐|覆盖|预期|预计|"
    r"给予|上调|下调|price target|upgrade|downgrade|analyst"
)
_OWN_NEWS = re.compile(
    r"公告|披露|净利|营收|营业收入|业绩|年报|季报|中标|被罚|罚款|处罚|[减增]持(?![”\"]?评级)|回购|股价|涨停|跌停|涨|跌|合并|收购"
)
_QUOTED_AFTER = re.compile(
    rf"(?:\([^()\n]{{0,16}}\))?(?:[^,。;、\n]{{0,22}}(?:{_OPINION})|[^,。;、:\n]{{0,8}}(?:称|表示|指出|:))"
    r"|^\s(?:upgrade[sd]|downgrade[sd]|raise[sd]\s[^,.\n]{0,24}target|cuts?\s[^,.\n]{0,24}target|initiate[sd]|"
    r"said\sin\sa\s(?:research\s)?note|analysts?|strategists?|economists?)"
    r"|^(?:[升降料予对]|把|将[^,。;、\n]{0,12}目标|上调|下调|给予|维持|首予|重申|的?(?:最新)?数据显示)",
)
_QUOTED_BEFORE = re.compile(
    r"(?:据|根据|援引|评级机构|分析机构|研究机构|数据提供商|保荐(?:机构|人)|承销商|券商|投行|研报(?:仅有|来自)?|"
    r"席位|论坛上,)(?:中)?(?:了|的|为|是|:)?,?\s*$|"
    r"(?:analysts?|economists?|strategists?)\s(?:at|from|with)\s(?:[a-z.]+\s){0,3}(?:and\s)?$"
)
_SEAT = re.compile(r"席位|营业部|受托管理人|保荐|承销")
_HOLDER_AFTER = re.compile(
    r"(?:等)?(?:持有|持股|作为|为(?:其|公司)?(?:第[一二三四五六七八九十]大)?股东|控股|旗下)|\((?:持股|占比)|"
    r"等(?:在内的)?(?:投资)?机构|等?海外大厂"
)
_COMPARED_BEFORE = re.compile(
    r"(?:仅次于|不如|好于|高于|低于|继|像|如同|类似|对标|堪比|股东(?:中|名单)?(?:还)?(?:包括|有|为)|与当年的?|"
    r"当年的?|随着|鼓励[^,。;\n]{0,10}|不喜欢|只盯着|而非|不是|不同于|联合)$"
)
_COMPARED_AFTER = re.compile(r"(?:相比|之后又|那样|一样|同列|相比较|的教训)")
_PARTNER_BEFORE = re.compile(r"(?:与|和|同|向|对|跟|给|为|入主|with|from)\s*(?:[^,。;\s、]{1,8}[(（])?$")
_JOINTLY = re.compile(r"[^,;。\n]{0,14}(?:合并|酝酿|分别签署|两只证券|两家)")
_ROUND_OF_MARKET = re.compile(
    r"[^,。;\n]{0,12}(?:恒生|恒指|沪指|[ah]\s?股|港股|美股|三大(?:股)?指数|道指|纳指|两市|大盘|债券重大事件|中概股)"
)
"""An item that begins so goes over a market: whom it names are examples."""
_VERY_BEGINNING = 4
_BROKERS = tuple(
    "证券 中金公司 中金 投行 期货 资本 银河 国君 瑞银 高盛 摩根 大摩 小摩 花旗 汇丰 渣打 穆迪 标普 野村 大和 贝莱德 "
    "瑞信 梅隆 银行 研究 摩根士丹利 摩根大通 摩通 富瑞 申万宏源 海通 ubs goldman sachs stanley "
    "securities citi jpmorgan nomura hsbc jefferies".split()
)
"""What the names of those end in who are asked for their opinion."""
_SENTENCE_END = re.compile(r"[。！？!?\n]")


def judge(
    own: Sequence[Occurrence],
    in_list: Collection[Occurrence],
    text: Text,
    *,
    rank: int,
    company_count: int,
    title_count: int,
) -> Salience:
    """How central a security is, by all its occurrences in title and body.

    `in_list` are the occurrences of all securities that stand in an enumeration, a row of prices or a table. `rank` is
    its place among the securities of the article in the order of their first mention, from 0.
    """
    folded = text.folded
    in_title = [one for one in own if one.field == "title"]
    in_body = [one for one in own if one.field == "body"]
    alone = [one for one in in_body if one not in in_list]
    if in_title and title_count <= _MOST_SUBJECTS and not all(_is_aside(folded, one) for one in in_title):
        return "peer" if company_count >= _ROUNDUP and len(own) <= _FEWEST_PLACES else "subject"
    if alone and all(_is_aside(folded, one) for one in alone):
        return "passing"
    if not text.has_title and len(folded) <= _LONGEST_ITEM:
        market = _ROUND_OF_MARKET.match(folded)
        if company_count > _MOST_SUBJECTS or (company_count > 1 and market and own[0].start >= market.end()):
            return "listed"
        if company_count == 2 and _begins_with_both(folded, in_list):
            return "subject"
    if not alone:
        if in_body and not text.has_title and company_count <= _MOST_SUBJECTS and _is_quoted(folded, in_body[0]):
            return "passing"
        if in_body or title_count > _MOST_SUBJECTS:
            return "listed"
        return "passing" if in_title and _is_aside(folded, in_title[0]) else "peer"
    if not in_title and _is_subject(text, alone, rank, company_count):
        return "subject"
    return "peer"


def _begins_with_both(folded: str, in_list: Collection[Occurrence]) -> bool:
    """Whether a text begins with two companies of whom it goes on to tell one thing: 腾讯和网易缩减投资."""
    places = {one.start: one.end for one in in_list}
    return 0 in places and any(folded[places[0] : start] in ("和", "与") for start in places if start)


def _is_subject(text: Text, own: Sequence[Occurrence], rank: int, company_count: int) -> bool:
    """Whether a text is about a security that its title does not name."""
    first = own[0]
    begins = first.start - text.body_start
    if company_count > 1 and rank and begins > 2 * _LEAD_CHARACTERS:
        return False
    if _is_aside(text.folded, first):
        return False
    if company_count == 1:
        return begins <= _LEAD_CHARACTERS or len(own) >= _FEWEST_PLACES
    if text.has_title or len(text.folded) - text.body_start > _LONGEST_ITEM:
        return len(own) >= _FEWEST_PLACES and (rank == 0 or begins <= 2 * _LEAD_CHARACTERS)
    if begins > _LEAD_CHARACTERS:
        return False
    if begins <= _VERY_BEGINNING:
        return True
    before = text.folded[max(text.body_start, first.start - 10) : first.start]
    if _PARTNER_BEFORE.search(before) and not _JOINTLY.match(text.folded, first.end):
        return False
    return company_count <= _MOST_SUBJECTS + 1 and (rank == 0 or begins <= _LEAD_CHARACTERS)


def _is_aside(text: str, one: Occurrence) -> bool:
    """Whether it is only asked for its opinion, compared with, or named as somebody's holder or broker."""
    return _is_quoted(text, one) or _is_compared(text, one)


def _is_quoted(text: str, one: Occurrence) -> bool:
    if not one.written_as.endswith(_BROKERS):
        return False
    after = text[one.end : one.end + 40]
    before = text[max(0, one.start - 12) : one.start]
    if _QUOTED_BEFORE.search(before) or _SEAT.search(_SENTENCE_END.split(after, 1)[0] + before):
        return True
    found = _QUOTED_AFTER.match(after)
    return found is not None and not _OWN_NEWS.search(found[0])


def _is_compared(text: str, one: Occurrence) -> bool:
    before = text[max(0, one.start - 14) : one.start]
    after = text[one.end : one.end + 20]
    if _COMPARED_BEFORE.search(before) or _COMPARED_AFTER.match(after) or _HOLDER_AFTER.match(after):
        return True
    return before[-1:].isdigit() and after[:1].isdigit()  # 22万科06 is a bond.
