"""A split as tasks of lm-evaluation-harness (EleutherAI) or of Inspect (UK AISI): a folder that either takes as it is.

Both get the same rows, `NAME.jsonl` for train and each question set, with `prompt` and `target` as text and the
question's id, and a module of a few lines; targets are in the folder, for these programs grade by themselves. `genbench
data answers` reads their logs back.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, Literal

from genbench.authoring.elsewhere import tokens
from genbench.data.columns import QUESTION_ID
from genbench.data.subsets import subsets
from genbench.errors import BadValue, StoreFault
from genbench.evaluation import build

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from genbench.registry import ChosenSplit

Program = Literal["lm-eval", "inspect"]
SUFFIXES: Final = frozenset({".jsonl", ".json", ".yaml", ".py", ".parquet"})  # of what these programs read, or we write

ROWS: Final = '''"""Rows of this folder, wherever it lies, and how answers are compared: token by token."""

import json
from pathlib import Path

import datasets


def load(**_):
    files = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.jsonl")}
    rows = {name: [json.loads(line) for line in text.split("\\n") if line] for name, text in files.items()}
    return datasets.DatasetDict({name: datasets.Dataset.from_list(own) for name, own in rows.items() if own})


def graded(doc, results):
    return {"exact_match": float(results[0].split() == doc["target"].split())}
'''

INSPECT: Final = '''"""{about}"""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import GenerateConfig
from inspect_ai.scorer import CORRECT, INCORRECT, Score, accuracy, scorer, stderr
from inspect_ai.solver import generate


def rows(name):
    text = (Path(__file__).parent / f"{{name}}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\\n") if line]


@scorer(metrics=[accuracy(), stderr()])
def same_tokens():
    async def score(state, target):
        right = state.output.completion.split() == target.text.split()
        return Score(value=CORRECT if right else INCORRECT, answer=state.output.completion)

    return score


def asked(name, shots):
    """The questions of a set behind the first rows of training, `shots` of them."""
    before = "".join(f"{{one['prompt']}} {{one['target']}}\\n\\n" for one in rows("train")[:shots])
    samples = [Sample(id=one["question_id"], input=before + one["prompt"], target=one["target"]) for one in rows(name)]
    config = GenerateConfig(temperature=0, stop_seqs=["\\n"])
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=same_tokens(), config=config)
{tasks}'''

INSPECT_TASK: Final = """

@task
def {name}(shots: int = 0):
    return asked({question_set!r}, shots)
"""


def export(chosen: ChosenSplit, folder: Path, program: Program) -> list[Path]:
    """Write a split as a folder of tasks, one for each question set; returns the paths.

    Raises `BadValue` for a task that is none of tokens, `StoreFault` where the folder cannot be written or holds files
    of another export, whose tasks would then ask the rows of this one.
    """
    tokens.check(chosen.task)
    data = build.load(chosen)
    found = subsets(data, chosen.task, chosen.split, with_targets=True)
    taught = {name: found[name] for name in ("train", "validation") if name in found}
    asked = {name: found[name] for name in chosen.split.questions}
    every: dict[str, pa.Table] = taught | asked
    lines = {name: list(_rows(table, chosen)) for name, table in every.items()}
    for name, own in lines.items():
        if any("\n" in row["target"] for row in own):
            raise BadValue(f"{chosen.task.name}/{chosen.label}: answers of {name} have several lines; one is generated")
    texts = {f"{name}.jsonl": "".join(_line(row) for row in own) for name, own in lines.items()}
    texts |= _harness(chosen, asked, lines) if program == "lm-eval" else _inspect(chosen, asked)
    _only_these(folder, texts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    return [folder / name for name in texts]


def name_of(chosen: ChosenSplit, question_set: str = "") -> str:
    """What a split, or a question set of it, is called there: `genbench_scan_length_test`."""
    words = ["genbench", chosen.task.name, chosen.label, *([question_set] if question_set else [])]
    return re.sub(r"\W+", "_", "_".join(words), flags=re.ASCII).strip("_")


def _rows(table: pa.Table, chosen: ChosenSplit) -> Iterator[Mapping[str, Any]]:
    """Training rows have the id -1, for a column is of one type."""
    for batch in table.to_batches(max_chunksize=1024):
        for row in batch.to_pylist():
            target = tokens.spelled(row[chosen.task.target])
            yield {
                QUESTION_ID: row.get(QUESTION_ID, -1),
                "prompt": tokens.prompt(row, chosen.task),
                "target": target,
            }


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _only_these(folder: Path, texts: Mapping[str, str]) -> None:
    if not folder.is_dir():
        return
    other = sorted(path.name for path in folder.iterdir() if path.suffix in SUFFIXES and path.name not in texts)
    if other:
        raise StoreFault(f"{folder} holds {other[0]!r}, which is not of this export; name a folder of its own")


def _harness(chosen: ChosenSplit, asked: Iterable[str], lines: Mapping[str, list[Any]]) -> dict[str, str]:
    """A YAML file for each question set and one for all of them; written as JSON has it, which YAML reads."""
    texts = {"rows.py": ROWS}
    for question_set in asked:
        name = name_of(chosen, question_set)
        longest = max((len(row["target"]) for row in lines[question_set]), default=1)
        examples = {"fewshot_split": "train"} if lines["train"] else {}
        task: dict[str, Any] = {
            "task": name,
            "test_split": question_set,
            **examples,
            "output_type": "generate_until",
            "doc_to_text": "{{prompt}}",
            "doc_to_target": "{{target}}",
            "target_delimiter": " ",
            # A token is a character or more, so nothing that is right is cut short.
            "generation_kwargs": {"until": ["\n"], "do_sample": False, "max_gen_toks": max(1, longest)},
            "metric_list": [{"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}],
            "metadata": {"version": 1.0},
        }
        told = "\n".join(f"{key}: {json.dumps(value)}" for key, value in task.items())
        texts[f"{name}.yaml"] = f"{told}\ncustom_dataset: !function rows.load\nprocess_results: !function rows.graded\n"
    names = [name_of(chosen, one) for one in asked]
    texts[f"{name_of(chosen)}.yaml"] = f"group: {json.dumps(name_of(chosen))}\ntask: {json.dumps(names)}\n"
    return texts


def _inspect(chosen: ChosenSplit, asked: Iterable[str]) -> dict[str, str]:
    about = f"{chosen.task.name}/{chosen.label} of genbench, a task for each question set".replace("\\", "/")
    made = "".join(INSPECT_TASK.format(name=name_of(chosen, one), question_set=one) for one in asked)
    return {"task.py": INSPECT.format(about=about, tasks=made)}
