"""Who decodes greedily beside whom: the kit with every kind of position, itself without a cache, and named peers.

All have one size, weights as they are drawn, and write LIMIT tokens, none of them an end. Each name stands for a
function that takes nothing and gives one of rows of tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from genbench.kit.decoding import greedy
from genbench.kit.transformer import DecoderOnly, EncoderDecoder
from genbench.kit.vocabulary import END, PADDING, START

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    Decode = Callable[[Tensor], Tensor]

WORDS, SOURCE, LIMIT = 40, 20, 48
DIM, HEADS, HIDDEN, LAYERS = 128, 4, 256, 2
SIZES = {"dim": DIM, "heads": HEADS, "hidden": HIDDEN, "layers": LAYERS}
POSITIONS = ("sinusoidal", "rotary", "shaw", "xl", "t5")


def generator(seed):
    return torch.Generator().manual_seed(seed)


def made(kind, **options):
    """A model of the kit that never says that it ends."""
    model = kind(WORDS, WORDS, **options, generator=generator(1), masks=generator(2)).eval()
    with torch.no_grad():
        model.out.bias[[PADDING, END]] = -1e4
    return model


def questions(rows):
    asked = torch.randint(4, WORDS, (rows, SOURCE), generator=generator(3))
    asked[:, -1] = END
    return asked


def kit(positions) -> Decode:
    model = made(EncoderDecoder, **SIZES, positions=positions)
    return lambda source: greedy(model, source, LIMIT)


def uncached(positions="sinusoidal") -> Decode:
    """The kit's encoder-decoder, asked for the whole answer again at each token."""
    model = made(EncoderDecoder, **SIZES, positions=positions)

    @torch.no_grad()
    def decode(source):
        shown = torch.full((len(source), 1), START)
        for _ in range(LIMIT):
            shown = torch.cat([shown, model(source, shown)[:, -1:].argmax(-1)], 1)
        return shown[:, 1:]

    return decode


def _generated(model, start) -> Decode:
    options = {"max_new_tokens": LIMIT, "min_new_tokens": LIMIT, "num_beams": 1, "do_sample": False}
    return lambda source: model.generate(source, attention_mask=source != PADDING, **options)[:, start:]


def bart():
    """The model of transformers that is nearest to the kit's: learned positions, one embedding."""
    import transformers

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


def bart_generate() -> Decode:
    return _generated(bart(), 1)


def x_transformers() -> Decode:
    import x_transformers as peer

    sizes = {"num_tokens": WORDS, "depth": LAYERS, "heads": HEADS, "max_seq_len": 128}
    model = peer.XTransformer(
        dim=DIM,
        **{f"{side}_{name}": value for side in ("enc", "dec") for name, value in sizes.items()},
        **{f"{side}_attn_dim_head": DIM // HEADS for side in ("enc", "dec")},
        **{f"{side}_ff_mult": HIDDEN / DIM for side in ("enc", "dec")},
        **{f"{side}_attn_flash": True for side in ("enc", "dec")},
    ).eval()

    def decode(source):
        start = torch.full((len(source), 1), START)
        return model.generate(source, start, LIMIT, mask=source != PADDING, temperature=0.0, cache_kv=True)

    return decode


def decoder_only(*, copy=False) -> Decode:
    model = made(DecoderOnly, **SIZES, shared=True, copy=copy)
    if copy:
        torch.nn.init.constant_(model.copy.says.bias, 1e3)  # looks, but never copies the end
    return lambda source: greedy(model, source, LIMIT)


def gpt2_generate() -> Decode:
    import transformers

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
    return _generated(transformers.GPT2LMHeadModel(config).eval(), SOURCE)
