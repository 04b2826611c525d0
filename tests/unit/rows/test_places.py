"""Places of results: folders of this disk and URLs; chains are refused, and never taken apart."""

import importlib
import io
import sys

import fsspec
import pytest

from genbench.errors import StoreFault
from genbench.rows import places
from genbench.rows.store import Store


def test_a_folder_of_this_disk_whose_name_has_two_colons_is_that_folder(tmp_path):
    place = f"{tmp_path}/a::b"

    Store(place).prepare()

    assert [path.name for path in tmp_path.iterdir()] == ["a::b"]
    assert places.local(place) == place


@pytest.mark.parametrize("place", ["simplecache::memory://rows", "zip://rows::memory://rows.zip", "simplecache::/rows"])
def test_a_chained_url_is_refused_whole(place):
    with pytest.raises(StoreFault, match=f"results '{place}': chained URLs are not taken"):
        Store(place)


def test_what_lies_elsewhere_has_no_path_here_and_a_name_for_a_folder(tmp_path):
    assert places.local("memory://bucket/rows") is None
    assert places.local(f"file://{tmp_path}") == str(tmp_path)
    assert places.slug("s3://bucket/some rows/") == "s3-bucket-some-rows"


def test_of_a_file_system_elsewhere_no_listing_is_remembered_for_others_write_there_too(monkeypatch):
    asked = {}

    def noted(url, **options):
        asked[url] = options
        return fsspec.filesystem("memory"), "/rows"

    monkeypatch.setattr(fsspec.core, "url_to_fs", noted)

    places.at("s3://bucket/rows")

    assert asked == {"s3://bucket/rows": {"use_listings_cache": False}}


class OwnError(Exception):
    """As a client library of a cloud has its own: no `OSError`, several lines."""


class Refusing(fsspec.AbstractFileSystem):
    """Opens a file that fails as it is read, written or closed, and fails at all else."""

    protocol = "refusing"

    def info(self, path, **options):
        raise OwnError("Unable to locate\n  credentials")

    ls = mkdir = makedirs = exists = isdir = find = info

    def open(self, path, mode="rb", **options):
        return Torn()


class Torn(io.BytesIO):
    def read(self, size=-1):
        raise OwnError("torn")

    def write(self, data):
        raise OwnError("torn")

    def close(self):
        super().close()
        raise OwnError("not closed")


@pytest.fixture
def refusing():
    fsspec.register_implementation("refusing", Refusing, clobber=True)
    return "refusing://bucket/rows"


def test_what_a_librarys_own_errors_say_is_told_in_one_line_of_the_place(refusing):
    store = Store(refusing)
    said = f"results '{refusing}' cannot be {{}}: Unable to locate credentials"

    with pytest.raises(StoreFault, match=said.format("written")):
        store.prepare()
    for asked in (store.exists, lambda: store.files("cells"), lambda: store.finished("scan", "mlp", "0" * 32)):
        with pytest.raises(StoreFault, match=said.format("read")):
            asked()


def test_a_file_elsewhere_that_fails_while_it_is_open_fails_as_one_of_a_disk_does(refusing):
    files, root = places.at(refusing)

    with pytest.raises(OSError, match="torn"):
        files.open(root).read()
    with pytest.raises(OSError, match="not closed"), files.open(root, "wb"):
        pass


@pytest.mark.parametrize("place", ["s3:/bucket/rows", "s3:", "s3:bucket", "data:rows", "file:/rows"])
def test_what_is_nearly_a_url_is_not_taken_for_a_folder_here(place):
    with pytest.raises(StoreFault, match=f"'{place}': a URL is as .*://bucket/folder; a folder here .* is ./{place}"):
        places.at(place)

    assert places.local(f"./{place}").endswith(place)


def test_a_url_that_names_no_place_is_none():
    with pytest.raises(StoreFault, match="results 's3://': a URL is as s3://bucket/folder$"):
        places.at("s3://")


@pytest.mark.parametrize("place", ["ftp://me:hunter2@host/rows", "s3://key:hunter2@bucket/rows"])
def test_a_password_in_a_url_is_refused_and_not_repeated(place):
    with pytest.raises(
        StoreFault, match="a password in a URL would be told by the page; .* FSSPEC_.*_PASSWORD"
    ) as told:
        Store(place)

    assert "hunter2" not in str(told.value)


def test_the_extra_that_a_url_needs_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(importlib.import_module("fsspec.registry")._registry, "s3", raising=False)

    with pytest.raises(StoreFault, match=r"results 's3://bucket/rows': .*; `pip install 'genbench\[s3\]'` brings it"):
        Store("s3://bucket/rows")


class ForReading(fsspec.AbstractFileSystem):
    protocol = "reading"

    def makedirs(self, path, exist_ok=False):
        raise NotImplementedError

    mkdir = open = makedirs


def test_a_library_that_cannot_write_is_told_of():
    fsspec.register_implementation("reading", ForReading, clobber=True)

    with pytest.raises(StoreFault, match="'reading://host/rows' cannot be written: its library neither writes nor"):
        Store("reading://host/rows").prepare()
