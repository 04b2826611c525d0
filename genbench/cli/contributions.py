"""Verbs for contributors: new, check, score, rescore, carry, compact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genbench.api import RESULTS
from genbench.cli.options import complete, profile_of_rows, rows_of, tables, talks, top

if TYPE_CHECKING:
    from genbench.report.output import Output


@click.command()
@click.argument("kind", type=click.Choice(["task", "baseline"]))
@click.argument("name")
@click.option(
    "--like",
    default="",
    metavar="EXAMPLE",
    help="Start a baseline from an example: sklearn, torch, transformers, lora, search, program. "
    "Default: a lookup table.",
)
@click.option(
    "--in",
    "within",
    default=None,
    type=click.Path(path_type=Path),
    help="Folder to make it in. Default: tasks/ or baselines/ of the checkout, else here.",
)
def new(kind: Any, name: str, like: str, within: Path | None) -> None:
    """Make the folder of a new task or baseline; it passes `genbench check` at once.

    \b
    Examples:
      genbench new baseline my_method
      genbench new baseline my_network --like torch
      genbench new task rewriting --in .
    """
    from genbench.authoring import scaffold
    from genbench.registry import catalogue

    folder = scaffold.new(kind, name, within, catalogue(), like)
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    path = shown if str(shown).startswith(("/", ".")) else f"./{shown}"
    click.echo(f"made {path}\nnext: genbench check {path}")
    extra = f"evaluate {path}" if kind == "baseline" else f"evaluate --task {path}"
    click.echo(f"then: genbench {extra}")


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=click.Path(path_type=Path))
@tables()
def check(folders: tuple[Path, ...], output: Output) -> int:
    """Check that a contribution's folder meets the contract; exits with 2 where it does not.

    \b
    Examples:
      genbench check tasks/scan
      genbench check ./my_baseline
    """
    from genbench.report.terminal import checks

    return checks.check(folders, output)


@click.command()
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--task", required=True, metavar="SPLIT", shell_complete=complete("split"), help="The split that was answered."
)
@click.option("--name", default=None, help="Name in the results. Default: the file's name.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the training run.")
@click.option("--out", default=None, help="Results folder to add the rows to. Default: print only.")
@click.option(
    "--submission",
    "submissions",
    multiple=True,
    metavar="GLOB",
    help="With --out: whose standings there to print beside it; repeatable. Default: all.",
)
@profile_of_rows
@top
@tables()
def score(
    predictions: Path,
    task: str,
    name: str | None,
    seed: int,
    out: str | None,
    submissions: tuple[str, ...],
    profile: str | None,
    top: int | None,
    output: Output,
) -> None:
    """Score predictions made elsewhere: a file with the columns question_id and prediction.

    Parquet, JSON Lines (.jsonl) or CSV, the last two also packed (.gz, .zst). Questions with their ids come from
    `genbench data export`. Prints the headline with its interval first; with --out also the standings there.

    \b
    Examples:
      genbench score answers.parquet --task scan/length
      genbench score answers.jsonl.gz --task scan/length
      genbench score answers.csv --task scan/length --name big-model --seed 1 --out genbench-results --top 5
    """
    from genbench.api.scoring import grade
    from genbench.report.filters import Filter
    from genbench.report.terminal import scores

    if out is None and (submissions or profile or top):
        raise click.UsageError("--submission, --profile and --top choose among the rows of --out; give it too")
    chosen = Filter((), submissions, profile, top)
    made = grade(predictions, task, name=name or "", seed=seed, out=out or "", taker="score")
    scores.score(made.scored.scores, made.chosen, out or "", chosen, output)
    if made.scored.hint:
        output.warn(f"{made.scored.hint}; answers are marked as they are")


@click.command()
@click.argument("results")
@click.option("--dry-run", "dry", is_flag=True, help="Say which scores would be others, write nothing.")
@tables()
def rescore(results: str, output: Output, *, dry: bool) -> int:
    """Apply today's metrics to stored predictions, without running anything.

    \b
    Examples:
      genbench rescore genbench-results --dry-run
      genbench rescore genbench-results
    """
    from genbench.report.terminal import scores

    return scores.rescore(results, output, dry=dry)


@click.command()
@click.argument("results", default=RESULTS, type=click.Path(path_type=Path))
@click.option("--key", default=None, metavar="FILE", type=click.Path(path_type=Path), help="The private key, in PEM.")
@click.option(
    "--new-key",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write a new private key there first, which nobody else may read, and say the public one.",
)
@talks
def seal(results: Path, key: Path | None, new_key: Path | None, output: Output) -> int:
    """Sign a results folder: a manifest of its files, of cards, code and environment, by a key of Ed25519.

    Leaves SEAL.json there. `genbench verify --key PUBLIC` then says what was put in, changed or taken away since, and
    whether another key signed. Needs the extra `seal`.

    \b
    Examples:
      genbench seal leaderboard/results --new-key my.pem
      genbench seal leaderboard/results --key my.pem
    """
    from genbench.report.terminal import seals

    return seals.seal(results, key, new_key, output)


@click.command()
@click.argument("results", default=RESULTS)
@click.option("--key", default="", metavar="PUBLIC", help="The public key that must have sealed the folder.")
@click.option("--rerun", default=0, metavar="N", type=click.IntRange(min=0), help="Run N cells again, and compare.")
@click.option("--salt", default=None, metavar="FILE", help="The secret of cells that were salted.")
@click.option("--no-build", "built", is_flag=True, flag_value=False, default=True, help="Do not compare targets.")
@rows_of
@profile_of_rows
@tables()
def verify(
    results: str,
    key: str,
    rerun: int,
    salt: str | None,
    tasks: tuple[str, ...],
    submissions: tuple[str, ...],
    profile: str | None,
    output: Output,
    *,
    built: bool,
) -> int:
    """Hold stored rows against their own answers, against the tasks, and against what they say of themselves.

    Every score is made again from the stored answers; targets are compared with those of tasks that can be built here,
    nothing being fetched, and where data were drawn from a secret (--salt-data) only with its file at hand; names with
    what they are digests of. Nothing is changed. Exits with 1 where something differs. Learning curves, seconds and
    counts cannot be made again from rows. Where the folder is sealed (`genbench seal`), what was changed since is
    named; --key says by which key it must be.

    \b
    Examples:
      genbench verify leaderboard/results
      genbench verify leaderboard/results --task 'scan/*' --rerun 2
      genbench verify leaderboard/results --key "$(cat publishers-key.txt)"
    """
    from genbench.report.filters import Filter
    from genbench.report.terminal import audits

    chosen = Filter(tasks, submissions, profile)
    return audits.verify(results, chosen, output, key=key, rerun=rerun, salt=salt, build_tasks=built)


@click.command()
@click.argument("results")
@click.option("--proof", default=None, metavar="PLACE", help="Results of the same addresses, run today, any seed.")
@click.option(
    "--witness", default=None, metavar="PLACE", help="Results of the rows' own code, run on the proof's machine."
)
@click.option(
    "--families", is_flag=True, help="Carry what was not run again where all that was of its family is equal."
)
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be carried, write nothing.")
@tables()
def carry(results: str, proof: str | None, witness: str | None, output: Output, *, families: bool, dry: bool) -> int:
    """Give rows of older code today's names, where today's code gives the same answers.

    Each row keeps its former names, and the proof, in its lineage. Exits with 2 where answers differ. Without a proof,
    rows of this very code get the names that a newer genbench makes.

    \b
    Examples:
      genbench evaluate mlp --task modular/addition --profile full --out rerun
      genbench carry genbench-results --proof rerun --dry-run
    """
    from genbench.report.terminal import carrying

    return carrying.carry(results, proof, witness, output, families=families, dry=dry)


@click.command()
@click.argument("results", default=RESULTS)
@tables()
def compact(results: str, output: Output) -> int:
    """Put the many small files of a results folder into a few, which take less room and are read faster.

    No number changes, and each verb reads the folder as before. Cells that are evaluated later lie beside as small
    files; compact again when there are many. Rows of older releases are given marks on the way. An interruption loses
    nothing. Exits with 2 where rows could not be read: they are named, and left as they are.

    \b
    Examples:
      genbench compact
      genbench compact leaderboard/results --format json
    """
    from genbench.report.terminal import compacting

    return compacting.compact(results, output)
