"""The bytes of an official file: where they are looked for, and that no other bytes are handed out."""

import contextlib
import gzip
import hashlib
import io
import tarfile

import pytest

from genbench.data import sources
from genbench.data.sources import Source
from genbench.errors import SourceAbsent, SourceFault

CONTENT = b"one\ntwo\nthree\n"
PATH = "data/numbers.txt"


def pin(content):
    return hashlib.sha256(content).hexdigest()


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_file_is_fetched_once_and_read_from_the_cache_afterwards(home, cache, capsys, source):
    first = sources.read(source(home.url), PATH)
    again = sources.read(source(home.url), PATH)

    assert first == again == CONTENT
    assert home.asked == [f"/{PATH}"]
    assert files(cache) == [f"toy/{pin(CONTENT)[:8]}/{PATH}"]
    assert f"fetching {home.url}/{PATH}" in capsys.readouterr().err


def test_a_pin_may_be_of_what_is_made_of_the_bytes(home, cache, source):
    home.served[f"/{PATH}"] = CONTENT.upper()

    first = sources.read(source(home.url, pinned=bytes.lower), PATH)
    again = sources.read(source(home.url, pinned=bytes.lower), PATH)

    assert first == again == CONTENT.upper()
    assert home.asked == [f"/{PATH}"]
    assert files(cache) == [f"toy/{pin(CONTENT)[:8]}/{PATH}"]
    with pytest.raises(SourceFault, match="not the official file"):
        sources.read(source(home.url), PATH)


def test_what_is_provided_is_held_against_what_is_made_of_it(provided, put, source):
    place = put(provided / "Toy" / PATH, CONTENT.upper())

    assert sources.read(source(pinned=bytes.lower), PATH) == CONTENT.upper()
    with pytest.raises(SourceFault, match=f"{place}: not the official file"):
        sources.read(source(pinned=bytes.title), PATH)


@pytest.mark.usefixtures("cache")
def test_what_was_fetched_once_needs_no_network(home, source):
    sources.read(source(home.url), PATH)

    with sources.offline():
        assert sources.read(source("http://127.0.0.1:9"), PATH) == CONTENT


def test_an_altered_download_is_set_aside_and_never_used(home, cache, source):
    home.served[f"/{PATH}"] = b"one\ntwo\nfour\n"

    with pytest.raises(SourceFault) as fault:
        sources.read(source(home.url), PATH)

    found = pin(b"one\ntwo\nfour\n")
    assert files(cache) == [f"toy/{pin(CONTENT)[:8]}/{PATH}.bad-{found[:8]}"]
    assert f"{home.url}/{PATH}: not the official file" in str(fault.value)
    assert f"wanted sha256 {pin(CONTENT)}" in str(fault.value)
    assert f"found sha256  {found}, 13 bytes" in str(fault.value)
    assert f"set aside as {cache}" in str(fault.value)


def test_a_truncated_download_is_not_kept(home, cache, source):
    home.served[f"/{PATH}"], home.promised = CONTENT[:5], len(CONTENT)

    with pytest.raises(SourceFault):
        sources.read(source(home.url), PATH)

    assert [name for name in files(cache) if ".bad-" not in name] == []


def test_a_bad_file_in_the_cache_is_set_aside_and_the_next_reading_fetches_it_anew(home, cache, source):
    sources.read(source(home.url), PATH)
    (kept,) = (path for path in cache.rglob("*") if path.is_file())
    kept.write_bytes(b"rotten\n")

    with pytest.raises(
        SourceFault, match=rf"{kept}: not the official file(.|\n)*set aside(.|\n)*fetches the file anew"
    ):
        sources.read(source(home.url), PATH)

    assert kept.with_name(f"{kept.name}.bad-{pin(b'rotten' + bytes([10]))[:8]}").read_bytes() == b"rotten\n"
    assert sources.read(source(home.url), PATH) == CONTENT


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("way", ["context", "environment"])
def test_offline_nothing_is_asked_for(home, monkeypatch, way, source):
    if way == "environment":
        monkeypatch.setenv("GENBENCH_OFFLINE", "1")

    closed = sources.offline() if way == "context" else contextlib.nullcontext()
    with closed, pytest.raises(SourceAbsent, match="nothing may be fetched here"):
        sources.read(source(home.url), PATH)

    assert home.asked == []


