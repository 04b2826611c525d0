from __future__ import annotations

import random

import pytest
from datasets import Dataset

TEXT = {"text": "string"}
PAIR = {"a": "int64", "b": "int64"}


def answers(baseline, context, inputs, train, questions):
    nearest = baseline("nearest").Nearest(context("nearest", inputs, "string"))
    nearest.fit(Dataset.from_dict(train), None)
    return nearest.predict(Dataset.from_dict(questions))


def edits(one, other):
    """Levenshtein's distance by its definition, one row of the table at a time."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        above, row = row, [i]
        for j, right in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (left != right)))
    return row[-1]


def test_the_example_with_the_fewest_token_edits_answers(baseline, context):
    train = {"text": ["walk left", "jump twice and walk right", "run"], "answer": ["A", "B", "C"]}

    given = answers(baseline, context, TEXT, train, {"text": ["jump twice and walk", "run run", "walk left"]})

    assert given == ["B", "C", "A"]


def test_edits_count_tokens_and_not_letters(baseline, context):
    train = {"text": ["internationalization now", "a b c"], "answer": ["one token off", "three tokens off"]}

    assert answers(baseline, context, TEXT, train, {"text": ["x now"]}) == ["one token off"]


def test_among_equally_near_texts_the_first_in_training_order_answers(baseline, context):
    train = {"text": ["b x", "a x", "b x"], "answer": ["first", "second", "third"]}

    assert answers(baseline, context, TEXT, train, {"text": ["c x", "b x", "a x"]}) == ["first", "first", "second"]


def test_tokens_move_no_further_than_their_column(baseline, context):
    inputs = {"left": "string", "right": "string"}
    train = {"left": ["a b", "a c"], "right": ["x", "b x"], "answer": ["moved", "one more"]}

    assert answers(baseline, context, inputs, train, {"left": ["a"], "right": ["b x"]}) == ["one more"]


def test_thousands_of_distinct_tokens_are_told_apart(baseline, context):
    words = [f"word{number}" for number in range(70_000)]
    train = {"text": [" ".join(words), *words[::7_000]], "answer": ["all", *words[::7_000]]}

    given = answers(baseline, context, TEXT, train, {"text": words[::7_000]})

    assert given == words[::7_000]


def test_text_distances_agree_with_the_definition_across_chunks(baseline, context, monkeypatch):
    monkeypatch.setattr(baseline("nearest"), "COMPARED", 100)
    draw = random.Random(0)  # noqa: S311  nothing secret
    texts = [" ".join(draw.choices("abc", k=draw.randint(0, 6))) for _ in range(60)]
    train = {"text": texts[:30], "answer": [str(number) for number in range(30)]}

    given = answers(baseline, context, TEXT, train, {"text": texts[30:]})

    assert given == [
        str(min(range(30), key=lambda row: edits(texts[row].split(), text.split()))) for text in texts[30:]
    ]


def test_integers_are_compared_column_by_column(baseline, context):
    train = {"a": [1, 5, 5], "b": [2, 9, 7], "answer": ["A", "B", "C"]}

    given = answers(baseline, context, PAIR, train, {"a": [5, 1, 100], "b": [7, 100, 9]})

    assert given == ["C", "A", "B"]


def test_among_equally_near_integers_the_first_in_training_order_answers(baseline, context):
    train = {"a": [3, 1, 3], "b": [0, 2, 0], "answer": ["first", "second", "third"]}

    assert answers(baseline, context, PAIR, train, {"a": [8, 3], "b": [8, 0]}) == ["first", "first"]


def test_integer_distances_agree_with_the_definition_across_chunks(baseline, context, monkeypatch):
    monkeypatch.setattr(baseline("nearest"), "COMPARED", 100)
    draw = random.Random(0)  # noqa: S311  nothing secret
    rows = [(draw.randrange(4), draw.randrange(4), draw.randrange(4)) for _ in range(60)]
    inputs = {"a": "int64", "b": "int64", "c": "int64"}
    columns = [list(column) for column in zip(*rows, strict=True)]
    train = {name: column[:30] for name, column in zip(inputs, columns, strict=True)}
    train["answer"] = [str(number) for number in range(30)]

    given = answers(baseline, context, inputs, train, dict(zip(inputs, [c[30:] for c in columns], strict=True)))

    def differing(one, other):
        return sum(left != right for left, right in zip(one, other, strict=True))

    assert given == [str(min(range(30), key=lambda row: differing(rows[row], asked))) for asked in rows[30:]]


@pytest.mark.parametrize(("kind", "values"), [("float64", [0.5, 1.5]), ("bool", [True, False])])
def test_other_scalars_are_compared_for_equality(baseline, context, kind, values):
    train = {"x": values, "answer": ["A", "B"]}

    assert answers(baseline, context, {"x": kind}, train, {"x": values[::-1]}) == ["B", "A"]
