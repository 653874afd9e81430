from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import found
from watcher.decoding import decode
from watcher.errors import NotReadyError, UnreadableError
from watcher.read import read_file

NEWS = "雄帝科技今日公告，朱镕基图书馆项目中标，合同金额1.2亿元。€"


def test_page_carries_text_name_hash_and_encoding(tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    path.write_bytes("数字政通".encode())

    page = read_file(found(path), max_bytes=100)

    assert (page.text, page.name, page.encoding, page.repairs) == ("数字政通", "news.md", "utf-8", ())
    assert page.sha256 == hashlib.sha256("数字政通".encode()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32"])
def test_text_comes_out_whatever_it_was_written_in(encoding: str) -> None:
    decoded = decode(NEWS.encode(encoding))

    assert decoded.text == NEWS
    assert decoded.repairs == ()


def test_big5_is_told_from_gb18030() -> None:
    """Every Big5 text is also valid GB18030, as rubbish."""
    text = "台積電今日公布第三季財報，營收較去年同期成長兩成，每股盈餘創下歷史新高。"

    assert decode(text.encode("big5hkscs")).text == text


@pytest.mark.parametrize("label", ["gb2312", "gbk", "GBK", "x-gbk", "cp936"])
def test_page_labelled_gb2312_may_hold_all_of_gb18030(label: str) -> None:
    """Given bytes and this label, BeautifulSoup returns an empty article without an error: reliability row P1."""
    html = f'<meta charset="{label}"><p>朱镕基㐀€</p>'

    assert decode(html.encode("gb18030")).text == html


def test_wrong_label_does_not_hurt_valid_utf8() -> None:
    html = f'<meta charset="gbk"><p>{NEWS}</p>'

    assert decode(html.encode()).text == html


def test_character_cut_off_at_the_end_is_a_repair_and_not_another_encoding() -> None:
    """gb18030 accepts one in fifteen truncated UTF-8 texts, as rubbish: reliability row P8."""
    for cut in range(1, 3):
        decoded = decode(("雄帝科技中标" * 5).encode()[:-cut])

        assert decoded.text.startswith("雄帝科技中标" * 4)
        assert decoded.encoding == "utf-8"
        assert decoded.repairs == ("1 broken character at its end replaced by \ufffd",)


def test_one_broken_byte_does_not_make_utf8_another_encoding() -> None:
    data = bytearray((NEWS * 10).encode())
    data[60] = 0xFF

    decoded = decode(bytes(data))

    assert decoded.encoding == "utf-8"
    assert len(decoded.repairs) == 1


def test_few_gbk_words_in_much_ascii_are_still_gbk() -> None:
    html = "<div class='article'>" * 200 + "贵州茅台今日公告回购股份，金额不超过三十亿元" + "</div>" * 200

    assert decode(html.encode("gbk")).text == html


def test_encoding_of_the_folder_wins_over_guessing() -> None:
    assert decode("股價".encode("big5"), expected="big5").text == "股價"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 ...", "a PDF document, not text"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG image, not text"),
        (b"7z\xbc\xaf....", "a 7-Zip archive, not text"),
        (b"\x1f\x8b\x08....", "a gzip archive, not text"),
        (b"some\x00\x01\x00binary\x00", "binary data, not text"),
        (bytes(range(128, 256)) * 3, "undecodable: neither UTF-8, UTF-16, GB18030 nor Big5"),
    ],
)
def test_bytes_that_are_no_text_are_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        decode(data)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b" \n\r\n\0", "empty"), (b"x" * 101, "too large: 101 bytes, the limit is 100")],
)
def test_size_limits_are_told(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "news.md"
    path.write_bytes(content)

    with pytest.raises(UnreadableError, match=reason):
        read_file(found(path), max_bytes=100)


def test_huge_sparse_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    with path.open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(UnreadableError, match="too large"):
        read_file(found(path), max_bytes=1 << 20)


def test_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    os.mkfifo(path)

    with pytest.raises(UnreadableError, match="a named pipe, not a regular file"):
        read_file(found(path), max_bytes=100)


def test_socket_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))

        with pytest.raises(UnreadableError, match="not a regular file"):
            read_file(found(path), max_bytes=100)


def test_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("root:x:0:0")
    link = tmp_path / "news.md"
    link.symlink_to(tmp_path / "secret")

    with pytest.raises(UnreadableError, match="a symbolic link; links are not followed"):
        read_file(found(link), max_bytes=100)


def test_vanished_file_is_not_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    path.write_text("x")
    gone = found(path)
    path.unlink()

    with pytest.raises(FileNotFoundError):
        read_file(gone, max_bytes=100)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_missing_permission_may_pass(tmp_path: Path) -> None:
    path = tmp_path / "news.md"
    path.write_text("x")
    path.chmod(0)

    with pytest.raises(NotReadyError, match="Permission denied"):
        read_file(found(path), max_bytes=100)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """Nothing else may come out, and no lone surrogate that the database could not store."""
    try:
        text = decode(data).text
    except UnreadableError:
        return
    text.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=20, max_size=200))
def test_chinese_text_survives_utf8(text: str) -> None:
    assert decode(text.encode()).text == text
