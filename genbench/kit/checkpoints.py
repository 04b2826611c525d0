"""Checkpoints: a nested dict of tensors and plain values in one file, whole or not there.

A file is one line, `genbench checkpoint 1 DIGEST`, and what `torch.save` wrote; the digest is that of the rest, so no
damaged byte is ever loaded. Reading runs no code from the file (`weights_only`).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from typing import TYPE_CHECKING, Any

import torch

from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import nn

HEAD = b"genbench checkpoint 1 "


class CheckpointFault(GenbenchError):  # noqa: N818 - named for what is wrong, as in genbench/errors.py
    """A checkpoint that is damaged, or of another model or other settings; the message names the file."""


class Damaged(CheckpointFault):
    """A checkpoint that cannot be read as one."""


def identity(model: nn.Module, settings: Mapping[str, object]) -> str:
    """A digest of the names, shapes and types of a model's weights and buffers, and of settings that JSON can hold."""
    shapes = [[name, list(tensor.shape), str(tensor.dtype)] for name, tensor in sorted(model.state_dict().items())]
    text = json.dumps([shapes, dict(settings)], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def save(path: Path, identity: str, state: Mapping[str, Any]) -> None:
    """Write `state`; an interruption leaves the file as it was before. Raises `OSError` where it cannot be written."""
    buffer = io.BytesIO()
    torch.save({"identity": identity, "state": dict(state)}, buffer)
    content = buffer.getbuffer()
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(HEAD + _digest(content) + b"\n")
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def load(path: Path, identity: str) -> dict[str, Any]:
    """The state that was saved under `identity`, its tensors on the CPU.

    Raises `Damaged` for a file that is not a whole checkpoint, `CheckpointFault` for one of another identity.
    """
    content = path.read_bytes()
    line, _, rest = content.partition(b"\n")
    if not line.startswith(HEAD) or line[len(HEAD) :] != _digest(memoryview(rest)):
        raise Damaged(f"{path}: not a whole checkpoint of genbench; remove it, or restore it from a copy")
    kept = torch.load(io.BytesIO(rest), map_location="cpu", weights_only=True)
    if kept["identity"] != identity:
        raise CheckpointFault(
            f"{path}: a checkpoint of another model or other settings ({kept['identity']}, not {identity}); "
            "use another folder, or remove it to start over"
        )
    state: dict[str, Any] = kept["state"]
    return state


def _digest(content: memoryview) -> bytes:
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()
