"""Archives: each member a page of its own; bombs, passwords, odd names and damage cost only themselves (row P15)."""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.build import found, page, post
from watcher.errors import UnparsedError
from watcher.kinds import is_archive, is_mail
from watcher.model import Page, Unread
from watcher.pipeline import parse_parts
from watcher.read import read_file
from watcher.read.unpack import unpack

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ONE = post("雄帝科技中标", "雄帝科技今日公告，公司中标某市电子证照项目。").encode()
TWO = post("样例银行降息", "样例银行今日宣布下调存款利率十个基点。").encode("gb18030")


def archive(data: bytes, name: str = "news.zip", max_bytes: int = 8 << 20) -> Page:
    return replace(page("", name), data=data, max_bytes=max_bytes)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return file.getvalue()


def tarred(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as packed:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return file.getvalue()


def names_of(data: bytes, name: str = "news.zip") -> list[str]:
    return [part.name for part in unpack(archive(data, name)) if isinstance(part, Page)]


def unread_of(data: bytes, **more: int) -> list[tuple[str, str]]:
    return [tuple(part) for part in unpack(archive(data, **more)) if isinstance(part, Unread)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (zipped(("a.md", ONE), ("deep/b.md", TWO)), "news.zip"),
        (zipped(("a.md", ONE), ("deep/b.md", TWO), method=zipfile.ZIP_STORED), "news.zip"),
        (tarred(("a.md", ONE), ("deep/b.md", TWO)), "news.tar"),
        (tarred(("a.md", ONE), ("deep/b.md", TWO), mode="w:gz"), "news.tar.gz"),
        (zstd.compress(tarred(("a.md", ONE), ("deep/b.md", TWO))), "news.tar.zst"),
    ],
    ids=["zip", "stored zip", "tar", "tar.gz", "tar.zst"],
)
def test_members_are_pages_of_their_own(data: bytes, name: str) -> None:
    assert is_archive(data)

    one, two = unpack(archive(data, name))

    assert isinstance(one, Page)
    assert isinstance(two, Page)
    assert (one.name, one.text, one.data) == ("a.md", ONE.decode(), b"")
    assert (two.name, two.encoding) == ("b.md", "gb18030")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (gzip.compress(ONE), "a.md.gz"),
        (gzip.compress(ONE[:50]) + gzip.compress(ONE[50:]), "a.md.gz"),
        (zstd.compress(ONE), "a.md.zst"),
        (zstd.compress(ONE[:50]) + zstd.compress(ONE[50:]), "a.md.ZST"),
    ],
    ids=["gzip", "two gzip streams", "zstandard", "two frames"],
)
def test_packed_file_is_the_file_without_its_ending(data: bytes, name: str) -> None:
    [one] = unpack(archive(data, name))

    assert isinstance(one, Page)
    assert (one.name, one.text) == ("a.md", ONE.decode())


def test_page_that_is_no_archive_is_itself() -> None:
    plain = page("正文")

    assert list(unpack(plain)) == [plain]


def test_names_that_chinese_windows_wrote_are_read() -> None:
    """Its packers write GBK and leave the flag for UTF-8 unset, which zipfile reads as code page 437."""
    raw = "收评.md".encode("gb18030")
    data = zipped(("x" * len(raw), ONE)).replace(b"x" * len(raw), raw)

    assert names_of(data) == ["收评.md"]


def test_what_browsers_and_packers_put_beside_the_news_is_left_alone() -> None:
    furniture = ["__MACOSX/._a.md", ".DS_Store", "a_files/style.css", "a_files/logo.png", "a_files/app.min.js"]

    assert names_of(zipped(("a.md", ONE), *((name, b"x") for name in furniture))) == ["a.md"]


def test_one_bad_member_does_not_cost_the_others() -> None:
    data = zipped(
        ("pdf.md", b"%PDF-1.7"), ("empty.md", b" \n"), ("big.md", b"x" * 2000), ("in.zip", zipped()), ("a.md", ONE)
    )

    assert unread_of(data, max_bytes=1000) == [
        ("pdf.md", "a PDF document, not text"),
        ("empty.md", "empty"),
        ("big.md", "too large: more than 1,000 bytes (max_bytes)"),
        ("in.zip", "an empty ZIP archive, not text"),
    ]


