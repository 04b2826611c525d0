"""Pathways through experts: strings by hand and by independent values, and what one pathway for all rows is worth."""

import json

import pytest
import torch

from genbench.errors import BadValue
from genbench.kit import pathways


@pytest.fixture
def known(reference):
    return json.loads((reference / "seeds_theory" / "pathways.json").read_text())


def test_pathways_and_their_distances_are_those_of_independent_code(known):
    weights, routers = torch.tensor(known["weights"]), torch.tensor(known["expert_embeddings"])
    found = pathways.pathways(weights, known["threshold"])

    assert found == known["pathways"]
    assert pathways.edit_distance(found) == pytest.approx(known["mean_edit_distance"], abs=1e-6)
    assert pathways.edit_distance(found[:2]) == known["edit_distance_characters"][0][1]
    given = torch.tensor(known["consistency_cosines"], dtype=torch.float64)
    torch.testing.assert_close(pathways.consistency(weights, routers), given, atol=1e-6, rtol=0.0)
    assert pathways.measures(weights, routers, known["threshold"]) == pytest.approx(
        {"edit_distance": known["mean_edit_distance"], "consistency": known["mean_consistency"], "distinct": 6},
        abs=1e-6,
    )


def test_experts_stand_in_order_of_weight_until_the_threshold_is_made():
    weights = torch.tensor([[[0.6, 0.3, 0.1], [0.1, 0.8, 0.1]], [[0.2, 0.7, 0.1], [0.1, 0.8, 0.1]]])

    assert pathways.pathways(weights) == ["0,1-1", "1-1"]
    assert pathways.edit_distance(["0,1-1", "1-1"]) == 2
    assert pathways.edit_distance(["0-1", "0-1", "0-2"]) == pytest.approx(2 / 3)
    assert pathways.pathways(weights, 1.0) == ["0,1,2-1,0,2", "1,0,2-1,0,2"]  # of equal ones the first comes first
    assert pathways.pathways(torch.full((1, 1, 4), 0.25), 0.5) == ["0,1"]


def test_rows_of_one_pathway_are_no_edits_apart_and_layers_of_one_router_agree():
    weights = torch.tensor([[0.6, 0.3, 0.1]]).repeat(5, 2, 1)
    router = torch.randn(3, 4, generator=torch.Generator().manual_seed(1))

    alike = pathways.measures(weights, torch.stack([router, router]))
    assert alike == pytest.approx({"edit_distance": 0, "consistency": 1, "distinct": 1})
    assert pathways.measures(weights, torch.stack([router, -router]))["consistency"] == pytest.approx(-1)
    assert pathways.measures(weights[:1, :1], router[None]) == {"edit_distance": 0, "consistency": 0, "distinct": 1}


@pytest.mark.parametrize(
    ("weights", "threshold", "words"),
    [
        ([[[0.5, 0.5]]], 0.0, "threshold of a pathway is 0.0; it must be above 0, and at most 1"),
        ([[[0.5, 0.2]]], 0.7, "sum to 1 in each layer"),
        ([[[1.5, -0.5]]], 0.7, "must be 0 or more"),
    ],
)
def test_what_is_no_routing_is_refused(weights, threshold, words):
    with pytest.raises(BadValue, match=words):
        pathways.pathways(torch.tensor(weights), threshold)
