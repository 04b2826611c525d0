"""The concepts of one cell's answers."""

import pytest

from genbench.analysis import frequency
from genbench.errors import BadValue


def test_questions_of_a_class_are_one_concept(predictions):
    rows = [
        ("test", {"class": name, "frequency": "7"}, right) for name, right in (("a", True), ("a", False), ("b", True))
    ]

    (names, counts, scores) = frequency.per_concept(predictions(rows))["test"]

    assert (names, counts.tolist(), scores.tolist()) == (["a", "b"], [7, 7], [0.5, 1.0])


def test_without_classes_each_question_is_a_concept(predictions):
    rows = [("test", {"frequency": str(count)}, True) for count in (1, 1, 2)]

    (_, counts, _) = frequency.per_concept(predictions(rows))["test"]

    assert sorted(counts.tolist()) == [1, 1, 2]


def test_question_sets_without_the_axis_are_passed_over(predictions):
    rows = [("other", {"length": "3"}, True), ("test", {"frequency": "4"}, True)]

    assert list(frequency.per_concept(predictions(rows))) == ["test"]


def test_an_axis_of_words_is_refused(predictions):
    with pytest.raises(BadValue, match="the axis 'group' holds no frequencies: "):
        frequency.per_concept(predictions([("test", {"group": "head"}, True)]), axis="group")


def test_a_concept_of_two_frequencies_is_refused(predictions):
    rows = [("test", {"class": "a", "frequency": count}, True) for count in ("7", "8")]

    with pytest.raises(
        BadValue, match="class 'a' has questions of frequency 7 and 8; all questions of a concept share"
    ):
        frequency.per_concept(predictions(rows))
