"""The words of Chinese finance news that tell companies from ordinary words.

Each pattern is tried at one place, or in a window of a few dozen characters, of a folded text.
"""

from __future__ import annotations

import re

_MOVE = (
    "涨(?!跌)|跌(?!宕)|大涨|大跌|暴涨|暴跌|上涨|下跌|拉升|走强|走弱|走高|走低|重挫|跳水|封板|封涨停|封跌停|触及|"
    "触涨停|触跌停|冲高|翻红|翻绿|领涨|领跌|飙升|反弹|"
    "平收|收平|收涨|收跌|收报|收红|收高|收低|高开|低开|升|微升|跟涨|跟跌|挫|急升|急跌|涨停|跌停|停牌|复牌|成交|换手|盘前|"
    "盘后|报\\d|股价|市值|市盈率|涨幅|跌幅|"
    "创(?:历史|年内|阶段|.{1,4}月|.{1,4}年)?新[高低]|[\\d.]+连板|\\d+天\\d+板"
)
_SAID = (
    "扭亏|预盈|公告|宣布|披露|发布|称|表示|回应|指出|透露|承诺|预计|预告|预增|预减|预亏|中标|签订|签署|收购|出售|转让|减持|"
    "增持|回购|定增|募资|分红|派息|送转|"
    "上市|退市|融资|质押|解禁|投资|并购|重组|起诉|被诉|被罚|收到|获(?:得|批|准|机构|评|颁|选|.{0,4}增持)|召开|"
    "聘任|任命|推出|成立|入股|持有|持股|控股|参股|发行|裁员|声明|发文|发帖|法务|合作(?!社)|就[^,。]{1,16}(?:发布|"
    "作出|致歉|道歉|回应)|"
    "扩产|投产|签约|违约|澄清|辟谣|否认|涉嫌|上调|下调|交付|量产|开售|上线|更新|升级|生产|公布|考虑|寻求|同意|"
    "提交|申请|赢得|拿下|售出|开设|关闭|暂停|重启|"
    "要求|警告|面临|推迟|扩大|削减|投入|打造|入选|跻身|超越|超过|占据|位居|居首|排名|守住|稳居|份额|"
    "以[^,。]{1,16}(?:出货|销量|市占|收购|价格|亿|万)|与[^,。]{1,16}(?:签|合作|达成|联合|共同)|"
    "和[^,。]{1,16}(?:签|合作|达成|酝酿|联合|共同)"
)
_WHEN = (
    "昨日|今日|今天|昨晚|今晨|日前|近日|近期|此前|随后|晚间|周[一二三四五六日]|\\d{1,2}月\\d{1,2}日|\\d{1,2}月份?|\\d{1,2}日|"
    "早盘|盘中|午后|尾盘|开盘|收盘|一度|目前|当前|首次|再度|再次"
)
_MAY = (
    "把|已|也|还|则|曾|正|将|拟|计划|可能|或|有望|正在|据悉|据称|据报道|据报|没有|尚未|并未|不|未|仍|又|就|都|均|"
    "双双|分别|直线|快速|跟随|于|在|正式|全面|主动|继续|会|要|想|需|应|能否|为何|如何|最快|最早"
)

