"""Decoding by the kit beside others, each on one thread, with weights as they are drawn; run with --benchmark-only.

All write the same number of tokens, none of them an end. `extra_info` has the peak of memory over what the process held
before, in MiB, of one more run that is not timed (Linux only).
"""

import ctypes
import gc
import re
import sys
import time
from pathlib import Path

import pytest
import torch

from genbench.kit.decoding import beam, greedy
from genbench.kit.recurrent import Recurrent
from genbench.kit.transformer import DecoderOnly, EncoderDecoder
from genbench.kit.vocabulary import PADDING

sys.path.insert(0, str(Path(__file__).parent))
from decoders import (
    DIM,
    LAYERS,
    LIMIT,
    POSITIONS,
    SIZES,
    bart,
    bart_generate,
    decoder_only,
    gpt2_generate,
    kit,
    made,
    questions,
    uncached,
    x_transformers,
)


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(params=[32, 256], ids=lambda rows: f"{rows} rows")
def source(request):
    return questions(request.param)


@pytest.fixture
def timed(benchmark, source):
    def run(decode, group):
        benchmark.group = f"{group}, {len(source)} rows"
        benchmark.extra_info["peak_mib"] = peak(lambda: decode(source))
        return benchmark.pedantic(decode, args=(source,), rounds=3, warmup_rounds=1)

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


@pytest.mark.parametrize("positions", POSITIONS)
def test_an_encoder_decoder_answers_greedily(timed, positions):
    answers = timed(kit(positions), "encoder-decoder")

    assert (answers != PADDING).all()


def test_an_encoder_decoder_answers_without_a_cache(timed, source):
    answers = timed(uncached(), "encoder-decoder")

    assert torch.equal(answers, kit("sinusoidal")(source))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("peer", [bart_generate, x_transformers])
def test_peers_answer_greedily(timed, peer):
    pytest.importorskip("transformers" if peer is bart_generate else "x_transformers")

    answers = timed(peer(), "encoder-decoder")

    assert answers.shape[1] == LIMIT


@pytest.mark.parametrize("copy", [False, True], ids=["plain", "copying"])
def test_a_decoder_answers_greedily(timed, copy):
    answers = timed(decoder_only(copy=copy), "decoder only")

    assert (answers != PADDING).all()


@pytest.mark.filterwarnings("ignore")
def test_transformers_generate_answers_greedily_from_a_decoder(timed):
    pytest.importorskip("transformers")

    answers = timed(gpt2_generate(), "decoder only")

    assert answers.shape[1] == LIMIT


@pytest.mark.parametrize("positions", ["sinusoidal", "xl"])
@pytest.mark.parametrize("source", [32], indirect=True)
def test_heads_that_share_keys_answer_at_length_500(benchmark, source, positions):
    """Eight heads, and how many times as fast they are where they share keys and values; they take turns."""
    options = {**SIZES, "heads": 8, "positions": positions, "shared": True}
    models = {key_heads: made(DecoderOnly, **options, key_heads=key_heads) for key_heads in (8, 2, 1)}
    found = {key_heads: [] for key_heads in models}

    def turn():
        for key_heads, model in models.items():
            begin = time.process_time()
            greedy(model, source, 500)
            found[key_heads].append(time.process_time() - begin)

    benchmark.pedantic(turn, rounds=3, warmup_rounds=0)

    for key_heads in (2, 1):
        ratios = sorted(all_of_them / few for all_of_them, few in zip(found[8], found[key_heads], strict=True))
        benchmark.extra_info[f"times_8_heads_with_{key_heads}"] = round(ratios[1], 2)
    sys.stdout.write(f"\n{benchmark.name}: {benchmark.extra_info}\n")


@pytest.mark.parametrize("attention", ["luong", "bahdanau", "none"])
def test_a_recurrent_network_answers_greedily(timed, attention):
    model = made(Recurrent, dim=DIM, hidden=DIM, layers=LAYERS, attention=attention)

    answers = timed(lambda source: greedy(model, source, LIMIT), "recurrent")

    assert (answers != PADDING).all()


@pytest.mark.parametrize("source", [32], indirect=True)
def test_an_encoder_decoder_answers_with_a_beam(timed):
    model = made(EncoderDecoder, **SIZES)

    answers = timed(lambda source: beam(model, source, LIMIT, 4), "beam of 4")

    assert (answers != PADDING).all()


@pytest.mark.parametrize("source", [32], indirect=True)
@pytest.mark.filterwarnings("ignore")
def test_transformers_generate_answers_with_a_beam(timed):
    model = bart()
    options = {"max_new_tokens": LIMIT, "min_new_tokens": LIMIT, "num_beams": 4, "do_sample": False}

    answers = timed(lambda source: model.generate(source, attention_mask=source != PADDING, **options), "beam of 4")

    assert answers.shape[1] == 1 + LIMIT
