"""What splits ask, as their pages show it, and what submissions answered to it."""

import json
import re

import numpy as np
import pytest

import genbench
from genbench import cards
from genbench.analysis.comparison import Rows, compare
from genbench.data import sources
from genbench.registry import catalogue
from genbench.report.results import evidence_of, headlines, tables_of
from genbench.report.site.asked import examples, hardness
from genbench.report.site.at_hand import AtHand
from genbench.report.site.kept import Kept
from genbench.report.site.missed import fewest, lookers, missed
from genbench.report.site.pair_data import p_of, whole
from genbench.report.site.pairing import pairs
from genbench.report.wording import span


@pytest.fixture
def hand(toys):
    """The splits of a toy."""
    return AtHand({"echo": cards.read(toys / "echo", "task")})


def test_examples_are_rows_of_train_and_of_question_sets_spread_over_them(hand):
    why, some, sheet = examples(hand, "echo", "small")

    assert [(one.subset, one.asked, one.target, one.slices) for one in some] == [
        ("train", "-38", "-38", ()),
        ("train", "-13", "-13", ()),
        ("test", "50", "50", (("parity", "even"),)),
    ]
    assert (why, sheet) == ("", b"")


def test_an_answer_that_is_a_number_stands_behind_its_words_where_the_task_has_some():
    here = AtHand({"gcog": catalogue().tasks["gcog"]})

    split = here.split("gcog", "distractor:questions=4,tasks=80")
    some = list(split.examples("train", 8))

    assert {one.target for one in some if "even" in one.asked or "odd" in one.asked} <= {"True (0)", "False (1)"}
    assert [re.fullmatch(r".+ \(\d+\)", one.target) is not None for one in some] == [True] * 8
    assert all(one.said.splitlines()[1] == f"-> {one.target.rpartition(' (')[0]}" for one in some)


def test_a_question_is_told_by_its_id_where_the_data_are_those_that_were_answered(hand):
    there = hand.split("echo", "small")
    ids = np.asarray(there.built.problem.questions["question_id"])
    numbers = there.built.problem.questions["number"].to_pylist()

    shown = hand.answered("echo", "small", there.built.fingerprint)

    assert [shown.question(int(one)) for one in ids] == [str(number) for number in numbers]
    assert shown.question(10**6) == ""
    assert hand.answered("echo", "small", "sha256:other") is None


def test_no_more_is_built_than_rows_may_ask_for(hand, monkeypatch):
    monkeypatch.setattr("genbench.evaluation.build.load", lambda _chosen: pytest.fail("it was built"))

    why, some, _ = examples(hand, "echo", "small:questions=1000000000000")

    assert some == []
    assert why.startswith("questions is 1000000000000, which is not built for a page; `genbench show echo/small:")


@pytest.mark.parametrize("where", [("nobody", "small"), ("echo", "none"), ("echo", "small:colour=1")])
def test_what_rows_name_and_is_not_here_is_said(hand, where):
    why, some, _ = examples(hand, *where)

    assert (bool(why), some) == (True, [])


def test_official_files_that_are_not_here_are_said_and_not_fetched(monkeypatch, tmp_path):
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path))
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.setattr("genbench.data.sources.files.fetched", lambda *_: pytest.fail("it was fetched"))
    here = AtHand({"scan": catalogue().tasks["scan"]})

    why, some, _ = examples(here, "scan", "mcd1")

    assert why.startswith("its data are not at hand: ")
    assert some == []
    before = here.mark("scan", "mcd1")
    (tmp_path / "scan" / next(iter(sources.declared(here.known["scan"].folder)["scan"].files.values()))[:8]).mkdir(
        parents=True
    )
    assert here.mark("scan", "mcd1") != before


def test_of_the_questions_that_the_fewest_answer_right_some_are_spread_over_all():
    assert fewest(np.array([0, 1, 0, 0, 0, 2, 0]), 2) == [2, 4]
    assert fewest(np.array([3, 1, 2]), 2) == [1, 2]


