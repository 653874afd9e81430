"""JSON, JSON Lines and CSV as scrapers export them, and mappings for the rest. All samples here are invented."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from watcher.errors import UnparsedError
from watcher.model import Article, Page, ReaderMapping, Unread
from watcher.parse import parse_page
from watcher.parse.records.records import looks_like_csv

NINE = datetime(2024, 9, 9, 1, 0, tzinfo=UTC)
"""Nine in the morning in Shanghai."""


def page(text: str, name: str = "export.txt") -> Page:
    return Page(name, text, "utf-8", "", "Asia/Shanghai")


def read(text: str) -> list[Article | Unread]:
    return list(parse_page(page(text)))


def articles(value: object) -> list[Article]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return [one for one in read(text) if isinstance(one, Article)]


def one(value: object) -> Article:
    (only,) = articles(value)
    return only


# --- Records and their fields ------------------------------------------------------------------------------


def test_a_record_is_an_article_with_all_that_it_says() -> None:
    record = {
        "title": "Harbour &amp; ships",
        "content": "<p>The harbour of Nordhaven opened.</p><p>A ship came.</p>",
        "summary": "The harbour opened.",
        "url": "https://example.com/1",
        "publish_time": "2024-09-09 09:00:00",
        "source": "Harbour News",
        "author": ["Ann", "Bo"],
        "id": 9007199254740993,
        "category": "Shipping",
    }

    assert one([record]) == Article(
        title="Harbour & ships",
        body="The harbour of Nordhaven opened.\nA ship came.",
        format="json",
        summary="The harbour opened.",
        url="https://example.com/1",
        native_id="9007199254740993",
        source="Harbour News",
        publisher="Harbour News",
        author="Ann, Bo",
        section="Shipping",
        language="en",
        published_at=NINE,
        published_from="field",
    )


@pytest.mark.parametrize(
    "record",
    [
        {"Art_Title": "开港", "Art_Content": "港口重开。", "Art_ShowTime": "2024-9-9 9:00", "Art_MediaName": "海港报"},
        {"标题": "开港", "正文": "港口重开。", "发布时间": "2024年9月9日 09:00", "来源": "海港报"},
        {"title_main": "开港", "rich_text": "港口重开。", "ctime": 1725843600, "media": "海港报"},
        {"HEADLINE": "开港", "contentHtml": "<p>港口重开。</p>", "pubDate": "1725843600000", "媒体": "海港报"},
        {"newsTitle": "开港", "newsContent": "港口重开。", "date": "2024-9-9", "time": "09:00", "mediaName": "海港报"},
        {"title": {"rendered": "开港"}, "content": {"rendered": "<p>港口重开。</p>"}, "date_gmt": "2024-09-09T01:00:00",
         "source": {"id": None, "name": "海港报"}},
        {"title": "开港", "paragraphs": [], "body": [{"type": "p", "text": "港口重开。"}], "time": 1725843600.25,
         "publisher": "海港报"},
        {"title": "开港", "digest": "港口重开。", "showtime": "2024/9/9 9:00", "来源": "海港报"},
    ],
)  # fmt: skip
def test_the_usual_names_are_known(record: dict[str, object]) -> None:
    found = one({"data": [record]})

    assert (found.title, found.published_at, found.publisher) == ("开港", NINE, "海港报")
    assert found.body == "港口重开。"


def test_a_flash_without_a_title_begins_with_it() -> None:
    found = one(
        [{"title": "", "content": "【北方港口重新开放】财联社9月9日电，港口重开。", "created_at": "20240909T090000"}]
    )

    assert (found.title, found.publisher, found.published_at) == ("北方港口重新开放", "财联社", NINE)


def test_a_security_is_not_the_id_of_its_news() -> None:
    assert one([{"title": "a", "content": "b", "code": "300546"}]).native_id is None
    assert one([{"title": "a", "content": "b", "code": "202409093179"}]).native_id == "202409093179"


def test_a_source_that_is_an_address_is_no_publisher() -> None:
    assert one([{"title": "a", "content": "b", "source": "https://example.com"}]).publisher is None


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("One.\nTwo.\n\nThree.", "One.\nTwo.\nThree."),
        ("<p>One.</p>\n<p>Two.</p>", "One.\nTwo."),
        ("One.<br>Two.", "One.\nTwo."),
        ("# Head\n\n**One** [link](https://example.com).\n\n- Two.", "Head\nOne link.\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\nTwo."),
        ("2 < 3 & 5 * 6 * 7 = 210", "2 < 3 & 5 * 6 * 7 = 210"),
        ("<!DOCTYPE html><html><head><title>x</title></head><body><nav>Menu</nav><article><p>One sentence that is long "
         "enough to be the article of a page.</p></article></body></html>",
         "One sentence that is long enough to be the article of a page."),
    ],
)  # fmt: skip
def test_a_text_is_read_by_its_look(content: str, body: str) -> None:
    assert one([{"title": "a", "content": content}]).body == body


def test_securities_marked_up_in_a_record_are_marks() -> None:
    html = '<p>昨日<a data-code="0,300546">某某股份</a>开港。</p>'

    (mark,) = one([{"title": "a", "content": html}]).marks

    assert (mark.symbol, mark.written_as, mark.start) == ("300546.SZ", "某某股份", 2)


def test_a_date_that_is_not_believable_is_left_out_and_noted() -> None:
    found = one([{"title": "a", "content": "b", "date": "3024-09-09"}])

    assert found.published_at is None
    assert found.repairs == ('date left out, it names no believable moment: "3024-09-09"',)


# --- Where the records are ---------------------------------------------------------------------------------

RECORD = {"title": "a", "content": "b"}


@pytest.mark.parametrize(
    "value",
    [
        [RECORD],
        RECORD,
        {"code": 0, "msg": "ok", "data": RECORD},
        {"data": {"list": [RECORD]}},
        {"result": {"data": {"feed": {"list": [RECORD]}}}},
        {"2024-09-09": [RECORD]},
        {"content": [RECORD], "totalPages": 1},
        {"title": "Harbour News", "link": "https://example.com", "description": "d", "items": [RECORD]},
        {"hits": {"hits": [{"_id": "x", "_source": RECORD}]}},
        {"data": {"fields": ["title", "content"], "items": [["a", "b"]]}},
        {**RECORD, "related": [{"title": "c", "content": "d"}], "stocks": [{"title": "e", "url": "f"}]},
        {"items": [{**RECORD, "tags": [{"title": "t", "url": "https://example.com"}]}]},
    ],
)
def test_records_are_found_wherever_they_are(value: object) -> None:
    found = one(value)

    assert (found.title, found.body) == ("a", "b")


def test_what_stands_around_a_text_belongs_to_it() -> None:
    found = one([{"id": "7", "time": "2024-09-09 09:00:00", "type": 0, "data": {"content": "The harbour opened."}}])

    assert (found.native_id, found.published_at, found.body) == ("7", NINE, "The harbour opened.")


def test_a_headline_with_an_address_is_an_article_and_its_topics_are_none() -> None:
    found = one({"list": [{"title": "a", "url": "https://example.com", "topics": [{"title": "t", "url": "u"}]}]})

    assert (found.title, found.body) == ("a", "")


def test_what_of_a_list_is_no_record_is_told() -> None:
    assert read(json.dumps([RECORD, {"ad": 1}, RECORD]))[1] == Unread(
        "record 2", "neither a title with more about it nor a text"
    )


@pytest.mark.parametrize("value", [{"name": "x", "version": 1}, [{"id": 1, "title": "Home"}], [], {}, [[1, 2]]])
def test_json_without_news_says_what_is_in_it_and_what_to_do(value: object) -> None:
    with pytest.raises(UnparsedError, match=r"its keys are.*readers: in watcher\.yaml|no article"):
        articles(value)


def test_the_keys_are_named_for_a_mapping() -> None:
    with pytest.raises(UnparsedError, match=r"keys are state, payload\.rows, payload\.count: name them"):
        articles({"state": 0, "payload": {"rows": [{"a": 1}], "count": 1}})


# --- The state of the JSON ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "callback(JSON);",
        "jQuery3510_17258(JSON)",
        "var newsList = JSON;",
        "window.__DATA__=JSON",
        "/*<script>location.href='//example.com';</script>*/\ntry{cb(JSON)}catch(e){};",
        "\ufeff JSON\n",
        'var other = {"a": 1};\nvar news = JSON;',
    ],
)
def test_json_for_scripts_is_read(text: str) -> None:
    before, after = text.split("JSON")

    assert one(before + json.dumps({"list": [RECORD]}) + after).title == "a"


def test_good_lines_are_kept_and_bad_ones_told() -> None:
    lines = ['{"title":"a","content":"x"}', "", '{"title":"b","con', "[1, 2", '{"title":"c","content":"y"}', "null"]

    found = read("\n".join(lines))

    assert [part.title if isinstance(part, Article) else part for part in found] == [
        "a",
        Unread("line 3", "cut off"),
        Unread("line 4", "cut off"),
        "c",
        Unread("line 6", "neither a title with more about it nor a text"),
    ]
    assert isinstance(found[0], Article)
    assert found[0].format == "jsonl"


def test_a_broken_first_line_does_not_hide_the_others() -> None:
    found = read('{"title":"a","con\n{"title":"b","content":"x"}\n')

    assert found[0] == Unread("line 1", "cut off")
    assert isinstance(found[1], Article)


def test_documents_behind_one_another_are_read() -> None:
    text = '{\n "title": "a",\n "content": "x"\n}\n{\n "title": "b", "cont\n}\n{\n "title": "c",\n "content": "z"\n}\n'

    found = read(text)

    assert [part.title if isinstance(part, Article) else part.where for part in found] == ["a", "line 5", "c"]


def test_records_before_a_cut_are_kept() -> None:
    whole = json.dumps({"data": {"list": [{**RECORD, "tags": [{"n": 1}, {"n": 2}]}] * 3}}, indent=1)

    found = read(whole[: whole.rindex('"n": 2')])

    assert [type(part) for part in found] == [Article, Article, Unread]
    assert found[-1] == Unread("line 36", "cut off; what is whole before it is kept")


def test_a_mistake_in_the_middle_is_told_with_its_line() -> None:
    found = read('[\n{"title":"a","content":"x"},\n{"title":"b" "content":"y"},\n{"title":"c","content":"z"}\n]')

    assert [part.title if isinstance(part, Article) else part for part in found] == [
        "a",
        Unread("line 3", "not JSON: Expecting ',' delimiter; what is whole before it is kept"),
    ]


def test_a_record_that_is_cut_off_alone_is_none() -> None:
    with pytest.raises(UnparsedError, match="line 2: cut off, and nothing before it is whole"):
        read('{"title": "a",\n"content": "The harb')


def test_a_header_in_json_makes_a_post() -> None:
    found = one('{\n "title": "Harbour opens",\n "date": "2024-09-09"\n}\n\nThe harbour opened.\n')

    assert (found.format, found.title, found.body) == ("post", "Harbour opens", "The harbour opened.")


def test_line_breaks_within_a_text_are_taken_as_they_are() -> None:
    assert one('{"title":"a","content":"One.\nTwo.\tThree."}').body == "One.\nTwo. Three."


@pytest.mark.parametrize(
    "text",
    [
        '{"title":"a","content":"b","n":NaN,"m":-Infinity}',
        '{"title":"a","content":"b","n":' + "9" * 5000 + "}",
        '{"title":"a\\ud800","content":"b\\udfff","id":"\\ud800"}',
        '{"title":"x","title":"a","content":"y","content":"b"}',
        '{"title":"a","content":"b","date":' + "1" * 400 + ',"id":1e400}',
        '{"title":"a","content":"b","x":' + "[" * 300 + "]" * 300 + "}",
        '{"title":"a","content":"b"}' + "\0" * 100,
    ],
    ids=["NaN", "digits", "surrogates", "twice", "numbers", "deep", "NULs"],
)
def test_no_value_brings_the_reader_down(text: str) -> None:
    found = one(text)

    assert (found.title, found.body) == ("a", "b")
    repr(found).encode()


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '[{"a":[\n' * 20_000, '{"' * 50_000, "[{" * 5])
def test_what_never_ends_is_refused(text: str) -> None:
    with pytest.raises(UnparsedError):
        read(text)


def test_a_deep_line_does_not_hide_the_others() -> None:
    found = read('{"title":"a","content":"x"}\n{"a":' + "[" * 100_000 + '\n{"title":"b","content":"y"}')

    assert [part.title if isinstance(part, Article) else part for part in found] == [
        "a",
        Unread("line 2", "nested too deeply"),
        "b",
    ]


# --- CSV ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_of_news_is_read(delimiter: str, line_end: str) -> None:
    rows = [
        ["title", "content", "date", "id"],
        ["Harbour opens", '"One, ""two"";\tthree.\nFour."', "2024-09-09 09:00", "9007199254740993"],
        ["Ship comes", "Five.", "2024-09-10", "2"],
    ]

    found = articles("\ufeff" + line_end.join(delimiter.join(row) for row in rows) + line_end)

    assert [(row.title, row.body, row.published_at, row.native_id, row.format) for row in found] == [
        ("Harbour opens", 'One, "two"; three.\nFour.', NINE, "9007199254740993", "csv"),
        ("Ship comes", "Five.", date(2024, 9, 10), "2", "csv"),
    ]


def test_a_table_in_chinese_is_read() -> None:
    found = one("sep=;\n标题;正文;发布时间;来源\n开港;港口，重开。;2024-09-09 09:00;海港报\n")

    assert (found.title, found.body, found.published_at, found.publisher) == ("开港", "港口，重开。", NINE, "海港报")


def test_rows_that_do_not_fit_are_told() -> None:
    found = read("title,content\na,x\nb\n\nc,y,z\nd,w\n")

    assert [part.title if isinstance(part, Article) else part for part in found] == [
        "a",
        Unread("line 3", "1 fields where the header has 2"),
        Unread("line 5", "3 fields where the header has 2"),
        "d",
    ]


def test_a_quote_that_is_never_closed_swallows_no_other_row() -> None:
    found = read('title,content\na,x\nb,"y\nc,z\nd,w\n')

    assert [part.title for part in found if isinstance(part, Article)] == ["a", "b", "c", "d"]


def test_a_long_field_is_read() -> None:
    """Python's own limit is 128 KiB."""
    assert len(one("title,content\na," + "x" * 200_000 + "\n").body) == 200_000


