"""The tempered softmax and the jitter of its sharpness: what the factors are, held against attention written out."""

import math

import pytest
import torch

from genbench.errors import BadValue
from genbench.kit.attention import SelfAttention, extend, jitter
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


def drawn(seed, rows, most):
    """The factors that a generator of this seed gives."""
    uniform = torch.empty(rows, 1, 1, 1).uniform_(-1, 1, generator=torch.Generator().manual_seed(seed))
    return (uniform * math.log(most)).exp()


def test_jitter_multiplies_all_scores_of_a_row_by_one_factor_between_its_ends(attention, stream):
    tempered = attention("log")
    jitter(tempered, 3.0, torch.Generator().manual_seed(5))

    mixed = tempered(stream, layout(True))[0]

    factors = drawn(5, 3, 3.0)
    assert len(set(factors.flatten().tolist())) == 3
    torch.testing.assert_close(mixed, by_hand(tempered, stream, SEEN.log() * factors))
    many = drawn(5, 10_000, 3.0).log()
    assert (many.abs() <= math.log(3)).all()
    assert abs(float(many.mean())) < 0.03


@pytest.mark.parametrize("kind", ["alibi", "t5", "xl", "shaw"])
def test_jitter_multiplies_what_positions_add_to_a_score_too(stream, kind):
    where = torch.arange(PLACES)[None]
    scheme = Positions(kind, DIM, HEADS, both=False, masks=torch.Generator())
    made = SelfAttention(DIM, HEADS, kind)
    for part in (scheme, made):
        part.initialize(torch.Generator().manual_seed(2))
    if kind == "xl":
        torch.nn.init.normal_(made.relative.content, generator=torch.Generator().manual_seed(3))
    given = scheme.layout(where, where, hidden_future(PLACES, PLACES, PLACES, torch.device("cpu")))
    jitter(made, 1e-9 + 1, torch.Generator())
    made.jitter.forward = lambda _: torch.full((3, 1, 1, 1), 1e4)

    sharpest = made(stream, given)[0]

    query, keys, values = made.project(stream).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
    scores = query @ keys.transpose(2, 3) * (DIM // HEADS) ** -0.5 + given.mask
    if made.relative is not None:
        scores = scores + made.relative(query * (DIM // HEADS) ** -0.5, keys, given.which, given.table)
    best = torch.zeros_like(scores).scatter_(3, scores.argmax(-1, keepdim=True), 1.0)
    torch.testing.assert_close(sharpest, made.out((best @ values).transpose(1, 2).flatten(2)))


def test_jitter_is_none_while_a_model_answers_and_where_it_is_1(attention, stream):
    tempered, generator = attention("log"), torch.Generator().manual_seed(5)
    before = generator.get_state()

    jitter(tempered, 1.0, generator)
    unchanged = tempered(stream, layout(True))[0]
    jitter(tempered, 3.0, generator)
    answering = tempered.eval()(stream, layout(True))[0]

    assert torch.equal(unchanged, answering)
    assert torch.equal(generator.get_state(), before)


@pytest.mark.parametrize("most", [0.5, math.inf, math.nan])
def test_jitter_is_a_number_from_1_on(attention, most):
    with pytest.raises(BadValue, match=f"jitter = {most} must be a number from 1 on"):
        jitter(attention("none"), most, torch.Generator())


def test_a_memory_that_grows_keeps_what_was_written_and_is_zero_after_it():
    written = torch.randn(2, 3, 30, 4, generator=torch.Generator().manual_seed(3))
    memory = (torch.zeros(2, 3, 5, 4), torch.zeros(2, 3, 5, 1))

    for place in range(30):
        new = written[:, :, place : place + 1]
        memory = extend(memory, place, (new, new[..., :1]))

        used = place + 1
        assert torch.equal(memory[0][:, :, :used], written[:, :, :used])
        assert torch.equal(memory[1][:, :, :used], written[:, :, :used, :1])
        assert not memory[0][:, :, used:].any()
        assert not memory[1][:, :, used:].any()
    assert [part.shape[2] for part in memory] == [34, 34]  # after 5, 10, 16, 24
