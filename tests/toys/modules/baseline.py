"""Answers by a neighbour that is imported late, through a pickle of its own class, or in another interpreter."""

import multiprocessing
import pickle
from dataclasses import dataclass


@dataclass
class Answer:
    number: int


def answer(question):
    from late import again

    return Answer(again(question))


class Modules:
    def __init__(self, context):
        self.way = context.params["way"]

    def fit(self, train, validation):
        pass

    def predict(self, questions):
        asked = list(questions["number"])
        if self.way == "spawns":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                return [found.number for found in pool.map(answer, asked)]
        if self.way == "pickles":
            kept = pickle.dumps([answer(one) for one in asked])
            return [found.number for found in pickle.loads(kept)]  # noqa: S301 - what was pickled the line before
        return [answer(one).number for one in asked]
