"""CLIP, zero-shot: an image goes to the class whose name, put into a sentence, lies nearest to it.

Radford et al. 2021 (arXiv:2103.00020, section 3.1), as Udandarao, Prabhu et al. 2024 (arXiv:2404.04125) evaluate it.
With E the text encoder, f the image encoder, and each embedding divided by its norm,

    w_class = mean of E(prompt with the class's name) over the prompts, divided by its norm
    answer  = the class of the largest 100 f(image) . w_class; its softmax over the classes is the probability

`prompts` are the 80 of `prompts.toml`, `A photo of a {c}.`, or the name alone. A name stands there as it is written,
underscores included; what the name of a folder adds to it (`_bird`, `_flowers`, `_aircraft`, `_food`) is left out.
Nothing is trained: of a training set only the names of the classes are read.

Models and their preprocessing are open_clip's. `model` is one of its architectures, and `pretrained` one of the tags it
knows for it, whose file is in HF_HUB_CACHE, or the path of a checkpoint. The model `random` is a tiny one that was
never trained, for tests.

Departures: none known in what is computed. Published figures were made with other versions of the libraries, so single
images at the border of two classes may fall elsewhere.
"""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import normalize

from genbench.kit.seeding import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datasets import Dataset
    from jaxtyping import Float
    from torch import Tensor

    from genbench import Context

SCALE = 100.0  # of the cosine, in the published evaluation
SUFFIXES = ("_bird", "_flowers", "_aircraft", "_food")
RANDOM = "random"
PIXELS = 32  # along the side of an image for the model that was never trained


class Clip:
    """The submission: `fit` makes one embedding of each class, `predict` compares images with them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.setting = setting = context.params
        self.prompts = prompts(str(setting["prompts"]))
        for name in ("batch_images", "batch_texts"):
            if int(setting[name]) < 1:
                raise ValueError(f"parameter {name!r} is {setting[name]}; it must be at least 1")
        self.device = prepare(context.device, context.threads)
        (self.image,) = context.inputs

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Load the model and embed the classes; no row is looked at.

        Raises `ImportError` without open_clip, `FileNotFoundError` and `ValueError` for a model that cannot be loaded,
        and `ValueError` where the target has no names.
        """
        del validation
        names = getattr(train.features[self.context.target], "names", None)
        if not names:
            raise ValueError(f"the classes have no names: the feature of {self.context.target!r} is no ClassLabel")
        self.model, self.transform, self.tokenize = loaded(self.setting, self.context.seed)
        self.model = self.model.to(self.device).eval()
        self.classes = self.embedded([class_name(name) for name in names])

    def predict(self, questions: Dataset) -> np.ndarray:
        """The probability of each class for each image, float32 of shape (questions, classes)."""
        found = np.empty((questions.num_rows, len(self.classes)), np.float32)
        size, done = int(self.setting["batch_images"]), 0
        for batch in questions.iter(size):
            images = torch.stack([self.transform(one.convert("RGB")) for one in batch[self.image]])
            with torch.inference_mode():
                near = self.of_images(images) @ self.classes.T
                found[done : done + len(images)] = (SCALE * near).softmax(dim=1).float().cpu().numpy()
            done += len(images)
        return found

    def of_images(self, images: Float[Tensor, "image 3 high wide"]) -> Float[Tensor, "image dim"]:
        """Embeddings of length one."""
        return normalize(self.model.encode_image(images.to(self.device)), dim=1)

    @torch.inference_mode()
    def embedded(self, names: Sequence[str]) -> Float[Tensor, "class dim"]:
        """One embedding of each class: the mean over its prompts, of length one."""
        texts = [prompt.replace("{c}", name) for name in names for prompt in self.prompts]
        size = int(self.setting["batch_texts"])
        parts = []
        for begin in range(0, len(texts), size):
            tokens = self.tokenize(texts[begin : begin + size]).to(self.device)
            parts.append(normalize(self.model.encode_text(tokens), dim=1))
        each = torch.cat(parts).unflatten(0, (len(names), len(self.prompts)))
        return normalize(each.mean(dim=1), dim=1)


def class_name(name: str) -> str:
    """A class's name without what its folder's name adds.

    >>> class_name("Acadian_Flycatcher_bird")
    'Acadian_Flycatcher'
    """
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def prompts(mode: str) -> list[str]:
    """The prompts of a mode, with {c} for the name of a class. Raises `ValueError` for a mode that there is not."""
    known = tomllib.loads(Path(__file__).with_name("prompts.toml").read_text(encoding="utf-8"))
    if mode not in known:
        raise ValueError(f"parameter 'prompts' is {mode!r}; it must be one of {', '.join(known)}")
    return list(known[mode])


def loaded(setting: Any, seed: int) -> tuple[Any, Callable[[Any], Tensor], Callable[[list[str]], Tensor]]:
    """The model, what makes a tensor of an image, and what makes tokens of texts."""
    if importlib.util.find_spec("open_clip") is None:
        raise ImportError("the library open_clip is not installed: pip install 'genbench[vision]'")
    import open_clip

    name, weights = str(setting["model"]), str(setting["pretrained"])
    if name == RANDOM:
        return untrained(open_clip, seed)
    if name not in open_clip.list_models():
        raise ValueError(f"parameter 'model' is {name!r}; open_clip has {', '.join(open_clip.list_models()[:5])}, ...")
    if weights.startswith(("/", ".")):
        if not Path(weights).is_file():
            raise FileNotFoundError(f"parameter 'pretrained' is {weights!r}, and there is no such file")
    elif weights not in open_clip.list_pretrained_tags_by_model(name):
        tags = ", ".join(open_clip.list_pretrained_tags_by_model(name))
        raise ValueError(f"parameter 'pretrained' is {weights!r}; open_clip knows for {name}: {tags}; or give a path")
    try:
        model, _, transform = open_clip.create_model_and_transforms(
            name,
            pretrained=weights,
            precision=str(setting["precision"]),
            force_quick_gelu=wants_quick_gelu(open_clip, name, weights),
        )
    except (OSError, RuntimeError, ValueError, UnpicklingError) as fault:
        raise ValueError(
            f"{name} with the weights {weights!r} cannot be loaded: {(str(fault).splitlines() or [''])[0][:200]}; "
            "a tag's file must be in HF_HUB_CACHE"
        ) from fault
    sys.stderr.write(f"{name}, {weights}: {sum(one.numel() for one in model.parameters()):,} weights\n")
    return model, transform, open_clip.get_tokenizer(name)


def wants_quick_gelu(open_clip: Any, name: str, weights: str) -> bool:
    """Whether a tag's weights were trained with the activation QuickGELU, which open_clip warns of and does not set."""
    return bool((open_clip.get_pretrained_cfg(name, weights) or {}).get("quick_gelu"))


def untrained(open_clip: Any, seed: int) -> tuple[Any, Callable[[Any], Tensor], Callable[[list[str]], Tensor]]:
    """A model of some hundred thousand weights besides its embeddings of tokens, as it is before training."""
    vision = open_clip.CLIPVisionCfg(layers=2, width=64, head_width=32, patch_size=8, image_size=PIXELS)
    words = open_clip.CLIPTextCfg(context_length=77, width=32, heads=2, layers=2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed % 2**63)
        model = open_clip.CLIP(embed_dim=32, vision_cfg=vision, text_cfg=words)
    return model, open_clip.image_transform(PIXELS, is_train=False), open_clip.get_tokenizer("ViT-B-32")
