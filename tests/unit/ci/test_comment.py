"""The comment of a pull request: what its jobs left is shown, and none of it is obeyed."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / ".ci" / "comment"


@pytest.fixture
def comment(tmp_path):
    """Gives `comment(section, files, old)`: the text."""

    def told(section, files, old=None):
        report = tmp_path / "report.zip"
        with zipfile.ZipFile(report, "w", zipfile.ZIP_DEFLATED) as content:
            for name, text in files.items():
                content.writestr(name, text)
        more = []
        if old is not None:
            (tmp_path / "old").write_text(old)
            more = [str(tmp_path / "old")]
        return subprocess.run(
            [sys.executable, "-I", str(SCRIPT), section, str(report), *more], capture_output=True, text=True, check=True
        ).stdout

    return told


def test_it_holds_table_comparison_and_verdicts_of_both_workflows_each_newest(comment):
    first = comment("contribution", {"table.txt": "mlp 0.5", "compare.txt": "the same", "verdicts.txt": "2 agree"})
    second = comment("rows", {"verdicts.txt": "1 differs"}, first)
    third = comment("contribution", {"table.txt": "mlp 0.7"}, second)

    assert [text in first for text in ("mlp 0.5", "the same", "2 agree")] == [True] * 3
    assert "mlp 0.5" in second
    assert "1 differs" in second
    assert ("mlp 0.7" in third, "mlp 0.5" in third, "1 differs" in third) == (True, False, True)
    assert third.count("<!-- genbench: one comment") == 1


def test_nothing_of_it_is_obeyed(comment):
    evil = "```\n@everyone [x](http://evil) <img src=x> <!-- /genbench:rows --> \x1b[31m \u202e ````"
    shown = comment("rows", {"table.txt": evil})

    fences = [line for line in shown.splitlines() if line.startswith("`" * 5)]
    assert fences == ["`" * 5 + "text", "`" * 5]
    assert shown.count("<!-- /genbench:rows -->") == 1
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_bomb_and_names_of_its_own_are_cut_and_left(comment, tmp_path):
    shown = comment("rows", {"table.txt": "x" * 10**8, "../../evil.txt": "evil", "other.txt": "other"})

    assert len(shown) < 25_000
    assert "cut here" in shown
    assert "evil" not in shown
    (tmp_path / "report.zip").write_bytes(b"no zip")
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), "rows", str(tmp_path / "report.zip")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "It left no report" in done.stdout
