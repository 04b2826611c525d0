"""Wrong answers beside what was asked."""

import pytest

import genbench
from genbench.api import wrong
from genbench.errors import BadData, BadValue, UnknownName
from genbench.report.reading import Rows
from genbench.report.wanted import wanted


def test_wrong_answers_stand_beside_question_and_target(kept):
    found = genbench.results(kept).wrong("chance", "modular/addition:p=7", n=5)

    assert list(found.columns) == ["question_id", "question_set", "a", "b", "target", "prediction", "label"]
    assert len(found) == 5
    assert ((found["a"] + found["b"]) % 7 == found["target"]).all()
    assert (found["prediction"] != found["target"].astype(str)).all()


def test_wrong_answers_of_a_question_set_and_all_of_them(kept):
    rows = genbench.results(kept)
    all_of = rows.predictions(submission="chance", task="modular/addition:p=7", seed=1)

    found = rows.wrong("chance", "modular/addition:p=7", n=None, seed=1, question_set="test")

    assert len(found) == (~all_of["correct"] & (all_of["question_set"] == "test")).sum()


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("chanse", "modular/addition:p=7"), UnknownName, "did you mean 'chance'\\?$"),
        (("chance", "modular/adition:p=7"), UnknownName, "did you mean 'modular/addition:p=7'\\?$"),
        (("faulty@raises", "modular/addition:p=7"), BadValue, "no cell ended well; the last: ValueError: no such luck"),
        (("*", "modular/addition:p=7"), BadValue, "names chance, majority, .*; name one of each$"),
        (("chance", "modular/addition:p=7", 0), BadValue, "^n is 0; it must be at least 1, or None for all$"),
    ],
)
def test_wrong_answers_of_whom_nothing_is_kept_are_one_clear_error(kept, arguments, error, said):
    with pytest.raises(error, match=said):
        genbench.results(kept).wrong(*arguments)


def test_wrong_answers_need_the_data_that_were_answered(kept):
    rows = Rows((str(kept),), (wanted(submission="chance"),))
    cell = {**rows.newest()[0], "data_fingerprint": "sha256:other"}

    with pytest.raises(BadData, match="is built from other data today than when chance answered"):
        wrong.answers(cell, rows.predictions([cell]), genbench.tasks(), 3, None)


def test_an_unknown_question_set_is_told_with_the_nearest(kept):
    with pytest.raises(UnknownName, match="has no question set 'tset'; did you mean 'test'\\?$"):
        genbench.results(kept).wrong("chance", "modular/addition:p=7", question_set="tset")
