import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from watcher.errors import ConfigError
from watcher.model import Folder, ReaderMapping, Rule
from watcher.settings import (
    ChannelSettings,
    SecurityLookup,
    Settings,
    effective,
    find_config,
    load_settings,
    load_watchlist,
    refusal,
)
from watcher.settings.models import FolderEntry, ReaderEntry, RuleEntry, WatcherFile

SHIPPED = Path(__file__).parent.parent / "config"

SMALL = """
folders:
  - path: inbox
channels:
  - name: screen
    type: console
  - name: log
    type: jsonl
    path: data/alerts.jsonl
"""


def load_rules(path: Path, channels: list[str], securities: SecurityLookup) -> tuple[Rule, ...]:
    read = load_watchlist(path, channels, securities)
    if read.complaints:
        raise refusal(read.complaints)
    return read.rules


class FewSecurities:
    """Knows a handful of securities by code, by code with the exchange in front, and by name."""

    symbols: ClassVar = {
        "雄帝科技": "300546.SZ",
        "数字政通": "300075.SZ",
        "辰安科技": "300523.SZ",
        "南威软件": "603636.SH",
        "贵州茅台": "600519.SH",
        "宁德时代": "300750.SZ",
        "平安银行": "000001.SZ",
        "蔚来": "NIO.US",
        "腾讯控股": "00700.HK",
        "英特尔": "INTC.US",
        "安森美": "ON.US",
    }

    def resolve(self, text: str) -> str | None:
        for name, symbol in self.symbols.items():
            code, exchange = symbol.split(".")
            if text in (name, symbol, code, exchange + code):
                return symbol
        return None

    def near(self, text: str) -> list[str]:
        return [f"{name} {symbol}" for name, symbol in self.symbols.items() if name[:2] == text[:2]]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The current folder of somebody who has no configuration anywhere yet."""
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return home


@pytest.fixture
def load(home):
    """Loads the two files as given here, the watchlist beside the config file."""

    def load(watcher: str | bytes = SMALL, watchlist: str | bytes = "", **environment: str) -> Settings:
        for name, text in (("watcher", watcher), ("watchlist", watchlist)):
            content = text.encode() if isinstance(text, str) else text
            Path(f"config/{name}.yaml").write_bytes(content)
        return load_settings(Path("config/watcher.yaml"), environment=environment, securities=FewSecurities())

    return load


@pytest.fixture
def complaints(load):
    """All that is wrong with the two files."""

    def complaints(watcher: str | bytes = SMALL, watchlist: str | bytes = "", **environment: str) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            load(watcher, watchlist, **environment)
        return refused.value.complaints

    return complaints


def rule_of(load, text: str) -> Rule:
    """The only rule, called ``r``, with the keys in `text`."""
    return load(watchlist=f"rules:\n  - name: r\n    {text}\n").rules[0]


# --- What the files become ---------------------------------------------------------------------------------


def test_the_smallest_config_has_every_default(load, home):
    assert load("folders: [inbox]") == Settings(
        config_path=home / "config/watcher.yaml",
        watchlist_path=home / "config/watchlist.yaml",
        watchlist_files=(home / "config/watchlist.yaml",),
        database=home / "data/news.db",
        timezone="Asia/Shanghai",
        folders=(Folder(path=str(home / "inbox")),),
        channels=(),
        readers=(),
        rules=(),
        settle_seconds=2.0,
        rescan_seconds=60.0,
        max_bytes=8 * 1024 * 1024,
        parse_seconds=10.0,
        workers=2,
        baseline_files=100,
        max_age=None,
        origins={
            "database": "default",
            "timezone": "default",
            "watchlist": "default",
            "settle_seconds": "default",
            "rescan_seconds": "default",
            "max_bytes": "default",
            "parse_seconds": "default",
            "workers": "default",
            "baseline_files": "default",
            "max_age": "default",
            "folders.0": "config/watcher.yaml:1",
            "folders.0.path": "config/watcher.yaml:1",
            "folders.0.timezone": "default",
        },
    )


def test_a_folder_may_say_everything_about_its_files(load, home):
    settings = load(
        """
timezone: UTC
folders:
  - path: inbox
  - path: /srv/wire
    include: ["*.html", "*.txt"]
    ignore: draft*
    recursive: off
    source: 财联社
    encoding: gb2312
    timezone: America/New_York
"""
    )

    assert settings.folders == (
        Folder(path=str(home / "inbox"), timezone="UTC"),
        Folder(
            path="/srv/wire",
            include=("*.html", "*.txt"),
            ignore=("draft*",),
            recursive=False,
            source="财联社",
            encoding="gb2312",
            timezone="America/New_York",
            agency_timezone="America/New_York",
        ),
    )


def test_channels_keep_their_order_and_find_their_files(load, home):
    assert load().channels == (
        ChannelSettings("screen", "console"),
        ChannelSettings("log", "jsonl", home / "data/alerts.jsonl"),
    )


def test_a_reader_says_where_the_fields_stand(load):
    """The order is that of the file; the first that fits reads."""
    settings = load(
        SMALL
        + """
