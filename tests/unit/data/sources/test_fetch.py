"""What is fetched, and what is said where nothing can be."""

import pytest

from genbench.data import sources
from genbench.errors import SourceAbsent

CONTENT = b"one\ntwo\nthree\n"
PATH = "data/numbers.txt"


@pytest.mark.usefixtures("cache")
def test_without_network_the_file_its_url_and_the_way_to_provide_it_are_named(source):
    with pytest.raises(SourceAbsent) as fault:
        sources.read(source("http://127.0.0.1:9"), PATH)

    assert f"the official file {PATH} is not at hand, and it could not be fetched (" in str(fault.value)
    assert f"its home is http://127.0.0.1:9/{PATH}" in str(fault.value)
    assert f"set GENBENCH_DATA to a folder that holds it as Toy/{PATH}" in str(fault.value)


@pytest.mark.usefixtures("cache")
def test_a_file_that_is_not_at_its_home_is_absent(home, source):
    home.served.clear()

    with pytest.raises(SourceAbsent, match="its home answered 404 Not Found"):
        sources.read(source(home.url), PATH)


def test_a_folder_that_lacks_the_file_is_named_beside_what_is_missing(provided, source):
    with sources.offline(), pytest.raises(SourceAbsent, match=f"looked for under GENBENCH_DATA, {provided}"):
        sources.read(source(), PATH)
