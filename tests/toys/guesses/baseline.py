"""Draws its answers from a seeded stream, and from what differs between interpreters unless it is held fixed."""

import numpy as np


class Guesses:
    def __init__(self, context):
        self.stream = np.random.default_rng(context.seed)
        self.count = context.params["numbers"]

    def fit(self, train, validation):
        self.names = list({f"name {number}" for number in range(self.count)})  # in the order of their hashes

    def predict(self, questions):
        drawn = self.stream.integers(0, self.count, len(questions))
        return [int(self.names[place].removeprefix("name ")) for place in drawn]
