"""Everything that a submission can do wrong, one way a variant.

What goes wrong before `fit` saves its test the time that it takes to import `datasets`.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time

GIB = 2**30


class Unspeakable(Exception):
    """An exception whose own message fails."""

    def __str__(self):
        raise ValueError


class Faulty:
    """Does at birth, in fit and in predict what its parameter `how` says, and nothing where there is no such way."""

    def __init__(self, context):
        self.context = context
        self.how = context.params["how"]
        getattr(self, f"born_{self.how}", nothing)()
        if self.how.startswith("diagnostic"):
            self.diagnostics = getattr(self, self.how)

    def fit(self, train, validation):
        return getattr(self, f"fit_{self.how}", nothing)()

    def predict(self, questions):
        answers = questions.data.column("number").to_pylist()
        return getattr(self, f"predict_{self.how}", list)(answers)

    def fit_diagnostic_has_many(self):
        yield 1

    fit_diagnostic_is_nan = fit_diagnostic_is_text = fit_diagnostic_has_many

    def diagnostic_has_many(self):
        return [1.0]

    def diagnostic_is_nan(self):
        return {"norm": float("nan")}

    def diagnostic_is_text(self):
        return {"norm": "big"}

    def born_vanishes(self):
        os._exit(0)

    def born_segfaults(self):
        ctypes.string_at(0)

    def born_is_killed(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def born_eats_memory(self):
        print("a first bite")
        self.held = [bytearray(GIB // 4) for _ in range(40)]

    def born_feeds_children(self):
        os.close(1)
        os.close(2)
        eats = "import time; held = b'x' * 450 * 2**20; time.sleep(600)"
        for eater in [subprocess.Popen([sys.executable, "-c", eats]) for _ in range(3)]:
            eater.wait()

    def born_shares(self):
        held = bytearray(b"x" * (GIB // 4))
        workers = []
        for _ in range(6):
            pid = os.fork()
            if pid == 0:
                held.count(b"x")
                time.sleep(1.0)
                os._exit(0)
            workers.append(pid)
        for pid in workers:
            os.waitpid(pid, 0)

    def born_forges(self):
        (self.context.folder / "report.json").write_text(json.dumps({"status": "ok", "parameters": "many"}))
        os._exit(0)

    def born_scribbles(self):
        (self.context.folder / "report.json").write_text(json.dumps({"status": "ok", "steps": 7}))
        (self.context.folder / "answers.arrow").write_bytes(b"\xff" * 4096)
        os._exit(0)

    def fit_raises(self):
        raise ValueError("no such luck\nand a second line")

    def fit_raises_oddly(self):
        raise Unspeakable

    def fit_raises_unprintably(self):
        raise FileNotFoundError("no file \udcff here")

    def fit_floods(self):
        print("the first line", flush=True)
        block = b"y" * 2**20
        for _ in range(1024):
            os.write(1, block)
        print("\nthe last line", flush=True)

    def fit_closes_its_output(self):
        print("never to be seen", end="")
        os.close(1)
        os.close(2)

    def fit_prints_bytes(self):
        os.write(1, b"\xff\xfe\x00 and \xe2\x82\xac\n")
        print("to stderr", file=sys.stderr)

    def fit_forks(self):
        """Leave three processes behind: a child, one in another session, and one whose own parent is gone."""
        child = subprocess.Popen(["sleep", "600"])
        stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.setsid()
            orphan = os.fork()
            if orphan:
                os.write(writer, str(orphan).encode())
                os._exit(0)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
            os._exit(0)
        print("left behind", child.pid, stranger.pid, int(os.read(reader, 32)))

    def fit_steps_back(self):
        yield 2
        yield 1

    def fit_steps_halfway(self):
        yield 0.5

    def fit_returns_steps(self):
        return [1, 2, 3]

    def predict_exits(self, answers):
        sys.exit(3)

    def predict_answers_nothing(self, answers):
        return None

    def predict_answers_too_few(self, answers):
        return answers[:-1]

    def predict_answers_too_many(self, answers):
        return [*answers, 1]

    def predict_answers_words(self, answers):
        return [str(answer) for answer in answers]

    def predict_answers_holes(self, answers):
        return [None if answer == 7 else answer for answer in answers]


def nothing():
    """Go on as if nothing were wrong."""
