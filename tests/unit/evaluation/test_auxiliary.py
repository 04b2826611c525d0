"""The tables beside train, as a submission has them."""

import pyarrow as pa
import pytest

from genbench.data import tables
from genbench.errors import UnknownName
from genbench.evaluation.auxiliary import Auxiliary


def test_a_table_is_opened_when_it_is_asked_for_and_memory_mapped(tmp_path):
    given = Auxiliary(tmp_path, ["edges"])
    tables.write(pa.table({"source": [1, 2], "sink": [2, 3]}), tmp_path / "auxiliary-edges.arrow")

    edges = given["edges"]

    assert edges[1] == {"source": 2, "sink": 3}
    assert [file["filename"] for file in edges.cache_files] == [str(tmp_path / "auxiliary-edges.arrow")]


def test_it_is_a_mapping_of_names_that_opens_nothing_to_tell_them(tmp_path):
    given = Auxiliary(tmp_path, ["edges", "text"])

    assert (list(given), len(given), "text" in given, "nodes" in given) == (["edges", "text"], 2, True, False)
    assert given.get("nodes") is None


def test_a_name_that_is_not_there_is_said_with_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="^there is no auxiliary table 'edge'; did you mean 'edges'\\?$"):
        Auxiliary(tmp_path, ["edges"])["edge"]
