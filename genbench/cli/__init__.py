"""The verbs. Each imports what it needs when it is called, so that `--help` costs the command-line library alone."""

from __future__ import annotations

import contextlib
import io
import signal
import sys
from typing import TYPE_CHECKING

import click

from genbench import strangers
from genbench.cli import completion, contents, contributions, data, evaluation, published, results
from genbench.cli.options import Verbs
from genbench.edition import VERSION
from genbench.errors import GenbenchError

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="genbench")
def cli() -> None:
    """Benchmark suite and leaderboard for generalization: fit, then answer questions whose targets stay hidden.

    \b
    Examples:
      genbench evaluate                        the quick profile, about two minutes, ends in a leaderboard
      genbench list                            tasks and submissions
      genbench show scan/length                one split: sizes, examples, source
      genbench evaluate mlp --task 'modular/*' --profile full --seeds 3
    """


for verb in (
    evaluation.evaluate,
    contents.list_,
    contents.show,
    contents.log,
    contents.cite,
    contents.doctor,
    results.leaderboard,
    results.compare,
    results.phases,
    results.frequency,
    results.lengths,
    results.exponents,
    results.streams,
    published.replay,
    contributions.check,
    contributions.new,
    contributions.score,
    contributions.rescore,
    contributions.verify,
    contributions.seal,
    contributions.carry,
    contributions.compact,
    evaluation.timing,
    evaluation.plan,
    published.reproduction,
    published.papers,
    results.difficulty,
    results.foretell,
    results.bits,
    data.data,
    completion.completion,
):
    cli.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 2 for our own errors, each one message, and 130 for Ctrl-C."""
    with contextlib.suppress(ValueError):  # raised outside the main thread
        # A scheduler or `timeout` asks so; what Ctrl-C tidies up must not be left behind then either.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(signal.SIGHUP, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")  # a locale that has no letters for all that is printed
    for word in sys.argv[1:] if arguments is None else arguments:
        if any("\ud800" <= one <= "\udfff" for one in word):  # bytes that this locale has no letters for
            click.echo(
                f"error: {word!a} is no text in this locale ({sys.getfilesystemencoding()}); names are UTF-8: "
                "PYTHONUTF8=1 or LC_ALL=C.UTF-8 reads them so",
                err=True,
            )
            return 2
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments), prog_name="genbench", standalone_mode=False
        )
    except GenbenchError as fault:
        click.echo(f"error: {strangers.plain(str(fault))}", err=True)
        return 2
    except click.ClickException as fault:
        fault.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    return code if isinstance(code, int) else 0
