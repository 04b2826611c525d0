"""What holds for every sequence model of the kit, whatever its positions and options."""

import pytest
import torch

from genbench.errors import BadValue
from genbench.kit.decoding import beam, greedy
from genbench.kit.positions import KINDS
from genbench.kit.recurrent import Recurrent
from genbench.kit.transformer import DecoderOnly, EncoderDecoder
from genbench.kit.vocabulary import END, PADDING, START

WORDS, LIMIT = 20, 12
SIZES = {"dim": 32, "heads": 2, "hidden": 48, "layers": 2, "scaling": "none"}
OPTIONS = (
    {"norm": "post"},
    {"universal": True},
    {"tied": True},
    {"scaling": "small"},
    {"scaling": "up"},
    {"scaling": "down"},
    *({"positions": kind, "randomised": 128} for kind in KINDS),
)
VARIANTS = [
    *((EncoderDecoder, {**SIZES, **more}) for more in (*({"positions": kind} for kind in KINDS), *OPTIONS)),
    *((DecoderOnly, {**SIZES, **more}) for more in (*({"positions": kind} for kind in KINDS), *OPTIONS)),
    *(
        (kind, {**SIZES, "heads": 4, "key_heads": 2, "positions": positions})
        for kind in (EncoderDecoder, DecoderOnly)
        for positions in KINDS
    ),
    *((kind, {**SIZES, "heads": 4, "key_heads": 1, "universal": True}) for kind in (EncoderDecoder, DecoderOnly)),
    (DecoderOnly, {**SIZES, "heads": 4, "key_heads": 2, "temper": "learned", "shared": True, "copy": True}),
    *((DecoderOnly, {**SIZES, "shared": True, **more}) for more in ({}, {"copy": True}, {"tied": True, "copy": True})),
    *(
        (DecoderOnly, {**SIZES, "positions": kind, "temper": temper})
        for kind in ("none", "rotary", "xl")
        for temper in ("log", "learned")
    ),
    *(
        (Recurrent, {"dim": 16, "hidden": 24, "layers": 2, "cell": cell, "attention": how, "bidirectional": both})
        for cell in ("lstm", "gru")
        for how in ("luong", "bahdanau", "none")
        for both in (True, False)
    ),
]


def made(kind, options, seed=1):
    generator, masks = torch.Generator().manual_seed(seed), torch.Generator().manual_seed(seed + 1)
    return kind(WORDS, WORDS, generator=generator, masks=masks, **options)


def told(kind, options):
    words = [f"{value}" for value in options.values() if not isinstance(value, int)]
    shared = [f"{options['key_heads']} of {options['heads']}"] if "key_heads" in options else []
    return "-".join((kind.__name__, *words, *shared))


EVERY = pytest.mark.parametrize(("kind", "options"), VARIANTS, ids=[told(*variant) for variant in VARIANTS])


@pytest.fixture(autouse=True)
def one_thread_and_no_chance():
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


@pytest.fixture
def source():
    rows = torch.randint(4, WORDS, (5, 9), generator=torch.Generator().manual_seed(3))
    for row, length in enumerate((9, 4, 6, 2, 9)):
        rows[row, length - 1] = END
        rows[row, length:] = PADDING
    return rows


@pytest.fixture
def shown():
    rows = torch.randint(4, WORDS, (5, 30), generator=torch.Generator().manual_seed(4))
    rows[:, 0] = START
    return rows


class Uncached:
    """A model that reads the question and all that it has written again for each token."""

    def __init__(self, model):
        self.model = model

    def begin(self, source):
        return source, source[:, :0]

    @torch.no_grad()
    def advance(self, words, state):
        shown = torch.cat([state[1], words], 1)
        return self.model(state[0], shown)[:, -1], (state[0], shown)


@EVERY
def test_scores_step_by_step_are_those_of_all_steps_at_once(kind, options, source, shown):
    model = made(kind, options).eval()
    together = model(source, shown)

    scores, state = model.advance(shown[:, :3], model.begin(source))
    apart = [scores]
    for step in range(3, shown.shape[1]):
        scores, state = model.advance(shown[:, step : step + 1], state)
        apart.append(scores)

    torch.testing.assert_close(torch.stack(apart, 1), together[:, 2:], rtol=1e-4, atol=1e-4)


@EVERY
def test_padding_changes_no_score(kind, options, source, shown):
    model = made(kind, options).eval()
    together = model(source, shown)

    alone = model(source[1:2, :4], shown[1:2, :7])

    torch.testing.assert_close(alone[0], together[1, :7], rtol=1e-4, atol=1e-4)


