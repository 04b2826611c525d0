"""Lengths of training beside those of the questions, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from genbench.analysis.difficulty.words import cut, one_array, sizes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Int


def lengths(name: str, train: Int[np.ndarray, " row"], asked: Int[np.ndarray, " question"]) -> dict[str, float | None]:
    """How far the lengths of training and questions overlap, and the share of questions longer than all training."""
    size = int(max(train.max(initial=0), asked.max(initial=0))) + 1
    p, q = (np.bincount(one, minlength=size) / len(one) for one in (train, asked))
    return {
        f"{name}_overlap": float(np.minimum(p, q).sum()),
        f"longer_{name}s": float(np.mean(asked > train.max(initial=0))),
    }


def target_lengths(train: Any, asked: Any) -> Mapping[str, float | str | None]:
    """The same of two columns of targets; that they have no length, where it is so."""
    if pa.types.is_fixed_size_list(train.type):
        return dict.fromkeys(("target_overlap", "longer_targets"), "targets are vectors of one length")
    if not (pa.types.is_string(train.type) or pa.types.is_list(train.type)):
        return dict.fromkeys(("target_overlap", "longer_targets"), "targets are single values and have no length")
    return lengths("target", *(sizes(cut(one_array(one))) for one in (train, asked)))
