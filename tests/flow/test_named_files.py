"""Parameters that name files: what these hold is part of a cell's key."""

import shutil

import pytest

from genbench import cards
from genbench.authoring.check import check
from genbench.errors import Unavailable
from genbench.registry import Catalogue


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def model(tmp_path):
    """A folder of weights."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "layer").write_text("3")
    return folder


def kept(evaluated):
    return [event.status for event in evaluated.events]


def test_changed_weights_are_run_again_and_equal_ones_kept(evaluate, tmp_path, model):
    name = f"weighted:model={model}"
    statuses = []
    for weights in ("3", "3", "4", "4"):
        (model / "layer").write_text(weights)
        done = evaluate(tmp_path / "out", name)
        statuses += kept(done)

    assert statuses == ["ok", "kept", "ok", "kept"]
    assert sorted({row["prediction"] for row in done.rows("predictions")}) == ["3", "4"]


def test_a_relative_path_is_from_where_one_stands_and_on_a_card_from_its_folder(
    evaluate, tmp_path, model, monkeypatch, toys
):
    shutil.copytree(toys, tmp_path / "toys")
    monkeypatch.chdir(tmp_path)
    done = evaluate(tmp_path / "out", "weighted:model=./model", "weighted@own", toys=tmp_path / "toys")

    assert {(row["submission"], row["status"]) for row in done.rows("cells")} == {
        ("weighted:model=./model", "ok"),
        ("weighted@own", "ok"),
    }
    assert sorted({row["prediction"] for row in done.rows("predictions")}) == ["3", "7"]
    assert '"model": "./model"' in done.cell("weighted:model=./model")["submission_params"]


def test_a_branch_of_the_hub_is_the_commit_that_it_stands_for(evaluate, tmp_path, monkeypatch):
    reference = tmp_path / "hub" / "models--owner--name" / "refs" / "main"
    reference.parent.mkdir(parents=True)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    statuses = []
    for commit in ("a" * 40, "a" * 40, "b" * 40):
        reference.write_text(commit)
        statuses += kept(evaluate(tmp_path / "out", "weighted:model=owner/name"))

    assert statuses == ["ok", "kept", "ok"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("/nowhere/weights", "parameter 'model' is '/nowhere/weights', and there is no /nowhere/weights"),
        ("./nowhere", "parameter 'model' is './nowhere', and there is no {here}/nowhere"),
        ("./empty", "parameter 'model' is './empty', and {here}/empty is a folder without files"),
        ("~nobody_of_that_name/x", "Could not determine home directory"),
    ],
)
def test_files_that_are_missing_are_one_row_before_anything_is_run(evaluate, tmp_path, monkeypatch, typed, message):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)

    done = evaluate(tmp_path / "out", "guesses", f"weighted:model={typed}")

    lost, ended = done.events
    assert (lost.submission, ended.status) == (f"weighted:model={typed}", "ok")
    assert message.format(here=tmp_path) in lost.message


def test_where_all_files_are_missing_nothing_is_made(evaluate, tmp_path):
    with pytest.raises(Unavailable, match="weighted:model=/nowhere: parameter 'model' is '/nowhere', and there is no"):
        evaluate(tmp_path / "out", "weighted:model=/nowhere")

    assert not (tmp_path / "out").exists()


def test_check_says_what_is_missing(toys, tmp_path):
    folder = shutil.copytree(toys / "weighted", tmp_path / "weighted")
    (folder / "card.toml").write_text((folder / "card.toml").read_text().replace('"none"', '"/nowhere"'))
    task = cards.read(toys / "echo", "task")
    faults = [one.fault for one in check(folder, Catalogue({"echo": task})) if not one.holds]

    assert len(faults) == 1
    assert "there is no /nowhere" in faults[0]
