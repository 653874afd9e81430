"""Files that break news readers, made by a script: no bombs in the repository.

`make_files(folder)` fills a folder and says, for each file, in which states it may end. Nothing here is tuned to our
code: every class comes from the failure catalogue of the field (file types, names, sizes, encodings, headers, markup).
"""

from __future__ import annotations

import gzip
import io
import os
import random
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.noise import make_noise

READ = frozenset({"stored", "duplicate"})
REFUSED = frozenset({"failed"})
EITHER = READ | REFUSED
LEFT_ALONE = frozenset({"ignored"})

_HEADER = "---\ntitle: 标题\ndate: 2026-11-18 09:30:00 +0800\n---\n\n"


def make_files(folder: Path, *, seed: int = 1) -> dict[bytes, frozenset[str]]:
    """Make them all; the exact path of each, and the states that are right for it."""
    wanted: dict[bytes, frozenset[str]] = {}
    for group, make in (
        ("types", _types),
        ("names", _names),
        ("sizes", _sizes),
        ("encodings", _encodings),
        ("headers", _headers),
        ("markup", _markup),
        ("archives", _archives),
        ("noise", lambda place: _noise(place, random.Random(seed))),
        ("made", _made),
    ):
        place = folder / group
        place.mkdir()
        wanted.update(make(place))
    return wanted


