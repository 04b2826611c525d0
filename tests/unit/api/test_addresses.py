"""Names as a notebook gives them."""

from pathlib import Path

import pytest

from genbench.api import addresses
from genbench.errors import BadValue


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("scan", ["scan"]),
        (["scan", "cogs"], ["scan", "cogs"]),
        (Path("mine"), ["./mine"]),
        ((Path("/mine"), "./other"), ["/mine", "./other"]),
    ],
)
def test_one_or_several_names_and_paths_are_read_as_the_command_line_reads_them(given, read):
    assert addresses.texts_of(given, "tasks") == read


@pytest.mark.parametrize("given", [3, None, {"scan"}, ["scan", 3], b"scan", [""]])
def test_what_is_no_name_is_refused(given):
    with pytest.raises(BadValue, match="^tasks is .*; it must be a name"):
        addresses.texts_of(given, "tasks")
