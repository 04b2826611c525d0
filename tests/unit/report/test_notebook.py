"""How far an evaluation is, in a notebook's own shell."""

import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from genbench import registry
from genbench.evaluation.plan import plan
from genbench.evaluation.run import Done, SplitFault
from genbench.report import notebook


@pytest.fixture
def cells():
    found = registry.catalogue()
    splits = registry.choose_splits(["modular/addition:p=7"], found)
    return plan(splits, registry.choose_submissions(["chance"], found), 2, "quick", "cpu").cells


@pytest.fixture
def shell():
    """The shell that a kernel has; it is the process's one while the test lasts."""
    made = InteractiveShell.instance()
    yield made
    InteractiveShell.clear_instance()


def test_without_a_shell_this_is_no_notebook():
    assert not notebook.is_here()


def test_a_terminals_shell_is_no_notebook_and_a_kernels_is(shell):
    assert not notebook.is_here()

    shell.kernel = object()

    assert notebook.is_here()


def test_the_bar_is_drawn_once_and_then_anew_as_each_cell_ends(shell, cells):
    with capture_output() as seen, notebook.Progress(2) as progress:
        for cell in cells:
            progress.show(Done(cell, "ok", "", 0.1))

    drawn = [output.data["text/html"] for output in seen.outputs]
    assert ['value="0"' in drawn[0], 'value="1"' in drawn[1], 'value="2"' in drawn[2]] == [True] * 3
    assert [output.update for output in seen.outputs] == [False, True, True, True]
    assert (seen.stdout, seen.stderr) == ("", "")


def test_what_failed_has_a_line_each(cells):
    progress = notebook.Progress(3)
    progress._draw = lambda: None
    progress.show(Done(cells[0], "error", "ValueError: <b>no</b>", 0.1))
    progress.show(SplitFault(cells[0].split, 2, "echo/small: questions is -1", ""))

    assert progress.count == 3
    assert (
        "<div>error  modular/addition:p=7  chance  seed 0  ValueError: &lt;b&gt;no&lt;/b&gt;</div>" in progress.html()
    )
    assert "<div>error  echo/small: questions is -1</div>" in progress.html()


def test_genbench_does_not_import_ipython():
    import subprocess

    script = "import sys; from genbench.report import notebook; notebook.is_here(); sys.exit('IPython' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
