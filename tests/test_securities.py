"""`watcher securities`: looking up, and adding one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.build import SECURITIES, article
from watcher.cli import watcher
from watcher.cli.imported import FILE_NAME, Row, changes, merge, read_file
from watcher.cli.setup import load_securities
from watcher.errors import ConfigError
from watcher.link import link_article


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "inbox").mkdir(parents=True)
    (folder / "watchlist.yaml").write_text("rules: []\n", encoding="utf-8")
    path = folder / "watcher.yaml"
    path.write_text("folders: [inbox]\n", encoding="utf-8")
    return path


def run(config: Path, *arguments: object) -> Result:
    command, *others = map(str, arguments)
    return CliRunner().invoke(watcher, ["securities", command, "--config", str(config), *others])


def imported(config: Path, tmp_path: Path, text: str) -> Result:
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    return run(config, "import", file)


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("宁王", ["300750.SZ"]),
        ("中国平安", ["601318.SH", "02318.HK"]),
        ("三桶油", ["600028.SH", "600938.SH", "601857.SH"]),
        ("sz300546", ["300546.SZ"]),
        ("BRK.B", ["BRK.B.US"]),
        ("$贵州茅台(SH600519)$", ["600519.SH"]),
        ("（600519）", ["600519.SH"]),
        ("HK:700", ["00700.HK"]),
        ("0700", ["00700.HK"]),
        ("NASDAQ: NVDA", ["NVDA.US"]),
        ("(INTC.O)", ["INTC.US"]),
    ],
)
def test_all_that_go_by_a_name_or_code_are_told(config: Path, text: str, symbols: list[str]) -> None:
    result = run(config, "lookup", "--json", text)

    assert [json.loads(line)["symbol"] for line in result.output.splitlines()] == symbols


def test_lookup_tells_names_kinds_and_lines(config: Path) -> None:
    output = run(config, "lookup", "宁德时代").output

    assert "300750.SZ  宁德时代  (A share, listed 2018-06-11)" in output
    assert "宁王  (nickname)" in output
    assert "other lines: 03750.HK" in output


def test_unknown_name_fails_and_tells_what_is_near(config: Path) -> None:
    result = run(config, "lookup", "辰安科枝")

    assert result.exit_code == 1
    assert 'no security goes by "辰安科枝"; near are 辰安科技 300523.SZ' in result.output


def test_lookup_works_without_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCHER_CONFIG", raising=False)

    assert CliRunner().invoke(watcher, ["securities", "lookup", "宁王"]).exit_code == 0


def test_imported_securities_are_found_from_then_on(config: Path, tmp_path: Path) -> None:
    result = imported(config, tmp_path, "code,exchange,name,listed_on,names\n301999,SZ,砚岚智造,2026-03-31,砚岚|岚造\n")

    assert result.exit_code == 0, result.output
    assert "added         301999.SZ 砚岚智造" in result.output
    table = load_securities(config.parent / FILE_NAME)
    told = article(body="晚间，砚岚智造公告中标一单。")
    assert [mention.symbol for mention in link_article(told, table.knowledge)] == ["301999.SZ"]
    assert [one.symbol for one in table.all_called("岚造")] == ["301999.SZ"]


def test_changed_name_is_told_and_the_earlier_one_still_found(config: Path, tmp_path: Path) -> None:
    result = imported(config, tmp_path, "symbol,name\n300546.SZ,雄帝智能\n")

    assert "changed       300546.SZ 雄帝科技 is 雄帝智能 now" in result.output
    table = load_securities(config.parent / FILE_NAME)
    assert table.name("300546.SZ") == "雄帝智能"
    assert [one.symbol for one in table.all_called("雄帝科技")] == ["300546.SZ"]


def test_name_of_another_company_is_told_as_contradictory(config: Path, tmp_path: Path) -> None:
    result = imported(config, tmp_path, "symbol,name\n301999.SZ,雄帝科技\n")

    assert "contradictory line 2: 雄帝科技 is what 300546.SZ 雄帝科技 goes by" in result.output


def test_second_import_adds_to_the_first(config: Path, tmp_path: Path) -> None:
    imported(config, tmp_path, "symbol,name,names\n301999.SZ,砚岚智造,砚岚\n")
    result = imported(config, tmp_path, "代码,名称,别名\n301999.SZ,砚岚智造,岚造\n301998.SZ,峦霁股份,\n")

    assert "1 added, 1 changed" in result.output
    assert (config.parent / FILE_NAME).read_text(encoding="utf-8").splitlines() == [
        "symbol,name,listed_on,names",
        "301998.SZ,峦霁股份,,",
        "301999.SZ,砚岚智造,,砚岚|岚造",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ticker,name\n300750.SZ,宁德时代\n", ":1: there is no column code or symbol; the first line has ticker, name"),
        ("symbol,title\n300750.SZ,宁德时代\n", ":1: there is no column name; the first line has symbol, title"),
        (
            "symbol,name\n301999,砚岚\n",
            ':2: "301999" is no code with its exchange (300750.SZ), nor one that the table has',
        ),
        ("symbol,name\n300546.SZ,好\n300750.SZ,\n", ":3: 300750.SZ has no name"),
        ("symbol,name,listed_on\n301999.SZ,砚岚,昨天\n", ':2: "昨天" is no day, which is written 2026-03-31'),
        ("", ":1: there is no column code or symbol; the first line has nothing"),
    ],
)
def test_broken_file_is_told_with_its_line_and_changes_nothing(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")

    reading = read_file(file, SECURITIES)

    assert [one.removeprefix(str(file)) for one in reading.complaints] == [complaint]


def test_broken_import_is_refused_whole(config: Path, tmp_path: Path) -> None:
    result = imported(config, tmp_path, "symbol,name\n301999.SZ,砚岚\n3019,峦霁\n")

    assert isinstance(result.exception, ConfigError)
    assert not (config.parent / FILE_NAME).exists()


def test_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes("symbol,name\n301999.SZ,砚岚\n".encode("gb18030"))

    assert "not UTF-8" in read_file(file, SECURITIES).complaints[0]


def test_further_name_of_the_same_company_is_no_contradiction() -> None:
    row = Row(2, "02318.HK", "中国平安")

    assert list(changes(SECURITIES, [row])) == []
    assert merge(SECURITIES, [row]).name("02318.HK") == "中国平安"
