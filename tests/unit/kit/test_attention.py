"""The tempered softmax: what its factor is, held against attention written out."""

import pytest
import torch

from genbench.kit.attention import SelfAttention
from genbench.kit.layers import hidden_future
from genbench.kit.positions import Positions

DIM, HEADS, PLACES = 8, 2, 6


def layout(tempered):
    where = torch.arange(PLACES)[None]
    scheme = Positions("none", DIM, HEADS, both=False, masks=torch.Generator(), tempered=tempered)
    return scheme.layout(where, where, hidden_future(PLACES, PLACES, PLACES, torch.device("cpu")))


@pytest.fixture
def stream():
    return torch.randn(3, PLACES, DIM, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def attention():
    """Gives attention with this temper, the weights always the same."""

    def make(temper):
        made = SelfAttention(DIM, HEADS, "none", temper)
        made.initialize(torch.Generator().manual_seed(2))
        return made

    return make


def by_hand(attention, stream, factor):
    query, keys, values = attention.project(stream).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
    scores = query @ keys.transpose(2, 3) * (DIM // HEADS) ** -0.5
    hidden = torch.ones(PLACES, PLACES, dtype=torch.bool).triu(1)
    weights = (scores * factor).masked_fill(hidden, -torch.inf).softmax(-1)
    return attention.out((weights @ values).transpose(1, 2).flatten(2))


SEEN = torch.arange(1.0, PLACES + 1)[:, None]  # a causal place sees itself and all before it


def test_a_tempered_softmax_grows_with_the_logarithm_of_what_it_sees(attention, stream):
    tempered = attention("log")

    torch.testing.assert_close(tempered(stream, layout(True))[0], by_hand(tempered, stream, SEEN.log()))


def test_a_learned_temper_has_a_line_of_its_own_for_each_head(attention, stream):
    tempered = attention("learned")
    with torch.no_grad():
        tempered.base.copy_(torch.tensor([0.5, 2.0])[:, None, None])
        tempered.growth.copy_(torch.tensor([1.5, -0.25])[:, None, None])
    factor = torch.stack([0.5 + 1.5 * SEEN.log(), 2 - 0.25 * SEEN.log()])

    torch.testing.assert_close(tempered(stream, layout(True))[0], by_hand(tempered, stream, factor))


def test_a_learned_temper_begins_with_an_ordinary_softmax(attention, stream):
    torch.testing.assert_close(
        attention("learned")(stream, layout(True))[0], attention("none")(stream, layout(False))[0]
    )
