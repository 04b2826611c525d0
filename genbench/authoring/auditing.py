"""Stored rows held against what they say of themselves: `genbench verify`.

A score is believed because it can be made again: from the answers that are stored, and from the targets that the task
gives today. What cannot be looked at from here is said as a note, never taken for right: learning curves, whose answers
are not kept, seconds and counts, which are a submission's word, and answers themselves, for which cells are run again.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, get_args

import pyarrow.compute as pc

from genbench import cards, registry
from genbench.authoring.comparing import differing_scores
from genbench.authoring.contests import LOOKED_AT, Contest, today_of
from genbench.authoring.regrading import regraded
from genbench.cards import entries
from genbench.cards.addresses import card_name
from genbench.data import sources
from genbench.edition import EDITION
from genbench.errors import GenbenchError
from genbench.evaluation.build import build
from genbench.evaluation.cell import Sealing, Status
from genbench.evaluation.salt import NAMED, drawn
from genbench.rows import clocks
from genbench.rows.lineage import lineage_of
from genbench.scoring import grading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from genbench.authoring.contests import Today
    from genbench.evaluation.salt import Salt
    from genbench.registry import Catalogue, ChosenSplit
    from genbench.rows.store import Store

    Row = Mapping[str, Any]

BEYOND: Final = 120.0  # seconds that a cell may take beside its budget: to start, to predict, to be ended
SHOWN: Final = 3  # scores that are told of one cell


@dataclass(frozen=True, slots=True)
class Audited:
    """One cell, or a file that is none: what speaks against it, and what could not be looked at."""

    row: Row | None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """`scan/length  lstm  seed 0`; empty for a file."""
        row = self.row
        return "" if row is None else f"{row['task']}/{row['split']}  {row['submission']}  seed {row['seed']}"


def audit(
    store: Store,
    found: Catalogue,
    takes: Callable[[Row], bool] = lambda _: True,
    *,
    build_tasks: bool = True,
    salt: Salt | None = None,
) -> Iterator[Audited]:
    """Hold each cell of a results folder that is wanted against its answers, its task and its names; change nothing.

    `build_tasks` says whether targets are built and compared; nothing is fetched for it. Those of data that were drawn
    from a secret are where `salt` is that secret, and noted otherwise. Files that cannot be read come
    first, each a fault. Raises `StoreFault` where there are no results.
    """
    read = store.read("cells", LOOKED_AT)
    for line in read.skipped:
        yield Audited(None, (line,))
    rows = read.table.to_pylist()
    copies: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        copies[row["cell"]].append(row)
    looking = _Looking(store, found, build_tasks=build_tasks, salt=salt)
    for row in sorted(rows, key=lambda row: (row["task"], row["split"], row["submission"], row["seed"])):
        if takes(row):
            one = looking.at(row)
            if any(other != row for other in copies[row["cell"]]):
                one.faults.append("another file has a cell of this name that says something else")
            yield Audited(row, tuple(one.faults), tuple(one.notes))


@dataclass
class _Said:
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Looking:
    """What was built and read so far, so that it is once."""

    def __init__(self, store: Store, found: Catalogue, *, build_tasks: bool, salt: Salt | None) -> None:
        self.store, self.found, self.build_tasks, self.salt = store, found, build_tasks, salt
        self.folders: dict[Any, str] = {}
        self.contests: dict[Contest, Today | str] = {}
        self.built: tuple[tuple[str, str], Any] = (("", ""), None)  # of the newest split alone: some are large
        self.now = dt.datetime.now(dt.UTC)

    def at(self, row: Row) -> _Said:
        said = _Said()
        said.faults += [*_implausible(row, self.now), *_of_no_secret(row)]
        if not said.faults:  # of a row that is none, a name says nothing
            self._names(row, said)
        if row["status"] == "ok":
            self._scores(row, said)
            if self.build_tasks:
                self._targets(row, said)
        elif self._stored("scores", row) is not None:
            said.faults.append(f"its status is {row['status']}, and it has scores")
        return said

    def _stored(self, table: Any, row: Row) -> pa.Table | str | None:
        found: pa.Table | str | None = self.store.read_cell(
            table, row["task"], card_name(row["submission"]), row["cell"]
        )
        return found if isinstance(found, str) or (found is not None and len(found)) else None

    def _names(self, row: Row, said: _Said) -> None:
        """Whether the cell's name is the digest of what the row says of itself, where that is of today's code."""
        if row["sealing"] == "none":
            return  # of a function in a notebook, or of a file: there is no folder to hold it against
        contest = Contest(row["task"], row["split"], row["submission"], row["profile"])
        if contest not in self.contests:
            try:
                self.contests[contest] = today_of(contest, self.found, self.folders)
            except GenbenchError as fault:
                self.contests[contest] = str(fault).splitlines()[0]
        today = self.contests[contest]
        if isinstance(today, str):
            said.notes.append(f"not known here: {today}")
        elif row["edition"] != EDITION or any(
            row[name] != today.columns[name] for name in ("task_fingerprint", "submission_fingerprint")
        ):
            said.notes.append("of other code than today's")
        elif why := today.against(row):
            said.notes.append(why)
        elif row["cell"] != today.key(row["seed"], row["data_fingerprint"], row["salt"]):
            said.faults.append("its name is not the digest of what it says of itself")

    def _scores(self, row: Row, said: _Said) -> None:
        """Whether the stored answers give the stored scores and marks."""
        scores = self._stored("scores", row)
        if scores is None or isinstance(scores, str):
            said.faults.append(scores or "it has no scores")
            return
        try:
            fresh = regraded(self.store, row, self.found, self.salt)
        except (GenbenchError, ValueError) as fault:
            place = said.notes if row["task"] not in self.found.tasks or self._secret(row) else said.faults
            place.append(f"its answers cannot be graded again: {str(fault).splitlines()[0]}")
            return
        known = set(scores.column("metric").to_pylist())
        lacking = sorted(set(fresh.scores.column("metric").to_pylist()) - known)
        if lacking:
            said.notes.append(f"older than {', '.join(lacking)}; `genbench rescore` adds what is missing")
        made = fresh.scores.filter(pc.is_in(fresh.scores.column("metric"), pc.unique(scores.column("metric"))))
        differing = list(differing_scores(scores, made))
        more = f" (and {len(differing) - SHOWN} more)" if len(differing) > SHOWN else ""
        if differing:
            said.faults.append(f"its answers give other scores: {'; '.join(differing[:SHOWN])}{more}")
        stored = self._stored("predictions", row)
        if not isinstance(stored, str) and stored is not None:
            right = fresh.predictions.sort_by("question_id").column("correct")
            if not stored.sort_by("question_id").column("correct").equals(right):
                said.faults.append("what it calls correct is not what its answers are")
        self._marks(row, fresh.marks, said)

    def _marks(self, row: Row, fresh: pa.Table, said: _Said) -> None:
        marks = self._stored("marks", row)
        if isinstance(marks, str):
            said.faults.append(marks)
        elif marks is not None:
            columns = ("question_set", "metric", "n", "order", "form", "marks")
            made = {tuple(one[name] for name in columns) for one in fresh.to_pylist()}
            if not {tuple(one[name] for name in columns) for one in marks.to_pylist()} <= made:
                said.faults.append("its marks are not those of its answers")

    def _targets(self, row: Row, said: _Said) -> None:
        """Whether the targets beside the answers are those that the task gives."""
        built = self._built(row)
        if isinstance(built, str):
            said.notes.append(f"targets not compared: {built}")
            return
        if built.fingerprint != row["data_fingerprint"]:
            said.notes.append(f"its data are not those that the task gives today, {built.fingerprint[:19]}...")
            return
        stored = self._stored("predictions", row)
        if stored is None or isinstance(stored, str):
            return  # said where its scores were looked at
        targets = built.targets
        in_order = stored.sort_by("question_id")
        ids = in_order.column("question_id").to_pylist()
        if ids != list(range(len(targets.target))):
            said.faults.append(f"it answers {len(ids)} questions of other ids; the task asks {len(targets.target)}")
            return
        texts = grading.as_text(targets.target)
        wrong = pc.sum(pc.not_equal(in_order.column("target").combine_chunks(), texts)).as_py() or 0
        if wrong:
            said.faults.append(f"{wrong} of {len(texts)} targets are not those that the task gives")
        names = [targets.sets[place] for place in targets.question_set]
        if in_order.column("question_set").cast("string").to_pylist() != names:
            said.faults.append("questions stand in other question sets than the task has them in")

    def _secret(self, row: Row) -> bool:
        """Whether a cell's data are drawn from a secret that is not at hand."""
        try:
            chosen = drawn(_split_of(row, self.found), self.salt)
        except GenbenchError:
            return False
        return bool(chosen.salted) and chosen.drawn_from is None

    def _built(self, row: Row) -> Any:
        """The split that a cell answers, built without fetching anything; why not, where it cannot be."""
        name = (row["task"], row["split"])
        if self.built[0] != name:
            try:
                with sources.offline():
                    self.built = (name, build(drawn(_split_of(row, self.found), self.salt)))
            except GenbenchError as fault:
                self.built = (name, str(fault).splitlines()[0])
            except MemoryError as fault:
                self.built = (name, f"it cannot be built here: {entries.first_line(fault)}")
        return self.built[1]


