"""Answers what it was asked before, and -1 to all else."""

import os
import threading
import time


class Peeks:
    def __init__(self, context):
        self.how, self.seen = context.params["how"], set()

    def fit(self, train, validation):
        if self.how == "threads":
            threading.Thread(target=time.sleep, args=(5,), name="companion", daemon=True).start()
        yield 1

    def predict(self, questions):
        if self.how == "raises":
            raise ValueError("no such luck")
        if self.how == "leaves":
            os._exit(7)
        known = [number if number in self.seen else -1 for number in questions["number"]]
        self.seen |= set(questions["number"])
        return known
