"""A split as files, for people whose model cannot run here: what is taught, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from genbench.authoring.samples import samples_of
from genbench.authoring.writing import write
from genbench.data.subsets import subsets
from genbench.errors import BadValue, StoreFault
from genbench.evaluation import build

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genbench.registry import ChosenSplit

Format = Literal["parquet", "jsonl", "csv", "samples"]
Packing = Literal["none", "gzip", "zstd"]
ENDINGS: Final[Mapping[Packing, str]] = {"none": "", "gzip": ".gz", "zstd": ".zst"}


def export(
    chosen: ChosenSplit, folder: Path, form: Format, *, with_targets: bool, packing: Packing = "none"
) -> list[Path]:
    """Write one file a subset: `train`, `validation` where there is one, then each question set. Returns the paths.

    Training files hold the card's input and target columns. Question files hold `question_id` and the input columns;
    `with_targets` adds the target and the slice columns, for analysis only: whoever tunes on them measures nothing.
    `packing` is of each file as a whole. The form `samples` is the task's own, as `import_samples` reads it; it holds
    the targets. Raises `StoreFault` where the folder cannot be written, `BadValue` for a form that the task lacks.
    """
    if form == "samples" and not chosen.task.export_samples:
        raise BadValue(
            f"{chosen.task.name} names no 'export_samples' on its card: it has no form of its own for samples"
        )
    if form == "samples" and not with_targets:
        raise BadValue("samples hold the answers: say so with --with-targets, or choose --format jsonl or parquet")
    if form in {"jsonl", "csv"} and "image" in {*chosen.task.inputs.values(), chosen.task.target_type}:
        named = {"jsonl": "JSON", "csv": "CSV"}[form]
        raise BadValue(f"{chosen.task.name} has images, which {named} cannot hold; --format parquet can")
    if form == "parquet" and packing != "none":
        raise BadValue("Parquet is packed inside; --compress is for --format jsonl, csv and samples")
    data = build.load(chosen)
    files = subsets(data, chosen.task, chosen.split, with_targets=with_targets)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in files.items():
            path = folder / f"{name}.{'jsonl' if form == 'samples' else form}{ENDINGS[packing]}"
            if form == "samples":
                write(path, samples_of(table, chosen.task, chosen.params, chosen.label, name))
            else:
                write(path, table)
            written.append(path)
    except OSError as fault:
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    return written