COMPANY_AFTER = re.compile(
    rf"""(?:\([^()]{{0,24}}\)|[”"》」』】])?[\s:]?(?:
        (?:a\s?/?\s?h?|h)\s?股 | 股份(?!制) | 股票 | 股东 | 集团 | 公司 | 概念股 | 产业链 | 供应链 | 旗下
      | 子公司 | 总部
        | 创始人 | 创办人 | 董事 | 高管 | 总裁 | ceo | cfo
      | 首席 | 总经理 | 实控人 | 方面 | 有关负责人 | 相关负责人 | 内部人士 | 官方 | 官网 | 官微 | 工厂 | 门店
      | 新机 | 新车 | 手机 | 员工 | 客服 | 电动 | 汽车
      | 固收 | 宏观 | 策略 | 投行 | 研报 | 研究(?:所|院|部|员|团队|报告) | 智能 | 平台 | 股价 | 的?(?:股价|股票
      |股份|回购|市值|财报|业绩|营收|净利|订单|估值|云业务|门店|教训|股东|创始人|高管|ceo)
      | (?:{_WHEN}|{_MAY}){{0,5}}(?:{_MOVE}|{_SAID})
      | 20\d\d\s?(?:财)?年(?:上半年|前三季度|第?[一二三四]季|第[一二三四]财|半年|年报|度|归|营|净|业绩|实现)
      | 上半年 | 前三季度 | [一二三四]季度 | 第[一二三四]财?季 | q[1-4] | 年报 | 半年报 | 季报 | 财报 | 业绩
      | 净利 | 营收 | 归母 | 合并 | 出货
      | [^,。;:、]{{0,8}}(?:首席|分析师|经济学家|策略师)
      | 等(?:外资|内资|机构|公司|企业|券商|银行|个股|标的|巨头|大厂|[多\d一二三四五六七八九十两]+[家只股])
      | (?:'s)?\s(?:corp|inc|cos?|ltd|plc|holdings|shares|stock|revenue|profit|earnings|ceo|chief)\b
      | \s(?:said|says|plans|reported|posted|announced|unveiled|agreed|fell|rose|jumped|slid|gained|climbed|dropped)\b
    )""",
    re.VERBOSE,
)
FIGURE_AFTER = re.compile(r"\s?[\d.]+\s?[万亿千]?(?:辆|台|部|套|港元|美元|元|%|股)")
"""吉利27.3万辆, 腾讯11.67亿元: a figure of its own behind a name."""
MAY_AFTER = re.compile(rf"[”\"》」』】]?\s?(?:{_MAY})")
COMPANY_BEFORE = re.compile(
    r"(?:个股|龙头|股票|公司|股东|标的|概念股|成分股|权重股|标杆企业|上市公司|企业|巨头|厂商|品牌|重仓股?|买入|"
    r"卖出|增持|减持|加仓|减仓|持有|"
    r"收购|参股|控股|入股|投资|举牌|调研|看好|推荐|建议关注|关注|首推|跟踪|龙虎榜|起诉|收到|供应商|客户|用户|旗下|对手|"
    r"联合|携手|(?<![一入])[\u4e00-\u9fff]股)(?:了|的|过|有|为|是|如|包括|例如|:|“|\")*$"
)
COMPANY_PERHAPS_BEFORE = re.compile(
    r"(?:超越|超过|仅次于|供货|采购|合作方|合作|竞争|对|与|同|向|给|由|被|据|让|来自|随着|当年|港股的|a股的|"
    r"美股的|起家的)(?:了|的|过|有|为|是|如|包括|例如|:|“|\")*$"
)
COUNTED_BEFORE = re.compile(
    r"[一两三四五六七八九十几数这那每](?:只|个|条|棵|种|座|片|朵|群|头|颗|枚|匹|盏|仓库|串|束|筐|斤|"
    r"碗)(?:[\u4e00-\u9fff]{0,3}的)?$"
)
"""一只白色的太平鸟: companies are not counted."""
ORDINARY_AFTER = re.compile(
    r"(?:产品|行业|产业(?!链)|市场|价格|期货|板块|概念(?!股)|协会|研究|大会|论坛|时代|领域|技术|企业|业|赛道|主题|"
    r"出口|进口|涨跌|期价|"
    r"应用|发电|用户|需求|供应(?!链)|批发|贸易|加工|种植|系统|工程|建设|体系|模式|服务|流通|消费|们|和谐|能力|"
    r"电站|电池板?|组件|租赁|"
    r"\s(?:rainforest|basin|river|rules?|growers?|prices?|requirements?|appli\w+|countries|for|of)\b|"
    r"形|玩偶|玩具|每(?:斤|公斤|吨)|的(?!股价|股份|股票|回购|市值|财报|业绩|营收|净利|订单|估值|门店|教训|股东|"
    r"份额|创始人|高管|ceo|云业务))"
)
_PARTNER_NAMES = "大众 通用 日产 本田 丰田 奔驰 现代汽车 福特 马自达 雪铁龙 标致 三菱 悦达 五菱 菲克".split()
_PARTNERS = f"-?(?:{'|'.join(_PARTNER_NAMES)})"
_FINANCE_HOUSE = (
    "基金|期货|资管|资产|信托|证券|银行|保险|人寿|财险|租赁|资本|创投|地产|置业|置地|物业|控股|文旅|影业|航空|股份"
)
OTHER_NAME_AFTER = re.compile(
    rf"(?:[a-z0-9]|[\u4e00-\u9fff](?![涨跌升挫报收])){{0,8}}?(?:指数|etf)|"
    rf"(?!旗下|系列)(?:[\u4e00-\u9fff]{{2}})?(?:{_FINANCE_HOUSE})(?!板块|概念)|"
    rf"(?:{_PARTNERS})|"
    r"\s?(?:就业|非农|(?:公布|发布)?[^。;\n]{0,14}pmi)|"
    r"[\u4e00-\u9fff]{1,8}(?:有限公司|有限责任公司|集团公司|总公司|机械厂|鞋厂|酒店|宾馆|学会|协会|联盟|大学|医院|"
    r"管理局|工作者|专家|事业)|"
    r"(?:集团(?!股份|有限)|投资管理|资产管理|路(?![演由])|街道?|大街|大道|广场|大厦|大桥|先生|女士|大姐|小区)"
)
"""中信碳中和指数, 格力地产, 中信保诚基金: a short form at the beginning of a longer name is not its bearer."""
PARTNER_AFTER = re.compile(_PARTNERS)
"""上汽大众, 东风日产, 长安福特: joint ventures."""
FUND_AFTER = re.compile(r"(?:基金|期货)(?!板块|概念|业|市场)")
"""华夏基金, 中信期货: houses of their own, whatever the name before."""
OTHER_HOUSE_BEGINS = frozenset("-基期" + "".join(name[0] for name in _PARTNER_NAMES))
"""With what the two patterns above can begin."""
QUOTED_ON_AFTER = re.compile(r"[\u4e00-\u9fff]{1,8}”")
"""“长城云数”: within quotation marks stands the whole of a name."""
OTHER_NAME_BEFORE = re.compile(r"中国$")
PERSON_BEFORE = re.compile(r"(?:分析[师员]|经济学家|研究员|基金经理|记者|策略师|首席|总监|教授|主播|演员|歌手|导演)$")
"""分析师久立认为: what follows is a person."""
IN_TITLE_OF_WORK = re.compile(r"《[^《》]*$")
"""《长安的荔枝》: a film, a book, a regulation."""
GOODS_NEAR = re.compile(
    r"主力合约|[菜豆]粕|鸡蛋|红枣|玉米|棉花|白糖|花生|生猪|小麦|稻谷|大豆|沪[铜铝锌镍锡]|螺纹钢|铁矿石|焦[炭煤]|纯碱|"
    r"[\d一二三四五六七八九十]块|一斤|每斤|公斤|脱粒|丰收|枝头|果农|果园|亩产|田里|种植"
)
"""What 苹果 and 小米 stand among where they are a fruit and a grain."""
SOURCE_BEFORE = re.compile(r"(?:据|来自|来源|来源:|根据|,|\A)\s*$")
DATA_OF_ALL_BEFORE = re.compile(r"、$")
DATA_OF_ALL_AFTER = re.compile(r"(?:专业版)?数据显示")
"""灯塔、猫眼数据显示: the last of several data houses."""
SOURCE_AFTER = re.compile(
    r"\s?(?:app|软件|ifind|choice|wind|数据(?:显示|中心|终端|统计)?|统计|财经|网|金融终端|资讯|显示)", re.IGNORECASE
)
PLACE_BEFORE = re.compile(r"(?:在|于|登陆|赴|从|通过|其|个人|官方|上|发)$")
PLACE_AFTER = re.compile(
    r"(?:主板|全球|创业板|交易所|证券交易所|当[天日]|[昨今][天日]|随后)?(?:上市|挂牌|交易|退市|发文|发布|上|公告|递表|递交|聆讯|称|表示|回应|透露|平台|账号|热搜|"
    r"披露易)"
)
"""在纳斯达克上市, 在微博称: a place where things are said or traded."""
BUSINESS_WORDS = (
    "a股 h股 股价 股份 公司 市值 涨停 跌停 亿元 万元 亿美元 亿港元 净利 营收 营业收入 毛利 业绩 财报 财季 季度 "
    "公告 证券 上市 董事 股东 机构 券商 研报 "
    "分析师 评级 目标价 融资 订单 产能 销量 出货 交付 车企 品牌 厂商 巨头 龙头 ceo 高管 收购 投资 门店 网店 "
    "市场份额 持股 重仓 票房 爆款 换手率 净买入 "
    "净卖出 减产 芯片 机型 港股 美股 大厂 iphone airpods ipad 涨超 涨近 涨逾 涨幅 跌超 跌近 跌逾 跌幅 "
    "万辆 车厂 同比 环比 概念股 扭亏 预增 预减 恒指 纳指 道指 "
    "shares revenue profit earnings investors analysts mln bln inc. corp. patent antitrust lawsuit"
).split()
MOVE_NEAR = re.compile(r"[涨跌升]\s?[\d.]+%")
_SEPARATOR = r"[、，,；;和及与以/|\s]"
FARTHEST_LISTED = 40
"""So far from each other stand two names of one list, a code in brackets and a price between them."""
BETWEEN_LISTED = re.compile(
    rf"(?=[^、，,；;和及与/|\s]*{_SEPARATOR})(?:\([^()]*\)|[、，,；;和及与以/|"
    rf"\s\d.%+\-~*”\"》等均也双分别已今一度涨跌升降挫逾超近约幅停大微高低收报开封板直线拉飙重反弹ahb股港美元亿万点为至多还有])+"
)
TOLD_WHEN_BEFORE = re.compile(rf"(?:{_WHEN}|中|上|而|和|与|及|以及|看|股)$")
"""今日机器人涨停: what may stand before a company's name without making a longer word of it (人形机器人)."""
