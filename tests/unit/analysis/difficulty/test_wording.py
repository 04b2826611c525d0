"""Difficulty told."""

from genbench.analysis import difficulty


def test_one_line_says_ranges_and_leaves_training_out():
    def row(name, kind, measure, value):
        return {"question_set": name, "kind": kind, "measure": measure, "value": value}

    rows = [
        row("near", "id", "words_seen", 1.0),
        row("far", "ood", "words_seen", 0.25),
        row("again", "trained", "words_seen", 0.0),
        row("near", "id", "nearest", 0.125),
        row("near", "id", "longer_targets", None),
    ]

    assert difficulty.line(rows) == "all words seen 25 % to 100 % · nearest neighbour 0.125"
