"""A submission's own modules: importable in its process for as long as it lives, and forgotten everywhere else."""

import sys

import pytest

from genbench.evaluation.executors.process import Process


@pytest.fixture(scope="module")
def done(evaluate, tmp_path_factory):
    """One evaluation in the process executor, of all that a submission does with its own modules."""
    names = ("modules", "modules@pickles", "modules@spawns")
    return evaluate(tmp_path_factory.mktemp("modules"), *names, executor=Process(2))


@pytest.mark.parametrize("name", ["modules", "modules@pickles", "modules@spawns"])
def test_a_neighbour_is_found_late_in_pickles_and_in_spawned_children(done, name):
    assert (done.cell(name)["status"], done.cell(name)["detail"]) == ("ok", "")


def test_in_this_process_a_contribution_leaves_no_folder_on_the_path(evaluate, tmp_path, toys):
    evaluate(tmp_path, "modules", "guesses")

    assert not [place for place in sys.path if place.startswith(str(toys))]
    assert "baseline" not in sys.modules
