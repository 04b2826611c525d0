from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from datasets import Dataset
from torch import nn

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.errors import BadData, BadValue

INPUTS = {"instruction": "list<int64>", "stimulus": "list<int64>"}
TASK = Path(__file__).parents[3] / "tasks" / "gcog"
NAMES = ("gru", "single_stream", "dual_stream", "cross_attention", "perceiver")
TINY = {"dim": 16, "hidden": 24, "steps": 2, "batch": 32}


@pytest.fixture(scope="module")
def models(baseline):
    baseline("multimodal")
    folder = Path(__file__).parents[3] / "baselines" / "multimodal"
    spec = importlib.util.spec_from_file_location("multimodal_models", folder / "models.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows():
    """Some rows of train, and questions of deeper trees, in either encoding."""
    card = cards.read(TASK, "task")
    load = load_entry(TASK, card.entry)
    found = {}
    for encoding in ("released", "objects"):
        params = {**card.splits["productive"].params, "tasks": 256, "questions": 40, "encoding": encoding}
        data = load("productive", params, 0)
        asked = pa.concat_tables([data.questions[name].select(list(INPUTS)) for name in ("id", "depth5", "depth7")])
        found[encoding] = (Dataset(data.train), Dataset(asked.combine_chunks()))
    return found


@pytest.fixture
def made(baseline, context):
    def make(seed=1, **given):
        return baseline("multimodal").Multimodal(
            context("multimodal", INPUTS, "int64", seed, {**TINY, "warm_up": 0.0, **given})
        )

    return make


def fitted(submission, train):
    list(submission.fit(train, None))
    return submission


def copied(attention, source):
    """Torch's attention with the weights of ours."""
    parts = [getattr(source, name) for name in ("query", "key", "value")]
    biases = [torch.zeros(len(part.weight)) if part.bias is None else part.bias for part in parts]
    with torch.no_grad():
        if attention.in_proj_weight is None:
            for name, part in zip("qkv", parts, strict=True):
                getattr(attention, f"{name}_proj_weight").copy_(part.weight)
        else:
            attention.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
        attention.in_proj_bias.copy_(torch.cat(biases))
        attention.out_proj.weight.copy_(source.out.weight)
        attention.out_proj.bias.copy_(source.out.bias)
    return attention.double()


@pytest.mark.parametrize("last", [False, True])
def test_a_block_is_embedding_places_attention_and_two_layers(models, last):
    torch.manual_seed(0)
    block = models.Block(3, 16).double()
    values = torch.randint(0, 9, (4, 7, 3)).double()
    absent = torch.zeros(4, 7, dtype=torch.bool)
    absent[1, :3] = True
    places = models.places(models.Tokens(values), 16).double()

    found = block(values, places, absent, last=last)

    whole = block.embed(values) + places
    attention = copied(nn.MultiheadAttention(16, 1, batch_first=True), block)
    stream = block.mixed_norm(whole + attention(whole, whole, whole, key_padding_mask=absent)[0])
    stream = block.norm(stream + block.layers(stream))
    torch.testing.assert_close(found, stream[:, -1:] if last else stream)


def test_attention_between_two_sides_is_that_of_torch(models):
    torch.manual_seed(0)
    ours = models.Attention(12, 8)
    theirs = copied(nn.MultiheadAttention(12, 1, batch_first=True, kdim=8, vdim=8), ours)
    ours = ours.double()
    queries, tokens = torch.randn(3, 2, 12).double(), torch.randn(3, 5, 8).double()

    found = ours(queries, tokens)

    torch.testing.assert_close(found, theirs(queries, tokens, tokens)[0])


def test_one_latent_stands_for_ten_that_begin_as_zeros(models):
    torch.manual_seed(0)
    ours = models.Perceiver(8, 3, 101, 8, 12)
    ours.query, ours.key = nn.Linear(12, 12), nn.Linear(12, 12)  # which have no effect
    among = copied(nn.MultiheadAttention(12, 1, batch_first=True), ours)
    ours = ours.double()
    sides = [models.Tokens(torch.randint(0, 9, (4, count, width)).double()) for count, width in ((5, 8), (101, 3))]

    found = ours(*sides)

    above, below = ours.streams(*sides, last=(False, False))
    latents = torch.zeros(4, 10, 12).double()
    for given, ask, norm, layer in (
        (above, ours.above, ours.above_norm, ours.above_layer),
        (below, ours.below, ours.below_norm, ours.below_layer),
    ):
        asked = norm(ask(latents, given))
        latents = ours.norm(layer(asked) + asked + latents)
        latents = ours.norm(among(latents, latents, latents)[0] + latents)
    torch.testing.assert_close(found, ours.answer(ours.layer(latents))[:, -1])


@pytest.mark.parametrize("name", NAMES)
def test_what_was_trained_is_learned(made, rows, name):
    train = rows["released" if name == "gru" else "objects"][0].select(range(32)).flatten_indices()
    settings = {"dim": 32, "hidden": 64, "steps": 100, "batch": 16, "learning_rate": 0.005}

    submission = fitted(made(model=name, **settings), train)

    right = np.mean(np.array(submission.predict(train.select_columns(list(INPUTS)))) == np.array(train["answer"]))
    assert right > 0.6


@pytest.mark.parametrize("encoding", ["released", "objects"])
@pytest.mark.parametrize("name", NAMES[1:])
def test_an_answer_does_not_depend_on_the_questions_beside_it(made, rows, name, encoding):
    train, asked = rows[encoding]
    submission = fitted(made(model=name), train)

    together = submission.predict(asked)

    apart = [submission.predict(asked.select([place]).flatten_indices())[0] for place in range(0, len(asked), 7)]
    assert apart == together[::7]


def test_the_order_of_objects_is_nothing_to_object_tokens(made, rows):
    train, asked = rows["objects"]
    submission = fitted(made(), train)
    turned = [np.array(screen).reshape(-1, 4)[::-1].ravel().tolist() for screen in asked["stimulus"]]
    other = pa.table({"instruction": asked.data.column("instruction"), "stimulus": pa.array(turned)})

    answers = submission.predict(Dataset(other))

    assert answers == submission.predict(asked)


def test_the_same_seed_learns_the_same_and_another_does_not(made, rows):
    train, _ = rows["released"]
    first, again, other = (fitted(made(seed), train).network.state_dict() for seed in (1, 1, 2))

    same = [torch.equal(first[name], again[name]) for name in first]

    assert all(same)
    assert not torch.equal(first["answer.weight"], other["answer.weight"])


def test_operations_and_rows_are_counted(made, rows):
    submission = fitted(made(), rows["released"][0])

    assert submission.examples_seen == 64
    assert submission.training_flops > 64 * 101 * 6 * 2 * 16 * 16  # of the two layers alone
    assert submission.parameters == sum(one.numel() for one in submission.network.parameters())


def test_the_gru_says_that_it_takes_no_object_tokens(made, rows):
    with pytest.raises(BadValue, match="'gru' reads screens of one size, not object tokens; give it encoding=released"):
        fitted(made(model="gru"), rows["objects"][0])


def test_a_model_that_is_none_is_refused_with_a_hint(made):
    with pytest.raises(BadValue, match="model is 'perciever'; did you mean 'perceiver'"):
        made(model="perciever")


def test_rows_of_another_task_are_refused(made):
    strange = Dataset(pa.table({"instruction": [[1, 2]], "stimulus": [[3]], "answer": [0]}))

    with pytest.raises(BadData, match="neither the released integers of gCOG nor its object tokens"):
        fitted(made(), strange)
