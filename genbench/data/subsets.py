"""A split as a person gets it: training data, and each question set by its name, with its targets or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench.data import tables
from genbench.data.columns import QUESTION_ID
from genbench.data.sever import sever

if TYPE_CHECKING:
    from genbench.cards import SplitCard, TaskCard
    from genbench.data.problem import Data


def subsets(data: Data, card: TaskCard, split: SplitCard, *, with_targets: bool = False) -> dict[str, pa.Table]:
    """Tables by name: `train`, `validation` where there is one, `auxiliary-NAME` of each such, and the question sets.

    The first two have the card's inputs, target and given columns. A question set has `question_id`, ascending, by
    which a question is known in every cell and predictions file, and the inputs; `with_targets` adds the target and the
    split's axes.
    """
    problem, targets = sever(data, card, split)
    found = {"train": problem.train} | ({} if problem.validation is None else {"validation": problem.validation})
    found |= {f"auxiliary-{name}": table for name, table in problem.auxiliary.items()}
    kinds = {QUESTION_ID: "int64", **card.inputs}
    classes = {card.target: data.classes} if data.classes and with_targets else None
    if with_targets:
        kinds |= {card.target: card.target_type, **{axis: card.axes[axis] for axis in targets.slices}}
    for position, name in enumerate(targets.sets):
        rows = np.flatnonzero(targets.question_set == position)
        table = tables.taken(problem.questions, rows)
        if with_targets:
            for column, values in {card.target: targets.target, **targets.slices}.items():
                table = table.append_column(column, values.take(pa.array(rows)))
        found[name] = tables.described(table, kinds, classes)
    return found
