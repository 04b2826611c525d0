"""Golden cells guard the edition: what moves an answer, a mark or a curve is seen, and raises it."""

import copy
import re
import sys
from pathlib import Path

import pytest

from genbench import registry
from genbench.edition import EDITION

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))
from golden_cells import CELLS, Golden  # noqa: E402 - beside this file, which is in no package
from golden_digests import ADD, ROOM, differences, renewed, run, stored, to_run  # noqa: E402

# Baselines and tasks without a golden cell, and why.
TASKS_WITHOUT: dict[str, str] = {}
WITHOUT = {"clip": "open_clip is an extra", "in_context": "a language model is fetched"}


@pytest.mark.slow
def test_golden_cells_answer_score_and_learn_as_their_edition_did():
    ran = run()

    found = list(differences(stored(), ran, CELLS))

    known = ran["arithmetic"]["id"] in stored()["arithmetics"]
    beside = "" if known else f"\nThis machine's arithmetic is not stored, cells of torch have a room of {ROOM}; {ADD}"
    assert not found, (
        "answers, marks or curves moved:\n  " + "\n  ".join(found) + "\nIf that is meant: where the engine or the kit "
        "changed, raise EDITION in genbench/edition.py, say why in CHANGELOG.md and run tests/golden/store.py; where a "
        f"task or submission did, run it with the name of that.{beside}"
    )
    if not known:
        pytest.skip(f"all is as stored, torch within a room of {ROOM}: this machine's arithmetic is not known; {ADD}")


def test_what_is_stored_is_of_this_edition_and_of_these_cells():
    kept = stored()

    assert kept["edition"] == EDITION
    assert kept["exact"].keys() == {golden.name for golden in CELLS if not golden.torch}
    assert kept["torch"].keys() == {golden.name for golden in CELLS if golden.torch}
    assert kept["arithmetics"]


def test_the_changelog_says_what_each_edition_is():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    missing = [
        number for number in range(1, EDITION + 1) if not re.search(rf"^- Edition {number}: \w", text, re.MULTILINE)
    ]

    assert missing == []


def test_golden_cells_are_over_all_tasks_baselines_executors_and_types_of_answer():
    found = registry.catalogue()

    splits = [registry.choose_splits([golden.address], found)[0] for golden in CELLS]
    names = {registry.choose_submissions([golden.submission], found)[0].card.name for golden in CELLS}

    tasks = {split.task.name for split in splits} | TASKS_WITHOUT.keys()
    assert tasks >= {path.parent.name for path in ROOT.glob("tasks/*/card.toml")}
    assert names | WITHOUT.keys() == {path.parent.name for path in ROOT.glob("baselines/*/card.toml")}
    assert {golden.executor for golden in CELLS} == {"here", "process"}
    assert {split.task.answer_type for split in splits} >= {"string", "int64", "list<int64>", "ranking"}
    assert any("image" in split.task.inputs.values() for split in splits)
    assert len({golden.name for golden in CELLS}) == len(CELLS)


EXACT, TORCH = Golden("a/b", "chance"), Golden("a/b", "lstm", torch=True)


@pytest.fixture
def ran():
    """A run of two cells on a machine called m."""
    made = {"answers": "1", "marks": "2", "curves": "3", "points": 4, "headline": 0.5}
    return {"arithmetic": {"id": "m", "about": {}}, "cells": {EXACT.name: dict(made), TORCH.name: dict(made)}}


@pytest.fixture
def kept(ran):
    """What is stored of that run."""
    return renewed(None, copy.deepcopy(ran), (EXACT, TORCH), 1)


@pytest.mark.parametrize("golden", [EXACT, TORCH])
@pytest.mark.parametrize("what", ["answers", "marks", "curves"])
def test_a_digest_that_moved_is_named_and_not_stored_in_the_same_edition(kept, ran, golden, what):
    ran["cells"][golden.name][what] = "x"

    with pytest.raises(ValueError, match="raise EDITION"):
        renewed(kept, ran, (EXACT, TORCH), 1)

    assert list(differences(kept, ran, (EXACT, TORCH))) == [f"{golden.name}: other {what}"]


