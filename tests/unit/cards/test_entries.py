"""Entries: what a contribution's folder names, imported without leaving a trace."""

import subprocess
import sys

import pytest

from genbench.cards.entries import first_line, load_entry
from genbench.errors import EntryFault


@pytest.fixture
def folder(tmp_path):
    """Gives `folder(name, task="...", grammar="...")`, a contribution's folder with those modules."""

    def make(name="mine", **modules):
        at = tmp_path / name
        at.mkdir(exist_ok=True)
        for module, text in modules.items():
            (at / f"{module}.py").write_text(text)
        return at

    return make


def test_an_entry_is_the_object_that_it_names(folder):
    assert load_entry(folder(task="def load():\n    return 7\n"), "task:load")() == 7


def test_an_entry_may_lie_in_a_folder_of_the_folder(folder):
    at = folder()
    (at / "inner").mkdir()
    (at / "inner" / "task.py").write_text("def load():\n    return 8\n")

    assert load_entry(at, "inner.task:load")() == 8


def test_two_contributions_may_call_their_modules_and_neighbours_alike(folder):
    text = "from words import WORD\n\n\ndef load():\n    return WORD\n"
    one = folder("one", task=text, words="WORD = 1\n")
    other = folder("other", task=text, words="WORD = 2\n")

    assert (load_entry(one, "task:load")(), load_entry(other, "task:load")()) == (1, 2)


def test_a_contribution_that_asks_for_an_entry_of_another_has_neighbours_of_its_own(folder):
    inner = folder("inner", task="from words import WORD\n\n\ndef load():\n    return WORD\n", words="WORD = 1\n")
    text = (
        "import words\nfrom pathlib import Path\nfrom genbench.cards.entries import load_entry\n"
        f"inner = load_entry(Path({str(inner)!r}), 'task:load')\nimport words as still\n\n\n"
        "def load():\n    return words.WORD, inner(), still is words\n"
    )
    outer = folder("outer", task=text, words="WORD = 2\n")

    assert load_entry(outer, "task:load")() == (2, 1, True)
    assert "words" not in sys.modules


def test_importing_leaves_no_trace_in_the_path_or_among_modules(folder):
    path, modules = list(sys.path), set(sys.modules)

    load_entry(folder(task="import words\nload = print\n", words=""), "task:load")

    assert sys.path == path
    assert {name.rpartition("_")[2] for name in set(sys.modules) - modules} == {"task"}


def test_a_module_is_imported_once(folder):
    at = folder(task="load = object\n")

    assert sys.modules[load_entry(at, "task:load").__module__] is sys.modules[load_entry(at, "task:load").__module__]


@pytest.mark.parametrize("name", ["task", "words"])
def test_a_module_is_imported_again_when_it_or_a_neighbour_was_changed(folder, name):
    files = {"task": "from words import WORD\n\n\ndef load():\n    return WORD + 'a'\n", "words": "WORD = 'a'\n"}
    before = load_entry(folder(**files), "task:load")()

    after = load_entry(folder(**{name: files[name].replace("'a'", "'longer'")}), "task:load")()

    assert (len(before), len(after)) == (2, 7)


@pytest.mark.parametrize(
    ("entry", "text", "message"),
    [
        ("tusk:load", "", "entry 'tusk:load' names tusk.py, which is not there"),
        (
            "task:load",
            "import nothing_like_it",
            "does not import: ModuleNotFoundError: No module named 'nothing_like_it'",
        ),
        ("task:load", "1 +", "does not import: SyntaxError: invalid syntax (task.py, line 1)"),
        ("task:load", "raise SystemExit(3)", "entry 'task:load' does not import: SystemExit: 3"),
        ("task:load", "raise ValueError('a\\nb')", "entry 'task:load' does not import: ValueError: a"),
        ("task:load", "raise ValueError", "entry 'task:load' does not import: ValueError: (no message)"),
        ("task:load", "lode = print", "entry 'task:load': task.py has no callable 'load'; it has lode"),
        ("task:load", "load = 7", "entry 'task:load': task.py has no callable 'load'; it has load"),
    ],
)
def test_an_entry_that_cannot_be_had_is_one_line(folder, entry, text, message):
    at = folder(task=text)

    with pytest.raises(EntryFault) as caught:
        load_entry(at, entry)

    assert str(caught.value).startswith(f"{at}: ")
    assert str(caught.value).endswith(message)
    assert len(str(caught.value).splitlines()) == 1


def test_the_contributions_own_traceback_is_kept(folder):
    with pytest.raises(EntryFault) as caught:
        load_entry(folder(task="def inner():\n    raise ValueError('why')\n\n\ninner()\n"), "task:load")

    assert "Traceback (most recent call last)" in caught.value.log
    assert 'task.py", line 2, in inner' in caught.value.log


def test_a_module_that_failed_can_be_put_right(folder):
    at = folder(task="1 +")
    with pytest.raises(EntryFault):
        load_entry(at, "task:load")

    folder(task="load = print\n")

    assert load_entry(at, "task:load") is print


def test_a_contribution_that_clears_the_path_does_no_harm(folder, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))

    assert load_entry(folder(task="import sys\nsys.path.pop(0)\nload = print\n"), "task:load") is print


def test_an_interruption_while_importing_is_no_fault_of_the_contribution(folder):
    with pytest.raises(KeyboardInterrupt):
        load_entry(folder(task="raise KeyboardInterrupt"), "task:load")


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (ValueError("one\ntwo"), "one"),
        (ValueError(), "(no message)"),
        (ValueError("  \n"), "(no message)"),
        (ValueError("x" * 1000), "x" * 300),
        (ValueError("of the card:\n  one is 0\n  two is 1"), "of the card: one is 0 two is 1"),
    ],
)
def test_the_first_line_of_a_fault_is_short(fault, line):
    assert first_line(fault) == line


ALONE = """
import subprocess
import sys
from pathlib import Path
from genbench.cards.entries import load_entry
entry = load_entry(Path(sys.argv[1]), sys.argv[2], alone=True)
print(entry.__module__.startswith("genbench_contribution_") or entry.__module__, entry(), sys.path[0] == sys.argv[1])
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [("task", "task"), ("inner.task", "inner.task"), ("random", "True"), ("numpy.task", "True"), ("json", "True")],
)
def test_alone_in_its_process_a_module_has_its_own_name_unless_another_bears_it(folder, module, name):
    at = folder(late="WORD = 7\n")
    place = at.joinpath(*module.split(".")).with_suffix(".py")
    place.parent.mkdir(exist_ok=True)
    place.write_text("def load():\n    from late import WORD\n    return WORD\n")

    done = subprocess.run(
        [sys.executable, "-P", "-c", "import json, random, numpy" + ALONE, str(at), f"{module}:load"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [name, "7", "True"]
