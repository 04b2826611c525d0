"""Places of results: folders of this disk and URLs; chains are refused, and never taken apart."""

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
