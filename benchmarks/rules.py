"""What do many rules cost? One run over invented articles: `python benchmarks/rules.py [--stored 100000]`.

* matching the same articles against 100 and against 10,000 rules: where the further rules hold for none of them, and
  where they hold for as many as their number makes likely; and against `any(term in text)` for each rule;
* a backtest of 100 rules over stored articles, as `watcher watchlist test` does it (with --stored).
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from watcher.folding import fold
from watcher.match import match_rules
from watcher.match.backtest import Backtest
from watcher.model import Article, Knowledge, Rule
from watcher.query import parse_query
from watcher.store import Store, open_reader

_SYLLABLES = (
    "安百宝成创达大东方飞丰富高格光广国海恒宏华汇佳嘉金锦京凯康科蓝力联龙美明南能宁鹏"
    "奇启乾瑞润三森盛世泰天通同万维祥新信兴雅亿永宇元远跃云泽展正智中卓"
)
_VERBS = "减持 增持 回购 质押 中标 签约 停产 投产 扩产 涨价 降价 立案 处罚 诉讼 重组 分红".split()
_FILLER = "公司表示该事项尚需提交股东大会审议，能否通过存在不确定性，请投资者注意风险，并关注后续披露的进展情况。"
_CHARACTERS = 1_200
_NAMES = 50_000
"""About as many as there are listed companies with all that they are called."""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=2_000)
    options.add_argument("--stored", type=int, default=0, help="articles for the backtest: minutes for 100,000")
    chosen = options.parse_args()
    chance = random.Random(20261121)
    words = ["".join(chance.choices(_SYLLABLES, k=4)) for _ in range(_NAMES)]
    few = make_rules(chance, words[:300], 100)
    many = (*few, *make_rules(chance, words[300:], 9_900))
    print(f"articles of about {_CHARACTERS:,} characters that name five companies, the best of three rounds")
    for told, names in (("whom the 100 rules watch", words[:300]), ("any of all", words)):
        articles = [make_article(chance, names) for _ in range(chosen.articles)]
        seconds = []
        for name, rules in (("100 rules", few), ("10,000 rules", many)):
            knowledge = Knowledge(rules=rules)
            held = sum(len(match_rules(article, (), knowledge)) for article in articles) / len(articles)
            seconds.append(measure(articles, lambda article, known=knowledge: match_rules(article, (), known)))
            line = f"{name}, companies {told}"
            print(f"{line:<48}{1000 * seconds[-1] / len(articles):8.3f} ms an article, {held:.2f} rules hold")
        print(f"{'ratio':<48}{seconds[1] / seconds[0]:8.2f}")
    for name, rules in (("100 rules", few), ("10,000 rules", many)):
        terms = [[fold(word) for word in rule.keywords] for rule in rules]
        naive = measure(articles[:200], lambda article, terms=terms: search(article, terms)) * len(articles) / 200
        print(f"{'any(term in text), ' + name:<48}{1000 * naive / len(articles):8.3f} ms an article")
    if chosen.stored:
        print_backtest(chance, words, chosen.stored, few)


def make_article(chance: random.Random, words: Sequence[str]) -> Article:
    """Invented: one company that it is about, four others beside it, as in a report of usual length."""
    subject, *others = chance.sample(words, 5)
    pieces: list[str] = []
    length = 0
    while length < _CHARACTERS:
        name = subject if chance.random() < 0.6 else chance.choice(others)
        piece = f"{name}今日公告拟{chance.choice(_VERBS)}，涉及金额{chance.randrange(1, 99)}亿元，{_FILLER}"
        pieces.append(piece)
        length += len(piece)
    return Article(title=pieces[0][:20], body="".join(pieces), format="post", publisher="样例快讯", language="zh")


def make_rules(chance: random.Random, words: Sequence[str], count: int) -> tuple[Rule, ...]:
    """Three of four are lists of words, the others queries."""
    rules = []
    for number in range(count):
        keywords = tuple(chance.sample(words, 3))
        query = None
        if number % 4 == 0:
            query = parse_query(f"({' OR '.join(keywords)}) NEAR/20 {chance.choice(_VERBS)} NOT title:传闻 金额>=10亿")
            keywords = ()
        rules.append(Rule(f"rule {number}", keywords=keywords, exclude=("辟谣",), query=query))
    return tuple(rules)


def measure(articles: Sequence[Article], judge: Callable[[Article], object]) -> float:
    """Seconds for all of them, the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        for article in articles:
            judge(article)
        best = min(best, time.perf_counter() - started)
    return best


def search(article: Article, terms: Sequence[Sequence[str]]) -> list[int]:
    """What somebody writes in a minute: no places, no boundaries, no queries."""
    text = fold(f"{article.title} {article.body}")
    return [index for index, own in enumerate(terms) if any(term in text for term in own)]


def print_backtest(chance: random.Random, words: Sequence[str], count: int, rules: tuple[Rule, ...]) -> None:
    """Store so many articles, then test the rules on them."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "news.db"
        Store(path).close()
        fill(path, chance, words, count)
        reader = open_reader(path)
        test = Backtest(Knowledge(rules=rules), "Asia/Shanghai")
        started = time.perf_counter()
        for one in reader.recalled_since("2000-01-01"):
            test.add(one.article_id, one.story_id, one.seen_at, one.article, one.mentions)
        taken = time.perf_counter() - started
        reader.close()
        alerts = sum(tally.alert_count for tally in test.tallies.values())
        print(f"backtest, {len(rules)} rules, {count:,} stored articles: {taken:.1f} s, {alerts:,} alerts")


def fill(path: Path, chance: random.Random, words: Sequence[str], count: int) -> None:
    """Articles straight into the tables: how they came there is not what is measured."""
    import sqlite3

    now = datetime.now(UTC).isoformat(timespec="seconds")
    db = sqlite3.connect(path)
    for number in range(1, count + 1):
        article = make_article(chance, words)
        db.execute(
            """insert into articles (id, content_hash, body_hash, title, body, publisher, language, created_at)
               values (?, ?, ?, ?, ?, ?, ?, ?)""",
            [number, str(number), str(number), article.title, article.body, article.publisher, "zh", now],
        )
    db.commit()
    db.close()


if __name__ == "__main__":
    main()
