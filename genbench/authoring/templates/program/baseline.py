"""A program in any language, which gets training rows and questions as JSON lines and gives answers as JSON lines.

`command` is called twice, in the folder of this file, where the program lies:

    command fit FOLDER       <  a line for each training row
    command predict FOLDER   <  a line for each question       >  a line for each answer, in order

    {"inputs": {"commands": "jump twice"}, "answer": "I_JUMP I_JUMP"}
    {"inputs": {"commands": "jump twice"}}
    "I_JUMP I_JUMP"

An answer is a JSON value of the target's type. What the program learns it writes into FOLDER, where `context.json`
says what it faces: the columns and their types, the seed to draw from, how many threads it may use, and in
`validation.jsonl`, where the split has validation rows, lie those as the training rows are. What it writes to
stderr is in the log. `program.sh` is the shortest example: it gives the commonest training answer.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from genbench.errors import SubmissionFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset

    from genbench import Context

HERE = Path(__file__).resolve().parent  # its files decide its answers, so they are part of a cell's key
TOLD = ("task", "split", "inputs", "target", "target_type", "seed", "profile", "threads", "device", "budget_seconds")


class Program:
    """Starts the program, writes to it, and reads what it says."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.command = shlex.split(str(context.params["command"]))
        self.folder = context.folder / "learned"
        self.folder.mkdir()
        told = {name: getattr(context, name) for name in TOLD}
        told["params"] = dict(context.params)
        told["inputs"] = dict(context.inputs)
        (self.folder / "context.json").write_text(json.dumps(told, indent=2), encoding="utf-8")

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Let the program learn."""
        if validation is not None:
            (self.folder / "validation.jsonl").write_text("".join(self.lines(validation)), encoding="utf-8")
        self.call("fit", train)

    def predict(self, questions: Dataset) -> list[object]:
        """The program's answers. Raises `SubmissionFault` where there are too few, too many, or one is no JSON."""
        said = self.call("predict", questions).removesuffix(b"\n").split(b"\n") if len(questions) else []
        if len(said) != len(questions):
            raise SubmissionFault(f"{len(questions)} questions were asked, and the program wrote {len(said)} lines")
        return [self.answer(number, line) for number, line in enumerate(said, 1)]

    def call(self, verb: str, rows: Dataset) -> bytes:
        """What the program writes when it is given the rows. Raises `SubmissionFault` where it does not end well."""
        command = [*self.command, verb, str(self.folder)]
        try:
            done = subprocess.run(
                command, input="".join(self.lines(rows)).encode(), stdout=subprocess.PIPE, cwd=HERE, check=False
            )
        except OSError as fault:
            raise SubmissionFault(f"{command[0]} cannot be started: {fault.strerror}") from fault
        if done.returncode:
            raise SubmissionFault(
                f"{shlex.join(command[:-1])} ended with status {done.returncode}; the log has its words"
            )
        return done.stdout

    def lines(self, rows: Dataset) -> Iterator[str]:
        """Each row as a line of JSON, with its answer where it has one."""
        for row in rows:
            line = {"inputs": {name: row[name] for name in self.context.inputs}}
            if self.context.target in row:
                line["answer"] = row[self.context.target]
            yield json.dumps(line, ensure_ascii=False) + "\n"

    @staticmethod
    def answer(number: int, line: bytes) -> object:
        """The answer that a line says."""
        try:
            return json.loads(line.decode())
        except ValueError as fault:
            raise SubmissionFault(f"line {number} of the answers is no JSON: {line[:80]!r}") from fault
