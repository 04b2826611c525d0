"""What a stranger left is opened, copied and shown so that it can do no harm."""

import os
import socket

import pytest

from genbench import strangers


@pytest.fixture
def odd(tmp_path):
    """A folder with a file, and one of each kind of thing that has a name and is no file of its own."""
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to_pipe").symlink_to(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "links", "said"),
    [
        ("folder", False, "folder is a folder; it must be a file"),
        ("pipe", False, "pipe is a pipe; it must be a file"),
        ("link", False, "link is a link; it must be a file"),
        ("dangling", False, "dangling is a link; it must be a file"),
        ("to_pipe", True, "to_pipe is a pipe; it must be a file"),
        ("device", True, "device is a device; it must be a file"),
    ],
)
def test_what_is_no_file_is_refused_by_its_kind_and_at_once(odd, name, links, said):
    with pytest.raises(strangers.NotAFile, match=said):
        strangers.content(odd / name, 10, links=links)


def test_a_socket_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("end")
        with pytest.raises(OSError):  # noqa: PT011  Linux refuses to open one, in words of its own
            strangers.content(tmp_path / "end", 10)


def test_a_file_is_read_whole_or_not_at_all(odd):
    assert strangers.content(odd / "file", 5) == b"12345"
    assert strangers.content(odd / "link", 5, links=True) == b"12345"
    with pytest.raises(strangers.NotAFile, match="file has 5 bytes; at most 4 are read"):
        strangers.content(odd / "file", 4)


def test_a_copy_is_a_file_of_its_own_and_none_is_left_where_it_was_too_large(odd):
    strangers.copied(odd / "file", odd / "copy", 5)
    os.truncate(odd / "file", 0)

    assert (odd / "copy").read_bytes() == b"12345"
    with pytest.raises(strangers.NotAFile, match="at most 4"):
        strangers.copied(odd / "copy", odd / "other", 4)
    assert not (odd / "other").exists()


def test_a_copy_never_takes_the_place_of_what_is_there(odd):
    with pytest.raises(FileExistsError):
        strangers.copied(odd / "file", odd / "dangling", 5)


def test_only_a_file_itself_is_one(odd):
    names = ("file", "folder", "link", "dangling", "pipe", "device", "nowhere", "x" * 5000, "a\0b")

    assert [name for name in names if strangers.is_file(odd / name)] == ["file"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain äß 漢字 ❤️", "plain äß 漢字 ❤️"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rb", r"a\rb"),
        ("\u202eright", r"\u202eright"),
        ("\u2066isolate\u2069", r"\u2066isolate\u2069"),
        ("\udcff", r"\udcff"),
        ("no\u00a0break", "no\u00a0break"),
        ("k\u200dz", "k\u200dz"),
    ],
)
def test_what_a_terminal_obeys_or_turns_the_text_is_told_as_what_it_is(text, shown):
    assert strangers.plain(text) == shown
    assert strangers.plain(shown) == shown
