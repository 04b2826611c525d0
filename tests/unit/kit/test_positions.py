import math

import pytest
import torch

from genbench.kit.attention import SelfAttention, mix
from genbench.kit.positions import CLIP, Layout, Positions, Xl, buckets, meet, sinusoids, turn

ROWS, HEADS, LONG, PART = 3, 2, 7, 8
DIM = HEADS * PART


def positions(kind, **options):
    return Positions(
        kind, DIM, HEADS, both=options.pop("both", True), masks=torch.Generator().manual_seed(0), **options
    )


def drawn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def test_the_first_position_is_zero_sines_and_unit_cosines():
    first = sinusoids(torch.arange(3), 6)[0]

    assert first.tolist() == [0, 0, 0, 1, 1, 1]


def test_the_sines_are_those_of_the_paper():
    where, number = 5, 2

    assert sinusoids(torch.tensor([where]), 16)[0, number].item() == pytest.approx(math.sin(where / 10000 ** (4 / 16)))


def test_rotary_products_depend_on_the_distance_only():
    query, key = drawn(1, 1, 1, PART), drawn(1, 1, 1, PART, seed=1)
    scheme = positions("rotary")

    def product(at, other):
        turned = [
            turn(given, scheme.layout(torch.tensor([[place]]), torch.tensor([[place]]), None).turns)
            for given, place in ((query, at), (key, other))
        ]
        return (turned[0] * turned[1]).sum()

    torch.testing.assert_close(product(3, 1), product(40, 38))
    assert not torch.isclose(product(3, 1), product(3, 2))


@pytest.mark.parametrize("shape", [(1, 1), (1, HEADS), (ROWS, 1), (ROWS, HEADS)])
def test_queries_meet_the_vectors_of_their_own_place(shape):
    query, vectors = drawn(ROWS, HEADS, LONG, PART), drawn(*shape, LONG, 5, PART, seed=1)

    met = meet(query, vectors)

    torch.testing.assert_close(met, (query[:, :, :, None] * vectors).sum(-1))


@pytest.mark.parametrize("kind", ["rotary", "shaw", "xl", "t5", "alibi"])
def test_relative_positions_see_no_difference_where_all_places_move_alike(kind):
    attention, scheme = SelfAttention(DIM, HEADS, kind), positions(kind)
    attention.initialize(torch.Generator().manual_seed(0))
    stream, where = drawn(ROWS, LONG, DIM), torch.arange(LONG)[None]

    here, there = (attention(stream, scheme.layout(at, at, None))[0] for at in (where, where + 50))

    torch.testing.assert_close(here, there, rtol=1e-4, atol=1e-5)
    stretched = attention(stream, scheme.layout(3 * where, 3 * where, None))[0]
    assert not torch.allclose(here, stretched, rtol=1e-2, atol=1e-3)


def test_shaw_adds_the_vector_of_the_clipped_distance():
    attention = SelfAttention(DIM, HEADS, "shaw")
    attention.initialize(torch.Generator().manual_seed(0))
    where = torch.arange(2 * CLIP)[None]
    query = drawn(ROWS, HEADS, 2 * CLIP, PART)
    layout = positions("shaw").layout(where, where, None)

    added = attention.relative(query, query, layout.which, layout.table)

    vectors = attention.relative.vectors.weight
    torch.testing.assert_close(added[1, 1, 3, 2], query[1, 1, 3] @ vectors[CLIP - 1])
    torch.testing.assert_close(added[0, 1, 0, 2 * CLIP - 1], query[0, 1, 0] @ vectors[2 * CLIP])
    torch.testing.assert_close(added[0, 0, 2 * CLIP - 1, 0], query[0, 0, 2 * CLIP - 1] @ vectors[0])