def test_archive_within_an_archive_is_not_opened() -> None:
    data = zipped(("in.zip", zipped(("a.md", ONE))), ("in.gz", gzip.compress(ONE)))

    assert unread_of(data) == [(name, "an archive within an archive is not opened") for name in ("in.zip", "in.gz")]


def test_links_in_a_tar_are_no_members() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as packed:
        link = tarfile.TarInfo("passwd.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    with pytest.raises(UnparsedError, match="an archive without news in it"):
        list(unpack(archive(file.getvalue())))


def test_name_that_leads_out_is_only_a_name() -> None:
    assert names_of(zipped(("../../etc/cron.d/a.md", ONE))) == ["a.md"]


def test_member_behind_a_password_is_said() -> None:
    data = bytearray(zipped(("a.md", ONE)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert unread_of(bytes(data)) == [("a.md", "encrypted with a password")]


@pytest.mark.parametrize(
    "data",
    [
        zipped(("a.md", b"\n" * (30 << 20))),
        gzip.compress(b"\n" * (30 << 20)),
        zstd.compress(b"\n" * (30 << 20)),
        tarred(("a.md", b"\n" * (30 << 20)), mode="w:gz"),
    ],
    ids=["zip", "gzip", "zstandard", "tar.gz"],
)
def test_bomb_is_put_down(data: bytes) -> None:
    [unread] = unread_of(data, max_bytes=100 << 20)

    assert unread == ("the rest", "what is in it is more than 100 times as large: no news shrinks like that")


def test_more_than_fits_is_not_taken_out() -> None:
    """Here of random bytes, that do not shrink: nothing but the whole is too large."""
    piece = zlib.compress(bytes(range(256)) * 4096, 0) * 12
    data = zipped(*((f"{number}.bin", piece) for number in range(9)), method=zipfile.ZIP_STORED)

    assert unread_of(data, max_bytes=100 << 20)[-1] == ("the rest", "more than 64 MiB are not taken out of one archive")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(("a.md", ONE))[:60], "an archive that cannot be opened: File is not a zip file"),
        (zipped(("[Content_Types].xml", b"<x/>")), "an Office document, e-book or program, not an archive of news"),
        (zipped(("logo.png", b"x")), "an archive without news in it"),
    ],
    ids=["cut off", "docx", "only pictures"],
)
def test_archive_that_holds_nothing_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnparsedError) as told:
        list(unpack(archive(data)))

    assert str(told.value) == reason


def test_file_whose_packing_is_cut_off_is_not_half_an_article() -> None:
    with pytest.raises(UnparsedError, match=r"no article in it \(a.md: cannot be unpacked: cut off\)"):
        list(parse_parts(archive(gzip.compress(ONE)[:-20], "a.md.gz")))


def test_whole_members_before_a_cut_are_kept() -> None:
    data = tarred(*((f"{number}.md", ONE) for number in range(40)), mode="w:gz")
    parts = list(unpack(archive(data[: len(data) * 3 // 4])))

    assert len([part for part in parts if isinstance(part, Page)]) > 5
    assert isinstance(parts[-1], Unread)


def test_articles_of_an_archive_come_with_what_could_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "news.zip"
    path.write_bytes(zipped(("a.md", ONE), ("broken.md", b"---\ntitle: x\n---\n<script>" + b"x" * 500), ("b.md", TWO)))

    one, two, unread = parse_parts(read_file(found(path), max_bytes=10_000))

    assert [getattr(article, "title", None) for article in (one, two)] == ["雄帝科技中标", "样例银行降息"]
    assert isinstance(unread, Unread)
    assert unread.where == "broken.md"


@pytest.mark.parametrize(
    ("data", "mail"),
    [
        (b"From: a@x.cn\r\nTo: b@x.cn\r\nSubject: 1\r\n\r\ntext", True),
        (b" " * 255 + b"\r\nReturn-Path: <a@x.cn>\r\nSubject: 1\r\nDate: x\r\n\r\ntext", True),
        (b"From a@x.cn Wed Nov 18 09:00:00 2026\nReceived: by x\n  with y\nSubject: 1\nFrom: z\n\ntext", True),
        (b"Subject: 1\nDate: 2\nTo: 3\n\ntext", False),
        (b"---\ntitle: x\ndate: y\nfrom: z\n---\ntext", False),
        ("发布时间: 1\nFrom: 2\nTo: 3\n".encode(), False),
    ],
)
def test_mail_is_known_by_its_headers(data: bytes, mail: bool) -> None:
    assert is_mail(data) is mail
