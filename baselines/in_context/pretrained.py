"""The model that is asked and its tokenizer: from this machine, or a tiny one made here."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import torch

RANDOM = "random"  # the model of this name is made here; it is for tests, which have no other
UNBOUNDED = 10**9  # tokenizers of models without a longest input say a number beyond this


def language(setting: Any, seed: int) -> tuple[Any, Any]:
    """The model and its tokenizer. Nothing is fetched: what is not on this machine is an error that says so."""
    if importlib.util.find_spec("transformers") is None:
        raise ImportError("it needs the library transformers: pip install 'genbench[language]'")
    name = str(setting["model"])
    folder = None if name == RANDOM else folder_of(name, str(setting["revision"]))

    import transformers  # 7 seconds, most of them for the vision libraries that it finds

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    if folder is None:
        return random_language(seed)
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=getattr(torch, str(setting["precision"]))
        )
    except (OSError, ValueError, KeyError, ImportError) as fault:
        reason = (str(fault).strip().splitlines() or [""])[0]
        raise ValueError(f"model {name!r} cannot be loaded from {folder}: {type(fault).__name__}: {reason}") from fault
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    say(f"model {name} has weights sha256:{whole.hexdigest()}")
    return model, tokenizer


def folder_of(name: str, revision: str) -> Path:
    """The folder of a model: the one named by its path, or the hub's cache has it. Raises `FileNotFoundError`."""
    from huggingface_hub import constants, try_to_load_from_cache

    if name.startswith((".", "/", "~")):
        if not Path(name).is_dir():
            raise FileNotFoundError(
                f"model {name!r} is no folder here; name one by its absolute path, such as model=/models/mine, "
                "for a cell runs in a folder and a home of its own"
            )
        return Path(name)
    try:
        config = try_to_load_from_cache(name, "config.json", revision=revision)
    except ValueError as fault:
        raise ValueError(f"model {name!r} is neither an absolute path nor a name on the hub: {fault}") from None
    if not isinstance(config, str):
        raise FileNotFoundError(
            f"model {name!r} (revision {revision}) is not in {constants.HF_HUB_CACHE}, and a cell fetches nothing: "
            "fetch it with `hf download` and set HF_HUB_CACHE to the hub's cache, or give model=/absolute/path"
        )
    return Path(config).parent


def context_length(model: Any, tokenizer: Any, given: int) -> int:
    """How many tokens a prompt and its answer may have: what the model says, or `given` where that is less and not 0.

    Raises `ValueError` where neither says.
    """
    own = getattr(model.config.get_text_config(), "max_position_embeddings", None) or tokenizer.model_max_length
    if own >= UNBOUNDED and not given:
        raise ValueError("the model does not say how many tokens it takes; give parameter 'context_tokens'")
    return min(own, given) if given else own


def random_language(seed: int) -> tuple[Any, Any]:
    """A tiny model with random weights that reads and writes bytes: it knows nothing, and is always at hand."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = byte_tokenizer()
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=1024,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 2:
                weight.normal_(generator=generator)
    return model, tokenizer


def byte_tokenizer() -> Any:
    """A token for each byte, and one that ends a text."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    cutter = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    cutter.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    cutter.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=cutter, eos_token="<end>")  # noqa: S106 - no password


def say(text: str) -> None:
    """A line for the cell's log."""
    sys.stderr.write(f"in_context: {text}\n")
