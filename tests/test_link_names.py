"""Names told from ordinary words, by what stands beside them. All texts are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.build import SECURITIES, article, knowledge
from watcher.cli.setup import with_names
from watcher.link import Securities, link_article
from watcher.model import Mark, Name, Security

EVERYTHING = knowledge()


def symbols(text: str, published: date | None = None) -> list[str]:
    told = replace(article(body=text), published_at=published)
    return [mention.symbol for mention in link_article(told, EVERYTHING)]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("机器人（300024）中标一单。", "300024.SZ"),
        ("机器人公告，拟回购股份。", "300024.SZ"),
        ("老百姓、益丰药房、大参林涨停。", "603883.SH"),
        ("数字政通、新城市、超图软件、辰安科技等跌超5%。", "300778.SZ"),
        ("苹果公司股价创新高，市值突破三万亿美元。", "AAPL.US"),
        ("公司向苹果供货，订单增长。", "AAPL.US"),
        ("步步高涨逾7%，公司公告业绩。", "002251.SZ"),
        ("博通涨 3.35%，美光科技再创新高。", "AVGO.US"),
        ("港股敏实集团、耐世特有结构件的订单。", "01316.HK"),
        ("高通与苹果续约，将供应基带。", "AAPL.US"),
        ("权重股前三为汇丰、友邦、吉利，公司市值合计占四分之一。", "01299.HK"),
        ("旭辉公告，汇丰旗下基金为持有人之一，公司股价走高。", "00005.HK"),
        ("渣打银行大中华区首席经济学家认为，公司业绩可期。", "02888.HK"),
        ("传统车厂里，吉利27.3万辆，同比增长两成，销量居前。", "00175.HK"),
        ("太阳能（000591）为太阳能概念股，公司股价走高。", "000591.SZ"),
    ],
)
def test_ordinary_word_counts_where_something_beside_it_speaks_of_a_company(text: str, symbol: str) -> None:
    assert symbol in symbols(text)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("农产品价格平稳，机器人下地作业。", "000061.SZ"),
        ("人形机器人产业链公司的订单增长，业绩可期。", "300024.SZ"),
        ("老百姓的获得感更强了，公司业绩也好。", "603883.SH"),
        ("线上线下消费融合，公司营收增长。", "300959.SZ"),
        ("院子里种着两棵苹果树，果商的订单不少，公司前来收购。", "AAPL.US"),
        ("放飞一只白色的太平鸟，公司业绩不错，机构看好。", "603877.SH"),
        ("江苏省银行业协会、江苏银行业协会发布公告，公司业绩。", "600919.SH"),
        ("中国新能源汽车的销量增长，公司业绩可期。", "600617.SH"),
        ("首席经济学家李迅雷认为，公司的业绩与股价都会回升。", "XNET.US"),
        ("据同花顺数据显示，公司股价上涨，业绩可期。", "300033.SZ"),
        ("纳斯达克中国金龙指数涨1%，公司股价上涨。", "NDAQ.US"),
        ("公司在纳斯达克上市，市值百亿美元。", "NDAQ.US"),
        ("长城基金、中信期货的业绩与公司股价", "601633.SH"),
        ("演员哈里森·福特的新片上映，公司票房业绩", "F.US"),
        ("农产品多数飘绿，菜粕跌1.2%、苹果跌0.8%、鸡蛋跌0.5%，公司业绩承压。", "AAPL.US"),
        ("沁州的小米刚刚脱粒，公司前来收购，订单不少。", "01810.HK"),
        ("上汽大众、东风日产仍在降价，公司销量下滑，股价走低。", "600104.SH"),
        ("《长安的荔枝》票房过亿，公司股价与业绩可期。", "LIZI.US"),
        ("美国7月ADP就业人数增加10万人，公司股价走高。", "ADP.US"),
        ("太阳能概念股走高，公司股价创新高。", "000591.SZ"),
        ("香港航天科技(01725.HK)挫11%，公司股价走低。", "000901.SZ"),
        ("广发银行申请冻结公司存款，公司股价走低。", "000776.SZ"),
        ("波音公司官方微博当天发文祝贺，公司股价走高。", "WB.US"),
        ("BRASILIA, Nov 26 (Reuters) - Nvidia shares fell.", "NOV.US"),
        ("Fires in the Amazon rainforest fell 10%, Nvidia said.", "AMZN.US"),
    ],
)
def test_ordinary_word_does_not_count_where_it_is_one(text: str, symbol: str) -> None:
    assert symbol not in symbols(text)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("XD中国神（601088）今日除息", "601088.SH"),
        ("DR宁德时今日除权，股价报价调整", "300750.SZ"),
        ("*ST景峰收到监管函", "000908.SZ"),
        ("ST罗顿发布年报", "600209.SH"),
        ("一 心 堂获机构调研", "002727.SZ"),
        ("一心堂获机构调研", "002727.SZ"),
    ],
)
def test_signs_of_the_exchange_leave_a_name_what_it_is(text: str, symbol: str) -> None:
    assert symbol in symbols(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("中国平安今日涨2%。", ["601318.SH"]),
        ("港股方面，恒生指数走高，中国平安涨2%。", ["02318.HK"]),
        ("恒生指數走高，中國平安升2%。", ["02318.HK"]),
        ("中国平安H股涨2%。", ["02318.HK"]),
        ("中国平安ADR大涨。", ["PNGAY.US"]),
        ("中国平安(02318.HK)公告。", ["02318.HK"]),
        ("热门中概股普涨，晶科能源涨5%。", ["JKS.US"]),
        ("晶科能源涨5%。", ["688223.SH"]),
        ("阿里巴巴(BABA)公布财报。", ["BABA.US"]),
        ("三桶油跌幅收窄。", ["600028.SH", "600938.SH", "601857.SH"]),
        ("沪深300调出若干股。恒生指数季检，中国电信获纳入。", ["00728.HK"]),
        ("美团(3690)与小米(01810)走高。", ["01810.HK", "03690.HK"]),
        ("任天堂公布财报。", ["7974.T"]),
        ("中芯国际A股涨5%，H股涨8%，H股股价创历史新高。", ["00981.HK", "688981.SH"]),
        ("中国平安A/H股双双大涨。", ["02318.HK", "601318.SH"]),
        ("机构把目标价上调至150港元。\n理想汽车跟进降价。", ["LI.US"]),
        ("中国平安A股涨2%。招商银行H股跌1%。", ["03968.HK", "601318.SH"]),
        ("The blue-chip CSI300 rose. BYD climbed 2%. In Hong Kong, the Hang Seng added 0.5%.", ["002594.SZ"]),
    ],
)
def test_line_of_the_company_follows_from_what_is_spoken_of(text: str, found: list[str]) -> None:
    assert sorted(symbols(text)) == found


def test_security_counts_from_its_first_day_of_trading() -> None:
    """首创证券 was quoted as a broker long before it was a stock; what had only one line then means that."""
    assert symbols("首创证券认为，行情可期。", date(2022, 5, 30)) == []
    assert symbols("首创证券认为，行情可期。", date(2023, 5, 30)) == ["601136.SH"]
    assert symbols("百济神州在美股涨6%。", date(2024, 8, 1)) == ["BGNE.US"]
    assert symbols("美的集团公告。恒生指数走高，美的集团涨3%。", date(2024, 8, 1)) == ["000333.SZ"]


def test_alias_means_the_line_that_its_user_gave_it_to_whatever_else_is_said() -> None:
    table = with_names(SECURITIES, "alias", [("宁王", "03750.HK"), ("老大", "600030.SH")])
    told = article(body="宁王今日A股涨停，创业板指涨3%。老大一季报净利增长，港股涨2%。")

    assert [mention.symbol for mention in link_article(told, table.knowledge)] == ["03750.HK", "600030.SH"]
    assert (table.resolve("宁王"), table.resolve("老大")) == ("03750.HK", "600030.SH")


def test_shares_that_were_given_another_number_keep_the_one_they_have_here() -> None:
    """Beijing renumbered all its shares on 2025-10-09; markup, codes and names of both times are one security."""
    body = "贝特瑞中标一单。"
    told = replace(article(body=body), marks=(Mark("920185.BJ", "贝特瑞", 0, 3),))

    assert [mention.symbol for mention in link_article(told, EVERYTHING)] == ["835185.BJ"]
    assert (
        SECURITIES.resolve("920185.BJ") == SECURITIES.resolve("BJ920185") == SECURITIES.resolve("贝特瑞") == "835185.BJ"
    )


def test_code_in_brackets_is_evidence_once() -> None:
    (mention,) = link_article(article(body="小米(01810)跌1.8%"), EVERYTHING)

    assert [(one.term, one.how) for one in mention.evidence] == [("小米", "name"), ("01810", "code")]


def saliences(text: str, title: str | None = None) -> dict[str, str]:
    return {mention.symbol: mention.salience for mention in link_article(article(title, text), EVERYTHING)}


@pytest.mark.parametrize(
    ("text", "salience"),
    [
        ("騰訊(00700.HK)報338.4元，跌近2%；美團(03690.HK)報131.6元，網易(09999.HK)報184.1元。", "listed"),
        ("南下资金买入腾讯控股(700)11.67亿元、快手(1024)8.19亿元、小米集团(1810)4.84亿元。", "listed"),
        ("腾讯控股(00700.HK) | 买入 | 84元\n快手(01024.HK) | 买入 | 87元\n美团(03690.HK) | 中性 | 26元", "listed"),
        ("腾讯解禁170亿元，快手解禁120亿元，美团解禁100亿元。", "listed"),
        ("恒生指数收涨0.8%，盘面上成交回升，腾讯控股获净买入，快手走高。", "listed"),
        ("腾讯和网易正在缩减对日本工作室的投资。", "subject"),
        ("公司公告，与腾讯控股签订合作协议；腾讯控股的订单将在下半年交付，快手另有计划。", "peer"),
    ],
)
def test_salience_of_one_among_several(text: str, salience: str) -> None:
    assert saliences(text)["00700.HK"] == salience


def test_title_of_a_roundup_makes_no_subject() -> None:
    names = (
        "贵州茅台、五粮液、泸州老窖、洋河股份、山西汾酒、古井贡酒、今世缘、口子窖、舍得酒业、酒鬼酒、水井坊、老白干酒"
    )

    assert saliences(f"{names}等跟涨。贵州茅台收高。", "贵州茅台涨2% 白酒板块走强")["600519.SH"] == "peer"
    assert saliences("五粮液跟涨。贵州茅台收高。", "贵州茅台涨2% 白酒板块走强")["600519.SH"] == "subject"


def test_markup_of_an_ordinary_word_is_not_believed() -> None:
    """Publishers tag by machine: 线上线下 in the middle of a sentence about shopping."""
    body = "推动线上线下消费融合发展。"
    told = replace(article(body=body), marks=(Mark("300959.SZ", "线上线下", 2, 6),))

    assert link_article(told, EVERYTHING) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("代码\t买入\n00700\t18.3\n00883\t6.4", ["00700.HK", "00883.HK"]),
        ("腾讯（HK:700）", ["00700.HK"]),
        ("自选是 BRK.B 与 $NVDA", ["BRK.B.US", "NVDA.US"]),
        ("某联接基金C类（000651）规模翻番", []),
        ("报错代码600519，邮编300546", []),
        ("00700人到场", []),
        ("小米(01810)跌1.8%", ["01810.HK"]),
        ("明星产品如华夏成长（000001），这只基金净值回升", []),
        ("代码\t股数\t占比\n600519\t002415\t13.9%", ["600519.SH"]),
        ("（港交所：00700）公告，（上交所：600519）公告", ["00700.HK", "600519.SH"]),
        ("股份代號：1211", ["01211.HK"]),
        ("（纽约证券交易所代码：BABA及香港联交所代码：9988）", ["BABA.US", "09988.HK"]),
        ("hk00981净买入5亿", ["00981.HK"]),
        (
            "SSE: 600519, 000001 CH Equity, 700 HK Equity, INTC.OQ, NYSE: BRK-B",
            "600519.SH 000001.SZ 00700.HK INTC.US BRK.B.US".split(),
        ),
        ("2024年股份：1211万股，交易所：300家", []),
        ("贝特瑞(920185.BJ)与诺思兰德（920047）涨停", ["835185.BJ", "430047.BJ"]),
    ],
)
def test_codes_count_where_something_says_that_they_are(text: str, found: list[str]) -> None:
    assert symbols(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "中信" * 50_000,
        "苹果(" * 33_000,
        "苹果" + "今日已将正" * 20_000,
        "*st" * 33_000,
        "平安、" * 33_000,
        "苹果一度" + "一度均再" * 25_000,
        "平安" + " " * 100_000 + "长城",
        "“平安”" * 25_000,
        "①平安" * 33_000,
        "小米(01810)" * 11_000,
        "腾讯控股(00700.HK) | 买入 | 84元\n" * 4_000,
    ],
    ids=["words", "brackets", "times", "signs", "list", "moves", "blanks", "quotes", "circles", "codes", "rows"],
)
@pytest.mark.timeout(20)
def test_hundred_thousand_hostile_characters_do_not_hang(text: str) -> None:
    link_article(article(text[:200], text), EVERYTHING)


@pytest.mark.parametrize(
    ("title", "body", "salience"),
    [
        ("雄帝科技中标一单", "雄帝科技公告，中标一单。", "subject"),
        (None, "雄帝科技公告，中标一单，金额一亿元。", "subject"),
        ("板块走强", "电子证照板块走强，数字政通、雄帝科技、辰安科技涨停。", "listed"),
        ("板块走强", "电子证照板块走强。\n雄帝科技在业绩会上说，订单饱满。\n数字政通的项目也已开工。", "peer"),
        ("板块走强", "证券简称\t涨幅\n雄帝科技\t5%\n数字政通\t3%", "listed"),
        ("某公司上市", "某公司的份额仅次于雄帝科技。数字政通也是同行，辰安科技则不是。", "passing"),
    ],
)
def test_salience_tells_how_central_a_security_is(title: str | None, body: str, salience: str) -> None:
    mentions = {mention.symbol: mention.salience for mention in link_article(article(title, body), EVERYTHING)}

    assert mentions["300546.SZ"] == salience


def test_broker_asked_for_its_opinion_is_named_in_passing() -> None:
    told = article("白酒走强", "贵州茅台涨3%，五粮液涨2%。\n中信证券分析师认为，估值已回到低位。")

    assert {one.symbol: one.salience for one in link_article(told, EVERYTHING)}["600030.SH"] == "passing"


def test_name_that_nobody_has_judged_is_judged_by_the_dictionary() -> None:
    table = Securities([Security("1.SZ", "砚岚智造"), Security("2.SZ", "前景"), Security("3.SZ", "前景", loose=False)])

    assert [one.symbol for one in link_article(article(body="砚岚智造的前景"), table.knowledge)] == ["1.SZ"]
    assert SECURITIES.name("300546.SZ") == "雄帝科技"
    assert Name("前景").loose is None