@pytest.mark.parametrize(
    "text",
    [
        "Title, content and date of the harbour\n\nThis is a text, with commas, and so on.\n",
        "The harbour opened, a ship came, and so on.\nAnother line, with commas.\n",
        "title: Harbour opens\ndate: 2024-09-09\n\nThe harbour opened.\n",
        "---\ntitle: a, content\n---\n\nb, c\n",
        "code,price,volume\n300546,12.3,100\n",
        "title,price\na,1\n",
        "title,content\n",
        "title,content\nOne line of a text that is no row\n",
        "标题，正文，来源\n甲，乙，丙\n",
        "| title | content |\n|---|---|\n| a | b |\n",
    ],
)
def test_no_text_is_taken_for_a_table(text: str) -> None:
    assert not looks_like_csv(text)


def test_a_table_is_known_by_a_beginning_that_ends_anywhere() -> None:
    text = 'title,content,date\n"A, ""b""","' + "long text\n" * 50 + '",2024-09-09\n'

    assert all(looks_like_csv(text[:end]) for end in range(30, len(text)))


# --- Mappings ----------------------------------------------------------------------------------------------

MAPPING = ReaderMapping(
    "*.json",
    "payload.rows",
    (
        ("title", "t"),
        ("body", "inner.text"),
        ("date", "at"),
        ("author", "who.name"),
        ("id", "k"),
        ("url", "links.0.to"),
    ),
)