def test_cells_of_a_contribution_that_changed_are_stored_and_other_machines_have_a_room_again(kept, ran):
    kept["arithmetics"]["other"] = kept["arithmetics"]["m"]
    ran["cells"][TORCH.name]["answers"] = "x"

    new = renewed(kept, ran, (EXACT, TORCH), 1, ["lstm"])

    assert list(differences(new, ran, (EXACT, TORCH))) == []
    assert new["arithmetics"]["other"]["cells"] == {}
    with pytest.raises(ValueError, match="a/b  lstm"):
        renewed(kept, ran, (EXACT, TORCH), 1, ["chance"])


def test_where_contributions_are_named_theirs_and_new_cells_are_run_and_the_rest_stays(kept, ran):
    new_cell = Golden("c/d", "chance")

    assert to_run(kept, (EXACT, TORCH, new_cell), 1, ["lstm"]) == [TORCH.name, new_cell.name]
    assert to_run(kept, (EXACT, TORCH), 1, []) == [EXACT.name, TORCH.name]
    assert to_run(kept, (EXACT, TORCH), 2, ["lstm"]) == [EXACT.name, TORCH.name]

    part = {**ran, "cells": {EXACT.name: {**ran["cells"][EXACT.name], "answers": "x"}}}
    new = renewed(kept, part, (EXACT, TORCH), 1, ["chance"])

    assert new["exact"][EXACT.name]["answers"] == "x"
    assert new["torch"] == kept["torch"]
    assert new["arithmetics"] == kept["arithmetics"]


def test_another_edition_is_stored_and_forgets_the_other_machines(kept, ran):
    kept["arithmetics"]["other"] = kept["arithmetics"]["m"]
    ran["cells"][EXACT.name]["answers"] = "x"

    new = renewed(kept, ran, (EXACT, TORCH), 2)

    assert new["edition"] == 2
    assert list(new["arithmetics"]) == ["m"]
    assert list(differences(new, ran, (EXACT, TORCH))) == []


def test_an_unknown_machine_has_room_where_torch_is_and_none_elsewhere(kept, ran):
    ran["arithmetic"]["id"] = "unknown"
    for golden in (EXACT, TORCH):
        ran["cells"][golden.name] |= {"answers": "x", "headline": 0.5 + ROOM / 2}

    assert list(differences(kept, ran, (EXACT, TORCH))) == [f"{EXACT.name}: other answers"]


def test_an_unknown_machine_beyond_its_room_is_named(kept, ran):
    ran["arithmetic"]["id"] = "unknown"
    ran["cells"][TORCH.name] |= {"headline": 0.9, "points": 3}

    assert list(differences(kept, ran, (EXACT, TORCH))) == [
        f"{TORCH.name}: 3 rows of its curve, 4 are stored",
        f"{TORCH.name}: scores 0.9000, 0.5000 is stored, and the room is {ROOM}",
    ]


def test_a_machine_is_added_beside_the_others(kept, ran):
    ran["arithmetic"]["id"] = "unknown"
    ran["cells"][TORCH.name]["answers"] = "x"

    new = renewed(kept, ran, (EXACT, TORCH), 1)

    assert new["arithmetics"].keys() == {"m", "unknown"}
    assert list(differences(new, ran, (EXACT, TORCH))) == []


def test_a_cell_that_is_new_is_named_until_it_is_stored(ran):
    kept = renewed(None, ran, (EXACT,), 1)

    assert list(differences(kept, ran, (EXACT, TORCH))) == [f"{TORCH.name}: nothing is stored of it"]
    assert list(differences(renewed(kept, ran, (EXACT, TORCH), 1), ran, (EXACT, TORCH))) == []