@EVERY
def test_cached_decoding_answers_as_uncached_decoding_does(kind, options, source):
    model = made(kind, options).eval()

    answers = greedy(model, source, LIMIT)

    assert torch.equal(answers, greedy(Uncached(model), source, LIMIT))


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
@pytest.mark.parametrize("positions", KINDS)
def test_cached_answers_are_those_of_no_cache_where_memories_grow_and_rows_end_apart(kind, positions, source):
    model = made(kind, {**SIZES, "positions": positions}).eval()
    limits = torch.tensor([3, 40, 25, 0, 12])

    answers = greedy(model, source, limits)

    assert torch.equal(answers, greedy(Uncached(model), source, limits))


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
def test_scores_can_be_written_into_and_a_model_that_has_answered_can_be_trained(kind, source, shown):
    model = made(kind, {**SIZES, "positions": "xl"}).eval()
    scores, _ = model.advance(shown[:, :1], model.begin(source))

    scores[:, END] = -torch.inf
    model.train()(source, shown).square().sum().backward()

    assert all(weight.grad is not None for weight in model.parameters())


@EVERY
def test_a_beam_finds_the_same_with_and_without_a_cache(kind, options, source):
    model = made(kind, options).eval()

    answers = beam(model, source, LIMIT, 3)

    assert torch.equal(answers, beam(Uncached(model), source, LIMIT, 3))


@EVERY
def test_a_beam_of_one_is_greedy(kind, options, source):
    model = made(kind, options).eval()

    answers = beam(model, source, LIMIT, 1)

    assert torch.equal(answers, greedy(model, source, LIMIT))


@EVERY
def test_every_weight_gets_a_gradient(kind, options, source, shown):
    model = made(kind, options).train()

    model(source, shown).square().sum().backward()

    assert [name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.any()] == []


@EVERY
def test_equal_seeds_give_equal_weights_and_other_seeds_give_others(kind, options):
    first, again, other = (
        torch.nn.utils.parameters_to_vector(made(kind, options, seed).parameters()) for seed in (1, 1, 5)
    )

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@EVERY
def test_dropout_draws_from_its_own_generator_only(kind, options, source, shown):
    first, again = made(kind, {**options, "dropout": 0.5}).train(), made(kind, {**options, "dropout": 0.5}).train()
    one = first(source, shown)
    torch.rand(1)  # moves the global generator

    two = again(source, shown)

    assert torch.equal(one, two)
    assert not torch.equal(one, first(source, shown))


@EVERY
def test_a_model_learns_and_answers_in_half_the_bits(kind, options, source, shown):
    model = made(kind, options)

    with torch.autocast("cpu", torch.bfloat16):
        model.train()(source, shown).float().square().mean().backward()
        answers = beam(model.eval(), source, LIMIT, 2)

    assert answers.shape == (len(source), LIMIT)


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
def test_an_unknown_scheme_of_positions_is_named(kind):
    with pytest.raises(BadValue, match="positions = 'rotory' is not known; did you mean 'rotary'?"):
        made(kind, {**SIZES, "positions": "rotory"})


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
@pytest.mark.parametrize("wrong", [{"norm": "peri"}, {"scaling": "Up"}])
def test_an_unknown_option_is_named(kind, wrong):
    ((name, value),) = wrong.items()

    with pytest.raises(BadValue, match=f"{name} = '{value}' is not known"):
        made(kind, {**SIZES, **wrong})


