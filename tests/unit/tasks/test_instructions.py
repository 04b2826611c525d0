"""Rewriting rules: one application by the reference, and which rules and texts are asked."""

import json
from collections import Counter

import pytest

from genbench.errors import BadValue

SMALL = {"rules": 7, "rows": 400, "questions": 60, "idle": 0.25, "domains": 0}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("instructions")


@pytest.fixture(scope="module")
def small(task):
    return task.load("rules_10", SMALL, 0)


def rows_of(table):
    return list(zip(table["rule"].to_pylist(), table["text"].to_pylist(), strict=True))


def test_one_application_is_that_of_independent_code(task, reference):
    known = json.loads((reference / "seeds_tasks" / "markov_rules.json").read_text())

    assert len(known) > 100
    for one in known:
        assert task.rewrite((one["x"], one["y"]), one["z"]) == one["answer"]
        assert task.occurrences((one["x"], one["y"]), one["z"]) == (
            "2+" if one["occurrences"] > 1 else str(one["occurrences"])
        )


def test_answers_follow_letter_by_letter(small):
    for table in (small.train, *small.questions.values()):
        for (rule, text), answer in zip(rows_of(table), table["answer"].to_pylist(), strict=True):
            left, right = ([*side.split()] for side in rule.split(">"))
            letters = text.split()
            at = next((at for at in range(len(letters)) if letters[at : at + len(left)] == left), None)
            expected = letters if at is None else letters[:at] + right + letters[at + len(left) :]
            assert answer.split() == expected


def test_training_has_so_many_rules_and_the_unseen_are_others(small):
    shown = {rule for rule, _ in rows_of(small.train)}
    unseen = [rule for rule, _ in rows_of(small.questions["unseen_rules"])]

    assert len(shown) == 7
    assert {rule for rule, _ in rows_of(small.questions["seen_rules"])} == shown
    assert len(set(unseen)) == 60
    assert shown.isdisjoint(unseen)


def test_no_question_is_shown_or_asked_twice(small):
    shown = set(rows_of(small.train))

    for table in small.questions.values():
        assert shown.isdisjoint(rows_of(table))
        assert len(set(rows_of(table))) == table.num_rows


def test_a_share_of_rows_gives_the_rule_nothing_to_do(small):
    still = [
        text == answer
        for (_, text), answer in zip(rows_of(small.train), small.train["answer"].to_pylist(), strict=True)
    ]

    assert sum(still) / len(still) == pytest.approx(0.25, abs=0.08)
    told = Counter(small.questions["unseen_rules"]["occurrences"].to_pylist())
    assert set(told) == {"0", "1", "2+"}


def test_fewer_rules_are_among_more_and_the_unseen_are_the_same(task, small):
    more = task.load("rules_100", {**SMALL, "rules": 40, "rows": 2000}, 0)

    assert {rule for rule, _ in rows_of(small.train)} <= {rule for rule, _ in rows_of(more.train)}
    assert more.questions["unseen_rules"].equals(small.questions["unseen_rules"])


@pytest.mark.parametrize(
    ("rule", "text", "answer"),
    [
        (("a", "aa"), "aab", "aaab"),  # carried out for as long as it applies it would never end
        (("ab", "ba"), "aab", "aba"),
        (("b", ""), "b", ""),
        (("aa", "b"), "aaa", "ba"),
    ],
)
def test_a_rule_is_carried_out_once(task, rule, text, answer):
    assert task.rewrite(rule, text) == answer


def test_training_has_rules_of_so_many_domains_and_asked_are_all(task):
    def kinds(table):
        return Counter(
            kind_of(rule.split(" >")[0].split()) for rule, _ in {row[0]: row for row in rows_of(table)}.values()
        )

    def kind_of(left):
        first, middle, last = left
        if "a" in left:
            return "marked"
        if middle in (first, last):
            return "repeats"
        return "palindromes" if first == last else "different"

    names = ["different", "repeats", "palindromes", "marked"]
    made = {count: task.load(f"domains_{count}", {**SMALL, "rules": 10, "domains": count}, 0) for count in (1, 2, 3, 4)}

    assert [kinds(made[count].train) for count in made] == [
        {"different": 10},
        {"different": 5, "repeats": 5},
        {"different": 4, "repeats": 3, "palindromes": 3},
        {"different": 3, "repeats": 3, "palindromes": 2, "marked": 2},
    ]
    for data in made.values():
        assert [*data.questions] == ["seen_rules", *names]
        assert kinds(data.questions["seen_rules"]) == kinds(data.train)
        assert [kinds(data.questions[name]) for name in names] == [{name: 60} for name in names]
        shown = {rule for rule, _ in rows_of(data.train)}
        assert shown.isdisjoint(rule for name in names for rule, _ in rows_of(data.questions[name]))
        assert set(rows_of(data.train)).isdisjoint(rows_of(data.questions["seen_rules"]))
        assert all(data.questions[name].equals(made[1].questions[name]) for name in names)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rules": 0}, "'rules' is 0; it must be a whole number from 1 to 100,000"),
        ({"rows": 2.0}, "'rows' is 2.0"),
        ({"questions": False}, "'questions' is False"),
        ({"idle": 1.0}, "'idle' is 1.0; it is a share of rows, from 0 to below 1"),
        ({"domains": 5}, "'domains' is 5; it must be a whole number from 0 to 4"),
        ({"domains": 2}, "'domains' is 2 in the split rules_10; it must be 0 in rules_10"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(task, given, words):
    with pytest.raises(BadValue, match="instructions") as told:
        task.load("rules_10", {**SMALL, **given}, 0)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rules": 90_000}, "'rules' and 'questions' make 90,060 rules of one domain; with 'domains' above 0 they may"),
        ({"domains": 0}, "'domains' is 0 in the split domains_1; it must be"),
    ],
)
def test_domains_that_make_no_data_are_refused(task, given, words):
    with pytest.raises(BadValue, match="instructions") as told:
        task.load("domains_1", {**SMALL, "domains": 1, **given}, 0)
    assert words in str(told.value)
