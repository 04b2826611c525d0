"""Instructed tasks: answers by another rule, which tasks are shown, and what instructions say."""

from collections import Counter

import pytest

from genbench.errors import BadValue

SMALL = {"tasks": 20, "says": "words", "rows": 300, "questions": 60}
# Where each letter of an answer is taken from, for the operations that move letters; what each becomes, for the others.
PLACES = {
    "reverse": [5, 4, 3, 2, 1, 0],
    "rotate": [1, 2, 3, 4, 5, 0],
    "swap": [1, 0, 3, 2, 5, 4],
    "halves": [3, 4, 5, 0, 1, 2],
    "mirror": [0, 1, 2, 2, 1, 0],
}
LETTERS = {
    "next": "bcdefghija",
    "leap": "defghijabc",
    "flip": "jihgfedcba",
    "pair": "badcfehgji",
    "even": "aacceeggii",
}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("instructed")


@pytest.fixture(scope="module")
def words(task):
    return task.load("tasks_20", SMALL, 0)


def done(names, letters):
    """Both operations by tables."""
    for name in names:
        if name in PLACES:
            letters = "".join(letters[place] for place in PLACES[name])
        else:
            letters = letters.translate(str.maketrans("abcdefghij", LETTERS[name]))
    return letters


def rows_of(table):
    return [
        (tuple(row["instruction"].split()), row["text"].replace(" ", ""), row["answer"].replace(" ", ""))
        for row in table.to_pylist()
    ]


def tables(data):
    return [data.train, *data.questions.values()]


def test_the_worked_example():
    assert done(("reverse", "next"), "cahhje") == "faiibd"
    assert done(("even",), "cahhje") == "caggie"


def test_answers_are_those_of_another_rule(words):
    named = {name for table in tables(words) for names, _, _ in rows_of(table) for name in names}

    assert named == {*PLACES, *LETTERS}
    for table in tables(words):
        assert all(done(names, text) == answer for names, text, answer in rows_of(table))


def test_every_operation_is_shown_in_both_places_and_unseen_pairs_are_never_shown(task, words):
    shown = {names for names, _, _ in rows_of(words.train)}
    asked = {name: {names for names, _, _ in rows_of(table)} for name, table in words.questions.items()}
    more = {names for names, _, _ in rows_of(task.load("tasks_80", {**SMALL, "tasks": 80, "rows": 2000}, 0).train)}

    assert [Counter(names[at] for names in shown) for at in (0, 1)] == [dict.fromkeys(task.OPERATIONS, 2)] * 2
    assert asked["seen_tasks"] == shown
    assert len(asked["unseen_tasks"]) == 20
    assert len(more) == 80
    assert more >= shown
    assert more.isdisjoint(asked["unseen_tasks"])


def test_the_unseen_are_asked_alike_whatever_is_shown(task, words):
    other = task.load("tasks_80", {**SMALL, "tasks": 80}, 0)

    assert other.questions["unseen_tasks"].drop(["function"]).equals(words.questions["unseen_tasks"].drop(["function"]))


def test_one_domain_is_half_of_the_operations(task):
    data = task.load("tasks_one_domain", SMALL, 0)
    named = {name: {word for names, _, _ in rows_of(table) for word in names} for name, table in data.questions.items()}
    pairs = {name: {names for names, _, _ in rows_of(table)} for name, table in data.questions.items()}

    assert {word for names, _, _ in rows_of(data.train) for word in names} == named["seen_tasks"]
    assert named["unseen_tasks"] == named["seen_tasks"]
    assert len(named["seen_tasks"]) == 5
    assert named["other_domain"] == {*task.OPERATIONS} - named["seen_tasks"]
    assert {name: len(own) for name, own in pairs.items()} == {"seen_tasks": 20, "unseen_tasks": 5, "other_domain": 25}
    assert pairs["seen_tasks"].isdisjoint(pairs["unseen_tasks"])


def test_function_tells_whether_some_shown_task_does_the_same(words):
    letters = "abcdefghij"
    probes = [
        "".join(letters[(start + at * step) % 10] for at in range(6)) for start in range(10) for step in (1, 3, 7)
    ]
    probes += ["jjaabb", "cahhje"]
    shown = {tuple(done(names, probe) for probe in probes) for names, _, _ in rows_of(words.train)}

    assert set(words.questions["seen_tasks"]["function"].to_pylist()) == {"known"}
    told = words.questions["unseen_tasks"]["function"].to_pylist()
    assert set(told) == {"known", "new"}
    for (names, _, _), function in zip(rows_of(words.questions["unseen_tasks"]), told, strict=True):
        assert (function == "known") == (tuple(done(names, probe) for probe in probes) in shown)


@pytest.mark.parametrize("says", ["examples", "words_and_examples"])
def test_examples_are_of_the_task_and_of_no_question(task, words, says):
    data = task.load("tasks_examples", {**SMALL, "says": says}, 0)

    for name, table in {"train": data.train, **data.questions}.items():
        plain = words.train if name == "train" else words.questions[name]
        assert table["text"].equals(plain["text"])
        for row, (names, text, _) in zip(table.to_pylist(), rows_of(plain), strict=True):
            parts = row["instruction"].split(" ; ")
            assert (parts.pop(0).split() == list(names)) if says != "examples" else True
            examples = [part.replace(" ", "").split(">") for part in parts]
            assert len(examples) == 2
            assert [done(names, given) for given, _ in examples] == [made for _, made in examples]
            assert text not in [given for given, _ in examples] or name == "train"
    assert len(set(data.train["instruction"].to_pylist())) == 300


def test_a_name_is_of_one_task_and_says_nothing(task, words):
    data = task.load("tasks_opaque", {**SMALL, "says": "name"}, 0)
    pairs = {
        (named, names)
        for table, plain in zip(tables(data), tables(words), strict=True)
        for named, (names, _, _) in zip(table["instruction"].to_pylist(), rows_of(plain), strict=True)
    }

    assert len(pairs) == len({named for named, _ in pairs}) == len({names for _, names in pairs}) == 40
    assert all(named.split()[0] == "task" and 0 <= int(named.split()[1]) < 100 for named, _ in pairs)


def test_no_question_is_shown_or_asked_twice(words):
    shown = {row[:2] for row in rows_of(words.train)}

    for table in words.questions.values():
        asked = [row[:2] for row in rows_of(table)]
        assert shown.isdisjoint(asked)
        assert len(set(asked)) == 60


@pytest.mark.parametrize(
    ("split", "given", "words"),
    [
        ("tasks_20", {"tasks": 25}, "'tasks' is 25; it must be a whole number from 10 to 80, a multiple of 10"),
        ("tasks_20", {"tasks": 90}, "'tasks' is 90"),
        ("tasks_one_domain", {"tasks": 40}, "'tasks' is 40; it must be a whole number from 5 to 20, a multiple of 5"),
        ("tasks_20", {"says": "word"}, "'says' is 'word'; it must be one of words, examples, words_and_examples, name"),
        ("tasks_20", {"rows": 2.0}, "'rows' is 2.0; it must be a whole number from 1 to 5,000,000"),
        ("tasks_20", {"questions": False}, "'questions' is False"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(task, split, given, words):
    with pytest.raises(BadValue, match="instructed: parameter") as told:
        task.load(split, {**SMALL, **given}, 0)
    assert words in str(told.value)
