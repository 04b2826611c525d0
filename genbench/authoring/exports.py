"""A split as files, for people whose model cannot run here: what is taught, what is asked, and what the card says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from genbench.authoring import origin
from genbench.authoring.samples import samples_of
from genbench.authoring.writing import write
from genbench.cards.task import LevelName
from genbench.data import tables
from genbench.data.subsets import subsets
from genbench.errors import BadValue, StoreFault
from genbench.evaluation import build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from genbench.data.problem import Data
    from genbench.registry import ChosenSplit

Format = Literal["parquet", "jsonl", "csv", "samples"]
Packing = Literal["none", "gzip", "zstd"]
ENDINGS: Final[Mapping[Packing, str]] = {"none": "", "gzip": ".gz", "zstd": ".zst"}


def export(
    chosen: ChosenSplit, folder: Path, form: Format, *, with_targets: bool, packing: Packing = "none"
) -> list[Path]:
    """Write one file a subset: `train`, `validation` where there is one, tables beside train, then each question set.

    Training files hold the card's input and target columns, those of training only, and the stage where the split is a
    stream. Question files hold `question_id` and the input columns; `with_targets` adds the target and the slice
    columns, for analysis only: whoever tunes on them measures nothing. `split.json` tells what the card says: types,
    names of labels, what an answer is and how it is graded; tables say of which split they are, by which `score` sees
    answers to another one (`origin`). Returns the paths.
    `packing` is of each file as a whole. The form `samples` is the task's own, as `import_samples` reads it; it holds
    the targets. Raises `StoreFault` where the folder cannot be written or holds another split, whose files would lie
    among these; `BadValue` for a form that the task lacks.
    """
    if form == "samples" and not chosen.task.export_samples:
        raise BadValue(
            f"{chosen.task.name} names no 'export_samples' on its card: it has no form of its own for samples"
        )
    if form == "samples" and not with_targets:
        raise BadValue("samples hold the answers: say so with --with-targets, or choose --format jsonl or parquet")
    if form in {"jsonl", "csv"} and "image" in _kinds(chosen):
        named = {"jsonl": "JSON", "csv": "CSV"}[form]
        raise BadValue(f"{chosen.task.name} has images, which {named} cannot hold; --format parquet can")
    if form == "parquet" and packing != "none":
        raise BadValue("Parquet is packed inside; --compress is for --format jsonl, csv and samples")
    data = build.load(chosen)
    files = subsets(data, chosen.task, chosen.split, with_targets=with_targets)
    fingerprint = tables.fingerprint(data.subsets())
    of = origin.Origin(f"{chosen.task.name}/{chosen.label}", fingerprint)
    _same_split(folder, of.split)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in files.items():
            path = folder / f"{name}.{'jsonl' if form == 'samples' else form}{ENDINGS[packing]}"
            if form == "samples":
                write(path, samples_of(table, chosen.task, chosen.params, chosen.label, name))
            else:
                write(path, origin.marked(table, of))
            written.append(path)
        path = folder / origin.ABOUT
        partial = path.with_name(f".{path.name}.partial")
        partial.write_text(
            json.dumps(about(chosen, data, files, fingerprint), indent=1, ensure_ascii=False), encoding="utf-8"
        )
        partial.replace(path)
        written.append(path)
    except OSError as fault:
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    return written


def _same_split(folder: Path, split: str) -> None:
    try:
        told = json.loads((folder / origin.ABOUT).read_text(encoding="utf-8"))
        there = f"{told['task']}/{told['split']}"
    except (OSError, ValueError, KeyError, TypeError):  # no export, or a file of that name that is written anew
        return
    if there != split:
        raise StoreFault(f"{folder} holds {there}, and {split} would lie among its files; name a folder of its own")


def about(chosen: ChosenSplit, data: Data, files: Mapping[str, pa.Table], fingerprint: str) -> dict[str, Any]:
    """What the card says of the exported files, as JSON has it; an end or level that is not known is left out."""
    task, split = chosen.task, chosen.split
    levels = {level: split.levels(level, chosen.given) for level in get_args(LevelName)}
    tolerance = {} if task.tolerance is None else {"tolerance": {"abs": task.tolerance.abs, "rel": task.tolerance.rel}}
    return {
        "task": task.name,
        "split": chosen.label,
        "about": split.about,
        "params": dict(chosen.params),
        "fingerprint": fingerprint,
        "inputs": dict(task.inputs),
        "target": {task.target: task.target_type},
        "given": dict(task.given),
        "axes": {axis: task.axes[axis] for axis in split.axes},
        "answer": task.answer,
        "classes": list(data.classes),
        "metrics": list(task.metrics),
        "direction": task.direction,
        **tolerance,
        "stream": split.stream,
        "transductive": split.transductive,
        "training": {name: table.num_rows for name, table in files.items() if name not in split.questions},
        "auxiliary": {name: one.about for name, one in split.auxiliary.items()},
        "questions": {
            name: {
                "kind": one.kind,
                "about": one.about,
                "rows": files[name].num_rows,
                **{level: told[name] for level, told in levels.items() if name in told},
            }
            for name, one in split.questions.items()
        },
        "license": task.license,
        "source": task.source,
        "bibtex": task.bibtex,
    }


def _kinds(chosen: ChosenSplit) -> set[str]:
    """The types of all columns that are exported."""
    task = chosen.task
    beside = [kind for one in chosen.split.auxiliary.values() for kind in one.columns.values()]
    return {*task.inputs.values(), task.target_type, *task.given.values(), *beside}
