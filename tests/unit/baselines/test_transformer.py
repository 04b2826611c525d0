from __future__ import annotations

import itertools

import pytest
import torch
from datasets import Dataset

WORDS = {"walk": "W", "run": "R", "jump": "J", "look": "L", "turn": "T"}
TIMES = {"": 1, "twice": 2, "thrice": 3}
PHRASES = [(f"{word} {times}".strip(), [act] * n) for word, act in WORDS.items() for times, n in TIMES.items()]
TOY = [
    (f"{one} and {other}", " ".join(left + right))
    for (one, left), (other, right) in itertools.product(PHRASES, PHRASES)
]
TOY = TOY[::4][:50]
TRAIN = Dataset.from_dict({"text": [text for text, _ in TOY], "answer": [answer for _, answer in TOY]})
ANSWERS = [answer for _, answer in TOY]
INPUTS = {"text": "string"}
SMALL = {"steps": 50, "dim": 32, "hidden": 64, "heads": 2}


@pytest.fixture(scope="module")
def trained(baseline, context):
    def train(given=SMALL, rows=TRAIN, inputs=INPUTS, seed=1):
        transformer = baseline("transformer").Transformer(context("transformer", inputs, "string", seed, given))
        return transformer, list(transformer.fit(rows, None))

    return train


@pytest.fixture(scope="module")
def learned(trained):
    return trained({**SMALL, "steps": 200, "learning_rate": 4e-3})[0]


def test_fifty_pairs_are_learned_by_heart(learned):
    assert learned.predict(TRAIN) == ANSWERS


def test_equal_seeds_give_equal_weights_and_answers(trained):
    given = {**SMALL, "steps": 10, "dropout": 0.1}
    (one, _), (other, _) = trained(given), trained(given)

    for left, right in zip(one.model.parameters(), other.model.parameters(), strict=True):
        assert torch.equal(left, right)
    assert one.predict(TRAIN) == other.predict(TRAIN)


def test_the_global_generator_is_neither_used_nor_needed(trained):
    given = {**SMALL, "steps": 8, "dropout": 0.1}
    torch.manual_seed(1)
    one, _ = trained(given)
    torch.manual_seed(2)
    other, _ = trained(given)

    for left, right in zip(one.model.parameters(), other.model.parameters(), strict=True):
        assert torch.equal(left, right)


def test_other_seeds_give_other_weights(trained):
    (one, _), (other, _) = trained({**SMALL, "steps": 1}), trained({**SMALL, "steps": 1}, seed=2)

    assert not torch.equal(one.model.out.weight, other.model.out.weight)


def test_asking_at_a_point_of_the_curve_does_not_change_training(baseline, context):
    def weights(asks):
        given = {**SMALL, "steps": 8, "dropout": 0.1, "curve": 4}
        transformer = baseline("transformer").Transformer(context("transformer", INPUTS, "string", given=given))
        for _ in transformer.fit(TRAIN, None):
            if asks:
                transformer.predict(TRAIN)
        return transformer.model.out.weight

    assert torch.equal(weights(asks=False), weights(asks=True))


@pytest.mark.parametrize(("curve", "steps"), [(0, []), (1, [7]), (3, [3, 5, 7]), (7, list(range(1, 8)))])
def test_fit_yields_at_evenly_spaced_steps_the_last_included(trained, curve, steps):
    _, yielded = trained({**SMALL, "steps": 7, "curve": curve})

    assert yielded == steps


def uncached(transformer, source, baseline):
    """Greedy decoding that runs the whole decoder for each token."""
    module = baseline("transformer")
    shown = torch.full((len(source), 1), module.START)
    with torch.no_grad():
        for _ in range(transformer.limit):
            shown = torch.cat([shown, transformer.model(source, shown)[:, -1:].argmax(-1)], 1)
    answers = shown[:, 1:]
    ended = (answers == module.END).cumsum(1) - (answers == module.END).long() > 0
    return answers.masked_fill(ended, module.PADDING)


def test_decoding_with_kept_keys_gives_the_tokens_of_decoding_anew(learned, baseline):
    module = baseline("transformer")
    texts = [*TRAIN["text"], "jump", "look thrice and look thrice and walk twice"]
    source = module.numbered(module.tokens([texts]), learned.source_numbers)
    learned.model.eval()

    decoded = learned.model.decode(source, learned.limit)

    assert len(set((decoded == module.END).int().argmax(1).tolist())) > 3, "rows should end at different steps"
    assert torch.equal(decoded, uncached(learned, source, baseline))


