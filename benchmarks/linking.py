"""What does it cost to find the securities an article names? `python benchmarks/linking.py`.

* milliseconds for an invented article of 2,000 characters against the whole shipped table: the median of many runs, and
  as a ratio to what nothing can spare, folding the text and one bare pass over it with all names;
* an article of the same length that names nobody;
* the first article against the table and 100,000 invented names more, as a ratio; runs take turns, as machines vary;
* the shipped table read and prepared, in milliseconds.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from ahocorasick_rs import AhoCorasick

from watcher.cli.setup import load_securities
from watcher.folding import fold, narrow
from watcher.link import link_article
from watcher.link.lexicon import Lexicon
from watcher.model import Article, Knowledge, Name

_SENTENCES = (
    "多地披露秋季设备更新补贴的细则，家电与工程机械的订单随之回升，渠道库存降到近两年的低位。",
    "雄帝科技（300546）昨日公告，子公司中标某市证照一体机项目，金额约1.2亿元，工期十个月。",
    "公司称，项目验收后将分三期确认收入，对本年度业绩影响有限；二级市场上，该股盘中一度涨停。",
    "同行里，数字政通、辰安科技和超图软件近期也有项目落地，不过金额都不大，合计不到九千万元。",
    "券商研报认为，地方财政的支出节奏决定了行业的景气度，明年上半年仍是观察的窗口。",
    "宁德时代在投资者交流会上表示，储能电芯的产能利用率保持高位，海外客户的询价在增加。",
    "从需求看，老旧小区改造、县域医疗和校园安全三个方向的预算增长较快，项目周期却在拉长。",
    "记者走访两家门店了解到，消费者更在意售后与安装，对价格的敏感度比去年有所下降。",
    "有分析人士提醒，原材料价格反复，铜与铝的涨幅已经影响到部分厂商的毛利率。",
    "港股方面，腾讯控股跌1.2%，美团与京东涨跌不一；隔夜美股，特斯拉收高3%。",
    "农产品价格总体平稳，新城市建设的标准正在征求意见，机器人下地作业成了展会上的看点。",
)


def main() -> None:
    """Measure and print."""
    began = time.perf_counter()
    securities = load_securities()
    knowledge = securities.knowledge
    Lexicon(knowledge.names)
    print(
        f"table read and prepared      {(time.perf_counter() - began) * 1000:8.0f} ms, {len(securities):,} securities"
    )
    article = invented_article()
    found = link_article(article, knowledge)
    places = sum(len(mention.evidence) for mention in found)
    print(f"article                      {len(article.body):8,} characters, {len(found)} securities in {places} places")
    bare = AhoCorasick(list({fold(name.text) for own in knowledge.names.values() for name in own}))
    nobody = Article(
        title="设备更新细则落地", body="\n".join((_SENTENCES[0], *_SENTENCES[6:9]) * 20)[:2000], format="post"
    )
    more = with_names(knowledge, 100_000)
    linking, silent, passing, crowded = medians_ms(
        lambda: link_article(article, knowledge),
        lambda: link_article(nobody, knowledge),
        lambda: bare.find_matches_as_indexes(fold(narrow(article.body)), overlapping=True),
        lambda: link_article(article, more),
    )
    print(f"linked                       {linking:8.3f} ms, {linking / passing:.1f} times folding it and one bare pass")
    print(f"one that names nobody        {silent:8.3f} ms, {silent / passing:.1f} times")
    print(f"with 100,000 names more      {crowded:8.3f} ms, {crowded / linking:.2f} times without them")


def invented_article() -> Article:
    """2,000 characters of invented news that name securities in some fifteen places, as a median file does."""
    naming, others = _SENTENCES[1:6] + _SENTENCES[9:], (_SENTENCES[0], *_SENTENCES[6:9])
    body = "\n".join((*naming, *others * 20))[:2000]
    return Article(title="设备更新细则落地 多家公司披露订单", body=body, format="post")


def with_names(knowledge: Knowledge, count: int) -> Knowledge:
    """The table with invented names of four characters more."""
    draw = random.Random(5)
    characters = "岚沐澈峦霁砚澜曦珩璟翊澍昀桓泓骁霆煜晟祺禾芮岑冉彤瑾琛珂"
    names = {
        f"{600000 + index}.XX": (
            Name("".join(draw.choices(characters, k=2)) + draw.choice(("科技", "股份", "智造")), "short"),
        )
        for index in range(count)
    }
    return replace(knowledge, names={**names, **knowledge.names})


def medians_ms(*calls: Callable[[], object]) -> list[float]:
    """The medians of many runs of each call, in milliseconds; they take turns of a hundred runs."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(6):
        for call, own in zip(calls, times, strict=True):
            call()  # Makes ready what is kept for one table at a time.
            for _ in range(100):
                began = time.perf_counter()
                call()
                own.append(time.perf_counter() - began)
    return [statistics.median(own) * 1000 for own in times]


if __name__ == "__main__":
    main()
