"""The site of a thousand submissions on a hundred splits: how long it takes, and how heavy its pages are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genbench.analysis.inference import Gap
from genbench.analysis.standings import Board, Headline, SliceStanding, Standing
from genbench.report import site

SUBMISSIONS, SPLITS, SLICES = 1000, 100, 5
TEMPLATES = Path(__file__).parents[2] / "leaderboard" / "page"


@pytest.fixture(scope="module")
def board():
    """Ten tasks of ten splits, each with a set as trained and one beyond it, and an axis of five values."""
    standings, slices, headlines = [], [], {}
    for number in range(SPLITS):
        task, split = f"task{number // 10}", f"split{number % 10}"
        headlines[f"{task}/{split}"] = Headline(
            "exact_match", title=f"Task {number // 10}", about="asks beyond training"
        )
        for kind in ("ood", "id"):
            for place in range(SUBMISSIONS):
                mean = (place * 7919 + number) % 1000 / 1000
                standings.append(
                    Standing(
                        task=task, split=split, question_set=kind, kind=kind, submission=f"network:width={place}",
                        profile="full", metric="exact_match", direction="higher", bounded=True, mean=mean,
                        low=max(0, mean - 0.02), high=min(1, mean + 0.02), seeds=3, questions=1000, chance=0.1,
                        seed_values=((0, mean), (1, mean), (2, mean)), failed=(), fit_seconds=12.5, superseded=0,
                        editions=1, ranks=(place + 1, place + 9), ends=(0.0, 1.0), floor=0.1, variance=1e-4,
                        gap=Gap(0.1, 0.05, 0.15, 0.5) if kind == "ood" else None,
                    )
                )  # fmt: skip
                slices += [
                    SliceStanding(
                        task=task, split=split, question_set=kind, kind=kind, axis="length", slice=str(part),
                        submission=f"network:width={place}", profile="full", metric="exact_match", bounded=True,
                        mean=mean, low=max(0, mean - 0.05), high=min(1, mean + 0.05), seeds=3, questions=200,
                        chance=None,
                    )
                    for part in range(SLICES)
                ]  # fmt: skip
    noon = datetime(2026, 8, 1, tzinfo=UTC)
    return Board(tuple(standings), tuple(slices), (), headlines, len(standings), 0, 0, noon, noon, ())


def written(board, out):
    return site.write(site.subject(board, None), out, TEMPLATES, site.KINDS)


def test_a_large_site_is_written(board, tmp_path, benchmark):
    benchmark.pedantic(written, (board, tmp_path), rounds=1)

    pages = {path.relative_to(tmp_path).as_posix(): path.stat().st_size for path in tmp_path.rglob("*.html")}
    splits = [size for name, size in pages.items() if name.startswith("tasks/") and not name.endswith("index.html")]
    assert len(splits) >= SPLITS
    assert max(splits) < 500_000
    assert pages["index.html"] < 300_000


def test_one_new_figure_touches_its_own_pages_alone(board, tmp_path, benchmark):
    written(board, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    first = board.standings[0]
    other = replace(board, standings=(replace(first, mean=0.001), *board.standings[1:]))

    benchmark.pedantic(written, (other, tmp_path), rounds=1)

    changed = {
        path.relative_to(tmp_path).as_posix() for path, when in before.items() if path.stat().st_mtime_ns != when
    }
    assert "tasks/task0/split0.html" in changed
    assert not [name for name in changed if "split" in name and "task0/split0" not in name]
