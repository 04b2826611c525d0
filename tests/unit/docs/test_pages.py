"""The generated pages: nothing that is declared is missing from them."""

import doctest
from pathlib import Path

import click
import pytest
from making import doctests, markdown, names, notebooks, overview, stage, tables, verbs

import genbench
from genbench.cli import cli
from genbench.registry import catalogue
from genbench.rows.schema import KEPT

ROOT = Path(__file__).parents[3]


def leaves(group, above=()):
    for name, verb in group.commands.items():
        if isinstance(verb, click.Group):
            yield from leaves(verb, (*above, name))
        elif not verb.hidden:
            yield (*above, name), verb


def test_every_verb_and_every_option_is_on_the_page():
    page = verbs.page(ROOT)

    for path, verb in leaves(cli):
        section = page.split(f"\n## {' '.join(path)} {{", 1)[1].split("\n## ", 1)[0]
        options = [name for option in verb.params if isinstance(option, click.Option) for name in option.opts]
        assert [name for name in options if f"`{name}" not in section] == []


def test_every_column_is_on_the_page_with_its_meaning():
    lines = tables.page(ROOT).splitlines()

    shown = [line.split(" | ")[0].removeprefix("| `").rstrip("`") for line in lines if line.startswith("| `")]
    assert [line[3:] for line in lines if line.startswith("## ")] == list(KEPT)
    assert shown == [name for table in KEPT.values() for name in table.names]


def test_every_task_is_on_the_page_of_all_with_its_splits_and_columns():
    lines = overview.page(ROOT).splitlines()

    for card in catalogue().tasks.values():
        (line,) = [line for line in lines if line.startswith(f"| [{card.name}](")]
        assert f"({card.name}/README.md)" in line
        assert f"→ `{card.target}` | {len(card.splits)}" in line
        assert card.title.split("<")[0].split("*")[0][:20] in line
    assert next(line for line in lines if line.startswith("| [slog]")).count("4, 2 of files") == 1


def test_every_public_name_is_on_the_page():
    page = names.python(ROOT) + names.errors(ROOT)

    assert [name for name in genbench.__all__ if f"::: genbench.{name}\n" not in page] == ["__version__"]


@pytest.mark.parametrize("room", ["kit", "painting"])
def test_every_part_of_a_public_room_is_on_its_page(room):
    parts = [path.stem for path in (ROOT / "genbench" / room).glob("*.py") if path.stem != "__init__"]

    page = getattr(names, room)(ROOT)

    assert sorted(parts) == [line[3:] for line in page.splitlines() if line.startswith("## ")]


def test_a_page_lies_where_its_source_lies_and_each_task_is_in_the_navigation(tmp_path):
    config = stage.lay_out(ROOT, tmp_path)

    assert (tmp_path / "docs" / "docs" / "kit.md").read_bytes() == (ROOT / "docs" / "kit.md").read_bytes()
    readmes = [f"tasks/{path.parent.name}/README.md" for path in (ROOT / "tasks").glob("*/README.md")]
    assert [name for name in readmes if name not in config.read_text()] == []


def test_the_examples_of_the_makers_hold():
    result = doctest.testmod(markdown)

    assert (result.attempted > 0, result.failed) == (True, 0)


def test_a_session_in_a_docstring_is_shown_as_code():
    assert doctests.fenced("Adds.\n\n    >>> 1 + 1\n    2\n\nNo more.") == (
        "Adds.\n\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n\nNo more."
    )


def test_a_notebooks_page_holds_its_cells_and_what_came_out_of_them(tmp_path):
    page = notebooks.page(ROOT / "docs" / "notebooks" / "first_look.ipynb", tmp_path)

    (picture,) = tmp_path.glob("*.svg")
    assert 'data = genbench.load("scan/length")' in page
    assert f"![What the cell drew]({picture.name})" in page
    assert "<th>submission</th>" in page
    assert "<style" not in page