def _write(place: Path, name: str | bytes, data: bytes | str) -> bytes:
    path = os.path.join(os.fsencode(place), os.fsencode(name))
    with open(path, "wb") as file:
        file.write(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return path


def _types(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    fifo = place / "fifo.md"
    os.mkfifo(fifo)
    yield os.fsencode(fifo), REFUSED
    with socket.socket(socket.AF_UNIX) as server:
        # The address of a socket is short: bind it from inside its folder.
        here = os.getcwd()
        os.chdir(place)
        server.bind("socket.md")
        os.chdir(here)
    yield os.fsencode(place / "socket.md"), REFUSED
    for name, target in {
        "dangling.md": "/nowhere/at/all",
        "passwd.md": "/etc/passwd",
        "zero.md": "/dev/zero",
        "loop.md": "loop.md",
        "parent.md": "..",
        "root": "/",
    }.items():
        (place / name).symlink_to(target)
        yield os.fsencode(place / name), REFUSED
    sparse = place / "sparse.md"
    with sparse.open("wb") as file:
        file.truncate(1 << 40)
    yield os.fsencode(sparse), REFUSED
    for number in range(3):
        hard = place / f"hard{number}.md"
        if number == 0:
            hard.write_text(_HEADER + "硬链接的正文。", encoding="utf-8")
        else:
            os.link(place / "hard0.md", hard)
        yield os.fsencode(hard), READ


def _names(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    good = [
        "空 格 .md", "-rf.md", "--config.md", "a..md", "new\nline.md", "esc\x1b[31m.md",
        "rtl\u202egnp.md", "quote\"'`$(id).md", "é.md", "e\u0301.md", "%s%n.md", "*.md", "?.md", "[x].md", "tab\t.md",
        "名" * 84 + ".md", "x" * 251 + ".md", "\u200b.md", "🐂.md", "CON.md", "null\\.md", "＠.md", " .md", "'.md",
        "; drop table files;--.md", "<b>.md", "&amp;.md", "http:x.md",
    ]  # fmt: skip
    for number, name in enumerate(good):
        yield _write(place, name, f"{_HEADER}名字第{number}号的正文。"), READ
    for number, raw in enumerate((b"\xff\xfe.md", "股票.md".encode("gbk"), "證券.md".encode("big5"), b"a\x80b.md")):
        yield _write(place, raw, f"{_HEADER}字节名第{number}号的正文。"), READ
    for name in (
        ".hidden.md",
        "x.md.tmp",
        "x.part",
        "x.crdownload",
        ".x.swp",
        "x.md~",
        "~$x.md",
        "x.lock",
        "Thumbs.db",
    ):
        yield _write(place, name, _HEADER + "不该读的。"), LEFT_ALONE


def _sizes(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    yield _write(place, "0.md", b""), REFUSED
    yield _write(place, "1.md", b"\n"), REFUSED
    yield _write(place, "one letter.md", "股"), READ
    yield _write(place, "limit.md", _HEADER + "长" * ((8 << 20) // 3 - 30)), READ
    yield _write(place, "over.md", b"x" * ((8 << 20) + 1)), REFUSED
    yield _write(place, "one line.md", b"x" * (10 << 20)), REFUSED
    yield _write(place, "long line.md", _HEADER + "字" * 1_000_000), READ
    yield _write(place, "many lines.md", _HEADER + "行\n\n" * 200_000), EITHER
    yield _write(place, "spaces.md", _HEADER + "开" + " " * 2_000_000 + "头"), READ
    yield _write(place, "no text.md", _HEADER + "<img src=x>" * 5_000), REFUSED


def _encodings(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    text = _HEADER + "朱镕基图书馆项目中标，金额1.2亿元。㐀"
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"):
        yield _write(place, f"{encoding}.md", f"{text}{encoding}".encode(encoding)), READ
    yield (
        _write(place, "big5.md", (_HEADER.replace("标题", "標題") + "臺灣積體電路公司營收成長。" * 9).encode("big5")),
        READ,
    )
    yield _write(place, "mixed.md", text.encode() + "中标".encode("gbk") + text.encode()), READ
    for cut in range(1, 12):
        yield _write(place, f"cut{cut}.md", f"{text}{'标' * 20}{cut}标".encode()[:-cut]), READ
    yield _write(place, "nul.md", text.encode() + b"\0" * 9 + "第九".encode()), EITHER
    yield _write(place, "controls.md", text + "".join(map(chr, range(1, 32)))), READ
    yield _write(place, "surrogate.md", text + "\ud800孤立"), EITHER
    yield _write(place, "bidi.md", text + "\u202e\u2066\u200b\ufeff"), READ
    yield _write(place, "noncharacters.md", text + "\ufdd0\ufffe\uffff\U0010ffff"), READ
    for label in ("gb2312", "shift_jis", "utf-7", "nonsense", "utf-16"):
        head = f'<meta charset="{label}"><title>标题{label}</title>'
        page = f"<html><head>{head}</head><body>正文{label}朱镕基</body></html>"
        yield _write(place, f"label {label}.html", page.encode("gb18030")), READ
        yield _write(place, f"label {label} utf8.html", (page + " ").encode()), EITHER


def _headers(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    headers = {
        "aliases": "\n".join(["a0: &a [x,x]", *(f"a{n}: &a{n} [*a,*a,*a]" for n in range(1, 40))]),
        "laughs": "\n".join(["a0: &a0 [x,x]", *(f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]" for n in range(1, 40))]),
        "merges": "\n".join(["a0: &a0 {k: 1}", *(f"a{n}: &a{n} {{<<: [*a{n - 1},*a{n - 1}]}}" for n in range(1, 30))]),
        "deep list": "a: " + "[" * 30_000 + "]" * 30_000,
        "deep map": "a: " + "{a: " * 10_000 + "}" * 10_000,
        "python tag": "a: !!python/object/apply:os.system ['id']",
        "huge": "\n".join(f"k{n}: {'v' * 50}" for n in range(50_000)),
        "long value": "a: " + "x" * 500_000,
        "spaces": "a: x" + " " * 60_000 + "y",
        "colons": "a" + ": " * 30_000,
        "quotes": 'title: "' + '"' * 30_000,
        "dates": "date: 2026-02-30 25:61:61 +99:99",
        "digits": "date: " + "9" * 5_000,
        "duplicate keys": "title: 一\ntitle: 二",
        "binary": "a: \x00\x01\x02",
        "tabs": "\ttitle: x\n\t- y",
        "unclosed quote": "title: 'x\ndate: y",
        "keys": 'x"; drop table articles;--: 1',
        "unicode keys": "标题: 中文键\n日期: 2026-11-18",
        "brackets": "title: [[[[快讯]]]] {x}",
        "comment": "title: 重磅 # 注释",
        "block": "title: |\n  多行\n  标题",
        "folded": "title: >-\n  折叠\n  标题",
        "percent": "title: %percent",
        "null": "title: ~",
    }
    for name, header in headers.items():
        # Three megabytes of header may take longer than a file is given.
        states = EITHER if name == "huge" else READ
        yield _write(place, f"{name}.md", f"---\n{header}\n---\n\n{name}的正文，一句话。"), states
        yield _write(place, f"{name} open.md", f"---\n{header}\n{name}没有结束，一句话。"), EITHER


def _markup(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    bodies = {
        "nested div": "<div>" * 100_000 + "深处",
        "nested span": "<span>" * 100_000 + "深处",
        "nested table": "<table><tr><td>" * 3_000 + "深处",
        "nested list": "<ul><li>" * 20_000 + "深处",
        "nested quote": ">" * 20_000 + " 深处",
        "nested brackets": "[" * 50_000 + "深处",
        "nested links": "[a](" * 20_000 + "深处",
        "stars": "*a **b " * 30_000 + "深处",
        "underscores": "_a __b " * 30_000 + "深处",
        "backticks": "`" * 50_000 + "深处",
        "open tags": "<a " * 50_000 + "深处",
        "open attribute": "<a b='" * 20_000 + "深处",
        "open comment": "深处" + "<!--" * 50_000,
        "open script": "深处<script>" + "x" * 100_000,
        "attributes": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">深处</p>",
        "entities": "&amp;" * 100_000 + "深处",
        "bad entities": "&#99999999;&#xD800;&#0;&nosuch;" * 5_000 + "深处",
        "cdata": "<![CDATA[" * 10_000 + "深处",
        "many links": '<a href="http://x">链</a>' * 20_000,
        "many marks": '<span data-code="0,300546">雄帝科技</span>' * 20_000,
        "wide table": "<table><tr>" + "<td>格</td>" * 50_000 + "</tr></table>",
        "long table": "<table>" + "<tr><td>300546</td><td>雄帝科技</td></tr>" * 20_000 + "</table>",
        "headings": "# 标\n" * 50_000,
        "pipes": "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "|b" * 20_000,
        "closing tags": "</div>" * 100_000 + "深处",
        "namespaces": "<x:y xmlns:x='z'>" * 10_000 + "深处",
        "svg": "<svg>" * 10_000 + "<text>图</text>" + "深处",
        "codes": "300546 " * 100_000 + "雄帝科技",
        "footers": "返回a｜" * 30_000 + "。深处",
        "sources": "（文章来源：某报）\n\n" * 20_000 + "深处",
        "parens": "（" * 100_000 + "深处",
    }
    for name, body in bodies.items():
        yield _write(place, f"{name}.md", _HEADER.replace("标题", name) + body), EITHER
        yield _write(place, f"{name}.html", f"<html><body>{body}</body></html>"), EITHER


def _archives(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    bomb = gzip.compress(b"\0" * (64 << 20))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../escape.md", "x")
        archive.writestr("bomb", b"\0" * (64 << 20))
    for name, data in {
        "bomb.gz": bomb,
        "bomb.md": bomb + b"\n",
        "bomb.zip": packed.getvalue(),
        "zip.html": packed.getvalue() + b"\n",
        "picture.md": b"\x89PNG\r\n\x1a\n" + bytes(1_000),
        "document.md": b"%PDF-1.7\n" + bytes(1_000),
        "program.md": b"\x7fELF" + bytes(1_000),
        "database.md": b"SQLite format 3\x00" + bytes(1_000),
        "xxe.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "deep.json": b"[" * 100_000,
        "number.json": b'{"a": ' + b"9" * 5_000 + b"}",
    }.items():
        yield _write(place, name, data), EITHER if name in ("deep.json", "bomb.zip", "zip.html") else REFUSED


def _noise(place: Path, chance: random.Random) -> Iterator[tuple[bytes, frozenset[str]]]:
    """Random bytes, and good posts with random bytes changed, cut out or doubled."""
    good = (_HEADER + "<p>雄帝科技（300546）公告，<b>电子证照</b>业务有进展。</p>\n\n" * 5).encode()
    for number in range(40):
        yield _write(place, f"random{number}.md", chance.randbytes(chance.randrange(1, 5_000))), EITHER
    for number in range(60):
        data = bytearray(good + str(number).encode())
        for _ in range(chance.randrange(1, 20)):
            where = chance.randrange(len(data))
            what = chance.randrange(3)
            if what == 0:
                data[where] = chance.randrange(256)
            elif what == 1:
                del data[where : where + chance.randrange(50)]
            else:
                data[where:where] = data[where : where + chance.randrange(200)]
        yield _write(place, f"changed{number}.md", bytes(data)), EITHER


def _made(place: Path) -> Iterator[tuple[bytes, frozenset[str]]]:
    """Headers, markup, control characters and encodings as Hypothesis puts them together."""
    for number, data in enumerate(make_noise(60)):
        yield _write(place, f"made{number}.{('md', 'html', 'txt')[number % 3]}", data), EITHER
