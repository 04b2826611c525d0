"""Takes more than a cell may."""

import os
import subprocess
import time
from pathlib import Path


class Greedy:
    def __init__(self, context):
        self.what, self.parameters, self.training_flops = context.params["what"], 10**18, 1e40

    def fit(self, train, validation):
        if self.what == "file":
            with Path("large").open("wb") as file:
                file.seek(2**40)
                file.write(b"x")
        if self.what == "nothing but a process that hides":
            subprocess.run(["env", "-i", "sh", "-c", "setsid sleep 1002.25 >/dev/null 2>&1 &"], check=True)
        while self.what == "output":
            print("x" * 2**16)
        while self.what == "processes":
            try:
                if os.fork() == 0:
                    time.sleep(600)
            except OSError:
                time.sleep(0.01)

    def predict(self, questions):
        return [0] * len(questions)
