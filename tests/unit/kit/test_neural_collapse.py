"""Neural collapse: the figures of independent code, the simplex, and what cannot be measured."""

import json
import math

import pytest
import torch

from genbench.errors import BadValue
from genbench.kit.neural_collapse import neural_collapse


@pytest.fixture(scope="module")
def known(reference):
    return json.loads((reference / "seeds_theory" / "neural_collapse.json").read_text())


def given(known):
    features, weights = (torch.tensor(known[name], dtype=torch.float64) for name in ("features", "classifier"))
    return features, torch.tensor(known["labels"]), weights


def test_measures_are_those_of_independent_code_and_of_the_authors_package(known):
    found, independent, package = neural_collapse(*given(known)), known["independent"], known["authors_package"]

    assert found["nc1_cdnv"] == pytest.approx(independent["nc1_cdnv"], abs=1e-8)
    assert found["nc1_cdnv"] == pytest.approx(package["cdnv"], abs=1e-5)
    assert found["nc2_norms_cv"] == pytest.approx(independent["nc2_norms_cv"], abs=1e-8)
    deviation, mean = independent["gnc2_log_kernel_sd"], independent["gnc2_log_kernel_mean"]
    assert found["gnc2_log_kernel_cv"] == pytest.approx(deviation / abs(mean), abs=1e-6)
    assert found["nc3_duality"] == pytest.approx(1 - independent["nc3_mean"], abs=1e-8)
    assert found["unc3_cv"] == pytest.approx(independent["unc3_cv"], abs=1e-8)
    assert found["nc4_disagreement"] == 1 - package["clf_ncc_agreement"]


def test_pairs_of_class_means_are_compared_with_a_simplex_one_by_one(known):
    features, labels, _ = given(known)
    means = torch.stack([features[labels == label].mean(0) for label in range(5)])
    units = torch.nn.functional.normalize(means - means.mean(0))
    cosines = [float(units[a] @ units[b]) for a in range(5) for b in range(a)]

    found = neural_collapse(*given(known))["nc2_angles"]

    assert found == pytest.approx(sum(abs(one + 0.25) for one in cosines) / 10)
    assert sum(cosines) / 10 == pytest.approx(known["independent"]["nc2_cosines_mean"])


def test_collapsed_classes_on_a_simplex_have_zero_throughout():
    corners = torch.eye(4, dtype=torch.float64)
    labels = torch.arange(4).repeat(3)

    found = neural_collapse(5 * corners[labels] + 2, labels, corners - corners.mean(0))

    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-12)


def test_rows_that_the_layer_and_the_means_tell_apart_are_counted():
    features = torch.tensor([[0.0], [2.0], [10.0], [12.0]])
    labels = torch.tensor([0, 0, 1, 1])
    # The means are 1 and 11; the layer says class 1 above 1.
    found = neural_collapse(features, labels, torch.tensor([[0.0], [1.0]]), torch.tensor([1.0, 0.0]))

    assert found["nc4_disagreement"] == 0.25
    assert found["nc1_cdnv"] == pytest.approx((1 + 1) / (2 * 100))


def test_a_class_of_one_row_counts_for_nothing(known):
    features, labels, weights = given(known)
    more = torch.cat([features, 100 * torch.ones(1, 8, dtype=torch.float64)]), torch.cat([labels, torch.tensor([5])])

    found = neural_collapse(*more, torch.cat([weights, torch.ones(1, 8, dtype=torch.float64)]))

    assert found == pytest.approx(neural_collapse(features, labels, weights))


def test_class_means_that_coincide_are_infinitely_near():
    features, labels = torch.tensor([[0.0], [2.0], [0.0], [2.0]]), torch.tensor([0, 0, 1, 1])

    assert neural_collapse(features, labels, torch.ones(2, 1))["nc1_cdnv"] == math.inf


@pytest.mark.parametrize(
    ("features", "labels", "words"),
    [
        (torch.ones(3, 2), [0, 0, 0], "of 2 to 2,000 classes of two rows or more; these rows have 1 such"),
        (torch.ones(2, 2), [0, 1], "these rows have 0 such"),
        (torch.ones(2, 2), [0, 3], "labels from 0 to 3; weights are of 0 to 2"),
        (torch.ones(2, 5), [0, 0], "features of 5 numbers, weights of 2"),
    ],
)
def test_what_cannot_be_measured_is_said(features, labels, words):
    with pytest.raises(BadValue, match=words):
        neural_collapse(features, torch.tensor(labels), torch.ones(3, 2))
