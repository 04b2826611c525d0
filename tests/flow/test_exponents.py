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


def test_bits_of_ten_seeds_are_told_and_marked_where_none_was_as_good(tmp_path, capsys):
    split = "linear_teacher/linear_over:dimension=10,questions=50,rows=30"
    assert (
        main(
            [
                "evaluate",
                "linear_gd:until=1",
                "--executor",
                "here",
                "--task",
                split,
                "--seeds",
                "10",
                "--out",
                str(tmp_path),
                "--quiet",
            ]
        )
        == 0
    )
    capsys.readouterr()

    assert main(["bits", str(tmp_path), "--epsilon", "0.05", "--format", "json"]) == 0

    (row, *_) = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
    assert (row["metric"], row["epsilon"], row["seeds"], row["extrapolated"]) == ("squared_error", 0.05, 10, True)
    assert row["bits"] > 1


def test_bits_of_a_task_without_a_loss_are_one_error(evaluate, tmp_path, capsys):
    evaluate(tmp_path, "guesses")

    assert main(["bits", str(tmp_path), "--epsilon", "0.1"]) == 2
    told = capsys.readouterr().err
    assert "echo/small: none of its metrics is a loss (squared_error, absolute_error, nll)" in told
