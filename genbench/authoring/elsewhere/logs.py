"""Answers out of the logs of lm-evaluation-harness and of Inspect, as a file that `genbench score` takes.

The harness writes `samples_TASK_TIME.jsonl` with `--log_samples`, Inspect `TIME_TASK_ID.eval` or `.json`. A log keeps
what was asked; a question that is not the one of that id is refused, so answers to another split are. Tokens that a
model's tokenizer adds are cut where they are named, and nowhere else.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from genbench.authoring import origin
from genbench.authoring.elsewhere import tokens
from genbench.authoring.writing import write
from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.data.subsets import subsets
from genbench.errors import BadPredictions, BadValue, StoreFault
from genbench.evaluation import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from genbench.registry import ChosenSplit

# What reading a damaged, locked, shortened or foreign file raises, beside what its operating system says.
FAULTS: Final = (
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError, RuntimeError),
    *(zipfile.BadZipFile, zlib.error),
)
ENDINGS: Final = (".parquet", ".jsonl", ".csv")
Said = tuple[object, object, object]  # the id of a question, its prompt, and what was generated


def collect(
    logs: Sequence[Path],
    chosen: ChosenSplit,
    out: Path,
    *,
    ends: Sequence[str] = (),
    dropped: Sequence[str] = (),
    unreadable: str | None = None,
) -> tuple[int, int]:
    """Write the answers of some logs to all questions of a split, as `question_id` and `prediction`.

    An answer ends at the first of `ends`, and tokens `dropped` are taken out of it. `unreadable` is the answer that
    stands for one that is none of the target's type. Returns how many there are, and for how many of them it stands.
    Raises `BadPredictions`, naming the log and the question, `BadValue`, and `StoreFault` where nothing can be written.
    """
    if not out.name.endswith(ENDINGS):
        raise BadValue(f"--out is {out}; it must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    task = chosen.task
    tokens.check(task)
    instead = None if unreadable is None else tokens.read(unreadable, task.target_type)
    if unreadable is not None and instead is None:
        raise BadValue(f"--unreadable is {unreadable!r}; it must be of the target's type, {task.target_type}")
    data = build.load(chosen)
    found = subsets(data, task, chosen.split)
    asked = {
        row[QUESTION_ID]: tokens.prompt(row, task) for name in chosen.split.questions for row in found[name].to_pylist()
    }
    answers: dict[int, Any] = {}
    stands = 0
    for log in logs:
        for number, prompt, text in _said(log):
            where = f"{log}: question {number!r}"
            if isinstance(number, bool) or not isinstance(number, int) or number not in asked:
                raise BadPredictions(f"{where} is none of {task.name}/{chosen.label}")
            if number in answers:
                raise BadPredictions(f"{where} is answered twice")
            if not isinstance(prompt, str) or not isinstance(text, str):
                raise BadPredictions(f"{where}: what was asked and answered must be text")
            if not f"\n{prompt}".endswith(f"\n{asked[number]}"):
                raise BadPredictions(
                    f"{where} was {prompt[-origin.SHOWN :]!r}; in {task.name}/{chosen.label} it is "
                    f"{asked[number][-origin.SHOWN :]!r}"
                )
            value = tokens.read(tokens.cut(text, ends, dropped), task.target_type)
            if value is None:
                if instead is None:
                    raise BadPredictions(
                        f"{where}: the answer {text[: origin.SHOWN]!r} is no {task.target_type}; "
                        "--unreadable says what stands for such answers"
                    )
                stands += 1
                value = instead
            answers[number] = value
    if len(answers) < len(asked):
        first = min(asked.keys() - answers.keys())
        raise BadPredictions(
            f"{len(asked) - len(answers):,} of {len(asked):,} questions are answered in none of these logs, the first "
            f"is {first}; give the logs of all question sets: {', '.join(chosen.split.questions)}"
        )
    _write(out, answers, chosen, tables.fingerprint(data.subsets()))
    return len(answers), stands


def _write(out: Path, answers: Mapping[int, Any], chosen: ChosenSplit, fingerprint: str) -> None:
    schema = pa.schema([(QUESTION_ID, pa.int64()), (PREDICTION, tables.ARROW[chosen.task.target_type])])
    columns = {QUESTION_ID: list(answers), PREDICTION: list(answers.values())}
    of = origin.Origin(f"{chosen.task.name}/{chosen.label}", fingerprint)
    try:
        write(out, origin.marked(pa.table(columns, schema=schema), of))
    except OSError as fault:
        raise StoreFault(f"{out} cannot be written: {fault.strerror or fault}") from fault


def _said(log: Path) -> Iterator[Said]:
    """What a log holds. Raises `BadPredictions` where it is none."""
    try:
        if log.suffix == ".eval":
            yield from _of_archive(log)
        elif log.suffix == ".json":
            for sample in json.loads(log.read_text(encoding="utf-8"))["samples"]:
                yield _of_inspect(sample)
        elif log.suffix == ".jsonl":
            with log.open(encoding="utf-8") as lines:
                for line in lines:
                    yield _of_harness(json.loads(line))
        else:
            raise BadPredictions(
                f"{log}: its name must end in .jsonl (lm-evaluation-harness), .eval or .json (Inspect)"
            )
    except OSError as fault:
        raise BadPredictions(f"{log}: {fault.strerror or fault}") from None
    except NotImplementedError as fault:  # a packing that this Python does not have
        raise BadPredictions(f"{log}: {fault}; `inspect log convert --to json` unpacks it") from None
    except FAULTS as fault:
        raise BadPredictions(f"{log}: this is no log of samples: {type(fault).__name__}: {fault}") from None


def _of_archive(log: Path) -> Iterator[Said]:
    with zipfile.ZipFile(log) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("samples/") and name.endswith(".json"):
                yield _of_inspect(json.loads(archive.read(name)))


def _of_inspect(sample: Any) -> Said:
    choices = sample["output"]["choices"]
    said = choices[0]["message"]["content"] if choices else ""
    if isinstance(said, list):  # parts, of which texts are the answer
        said = "".join(part["text"] for part in said if part["type"] == "text")
    asked = sample["input"]
    if isinstance(asked, list):
        asked = asked[-1]["content"]
    return sample["id"], asked, said


def _of_harness(sample: Any) -> Said:
    said = sample["filtered_resps"][0]
    return sample["doc"][QUESTION_ID], sample["doc"]["prompt"], said[0] if isinstance(said, list) else said