readers:
  - match: "flash-*.json"
    items: data.list
    title: data.headline
    body: data.content
    date: at
    id: 编号
  - {match: "*.csv", body: 全文}
"""
    )

    assert settings.readers == (
        ReaderMapping(
            "flash-*.json",
            "data.list",
            (("title", "data.headline"), ("body", "data.content"), ("date", "at"), ("id", "编号")),
        ),
        ReaderMapping("*.csv", None, (("body", "全文"),)),
    )


def test_a_reader_that_can_find_nothing_is_refused_with_its_place(complaints):
    readers = """\
folders: [a]
readers:
  - match: "*.json"
    date: at
  - match: "*.json"
    title: data..headline
    sumary: x
  - {match: "*.JSON", title: a}
  - title: a
  - match: "*.txt"
    body: .
"""

    assert complaints(readers) == [
        'config/watcher.yaml:3:5: readers.0: can never find an article: give it "title", "body" or both',
        'config/watcher.yaml:5:12: readers.1.match: "*.json" is there twice, first in line 3',
        'config/watcher.yaml:6:12: readers.1.title: "data..headline" is no path: write the keys on the way with one '
        "dot between them, such as data.list",
        'config/watcher.yaml:7:5: readers.1.sumary: unknown key "sumary", did you mean "summary"?',
        'config/watcher.yaml:9:5: readers.3: "match" is missing',
        'config/watcher.yaml:11:11: readers.4.body: "." is no path: write the keys on the way with one dot '
        "between them, such as data.list",
    ]


def test_only_a_zone_of_its_own_holds_for_agency_formats(load):
    """Agencies write UTC; that our other news is of Shanghai says nothing about them."""
    settings = load("timezone: Asia/Shanghai\nfolders:\n  - path: a\n  - path: b\n    timezone: Europe/Rome\n")

    assert [folder.agency_timezone for folder in settings.folders] == ["UTC", "Europe/Rome"]


def test_readers_are_shown_with_where_they_were_written(load):
    rows = effective(load("folders: [a]\nreaders:\n  - match: x\n    title: t.h\n"))

    assert [row for row in rows if row[0].startswith("readers.")] == [
        ("readers.0.match", "x", "config/watcher.yaml:3"),
        ("readers.0.items", None, "default"),
        ("readers.0.title", "t.h", "config/watcher.yaml:4"),
    ]


def test_a_rule_names_its_stocks_by_symbol_and_once(load):
    watchlist = """
rules:
  - name: 数字政府
    stocks: [300075, SZ300546, 辰安科技, 数字政通]
    keywords: [电子证照]
    require: [中标, 公告]
    exclude: 预测
    severity: high
    channels: [log]
    max_age: P1DT12H
"""

    assert load(watchlist=watchlist).rules == (
        Rule(
            name="数字政府",
            stocks=("300075.SZ", "300546.SZ", "300523.SZ"),
            keywords=("电子证照",),
            require=("中标", "公告"),
            exclude=("预测",),
            severity="high",
            channels=("log",),
            max_age=timedelta(days=1, hours=12),
        ),
    )


def test_two_rules_may_share_a_term(load):
    rules = load(watchlist="rules: [{name: a, keywords: x}, {name: b, keywords: [x], exclude: Y}]").rules

    assert rules == (Rule(name="a", keywords=("x",)), Rule(name="b", keywords=("x",), exclude=("Y",)))


@pytest.mark.parametrize("watchlist", ["", "# nothing yet\n", "rules:\n", "rules: []\n"])
def test_a_watchlist_may_be_empty(load, watchlist):
    assert load(watchlist=watchlist).rules == ()


def test_a_watchlist_can_be_read_by_itself(home):
    Path("mine.yaml").write_text("rules: [{name: r, stocks: 蔚来, channels: [phone]}]")

    assert load_rules(Path("mine.yaml"), {"phone"}, FewSecurities()) == (
        Rule(name="r", stocks=("NIO.US",), channels=("phone",)),
    )
    with pytest.raises(ConfigError) as refused:
        load_rules(Path("mine.yaml"), {"screen"}, FewSecurities())
    assert refused.value.complaints == [
        'mine.yaml:1:42: rules.0.channels.0: "phone" is no channel of watcher.yaml; defined are screen'
    ]


@pytest.mark.parametrize(
    ("written", "size"),
    [("8388608", 8388608), ("8 MiB", 8388608), ("500 KB", 500_000), ("1gib", 2**30), ("20 B", 20)],
)
def test_a_size_may_have_a_unit(load, written, size):
    assert load(f"{SMALL}\nmax_bytes: {written}").max_bytes == size


@pytest.mark.parametrize("written", ["1,000", "8 MiB x", "-5", "1.5 MB", "8 MiX", "many"])
def test_a_size_is_never_guessed(complaints, written):
    """What pydantic's ByteSize reads as 1 byte and 8 MiB in the first two."""
    assert re.fullmatch(
        r"config/watcher\.yaml:11:12: max_bytes: must be a number of bytes such as 8388608, 500 KB "
        r"or 8 MiB, not .*",
        *complaints(f"{SMALL}\nmax_bytes: {written}"),
    )


