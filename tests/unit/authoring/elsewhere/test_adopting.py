"""Files of Natural Instructions, made here in both forms, as a task that meets the contract."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from genbench import cards
from genbench.authoring import check
from genbench.authoring.elsewhere import adopting, instructions
from genbench.cli import main
from genbench.errors import BadData, BadValue, StoreFault
from genbench.registry import Catalogue


def first(name="sum", count=12):
    """A task in the form of the first release."""
    return {
        "Title": name,
        "Prompt": f"Do {name}.",
        "Definition": f"This is {name}. ",
        "Things to Avoid": "-",
        "Emphasis & Caution": "Be exact.",
        "Examples": {
            "Positive Examples": [
                {"input": "1 1", "output": "2", "reason": "adds"},
                {"input": "1 2", "output": "3", "reason": "adds up"},
                {"input": "2 2", "output": "4", "reason": "is left out"},
            ],
            "Negative Examples": [{"input": "1 1", "output": "3", "reason": "too much", "suggestion": "count"}],
        },
        "Instances": [{"input": f"{name} of {at}", "output": [f"it is {at}", str(at)]} for at in range(count)],
    }


def second(name="sum", count=12):
    """A task in the form of the second release."""
    return {
        "Contributors": [],
        "Definition": [f"This is {name}."],
        "Positive Examples": [{"input": "1", "output": "1", "explanation": "same"}],
        "Negative Examples": [],
        "Instances": [{"id": f"{name}-{at}", "input": f"{name} {at}", "output": [str(at)]} for at in range(count)],
    }


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, made in (("task001", first), ("task002", second), ("task003", first), ("task004", second)):
        (folder / f"{name}.json").write_text(json.dumps(made(name)), encoding="utf-8")
    return folder


def adopt(files, out, unseen=("task003", "task004"), **given):
    return adopting.adopt(files, out, unseen, **{"shown": 3, "asked": 4, **given})


def test_an_instruction_is_in_the_order_of_the_release(files):
    told = {task.name: task.instruction.splitlines() for task in instructions.read(files, 2)}

    assert told["task001"] == [
        "Definition: This is task001.",
        "Prompt: Do task001.",
        "Emphasis & Caution: Be exact.",
        *("Negative Example 1", "input: 1 1", "output: 3", "reason: too much", "suggestion: count"),
        *("Positive Example 1", "input: 1 1", "output: 2", "reason: adds"),
        *("Positive Example 2", "input: 1 2", "output: 3", "reason: adds up"),
    ]
    assert told["task002"] == [
        "Definition: This is task002.",
        *("Positive Example 1", "input: 1", "output: 1", "explanation: same"),
    ]
    assert instructions.read(files, 0)[1].instruction == "Definition: This is task002."


def test_no_negative_example_may_be_written_as_the_first_release_does(files):
    task = first()
    task["Examples"]["Negative Examples"] = ["-"]
    (files / "task001.json").write_text(json.dumps(task))

    assert "Negative" not in instructions.read(files, 2)[0].instruction


def test_the_folder_meets_the_contract(files, tmp_path):
    adopt(files, tmp_path / "mine")

    card = cards.read(tmp_path / "mine", "task")
    assert card.answer_type == "any_of<string>"
    assert [found.fault for found in check.check(tmp_path / "mine", Catalogue()) if found.fault] == []


def test_chance_is_measured(files, tmp_path):
    for name in ("task003", "task004"):
        told = second(name)
        for at, one in enumerate(told["Instances"]):
            one["output"] = ["yes" if name == "task003" else f"answer {at}"]
        (files / f"{name}.json").write_text(json.dumps(told))

    adopt(files, tmp_path / "mine", unseen=("task003",))
    (split,) = cards.read(tmp_path / "mine", "task").splits.values()
    assert split.chance_of("unseen_tasks") == 1.0  # all say yes
    assert 0 < split.chance_of("seen_tasks") < 0.9  # some of other tasks have a word in common


def test_first_instances_are_shown_and_others_asked_spread_evenly(files, tmp_path):
    written = adopt(files, tmp_path / "mine")
    rows = {path.stem: pq.read_table(path).to_pylist() for path in written if path.suffix == ".parquet"}

    assert [row["text"] for row in rows["train"]] == [
        *(f"task001 of {at}" for at in range(3)),
        *(f"task002 {at}" for at in range(3)),
    ]
    assert [row["text"] for row in rows["unseen_tasks"]] == [
        *(f"task003 of {at}" for at in (3, 5, 7, 9)),
        *(f"task004 {at}" for at in (3, 5, 7, 9)),
    ]
    assert [row["task"] for row in rows["seen_tasks"]] == ["task001"] * 4 + ["task002"] * 4
    assert rows["seen_tasks"][0]["answers"] == ["it is 3", "3"]


def test_what_is_shown_or_asked_already_is_not_asked(files, tmp_path):
    task = first("task001")
    task["Instances"][3]["input"] = task["Instances"][0]["input"]
    task["Instances"][5]["input"] = task["Instances"][4]["input"]
    (files / "task001.json").write_text(json.dumps(task))

    written = adopt(files, tmp_path / "mine", asked=7)

    (path,) = (path for path in written if path.name == "seen_tasks.parquet")
    texts = [row["text"] for row in pq.read_table(path).to_pylist() if row["task"] == "task001"]
    assert texts == [f"task001 of {at}" for at in (4, 6, 7, 8, 9, 10, 11)]
    with pytest.raises(BadData, match=r"task001.json: key 'Instances' has 12, of which 7 differ"):
        adopt(files, tmp_path / "more", asked=8)


def without(key, *inner):
    def change(task):
        for name in inner:
            task = task[name]
        del task[key]

    return change


def put(value, key, *inner):
    def change(task):
        for name in inner:
            task = task[name]
        task[key] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("Instances"), "task001.json: missing key 'Instances'"),
        (without("Definition"), "task001.json: missing key 'Definition'"),
        (without("Things to Avoid"), "task001.json: missing key 'Things to Avoid'"),
        (without("Examples"), "task001.json: missing key 'Examples', of the first form, or 'Positive Examples'"),
        (without("Positive Examples", "Examples"), "missing key 'Positive Examples' of 'Examples'"),
        (without("output", "Instances", 7), "task001.json: missing key 'output' of 'Instances' 7"),
        (
            without("reason", "Examples", "Positive Examples", 2),
            "task001.json: missing key 'reason' of 'Positive Examples' 2",
        ),
        (put(3, "input", "Instances", 0), "key 'input' of 'Instances' 0 is 3; it must be text"),
        (
            put([], "output", "Instances", 0),
            "key 'output' of 'Instances' 0 is a list of 0; it must be text, or a list of one text or more",
        ),
        (put([None], "output", "Instances", 0), "key 'output' of 'Instances' 0 is null; it must be text"),
        (put("\ud800", "input", "Instances", 0), "key 'input' of 'Instances' 0 holds half a surrogate pair"),
        (put("x", 1, "Instances"), "key 'Instances' 1 is \"x\"; it must be an object"),
        (put({}, "Instances"), "key 'Instances' is an object of 0; it must be a list"),
        (put("x", "Examples"), "key 'Examples' is \"x\"; it must be an object"),
        (put(True, "Prompt"), "key 'Prompt' is true; it must be text"),
        (put([{"input": "1", "output": "1"}] * 7, "Instances"), "key 'Instances' has 7, of which 0 differ"),
    ],
)
def test_a_file_that_is_none_is_named_with_the_key(files, tmp_path, change, words):
    task = first("task001")
    change(task)
    (files / "task001.json").write_text(json.dumps(task))

    with pytest.raises(BadData) as told:
        adopt(files, tmp_path / "mine")
    assert words in str(told.value)
    assert str(files / "task001.json") in str(told.value)
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "is no JSON in UTF-8"), (b'"\xff"', "is no JSON in UTF-8"), (b"[1]", "holds a list of 1; it must be an")],
)
def test_a_file_that_is_no_object_is_named(files, tmp_path, content, words):
    (files / "task001.json").write_bytes(content)

    with pytest.raises(BadData, match=r"task001.json") as told:
        adopt(files, tmp_path / "mine")
    assert words in str(told.value)


def test_folders_and_names_that_make_no_task_are_refused(files, tmp_path):
    (tmp_path / "empty").mkdir()
    for given, words in [
        ((tmp_path / "empty", tmp_path / "mine"), "empty holds no file NAME.json"),
        ((tmp_path / "gone", tmp_path / "mine"), "gone is no folder"),
        ((files, tmp_path / "Mine"), "'Mine' is no name for a task"),
        ((files, tmp_path / "mine", ("task005",)), "has no task 'task005'; it has task001, task002"),
        ((files, tmp_path / "mine", ("task*",)), "all of the 4 tasks"),
    ]:
        with pytest.raises(BadValue) as told:
            adopt(*given)
        assert words in str(told.value)
    with pytest.raises(StoreFault, match="exists already"):
        adopt(files, tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_the_verb_says_what_it_wrote_and_what_is_next(files, tmp_path, capsys):
    typed = ["data", "instructions", str(files), "--unseen", "task00[34]", "--out", str(tmp_path / "mine")]

    few = main(typed)
    assert (few, capsys.readouterr().err[:7]) == (2, "error: ")
    code = main([*typed, "--shown", "2", "--asked", "3", "--examples", "1"])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert [*map(Path, said.out.splitlines()[:-1])] == sorted(one for one in (tmp_path / "mine").rglob("*.*"))
    assert said.out.splitlines()[-1] == f"next: genbench check {tmp_path / 'mine'}"
