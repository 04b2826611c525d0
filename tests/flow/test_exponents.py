"""How error falls along a parameter, from stored rows to a table."""

import json

from genbench.cli import main


def test_the_exponent_along_a_parameter_is_told_of_its_rows(evaluate, tmp_path, capsys):
    evaluate(tmp_path, "guesses", task="echo:questions=50|100|200", seeds=2)

    code = main(["exponents", str(tmp_path), "--along", "questions", "--format", "json"])

    (row,) = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    assert code == 0
    assert (row["split"], row["sizes"], row["least_rows"], row["most_rows"]) == ("small", 3, 50, 200)
    assert (row["seeds"], row["interval"]) == (2, "seeds")
    assert row["exponent_low"] <= row["exponent"] <= row["exponent_high"]


def test_cells_without_that_parameter_are_one_error(evaluate, tmp_path, capsys):
    evaluate(tmp_path, "guesses")

    assert main(["exponents", str(tmp_path)]) == 2
    assert "echo/small: it has no parameter 'rows' that is a number of rows" in capsys.readouterr().err
