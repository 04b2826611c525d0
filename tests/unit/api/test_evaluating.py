"""Evaluations from Python."""

import contextlib
import re
import tempfile
from pathlib import Path

import pytest

import genbench
from genbench.api import evaluating
from genbench.errors import BadCard, BadValue, GenbenchError, StoreFault, UnknownName
from genbench.evaluation.run import Done

SPLIT = "modular/addition:p=7"


def ones(train, questions):
    return [1] * len(questions)


class First:
    def __init__(self, context):
        self.target = context.target

    def fit(self, train, validation):
        self.answer = train[self.target][0]

    def predict(self, questions):
        return [self.answer] * len(questions)


def raises(train, questions):
    raise ValueError("no such luck")


def run(tmp_path, submissions, tasks=SPLIT, **options):
    return genbench.evaluate(submissions, tasks, **{"executor": "here", "out": tmp_path, "quiet": True} | options)


def test_names_folders_classes_and_functions_are_evaluated_side_by_side(tmp_path, toys):
    rows = run(tmp_path, ["majority", toys / "faulty@raises", First, ones]).cells

    assert dict(zip(rows["submission"], rows["status"], strict=True)) == {
        "First": "ok",
        "faulty@raises": "error",
        "majority": "ok",
        "ones": "ok",
    }


def test_what_is_no_folder_runs_here_says_so_and_is_never_ranked(tmp_path):
    rows = run(tmp_path, ["chance", First], seeds=2, profile="full", executor="process")

    sealing = rows.cells.groupby("submission")["sealing"].unique().map(list).to_dict()
    standings = rows.where(submission="First").standings()
    assert sealing == {"First": ["none"], "chance": ["process"]}
    assert set(standings["unranked"]) == {"ran without the wall", "training asked again"}
    assert standings["rank"].isna().all()


def test_the_answers_of_a_function_are_graded(tmp_path):
    answers = run(tmp_path, ones).predictions()

    assert set(answers["prediction"]) == {"1"}
    assert (answers["correct"] == (answers["target"] == "1")).all()


def test_seeds_are_a_count_or_a_list(tmp_path):
    assert run(tmp_path / "count", ones, seeds=2).cells["seed"].tolist() == [0, 1]
    assert sorted(run(tmp_path / "list", ones, seeds=[5, 3]).cells["seed"]) == [3, 5]


def test_the_results_are_those_of_this_call(tmp_path):
    run(tmp_path, "majority")

    rows = run(tmp_path, ones)

    assert rows.cells["submission"].unique().tolist() == ["ones"]
    assert sorted(genbench.results(tmp_path).cells["submission"]) == ["majority", "ones"]


def statuses(tmp_path, thing, **options):
    evaluation = evaluating.prepare(thing, SPLIT, executor="here", out=tmp_path, **options)
    return [event.status for event in evaluation.events()]


def test_a_function_is_kept_while_its_text_is_the_same(tmp_path):
    assert statuses(tmp_path, ones) == ["ok"]
    assert statuses(tmp_path, ones) == ["kept"]


def test_a_function_of_another_text_under_the_same_name_runs(tmp_path):
    def first(train, questions):
        return [2] * len(questions)

    def second(train, questions):
        return [3] * len(questions)

    assert statuses(tmp_path, first, name="mine") == ["ok"]
    assert statuses(tmp_path, second, name="mine") == ["ok"]


def test_a_function_that_reaches_what_cannot_be_read_runs_each_time(tmp_path):
    weights = bytearray(b"1")

    def heavy(train, questions):
        return [int(weights)] * len(questions)

    assert statuses(tmp_path, heavy) == ["ok"]
    assert statuses(tmp_path, heavy) == ["ok"]


def test_fresh_runs_what_was_kept(tmp_path):
    run(tmp_path, "majority")
    before = genbench.results(tmp_path).cells["started"][0]

    run(tmp_path, "majority", fresh=True)

    assert genbench.results(tmp_path).cells["started"][0] > before


def test_a_fault_of_a_submission_is_a_row(tmp_path):
    (row,) = run(tmp_path, raises).cells.to_dict("records")

    assert row["status"] == "error"
    assert re.fullmatch(r"ValueError: no such luck \(test_evaluating\.py:\d+ in raises\)", row["detail"])


def test_a_split_that_cannot_be_built_is_a_warning_and_the_others_go_on(tmp_path, toys):
    with pytest.warns(UserWarning, match="^echo/small:questions=-1 could not be built: questions is -1"):
        rows = run(tmp_path, "majority", [SPLIT, f"{toys}/echo/small:questions=-1"])

    assert rows.cells["task"].tolist() == ["modular"]


