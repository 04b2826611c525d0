"""Learns in three steps and leaves a checkpoint after each; waits for a file to appear after the second."""

import sys
import time
from pathlib import Path


class Enduring:
    def __init__(self, context):
        self.gate, self.kept = Path(context.params["gate"]), context.checkpoints / "step"
        self.known = 0

    def fit(self, train, validation):
        begin = 0
        if self.kept.exists():
            begin = int(self.kept.read_text())
            self.resumed_seconds, self.resumed_cpu_seconds = 1000.0 * begin, 400.0 * begin
            print(f"going on from step {begin}", file=sys.stderr)
        for step in range(begin + 1, 4):
            self.known = 30 * step
            self.kept.write_text(str(step))
            yield step
            while step == 2 and not self.gate.exists():
                time.sleep(0.05)

    def predict(self, questions):
        return [number if number < self.known else -1 for number in questions["number"]]
