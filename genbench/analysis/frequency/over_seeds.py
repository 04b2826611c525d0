"""The analysis of each submission on each question set, over the seeds that answered the same concepts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from genbench.analysis.frequency.concepts import AXIS, BY, per_concept
from genbench.analysis.frequency.replicates import Analysis, analyse
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Found:
    """An analysis and whose it is."""

    task: str
    split: str
    question_set: str
    submission: str
    profile: str
    analysis: Analysis


def analyses(
    cells: Iterable[Mapping[str, Any]],
    read: Callable[[Mapping[str, Any]], pa.Table | str],
    axis: str = AXIS,
    by: str = BY,
) -> tuple[list[Found], list[str]]:
    """The analysis of each submission on each question set that has the axis, over its seeds, and what was left out.

    `cells` are rows of CELLS, each the newest of its submission, split, seed and profile; `read` gives the PREDICTIONS
    of one, or says why it cannot. Seeds that answered other concepts than the first are left out.
    """
    groups: dict[tuple[str, ...], list[tuple[list[str], np.ndarray, np.ndarray]]] = defaultdict(list)
    left_out: list[str] = []
    for row in cells:
        label = f"{row['task']}/{row['split']} {row['submission']} seed {row['seed']}"
        predictions = read(row)
        if isinstance(predictions, str):
            left_out.append(f"{label}: {predictions}")
            continue
        try:
            for question_set, own in per_concept(predictions, axis, by).items():
                key = (row["task"], row["split"], question_set, row["submission"], row["profile"])
                first = groups[key][0] if groups[key] else own
                if own[0] == first[0] and (own[1] == first[1]).all():
                    groups[key].append(own)
                else:
                    left_out.append(f"{label}: other concepts or frequencies on {question_set} than another seed")
        except BadValue as fault:
            left_out.append(f"{label}: {fault}")
    found = []
    for who, each in groups.items():
        try:
            analysis = analyse(each[0][1], np.stack([scores for _, _, scores in each]), who)
            task, split, question_set, submission, profile = who
            found.append(Found(task, split, question_set, submission, profile, analysis))
        except BadValue as fault:
            left_out.append(f"{who[0]}/{who[1]} {who[3]}, {who[2]}: {fault}")
    return found, left_out