@pytest.mark.parametrize("place", [f"Toy/{PATH}", "toy/numbers.txt"])
def test_a_provided_file_comes_before_cache_and_network(home, provided, cache, place, source, put):
    put(provided / place, CONTENT)

    content = sources.read(source(home.url), PATH)

    assert content == CONTENT
    assert home.asked == []
    assert not cache.exists()


def test_a_provided_file_may_be_packed(provided, source, put):
    put(provided / "toy" / "numbers.txt.gz", gzip.compress(CONTENT))

    assert sources.read(source(), PATH) == CONTENT


def test_a_packed_file_that_is_cut_is_named(provided, source, put):
    place = put(provided / "toy" / "numbers.txt.gz", gzip.compress(CONTENT)[:-9])

    with pytest.raises(SourceFault, match=f"{place} cannot be unpacked"):
        sources.read(source(), PATH)


def test_a_provided_folder_may_hold_the_content_in_another_form(provided, source, put):
    put(provided / "numbers.csv", b"one,two,three")

    def rebuild(folder, path):
        assert path == PATH
        return (folder / "numbers.csv").read_bytes().replace(b",", b"\n") + b"\n"

    assert sources.read(source(rebuild=rebuild), PATH) == CONTENT


def test_a_bad_file_that_was_provided_is_named_and_left_alone(provided, source, put):
    place = put(provided / "Toy" / PATH, b"rotten\n")

    with pytest.raises(SourceFault, match=rf"{place}: not the official file(.|\n)*it was left as it is"):
        sources.read(source(), PATH)

    assert place.read_bytes() == b"rotten\n"


def test_windows_line_ends_are_told_from_other_content(provided, source, put):
    put(provided / "Toy" / PATH, CONTENT.replace(b"\n", b"\r\n"))

    with pytest.raises(SourceFault, match=r"the right file with Windows line ends.*core\.autocrlf"):
        sources.read(source(), PATH)


@pytest.mark.usefixtures("cache")
def test_a_folder_that_was_provided_and_is_not_there_is_named(monkeypatch, source):
    monkeypatch.setenv("GENBENCH_DATA", "/no/such/place")

    with pytest.raises(SourceFault, match="GENBENCH_DATA is '/no/such/place', and there is no such folder"):
        sources.read(source(), PATH)


@pytest.mark.usefixtures("cache")
def test_a_file_that_is_not_declared_is_refused_with_a_hint(source):
    with pytest.raises(SourceFault, match=rf"'toy' declares no file 'numbers.txt'; did you mean '{PATH}'\?"):
        sources.read(source(), "numbers.txt")


def archive(**members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(f"inside/{name}.txt")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def packed_source(url, content, **pins):
    return Source(
        "toy",
        f"{url}/all.tar.gz",
        {f"{name}.txt": pin(member) for name, member in pins.items()},
        archive=pin(content),
        inside="inside/{path}",
    )


@pytest.mark.usefixtures("cache")
def test_the_files_of_an_archive_are_read_from_one_download(home):
    content = archive(one=b"1\n", two=b"2\n")
    home.served["/all.tar.gz"] = content
    packed = packed_source(home.url, content, one=b"1\n", two=b"2\n")

    both = [sources.read(packed, "one.txt"), sources.read(packed, "two.txt")]

    assert both == [b"1\n", b"2\n"]
    assert home.asked == ["/all.tar.gz"]


def test_an_altered_archive_is_set_aside_unopened(home, cache):
    home.served["/all.tar.gz"] = b"not an archive"
    packed = packed_source(home.url, archive(one=b"1\n"), one=b"1\n")

    with pytest.raises(SourceFault, match="not the official file"):
        sources.read(packed, "one.txt")

    assert [name.partition(".bad-")[0] for name in files(cache)] == [f"toy/{packed.archive[:8]}/all.tar.gz"]


@pytest.mark.usefixtures("cache")
def test_a_file_that_its_archive_lacks_is_named(home):
    content = archive(one=b"1\n")
    home.served["/all.tar.gz"] = content
    packed = packed_source(home.url, content, two=b"2\n")

    with pytest.raises(SourceFault, match=r"two\.txt cannot be read from the archive"):
        sources.read(packed, "two.txt")


@pytest.mark.usefixtures("tmp_path", "monkeypatch")
def test_a_cache_that_cannot_be_written_is_named(home, cache, source, put):
    put(cache, b"a file where the folder should be")

    with pytest.raises(SourceFault, match=rf"the cache {cache} cannot be written: .*GENBENCH_CACHE names another"):
        sources.read(source(home.url), PATH)
