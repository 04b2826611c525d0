"""Lengths of training and questions."""


def test_lengths_are_counted_in_words(table, measured):
    train = table(("a", "x"), ("a a", "x x"), ("a a", "x x"), ("a a", "x x x"))
    asked = table(("a", "x x x x"), ("a a", "x x"), ("a a a", "x"), ("a a a a", "x"))

    found = measured(train, asked)

    assert (found["input_overlap"], found["longer_inputs"]) == (0.5, 0.5)
    assert (found["target_overlap"], found["longer_targets"]) == (0.5, 0.25)