# --- YAML as people mean it --------------------------------------------------------------------------------


def test_codes_need_no_quotes(load):
    """The usual loader makes 1, 448 and True of these."""
    rule = rule_of(load, "stocks: [000001, 00700, ON]")

    assert rule.stocks == ("000001.SZ", "00700.HK", "ON.US")


@pytest.mark.parametrize("term", ["ON", "no", "22:30", "2024-01-02", "1e3", "0x1F", "null", "~", "+5%", "5G", "-10%"])
def test_a_term_is_the_text_it_looks_like(load, term):
    assert rule_of(load, f"keywords:\n      - {term}").keywords == (term,)


@pytest.mark.parametrize(
    "term", ["*ST信威", "@财联社", "[快讯] 停牌", "&co", "%", "!", "`x`", "#话题#", "a: b", '"快讯" x']
)
def test_a_quoted_term_may_hold_anything(load, term):
    assert rule_of(load, f"keywords: ['{term}']").keywords == (term,)


@pytest.mark.parametrize(
    ("written", "column", "quoted"),
    [
        ("*ST信威", 9, '"*ST信威"'),
        ("@abc  # a comment", 9, '"@abc"'),
        ("[快讯] x", 9, '"[快讯] x"'),
        ("{快讯} x", 9, '"{快讯} x"'),
        ("& b", 9, '"& b"'),
        ("%x", 9, '"%x"'),
        ("`x`", 9, '"`x`"'),
        ("> 5%", 9, '"> 5%"'),
        ('"快讯" x', 9, "'\"快讯\" x'"),
        ("- *ST信威, 复牌", 11, '"*ST信威, 复牌"'),
    ],
)
def test_a_text_that_yaml_would_not_take_is_shown_with_its_quotes(complaints, written, column, quoted):
    watchlist = f"rules:\n  - name: r\n    keywords:\n      - {written}\n"

    sign = quoted[1]
    assert complaints(watchlist=watchlist) == [
        f"config/watchlist.yaml:4:{column}: a text that begins with {sign} needs quotes: {quoted}"
    ]


def test_a_text_in_brackets_is_shown_with_its_quotes_and_no_more(complaints):
    assert complaints(watchlist="rules: [{name: r, stocks: [300075, *ST信威, ON]}]") == [
        'config/watchlist.yaml:1:36: a text that begins with * needs quotes: "*ST信威"'
    ]


@pytest.mark.parametrize(("written", "sign"), [("*ST", "*"), ("&a b", "&"), ("!foo b", "!"), ("! b", "!")])
def test_what_yaml_would_take_for_more_than_text_is_refused(complaints, written, sign):
    """``!foo b`` would arrive as ``b``: half a keyword, and nobody told."""
    assert complaints(watchlist=f"rules:\n  - name: r\n    keywords:\n      - {written}\n") == [
        "config/watchlist.yaml:4:9: anchors, aliases and tags are not read here; "
        f'a text that begins with {sign} needs quotes: "{written}"'
    ]


@pytest.mark.parametrize(
    ("watcher", "complaint"),
    [
        (
            "folders: [a, b\nworkers: 2",
            "1:10: what begins with [ here has no end, or is a text that needs quotes",
        ),
        ("timezone: 'UTC", "1:11: what begins with ' here has no end, or is a text that needs quotes"),
        ("folders:\n\t- a", "2:1: indent with spaces, not with tabs"),
        (
            "folders:\n  - path: a\n   source: b",
            "3:4: the indentation fits no line above",
        ),
        (
            "folders:\n  - a\n    path: b",
            '3:9: a ":" is out of place: check the indentation and missing quotes',
        ),
        ("folders: [a]\n---\nfolders: [b]", '2:1: only one document is read: remove the "---"'),
        (
            "folders: [a]\nworkers：2\n",
            '2:1: a ":" is missing after the key (YAML wants ": ", not the full-width "：")',
        ),
        ("folders: [a]\nx: \x07", "2:4: a control character cannot stand here"),
        ("[" * 50_000, "1:21: cannot be read: nested more than 20 deep"),
        ("? [a]\n: b\nfolders: [a]", "1:3: a key must be text"),
    ],
)
def test_broken_yaml_is_explained_where_the_cure_goes(complaints, watcher, complaint):
    assert complaints(watcher) == [f"config/watcher.yaml:{complaint}"]


