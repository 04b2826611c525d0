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


def test_very_many_bits_are_told_with_a_power_of_ten():
    assert [difficulty.spelled("bound_bits", bits) for bits in (0.0, 1234.56, 3.4e32)] == ["0.0", "1234.6", "3.4e+32"]


def test_each_reason_is_told_once_with_what_it_is_of():
    def row(name, measure, why):
        return {"question_set": name, "measure": measure, "why": why}

    rows = [
        row("near", "radius", "no distances"),
        row("far", "radius", "no distances"),
        row("near", "gp_bits", None),
        row("far", "gp_bits", "too near"),
        row("far", "bound_bits", "no distances"),
    ]

    assert list(difficulty.unknown(rows)) == [
        "no radius, bound_bits: no distances",
        "no gp_bits of far: too near",
    ]
