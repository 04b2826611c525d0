"""What an address as typed stands for: by name, glob and folder, and hints where there is nothing."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from genbench import cards, registry
from genbench.errors import BadCard, BadValue, UnknownName

ROOT = Path(__file__).parents[3]
TOYS = ROOT / "tests" / "toys"


def splits(*patterns):
    return [f"{one.task.name}/{one.label}" for one in registry.choose_splits(patterns, registry.catalogue())]


def submissions(*texts):
    return [one.label for one in registry.choose_submissions(texts, registry.catalogue())]


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["echo"], ["echo/small", "echo/other"]),
        (["echo/small"], ["echo/small"]),
        (["echo/*"], ["echo/small", "echo/other"]),
        (["*"], ["echo/small", "echo/other"]),
        (["*/o*"], ["echo/other"]),
        (["e*"], ["echo/small", "echo/other"]),
        (["echo/other", "echo"], ["echo/other", "echo/small"]),
        (["echo/small:questions=3", "echo/small"], ["echo/small:questions=3", "echo/small"]),
        (["echo/small:questions=3", "echo/small:questions=3"], ["echo/small:questions=3"]),
        (["echo/small:questions=3|4"], ["echo/small:questions=3", "echo/small:questions=4"]),
    ],
)
@pytest.mark.usefixtures("home")
def test_splits_are_chosen_by_name_and_glob_each_once(patterns, chosen):
    assert splits(*patterns) == chosen


def test_splits_are_chosen_by_folder(home, monkeypatch):
    monkeypatch.chdir(home)

    assert splits(str(home / "tasks" / "echo")) == ["echo/small", "echo/other"]
    assert splits("./tasks/echo/other") == splits("./tasks/echo/o*") == ["echo/other"]
    assert splits("./tasks/echo/other:questions=5") == ["echo/other:questions=5"]


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        (["idle"], ["idle"]),
        (["*"], ["faulty", "idle"]),
        (["idle", "idle"], ["idle"]),
        (["faulty@raises"], ["faulty@raises"]),
        (["faulty@answers_too_*"], ["faulty@answers_too_few", "faulty@answers_too_many"]),
        (["faulty:how=x", "faulty"], ["faulty:how=x", "faulty"]),
    ],
)
@pytest.mark.usefixtures("home")
def test_submissions_are_chosen_by_name_glob_and_variant_each_once(texts, chosen):
    assert submissions(*texts) == chosen


@pytest.mark.parametrize(
    ("choose", "text", "message"),
    [
        (splits, "echo/smal", "no split matches 'echo/smal'; did you mean 'echo/small'?"),
        (splits, "ecko", "no split matches 'ecko'; did you mean 'echo'?"),
        (splits, "zzz/*", "no split matches 'zzz/*'; there is echo, echo/other, echo/small"),
        (splits, "", "no split matches ''; there is echo, echo/other, echo/small"),
        (splits, "echo:question=3", "echo/small has no parameter 'question'; did you mean 'questions'?"),
        (submissions, "idel", "no submission is called 'idel'; did you mean 'idle'?"),
        (submissions, "faulty@rases", "faulty has no variant 'rases'; did you mean 'raises'?"),
        (submissions, "idle:x=1", "idle has no parameter 'x'"),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_name_that_nothing_answers_to_gets_a_hint(choose, text, message):
    with pytest.raises(UnknownName) as caught:
        choose(text)

    assert str(caught.value) == message


@pytest.mark.usefixtures("home")
def test_a_split_has_no_variants():
    with pytest.raises(BadValue, match="^'echo@x': a split has no variants; parameters are written as echo:key=value$"):
        splits("echo@x")


def test_a_folder_named_by_its_path_must_have_a_card_of_its_kind(home):
    with pytest.raises(BadCard, match="there is no such file"):
        submissions(str(home))
    with pytest.raises(BadCard, match="key 'kind' is 'task'; a submission is wanted here"):
        submissions(str(home / "tasks" / "echo"))
    with pytest.raises(BadCard, match="key 'kind' is 'submission'; a task is wanted here"):
        splits(str(home / "baselines" / "idle"))


def test_two_folders_of_one_name_are_refused_and_one_folder_named_twice_is_not(home):
    shutil.copytree(home / "baselines" / "idle", home / "elsewhere")
    shutil.copytree(home / "tasks" / "echo", home / "there")

    with pytest.raises(BadValue, match="^'idle' names two folders, .*/baselines/idle and .*/elsewhere; give one of "):
        submissions("idle", str(home / "elsewhere"))
    with pytest.raises(BadValue, match="^'echo/small' names two folders, "):
        splits("echo", str(home / "there"))
    assert submissions("idle", str(home / "baselines" / "idle")) == ["idle"]


@pytest.mark.usefixtures("home")
def test_the_defaults_are_what_cards_say():
    found = registry.catalogue()

    assert [one.label for one in registry.default_splits(found)] == ["other"]
    assert registry.default_submissions(found) == []


def test_parameters_given_by_hand_come_on_top_of_the_splits():
    card = cards.read(TOYS / "echo", "task")
    split = card.splits["small"]

    assert registry.ChosenSplit(card, split, {}).params == {"questions": 100}
    assert registry.ChosenSplit(card, split, {"questions": 7}).params == {"questions": 7}


def test_quick_splits_are_those_marked_or_where_none_is_marked_the_embedded_ones(tmp_path):
    text = (TOYS / "echo" / "card.toml").read_text()
    small = text[text.index("[splits.small]") :]
    unmarked = text + small.replace("splits.small", "splits.far").replace(
        "[splits.far]", "[splits.far]\nembedded = false"
    )
    marked = unmarked.replace('name = "echo"', 'name = "loud"').replace(
        "[splits.small]", "[splits.small]\nquick = true"
    )
    for name, card in (("echo", unmarked), ("loud", marked)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.toml").write_text(card)
    chosen = registry.choose_splits([str(tmp_path / "echo"), str(tmp_path / "loud")], registry.Catalogue())

    labels = [f"{one.task.name}/{one.label}" for one in registry.quick_splits(chosen)]

    assert labels == ["echo/small", "loud/small"]


def test_the_path_of_a_folder_may_hold_what_marks_a_variant_or_a_parameter(tmp_path):
    folder = tmp_path / "jobs@2:a=b" / "idle"
    shutil.copytree(TOYS / "idle", folder)

    (chosen,) = registry.choose_submissions([str(folder)], registry.Catalogue())

    assert (chosen.label, chosen.card.folder) == ("idle", folder)


def test_a_list_of_values_takes_a_submission_for_each():
    assert submissions("mlp:weight_decay=0|5,steps=3") == ["mlp:steps=3,weight_decay=0", "mlp:steps=3,weight_decay=5"]


def test_the_bundled_grids_name_cells_that_there_are():
    found = registry.catalogue()

    for path in registry.grids():
        grid = registry.choose_grid(path.stem)
        assert grid.name == path.stem
        assert registry.choose_splits(grid.tasks, found)
        assert registry.choose_submissions(grid.submissions, found)


def test_a_grid_is_named_by_path_too(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('kind = "grid"\nname = "own"\ntitle = "Own"\ntasks = ["a"]\nsubmissions = ["b"]', encoding="utf-8")

    assert registry.choose_grid(str(file)).title == "Own"


@pytest.mark.usefixtures("home")
def test_a_grid_that_is_not_known_gets_a_hint():
    with pytest.raises(UnknownName, match="there is no grid 'modular'; a file is named by path: ./modular.toml"):
        registry.choose_grid("modular")


IDLE = "questions = 100\nshare = 0.5\n[idle]\nshare = { questions = 100 }"


@pytest.fixture
def idle(tmp_path):
    """Gives `idle(*parameters)`: the labels of a split whose `share` does nothing where there are 100 questions."""
    folder = shutil.copytree(TOYS / "echo", tmp_path / "echo")
    text = (folder / "card.toml").read_text()
    assert "questions = 100" in text
    (folder / "card.toml").write_text(text.replace("questions = 100", IDLE))

    def chosen(*parameters, **options):
        texts = [f"{folder}/small:{one}" for one in parameters]
        return [one.label for one in registry.choose_splits(texts, registry.Catalogue(), **options)]

    return chosen


def test_a_parameter_that_does_nothing_is_refused_where_it_is_typed_alone(idle):
    with pytest.raises(BadValue) as caught:
        idle("share=0.1")

    assert str(caught.value) == (
        "echo/small:share=0.1: parameter 'share' does nothing where questions is 100; leave share=0.1 away, which may "
        "stand in a list of values and in a grid"
    )


def test_a_parameter_that_does_something_is_taken(idle):
    assert idle("share=0.1,questions=50") == ["small:questions=50,share=0.1"]


def test_in_a_sweep_and_in_the_name_of_a_row_a_parameter_may_do_nothing(idle):
    assert idle("questions=50|100,share=0.1") == ["small:questions=50,share=0.1", "small:questions=100,share=0.1"]
    assert idle("share=0.1", "questions=50,share=0.1") == ["small:share=0.1", "small:questions=50,share=0.1"]
    assert idle("share=0.1", typed_now=False) == ["small:share=0.1"]


def test_a_task_that_says_so_is_no_part_of_the_default_run():
    tasks = {name: cards.read(ROOT / "tasks" / name) for name in ("modular", "nacs", "recogs")}
    apart = replace(tasks["modular"], default=False)

    taken = {one.task.name for one in registry.default_splits(registry.Catalogue(tasks, {}))}

    assert taken == {"modular"}, "the first run of the README ends within two minutes"
    assert registry.default_splits(registry.Catalogue({"modular": apart}, {})) == []
    assert registry.quick_splits(registry.choose_splits(["modular/*"], registry.Catalogue({"modular": apart}, {})))
