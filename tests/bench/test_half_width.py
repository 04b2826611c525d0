"""What keys and values kept in bfloat16 would give decoding, and whether its answers can be proved; --benchmark-only.

Half the width was tried and not built. An answer is proved to be that of float32 where the best score leads the second
by more than twice a bound on what rounding moved. What a layer mixes becomes the keys and values of those above it,
which must stay as they are, so only the last layer may read narrow ones. The bound is carried from its products through
what follows, by the magnitudes of the weights and the steepest slope of a normalization; that sums of float32 are
rounded too is left out.
"""

import math
import time

import pytest
import torch
from torch.nn import functional

from genbench.kit import attention
from genbench.kit.decoding import greedy
from genbench.kit.transformer import DecoderOnly
from genbench.kit.vocabulary import END, START

WORDS, LENGTH, ROWS = 24, 12, 256
NARROW, ROUNDING = torch.bfloat16, 2.0**-8  # the most that rounding to it changes, as a share
SPENT = 25  # CPU seconds of training


def generator(seed):
    return torch.Generator().manual_seed(seed)


def products(query, keys, values, mask):
    return (query @ keys.transpose(2, 3) + mask).softmax(-1) @ values


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("how", ["float32", "narrow products", "narrow, widened to be read"])
@pytest.mark.parametrize("places", [68, 520])
def test_one_token_looks_at_those_before_it(benchmark, how, places):
    torch.set_num_threads(1)
    benchmark.group = f"{places} places"
    given = [torch.randn(ROWS, 4, many, 32, generator=generator(many)) for many in (1, places, places)]
    mask = torch.zeros(1, 1, 1, places)
    if how == "narrow products":
        given, mask = [part.to(NARROW) for part in given], mask.to(NARROW)
    elif how != "float32":
        given[1:] = [part.to(NARROW) for part in given[1:]]

    benchmark.pedantic(
        lambda: products(*(part.to(given[0].dtype) for part in given), mask), rounds=10, iterations=3, warmup_rounds=1
    )


def asked(seed, rows):
    """Rows to sort, and sorted."""
    source = torch.randint(4, WORDS, (rows, LENGTH), generator=generator(seed))
    return [functional.pad(rows, (0, 1), value=END) for rows in (source, source.sort(1).values)]


def sorter():
    """A decoder that has learned to sort."""
    options = {"dim": 64, "heads": 4, "hidden": 128, "layers": 2, "positions": "rotary", "shared": True}
    model = DecoderOnly(WORDS, WORDS, **options, generator=generator(1), masks=generator(2))
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98))
    begin, step = time.process_time(), 0
    while (left := 1 - (time.process_time() - begin) / SPENT) > 0:
        step += 1
        optimizer.param_groups[0]["lr"] = 2e-3 * min(1, step / 50) * left
        source, wanted = asked(100 + step, 96)
        shown = functional.pad(wanted[:, :-1], (1, 0), value=START)
        optimizer.zero_grad()
        functional.cross_entropy(model(source, shown).flatten(0, 1), wanted.flatten()).backward()
        optimizer.step()
    return model.eval()


class Narrowed:
    """Attention of decoding, narrow in `layers` of the two that take turns; keeps what the last was given."""

    def __init__(self, layers):
        self.plain, self.layers, self.calls = attention.mix, layers, 0

    def __call__(self, query, memory, layout, *rest):
        self.calls += 1
        self.seen = (query * query.shape[-1] ** -0.5, *memory, layout.mask)
        if (self.calls - 1) % 2 not in self.layers:
            return self.plain(query, memory, layout, *rest)
        query, keys, values = (part.to(NARROW) for part in self.seen[:3])
        weights = ((query @ keys.transpose(2, 3)).float() + layout.mask).softmax(-1)
        return (weights.to(NARROW) @ values).float().transpose(1, 2).flatten(2)


def normalized(stream, error, norm):
    """How far a normalization moves where its input moves by at most `error`."""
    most = error.norm(dim=-1, keepdim=True)
    spread = (stream.var(-1, unbiased=False, keepdim=True) + norm.eps).sqrt()
    least = (spread - most / math.sqrt(stream.shape[-1])).clamp_min(1e-6)
    return norm.weight.abs() * (2 * most / least).clamp_max(2 * math.sqrt(stream.shape[-1]))


def bound(model, query, keys, values, mask, streams):
    """The most that narrow products in the last layer can move each score, row by row."""
    layer = model.stack.deep[-1]
    scores = query @ keys.transpose(2, 3)
    moved = query.abs() @ keys.abs().transpose(2, 3) * (2 * ROUNDING + ROUNDING**2) + scores.abs() * ROUNDING
    most = (moved * (1 + ROUNDING)).masked_fill(mask != 0, 0).amax(-1, keepdim=True)
    share = (2 * most).exp() * (1 + 2 * ROUNDING) - 1
    weights = (scores + mask).softmax(-1)
    error = (weights * share) @ values.abs() + (weights @ values).abs() * ROUNDING
    error = error.transpose(1, 2).flatten(2) @ layer.own.out.weight.abs().T
    risen = normalized(streams["inner"], error, layer.forward_norm) @ layer.rise.weight.abs().T
    error = (error + risen @ layer.fall.weight.abs().T)[:, 0]
    return normalized(streams["last"][:, 0], error, model.stack.norm) @ model.out.weight.abs().T


@torch.no_grad()
def decoded(model, source, answers, layers, monkeypatch):
    """Scores of each step of these answers with narrow products in `layers`, and their bounds."""
    mix, streams = Narrowed(layers), {}
    hooks = [
        part.register_forward_pre_hook(lambda _, given, name=name: streams.update({name: given[0]}))
        for name, part in (("inner", model.stack.deep[-1].forward_norm), ("last", model.stack.norm))
    ]
    with monkeypatch.context() as patch:
        patch.setattr(attention, "mix", mix)
        state, words, scores, bounds = model.begin(source), torch.full((len(source), 1), START), [], []
        for step in range(answers.shape[1]):
            found, state = model.advance(words, state)
            scores.append(found)
            bounds.append(bound(model, *mix.seen, streams))
            words = answers[:, step : step + 1]
    for hook in hooks:
        hook.remove()
    return torch.stack(scores, 1), torch.stack(bounds, 1)


def test_what_can_be_proved_of_narrow_answers(benchmark, monkeypatch):
    torch.set_num_threads(1)
    model = benchmark.pedantic(sorter, rounds=1)
    source, wanted = asked(99, ROWS)
    answers = greedy(model, source, LENGTH + 1)

    scores, _ = decoded(model, source, answers, (), monkeypatch)
    everywhere, _ = decoded(model, source, answers, (0, 1), monkeypatch)
    narrow, bounds = decoded(model, source, answers, (1,), monkeypatch)

    assert ((narrow - scores).abs() <= bounds).all()
    best = narrow.topk(2, -1).values
    lead, most = best[..., 0] - best[..., 1], bounds.amax(-1)
    benchmark.extra_info |= {
        "answers right": float((answers == wanted).all(1).float().mean()),
        "other tokens, narrow everywhere": float((everywhere.argmax(-1) != scores.argmax(-1)).float().mean()),
        "median lead": float(lead.median()),
        "largest change of a score": float((narrow - scores).abs().max()),
        "median bound": float(most.median()),
        "share of steps proved": float((lead > 2 * most).float().mean()),
    }
    print(benchmark.extra_info)  # noqa: T201
