"""Predictions made elsewhere, scored."""

import pyarrow as pa
import pytest

from genbench.authoring.predictions import check_name, score
from genbench.errors import BadValue


def test_a_file_below_a_folder_named_like_a_partition_is_read_as_it_is(path, tmp_path, echo):
    folder = tmp_path / "task=echo"
    folder.mkdir()

    scored = score(path(pa.array(range(100))).rename(folder / "mine.parquet"), echo, "mine", 0)

    assert scored.rows["cells"][0]["status"] == "ok"


def test_the_same_file_is_the_same_cell_and_another_name_or_seed_another(path, echo):
    file = path(pa.array(range(100)))

    keys = [score(file, echo, name, seed).key for name, seed in (("a", 0), ("a", 0), ("b", 0), ("a", 1))]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_scores_say_how_far_off_the_answers_are(path, echo):
    (whole, even, odd) = score(path(pa.array([0] * 100)), echo, "zeros", 0).scores

    assert (whole["value"], whole["n"]) == (0.01, 100)
    assert (even["axis"], even["slice"], even["value"]) == ("parity", "even", 0.02)
    assert (odd["axis"], odd["slice"], odd["value"]) == ("parity", "odd", 0.0)


def test_a_file_does_not_stand_under_the_name_of_a_known_submission():
    check_name("majority_of_mine")
    with pytest.raises(BadValue, match="'majority' is the name of a submission that is known here; .*another: --name"):
        check_name("majority")
