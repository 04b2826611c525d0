"""Repeatable torch: one call that asks for it, and generators with names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import torch

from genbench.errors import BadValue
from genbench.seeds import derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

DEVICES = ("cpu", "cuda", "mps")
ON_CPU = ("weights", "batches", "augment")  # the same numbers whatever the device


def prepare(device: str, threads: int) -> torch.device:
    """Make torch repeatable in this process, with `threads` threads, and give the device.

    Equal seeds give equal bits on a CPU with equal threads, and on one kind of GPU; not from one kind to another.
    Raises `BadValue` for a device that is not known or not here, and for less than one thread.
    """
    if device not in DEVICES:
        raise BadValue(f"device is {device!r}; it must be one of {', '.join(DEVICES)}")
    if (device == "cuda" and not torch.cuda.is_available()) or (
        device == "mps" and not torch.backends.mps.is_available()
    ):
        raise BadValue(f"device is {device!r}, which torch does not find on this machine; 'cpu' is always there")
    if threads < 1:
        raise BadValue(f"threads is {threads}; it must be 1 or more")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what CUDA asks for to be deterministic
    # As use_deterministic_algorithms, which first imports torch's compiler: as long as a small cell takes to train.
    torch.set_deterministic_debug_mode("error")
    # Nothing here reads memory before writing it. The module's property is one that type checkers do not see.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)  # moments that decay into tiny numbers slow a processor down many times
    return torch.device(device)


def generator(seed: int, *names: str | int, device: str | torch.device = "cpu") -> torch.Generator:
    """A generator for what `names` name; another name is another stream."""
    return torch.Generator(device).manual_seed(derive(seed, *names))


class Generators:
    """A seed's generators by name, each made when first asked for: `generators["dropout"]`.

    Those in ON_CPU live on the CPU, so that a seed draws the same weights and batches on every device; the others on
    `device`. `state` and `restore` let training go on after an interruption as if there had been none.
    """

    def __init__(self, seed: int, device: str | torch.device = "cpu") -> None:
        self.seed, self.device = seed, torch.device(device)
        self._made: dict[str, torch.Generator] = {}

    def __getitem__(self, name: str) -> torch.Generator:
        if name not in self._made:
            self._made[name] = generator(self.seed, name, device="cpu" if name in ON_CPU else self.device)
        return self._made[name]

    def state(self) -> dict[str, Tensor]:
        """The state of each generator that was asked for."""
        return {name: made.get_state() for name, made in self._made.items()}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go back to where `state` was taken."""
        for name, kept in state.items():
            self[name].set_state(kept)
