import contextlib
import gzip
import hashlib
import http.server
import io
import tarfile
import threading
from pathlib import Path

import pytest

from genbench.data import sources
from genbench.data.sources import Claim, Source
from genbench.errors import BadCard, SourceAbsent, SourceFault

CONTENT = b"one\ntwo\nthree\n"
PATH = "data/numbers.txt"


def pin(content):
    return hashlib.sha256(content).hexdigest()


class Home(http.server.BaseHTTPRequestHandler):
    """A public home on this machine: it answers with what the test put in `served`, and counts the questions."""

    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.served.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.promised or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def home(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Home) as server:
        server.served, server.asked, server.promised = {f"/{PATH}": CONTENT}, [], None
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    place = tmp_path / "cache"
    monkeypatch.setenv("GENBENCH_CACHE", str(place))
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.delenv("GENBENCH_OFFLINE", raising=False)
    return place


@pytest.fixture
def provided(tmp_path, monkeypatch, cache):
    folder = tmp_path / "provided"
    folder.mkdir()
    monkeypatch.setenv("GENBENCH_DATA", str(folder))
    return folder


def source(url="http://127.0.0.1:9", content=CONTENT, **changed):
    return Source("toy", url + "/{path}", {PATH: pin(content)}, places=("Toy/{path}", "toy/{name}"), **changed)


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def put(place, content):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def test_a_file_is_fetched_once_and_read_from_the_cache_afterwards(home, cache, capsys):
    first = sources.read(source(home.url), PATH)
    again = sources.read(source(home.url), PATH)

    assert first == again == CONTENT
    assert home.asked == [f"/{PATH}"]
    assert files(cache) == [f"toy/{pin(CONTENT)[:8]}/{PATH}"]
    assert f"fetching {home.url}/{PATH}" in capsys.readouterr().err


@pytest.mark.usefixtures("cache")
def test_what_was_fetched_once_needs_no_network(home):
    sources.read(source(home.url), PATH)

    with sources.offline():
        assert sources.read(source("http://127.0.0.1:9"), PATH) == CONTENT


def test_an_altered_download_is_set_aside_and_never_used(home, cache):
    home.served[f"/{PATH}"] = b"one\ntwo\nfour\n"

    with pytest.raises(SourceFault) as fault:
        sources.read(source(home.url), PATH)

    found = pin(b"one\ntwo\nfour\n")
    assert files(cache) == [f"toy/{pin(CONTENT)[:8]}/{PATH}.bad-{found[:8]}"]
    assert f"{home.url}/{PATH}: not the official file" in str(fault.value)
    assert f"wanted sha256 {pin(CONTENT)}" in str(fault.value)
    assert f"found sha256  {found}, 13 bytes" in str(fault.value)
    assert f"set aside as {cache}" in str(fault.value)


def test_a_truncated_download_is_not_kept(home, cache):
    home.served[f"/{PATH}"], home.promised = CONTENT[:5], len(CONTENT)

    with pytest.raises(SourceFault):
        sources.read(source(home.url), PATH)

    assert [name for name in files(cache) if ".bad-" not in name] == []


def test_a_bad_file_in_the_cache_is_set_aside_and_the_next_reading_fetches_it_anew(home, cache):
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
def test_without_network_the_file_its_url_and_the_way_to_provide_it_are_named():
    with pytest.raises(SourceAbsent) as fault:
        sources.read(source("http://127.0.0.1:9"), PATH)

    assert f"the official file {PATH} is not at hand, and it could not be fetched (" in str(fault.value)
    assert f"its home is http://127.0.0.1:9/{PATH}" in str(fault.value)
    assert f"set GENBENCH_DATA to a folder that holds it as Toy/{PATH}" in str(fault.value)


@pytest.mark.usefixtures("cache")
def test_a_file_that_is_not_at_its_home_is_absent(home):
    home.served.clear()

    with pytest.raises(SourceAbsent, match="its home answered 404 Not Found"):
        sources.read(source(home.url), PATH)


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("way", ["context", "environment"])
def test_offline_nothing_is_asked_for(home, monkeypatch, way):
    if way == "environment":
        monkeypatch.setenv("GENBENCH_OFFLINE", "1")

    closed = sources.offline() if way == "context" else contextlib.nullcontext()
    with closed, pytest.raises(SourceAbsent, match="nothing may be fetched here"):
        sources.read(source(home.url), PATH)

    assert home.asked == []


@pytest.mark.parametrize("place", [f"Toy/{PATH}", "toy/numbers.txt"])
def test_a_provided_file_comes_before_cache_and_network(home, provided, cache, place):
    put(provided / place, CONTENT)

    content = sources.read(source(home.url), PATH)

    assert content == CONTENT
    assert home.asked == []
    assert not cache.exists()


def test_a_provided_file_may_be_packed(provided):
    put(provided / "toy" / "numbers.txt.gz", gzip.compress(CONTENT))

    assert sources.read(source(), PATH) == CONTENT


def test_a_packed_file_that_is_cut_is_named(provided):
    place = put(provided / "toy" / "numbers.txt.gz", gzip.compress(CONTENT)[:-9])

    with pytest.raises(SourceFault, match=f"{place} cannot be unpacked"):
        sources.read(source(), PATH)