def test_an_alias_bomb_is_refused_at_its_first_anchor(complaints):
    """Expanded, these few lines would hold a billion texts."""
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )

    assert complaints(bomb) == [
        "config/watcher.yaml:1:5: anchors, aliases and tags are not read here; "
        'a text that begins with & needs quotes: "&a0 [x, x, x, x, x, x, x, x, x, x]"'
    ]


def test_a_key_written_twice_is_refused(complaints):
    """YAML silently keeps the last."""
    assert complaints("folders: [a]\nworkers: 2\nworkers: 3\n") == [
        'config/watcher.yaml:3:1: workers: "workers" is written twice, first in line 2'
    ]


def test_a_control_character_cannot_be_smuggled_in(complaints):
    assert complaints('folders: ["a\\0b", "\\ud800"]') == [
        "config/watcher.yaml:1:11: folders.0: must be one line of text without control characters",
        "config/watcher.yaml:1:19: folders.1: must be one line of text without control characters",
    ]


def test_a_byte_order_mark_is_neither_part_of_the_first_key_nor_a_column(load, complaints, home):
    """Notepad writes one."""
    assert load("folders: [a]".encode("utf-8-sig")).folders == (Folder(path=str(home / "a")),)
    assert complaints("folders: @a".encode("utf-8-sig")) == [
        'config/watcher.yaml:1:10: a text that begins with @ needs quotes: "@a"'
    ]


def test_a_file_that_is_not_utf8_says_so_and_where(complaints):
    assert complaints(SMALL, "rules:\n  - name: 数字\n    keywords: [x]\n".encode("gb18030")) == [
        "config/watchlist.yaml:2:1: is no UTF-8 text: save the file as UTF-8"
    ]


def test_a_file_beyond_reason_is_not_read(complaints):
    assert complaints("#" * (1024 * 1024 + 1)) == ["config/watcher.yaml: is larger than 1 MiB"]


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="-:#*&@%!`|>[]{}?,'\"\\ \n\t\r\x07\x85\u2028\ufefface01：快", max_size=40))
def test_whatever_is_written_is_understood_or_complained_about(load, text):
    """Every complaint stands at a line and column that the file has."""
    try:
        load(watchlist=text)
    except ConfigError as refused:
        for complaint in refused.complaints:
            place = re.match(r"config/watchlist\.yaml:(\d+):(\d+): ", complaint)
            assert place, complaint
            lines = [*text.splitlines(), ""]
            assert int(place[2]) <= len(lines[int(place[1]) - 1]) + 2


# --- Complaints --------------------------------------------------------------------------------------------


