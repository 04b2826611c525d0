"""Prints what it was given and what lies around it."""

import dataclasses
import json
import os
import sys
from pathlib import Path


class Tells:
    def __init__(self, context):
        self.seen = {
            "context": {
                name: str(value) if isinstance(value, Path) else list(value) if name == "auxiliary" else value
                for name, value in dataclasses.asdict(context).items()
            },
            "environment": dict(os.environ),
            "path": sys.path,
            "modules": sorted(sys.modules),
            "here": str(Path.cwd()),
            "files": sorted(path.name for path in Path.cwd().iterdir()),
            "input": sys.stdin.read(),
        }

    def fit(self, train, validation):
        self.seen["train"] = train.column_names
        self.seen["validation"] = validation is not None

    def predict(self, questions):
        self.seen["questions"] = questions.column_names
        self.seen["numbers"] = list(questions["number"])
        print(json.dumps(self.seen))
        return self.seen["numbers"]
