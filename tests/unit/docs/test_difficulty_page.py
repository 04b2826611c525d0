"""What the page of difficulty says of the published rows is what the verb says."""

from pathlib import Path

from click.testing import CliRunner

from genbench.cli import cli

ROOT = Path(__file__).parents[3]


def test_the_page_holds_the_verbs_table_of_the_published_rows():
    made = CliRunner().invoke(cli, ["foretell", str(ROOT / "leaderboard" / "results"), "--format", "markdown"])

    assert made.exit_code == 0, made.output
    assert (ROOT / "docs" / "difficulty.md").read_text(encoding="utf-8").endswith(made.stdout), (
        "uv run python docs/from_rows.py makes the table anew"
    )
