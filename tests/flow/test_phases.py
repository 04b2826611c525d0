"""A grid of cells, and the phases read off their curves."""

import pyarrow.parquet as pq
import pytest

from genbench.cli import main

GRID = """
kind = "grid"
name = "tiny"
title = "Tiny"
tasks = ["modular/addition_phases:p=5,share=0.4|0.8"]
submissions = ["mlp:steps=4,hidden=6", "majority"]
profile = "quick"
"""


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """The results of a grid of four cells, two of them without a learning curve."""
    place = tmp_path_factory.mktemp("grid")
    (place / "tiny.toml").write_text(GRID, encoding="utf-8")
    assert main(["evaluate", "--grid", str(place / "tiny.toml"), "--out", str(place / "results")]) == 0
    return place


@pytest.mark.slow
def test_a_grid_is_one_command_and_kept_when_it_is_typed_again(evaluated, capsys):
    capsys.readouterr()

    code = main(["evaluate", "--grid", str(evaluated / "tiny.toml"), "--out", str(evaluated / "results")])

    assert code == 0
    assert "4 finished cells were kept" in capsys.readouterr().err


@pytest.mark.slow
def test_phases_are_printed_and_written(evaluated, capsys):
    capsys.readouterr()

    code = main(["phases", str(evaluated / "results"), "--out", str(evaluated / "phases")])

    said = capsys.readouterr()
    assert code == 0
    assert "modular/addition_phases:p=5,share=0.4" in said.out
    assert "left out: majority on " in said.err
    assert sorted(path.name for path in (evaluated / "phases").iterdir()) == [
        "courses.parquet",
        "courses.svg",
        "ends.parquet",
        "medians.parquet",
        "phases.svg",
    ]
    steps = pq.read_table(evaluated / "phases" / "courses.parquet").to_pylist()
    assert [(row["step"], row["examples"]) for row in steps] == [
        *((step, 10 * step) for step in (1, 2, 3, 4)),
        *((step, 20 * step) for step in (1, 2, 3, 4)),
    ]
    assert all(row["flops"] == 6 * row["examples"] * 6 * 5 for row in steps)


@pytest.mark.slow
def test_times_in_another_unit_and_diagnostics_are_printed_when_asked_for(evaluated, capsys):
    capsys.readouterr()

    code = main(
        ["phases", str(evaluated / "results"), "--out", str(evaluated / "more"), "--unit", "examples", "--diagnostics"]
    )

    said = capsys.readouterr().out
    assert code == 0
    assert "times in examples, medians over seeds" in said
    _, told = said.split("diagnostics at the last point, means over seeds\n")
    (share,) = {line for line in told.splitlines() if line.startswith("modular/addition_phases:p=5,share=0.4")}
    assert told.index(share) < told.index("mlp:hidden=6,steps=4") < told.index("m_coherence")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--submission", "majority"], "error: no phase can be told, for no course is left:\n  majority on "),
        (["--submission", "nobody"], "error: no cell of these results matches"),
        (["--across", "shar"], "error: no split and submission have 'shar' and 'corruption'; did you mean 'share'?"),
    ],
)
def test_what_cannot_be_told_or_drawn_is_one_error(evaluated, capsys, arguments, message):
    capsys.readouterr()

    code = main(["phases", str(evaluated / "results"), "--out", str(evaluated / "other"), *arguments])

    assert code == 2
    assert message in capsys.readouterr().err
    assert not (evaluated / "other").exists()
