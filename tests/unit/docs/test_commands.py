"""Commands in pages: which there are, which are marked, and whether they could be typed."""

import doctest
from pathlib import Path

import pytest
from making import commands, spelling

from genbench.cli import cli

ROOT = Path(__file__).parents[3]
PAGES = commands.pages(ROOT)

PAGE = """\
Type `genbench list`, or

<!-- not run (genbench evaluate): trains -->
```
uv run genbench evaluate mlp    # a comment
genbench list
```

```text
genbench is quiet
```

<!-- not run: installs -->

   ```
   pip install uv
   ```
"""


def identity(path):
    return str(path.relative_to(ROOT))


def test_a_fence_without_a_language_holds_commands_and_marks_say_which_are_not_run():
    first, second = commands.blocks(PAGE)

    assert first.commands == (
        commands.Command("uv run genbench evaluate mlp    # a comment", 5, "trains"),
        commands.Command("genbench list", 6),
    )
    assert second.commands == (commands.Command("pip install uv", 16, "installs"),)


def test_a_mark_holds_for_the_next_fence_only():
    (block,) = commands.blocks("<!-- not run: slow -->\n\nOther text.\n\n```\ngenbench list\n```\n")

    assert block.commands == (commands.Command("genbench list", 6),)


def test_a_mark_of_a_command_that_is_not_there_is_stale():
    (block,) = commands.blocks("<!-- not run (genbench lost; genbench list): slow -->\n```\ngenbench list\n```\n")

    assert block.stale == ("genbench lost",)


def test_a_mark_of_the_page_holds_for_every_fence():
    fences = "```\ngenbench evaluate\n```\n\n```\ngenbench list\n```\n"
    page = f"<!-- not run on this page (genbench evaluate): hours -->\n\n{fences}"

    reasons = [[command.reason for command in block.commands] for block in commands.blocks(page)]

    assert reasons == [["hours"], [""]]


def test_a_fence_in_a_language_is_typed_where_a_comment_says_how():
    file, run = "<!-- file: a.toml -->\n```toml\na = 1\n\nb = 2\n```\n", "<!-- run -->\n```python\nprint(1)\n```\n"
    page = f"{file}\n{run}\n```python\n...\n```\n"

    typed = [command.text for block in commands.blocks(page) for command in block.commands]

    assert typed == [
        "cat > a.toml <<'END OF FENCE'\na = 1\n\nb = 2\nEND OF FENCE",
        "python - <<'END OF FENCE'\nprint(1)\nEND OF FENCE",
    ]


def test_what_stands_in_running_text_is_told_from_what_stands_in_a_fence():
    assert commands.mentions(PAGE) == ["genbench list"]


def test_the_examples_of_the_parser_hold():
    result = doctest.testmod(commands)

    assert (result.attempted > 0, result.failed) == (True, 0)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("evaluat mlp", "there is no verb 'evaluat'"),
        ("data exprt scan/length", "there is no verb 'exprt'"),
        ("evaluate mlp --seed 3", "No such option '--seed'"),
        ("evaluate mlp --seeds", "Option '--seeds' requires an argument"),
        ("evaluate mlp --task modular/adition", "no split matches 'modular/adition'"),
        ("evaluate mlp:hiden=3", "mlp has no parameter 'hiden'"),
        ("evaluate mlp@decay7", "mlp has no variant 'decay7'"),
        ("evaluate --grid modular_decai", "there is no grid 'modular_decai'"),
        ("evaluate mlp --profile fast", "'fast' is none of ['quick', 'full']"),
        ("lengths --submission lstn", "no submission is called 'lstn'"),
        ("show scan/lenght", "no split matches 'scan/lenght'"),
        ("difficulty scam/length", "no split matches 'scam/length'"),
        ("score answers.parquet", "missing '--task'"),
    ],
)
def test_a_command_that_cannot_be_typed_is_told_from_one_that_can(typed, fault):
    (found,) = spelling.faults(typed.split())

    assert found.startswith(fault)


def test_a_name_that_was_made_before_and_a_stand_in_are_taken():
    assert spelling.faults(["evaluate", "mine", "GLOB", "./other", "--task", "SPLIT"], {"mine"}) == []


@pytest.mark.parametrize("path", PAGES, ids=identity)
def test_every_command_of_a_page_could_be_typed(path):
    made = set()
    found = []
    for block in commands.blocks(path.read_text(encoding="utf-8")):
        found += [f"the mark of {beginning!r} fits no command" for beginning in block.stale]
        for command in (one for one in block.commands if not one.whole):
            for call in commands.calls(command.text):
                found += [f"line {command.line}: {fault}" for fault in spelling.faults(call, made)]
                made |= set(call[2:3]) if call[0] == "new" else set()

    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=identity)
def test_every_command_in_running_text_could_be_typed(path):
    found = {
        mention: spelling.faults(call, {"my_method", "my_task"}, whole=False)
        for mention in commands.mentions(path.read_text(encoding="utf-8"))
        for call in commands.calls(mention)
    }

    assert {mention: fault for mention, fault in found.items() if fault} == {}


def examples(group, above=()):
    """The lines of every verb's help that are commands."""
    for name, verb in group.commands.items():
        if hasattr(verb, "commands"):
            yield from examples(verb, (*above, name))
        else:
            yield from (line.strip() for line in (verb.help or "").splitlines() if line.strip().startswith("genbench "))


@pytest.mark.parametrize("example", sorted(set(examples(cli))))
def test_every_example_of_a_verbs_help_could_be_typed(example):
    for call in commands.calls(example.split("   ")[0]):
        assert spelling.faults(call) == []
