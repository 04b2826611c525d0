"""A fingerprint that is remembered is that of the same content, and of nothing else."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from genbench import cards
from genbench.cards.task import UNSEEN
from genbench.evaluation import known_data, plan, run
from genbench.evaluation.executors.here import Here
from genbench.evaluation.known_data import KnownData
from genbench.registry import ChosenSplit, ChosenSubmission
from genbench.rows.store import Store

TOYS = Path(__file__).parents[2] / "toys"


@pytest.fixture
def echo(tmp_path, monkeypatch):
    """Gives a split of a copy of the task, as its folder is when it is asked for, bundled for once."""
    folder = shutil.copytree(TOYS / "echo", tmp_path / "tasks" / "echo")
    monkeypatch.setattr(known_data, "home", lambda: tmp_path)

    def chosen(**given):
        card = cards.read(folder, "task")
        return ChosenSplit(card, card.splits["small"], given)

    return chosen


@pytest.fixture
def known(tmp_path):
    """Reads what is remembered anew, as the next evaluation does."""
    return lambda: KnownData(tmp_path / "cache" / "fingerprints.txt")


def test_a_fingerprint_is_remembered_for_the_same_split_and_parameters(echo, known):
    known().keep(echo(questions=7), "sha256:7")

    assert known().of(echo(questions=7)) == "sha256:7"
    assert known().of(echo(questions=8)) is None
    assert known().of(echo()) is None


def test_the_latest_that_was_measured_counts(echo, known):
    known().keep(echo(), "sha256:1")
    known().keep(echo(), "sha256:2")

    assert known().of(echo()) == "sha256:2"


def test_a_task_of_which_a_file_changed_is_built_again(echo, known, tmp_path):
    known().keep(echo(), "sha256:1")

    (tmp_path / "tasks" / "echo" / "words.txt").write_text("one more")

    assert known().of(echo()) is None


def test_so_it_is_where_genbench_or_a_package_changed(echo, known, monkeypatch):
    known().keep(echo(), "sha256:1")

    monkeypatch.setattr(known_data, "_surroundings", lambda: "others")

    assert known().of(echo()) is None


def test_data_that_come_from_elsewhere_are_never_remembered(echo, known, tmp_path):
    named = replace(echo(), split=replace(echo().split, params={"corpus": str(tmp_path)}))
    unseen = replace(echo(), split=replace(echo().split, fingerprint=UNSEEN))
    card = cards.read(TOYS / "echo", "task")  # which is not bundled: what its modules import is not known
    for one in (named, unseen, ChosenSplit(card, card.splits["small"], {})):
        known().keep(one, "sha256:1")

        assert known().of(one) is None


def test_lines_that_are_none_are_left_out_and_a_cache_that_cannot_be_written_is_done_without(echo, known, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "fingerprints.txt").write_text("half a li\n\n")

    known().keep(echo(), "sha256:1")
    nowhere = KnownData(tmp_path / "cache" / "fingerprints.txt" / "inner")
    nowhere.keep(echo(), "sha256:2")

    assert known().of(echo()) == "sha256:1"
    assert nowhere.of(echo()) == "sha256:2"


def test_an_evaluation_of_which_all_cells_are_there_builds_nothing(echo, tmp_path, monkeypatch):
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    idle = ChosenSubmission(cards.read(TOYS / "idle", "submission"), "", {})
    store = Store(str(tmp_path / "rows"))

    def statuses(seeds, **more):
        planned = plan.plan([echo()], [idle], seeds, "quick", "cpu")
        return [event.status for event in run.run(planned, Here(), store, **more)]

    built = []
    monkeypatch.setattr(run, "build", lambda *given, real=run.build, **more: built.append(1) or real(*given, **more))

    assert (statuses(2), len(built)) == (["ok", "ok"], 1)
    assert (statuses(2), len(built)) == (["kept", "kept"], 1)
    assert (sorted(statuses(3)), len(built)) == (["kept", "kept", "ok"], 2)
    assert (statuses(1, fresh=True), len(built)) == (["ok"], 3)
