"""Official files on this machine: a home that serves one, a cache, a folder that provides it."""

from __future__ import annotations

import hashlib
import http.server
import threading
from typing import TYPE_CHECKING, Any

import pytest

from genbench.data.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONTENT = b"one\ntwo\nthree\n"
PATH = "data/numbers.txt"


class Home(http.server.BaseHTTPRequestHandler):
    """A public home on this machine: it answers with what the test put in `served`, and counts the questions."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.served.get(self.path)
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.promised or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[http.server.ThreadingHTTPServer]:
    """A public home that serves one file; gives the server, to spoil what it serves and see what was asked."""
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
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own, and nothing else said of where files are."""
    place = tmp_path / "cache"
    monkeypatch.setenv("GENBENCH_CACHE", str(place))
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.delenv("GENBENCH_OFFLINE", raising=False)
    return place


@pytest.fixture
def provided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Path:
    """A folder that holds official files, named by GENBENCH_DATA."""
    folder = tmp_path / "provided"
    folder.mkdir()
    monkeypatch.setenv("GENBENCH_DATA", str(folder))
    return folder


@pytest.fixture
def source() -> Callable[..., Source]:
    """Gives `source(url)`, a source of one file."""

    def make(url: str = "http://127.0.0.1:9", **changed: Any) -> Source:
        pins = {PATH: hashlib.sha256(CONTENT).hexdigest()}
        return Source("toy", url + "/{path}", pins, places=("Toy/{path}", "toy/{name}"), **changed)

    return make


@pytest.fixture
def put() -> Callable[[Path, bytes], Path]:
    """Gives `put(place, content)`, which writes a file and the folders above it."""

    def write(place: Path, content: bytes) -> Path:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return place

    return write
