"""Answers with the number of a package that genbench does not have."""

import subprocess
import sys

import toy_package


class Requiring:
    def __init__(self, context):
        pass

    def fit(self, train, validation):
        script = "import sys; print(sys.prefix)"
        prefix = subprocess.run(["python", "-c", script], capture_output=True, text=True, check=True).stdout.strip()
        assert prefix == sys.prefix, "the programs that it starts are of another environment"

    def predict(self, questions):
        return [toy_package.NUMBER] * len(questions)
