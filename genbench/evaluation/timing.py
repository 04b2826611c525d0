"""Time submissions: how fast they fit and answer, what they weigh, beside what the machine can multiply.

Each submission is timed on each split in interpreters of its own, one at a time, set up as an evaluation's are. The
first repeats `fit` and `predict` until the 95 % interval of each median is narrower than 5 % of it, or until repeats or
seconds run out; each row says which. The others start from nothing, fit and answer, for the cold start and the memory.

    cold_start          seconds from the start of the interpreter to the constructed submission, and the first answer;
                        fit, and the opening of the data in between, are left out
    fit                 seconds of one fit, of a submission constructed anew
    fit_throughput      examples and tokens a second of fit
    fit_rate            flop/s of fit, where the submission tells its training_flops
    fit_share           fit_rate over matmul, on a CPU
    predict_latency     seconds of one predict at batch 1: median, interval, 95th percentile
    predict_throughput  questions a second at a batch size; the largest asks all at once
    peak_memory         bytes, of one fit and of answering all questions
    matmul              flop/s of numpy's float32 product of 1024 x 1024 matrices on the CPU, with the same threads
    copy                bytes/s of numpy's copy of an array of 64 MiB, by one thread: what memory gives

A submission that sets `examples_seen` and `tokens_seen` in fit has these counted, else each row of train counts once:
right for what reads its training data once, too little for what takes several epochs. The column `counted` tells.
Tokens are whitespace tokens of strings, elements of lists, and one for any other value, inputs and target together.
"""

from __future__ import annotations

import functools
import json
import math
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import pyarrow as pa
import pyarrow.compute as pc

from genbench import strangers
from genbench.errors import BadValue, EntryFault, GenbenchError, SubmissionFault
from genbench.evaluation import build, keys, prepare, records
from genbench.evaluation.executors.jobs import REPORT_BYTES
from genbench.evaluation.executors.process import Process
from genbench.evaluation.handed_in import answers_of
from genbench.evaluation.repeats import Ended, Repeats, Rule, interval, repeat_after
from genbench.evaluation.run import Done, SplitFault, unsupplied
from genbench.evaluation.supplies import supplies
from genbench.evaluation.timed_worker import BATCHES, COPIED, SIDE, TIMED, WANTED
from genbench.rows import provenance
from genbench.rows.schema import TIMINGS, to_table
from genbench.scoring import grading

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from genbench.evaluation.build import Built
    from genbench.evaluation.cell import Outcome
    from genbench.evaluation.plan import Cell, Plan
    from genbench.evaluation.run import Unsupplied
    from genbench.evaluation.supplies import Supply
    from genbench.rows.store import Store

    Events = Generator["Timed | SplitFault | Unsupplied", None, None]

SERIES: Final = len(BATCHES) + 4  # measurements of the first interpreter: all questions at once, fit, matmul, copy
COLD: Final = 3  # times the seconds of another measurement for cold starts, for six of them take longer
TAIL: Final = 0.95  # the percentile told beside the median latency


@dataclass(frozen=True, slots=True)
class Timed:
    """One submission on one split behind us; without rows where its status is not ok."""

    done: Done
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _Child:
    """What one interpreter measured; its values come from a process that ran a stranger's code."""

    outcome: Outcome
    found: Mapping[str, Any]

    def number(self, name: str) -> float:
        """A finite number above 0. Raises `_Failed` for anything else."""
        return _positive(self.found.get(name), name)

    @property
    def cold_start(self) -> float:
        """Seconds to the constructed submission, by the wall clock that both processes read, and the first answer."""
        constructed = self.number("constructed") - self.outcome.started
        return _positive(constructed, "the time to construct") + self.number("first_answer_seconds")

    @property
    def memory(self) -> float:
        """Bytes at the end of the first round, before anything was repeated."""
        return self.number("memory_bytes")


