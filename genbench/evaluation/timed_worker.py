"""The child of a timing: fit and predict as an evaluation's child does, then again and again, with a clock.

    python -P -s -m genbench.evaluation.timed_worker FOLDER

The folder holds what an evaluation's does, and `timing.json`; `timed.json` is written beside the answers. Nothing is
timed but the submission's own `fit` and `predict`: reading, slicing and checking are done outside the clock.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.evaluation import worker
from genbench.evaluation.answers import as_answers
from genbench.evaluation.cell import ANSWERS
from genbench.evaluation.questions import questions_at
from genbench.evaluation.repeats import Repeats, Rule, repeat, repeat_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WANTED: Final = "timing.json"  # {"again": bool, "most": int, "seconds": float}
TIMED: Final = "timed.json"

BATCHES: Final = (1, 8, 64, 512)  # questions asked at once, and then all of them
CALLS_AT_ONE: Final = 100  # fewest calls at batch 1: with fewer, a 95th percentile is one of the worst few calls
WARM_UP: Final = 10  # calls of predict
COPIED: Final = 64 << 20  # bytes of an array, larger than any cache: what a copy of it tells is the memory's speed
SIDE: Final = 1024  # of the square float32 matrices: 12 MiB for three, past the cache of one core, below 0.1 s


def main() -> None:
    """Run the timing in the folder that the command line names."""
    worker.main(measure)


def measure(folder: Path, job: Mapping[str, Any], report: dict[str, Any]) -> None:
    """Fit, answer one question, answer all; then, where `again` is asked, repeat until the rule is met.

    `timed.json` gets the first round's moment of construction (seconds since the epoch), seconds and memory, and under
    `series` the samples of each measurement in seconds a call.
    """
    from datasets import Dataset

    wanted = json.loads((folder / WANTED).read_text(encoding="utf-8"))
    submission, context = worker.submission_of(folder, job)
    constructed = time.time()
    fitted = _fit(submission, folder)
    # As in an evaluation, the questions are opened only now.
    asked = Dataset.from_file(str(questions_at(folder)))
    ids, questions = asked.data.column(QUESTION_ID).combine_chunks(), asked.remove_columns(QUESTION_ID)
    first = _ask(submission, questions.select(range(1)), context.answer_type)[0]
    start = time.perf_counter()
    whole, answers = _ask(submission, questions, context.answer_type)
    cost = time.perf_counter() - start
    _keep(folder, ids, answers)
    report |= worker.told(submission, {"parameters": int, "training_flops": float})
    timed: dict[str, Any] = {
        "constructed": constructed,
        "first_answer_seconds": first,
        "fit_seconds": fitted,
        "whole_seconds": whole,
        "seen": worker.told(submission, {"examples_seen": int, "tokens_seen": int}),
        "memory_bytes": worker.resources(fresh=True).get("peak_memory_bytes"),
    }
    if wanted["again"]:
        series = _predictions(submission, questions, context.answer_type, wanted, (whole, cost))
        del submission  # so that one at a time is in memory
        series.append({"measure": "fit", "batch": None, **asdict(_fits(folder, job, fitted, wanted))})
        series.append({"measure": "matmul", "batch": None, **asdict(_products(wanted))})
        series.append({"measure": "copy", "batch": None, **asdict(_copies(wanted))})
        timed["series"] = series
    (folder / TIMED).write_text(json.dumps(timed), encoding="utf-8")


def _fit(submission: Any, folder: Path) -> float:
    """Seconds of a whole `fit`; at a yield it goes on at once."""
    train, validation = worker.training(folder)
    start = time.perf_counter()
    for _ in worker.steps_of(submission.fit(train, validation)) or ():
        pass
    return time.perf_counter() - start


def _ask(submission: Any, questions: Any, kind: str) -> tuple[float, Any]:
    """Seconds until the answers are in this process's memory, and the answers, checked."""
    seconds, given = _clocked(submission, questions)
    return seconds, as_answers(given, kind, len(questions))


def _clocked(submission: Any, questions: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    given = submission.predict(questions)
    if hasattr(given, "detach"):  # a tensor on a GPU may still be in the making
        given = given.detach().cpu()
    return time.perf_counter() - start, given


def _predictions(
    submission: Any, questions: Any, kind: str, wanted: Mapping[str, Any], whole: tuple[float, float]
) -> list[dict[str, Any]]:
    """The samples of `predict` for each batch size; `whole` is what all questions took the first time."""
    series = []
    count = len(questions)
    for size in [size for size in BATCHES if size < count]:
        windows = count // size

        # Other questions at each call, so that no answer is remembered; the loop's variables are bound by default.
        def once(number: int, size: int = size, windows: int = windows) -> float:
            begin = number % windows * size
            batch = questions.select(range(begin, begin + size))
            return _ask(submission, batch, kind)[0] if number == 0 else _clocked(submission, batch)[0]

        rule = Rule(wanted["most"], wanted["seconds"], **({"least": CALLS_AT_ONE} if size == 1 else {}))
        series.append({"measure": "predict", "batch": size, **asdict(repeat(once, rule, warm_up=WARM_UP))})
    rule = Rule(wanted["most"], wanted["seconds"])
    # Selected anew, as every other batch is: what has been read once is read faster from the same object.
    again = repeat_after(*whole, lambda _: _clocked(submission, questions.select(range(count)))[0], rule)
    return [*series, {"measure": "predict", "batch": count, **asdict(again)}]


def _fits(folder: Path, job: Mapping[str, Any], fitted: float, wanted: Mapping[str, Any]) -> Repeats:
    """The samples of `fit`, each of a submission constructed anew; the first round's was the warm-up."""
    return repeat_after(
        fitted,
        fitted,
        lambda _: _fit(worker.submission_of(folder, job)[0], folder),
        Rule(wanted["most"], wanted["seconds"]),
    )


def _products(wanted: Mapping[str, Any]) -> Repeats:
    """The samples of one product of two SIDE x SIDE float32 matrices by numpy's BLAS, with the job's threads."""
    import numpy as np

    stream = np.random.default_rng(0)
    left, right = (stream.standard_normal((SIDE, SIDE), dtype=np.float32) for _ in range(2))
    product = np.empty_like(left)

    def once(_: int) -> float:
        start = time.perf_counter()
        np.matmul(left, right, out=product)
        return time.perf_counter() - start

    return repeat(once, Rule(wanted["most"], wanted["seconds"]), warm_up=3)


def _copies(wanted: Mapping[str, Any]) -> Repeats:
    """The samples of one copy of COPIED bytes by numpy, which uses one thread."""
    import numpy as np

    source = np.arange(COPIED, dtype=np.uint8)
    copied = np.empty_like(source)

    def once(_: int) -> float:
        start = time.perf_counter()
        np.copyto(copied, source)
        return time.perf_counter() - start

    return repeat(once, Rule(wanted["most"], wanted["seconds"]), warm_up=3)


def _keep(folder: Path, ids: Any, answers: Any) -> None:
    import pyarrow as pa

    from genbench.data import tables

    tables.write(pa.table({QUESTION_ID: ids, PREDICTION: answers}), folder / ANSWERS)


if __name__ == "__main__":
    main()