def test_everything_wrong_in_both_files_is_said_at_once(complaints):
    watcher = """\
timezone: Asia/Shangha
folders:
  - pth: inbox
  - path: inbox
  - path: inbox/wire
    encoding: gbk2312
    recursive: maybe
  - inbox/flash
  - path:
channels:
  - {name: screen, type: console, path: x}
  - {name: screen, type: jsnl}
  - name: log
    type: jsonl
settle_seconds: 601
rescan_seconds: many
parse_seconds: 0
workers: 2.5
baseline_files: [1]
max_age: 5
colour: red
"""
    watchlist = """\
rules:
  - name: a
    stocks: [辰安科枝, GOOGL, 000001, 000001]
    keywords: [Patent, "", patent, a: b]
    severity: hihg
    channels: [screan, log, phone]
  - name: a
    keyword: x
    exclude: [x]
  - name: watcher
    keywords:
      - [快讯]
      -
    max_age: -P1D
  - name: never
    exclude: no
  - 5
"""

    assert complaints(watcher, watchlist) == [
        'config/watcher.yaml:1:11: timezone: "Asia/Shangha" is no known time zone, did you mean "Asia/Shanghai"?',
        'config/watcher.yaml:3:5: folders.0.pth: unknown key "pth", did you mean "path"?',
        'config/watcher.yaml:3:5: folders.0: "path" is missing',
        'config/watcher.yaml:6:15: folders.2.encoding: "gbk2312" is no known encoding, did you mean "gb2312"?',
        'config/watcher.yaml:7:16: folders.2.recursive: must be yes or no, not "maybe"',
        "config/watcher.yaml:8:5: folders.3: inbox/flash lies in inbox: its files would be read twice",
        'config/watcher.yaml:9:10: folders.4.path: "path" is missing',
        'config/watcher.yaml:11:5: channels.0: a "console" channel writes to the screen and takes no "path"',
        'config/watcher.yaml:12:12: channels.1.name: "screen" is there twice, first in line 11',
        'config/watcher.yaml:12:26: channels.1.type: must be console or jsonl, not "jsnl", did you mean "jsonl"?',
        'config/watcher.yaml:13:5: channels.2: a "jsonl" channel needs a "path" to write to',
        'config/watcher.yaml:15:17: settle_seconds: must be at most 600, not "601"',
        'config/watcher.yaml:16:17: rescan_seconds: must be a number, not "many"',
        'config/watcher.yaml:17:16: parse_seconds: must be more than 0, not "0"',
        'config/watcher.yaml:18:10: workers: must be a whole number, not "2.5"',
        "config/watcher.yaml:19:17: baseline_files: must be a whole number, not a list",
        'config/watcher.yaml:20:10: max_age: must be an ISO 8601 duration such as P3D or PT12H, not "5"',
        'config/watcher.yaml:21:1: colour: unknown key "colour"; known are database, timezone, watchlist, '
        "folders, channels, readers, aliases, settle_seconds, rescan_seconds, max_bytes, parse_seconds, workers, "
        "baseline_files, max_age",
        'config/watchlist.yaml:3:14: rules.0.stocks.0: "辰安科枝" is no known code or name, '
        "did you mean 辰安科技 (300523.SZ)?",
        'config/watchlist.yaml:3:20: rules.0.stocks.1: "GOOGL" is no known code or name; '
        "write its code with the exchange, such as 00700.HK or NVDA.US",
        "config/watchlist.yaml:4:24: rules.0.keywords.1: must not be empty",
        'config/watchlist.yaml:4:28: rules.0.keywords.2: "patent" is there twice, first in line 4',
        "config/watchlist.yaml:4:36: rules.0.keywords.3: must be text, not keys and values "
        '(a text that holds ": " needs quotes)',
        'config/watchlist.yaml:5:15: rules.0.severity: must be low, normal or high, not "hihg"',
        'config/watchlist.yaml:6:16: rules.0.channels.0: "screan" is no channel of watcher.yaml, '
        'did you mean "screen"?',
        'config/watchlist.yaml:6:29: rules.0.channels.2: "phone" is no channel of watcher.yaml; '
        "defined are screen, log",
        'config/watchlist.yaml:7:11: rules.1.name: "a" is there twice, first in line 2',
        'config/watchlist.yaml:8:5: rules.1.keyword: unknown key "keyword", did you mean "keywords"?',
        'config/watchlist.yaml:10:11: rules.2.name: "watcher" is the name under which this program itself '
        "alerts: choose another",
        "config/watchlist.yaml:12:9: rules.2.keywords.0: must be text, not a list "
        '(a text that begins with "[" needs quotes)',
        "config/watchlist.yaml:13:8: rules.2.keywords.1: must be text, not nothing "
        '(a text that begins with "#" needs quotes)',
        'config/watchlist.yaml:14:14: rules.2.max_age: must be an ISO 8601 duration such as P3D or PT12H, not "-P1D"',
        'config/watchlist.yaml:15:5: rules.3: can never hold: give it "stocks", "keywords", "require" or "query"',
        'config/watchlist.yaml:17:5: rules.4: must be keys and values, not "5"',
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("settle_seconds: -1", '17: settle_seconds: must be at least 0, not "-1"'),
        ("rescan_seconds: 0.1", '17: rescan_seconds: must be at least 0.2, not "0.1"'),
        ("settle_seconds: nan", '17: settle_seconds: must be a number, not "nan"'),
        ("workers: 65", '10: workers: must be at most 64, not "65"'),
        ("workers: {a: b}", "10: workers: must be a whole number, not keys and values"),
        ("baseline_files: -1", '17: baseline_files: must be at least 0, not "-1"'),
        ("max_bytes: 0", '12: max_bytes: must be at least 1, not "0"'),
        ("max_bytes: [5]", "12: max_bytes: must be a whole number, not a list"),
        ("max_age: [P3D]", "10: max_age: must be an ISO 8601 duration such as P3D or PT12H, not a list"),
        ("max_age: P0D", "10: max_age: must be longer than nothing and at most P36500D"),
        ("max_age: P999999D", "10: max_age: must be longer than nothing and at most P36500D"),
        ("max_age: P1H", '10: max_age: must be an ISO 8601 duration such as P3D or PT12H, not "P1H"'),
        (
            "database: [x]",
            '11: database: must be text, not a list (a text that begins with "[" needs quotes)',
        ),
        ("timezone: CST", '11: timezone: "CST" is no known time zone; names are written like Asia/Shanghai'),
        (
            "timezone: GMT+8",
            '11: timezone: "GMT+8" is no known time zone; names are written like Asia/Shanghai',
        ),
    ],
)
def test_a_value_out_of_bounds_is_named_with_the_bounds(complaints, line, complaint):
    assert complaints(f"{SMALL}{line}\n") == [f"config/watcher.yaml:10:{complaint}"]


@pytest.mark.parametrize("encoding", ["hex", "rot13", "nonsense"])
def test_an_encoding_must_be_one_of_text(complaints, encoding):
    assert complaints(f"folders:\n  - path: a\n    encoding: {encoding}\n") == [
        f'config/watcher.yaml:3:15: folders.0.encoding: "{encoding}" is no known encoding; '
        "usual ones are utf-8, utf-16, gb18030, gbk, gb2312, big5, shift-jis, euc-kr, windows-1252"
    ]