def mapped(text: str, mapping: ReaderMapping = MAPPING, name: str = "x.json") -> list[Article | Unread]:
    return list(parse_page(page(text, name), (ReaderMapping("*.none", None, (("title", "x"),)), mapping)))


def test_a_mapping_names_where_everything_is() -> None:
    row = {
        "t": "Harbour opens",
        "inner": {"text": "<p>One.</p><p>Two.</p>"},
        "at": 1725843600,
        "who": [{"name": "Ann"}, {"name": "Bo"}],
        "k": 9007199254740993,
        "links": [{"to": "https://example.com/1"}, {"to": "https://example.com/2"}],
        "title": "not this",
        "source": "not named, not looked for",
    }

    found = mapped(json.dumps({"payload": {"rows": [row, {"t": "b"}, {"z": 1}, 5]}}))

    assert found[0] == Article(
        title="Harbour opens",
        body="One.\nTwo.",
        format="json",
        url="https://example.com/1",
        native_id="9007199254740993",
        author="Ann, Bo",
        published_at=NINE,
        published_from="field",
    )
    assert isinstance(found[1], Article)
    assert found[2:] == [
        Unread(
            "record 3",
            'neither a title nor a text, where the reader "*.json" of watcher.yaml expects it; the keys are z',
        ),
        Unread("record 4", "not an object"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('[{"T":"a","B":"x"},{"T":"b","B":"y"}]', "json"),
        ('{"T":"a","B":"x"}\n{"T":"b","B":"y"}\n{"T":\n', "json"),
        ("T;B\na;x\nb;y\nc\n", "csv"),
    ],
)
def test_a_mapping_without_items_takes_the_file_its_lines_or_its_rows(text: str, kind: str) -> None:
    found = mapped(text, ReaderMapping("*.json", None, (("title", "T"), ("body", "B"))))

    assert [(part.title, part.body, part.format) for part in found if isinstance(part, Article)] == [
        ("a", "x", kind),
        ("b", "y", kind),
    ]


def test_a_key_with_dots_in_it_can_be_named() -> None:
    (found,) = mapped('{"news.title": "a"}', ReaderMapping("*.json", None, (("title", "news.title"),)))

    assert isinstance(found, Article)
    assert found.title == "a"


def test_a_mapping_that_finds_nothing_says_where_it_looked_and_what_is_there() -> None:
    with pytest.raises(
        UnparsedError, match=r'nothing at "payload\.rows", where the reader "\*\.json".*keys are payload\.list'
    ):
        mapped('{"payload": {"list": []}}')


def test_a_mapping_is_for_the_names_it_matches_only() -> None:
    with pytest.raises(UnparsedError, match="readers: in watcher"):
        mapped('{"payload": {"rows": [{"t": "a"}]}}', name="x.txt")


@pytest.mark.parametrize("text", ["", "nothing of the kind", "<a/>", "[1, 2]", '"text"'])
def test_a_mapping_for_another_kind_of_file_is_refused(text: str) -> None:
    with pytest.raises(UnparsedError):
        mapped(text)