def test_xl_adds_the_three_terms_of_its_paper():
    relative = Xl(DIM, HEADS)
    relative.initialize(torch.Generator().manual_seed(0))
    torch.nn.init.normal_(relative.content, generator=torch.Generator().manual_seed(1))
    torch.nn.init.normal_(relative.position, generator=torch.Generator().manual_seed(2))
    where = torch.arange(LONG)[None]
    query, keys = drawn(ROWS, HEADS, LONG, PART), drawn(ROWS, HEADS, LONG, PART, seed=1)
    layout = positions("xl").layout(where, where, None)

    added = relative(query / math.sqrt(PART), keys, layout.which, layout.table) * math.sqrt(PART)

    row, head, asked, given = 2, 1, 5, 2
    vector = relative.project(sinusoids(torch.tensor(given - asked), DIM)).view(HEADS, PART)[head]
    expected = (
        query[row, head, asked] @ vector  # (b)
        + relative.content[head, 0] @ keys[row, head, given]  # (c)
        + relative.position[head, 0] @ vector  # (d)
    )
    torch.testing.assert_close(added[row, head, asked, given], expected)


@pytest.mark.parametrize("rows", [1, ROWS])
def test_xl_adds_the_same_where_what_the_keys_add_is_remembered(rows):
    relative = Xl(DIM, HEADS)
    relative.initialize(torch.Generator().manual_seed(0))
    torch.nn.init.normal_(relative.content, generator=torch.Generator().manual_seed(1))
    where = torch.arange(LONG)[None]
    query, keys = drawn(rows, HEADS, 1, PART), drawn(rows, HEADS, LONG, PART, seed=1)
    layout = positions("xl").layout(where[:, -1:], where, None)
    remembered = torch.cat([relative.contents(keys[:, :, place : place + 1]) for place in range(LONG)], 2)

    added = relative(query, keys, layout.which, layout.table, remembered)

    assert torch.equal(added, relative(query, keys, layout.which, layout.table))


def test_t5_tells_near_distances_apart_and_far_ones_by_their_logarithm():
    distances = torch.tensor([0, -1, -7, -8, -11, -12, -127, -1000, 1, 1000])

    assert buckets(distances, both=True).tolist() == [0, 1, 7, 8, 8, 9, 15, 15, 17, 31]
    assert buckets(distances[:8], both=False).tolist() == [0, 1, 7, 8, 11, 12, 31, 31]


def test_alibi_penalises_distance_by_the_slope_of_each_head():
    where = torch.arange(4)[None]

    bias = positions("alibi").layout(where, where, None).mask

    assert bias[0, :, 3, 0].tolist() == [-3 * 2**-4, -3 * 2**-8]


@pytest.mark.parametrize("both", [True, False])
def test_randomised_positions_are_a_sorted_sample_of_the_range(both):
    scheme = positions("sinusoidal", both=both, randomised=64).train()

    first, second = (scheme.places(20, torch.device("cpu"))[0] for _ in range(2))

    for drawn_places in (first, second):
        assert (drawn_places.diff() > 0).all()
        assert 0 <= drawn_places.min() <= drawn_places.max() < 64
    assert not torch.equal(first, second)


def test_outside_training_an_encoder_has_one_sample_for_each_length():
    scheme = positions("sinusoidal", randomised=64).eval()

    together = scheme.places(9, torch.device("cpu"), torch.tensor([9, 4]))

    assert torch.equal(together[1:, :4], scheme.places(4, torch.device("cpu"), torch.tensor([4])))


def test_outside_training_a_decoders_places_do_not_move_as_it_writes():
    scheme = positions("sinusoidal", both=False, randomised=64).eval()

    assert torch.equal(scheme.places(20, torch.device("cpu"))[:, :5], scheme.places(5, torch.device("cpu")))


@pytest.mark.parametrize("asked", [1, LONG])
def test_the_two_ways_to_attend_agree(asked):
    query, keys, values = (drawn(ROWS, HEADS, LONG, PART, seed=seed) for seed in range(3))
    mask = drawn(ROWS, 1, asked, LONG, seed=3)

    fused = torch.nn.functional.scaled_dot_product_attention(query[:, :, :asked], keys, values, mask)

    written = mix(query[:, :, :asked], (keys, values), Layout(mask.requires_grad_()))
    torch.testing.assert_close(written, fused.transpose(1, 2).flatten(2))
