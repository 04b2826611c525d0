"""One number, followed back: from the page to the line of a task that made it, each step a line that is really there.

A step names a file, a function in it and some of a line; the picture shows the whole line as the file has it. Where one
of the three is gone, `line_of` says which, so the picture cannot tell of a house that is no more.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from making import ink

if TYPE_CHECKING:
    from pathlib import Path

WIDE: Final = 1000
HEAD: Final = 66
STEP: Final = 66
LEFT: Final = 30  # where the wire runs
ROOM: Final = (60, 98)  # the box that says the room, from and how wide
TEXT: Final = 174
LETTERS: Final = 110  # of code in a line
ABOUT: Final = "From the page to the line that made it, here of scan/length. Dashes: through a file."


@dataclass(frozen=True, slots=True)
class Step:
    """A line on the way: what happens there; `by_file` where the step before has it from a file, another process's."""

    says: str
    path: str
    function: str
    some: str
    by_file: bool = False
    aside: bool = False  # the other of two that meet in the step before


WAY: Final = (
    Step("The page prints a table that it was given.", "leaderboard/page/split.html", "", "{{ contest }}"),
    Step(
        "The row of a table: a standing's mean, rounded.", "genbench/report/site/contests.py", "_row", "figure(row.mean"
    ),
    Step(
        "A standing: a submission on a question set, over its seeds.",
        "genbench/analysis/standings/question_sets.py",
        "_standing",
        "mean=",
    ),
    Step(
        "Its mean and interval are of the scores of its newest cells.",
        "genbench/analysis/standings/scores.py",
        "over_seeds",
        "mean=",
    ),
    Step(
        "A score is a row of SCORES, in a small file of its cell, or one of its split.",
        "genbench/rows/store.py",
        "Store._read",
        "readers.map(",
        by_file=True,
    ),
    Step(
        "The row was written when its cell had ended.",
        "genbench/evaluation/run.py",
        "_Run._graded",
        '"scores": to_table(score_rows(',
        by_file=True,
    ),
    Step(
        "Its value is over the marks of the question set's questions.",
        "genbench/scoring/grading.py",
        "score_rows",
        "known[metric].over(",
    ),
    Step("The marks are each metric's.", "genbench/scoring/grading.py", "grade", "metric.grade("),
    Step("One mark: is the answer the target?", "genbench/scoring/matching.py", "exact_match", "pc.equal(predictions"),
    Step(
        "Answer and target met here, by question id; two ways part.",
        "genbench/scoring/grading.py",
        "join",
        "predictions.take(",
    ),
    Step(
        "The answer: a submission's, in a process without the targets.",
        "genbench/evaluation/worker.py",
        "_predict",
        "submission.predict(",
        by_file=True,
        aside=True,
    ),
    Step(
        "The target: put aside before that process began.",
        "genbench/data/sever.py",
        "sever",
        "target=together",
    ),
    Step(
        "Both came from the data that the task's entry built.",
        "genbench/evaluation/build.py",
        "load_unchecked",
        "entry(split.name",
    ),
    Step("The rule of the split divides the language.", "tasks/scan/task.py", "_by_rule", "Data(train"),
    Step("What a command stands for: the line that made it.", "tasks/scan/task.py", "phrases", "turn + act, verb"),
)


def line_of(root: Path, step: Step) -> str:
    """The line of a step as its file has it. Raises `LookupError` where the file, the function or the line is gone."""
    path = root / step.path
    if not path.is_file():
        raise LookupError(f"there is no file {step.path}; say in docs/making/one_number.py where it has gone")
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if step.function:
        scope: ast.AST | None = ast.parse(text)
        for name in step.function.split("."):
            scope = next((one for one in getattr(scope, "body", ()) if getattr(one, "name", "") == name), None)
        if not isinstance(scope, ast.FunctionDef):
            raise LookupError(f"{step.path} has no {step.function}; say in docs/making/one_number.py where it has gone")
        lines = lines[scope.lineno - 1 : scope.end_lineno]
    found = next((line.strip() for line in lines if step.some in line), None)
    if found is None:
        raise LookupError(f"{step.path}: {step.function} has no line with {step.some!r}; see docs/making/one_number.py")
    return found


def room_of(step: Step) -> str:
    """The room of the package, or what lies beside it."""
    parts = step.path.split("/")
    return {"genbench": parts[1], "leaderboard": "the page", "tasks": "the task"}[parts[0]]


def picture(root: Path) -> str:
    """The way from above: what happens, where, and the line itself."""
    parts = [
        f'<text class="name" x="{LEFT - 6}" y="28">One number, followed back</text>',
        f'<text class="faint" x="{LEFT - 6}" y="48">{ABOUT}</text>',
    ]
    main = [place for place, step in enumerate(WAY) if not step.aside]
    for before, after in pairwise(main):
        parts.append(_wire(f"M{LEFT} {_middle(before)}V{_middle(after)}", by_file=WAY[after].by_file))
    for place, step in enumerate(WAY):
        if step.aside:
            bend = f"M{LEFT} {_middle(place - 1)}C{LEFT} {_middle(place) - 20} {LEFT + 18} {_middle(place - 1) + 20}"
            parts.append(_wire(f"{bend} {LEFT + 18} {_middle(place)}", by_file=step.by_file))
        parts += _drawn(step, line_of(root, step), place)
    return ink.drawing("One number, followed back", WIDE, HEAD + STEP * len(WAY) + 8, parts)


def _middle(place: int) -> int:
    return HEAD + STEP * place + STEP // 2 - 4


def _wire(path: str, *, by_file: bool) -> str:
    dashes = ' stroke-dasharray="2 6"' if by_file else ""
    return f'<path class="wire" d="{path}" stroke-width="2"{dashes}/>'


def _drawn(step: Step, line: str, place: int) -> list[str]:
    middle, right = _middle(place), WIDE - 24
    where = f"{step.path} \N{RIGHTWARDS ARROW} {step.function}" if step.function else step.path
    code = line if len(line) <= LETTERS else line[: LETTERS - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return [
        f'<circle class="dot" cx="{LEFT + 18 * step.aside}" cy="{middle}" r="6"/>',
        f'<rect class="box" x="{ROOM[0]}" y="{middle - 13}" width="{ROOM[1]}" height="26" rx="5"/>',
        f'<text class="name" x="{ROOM[0] + ROOM[1] // 2}" y="{middle + 5}" text-anchor="middle">{room_of(step)}</text>',
        f'<text x="{TEXT}" y="{middle - 11}">{escape(step.says)}</text>',
        f'<text class="faint" x="{right}" y="{middle - 11}" text-anchor="end">{escape(where)}</text>',
        f'<rect x="{TEXT}" y="{middle - 2}" width="{right - TEXT}" height="26" rx="4" fill="var(--band)"/>',
        f'<text class="code" x="{TEXT + 10}" y="{middle + 15}" xml:space="preserve">{escape(code)}</text>',
    ]