def test_floors_and_errors_are_not_asked_what_they_miss(a_standing):
    ranked = [a_standing(name, ranks=(1, 2)) for name in ("mlp", "gru", "chance")]
    late = a_standing("late", ranks=None)

    assert lookers([*ranked, late]) == {"test": ["mlp", "gru", "late"]}
    assert lookers([*ranked, late, a_standing("lstm", ranks=(1, 4))]) == {"test": ["mlp", "gru", "lstm"]}
    assert lookers([a_standing(name, direction="lower") for name in ("mlp", "gru")]) == {}
    assert lookers(ranked[1:]) == {}


def test_difficulty_is_told_of_each_question_set_but_training_asked_again():
    def row(name, kind, measure, value, why=None):
        return {"question_set": name, "kind": kind, "measure": measure, "value": value, "why": why}

    table = hardness(
        [
            row("far", "ood", "nearest", 0.25),
            row("near", "id", "nearest", 0.5),
            row("same", "trained", "nearest", 1.0),
            row("far", "ood", "majority", None),
            row("far", "ood", "gp_bits", None, "<too near>"),
            row("same", "trained", "radius", None, "not told"),
        ]
    )

    assert [[str(cell.text) for cell in one.cells[:3]] for one in table.rows] == [["nearest", "0.250", "0.500"]]
    assert [one.label for one in table.columns[1:3]] == ["far", "near"]
    assert str(table.caption) == "no gp_bits of far: &lt;too near&gt;"
    assert hardness([row("far", "ood", "nearest", None)]) is None


@pytest.fixture(scope="module")
def rows(kept):
    """The rows of two submissions on splits of modular arithmetic, and the cards."""
    (cells,) = tables_of([str(kept)], ["cells"])
    tasks = catalogue().tasks
    return Kept(cells, (str(kept),), tasks), headlines(tasks), AtHand(tasks)


WHERE = ("modular", "addition:p=7", "quick")


def test_what_is_missed_is_counted_over_the_stored_answers(rows, kept):
    (told,) = missed(WHERE, "exact_match", {"test": ["chance", "majority"]}, *rows)

    answers = genbench.results(str(kept)).where(task="modular/addition:p=7").predictions()
    answers = answers[(answers.question_set == "test") & (answers.submission.isin(["chance", "majority"]))]
    answers["right"] = answers.prediction == answers.target
    right = answers.groupby(["submission", "question_id"]).right.mean() >= 0.5
    of_both = right.groupby("question_id").sum()
    assert (told.of, told.total, told.none) == (2, len(of_both), (of_both == 0).sum())
    assert [one.right for one in told.questions] == [of_both[one.number] for one in told.questions]
    targets = dict(zip(answers.question_id, answers.target, strict=True))
    for one in told.questions:
        a, b = (int(part.split()[-1]) for part in one.asked.split(", "))  # a 3, b 4
        assert one.target == targets[one.number] == str((a + b) % 7)
        assert [name for name, _ in one.answers] == ["chance", "majority"]


def test_a_pair_is_as_the_verb_compares_it_and_stands_for_either_order(rows, kept):
    here, facts, hand = rows
    names = ["majority", "chance"]
    (pair,) = pairs(names, WHERE, here, facts, "", hand)
    cells, scores = tables_of([str(kept)], ["cells", "scores"])
    side = Rows(cells, scores, evidence_of([str(kept)], here.tasks))

    expected, _, _ = compare((side, "majority"), (side, "chance"), facts, lambda label: label == "modular/addition:p=7")
    turned, _, _ = compare((side, "chance"), (side, "majority"), facts, lambda label: label == "modular/addition:p=7")

    assert list(pair.compared) == expected
    told = json.loads(whole("x", names, [pair]).partition(",")[2].removesuffix(");\n"))["x"]
    _, part, means, counts, seeds, p, straight, other = told["pairs"]["0 1"]["rows"][0]
    (one,), (back,) = expected, turned
    assert (part, seeds, p) == (0, [3, 3], p_of(one))
    assert means == [f"{one.mean:.3f}", f"{one.other_mean:.3f}"]
    assert counts == [one.won, one.lost] == [back.lost, back.won]
    assert straight[0] == f"{one.found.difference:.3f}"
    assert other == [f"{back.found.difference:.3f}", span(back.found.low, back.found.high, bounded=True), back.verdict]
    assert told["questions"][f"test {pair.differing[0].question}"][0] == pair.differing[0].asked
