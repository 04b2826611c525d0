"""The order of labels."""

from genbench.analysis.standings import natural


def test_labels_are_sorted_by_the_numbers_in_them():
    labels = ["mlp:weight_decay=15", "mlp:weight_decay=5", "mlp:weight_decay=0.5", "mlp"]

    assert sorted(labels, key=natural) == [labels[3], labels[2], labels[1], labels[0]]
