"""Which rows of SCORES count."""


def test_a_cell_with_two_values_counts_at_its_worst(a_cell, a_score, stand):
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 0.9), a_score(cell, 0.4), a_score(cell, 0.6)])])

    assert one.seed_values == ((0, 0.4),)