def spread(weights, key_heads):
    """The weights of 4 heads that share `key_heads` of keys and values, as those of 4 that have the same each."""
    made = {}
    for name, weight in weights.items():
        made[name] = weight
        if ".own.project." in name or ".cross.keys_values." in name:
            queries = SIZES["dim"] if ".own." in name else 0
            given = weight[queries:].unflatten(0, (2, key_heads, -1)).repeat_interleave(4 // key_heads, 1)
            made[name] = torch.cat([weight[:queries], given.flatten(0, 2)])
    return made


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
@pytest.mark.parametrize("positions", KINDS)
@pytest.mark.parametrize("key_heads", [1, 2])
def test_heads_that_share_keys_score_as_heads_that_have_the_same_keys_each(kind, positions, key_heads, source, shown):
    options = {**SIZES, "heads": 4, "positions": positions}
    few, all_of_them = made(kind, {**options, "key_heads": key_heads}).eval(), made(kind, options).eval()
    with torch.no_grad():
        for name, weight in few.named_parameters():
            if name.endswith(("bias", ".content", ".position")):
                weight.copy_(torch.randn(weight.shape, generator=torch.Generator().manual_seed(weight.numel())))
    weights = spread(few.state_dict(), key_heads)
    if kind is EncoderDecoder:  # whose encoder shares none
        weights |= {name: weight for name, weight in few.state_dict().items() if name.startswith("encoder.")}
    all_of_them.load_state_dict(weights)

    scores = few(source, shown)

    torch.testing.assert_close(scores, all_of_them(source, shown), rtol=1e-4, atol=1e-4)


def held(state):
    """How many numbers a state of decoding has for keys and values."""
    memories = [*state.pasts, *getattr(state, "memories", [])]
    return sum(part.numel() for memory in memories for part in memory[:2])


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
@pytest.mark.parametrize("key_heads", [1, 2, 4])
def test_decoding_keeps_the_shared_keys_and_values_only(kind, key_heads, source, shown):
    model = made(kind, {**SIZES, "heads": 4, "key_heads": key_heads}).eval()
    plain = made(kind, {**SIZES, "heads": 4}).eval()

    (_, state), (_, full) = (one.advance(shown[:, :25], one.begin(source)) for one in (model, plain))

    assert 4 * held(state) == key_heads * held(full)


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
def test_a_key_head_for_each_head_is_the_model_as_it_always_was(kind, source, shown):
    named, plain = made(kind, {**SIZES, "heads": 4, "key_heads": 4}), made(kind, {**SIZES, "heads": 4})

    assert torch.equal(named(source, shown), plain(source, shown))
    assert [name for name, _ in named.named_parameters()] == [name for name, _ in plain.named_parameters()]


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
@pytest.mark.parametrize("wrong", [0, -2, 3, 8])
def test_key_heads_that_do_not_divide_the_heads_are_refused(kind, wrong):
    with pytest.raises(BadValue, match=f"key_heads = {wrong} must be 1 or more and divide heads = 4"):
        made(kind, {**SIZES, "heads": 4, "key_heads": wrong})


def test_an_unknown_temper_is_named():
    with pytest.raises(BadValue, match="temper = 'logs' is not known; did you mean 'log'?"):
        made(DecoderOnly, {**SIZES, "temper": "logs"})


@pytest.mark.parametrize("wrong", [{"cell": "rnn"}, {"attention": "loung"}])
def test_an_unknown_option_of_a_recurrent_network_is_named(wrong):
    ((name, value),) = wrong.items()

    with pytest.raises(BadValue, match=f"{name} = '{value}' is not known"):
        made(Recurrent, {"dim": 8, "hidden": 8, "layers": 1, **wrong})


def test_what_is_embedded_already_is_read_as_tokens_are_and_padding_is_not(source):
    options = {"dim": 8, "hidden": 12, "layers": 2, "attention": "luong", "bidirectional": True}
    model, real = made(Recurrent, options).eval(), source != PADDING
    noise = torch.randn(*source.shape, 8, generator=torch.Generator().manual_seed(5)) * ~real[..., None]

    read, other = model.encode(source), model.recall(model.source_embedding(source) + noise, real)
    assert not real.all()
    for name in ("states", "keys", "mask"):
        torch.testing.assert_close(getattr(read, name), getattr(other, name))


def test_a_dimension_that_the_heads_do_not_divide_is_refused():
    with pytest.raises(BadValue, match="dim = 30 is not a multiple of twice the number of heads, 4"):
        made(EncoderDecoder, {**SIZES, "dim": 30, "heads": 4})


def test_copying_without_a_shared_vocabulary_is_refused():
    with pytest.raises(BadValue, match="copy = true needs shared = true"):
        made(DecoderOnly, {**SIZES, "copy": True})


@pytest.mark.parametrize("kind", [EncoderDecoder, DecoderOnly])
def test_a_sequence_longer_than_the_learned_positions_is_refused(kind, source, shown):
    model = made(kind, {**SIZES, "positions": "learned", "longest": 10})

    with pytest.raises(
        BadValue, match=r"a sequence of \d+ tokens is longer than a learned table of positions holds: 10"
    ):
        model(source, shown)


@pytest.mark.parametrize(("kind", "expected"), [(EncoderDecoder, 10), (DecoderOnly, 1)])
def test_an_answer_stops_where_the_positions_do(kind, expected, source):
    model = made(kind, {**SIZES, "positions": "learned", "longest": 10}).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name == "out.bias":
                weight[END] = -1e4

    answers = greedy(model, source, LIMIT)

    assert (answers[0] != PADDING).sum() == expected


def test_tied_layers_are_one_weight():
    model = made(EncoderDecoder, {**SIZES, "tied": True})

    assert model.out.weight is model.decoder.embedding.weight


def test_a_universal_transformer_has_the_weights_of_one_layer():
    shallow, deep = (made(EncoderDecoder, {**SIZES, "layers": depth, "universal": True}) for depth in (1, 6))

    assert sum(weight.numel() for weight in deep.parameters()) == sum(weight.numel() for weight in shallow.parameters())


def test_copying_gives_logarithms_of_probabilities(source, shown):
    model = made(DecoderOnly, {**SIZES, "shared": True, "copy": True}).eval()

    scores = model(source, shown)

    torch.testing.assert_close(scores.exp().sum(-1), torch.ones(shown.shape))


def test_what_is_only_copied_is_in_the_prompt(source, shown):
    model = made(DecoderOnly, {**SIZES, "shared": True, "copy": True}).eval()
    torch.nn.init.constant_(model.copy.says.bias, -1e3)

    said = model(source, shown).argmax(-1)

    assert all(set(words.tolist()) <= set(prompt.tolist()) for words, prompt in zip(said, source, strict=True))
