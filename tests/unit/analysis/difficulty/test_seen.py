"""What of the questions training has shown."""


def test_questions_count_as_seen_when_all_their_parts_are(table, measured):
    train = table(("a b c", "x"), ("c d", "x"))
    asked = table(("b c d", "x"), ("a b c", "x"), ("a d", "x"), ("a e", "x"))

    found = measured(train, asked)

    assert [found[name] for name in ("words_seen", "pairs_seen", "triples_seen")] == [0.75, 0.5, 0.75]