@pytest.mark.parametrize("watcher", ["", "folders:\n", "folders: []\n"])
def test_there_must_be_a_folder(complaints, watcher):
    [complaint] = complaints(watcher)

    assert re.search(r'"folders" is missing|folders: must not be empty', complaint)


def test_a_file_that_is_one_list_is_not_keys_and_values(complaints):
    assert complaints(watchlist="- name: r\n  keywords: [x]\n") == [
        "config/watchlist.yaml:1:1: must be keys and values, not a list"
    ]


def test_the_environment_does_not_mend_a_file_that_is_one_list(complaints):
    assert complaints("- folders", WATCHER_DATABASE="a.db") == [
        "config/watcher.yaml:1:1: must be keys and values, not a list"
    ]


def test_a_rule_cannot_choose_a_channel_where_there_is_none(complaints):
    assert complaints("folders: [a]", "rules: [{name: r, keywords: x, channels: log}]") == [
        'config/watchlist.yaml:1:42: rules.0.channels: "log" is no channel of watcher.yaml; defined are none'
    ]


def test_a_broken_config_file_does_not_hide_a_broken_watchlist(complaints):
    """Which channels exist cannot be told then, so that is not complained about."""
    assert complaints("folders: [a", "rules: [{name: r, channels: [log]}]") == [
        "config/watcher.yaml:1:10: what begins with [ here has no end, or is a text that needs quotes",
        'config/watchlist.yaml:1:9: rules.0: can never hold: give it "stocks", "keywords", "require" or "query"',
    ]


def test_a_wrong_channel_does_not_hide_that_a_rule_names_another(complaints):
    assert complaints("folders: [a]\nchannels: [{name: log}]", "rules: [{name: r, keywords: x, channels: lgo}]") == [
        'config/watcher.yaml:2:12: channels.0: "type" is missing',
        'config/watchlist.yaml:1:42: rules.0.channels: "lgo" is no channel of watcher.yaml; defined are log',
    ]


def test_a_missing_watchlist_is_said(home):
    Path("config/watcher.yaml").write_text(SMALL + "watchlist: lists/mine.yaml\n")

    with pytest.raises(ConfigError) as refused:
        load_settings(Path("config/watcher.yaml"), environment={}, securities=FewSecurities())
    assert refused.value.complaints == ["lists/mine.yaml: there is no such file"]


def test_a_folder_in_place_of_a_file_is_said(home):
    with pytest.raises(ConfigError) as refused:
        load_settings(Path("config"), environment={}, securities=FewSecurities())
    assert refused.value.complaints == ["config: cannot be read: Is a directory"]


# --- Folders -----------------------------------------------------------------------------------------------


def test_a_folder_written_twice_is_refused_even_by_way_of_a_link(complaints, home):
    Path("inbox").mkdir()
    Path("link").symlink_to("inbox")

    assert complaints("folders: [inbox, ./link/]") == ["config/watcher.yaml:1:18: folders.1: inbox is there twice"]


def test_a_folder_inside_a_later_one_is_refused(complaints):
    assert complaints("folders: [a/b, a]") == [
        "config/watcher.yaml:1:11: folders.0: a/b lies in a: its files would be read twice"
    ]


def test_a_folder_may_lie_in_one_that_is_watched_alone(load, home):
    settings = load("folders:\n  - path: a\n    recursive: no\n  - a/b\n  - ab\n")

    assert [folder.path for folder in settings.folders] == [str(home / name) for name in ("a", "a/b", "ab")]


def test_paths_count_from_the_folder_above_config(load, home):
    settings = load("folders: [~/news, /srv/news, ../x]\ndatabase: my.db\nwatchlist: config/watchlist.yaml")

    assert [folder.path for folder in settings.folders] == [
        str(home / "news"),
        "/srv/news",
        str(home.parent / "x"),
    ]
    assert settings.database == home / "my.db"
    assert settings.watchlist_path == home / "config/watchlist.yaml"


def test_paths_count_from_the_config_file_when_its_folder_has_another_name(tmp_path):
    (tmp_path / "watcher.yaml").write_text("folders: [inbox]")
    (tmp_path / "watchlist.yaml").write_text("")

    settings = load_settings(tmp_path / "watcher.yaml", environment={}, securities=FewSecurities())

    assert settings.database == tmp_path / "data/news.db"
    assert settings.folders == (Folder(path=os.path.realpath(tmp_path / "inbox")),)


# --- Environment, and where a value comes from -------------------------------------------------------------


