"""A tiny language model with random weights that reads and writes bytes: for trying, as no model can be fetched.

python tiny.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast


def make(folder: Path) -> Path:
    """Save model and tokenizer in `folder`, and return it; weights come from torch's global generator."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    cutter = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    cutter.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    cutter.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=cutter, eos_token="<end>")  # noqa: S106 - no password
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=1024,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


if __name__ == "__main__":
    make(Path(sys.argv[1]))
