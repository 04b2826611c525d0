"""Means of submissions beside each other, by question set or along an axis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genbench import registry
from genbench.errors import UnknownName, nearest
from genbench.report.results import headlines, tables_of, wanted_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.standings import SliceStanding, Standing

WHOLE = "question_set"  # what means are told by where no axis is asked for


def beside(results: Sequence[str], tasks: Sequence[str], by: str, form: str, metric: str | None = None) -> None:
    """Print the means of each split as one table: a row a submission, a column a question set, or a slice of an axis.

    `by` is `question_set` or the name of an axis, of which each question set has a table. Chance, where it is known,
    is the first row. `metric` is shown in place of the headline, by the splits that have it, and its chance is not
    known. Raises `UnknownName` where no split has the axis or the metric, or none is named by `tasks`.
    """
    from itertools import groupby

    from genbench.analysis.standings import SliceStanding, by_slice, standings
    from genbench.report.wording import figure
    from genbench.scoring import metrics

    cells, scores = tables_of(results, ("cells", "scores"))
    told = headlines(registry.catalogue().tasks)
    if metric is not None:
        bounded = metrics.of_questions(metrics.named(metric).name)
        told = {name: replace(one, metric=metric, chance={}, bounded=bounded) for name, one in told.items()}
    find = standings if by == WHOLE else by_slice
    rows: Sequence[Standing | SliceStanding] = find(cells, scores, told)
    wanted = wanted_by(tasks, ())
    named = [one for one in rows if wanted(f"{one.task}/{one.split}", one.submission)]
    if metric is not None:
        named = [one for one in named if one.mean is not None]
        if not named:
            raise UnknownName(f"there are no rows of the metric {metric!r} of {' or '.join(tasks) or 'any split'}")
    if not named:
        every = sorted({f"{one.task}/{one.split}" for one in rows})
        raise UnknownName(f"there are no rows of {' or '.join(tasks) or 'any split'}{nearest(''.join(tasks), every)}")
    own = [one for one in named if not isinstance(one, SliceStanding) or one.axis == by]
    if not own:
        axes = sorted({one.axis for one in named if isinstance(one, SliceStanding)})
        raise UnknownName(f"no split of these has the axis {by!r}{nearest(by, [WHOLE, *axes])}")

    def table(one: Standing | SliceStanding) -> tuple[str, ...]:
        return (one.task, one.split, one.profile, *(() if by == WHOLE else (one.question_set,)))

    for where, group in groupby(sorted(own, key=table), key=table):
        parts = list(group)
        columns = list(dict.fromkeys(_column(one) for one in parts))
        means = {(one.submission, _column(one)): figure(one.mean, one.bounded) for one in parts}
        seeds = {one.submission: str(one.seeds) for one in parts}
        chance = {_column(one): figure(one.chance, one.bounded) for one in parts if one.chance is not None}
        lines = [["chance level", "", *(chance.get(column, "") for column in columns)]] if chance else []
        for name, count in seeds.items():
            lines.append([name, count, *(means.get((name, column), "") for column in columns)])
        about = ", ".join([f"{where[0]}/{where[1]}", *where[3:], parts[0].metric, f"{where[2]} profile"])
        _matrix(about, ["submission", "seeds", *columns], lines, form)


def _column(one: Standing | SliceStanding) -> str:
    return getattr(one, "slice", one.question_set)


def _matrix(about: str, head: Sequence[str], lines: Sequence[Sequence[str]], form: str) -> None:
    if form == "markdown":
        escaped = [[text.replace("|", "\\|").replace("<", "&lt;") for text in line] for line in lines]
        print(f"\n{about}:\n\n| {' | '.join(head)} |\n| --- |{' --: |' * (len(head) - 1)}")
        print("\n".join(f"| {' | '.join(line)} |" for line in escaped))
        return
    wide = [max(len(line[place]) for line in [head, *lines]) for place in range(len(head))]
    print(about)
    for line in [head, *lines]:
        texts = [line[0].ljust(wide[0]), *(text.rjust(width) for text, width in zip(line[1:], wide[1:], strict=True))]
        print("  ".join(texts).rstrip())
    print()
