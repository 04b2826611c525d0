"""Decoding by the kit beside others, each on one thread, with weights as they are drawn; run with --benchmark-only.

All write the same number of tokens, none of them an end. `extra_info` has the peak of memory over what the process held
before, in MiB, of one more run that is not timed (Linux only).
"""

import ctypes
import gc
import re
from pathlib import Path

import pytest
import torch

from genbench.kit.decoding import beam, greedy
from genbench.kit.recurrent import Recurrent
from genbench.kit.transformer import DecoderOnly, EncoderDecoder
from genbench.kit.vocabulary import END, PADDING, START

WORDS, SOURCE, LIMIT = 40, 20, 48
DIM, HEADS, HIDDEN, LAYERS = 128, 4, 256, 2
SIZES = {"dim": DIM, "heads": HEADS, "hidden": HIDDEN, "layers": LAYERS}


def generator(seed):
    return torch.Generator().manual_seed(seed)


def made(kind, **options):
    model = kind(WORDS, WORDS, **options, generator=generator(1), masks=generator(2)).eval()
    with torch.no_grad():
        model.out.bias[[PADDING, END]] = -1e4
    return model


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(params=[32, 256], ids=lambda rows: f"{rows} rows")
def source(request):
    rows = torch.randint(4, WORDS, (request.param, SOURCE), generator=generator(3))
    rows[:, -1] = END
    return rows


@pytest.fixture
def timed(benchmark, source):
    def run(decode, group):
        benchmark.group = f"{group}, {len(source)} rows"
        benchmark.extra_info["peak_mib"] = peak(decode)
        return benchmark.pedantic(decode, rounds=3, warmup_rounds=1)

    return run


def peak(call):
    """MiB that a call takes over what is held before it; None where the kernel does not say."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not reset.exists():
        return None
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    reset.write_text("5")  # the peak becomes what is held now
    held = int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1])
    call()
    return (int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) - held) / 1024


@torch.no_grad()
def uncached(model, source, limit):
    shown = torch.full((len(source), 1), START)
    for _ in range(limit):
        shown = torch.cat([shown, model(source, shown)[:, -1:].argmax(-1)], 1)
    return shown[:, 1:]


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary", "shaw", "xl", "t5"])
def test_an_encoder_decoder_answers_greedily(timed, source, positions):
    model = made(EncoderDecoder, **SIZES, positions=positions)

    answers = timed(lambda: greedy(model, source, LIMIT), "encoder-decoder")

    assert (answers != PADDING).all()


def test_an_encoder_decoder_answers_without_a_cache(timed, source):
    model = made(EncoderDecoder, **SIZES)

    answers = timed(lambda: uncached(model, source, LIMIT), "encoder-decoder")

    assert torch.equal(answers, greedy(model, source, LIMIT))


def bart():
    transformers = pytest.importorskip("transformers")
    half = {"attention_heads": HEADS, "ffn_dim": HIDDEN, "layers": LAYERS}
    config = transformers.BartConfig(
        vocab_size=WORDS,
        d_model=DIM,
        max_position_embeddings=128,
        **{f"{side}_{name}": value for side in ("encoder", "decoder") for name, value in half.items()},
        pad_token_id=PADDING,
        bos_token_id=START,
        eos_token_id=END,
        decoder_start_token_id=START,
        forced_eos_token_id=None,
    )
    return transformers.BartForConditionalGeneration(config).eval()


@pytest.mark.filterwarnings("ignore")
def test_transformers_generate_answers_greedily(timed, source):
    model = bart()
    options = {"max_new_tokens": LIMIT, "min_new_tokens": LIMIT, "num_beams": 1, "do_sample": False}

    answers = timed(lambda: model.generate(source, attention_mask=source != PADDING, **options), "encoder-decoder")

    assert answers.shape[1] == 1 + LIMIT


@pytest.mark.filterwarnings("ignore")
def test_x_transformers_generate_answers_greedily(timed, source):
    peer = pytest.importorskip("x_transformers")
    sizes = {"num_tokens": WORDS, "depth": LAYERS, "heads": HEADS, "max_seq_len": 128}
    model = peer.XTransformer(
        dim=DIM,
        **{f"{side}_{name}": value for side in ("enc", "dec") for name, value in sizes.items()},
        **{f"{side}_{name}": DIM // HEADS for side in ("enc", "dec") for name in ("attn_dim_head",)},
        **{f"{side}_ff_mult": HIDDEN / DIM for side in ("enc", "dec")},
        **{f"{side}_attn_flash": True for side in ("enc", "dec")},
    ).eval()
    start = torch.full((len(source), 1), START)

    answers = timed(
        lambda: model.generate(source, start, LIMIT, mask=source != PADDING, temperature=0.0, cache_kv=True),
        "encoder-decoder",
    )

    assert answers.shape[1] == LIMIT


@pytest.mark.parametrize("copy", [False, True], ids=["plain", "copying"])
def test_a_decoder_answers_greedily(timed, source, copy):
    model = made(DecoderOnly, **SIZES, shared=True, copy=copy)
    if copy:
        torch.nn.init.constant_(model.copy.says.bias, 1e3)  # looks, but never copies the end

    answers = timed(lambda: greedy(model, source, LIMIT), "decoder only")

    assert (answers != PADDING).all()


@pytest.mark.filterwarnings("ignore")
def test_transformers_generate_answers_greedily_from_a_decoder(timed, source):
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(
        vocab_size=WORDS,
        n_positions=128,
        n_embd=DIM,
        n_layer=LAYERS,
        n_head=HEADS,
        n_inner=HIDDEN,
        pad_token_id=PADDING,
        bos_token_id=START,
        eos_token_id=END,
    )
    model = transformers.GPT2LMHeadModel(config).eval()
    options = {"max_new_tokens": LIMIT, "min_new_tokens": LIMIT, "num_beams": 1, "do_sample": False}

    answers = timed(lambda: model.generate(source, attention_mask=source != PADDING, **options), "decoder only")

    assert answers.shape[1] == SOURCE + LIMIT


@pytest.mark.parametrize("attention", ["luong", "bahdanau", "none"])
def test_a_recurrent_network_answers_greedily(timed, source, attention):
    model = made(Recurrent, dim=DIM, hidden=DIM, layers=LAYERS, attention=attention)

    answers = timed(lambda: greedy(model, source, LIMIT), "recurrent")

    assert (answers != PADDING).all()


@pytest.mark.parametrize("source", [32], indirect=True)
def test_an_encoder_decoder_answers_with_a_beam(timed, source):
    model = made(EncoderDecoder, **SIZES)

    answers = timed(lambda: beam(model, source, LIMIT, 4), "beam of 4")

    assert (answers != PADDING).all()


@pytest.mark.parametrize("source", [32], indirect=True)
@pytest.mark.filterwarnings("ignore")
def test_transformers_generate_answers_with_a_beam(timed, source):
    model = bart()
    options = {"max_new_tokens": LIMIT, "min_new_tokens": LIMIT, "num_beams": 4, "do_sample": False}

    answers = timed(lambda: model.generate(source, attention_mask=source != PADDING, **options), "beam of 4")

    assert answers.shape[1] == 1 + LIMIT
