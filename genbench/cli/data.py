"""The verbs of `genbench data`: export, import, verify."""

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
    type=click.Choice(["parquet", "jsonl", "csv", "samples"]),
    help="File format; samples is a task's own form, JSON Lines that `data import` reads.",
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
@talks
def export(split: str, kind: Any, packing: Any, out: Path, output: Output, *, with_targets: bool) -> None:
    """Write train, tables beside it and each question set of a split as files, columns named as on the card.

    split.json beside them tells what the card says: types, names of labels, what an answer is, metrics, levels.

    \b
    Examples:
      genbench data export scan/length --format jsonl --out scan-length
      genbench data export scan/length --format csv --compress zstd --out scan-length
      genbench data export modular/addition --out data --with-targets
      genbench data export gcog/distractor --format samples --with-targets --out samples
    """
    from genbench.api.addresses import one_split
    from genbench.api.loading import TARGETS_SHOWN
    from genbench.authoring import exports

    chosen = one_split(split, taker="export")
    for path in exports.export(chosen, out, kind, with_targets=with_targets, packing=packing):
        output.say(str(path))
    if with_targets:
        output.warn(TARGETS_SHOWN)


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
