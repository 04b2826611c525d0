"""What the command line is made of: help of each verb, completion, and nothing heavy imported for a word."""

import os
import subprocess
import sys

import pytest

from genbench import __version__
from genbench.cli import cli, main

VERBS = [[name] for name in cli.commands] + [["data", name] for name in cli.commands["data"].commands]


@pytest.fixture
def genbench(capsys):
    """Gives exit code, output and errors of a verb."""

    def run(*words):
        code = main(list(words))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_has_help_with_examples(genbench, verb):
    code, shown, _ = genbench(*verb, "--help")

    assert code == 0
    assert shown.startswith(f"Usage: genbench {' '.join(verb)}")
    assert verb == ["data"] or f"  genbench {verb[0]}" in shown.partition("Examples:")[2] or verb == ["completion"]


def test_the_version_is_told(genbench):
    code, shown, _ = genbench("--version")

    assert (code, shown) == (0, f"genbench, version {__version__}\n")


def test_no_verb_at_all_shows_the_help(genbench):
    code, _, said = genbench()

    assert code == 2
    assert said.startswith("Usage: genbench [OPTIONS] COMMAND")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_completion_script_for_each_shell(genbench, shell):
    code, shown, _ = genbench("completion", shell)

    assert code == 0
    assert "_GENBENCH_COMPLETE" in shown


@pytest.mark.parametrize(
    ("words", "completed"),
    [("genbench eva", "evaluate"), ("genbench show modular/addition", "modular/addition_corrupted")],
)
def test_names_are_completed(words, completed):
    environment = {
        "_GENBENCH_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }

    done = child("from genbench.cli import cli; cli(prog_name='genbench')", environment)

    assert f"plain,{completed}" in done.stdout.splitlines()


def child(script, environment=None):
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (["list"], {"torch", "pandas", "pyarrow", "numpy", "datasets", "rich"}),
        (["--help"], {"torch", "pandas", "pyarrow", "numpy", "datasets", "rich", "tomllib", "genbench.registry"}),
        (["evaluate", "--help"], {"torch", "pandas", "pyarrow", "numpy", "datasets", "rich", "genbench.registry"}),
        (["show", "modular"], {"torch", "pandas", "datasets", "rich"}),
        (["evaluate", "nobody"], {"torch", "pandas", "datasets"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_word_that_needs_nothing_heavy_imports_nothing_heavy(words, heavy):
    script = f"import sys; from genbench.cli import main; main({words!r}); print(*sys.modules, file=sys.stderr)"

    done = child(script)

    assert not heavy & set(done.stderr.splitlines()[-1].split())