def test_answers_do_not_depend_on_the_questions_beside_them(learned):
    alone = [learned.predict(TRAIN.select([row]).flatten_indices())[0] for row in range(10)]

    assert alone == learned.predict(TRAIN)[:10]


def test_padding_changes_no_score(trained, baseline):
    module = baseline("transformer")
    transformer, _ = trained({**SMALL, "steps": 5})
    transformer.model.eval()
    source = module.numbered([["walk", "and", "run"]], transformer.source_numbers)
    padded = torch.nn.functional.pad(source, (0, 4), value=module.PADDING)
    shown = torch.tensor([[module.START, 4, 5]])

    torch.testing.assert_close(transformer.model(source, shown), transformer.model(padded, shown))


def test_no_position_sees_the_tokens_after_it(trained, baseline):
    module = baseline("transformer")
    transformer, _ = trained({**SMALL, "steps": 5})
    transformer.model.eval()
    source = module.numbered([["walk", "and", "run"]], transformer.source_numbers)

    one, other = (transformer.model(source, torch.tensor([[module.START, 4, last]])) for last in (5, 6))

    torch.testing.assert_close(one[:, :2], other[:, :2])
    assert not torch.equal(one[:, 2], other[:, 2])


def test_the_decoder_may_answer_twice_as_long_as_training_and_ten_more(trained):
    transformer, _ = trained({**SMALL, "steps": 1})
    transformer.model.out.bias.data[4] = 1e6  # the first real token, for ever

    answers = transformer.predict(TRAIN)

    assert {len(answer.split()) for answer in answers} == {2 * max(len(answer.split()) for answer in ANSWERS) + 10}


def test_tokens_never_seen_are_answered_without_complaint(trained):
    transformer, _ = trained({**SMALL, "steps": 5})

    answers = transformer.predict(Dataset.from_dict({"text": ["fly", ""]}))

    assert [type(answer) for answer in answers] == [str, str]


def test_columns_are_told_apart_by_a_separator(baseline):
    columns = [["a b", "a"], ["c", "b c"]]

    assert baseline("transformer").tokens(columns) == [["a", "b", " ", "c"], ["a", " ", "b", "c"]]


def test_batches_hold_each_row_once_an_epoch_within_the_budget(baseline):
    lengths = torch.randint(2, 30, (200,), generator=torch.Generator().manual_seed(0))
    drawn = baseline("transformer").batches(lengths, 64, torch.Generator().manual_seed(1))

    epoch, rows = [], 0
    while rows < 200:
        epoch.append(next(drawn))
        rows += len(epoch[-1])

    assert sorted(torch.cat(epoch).tolist()) == list(range(200))
    assert all(len(batch) * lengths[batch].max() <= 64 for batch in epoch)
    assert len(epoch) < 200 / 2


def test_a_row_longer_than_the_budget_is_a_batch_of_its_own(baseline):
    drawn = baseline("transformer").batches(torch.tensor([3, 100, 100]), 10, torch.Generator().manual_seed(1))

    assert sorted(next(drawn).tolist() for _ in range(3)) == [[0], [1], [2]]


def test_steps_are_those_of_the_library_s_adamw(baseline):
    module = baseline("transformer")
    generator = torch.Generator().manual_seed(1)
    ours, theirs = torch.nn.Linear(3, 4), torch.nn.Linear(3, 4)
    theirs.load_state_dict(ours.state_dict())
    optimizer = module.AdamW(ours, 0.1)
    library = torch.optim.AdamW(theirs.parameters(), lr=0.01, betas=module.BETAS, eps=module.EPSILON, weight_decay=0.1)

    for _ in range(20):
        given = torch.randn(5, 3, generator=generator)
        for layer in (ours, theirs):
            layer(given).square().mean().backward()
        optimizer.step(0.01)
        library.step()
        library.zero_grad()

    torch.testing.assert_close(ours.weight.data, theirs.weight.data)
    torch.testing.assert_close(ours.bias.data, theirs.bias.data)


def test_counted_operations_are_close_to_those_of_the_library_s_counter(trained):
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    transformer, _ = trained({**SMALL, "steps": 1})
    source, shown = torch.ones(6, 9, dtype=torch.long), torch.ones(6, 12, dtype=torch.long)
    transformer.model.train()

    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        transformer.model(source, shown).sum().backward()

    assert transformer.flops(6, 9, 12) == pytest.approx(counter.get_total_flops(), rel=0.05)


def test_parameters_are_counted(trained):
    transformer, _ = trained({**SMALL, "steps": 1})

    assert transformer.parameters == sum(weight.numel() for weight in transformer.model.parameters())
    assert transformer.training_flops > 0
