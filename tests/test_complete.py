from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher.detect.complete import is_held_open, looks_whole

needs_leases = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    path = tmp_path / "news.md"
    path.write_text("雄帝科技中标\n", encoding="utf-8")
    return path


@pytest.fixture
def sigio_ignored() -> Iterator[None]:
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGIO, before)


@pytest.mark.parametrize(
    "content",
    [
        "---\ntitle: a\n---\n",
        "---\ntitle: a\n---",
        "---\ntitle: a\n...\n\ntext",
        "---\r\ntitle: a\r\n---\r\ntext",
        "\ufeff---\ntitle: a\n---\ntext",
        "---\n---\ntext without a single field",
        '{"title": "a", "list": [1, 2]}',
        '[{"title": "a"}]\n',
        '{"title": "a"}\n{"title": "b"}\n',
        '<?xml version="1.0"?><rss><channel/></rss>\n',
        "<rss><channel/></rss>",
        "<!DOCTYPE html><html><body>text</body></html>\n",
        "\n<HTML><body>text</body></HTML>",
        "A plain text has no end that could be missing",
        "# Markdown\n\n---\n\nwith a rule",
        "<p>a fragment of a page</p>",
    ],
)
def test_file_that_ends_as_what_it_begins_looks_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "news"
    path.write_bytes(content.encode())

    assert looks_whole(os.fsencode(path))


@pytest.mark.parametrize(
    "content",
    [
        "---\ntitle: a\n",
        "---\ntitle: a\nsummary: x --- y\n",
        "---\ntitle: a\n----\n",
        '{"title": "a", "list": [1, 2]',
        '[{"title": "a"},',
        '[{"title": "a"}',
        '<?xml version="1.0"?><rss><chan',
        "<!DOCTYPE html><html><body>text</body>",
        "<html><p>text",
    ],
)
def test_file_cut_off_does_not_look_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "news"
    path.write_bytes(content.encode())

    assert not looks_whole(os.fsencode(path))


@pytest.mark.parametrize("content", ["", " \n\t\r\n"])
def test_file_without_a_word_does_not_look_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "news.md"
    path.write_text(content)

    assert not looks_whole(os.fsencode(path))


def test_end_of_a_long_file_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html>" + "<p>text</p>" * 20_000)
    whole_before = looks_whole(os.fsencode(path))
    with path.open("a") as file:
        file.write("</html>")

    assert (whole_before, looks_whole(os.fsencode(path))) == (False, True)


def test_file_that_is_gone_does_not_look_whole(tmp_path: Path) -> None:
    assert not looks_whole(os.fsencode(tmp_path / "gone.md"))


def test_pipe_and_link_do_not_look_whole(tmp_path: Path, news: Path) -> None:
    """To open a pipe as a file is to wait for its writer for ever."""
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to(news)

    assert not looks_whole(os.fsencode(tmp_path / "pipe.md"))
    assert not looks_whole(os.fsencode(tmp_path / "link.md"))


@needs_leases
@pytest.mark.usefixtures("sigio_ignored")
def test_file_is_held_open_until_its_writer_closes_it(news: Path) -> None:
    with news.open("a"):
        while_writing = is_held_open(os.fsencode(news))

    assert (while_writing, is_held_open(os.fsencode(news))) == (True, False)


@needs_leases
@pytest.mark.usefixtures("sigio_ignored")
def test_writer_in_another_process_is_seen(news: Path) -> None:
    script = "import sys; file = open(sys.argv[1], 'a'); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, str(news)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        writer.stdout.readline()
        while_writing = is_held_open(os.fsencode(news))

    assert (while_writing, is_held_open(os.fsencode(news))) == (True, False)


@needs_leases
@pytest.mark.usefixtures("sigio_ignored")
def test_reader_does_not_hold_a_file_open(news: Path) -> None:
    with news.open():
        assert is_held_open(os.fsencode(news)) is False


@needs_leases
@pytest.mark.usefixtures("sigio_ignored")
def test_asking_leaves_no_lease_in_the_way_of_a_writer(news: Path) -> None:
    is_held_open(os.fsencode(news))

    # With O_NONBLOCK a lease that is still held would be an error instead of a wait.
    os.close(os.open(news, os.O_WRONLY | os.O_NONBLOCK))


@needs_leases
@pytest.mark.usefixtures("sigio_ignored")
def test_nothing_is_known_of_a_file_that_cannot_be_opened(tmp_path: Path, news: Path) -> None:
    (tmp_path / "link.md").symlink_to(news)

    assert is_held_open(os.fsencode(tmp_path / "link.md")) is None
    assert is_held_open(os.fsencode(tmp_path / "gone.md")) is None


@needs_leases
def test_nobody_is_asked_while_sigio_would_kill_the_process(news: Path) -> None:
    """A writer that comes while the lease is held sends SIGIO, whose default is to end the process."""
    before = signal.signal(signal.SIGIO, signal.SIG_DFL)
    try:
        answer = is_held_open(os.fsencode(news))
    finally:
        signal.signal(signal.SIGIO, before)

    assert answer is None