class _Failed(Exception):  # noqa: N818 - how a timing ended, on its way to its line
    def __init__(self, status: str, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(detail)


def rule_of(repeats: int, seconds: float) -> Rule:
    """The rule for every measurement. Raises `BadValue` for fewer than one repeat, and for no time."""
    if repeats < 1:
        raise BadValue(f"--repeats is {repeats}; it must be at least 1")
    if not 0 < seconds < math.inf:
        raise BadValue(f"--seconds is {seconds:g}; it must be above 0 and finite")
    return Rule(repeats, seconds)


def run(planned: Plan, store: Store, rule: Rule, *, work: Path | None = None) -> Events:
    """Time the cells of a plan, one after the other, and write the TIMINGS of each as it ends.

    A submission's fault is a `Timed` without rows, and the others go on. Closing the iterator, or Ctrl-C, ends the
    running interpreter; the rows of the finished cells are there. Submissions whose cards ask for what cannot be had
    come first, and the others go on. Raises `StoreFault`, and `Unavailable` where none has what its card asks for.
    """
    needed = supplies(planned.cells)
    yield from unsupplied(planned, needed)
    planned = replace(planned, cells=tuple(cell for cell in planned.cells if not needed.lacks(cell)))
    store.prepare()
    root = Path(tempfile.mkdtemp(prefix="genbench-", dir=work))
    try:
        for position, (chosen, cells) in enumerate(planned.by_split()):
            if chosen.split.stream:
                yield SplitFault(chosen, len(cells), "a stream is fitted stage by stage, which is not timed", "")
                continue
            try:
                built = build.build(chosen)
            except GenbenchError as fault:
                log = fault.log if isinstance(fault, EntryFault) else ""
                yield SplitFault(chosen, len(cells), str(fault), log)
                continue
            shared = root / f"split-{position}"
            prepare.write_problem(built.problem, shared)
            for cell in cells:
                supply = needed.of(cell)
                key = keys.key_of(cell, built.fingerprint, keys.folders_of([cell]), supply)
                timed = _time(cell, key, supply, built, rule, shared)
                if timed.rows:
                    table = to_table(timed.rows, TIMINGS)
                    store.replace("timings", chosen.task.name, cell.submission.card.name, key, table)
                yield timed
            shutil.rmtree(shared, ignore_errors=True)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _time(cell: Cell, key: str, supply: Supply, built: Built, rule: Rule, shared: Path) -> Timed:
    """Time one cell whose problem lies in `shared`."""
    started, clock = time.time(), time.perf_counter()
    start = functools.partial(_child, cell, key, supply, rule, shared)
    try:
        first = start(built=built)
        memory = [first.memory]

        def once(_: int) -> float:
            child = start()
            memory.append(child.memory)
            return child.cold_start

        # A cold start costs what the first round took: start, fit, and all answers.
        cost = first.cold_start + first.number("fit_seconds") + first.number("whole_seconds")
        cold = repeat_after(first.cold_start, cost, once, replace(rule, seconds=COLD * rule.seconds))
        rows = tuple(_rows(cell, key, supply, built, started, first, cold, Repeats(tuple(memory), cold.ended)))
    except _Failed as fault:
        return Timed(Done(cell, fault.status, fault.detail, time.perf_counter() - clock), ())
    return Timed(Done(cell, "ok", "", time.perf_counter() - clock), rows)


def _child(cell: Cell, key: str, supply: Supply, rule: Rule, shared: Path, *, built: Built | None = None) -> _Child:
    """Run one interpreter to its end: with `built`, the one that repeats and whose answers are looked at."""
    folder = shared.with_name(key)
    shutil.copytree(shared, folder)
    try:
        wanted = {"again": built is not None, "most": rule.most, "seconds": rule.seconds}
        (folder / WANTED).write_text(json.dumps(wanted), encoding="utf-8")
        job = prepare.job_of(cell, key, folder, supply=supply)
        # What is repeated may take its seconds each, and as long as the cell itself for the calls under way at the end.
        beyond = SERIES * rule.seconds + job.context.budget_seconds if built else 0.0
        job = replace(job, module="genbench.evaluation.timed_worker", beyond_seconds=beyond)
        (outcome,) = Process(1).run([job])
        if outcome.answers is None:
            raise _Failed(outcome.status, outcome.detail)
        try:
            if built:
                room = folder.with_name(f"{key}.answers")
                try:
                    grading.join(answers_of(outcome.answers, room, built.targets), built.targets)
                finally:
                    room.unlink(missing_ok=True)
            found = json.loads(strangers.content(folder / TIMED, REPORT_BYTES))
        except SubmissionFault as fault:
            raise _Failed("error", str(fault)) from None
        except (OSError, ValueError, RecursionError, MemoryError):
            found = None
        if not isinstance(found, dict):
            raise _Failed("crashed", f"the interpreter left no {TIMED}")
        return _Child(outcome, found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _rows(
    cell: Cell, key: str, supply: Supply, built: Built, started: float, first: _Child, cold: Repeats, memory: Repeats
) -> Iterator[dict[str, Any]]:
    """The TIMINGS rows of one cell."""
    task, card = cell.split.task, cell.submission.card
    series = {(measure, batch): repeats for measure, batch, repeats in _series(first.found.get("series"))}
    # _series has seen that they are there.
    fit, matmul, copy = (series.pop((name, None)) for name in ("fit", "matmul", "copy"))
    about = {
        **records.who_of(cell, key),
        "threads": card.threads,
        "device": first.outcome.device,
        "machine": json.dumps(provenance.machine(), sort_keys=True),
        "versions": json.dumps(
            provenance.versions((*task.libraries, *card.libraries)) | dict(supply.versions), sort_keys=True
        ),
        "started": records.moment(started),
    }

    def rows(
        measure: str, unit: str, repeats: Repeats, *, batch: int | None = None, counted: str = ""
    ) -> Iterator[dict[str, Any]]:
        for statistic, value in _statistics(measure, repeats.samples):
            yield {
                **about,
                "measure": measure,
                "statistic": statistic,
                "batch": batch,
                "value": value,
                "unit": unit,
                "repeats": len(repeats.samples),
                "ended": repeats.ended,
                "counted": counted,
            }

    yield from rows("cold_start", "seconds", cold)
    yield from rows("fit", "seconds", fit)
    examples, tokens, counted = _seen(first.found.get("seen"), built.problem.train)
    yield from rows("fit_throughput", "examples/s", _rate(examples, fit), counted=counted)
    yield from rows("fit_throughput", "tokens/s", _rate(tokens, fit), counted=counted)
    multiplied = _rate(2.0 * SIDE**3, matmul)
    if first.outcome.training_flops:
        rate = _rate(first.outcome.training_flops, fit)
        yield from rows("fit_rate", "flop/s", rate)
        if first.outcome.device == "cpu":
            share = _rate(first.outcome.training_flops / statistics.median(multiplied.samples), fit)
            yield from rows("fit_share", "1", share)
    for (_, batch), repeats in series.items():
        if batch == 1:
            yield from rows("predict_latency", "seconds", repeats, batch=1)
        yield from rows("predict_throughput", "examples/s", _rate(batch or 1, repeats), batch=batch)
    yield from rows("peak_memory", "bytes", memory)
    yield from rows("matmul", "flop/s", multiplied)
    yield from rows("copy", "bytes/s", _rate(COPIED, copy))


def _statistics(measure: str, samples: tuple[float, ...]) -> Iterator[tuple[str, float]]:
    """What is told of the samples; fewer than six give no interval."""
    if measure == "predict_latency":
        yield "p50", statistics.median(samples)
        yield "p95", sorted(samples)[math.ceil(TAIL * len(samples)) - 1]
    else:
        yield "median", statistics.median(samples)
    found = interval(samples)
    if found:
        yield from zip(("low", "high"), found, strict=True)


def _rate(amount: float, repeats: Repeats) -> Repeats:
    return Repeats(tuple(amount / seconds for seconds in repeats.samples), repeats.ended)


def _seen(told: object, train: pa.Table) -> tuple[float, float, str]:
    """Examples and tokens that one fit processed, and how they were counted.

    A submission that tells its examples alone is taken to have seen tokens in the same proportion as train has them.
    """
    tokens = tokens_in(train)
    said: dict[str, Any] = told if isinstance(told, dict) else {}
    if "examples_seen" not in said:
        return train.num_rows, tokens, "once"
    examples = _positive(said["examples_seen"], "examples_seen")
    if "tokens_seen" in said:
        return examples, _positive(said["tokens_seen"], "tokens_seen"), "told"
    return examples, examples * tokens / max(1, train.num_rows), "told"


def tokens_in(table: pa.Table) -> int:
    """Tokens of a table: whitespace tokens of strings, elements of lists, one for any other value."""
    total = 0
    for column in table.columns:
        if pa.types.is_string(column.type):
            total += pc.sum(pc.count_substring_regex(column, r"\S+")).as_py() or 0
        elif pa.types.is_list(column.type):
            total += pc.sum(pc.list_value_length(column)).as_py() or 0
        else:
            total += len(column)
    return total


def _series(found: object) -> Iterator[tuple[str, int | None, Repeats]]:
    """The series that an interpreter left. Raises `_Failed` for one that is not of the right form."""
    wanted = {("fit", None), ("matmul", None), ("copy", None)}
    for one in found if isinstance(found, list) else []:
        given = one if isinstance(one, dict) else {}
        measure, batch, samples = str(given.get("measure")), given.get("batch"), given.get("samples")
        if not (isinstance(batch, int | None) and isinstance(samples, list) and samples):
            raise _Failed("crashed", f"{TIMED} holds {str(one)[:80]}")
        ended = given.get("ended") if given.get("ended") in get_args(Ended) else "seconds"
        yield measure, batch, Repeats(tuple(_positive(value, measure) for value in samples), cast("Ended", ended))
        wanted.discard((measure, batch))
    if wanted:
        raise _Failed("crashed", f"{TIMED} lacks {', '.join(sorted(measure for measure, _ in wanted))}")


def _positive(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise _Failed("error", f"{name} is {str(value)[:80]}; it must be a number above 0")
    return value


def scaled(value: float, unit: str) -> tuple[float, str]:
    """What to divide a figure by for a person, and the name of the unit then: 0.00042 seconds are shown as 420 µs."""
    if unit == "seconds":
        return next(((size, name) for size, name in _SECONDS if value >= size), _SECONDS[-1])
    if unit == "bytes":
        return 2.0**20, "MiB"
    if unit == "1":
        return 0.01, "% of matmul"
    return next(((size, f"{prefix} {unit}") for size, prefix in _PREFIXES if value >= size), (1.0, unit))


_SECONDS: Final = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_PREFIXES: Final = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
