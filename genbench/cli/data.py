"""The verbs of `genbench data`: export, push, answers, import, instructions, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genbench.cli.options import Verbs, complete, tables, talks

if TYPE_CHECKING:
    from genbench.report.output import Output


@click.group(cls=Verbs)
def data() -> None:
    """Export a split's training data and questions; compare splits with their official files."""


@data.command("export")
@click.argument("split", shell_complete=complete("split"))
@click.option(
    "--format",
    "kind",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "jsonl", "csv", "samples", "datasets", "lm-eval", "inspect"]),
    help="File format; samples is a task's own form, JSON Lines that `data import` reads; datasets a folder that "
    "`datasets.load_dataset` takes; lm-eval and inspect a folder of tasks for these programs, with targets.",
)
@click.option(
    "--compress",
    "packing",
    default="none",
    show_default=True,
    type=click.Choice(["none", "gzip", "zstd"]),
    help="Pack the files of jsonl, csv and samples; `score` reads them packed.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the files.")
@click.option(
    "--with-targets",
    is_flag=True,
    help="Add target and slice columns to the questions. For analysis only: a model tuned on them measures nothing.",
)
@click.option("--croissant", is_flag=True, help="With --format datasets: describe the folder for mlcommons' Croissant.")
@talks
def export(
    split: str, kind: Any, packing: Any, out: Path, output: Output, *, with_targets: bool, croissant: bool
) -> None:
    """Write train, tables beside it and each question set of a split as files, columns named as on the card.

    split.json beside them tells what the card says: types, names of labels, what an answer is, metrics, levels.

    \b
    Examples:
      genbench data export scan/length --format jsonl --out scan-length
      genbench data export scan/length --format csv --compress zstd --out scan-length
      genbench data export modular/addition --out data --with-targets
      genbench data export gcog/distractor --format samples --with-targets --out samples
      genbench data export scan/length --format lm-eval --with-targets --out scan-length-harness
    """
    from genbench.api.addresses import one_split
    from genbench.api.loading import TARGETS_SHOWN
    from genbench.authoring import exports
    from genbench.authoring.elsewhere import folders, programs

    if croissant and kind != folders.FORM:
        raise click.UsageError("--croissant describes what --format datasets writes")
    if packing != "none" and kind in {folders.FORM, "lm-eval", "inspect"}:
        raise click.UsageError(f"--format {kind} is read by other programs as it is; --compress is for others")
    if kind in {"lm-eval", "inspect"} and not with_targets:
        raise click.UsageError(
            f"--format {kind} holds the targets, for that program grades: say so with --with-targets"
        )
    chosen = one_split(split, taker="export")
    if kind == folders.FORM:
        written = folders.export(chosen, out, with_targets=with_targets, described=croissant)
    elif kind in {"lm-eval", "inspect"}:
        written = programs.export(chosen, out, kind)
    else:
        written = exports.export(chosen, out, kind, with_targets=with_targets, packing=packing)
    for path in written:
        output.say(str(path))
    if with_targets:
        output.warn(TARGETS_SHOWN)


@data.command("push")
@click.argument("split", shell_complete=complete("split"))
@click.option(
    "--to", required=True, metavar="URL", help="Where to: hf://datasets/OWNER/NAME, another fsspec URL, or a folder."
)
@click.option(
    "--with-targets", is_flag=True, help="Add target and slice columns to the questions: publishes the answers."
)
@click.option("--croissant", is_flag=True, help="Describe the folder for mlcommons' Croissant.")
@talks
def push(split: str, to: str, output: Output, *, with_targets: bool, croissant: bool) -> None:
    """Write a split to a hub as a folder that `datasets.load_dataset` takes, questions without their targets.

    \b
    Examples:
      genbench data push scan/length --to hf://datasets/me/scan-length
      genbench data push modular/addition --to shared-folder/addition --croissant
    """
    from genbench.api.addresses import one_split
    from genbench.api.loading import TARGETS_SHOWN
    from genbench.authoring.elsewhere import folders

    chosen = one_split(split, taker="push")
    for path in folders.push(chosen, to, with_targets=with_targets, described=croissant):
        output.say(path)
    if with_targets:
        output.warn(TARGETS_SHOWN)