def test_the_environment_wins_over_the_file(load, home):
    settings = load(
        "folders: [inbox]\ndatabase: a.db\nworkers: many\n",
        WATCHER_DATABASE="b.db",
        WATCHER_WORKERS="4",
        WATCHER_TIMEZONE="UTC",
        WATCHER_MAX_AGE="P3D",
        WATCHER_SETTLE_SECONDS="",
        WATCHER_COLOUR="red",
    )

    plain = load("folders: [inbox]")
    assert settings == replace(
        plain,
        database=home / "b.db",
        workers=4,
        timezone="UTC",
        max_age=timedelta(days=3),
        folders=(Folder(path=str(home / "inbox"), timezone="UTC"),),
        origins={
            **plain.origins,
            "database": "environment WATCHER_DATABASE",
            "workers": "environment WATCHER_WORKERS",
            "timezone": "environment WATCHER_TIMEZONE",
            "folders.0.timezone": "environment WATCHER_TIMEZONE",
            "max_age": "environment WATCHER_MAX_AGE",
        },
    )


def test_a_path_in_the_environment_counts_from_the_current_folder(load, home, monkeypatch):
    load()
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    Path("list.yaml").write_text("rules: [{name: r, keywords: x}]")

    settings = load_settings(
        Path("../config/watcher.yaml"),
        environment={"WATCHER_DATABASE": "b.db", "WATCHER_WATCHLIST": "list.yaml"},
        securities=FewSecurities(),
    )

    assert settings.database == home / "elsewhere/b.db"
    assert settings.rules == (Rule(name="r", keywords=("x",)),)


def test_a_wrong_value_in_the_environment_names_its_variable(complaints):
    assert complaints(WATCHER_TIMEZONE="Asia/Shangha", WATCHER_WORKERS="many") == [
        'environment WATCHER_TIMEZONE: timezone: "Asia/Shangha" is no known time zone, did you mean "Asia/Shanghai"?',
        'environment WATCHER_WORKERS: workers: must be a whole number, not "many"',
    ]


def test_each_value_is_shown_with_where_it_comes_from(load, home):
    watcher = """\
database: my.db
max_age: P3D
workers:
folders:
  - path: inbox
    include: ["*.html",
              "*.txt"]
channels:
  - name: log
    type: jsonl
    path: a.jsonl
"""

    assert effective(load(watcher, WATCHER_BASELINE_FILES="5")) == [
        ("database", str(home / "my.db"), "config/watcher.yaml:1"),
        ("timezone", "Asia/Shanghai", "default"),
        ("watchlist", str(home / "config/watchlist.yaml"), "default"),
        ("settle_seconds", 2.0, "default"),
        ("rescan_seconds", 60.0, "default"),
        ("max_bytes", 8388608, "default"),
        ("parse_seconds", 10.0, "default"),
        ("workers", 2, "default"),
        ("baseline_files", 5, "environment WATCHER_BASELINE_FILES"),
        ("max_age", "P3D", "config/watcher.yaml:2"),
        ("folders.0.path", str(home / "inbox"), "config/watcher.yaml:5"),
        ("folders.0.recursive", True, "default"),
        ("folders.0.include", ["*.html", "*.txt"], "config/watcher.yaml:6"),
        ("folders.0.ignore", [], "default"),
        ("folders.0.source", None, "default"),
        ("folders.0.encoding", None, "default"),
        ("folders.0.timezone", "Asia/Shanghai", "default"),
        ("folders.0.done_marker", None, "default"),
        ("channels.0.name", "log", "config/watcher.yaml:9"),
        ("channels.0.type", "jsonl", "config/watcher.yaml:10"),
        ("channels.0.path", str(home / "a.jsonl"), "config/watcher.yaml:11"),
    ]


# --- Which file --------------------------------------------------------------------------------------------


def test_the_flag_wins_over_the_environment(home):
    Path("b.yaml").touch()

    assert find_config(Path("a.yaml"), {"WATCHER_CONFIG": "b.yaml"}, home) == home / "a.yaml"
    assert find_config(Path("~/a.yaml"), {}, Path("/")) == home / "a.yaml"
    assert find_config(None, {"WATCHER_CONFIG": "b.yaml"}, home) == home / "b.yaml"
    assert find_config(None, {"WATCHER_CONFIG": "~/b.yaml"}, Path("/")) == home / "b.yaml"


def test_a_config_in_the_current_folder_wins_over_the_users_own(home, tmp_path):
    own = tmp_path / "xdg/watcher/watcher.yaml"
    own.parent.mkdir(parents=True)
    own.touch()

    assert find_config(None, {}, home) == own

    Path("config/watcher.yaml").touch()
    assert find_config(None, {}, home) == home / "config/watcher.yaml"


def test_no_config_anywhere_says_where_it_looked_and_what_to_do(home, tmp_path):
    with pytest.raises(ConfigError) as refused:
        find_config(None, {}, home)
    assert refused.value.complaints == [
        f"no configuration found, looked for config/watcher.yaml, {tmp_path}/xdg/watcher/watcher.yaml, "
        "/etc/watcher/watcher.yaml: run `watcher init` to begin with one"
    ]


def test_a_config_named_in_the_environment_must_exist(home):
    with pytest.raises(ConfigError) as refused:
        find_config(None, {"WATCHER_CONFIG": "b.yaml"}, home)
    assert refused.value.complaints == ["environment WATCHER_CONFIG: there is no file b.yaml"]


