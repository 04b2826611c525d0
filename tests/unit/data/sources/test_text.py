"""Official files that are text, read strictly."""

import pytest

from genbench.data import sources
from genbench.errors import SourceFault


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
