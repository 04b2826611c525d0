"""Whether a pull request touches engine and rows together, on repositories made for the purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / ".ci" / "engine-and-rows"


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (["README.md"], "neither"),
        (["baselines/mlp/card.toml", "tasks/scan/card.toml"], "neither"),
        (["leaderboard/results/cells/a.parquet"], "rows"),
        (["leaderboard/results/$(touch x) \n.parquet"], "rows"),
        (["leaderboard/page/style.css"], "neither"),
        (["genbench/scoring/metrics.py"], "engine"),
        (["pyproject.toml"], "engine"),
        ([".github/workflows/rows.yml"], "engine"),
        ([".ci/run", "leaderboard/results/cells/a.parquet"], "both"),
        (["genbench/new.py", "leaderboard/results/cells/a.parquet"], "both"),
    ],
)
def test_what_a_change_touches_is_told_and_both_together_is_refused(repository, paths, said):
    repository.write(*paths, text="second")
    repository.commit()

    done = repository.run([str(SCRIPT), "main"])

    assert (done.stdout.strip(), done.returncode) == (said, 1 if said == "both" else 0)


def test_rows_that_were_deleted_are_touched_and_what_main_did_meanwhile_is_not(repository):
    repository.git("switch", "--quiet", "main")
    repository.write("leaderboard/results/cells/a.parquet")
    repository.commit()
    repository.git("switch", "--quiet", "--create=other")
    repository.git("rm", "--quiet", "leaderboard/results/cells/a.parquet")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("genbench/new.py")
    repository.commit()

    assert repository.run([str(SCRIPT), "main", "other"]).stdout == "rows\n"


def test_a_commit_that_is_not_here_is_an_error(repository):
    done = repository.run([str(SCRIPT), "0" * 40])

    assert done.returncode == 2
    assert "fetch-depth: 0" in done.stderr
