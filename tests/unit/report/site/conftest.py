"""CELLS behind standings, for the pages that tell of cells."""

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from genbench.report import site
from genbench.rows.schema import CELLS, to_table

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def _cells(*standings, **changed):
    """The cells of each submission on each split, one for each seed that was graded or failed."""
    rows = {}
    for one in standings:
        seeds = [(seed, "ok") for seed, _ in one.seed_values]
        seeds += [(len(seeds), status) for status, _ in one.failed]
        for seed, status in seeds:
            key = f"{one.task}-{one.split}-{one.submission}-{one.profile}-{seed}"
            rows[key] = {
                **{name: getattr(one, name) for name in ("task", "split", "submission", "profile")},
                "cell": f"{len(rows):024x}",
                "seed": seed,
                "status": status,
                "detail": "" if status == "ok" else "it went wrong",
                "fit_seconds": 10.0 + seed,
                "predict_seconds": 1.0,
                "cell_seconds": 12.0,
                "cpu_seconds": 20.0,
                "peak_memory_bytes": 2**30,
                "parameters": 1000,
                "training_flops": 1e12,
                "device": "cpu",
                "sealing": "process",
                "environment": "[]",
                "asked_during_fit": None,
                "salt": None,
                "budget_seconds": 60.0,
                "task_params": '{"p": 7}',
                "submission_params": '{"hidden": 64}',
                "data_fingerprint": "sha256:" + "d" * 64,
                "task_fingerprint": "sha256:" + "e" * 64,
                "submission_fingerprint": "sha256:" + "f" * 64,
                "versions": '{"python": "3.11.7", "torch": "2.15.0"}',
                "edition": 1,
                "lineage": "[]",
                "machine": json.dumps({"processor": "AMD EPYC", "cores": 2, "memory_bytes": 2**34, "system": "Linux"}),
                "started": NOON + timedelta(minutes=len(rows)),
                "log": "",
            } | changed.get(one.submission, {})
    # Columns of later releases, which no page tells of yet.
    plain = {field.name: None if field.nullable else "" for field in CELLS}
    return to_table([plain | row for row in rows.values()], CELLS)


@pytest.fixture
def cells():
    """Makes the CELLS of standings; what is changed of a submission's is given by its name."""
    return _cells


@pytest.fixture
def about(a_board):
    """Makes the subject of a site of standings and their CELLS, with what is known beside it."""

    def made(*standings, cells=None, slices=(), curves=(), **beside):
        table = _cells(*standings) if cells is None else cells
        return site.subject(a_board(*standings, slices=slices, curves=curves), pa.table(table), **beside)

    return made


@pytest.fixture
def written(tmp_path):
    """Writes the pages of one kind, and gives the texts of what came of it by their paths."""

    def write(kind, subject):
        from genbench.registry import page_folder

        out = site.write(subject, tmp_path / "site", page_folder(), [site.Kind("", "", kind)]).parent
        there = [path for path in out.rglob("*") if path.is_file() and "assets" not in path.parts]
        return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in there}

    return write
