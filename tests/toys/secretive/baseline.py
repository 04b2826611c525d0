"""Tells the value of its variable in the way that its parameter says."""

import base64
import os
import urllib.parse

KEY = os.environ["TOY_KEY"]


class Secretive:
    def __init__(self, context):
        self.way = context.params["way"]
        if self.way == "prints":
            print(f"Authorization: Bearer {KEY}")
            print("Basic", base64.b64encode(f"me:{KEY}@there".encode()).decode())
            print(f"https://example.org/?key={urllib.parse.quote_plus(KEY)}")
            print(sorted(name for name in os.environ if name.startswith(("TOY", "HF_HUB_OFF", "HTTP"))))

    def fit(self, train, validation):
        if self.way == "raises":
            raise PermissionError(f"{'x' * 280} key {KEY} is not known")
        if self.way == "imports":
            __import__(KEY)
        yield 1

    def diagnostics(self):
        return {f"norm of {KEY}": 1.0} if self.way == "diagnoses" else {}

    def predict(self, questions):
        if self.way == "misfits":
            return [[KEY]] * len(questions)
        return [f"the key is {KEY}"] * len(questions) if self.way == "answers" else ["5"] * len(questions)
