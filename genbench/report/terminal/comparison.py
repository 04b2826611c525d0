"""Two submissions beside each other, on each question set that both answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench import registry
from genbench.errors import BadValue, UnknownName, nearest
from genbench.report.results import evidence_of, headlines, tables_of
from genbench.report.tables import Column, table_of
from genbench.report.terminal import exits
from genbench.report.wording import NONE, figure, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.comparison import Comparison, Rows
    from genbench.report.filters import Filter
    from genbench.report.output import Output
    from genbench.report.tables import Row, Table

SLICE: Final = "  "  # before the name of a slice, below its question set


def compare(
    names: tuple[str, str],
    results: tuple[Sequence[str], Sequence[str]],
    chosen: Filter,
    by: str,
    output: Output,
    *,
    fail_if_worse: bool,
) -> int:
    """Print how two submissions differ, each in its own results folders; the exit code.

    Raises `UnknownName` where there are no rows of one of them, `BadValue` where there is nothing to compare.
    """
    from genbench.analysis.comparison import compare as compared

    known = registry.catalogue().tasks
    facts = headlines(known)
    one, other = (_rows(places) for places in results)
    for name, rows in zip(names, (one, other), strict=True):
        there = set(rows.cells.column("submission").to_pylist())
        if name not in there:
            raise UnknownName(f"there are no rows of the submission {name!r}{nearest(name, there)}")
    found, left_out, lost = compared((one, names[0]), (other, names[1]), facts, chosen.takes_split, by)
    found = [each for each in found if chosen.profile in {None, each.profile}]
    if by and found and not any(each.axis for each in found):
        axes = sorted({axis for each in facts.values() for axis in each.axes})
        raise UnknownName(f"no split of these has the axis {by!r}{nearest(by, axes)}")
    for line in left_out:
        output.note(f"left out: {line}")
    if not found and not (fail_if_worse and lost):
        raise BadValue(f"{names[0]} and {names[1]} have answered no question set both, of those that were chosen")
    asked = _asked(found, (one, other))
    if found:
        output.show(_table(found, names, by), *([] if asked is None else [asked]))
    worse = [each for each in found if not each.axis and each.verdict == "worse"]
    return exits.FAILED_CELLS if fail_if_worse and (worse or lost) else exits.OK


def _rows(places: Sequence[str]) -> Rows:
    from genbench.analysis.comparison import Rows

    cells, scores = tables_of(places, ("cells", "scores"))
    return Rows(cells, scores, evidence_of(places, registry.catalogue().tasks))


def _table(found: Sequence[Comparison], names: tuple[str, str], by: str) -> Table:
    rows = [_values(each) for each in found]
    notes = [
        f"difference: {names[0]} less {names[1]}, on the same questions, with its 95 % interval",
        "p: of a question set, adjusted for their number (Holm)" + ("; of a slice, as it is" if by else ""),
        "won, lost: questions on which the mean over seeds is better, and worse",
        "would separate: seeds of each, or questions, from which a difference as large would be sure by itself",
    ]
    if any(min(each.seeds, each.other_seeds) == 1 for each in found):
        notes.append("one seed of either says nothing of how much seeds differ: these p hold for these very seeds")
    notes += _of_other_code(found, names)
    return table_of(
        "comparison", _columns(names), rows, notes=tuple(notes), strong=lambda row: row["verdict"] == "better"
    )


def _of_other_code(found: Sequence[Comparison], names: tuple[str, str]) -> list[str]:
    """Where seeds of one submission, or the rows of both, are not of one code."""
    from genbench.analysis.comparison import label_of

    labels = {label_of((each.task, each.split, each.profile)): each for each in found}
    told = []
    for name, mixed in (
        (names[0], [label for label, each in labels.items() if each.editions > 1]),
        (names[1], [label for label, each in labels.items() if each.other_editions > 1]),
    ):
        if mixed:
            told.append(f"the seeds of {name} are of different code, parameters or versions on {', '.join(mixed)}")
    if apart := [label for label, each in labels.items() if not each.same_task]:
        told.append(f"the two were asked and graded by different code of the task or engine on {', '.join(apart)}")
    return told


def _columns(names: tuple[str, str]) -> tuple[Column, ...]:
    return (
        Column("task", "text", "task, as its card names it"),
        Column("split", "text", "split, with overridden parameters", "split", _label),
        Column("profile", "text", "quick or full"),
        Column("question_set", "text", "name of the question set", "asked", _asked_of),
        Column("axis", "text", "axis of the slice; empty for the whole question set"),
        Column("slice", "text", "value on that axis; likewise"),
        Column("metric", "text", "the headline metric of the task"),
        Column("bounded", "boolean", "whether the metric lies between 0 and 1 for each question"),
        Column("mean", "number", f"mean of {names[0]}", names[0], lambda row: figure(row["mean"], row["bounded"])),
        Column(
            "other_mean",
            "number",
            f"mean of {names[1]}",
            names[1],
            lambda row: figure(row["other_mean"], row["bounded"]),
        ),
        Column(
            "difference",
            "number",
            "the one less the other",
            "difference",
            lambda row: figure(row["difference"], row["bounded"]),
        ),
        Column(
            "low",
            "number",
            "lower end of its 95 % interval",
            "95 % interval",
            lambda row: span(row["low"], row["high"], row["bounded"]),
        ),
        Column("high", "number", "upper end of it"),
        Column("p", "number", "two-sided p, not adjusted"),
        Column(
            "adjusted_p",
            "number",
            "p adjusted by Holm over the question sets compared; of a slice p as it is",
            "p",
            lambda row: "<.001" if row["adjusted_p"] < 0.001 else f"{row['adjusted_p']:.3f}",
        ),
        Column("won", "integer", "questions on which the one is better", "won"),
        Column("lost", "integer", "questions on which it is worse", "lost"),
        Column("questions", "integer", "questions compared"),
        Column("seeds", "integer", f"seeds of {names[0]} that were graded", "seeds", _seeds),
        Column("other_seeds", "integer", f"seeds of {names[1]} that were graded"),
        Column("failed", "integer", f"cells of {names[0]} that failed, and are in no mean"),
        Column("other_failed", "integer", f"cells of {names[1]} likewise"),
        Column("verdict", "text", "better or worse, of the one, where that is sure; else not separated", "verdict"),
        Column(
            "seeds_needed",
            "integer",
            "seeds of each from which a difference as large would be sure; null where no number would do",
            "would separate",
            _needed,
        ),
        Column("questions_needed", "integer", "questions likewise"),
        Column(
            "editions", "integer", f"of {names[0]}; above 1 its seeds are of different code, parameters or versions"
        ),
        Column("other_editions", "integer", f"of {names[1]} likewise"),
        Column("same_task", "boolean", "whether the same code of task and engine asked and graded both"),
    )


def _values(one: Comparison) -> list[Any]:
    who = [one.task, one.split, one.profile, one.question_set, one.axis, one.slice, one.metric, one.bounded]
    test = [one.found.difference, one.found.low, one.found.high, one.found.p, one.adjusted]
    counts = [one.won, one.lost, one.questions, one.seeds, one.other_seeds, one.failed, one.other_failed]
    editions = [one.editions, one.other_editions, one.same_task]
    needed = [one.verdict, one.more_seeds, one.more_questions]
    return [*who, one.mean, one.other_mean, *test, *counts, *needed, *editions]


def _label(row: Row) -> str:
    return "" if row["axis"] else f"{row['task']}/{row['split']}" + (" (quick)" if row["profile"] == "quick" else "")


def _asked_of(row: Row) -> str:
    return f"{SLICE}{row['axis']} {row['slice']}" if row["axis"] else str(row["question_set"])


def _seeds(row: Row) -> str:
    lost = row["failed"] + row["other_failed"]
    return f"{row['seeds']}, {row['other_seeds']}" + (f" ({lost} failed)" if lost else "")


def _needed(row: Row) -> str:
    if row["verdict"] != "not separated" or row["difference"] == 0:
        return ""
    told = []
    if row["seeds_needed"] is not None:
        told.append(f"{row['seeds_needed']} seeds")
    if row["questions_needed"] is not None:
        told.append(f"{row['questions_needed']:,} questions")
    return " or ".join(told) or NONE


def _asked(found: Sequence[Comparison], rows: tuple[Rows, Rows]) -> Table | None:
    """The questions of the whole sets on which the two differ most, by id, of the split that differs most."""
    whole = [each for each in found if not each.axis and each.most]
    if not whole:
        return None
    one = max(whole, key=lambda each: abs(each.found.difference))
    values = _ids(one, rows[0])
    if not values:
        return None
    columns = (
        Column("question_id", "integer", "id of the question, as PREDICTIONS have it", "question"),
        Column("target", "text", "the right answer", "target", lambda row: _short(row["target"])),
    )
    title = f"{one.task}/{one.split} {one.question_set}: the questions on which they differ most"
    return table_of("questions", columns, values, title=title)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def _ids(one: Comparison, rows: Rows) -> list[list[Any]]:
    import pyarrow.compute as pc

    from genbench.analysis.standings.cells import newest_cells
    from genbench.analysis.standings.splits import current

    facts = headlines(registry.catalogue().tasks)
    own = rows.cells.filter(pc.and_(pc.equal(rows.cells["task"], one.task), pc.equal(rows.cells["split"], one.split)))
    fact = facts.get(f"{one.task}/{one.split}")
    if fact is None:
        return []
    questions = rows.evidence.questions(one.task, one.split, current(newest_cells(own, facts), fact)).get(
        one.question_set
    )
    if questions is None or len(questions.ids) != one.questions:
        return []
    return [[int(questions.ids[place]), str(questions.targets[place].as_py())] for place in one.most]