def test_what_is_left_out_is_a_warning(tmp_path):
    with pytest.warns(UserWarning, match="^left out: clip: takes none of the chosen splits$"):
        run(tmp_path, ["majority", "clip"])


def test_an_interruption_leaves_finished_rows_and_the_same_call_goes_on(tmp_path, capsys):
    def interrupted(train, questions):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, ["majority", interrupted], quiet=False)

    assert genbench.results(tmp_path).cells["submission"].tolist() == ["majority"]
    assert f"interrupted: 1 cells finished now and 0 before are kept in {tmp_path}; the same call goes on" in (
        capsys.readouterr().err
    )


def test_events_may_be_taken_one_by_one_and_closed(tmp_path):
    evaluation = evaluating.prepare(["majority", ones], SPLIT, executor="here", out=tmp_path, seeds=2)

    with contextlib.closing(evaluation.events()) as events:
        first = next(events)

    assert isinstance(first, Done)
    assert (first.cell.submission.label, first.status) == ("majority", "ok")
    assert len(evaluation.results().cells) == 1


def test_no_folder_of_a_function_stays_behind(tmp_path):
    run(tmp_path, ones)

    assert list(Path(tempfile.gettempdir()).glob("genbench-given-*")) == []


def test_progress_is_a_line_a_cell_and_nothing_where_quiet(tmp_path, capsys):
    run(tmp_path, ones, quiet=False)
    assert capsys.readouterr().err.startswith("[1/1] ok            modular/addition:p=7  ones  seed 0")

    run(tmp_path, ones)
    assert capsys.readouterr() == ("", "")


def test_the_default_is_that_of_the_command_line(tmp_path):
    evaluation = evaluating.prepare(out=tmp_path)

    names = {cell.submission.label for cell in evaluation.planned.cells}
    assert names == {card.name for card in genbench.submissions().values() if card.default}
    assert all(cell.split.split.quick for cell in evaluation.planned.cells)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"submissions": "majorty"}, UnknownName, "did you mean 'majority'"),
        ({"submissions": []}, BadValue, "^submissions is empty"),
        ({"submissions": 3}, BadValue, "^a submission is 3; it must be a name"),
        ({"submissions": Path("/nowhere")}, BadCard, "there is no such file"),
        ({"submissions": [ones, ones]}, BadValue, "^'ones' is the name of another submission"),
        ({"submissions": ones, "name": "chance"}, BadValue, "^'chance' is the name of another submission"),
        ({"submissions": "chance", "name": "mine"}, BadValue, "^name is 'mine'; it names one class or function, and 0"),
        ({"tasks": "modular/adition"}, UnknownName, "did you mean 'modular/addition'"),
        ({"tasks": 3}, BadValue, "^tasks is 3"),
        ({"seeds": 0}, BadValue, "^seeds is 0; it must be at least 1$"),
        ({"seeds": "3"}, BadValue, "^seeds holds '3'; a seed is a whole number from 0 on$"),
        ({"seeds": [1, 1]}, BadValue, "^seeds is \\[1, 1\\]; it must name at least one, and each once$"),
        ({"seeds": []}, BadValue, "^seeds is \\[\\]"),
        ({"seeds": [-1]}, BadValue, "^seeds holds -1"),
        ({"seeds": 1.5}, BadValue, "^seeds is 1.5; it must be how many, or a list of them$"),
        ({"profile": "fast"}, BadValue, "^profile is 'fast'; it must be quick or full$"),
        ({"executor": "her"}, BadValue, "^executor is 'her'; did you mean 'here'\\?$"),
        ({"jobs": 0}, BadValue, "^jobs is 0; it must be at least 1"),
        ({"out": ""}, BadValue, "^out is ''; it must be a folder's path or URL$"),
        ({"submissions": "clip"}, BadValue, "^nothing to evaluate: modular/addition:p=7 is not taken by clip$"),
    ],
)
def test_arguments_that_are_wrong_are_one_clear_error(tmp_path, change, error, said):
    arguments = {"submissions": "majority", "tasks": SPLIT, "out": tmp_path} | change

    with pytest.raises(error, match=said):
        genbench.evaluate(**arguments)

    assert issubclass(error, GenbenchError)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreFault, match="cannot be written"):
        run(tmp_path / "file", ones)
