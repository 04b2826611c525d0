"""Answers each question with the label of the newest stage."""

import json
import os
import time
from pathlib import Path


class Remembers:
    def __init__(self, context):
        self.params, self.folder, self.kept = context.params, context.folder, context.checkpoints
        self.label, self.calls = 0, 0
        self.attempts = 1
        if self.kept is not None and (self.kept / "label.json").exists():
            self.label, self.calls, self.attempts = json.loads((self.kept / "label.json").read_text())
            self.attempts += 1
            self.resumed_stage, self.resumed_seconds = self.calls, 100.0

    def fit(self, train, validation):
        return self.steps(train, validation) if self.params["yields"] else self.learn(train, validation)

    def steps(self, train, validation):
        yield 10
        self.learn(train, validation)
        yield 20

    def learn(self, train, validation):
        others = sorted(path.name for path in Path(self.folder).glob("stage-*"))
        print("stage", train["stage"][0], "rows", len(train), len(validation), set(train["label"]), others)
        if self.params["early"]:  # asks for the stage to come while it has this one
            (self.folder / f"stage-{self.calls + 1}.wanted").touch()
            time.sleep(0.2)
            print("early:", (self.folder / f"stage-{self.calls + 1}.arrow").exists())
        self.label = train["label"][0]
        self.calls += 1
        if self.kept is not None:
            (self.kept / "label.json").write_text(json.dumps([self.label, self.calls, self.attempts]))

    def predict(self, questions):
        print("asked", questions.column_names, len(questions))
        if self.params["dies"] == self.calls and self.attempts == 1:
            os._exit(3)
        return [self.label] * len(questions)
