import sys
from pathlib import Path

import pytest

from genbench.cards.entries import load_entry
from genbench.cli import main
from genbench.report.terminal.examples import plain

FOLDER = Path(__file__).parents[3] / "tasks" / "gcog"
NODES = [[8, 4, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1]]  # current red d sum is odd ?


@pytest.fixture(scope="module")
def samples_module():
    return sys.modules[load_entry(FOLDER, "samples:check").__module__]


def test_trees_of_unequal_paths_are_written_level_by_level(samples_module):
    language = samples_module.language
    ask = {"op": "exist", "select": [{"color": "green", "shape": "c"}]}
    given = language.tree_of(
        {"op": "switch", "if": ask, "then": ask, "else": {"op": "switch", "if": ask, "then": ask, "else": ask}}
    )

    assert [row[0] for row in language.instruction_rows(given)] == [1, 9, 1, 1, 9, 1, 1, 0]


@pytest.mark.parametrize(
    ("value", "number"), [(True, 0), (False, 1), ((3, 0), 5), ((0, 1), 12), ("a", 102), ("red", 128)]
)
def test_answers_and_classes_stand_for_each_other(samples_module, value, number):
    language = samples_module.language

    assert language.class_of(value) == number
    assert language.answer_of(number) == value


def test_what_is_odd_about_a_product_or_sum_is_so_by_the_definition(samples_module):
    language = samples_module.language
    things = [language.Thing(3, 5, 0, 0), language.Thing(1, 7, 1, 1), language.Thing(2, 7, 2, 2)]
    pick = [{"color": "red", "shape": "a"}, {"color": "green", "shape": "b"}, {"color": "blue", "shape": "c"}]

    def says(operator, *places):
        return language.answer(language.tree_of({"op": operator, "select": [pick[one] for one in places]}), things)

    assert [says("productodd", 0), says("productodd", 0, 1), says("productodd", 0, 2)] == [True, True, False]
    assert [says("sumodd", 0), says("sumodd", 2), says("sumeven", 0, 2)] == [False, True, False]


def test_an_example_reads_alike_in_both_encodings(samples_module):
    example = load_entry(FOLDER, "describe:example")
    load = load_entry(FOLDER, "task:load")
    params = {
        "depth": 3,
        "distractors": 5,
        "colours": 10,
        "shapes": 10,
        "balanced": False,
        "tasks": 80,
        "questions": 40,
    }

    told = [
        [
            example(row, {"encoding": encoding})
            for row in load("productive", params | {"encoding": encoding}, 0).train.to_pylist()
        ]
        for encoding in ("released", "objects")
    ]

    assert told[0] == told[1]
    assert len(set(told[0])) == 80


def test_an_example_is_told_in_words_with_answer_and_screen(samples_module):
    example = load_entry(FOLDER, "describe:example")
    row = {
        "instruction": [number for node in NODES for number in node],
        "stimulus": [
            number
            for line in samples_module.language.stimulus_rows([samples_module.Thing(3, 4, 0, 3)])
            for number in line
        ],
        "answer": 0,
    }

    lines = example(row, {"encoding": "released"}).splitlines()

    assert lines[:2] == ["current red d sum is odd ?", "-> True"]
    empty = "  .  .  .  .  .  .  .  .  .  ."
    assert [plain(line) for line in lines[4:14]] == [
        f"{b} " + (empty if b != 4 else empty[:9] + " Rd" + empty[12:]) for b in range(10)
    ]


def test_an_example_is_shown_in_words_with_its_screen(capsys):
    code = main(["show", "gcog/systematic_depth3:tasks=16,questions=8,encoding=objects", "--examples", "1"])

    said = capsys.readouterr().out
    assert code == 0
    assert " exist ?" in said or " is " in said
    assert "[ if current " in said
    assert "R red, G green" in said
