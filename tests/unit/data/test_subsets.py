"""A split as a person gets it."""

import numpy as np
import pyarrow as pa

from genbench.cards import read
from genbench.data.sever import sever
from genbench.data.subsets import subsets
from genbench.evaluation import build
from genbench.registry import ChosenSplit


def test_a_question_set_has_its_own_questions_in_order_of_their_ids(request):
    card = read(request.config.rootpath / "tasks" / "modular")
    split = card.split("addition")
    data = build.load(ChosenSplit(card, split, {"p": 7}))
    problem, targets = sever(data, card, split)

    tables = subsets(data, card, split, with_targets=True)

    for place, name in enumerate(targets.sets):
        ids = np.flatnonzero(targets.question_set == place)
        assert tables[name].column("question_id").to_pylist() == ids.tolist()
        assert tables[name].select(["a", "b"]).equals(problem.questions.select(["a", "b"]).take(pa.array(ids)))
        assert tables[name].column("sum").to_pylist() == targets.target.take(pa.array(ids)).to_pylist()


def test_targets_and_axes_stay_away_unless_they_are_asked_for(request):
    card = read(request.config.rootpath / "tasks" / "modular")
    split = card.split("addition")
    data = build.load(ChosenSplit(card, split, {"p": 7}))

    tables = subsets(data, card, split)

    assert tables["test"].column_names == ["question_id", "a", "b"]
