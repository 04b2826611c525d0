"""Waits for a file to appear, so that a test decides when it ends."""

import time
from pathlib import Path


class Slow:
    def __init__(self, context):
        while not Path(context.params["gate"]).exists():
            time.sleep(0.05)

    def fit(self, train, validation):
        pass

    def predict(self, questions):
        return questions.data.column("number").to_numpy()