# --- The files as shipped ----------------------------------------------------------------------------------


def shipped(name: str) -> str:
    return (SHIPPED / name).read_text(encoding="utf-8")


def uncommented(text: str) -> str:
    """The text with every ``#key: value`` taken for a setting; prose has a space after its #."""
    return re.sub(r"(?m)^(\s*)#(?=\w)", r"\1", text)


def test_the_shipped_files_are_valid_and_set_nothing_but_folder_and_channels(load, home):
    settings = load(shipped("watcher.yaml"), shipped("watchlist.yaml"))

    small = load(SMALL)
    assert replace(settings, rules=(), origins={}) == replace(small, origins={})
    assert [rule.name for rule in settings.rules] == [
        "数字政府",
        "大股东减持",
        "回购",
        "立案调查",
        "中概与港股",
        "Intel patents",
        "大额订单",
    ]
    assert settings.rules[1].stocks == ("600519.SH", "300750.SZ", "000001.SZ")


def test_the_shipped_config_shows_every_default_as_it_is(load):
    shown = load(uncommented(shipped("watcher.yaml")))
    default = load(SMALL)

    assert replace(shown, max_age=None, folders=default.folders, origins={}) == replace(default, origins={})


def test_the_shipped_files_show_every_setting(load):
    everything = uncommented(shipped("watcher.yaml"))
    rules = shipped("watchlist.yaml")

    assert [key for key in WatcherFile.model_fields if not re.search(rf"(?m)^{key}:", everything)] == []
    assert [key for key in FolderEntry.model_fields if not re.search(rf"(?m)^  [- ] {key}:", everything)] == []
    assert [key for key in RuleEntry.model_fields if not re.search(rf"(?m)^[ #] [- ] {key}:", rules)] == []
    example = everything[everything.index("readers:") :]
    assert [key for key in ReaderEntry.model_fields if not re.search(rf"\b{key}\b", example)] == []


def test_a_command_that_reads_no_file_need_not_wait_for_pydantic_and_yaml():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, watcher.settings; print({'pydantic', 'yaml'} & {*sys.modules})"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout == "set()\n"


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("[电子证照，一网统管]", "，"),
        ("电子证照、一网统管", "、"),
        ("［电子证照］", "［"),
        ("“电子证照”", "“"),
    ],
)
def test_chinese_marks_in_a_list_are_said_and_not_searched_for(tmp_path, written, mark):
    """The likeliest slip on a Chinese keyboard makes one word of several, which nothing contains."""
    (tmp_path / "watchlist.yaml").write_text(f"rules:\n  - name: a\n    keywords: {written}\n", encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load_rules(tmp_path / "watchlist.yaml", (), FewSecurities())

    (complaint,) = refused.value.complaints
    assert f'holds a Chinese "{mark}"' in complaint


def test_chinese_marks_in_quotes_are_meant(tmp_path):
    (tmp_path / "watchlist.yaml").write_text('rules:\n  - name: a\n    keywords: ["买，卖"]\n', encoding="utf-8")

    assert load_rules(tmp_path / "watchlist.yaml", (), FewSecurities())[0].keywords == ("买，卖",)


def test_word_that_is_wanted_and_excluded_is_a_contradiction(tmp_path):
    text = "rules:\n  - name: a\n    keywords: [回购, 减持]\n    exclude: 回购\n"
    (tmp_path / "watchlist.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match='"回购" is excluded by the same rule, which so can never hold for it'):
        load_rules(tmp_path / "watchlist.yaml", (), FewSecurities())


# --- Aliases --------------------------------------------------------------------------------------------------


def test_aliases_are_names_of_securities(load):
    settings = load("folders: [inbox]\naliases:\n  宁王: 300750.SZ\n  证照龙头: 雄帝科技\n")

    assert settings.aliases == (("宁王", "300750.SZ"), ("证照龙头", "300546.SZ"))
    assert ("aliases.证照龙头", "300546.SZ", "config/watcher.yaml:4") in effective(settings)


def test_alias_of_nobody_is_told_with_its_place(complaints):
    assert complaints("folders: [inbox]\naliases:\n  宁王: 300750.SZ\n  证照: 辰安科枝\n") == [
        'config/watcher.yaml:4:7: aliases.证照: "辰安科枝" is no known code or name, did you mean 辰安科技 (300523.SZ)?'
    ]


@pytest.mark.parametrize("until", ["tomorrow", "2026-13-01", "20261231", "2026-12-31 10:00", "[2026]"])
def test_last_day_that_is_no_day_is_complained_of_like_anything_else(load, until):
    rules = f"rules:\n  - name: a\n    keywords: b\n    until: {until}\n"

    with pytest.raises(ConfigError) as told:
        load(SMALL, rules)

    (complaint,) = told.value.complaints
    assert complaint.startswith("config/watchlist.yaml:4:12: rules.0.until: must be a day such as 2026-12-31, not ")