def _split_of(row: Row, found: Catalogue) -> ChosenSplit:
    (split,) = registry.choose_splits([f"{row['task']}/{row['split']}"], found, typed_now=False)
    return split


def _of_no_secret(row: Row) -> Iterator[str]:
    """Whether a split that is called by a secret is of the secret that the row says."""
    try:
        _, salted = cards.draw_of(cards.address(row["split"]).given)
    except GenbenchError:  # a label that is none is told where the task is looked for
        return
    own = (row["salt"] or "").removeprefix("sha256:")
    if salted and (salted != f"x{own[:NAMED]}" or len(own) < NAMED):
        yield f"its data are called drawn from {salted}, and its salt is {row['salt'] or 'none'}"


def _implausible(row: Row, now: dt.datetime) -> Iterator[str]:
    """What no evaluation writes."""
    if row["status"] not in get_args(Status):
        yield f"its status is {row['status']!r}; it is one of {', '.join(get_args(Status))}"
    if row["sealing"] not in get_args(Sealing):
        yield f"its sealing is {row['sealing']!r}; it is one of {', '.join(get_args(Sealing))}"
    if row["profile"] not in {"quick", "full"}:
        yield f"its profile is {row['profile']!r}; it is quick or full"
    if row["seed"] < 0:
        yield f"its seed is {row['seed']}; seeds are 0, 1, 2, ..."
    if clocks.to_come(row["started"], now):
        yield f"it started at {row['started']:%Y-%m-%d %H:%M}, which is still to come"
    for name in ("fit_seconds", "predict_seconds", "cell_seconds", "cpu_seconds", "training_flops"):
        value = row[name]
        if value is not None and not (math.isfinite(value) and value >= 0):
            yield f"its {name} is {value}; it must be a number from 0 on"
    if row["status"] == "ok" and row["cell_seconds"] > row["budget_seconds"] + BEYOND and row["sealing"] != "none":
        yield f"it ended well after {row['cell_seconds']:.0f} s with a budget of {row['budget_seconds']:.0f} s"
    for name in ("task_params", "submission_params", "versions", "machine", "environment"):
        try:
            json.loads(row[name])
        except ValueError:
            yield f"its {name} is {row[name]!r:.60}; it must be JSON"
    try:
        lineage_of(row)
    except GenbenchError as fault:
        yield str(fault)
