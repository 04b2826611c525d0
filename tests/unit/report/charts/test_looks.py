from genbench.report.charts.looks import HUES, looks_of


def test_seven_submissions_of_a_split_differ_in_hue_and_the_next_in_shape(a_standing):
    looks = looks_of([a_standing(f"s{position}") for position in range(8)])

    assert sorted(look.hue for look in looks.values()) == [0, *range(HUES)]
    assert len({(look.hue, look.shape) for look in looks.values()}) == 8


def test_a_submission_looks_alike_on_every_split(a_standing):
    rows = [a_standing(name, split=split) for split in ("one", "two") for name in ("mlp", "gru")]

    assert looks_of(rows) == looks_of(rows[::-1])
    assert list(looks_of(rows)) == ["gru", "mlp"]
