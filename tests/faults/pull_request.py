"""A pull request played through on a clone, three times: an honest submission, a forged row, and a cheating submission.

    uv run python tests/faults/pull_request.py

Does what the workflows do, with main's engine where they use it, and prints what each step said and whether it ended as
it must. Ends with 1 where one did not. The cheating submission makes the targets again with the task's own code.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from genbench.evaluation.executors import sandbox

ROOT: Final = Path(__file__).parents[2]
SPLIT: Final = "modular/addition"
CARD: Final = """kind = "submission"
name = "{name}"
title = "{name}"
entry = "baseline:Mine"
about = "For a pull request that is played through."
license = "Apache-2.0"
"""
HONEST: Final = """
class Mine:
    def __init__(self, context):
        self.target = context.target

    def fit(self, train, validation):
        answers = train[self.target]
        self.answer = max(set(answers), key=answers.count)

    def predict(self, questions):
        return [self.answer] * len(questions)
"""
CHEATING: Final = """
from genbench import registry
from genbench.evaluation import build


class Mine:
    def __init__(self, context):
        self.split, self.inputs, self.target = f"{context.task}/{context.split}", list(context.inputs), context.target

    def fit(self, train, validation):
        (chosen,) = registry.choose_splits([self.split], registry.catalogue())
        tables = build.load(chosen).questions.values()
        self.known = {
            tuple(row[name] for name in self.inputs): row[self.target] for table in tables for row in table.to_pylist()
        }

    def predict(self, questions):
        return [self.known[tuple(row[name] for name in self.inputs)] for row in questions]
"""


class Play:
    """The clone, main beside it, and what did not end as it must."""

    def __init__(self, folder: Path) -> None:
        self.main, self.change, self.wrong = folder / "main", folder / "change", 0
        for place in (self.main, self.change):
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)

    def genbench(self, place: Path, *words: str, ends: int, says: str = "") -> str:
        """Type a command with the engine of a clone, in an environment of its own; what it said."""
        return self.step(["uv", "run", "--quiet", "genbench", *words], place, ends, says)

    def step(self, command: list[str], place: Path, ends: int, says: str = "") -> str:
        around = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        done = subprocess.run(command, cwd=place, env=around, capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).strip()
        well = done.returncode == ends and says in said
        self.wrong += not well
        shown = " ".join(command).removeprefix("uv run --quiet ").replace(str(place.parent), "..")
        print(f"{'as it must' if well else 'WRONG'}  {place.name}$ {shown}  -> exit code {done.returncode}", flush=True)
        for line in said.splitlines()[-4:]:
            print(f"    {line[:160]}")
        return said

    def branch(self, name: str, code: str) -> None:
        """A branch with a submission; the rows of others before it are gone."""
        for words in (("switch", "--quiet", "main"), ("switch", "--quiet", "--create", name)):
            subprocess.run(["git", *words], cwd=self.change, check=True)
        folder = self.change / "baselines" / name
        folder.mkdir()
        (folder / "card.toml").write_text(CARD.format(name=name), encoding="utf-8")
        (folder / "baseline.py").write_text(code, encoding="utf-8")

    def commit(self, words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "add", "--all"], cwd=self.change, check=True)
        subprocess.run(["git", *who, "commit", "--quiet", "--message", words], cwd=self.change, check=True)

    def evaluate(self, name: str, executor: str, out: str, ends: int) -> None:
        words = ["--task", SPLIT, "--profile", "full", "--seeds", "3", "--executor", executor, "--out", out, "--long"]
        self.genbench(self.change, "evaluate", name, *words, ends=ends)

    def verify(self, name: str, ends: int, says: str) -> str:
        rows = str(self.change / "leaderboard" / "results")
        return self.genbench(self.main, "verify", rows, "--task", SPLIT, "--submission", name, ends=ends, says=says)


def honest(play: Play, wall: str) -> None:
    """It is checked, run, verified by main's engine, and its comment is written."""
    play.branch("honest", HONEST)
    play.evaluate("honest", wall, "leaderboard/results", 0)
    play.commit("Add an honest submission and its rows")
    play.step([".ci/changed-contributions", "origin/main"], play.change, 0, "baselines/honest")
    play.genbench(play.change, "check", "baselines/honest", ends=0)
    play.step([".ci/engine-and-rows", "origin/main"], play.change, 0, "rows")
    said = play.verify("honest", 0, ", 0 differ")  # main does not know the submission yet, and says so
    report = play.main.parent / "report.zip"
    with zipfile.ZipFile(report, "w") as content:
        content.writestr("verdicts.txt", said)
    play.step([sys.executable, ".ci/comment", "rows", str(report)], play.main, 0, ", 0 differ")


def forged(play: Play) -> None:
    """One file of scores says 1.0: main's engine makes them again from the answers."""
    (path, *_) = (play.change / "leaderboard" / "results" / "scores").rglob("submission=honest/*.parquet")
    scores = pq.read_table(path, partitioning=None)
    at = scores.schema.get_field_index("value")
    raised = scores.set_column(at, scores.schema.field(at), pa.array([1.0] * len(scores)))
    pq.write_table(raised, path)
    play.commit("Raise a score")
    play.verify("honest", 1, "its answers give other scores")


def cheating(play: Play, wall: str) -> None:
    """Behind a process it has all right and no rank; in a sandbox there is nothing to find."""
    play.branch("cheating", CHEATING)
    play.evaluate("cheating", "process", "behind-a-process", 0)
    said = play.genbench(play.main, "leaderboard", "../change/behind-a-process", "--long", "--out", "../site", ends=0)
    for word in ("1.000", "code that nobody reviewed"):
        play.wrong += word not in said
        print(f"{'as it must' if word in said else 'WRONG'}  the board says {word!r}")
    if wall == "sandbox":
        play.evaluate("cheating", wall, "in-a-sandbox", 1)


def main() -> int:
    """Play all three."""
    wall = "process" if sandbox.why_not() else "sandbox"
    with tempfile.TemporaryDirectory(prefix="genbench-played-") as folder:
        play = Play(Path(folder))
        for title, act in (("honest", lambda: honest(play, wall)), ("forged row", lambda: forged(play))):
            print(f"\n== {title}")
            act()
        print("\n== cheating")
        cheating(play, wall)
    print(f"\n{play.wrong} steps ended otherwise than they must")
    return 1 if play.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
