"""Questions that submissions miss: of each question set how many nobody answers right, and some with answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from genbench.analysis.standings.cells import newest_cells
from genbench.analysis.standings.floors import FLOORS
from genbench.report.contests import contest
from genbench.report.exports.texts import short
from genbench.report.site.answers import ANSWER, answers_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.standings import Headline, Standing
    from genbench.analysis.standings.cells import Cell
    from genbench.report.site.at_hand import AtHand
    from genbench.report.site.kept import Kept

RIGHT: Final = 0.5  # of the mark, over seeds, from which on a question counts as answered right
LEAST: Final = 2  # submissions, below which nothing is said of all
RANKED: Final = 3  # ranked ones, below which all that were graded are looked at
MOST: Final = 40  # submissions that are looked at, those that stand first
SHOWN: Final = 12  # questions, over all question sets of a split
EACH: Final = 5  # of one question set at most
TOLD: Final = 4  # submissions whose answers are shown


@dataclass(frozen=True, slots=True)
class Question:
    """One that most miss: where it stands along axes, what it asks, the target, how many are right, what some said."""

    number: int
    slices: tuple[tuple[str, str], ...]
    asked: str
    target: str
    right: int
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """A question set: how many of its questions none of `of` submissions answers right; some that the fewest do."""

    question_set: str
    of: int
    none: int
    total: int
    questions: tuple[Question, ...]


def lookers(standings: Sequence[Standing]) -> dict[str, list[str]]:
    """By question set that asks beyond training: who is looked at, the ranked where they are several, no floors.

    Of a metric without ends, or of which less is better, no answer is right or wrong.
    """
    found: dict[str, list[str]] = {}
    profile = min(one.profile for one in standings)
    asked = [one for one in standings if one.profile == profile and one.kind != "trained"]
    kind = "ood" if any(one.kind == "ood" for one in asked) else "id"
    for where in dict.fromkeys(contest(one) for one in asked if one.kind == kind):
        own = [one for one in asked if contest(one) == where and one.mean is not None]
        own = [one for one in own if one.submission.partition(" (")[0] not in FLOORS]
        ranked = [one for one in own if one.ranks is not None]
        graded = ranked if len(ranked) >= RANKED else own
        if len(graded) >= LEAST and graded[0].bounded and graded[0].direction == "higher":
            found[where[2]] = [one.submission for one in graded[:MOST]]
    return found


def missed(
    where: tuple[str, str, str],
    metric: str,
    names: Mapping[str, Sequence[str]],
    rows: Kept,
    headlines: Mapping[str, Headline],
    hand: AtHand,
) -> tuple[Missed, ...]:
    """Of a split (task, split, profile): what those `names` miss on each question set."""
    task, split, profile = where
    wanted = {name for own in names.values() for name in own}
    kept = [
        cell
        for cell in newest_cells(rows.of(task, split, wanted, profile), headlines)
        if cell.status == "ok" and cell.submission in wanted
    ]
    if not kept:
        return ()
    data = max({one.data for one in kept}, key=lambda one: (sum(cell.data == one for cell in kept), one))
    marked = rows.evidence.of(task, split, metric, {cell.cell for cell in kept}, data)
    asked = rows.evidence.questions(task, split, data)
    shown = hand.answered(task, split, data)
    each = max(1, min(EACH, SHOWN // max(1, len(names))))
    answers: dict[str, Any] = {}
    found = []
    for name, own in names.items():
        questions = asked.get(name)
        right = _right(name, own, kept, marked.marks, marked.orders.get(name, ""))
        if questions is None or len(right) < LEAST or any(len(one) != len(questions.ids) for one in right.values()):
            continue
        counts = np.sum(list(right.values()), axis=0)
        places = fewest(counts, each)
        first = list(right)[:TOLD]
        for one in first:
            if one not in answers:
                answers[one] = answers_of(next(cell for cell in kept if cell.submission == one), rows.stores)
        ids = [int(questions.ids[place]) for place in places]
        told = {one: said(answers[one], name, ids) for one in first}
        found.append(
            Missed(
                short(name),
                len(right),
                int((counts == 0).sum()),
                len(counts),
                tuple(
                    Question(
                        number,
                        tuple(
                            (short(axis), short(str(of[place].as_py()), 80)) for axis, of in questions.slices.items()
                        ),
                        "" if shown is None else shown.question(number),
                        short(str(questions.targets[place].as_py()), ANSWER),
                        int(counts[place]),
                        tuple((one, told[one].get(number, "")) for one in first),
                    )
                    for place, number in zip(places, ids, strict=True)
                ),
            )
        )
    return tuple(found)


def _right(
    question_set: str,
    names: Sequence[str],
    cells: Sequence[Cell],
    marks: Mapping[tuple[str, str], tuple[str, np.ndarray]],
    order: str,
) -> dict[str, np.ndarray]:
    """For each submission whether it answers each question right, by the mean over its seeds."""
    found = {}
    for name in names:
        own = [marks.get((cell.cell, question_set)) for cell in cells if cell.submission == name]
        known = [values for one in own if one is not None and one[0] == order for values in one[1:]]
        if known:
            found[name] = np.mean(known, axis=0) >= RIGHT
    return found


def fewest(counts: np.ndarray, most: int) -> list[int]:
    """Where the fewest are right; of more than are wanted some, spread over them."""
    least = np.flatnonzero(counts == counts.min())
    if len(least) > most:
        return [int(least[(2 * at + 1) * len(least) // (2 * most)]) for at in range(most)]
    return [int(one) for one in np.argsort(counts, kind="stable")[:most]]