@data.command("answers")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...", type=click.Path(path_type=Path))
@click.option(
    "--task", required=True, metavar="SPLIT", shell_complete=complete("split"), help="The split that was answered."
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write: .parquet, .jsonl or .csv, for `genbench score`.",
)
@click.option("--end", "ends", multiple=True, metavar="TOKEN", help="A token at which answers end, </s>; repeatable.")
@click.option(
    "--drop", "dropped", multiple=True, metavar="TOKEN", help="A token that is no part of answers, <pad>; repeatable."
)
@click.option("--unreadable", default=None, metavar="ANSWER", help="What stands for answers that are not of the type.")
@talks
def answers(
    logs: tuple[Path, ...],
    task: str,
    out: Path,
    ends: tuple[str, ...],
    dropped: tuple[str, ...],
    unreadable: str | None,
    output: Output,
) -> None:
    """Read answers from logs of lm-evaluation-harness (samples_*.jsonl) or Inspect (.eval, .json), as a file to score.

    The logs are of the tasks that `data export --format lm-eval` or `inspect` writes, those of all question sets.
    Special tokens of a tokenizer are cut where --end and --drop name them, and are else part of the answer.

    \b
    Examples:
      genbench data answers logs/samples_genbench_scan_length_test.jsonl --task scan/length --out answers.parquet
      genbench data answers test.eval --task scan/length --end '</s>' --drop '<pad>' --out answers.parquet
    """
    from genbench.api.addresses import one_split
    from genbench.authoring.elsewhere import logs as read

    chosen = one_split(task, taker="answers")
    count, stands = read.collect(logs, chosen, out, ends=ends, dropped=dropped, unreadable=unreadable)
    output.say(f"{out}: {count:,} answers")
    if stands:
        output.warn(f"{stands:,} answers were not of the target's type; {unreadable!r} stands for each")


@data.command("import")
@click.argument("task", shell_complete=complete("split"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write: .parquet for rows, .jsonl or .jsonl.gz for samples again.",
)
@talks
def import_(task: str, file: Path, out: Path, output: Output) -> None:
    """Read samples in a task's own form, check each by its rules, and write them as rows.

    \b
    Examples:
      genbench data import gcog samples.jsonl.gz --out samples.parquet
    """
    from genbench import registry
    from genbench.authoring import samples
    from genbench.errors import UnknownName, nearest

    tasks = registry.catalogue().tasks
    if task not in tasks:
        raise UnknownName(f"there is no task {task!r}{nearest(task, tasks)}")
    count = samples.import_samples(tasks[task], file, out)
    output.say(f"{out}: {count:,} samples")


@data.command("instructions")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The task's folder, which is made."
)
@click.option(
    "--unseen",
    multiple=True,
    required=True,
    metavar="GLOB",
    help="Tasks of which nothing is shown, by their files' names without .json; repeatable.",
)
@click.option(
    "--shown", default=60, show_default=True, type=click.IntRange(min=1), help="Instances of each other task to show."
)
@click.option(
    "--asked", default=100, show_default=True, type=click.IntRange(min=1), help="Instances of each task to ask."
)
@click.option(
    "--examples",
    default=2,
    show_default=True,
    type=click.IntRange(min=0),
    help="Examples of what is right, and of what is wrong, in an instruction at most.",
)
@talks
def instructions(
    folder: Path, out: Path, unseen: tuple[str, ...], shown: int, asked: int, examples: int, output: Output
) -> None:
    """Make a task of a folder of Natural Instructions' JSON files, of either release: seen and unseen tasks.

    The first instances of a task are shown, of the others some are asked, spread evenly. Answers are marked by ROUGE-L.

    \b
    Examples:
      genbench data instructions natural-instructions/tasks --unseen 'task00?_*' --out tasks/my_instructions
    """
    from genbench.authoring.elsewhere import adopting

    for path in adopting.adopt(folder, out, unseen, shown=shown, asked=asked, examples=examples):
        output.say(str(path))
    output.say(f"next: genbench check {out if out.is_absolute() else f'./{out}'}")


@data.command("verify")
@click.argument("names", nargs=-1, required=True, metavar="TASK...", shell_complete=complete("split"))
@click.option("--download", is_flag=True, help="Fetch official files that are not at hand, however large.")
@click.option(
    "--samples",
    default=None,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Check this file of samples by the task's rules instead.",
)
@click.option(
    "--reference",
    default=None,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Recompute the task's published figures from this folder of reference data instead.",
)
@tables()
def verify(
    names: tuple[str, ...], samples: Path | None, reference: Path | None, output: Output, *, download: bool
) -> int:
    """Compare a task's splits with their official files, row for row; exits with 2 where one differs.

    Official files are looked for in the folder GENBENCH_DATA, then in the cache (GENBENCH_CACHE).
    With --samples, each sample of a file is compared with what the task's rules make of it; with --reference, each
    published figure with what the data under it give.

    \b
    Examples:
      genbench data verify scan
      genbench data verify 'scan/mcd*' --download
      genbench data verify gcog --samples samples.jsonl.gz
      genbench data verify letitwag --reference let_it_wag
    """
    from genbench.report.terminal import official

    if samples and reference:
        raise click.UsageError("--samples and --reference are two different checks; give one")
    if reference:
        return official.verify_reference(names, reference, output)
    if samples:
        return official.verify_samples(names, samples, output)
    return official.verify(names, output, download=download)
