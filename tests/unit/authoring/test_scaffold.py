"""New contributions from the templates."""

from pathlib import Path

import pytest

from genbench import cards
from genbench.authoring import scaffold
from genbench.cli import contributions
from genbench.errors import BadValue, StoreFault
from genbench.registry import Catalogue, folders


@pytest.mark.parametrize("kind", ["task", "baseline"])
def test_a_new_contribution_has_a_valid_card_of_its_name(tmp_path, kind):
    folder = scaffold.new(kind, "my_own-2", tmp_path, Catalogue())

    card = cards.read(folder, "task" if kind == "task" else "submission")
    assert folder == tmp_path / "my_own-2"
    assert card.name == "my_own-2"
    assert "$" not in (folder / "card.toml").read_text()


@pytest.mark.parametrize("like", scaffold.EXAMPLES)
def test_a_baseline_like_an_example_has_a_valid_card_of_its_name_and_the_examples_files(tmp_path, like):
    folder = scaffold.new("baseline", "mine", tmp_path, Catalogue(), like)

    example = Path(scaffold.__file__).parent / "templates" / like
    assert cards.read(folder, "submission").name == "mine"
    assert {path.name for path in folder.iterdir()} == {path.name for path in example.iterdir() if path.is_file()}


def test_what_is_no_card_is_copied_as_it_stands(tmp_path):
    folder = scaffold.new("baseline", "mine", tmp_path, Catalogue(), "program")

    assert "answer=$(cat" in (folder / "program.sh").read_text()


def test_an_example_that_is_not_there_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(BadValue, match="^there is no example 'transformer'; did you mean 'transformers'\\?$"):
        scaffold.new("baseline", "mine", tmp_path, Catalogue(), "transformer")
    assert list(tmp_path.iterdir()) == []


def test_a_task_is_like_no_baseline(tmp_path):
    with pytest.raises(BadValue, match="^a task cannot be like 'torch': the examples are baselines$"):
        scaffold.new("task", "mine", tmp_path, Catalogue(), "torch")


def test_the_command_line_names_every_example():
    option = next(option for option in contributions.new.params if option.name == "like")

    assert f"from an example: {', '.join(scaffold.EXAMPLES)}." in option.help


def test_it_is_made_in_the_checkout_where_one_stands_there_and_here_elsewhere(tmp_path, monkeypatch):
    for folder in ("tasks", "baselines", "docs"):
        (tmp_path / "checkout" / folder).mkdir(parents=True)
    monkeypatch.setattr(folders, "home", lambda: tmp_path / "checkout")

    monkeypatch.chdir(tmp_path / "checkout" / "docs")
    inside = scaffold.new("baseline", "mine", None, Catalogue())
    monkeypatch.chdir(tmp_path)
    outside = scaffold.new("baseline", "mine", None, Catalogue())

    assert (inside, outside) == (tmp_path / "checkout" / "baselines" / "mine", tmp_path / "mine")


@pytest.mark.parametrize("name", ["", "Mine", "my method", "1st", "../mine", "a/b", "é", "-x", "x" * 300])
def test_a_name_that_no_card_can_have_is_refused(tmp_path, name):
    with pytest.raises(
        BadValue, match="is no name for a task: lower case letters, digits, '_' and '-', a letter first, at most 100$"
    ):
        scaffold.new("task", name, tmp_path, Catalogue())
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused(tmp_path):
    taken = Catalogue(tasks={"mine": cards.read(scaffold.new("task", "mine", tmp_path, Catalogue()), "task")})

    with pytest.raises(BadValue, match="^there is a task called 'mine' already; choose another name$"):
        scaffold.new("task", "mine", tmp_path / "elsewhere", taken)


def test_what_is_there_already_is_left_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.toml").write_text("precious")

    with pytest.raises(StoreFault, match="mine exists already; nothing was written$"):
        scaffold.new("task", "mine", tmp_path, Catalogue())
    assert (tmp_path / "mine" / "card.toml").read_text() == "precious"


def test_a_folder_half_made_is_taken_away_again(tmp_path, monkeypatch):
    def full(self, *_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)

    with pytest.raises(StoreFault, match="mine cannot be written: No space left on device$"):
        scaffold.new("baseline", "mine", tmp_path, Catalogue())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_somebody_else_makes_in_between_is_left_as_it_is(tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.toml").write_text("precious")
    monkeypatch.setattr(Path, "exists", lambda _: False)

    with pytest.raises(StoreFault, match="mine cannot be made: File exists; nothing was written$"):
        scaffold.new("task", "mine", tmp_path, Catalogue())
    assert (tmp_path / "mine" / "card.toml").read_text() == "precious"
