"""Which rows are asked for, and which folders may hold them."""

import pytest

from genbench.errors import BadValue
from genbench.report.wanted import wanted


def row(task="scan", split="length", submission="mlp@decay5:x=1", profile="full", seed=0):
    return {"task": task, "split": split, "submission": submission, "profile": profile, "seed": seed}


@pytest.mark.parametrize("given", [None, "scan", "scan/length", "sc*", "*/length", "*length", ["cogs", "scan/l*"]])
def test_a_task_is_named_whole_by_split_or_by_a_glob(given):
    assert wanted(task=given).row(row())


@pytest.mark.parametrize("given", ["length", "scan/simple", "scan/", "cogs", ["cogs", "scan/simple"]])
def test_another_task_is_left_out(given):
    assert not wanted(task=given).row(row())


@pytest.mark.parametrize("given", ["mlp@decay5:x=1", "mlp@*", "mlp*", ["lstm", "*x=1"]])
def test_a_submission_is_named_by_its_label_or_a_glob(given):
    assert wanted(submission=given).row(row())


@pytest.mark.parametrize("given", ["mlp", "mlp@", "lstm*"])
def test_another_submission_is_left_out(given):
    assert not wanted(submission=given).row(row())


def test_profiles_and_seeds_are_values():
    assert wanted(profile="full", seed=[0, 1]).row(row())
    assert not wanted(profile="quick").row(row())
    assert not wanted(seed=1).row(row())


@pytest.mark.parametrize(
    ("task", "submission", "may"),
    [
        (None, None, True),
        ("scan/length", "mlp@decay5", True),
        ("scan", "mlp*", True),
        ("scan*/x", "m?p", True),
        ("*length", "*@decay5", True),
        ("sca", None, False),
        ("scan2", None, False),
        ("cogs/*", None, False),
        ("cogs*", None, False),
        (None, "ml", False),
        (None, "mlp2*", False),
        (None, "lstm@*", False),
    ],
)
def test_folders_that_cannot_hold_such_rows_are_known_by_their_names(task, submission, may):
    assert wanted(task=task, submission=submission).in_folder("scan", "mlp") is may


@pytest.mark.parametrize("given", [{"seed": "0"}, {"seed": True}, {"task": 3}, {"submission": ["mlp", 3]}])
def test_values_of_another_type_are_refused(given):
    (name,) = given

    with pytest.raises(BadValue, match=f"^{name} is "):
        wanted(**given)
