"""Baselines are folders, not packages: each is loaded by path, as the worker does it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.evaluation.cell import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from genbench.cards import Value

BASELINES = Path(__file__).parents[3] / "baselines"


@pytest.fixture(autouse=True)
def _tiny_floats_as_they_were() -> Iterator[None]:
    """A baseline may tell the processor to take tiny floats for zero, which would outlive its test in this process."""
    yield
    torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def baseline() -> Callable[..., ModuleType]:
    """Gives the module of a baseline by the baseline's name, or another module of its folder by both names."""
    loaded: dict[tuple[str, str], ModuleType] = {}

    def load(name: str, module: str = "baseline") -> ModuleType:
        if (name, module) not in loaded:
            folder = BASELINES / name
            if module == "baseline":
                entry = load_entry(folder, cards.read(folder, "submission").entry)
                loaded[name, module] = sys.modules[entry.__module__]
            else:
                spec = importlib.util.spec_from_file_location(f"baseline_{name}_{module}", folder / f"{module}.py")
                assert spec is not None
                assert spec.loader is not None
                loaded[name, module] = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(loaded[name, module])
        return loaded[name, module]

    return load


@pytest.fixture(scope="session")
def context(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Context]:
    """A context as the worker makes it: the card's quick parameters with `given` on top."""

    def make(
        name: str, inputs: Mapping[str, str], target_type: str, seed: int = 1, given: Mapping[str, Value] | None = None
    ) -> Context:
        card = cards.read(BASELINES / name, "submission")
        return Context(
            task="toy",
            split="toy",
            inputs=inputs,
            target="answer",
            target_type=target_type,
            params=card.settings("toy", "quick", given=given),
            seed=seed,
            profile="quick",
            budget_seconds=60.0,
            threads=1,
            device="cpu",
            folder=tmp_path_factory.mktemp(name),
        )

    return make
