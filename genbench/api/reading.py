"""Rows of results as pandas frames, and what follows from them."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final

from genbench.api import RESULTS
from genbench.errors import BadValue, UnknownName, nearest
from genbench.report.reading import Rows
from genbench.report.wanted import wanted as wanted_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from genbench.analysis.standings import Evidence, Standing
    from genbench.api.plotting import Picture
    from genbench.cards import TaskCard
    from genbench.report.wanted import Wanted

    One = str | os.PathLike[str]
    Names = str | Sequence[str] | None
    Seeds = int | Sequence[int] | None

PROFILES: Final = ("full", "quick")


def results(*places: One) -> Results:
    """The rows of one results folder or several, local or at any fsspec URL; `genbench-results` where none is named.

    Nothing is read before it is asked for. Raises `StoreFault` where there are no results.

    >>> import genbench, tempfile
    >>> genbench.results(tempfile.gettempdir() + "/nowhere")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    genbench.errors.StoreFault: there are no results at '.../nowhere'; genbench.evaluate(..., out=...) makes some
    """
    found = Results(tuple(_place(one) for one in places or (RESULTS,)))
    found._rows.stores  # noqa: B018, SLF001  a folder that is not there is told here, not when a frame is asked for
    return found


def _place(given: object) -> str:
    if not isinstance(given, (str, os.PathLike)) or not (text := str(os.fspath(given))):
        raise BadValue(f"results are at {given!r}; it must be a folder's path or URL")
    return text


class Results:
    """Rows of results. `cells`, `scores`, `curves` and `predictions` are the tables as they are kept.

    `where` narrows them; then only files that may hold such rows are opened. Files that cannot be read are skipped and
    told by one warning. Columns are explained in `genbench/rows/schema.py`.
    """

    def __init__(
        self, places: tuple[str, ...], wanted: tuple[Wanted, ...] = (), known: Mapping[str, TaskCard] | None = None
    ) -> None:
        self.places = places
        self._rows = Rows(places, wanted)
        self._known = dict(known or {})  # cards of tasks that were named by folder

    def where(
        self, *, task: Names = None, submission: Names = None, profile: Names = None, seed: Seeds = None
    ) -> Results:
        """These results, of some rows only.

        `task` is a task, `task/split` or a glob, `submission` a label or a glob as in `mlp@*`, each as it labels rows;
        `profile` is quick or full; `seed` a number. Each may be a list.
        """
        more = wanted_rows(task, submission, profile, seed)
        return Results(self.places, (*self._rows.wanted, more), self._known)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row a cell, failed ones too: status, detail, seconds, parameters, fingerprints, versions.

        In order of task, split, submission, profile and seed; of a cell that has several, the oldest first.
        """
        order = ["task", "split", "submission", "profile", "seed", "started", "cell"]
        found = self._rows.cells.drop_columns("place")
        return found.sort_by([(name, "ascending") for name in order]).to_pandas()

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Cell x question set x slice x metric: `value`, the mean over `n` questions.

        Rows of a whole question set have an empty `axis` and `slice`.
        """
        return self._rows.table("scores").to_pandas()

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Cell x step x question set x metric, of submissions whose fit yields steps."""
        return self._rows.table("curves").to_pandas()

    def predictions(
        self, *, task: Names = None, submission: Names = None, profile: Names = None, seed: Seeds = None
    ) -> pd.DataFrame:
        """Cell x question: `prediction` and `target` as text, `correct`, and `slices`, a dict of axis -> value.

        Of the cells that count: the newest of each submission, split, seed and profile that ended well. The columns
        task, split, submission, profile and seed come first. One file is opened for each such cell.
        """
        import pandas as pd

        rows = self.where(task=task, submission=submission, profile=profile, seed=seed)._rows  # noqa: SLF001  our own
        cells = [row for row in rows.newest() if row["status"] == "ok"]
        found = rows.predictions(cells).to_pandas(maps_as_pydicts="strict", strings_to_categorical=False)
        found["cell"] = found["cell"].astype(str)
        found["question_set"] = found["question_set"].astype(str)
        who = pd.DataFrame(cells, columns=["task", "split", "submission", "profile", "seed", "cell"])
        return who.merge(found, on="cell", how="right")[[*who.columns, *found.columns.drop("cell")]]

    def standings(self) -> pd.DataFrame:
        """What a leaderboard shows: mean and 95 % interval over seeds, a row for each submission and question set.

        In the order of a leaderboard. `rank` and `rank_last` are the ranks it may have, empty where `unranked` says
        why, and `provisional` that more seeds would mend it; `failed` counts cells by status; `seed_values` maps seeds
        to scores. Of cells that were run again the newest counts.
        """
        import pandas as pd

        columns = list(_COLUMNS)
        rows = [[_told(name, one) for name in columns] for one in self._standings]
        return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64", "rank_last": "Int64"})

    def overall(self) -> pd.DataFrame:
        """All splits together, a row for each submission of the full profile: its mean above the floor, with interval.

        `borda` and `improvement` do not depend on how far apart scores are, and `moved` is how many places Borda's
        order puts it above this one; a split without a score counts as the floor, and `splits` of `of` have one.
        `attrs` has `tau`, how far tasks order submissions alike (Kendall; None for one task), and how many `tasks`.
        """
        import dataclasses

        import pandas as pd

        from genbench.analysis.standings.overall import Overall, overall

        found, agreement = overall(self._standings)
        columns = [field.name for field in dataclasses.fields(Overall)]
        frame = pd.DataFrame([dataclasses.asdict(one) for one in found], columns=columns)
        frame.attrs |= dataclasses.asdict(agreement)
        return frame

    def wrong(
        self,
        submission: str,
        task: str,
        n: int | None = 10,
        *,
        seed: int | None = None,
        profile: str | None = None,
        question_set: str | None = None,
    ) -> pd.DataFrame:
        """Questions that a submission answered wrongly, with target and answer; the first `n` by question id, or all.

        Ids are shuffled, so the first are a fair draw. Of one cell: that of `seed` and `profile`, else of the least
        seed there is, full before quick. The columns are question_id, question_set, the inputs, target, prediction,
        and the axes' values. The split's data are built for it.

        Raises `UnknownName` where there is no such cell, `BadValue` where none ended well, and `BadData` where the
        task's questions are others than those that were answered.
        """
        from genbench.api import wrong

        rows = self.where(task=task, submission=submission, profile=profile, seed=seed)._rows  # noqa: SLF001  our own
        cells = rows.newest()
        if not cells:
            raise UnknownName(f"there are no rows of {submission!r} on {task!r}{self._hint(submission, task)}")
        well = [row for row in cells if row["status"] == "ok"]
        if not well:
            raise BadValue(f"{submission} on {task}: no cell ended well; the last: {cells[-1]['detail']}")
        splits = {f"{row['task']}/{row['split']}" for row in well}
        names = {row["submission"] for row in well}
        if len(splits) > 1 or len(names) > 1:
            raise BadValue(f"{submission!r} on {task!r} names {', '.join(sorted(names | splits))}; name one of each")
        cell = min(well, key=lambda row: (PROFILES.index(row["profile"]), row["seed"]))
        return wrong.answers(cell, rows.predictions([cell]), self._tasks(), n, question_set)

    def plot(
        self,
        axis: str = "length",
        *,
        task: Names = None,
        submission: Names = None,
        profile: Names = None,
        question_set: str | None = None,
    ) -> Picture:
        """Means along an axis, or by training step where `axis` is "step", with their 95 % intervals.

        A panel for each split and question set, its eight best submissions in each; dashed lines are chance. Of a split
        with rows of the full profile, these alone are drawn. A notebook shows the picture; `.save("picture.svg")`
        writes it. Raises `UnknownName` where no split has the axis or the question set.
        """
        from genbench.api import plotting
        from genbench.report.results import headlines

        rows = self.where(task=task, submission=submission, profile=profile)._rows  # noqa: SLF001  our own
        curves = rows.table("curves") if axis == plotting.STEP else None
        cells = rows.cells.drop_columns("place")
        return plotting.plot(
            cells, rows.table("scores"), curves, headlines(self._tasks()), axis, question_set, self._evidence()
        )

    @cached_property
    def _standings(self) -> tuple[Standing, ...]:
        from genbench.analysis.standings import standings
        from genbench.report.results import headlines

        cells, scores = self._rows.cells.drop_columns("place"), self._rows.table("scores")
        return standings(cells, scores, headlines(self._tasks()), self._evidence())

    def _evidence(self) -> Evidence:
        return self._rows.evidence(self._tasks())

    def _hint(self, submission: str, task: str) -> str:
        cells = self._rows.cells.select(["task", "split", "submission"]).to_pylist()
        splits = {f"{row['task']}/{row['split']}" for row in cells}
        if task not in splits:
            return nearest(task, splits)
        return nearest(submission, {row["submission"] for row in cells if f"{row['task']}/{row['split']}" == task})

    def _tasks(self) -> dict[str, TaskCard]:
        from genbench import registry

        return {**registry.catalogue().tasks, **self._known}

    def _repr_html_(self) -> str:
        from genbench.report import notebook_tables

        return notebook_tables.tables(self._standings)

    def __repr__(self) -> str:
        cells = self._rows.cells
        count = {name: len(cells.column(name).unique()) for name in ("task", "submission")}
        return (
            f"<genbench.Results at {', '.join(self.places)}: {cells.num_rows} cells of {count['task']} tasks "
            f"and {count['submission']} submissions>"
        )


_COLUMNS: Final = (
    *("task", "split", "question_set", "kind", "profile", "rank", "rank_last", "submission", "metric"),
    *("mean", "low", "high", "gap", "gap_low", "gap_high", "chance", "floor", "above_floor", "seeds", "questions"),
    *("failed", "unranked", "provisional", "fit_seconds", "seed_values"),
    *("superseded", "editions"),
)


def _told(name: str, one: Standing) -> object:
    """What a standing says under a column's name."""
    if name in {"rank", "rank_last"}:
        return None if one.ranks is None else one.ranks[name == "rank_last"]
    if name in {"gap", "gap_low", "gap_high"}:
        return None if one.gap is None else getattr(one.gap, name.removeprefix("gap_").replace("gap", "value"))
    value = getattr(one, name)
    return dict(value) if name in {"failed", "seed_values"} else value  # pairs, by name