def test_a_provided_folder_may_hold_the_content_in_another_form(provided):
    put(provided / "numbers.csv", b"one,two,three")

    def rebuild(folder, path):
        assert path == PATH
        return (folder / "numbers.csv").read_bytes().replace(b",", b"\n") + b"\n"

    assert sources.read(source(rebuild=rebuild), PATH) == CONTENT


def test_a_bad_file_that_was_provided_is_named_and_left_alone(provided):
    place = put(provided / "Toy" / PATH, b"rotten\n")

    with pytest.raises(SourceFault, match=rf"{place}: not the official file(.|\n)*it was left as it is"):
        sources.read(source(), PATH)

    assert place.read_bytes() == b"rotten\n"


def test_windows_line_ends_are_told_from_other_content(provided):
    put(provided / "Toy" / PATH, CONTENT.replace(b"\n", b"\r\n"))

    with pytest.raises(SourceFault, match=r"the right file with Windows line ends.*core\.autocrlf"):
        sources.read(source(), PATH)


@pytest.mark.usefixtures("cache")
def test_a_folder_that_was_provided_and_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", "/no/such/place")

    with pytest.raises(SourceFault, match="GENBENCH_DATA is '/no/such/place', and there is no such folder"):
        sources.read(source(), PATH)


def test_a_folder_that_lacks_the_file_is_named_beside_what_is_missing(provided):
    with sources.offline(), pytest.raises(SourceAbsent, match=f"looked for under GENBENCH_DATA, {provided}"):
        sources.read(source(), PATH)


@pytest.mark.usefixtures("cache")
def test_a_file_that_is_not_declared_is_refused_with_a_hint():
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


@pytest.mark.parametrize(
    ("environment", "place"),
    [
        ({"GENBENCH_CACHE": "/a"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/genbench"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/c/.cache/genbench"),
        ({}, "/home/c/.cache/genbench"),
    ],
)
def test_the_cache_is_where_the_environment_says(monkeypatch, environment, place):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/c"))
    for key in ("GENBENCH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(key, raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)

    assert sources.cache_folder() == Path(place)


@pytest.mark.usefixtures("tmp_path", "monkeypatch")
def test_a_cache_that_cannot_be_written_is_named(home, cache):
    put(cache, b"a file where the folder should be")

    with pytest.raises(SourceFault, match=rf"the cache {cache} cannot be written: .*GENBENCH_CACHE names another"):
        sources.read(source(home.url), PATH)


def test_all_faults_of_a_declaration_are_said_at_once(tmp_path):
    (tmp_path / sources.FILE).write_text(
        f"""
[one]
urls = "https://somewhere/{{path}}"
[one.sha256]
[two]
url = "ftp://somewhere/{{path}}"
archive = "short"
[two.sha256]
"../up.txt" = "{pin(b"")}"
"low.txt" = "ABC"
"""
    )

    with pytest.raises(BadCard) as fault:
        sources.declared(tmp_path)

    assert fault.value.faults == (
        "missing key 'one.url'",
        "unknown key 'one.urls'; did you mean 'url'?",
        "key 'two.url' is 'ftp://somewhere/{path}'; it must begin with https:// or http://",
        "key 'two.sha256.low.txt' is 'ABC'; it must be 64 hexadecimal digits",
        "key 'two.archive' is 'short'; it must be 64 hexadecimal digits",
        "key 'two.sha256.../up.txt': a path must be relative and have no '..'",
    )


def test_a_declaration_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadCard, match=r"sources\.toml"):
        sources.declared(tmp_path)


def test_a_table_keeps_the_order_and_the_characters_of_its_file():
    table = sources.columns(b'a\t"b"\n\tc d\na\t\\t\n', ("left", "right"), "toy.tsv")

    assert table.to_pydict() == {"left": ["a", "", "a"], "right": ['"b"', "c d", "\\t"]}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a\tb\nc\n", "toy.tsv, line 2: 1 columns; there must be 2: left, right"),
        (b"a\tb\tc\n", "toy.tsv, line 1: 3 columns; there must be 2: left, right"),
        (b"a\tb\nc\td\r\n", "toy.tsv, line 2: Windows line ends; lines must end in a line feed alone"),
        (b"a\tb\nc\td", "toy.tsv: the last line has no end; the file may be truncated"),
        (b"a\t\xff\n", "toy.tsv: not UTF-8: "),
        (b"", "toy.tsv: the last line has no end; the file may be truncated"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_line(content, complaint):
    with pytest.raises(SourceFault) as fault:
        sources.columns(content, ("left", "right"), "toy.tsv")

    assert str(fault.value).startswith(complaint)


@pytest.mark.usefixtures("cache")
def test_a_claim_in_official_order_is_held_against_the_pin_alone():
    right = sources.compare("small", Claim("train", 3, CONTENT, source(), PATH))
    wrong = sources.compare("small", Claim("train", 3, b"two\none\nthree\n", source(), PATH))

    assert (right.status, right.digest) == ("equal", pin(CONTENT))
    assert (wrong.status, wrong.detail) == ("differs", f"{PATH}: official {pin(CONTENT)}")


@pytest.mark.parametrize(
    ("content", "status"), [(b"two\nthree\none\n", "equal"), (b"two\ntwo\nthree\none\n", "differs")]
)
def test_a_claim_in_an_order_of_its_own_is_held_against_the_lines_and_their_repeats(provided, content, status):
    put(provided / "Toy" / PATH, CONTENT)

    verdict = sources.compare("small", Claim("train", 3, content, source(), PATH, ordered=False))

    assert verdict.status == status
