"""What was asked is kept once a split, and answers are read beside it, never beside anything else."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.rows.asked import joined, parted
from genbench.rows.schema import KEPT_PREDICTIONS, PREDICTIONS, TABLES
from genbench.rows.store import Store


def predictions(key="a", answers=("1", "2", "3"), targets=("1", "2", "4"), ids=(0, 1, 2)):
    return pa.Table.from_pylist(
        [
            {
                "cell": key,
                "question_set": "test",
                "question_id": place,
                "prediction": answer,
                "target": target,
                "correct": answer == target,
                "slices": [("length", str(len(target)))],
            }
            for place, answer, target in zip(ids, answers, targets, strict=True)
        ],
        PREDICTIONS,
    )


def cell(key, data="sha256:d"):
    who = {"cell": key, "task": "toy", "split": "small", "submission": "mlp", "status": "ok", "data_fingerprint": data}
    plain = {pa.float64(): 1.0, pa.int64(): 1, pa.string(): "text"}
    return {field.name: who.get(field.name, plain.get(field.type, 0)) for field in TABLES["cells"]}


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    return Store(str(tmp_path))


def kept(store, key, table, data="sha256:d"):
    store.append("toy", "mlp", key, {"cells": [cell(key, data)], "predictions": table})


def test_cells_that_were_asked_the_same_keep_it_once_and_are_read_beside_it(store, tmp_path):
    kept(store, "a", predictions("a"))
    kept(store, "b", predictions("b", answers=("0", "0", "0")))

    assert len(list((tmp_path / "questions").rglob("*.parquet"))) == 1
    assert pq.read_schema(store.path("predictions", "toy", "mlp", "a")).names == KEPT_PREDICTIONS.names
    assert store.read("predictions").table.to_pylist() == [
        *predictions("a").to_pylist(),
        *predictions("b", answers=("0", "0", "0")).to_pylist(),
    ]


@pytest.mark.parametrize("other", [{"targets": ("1", "2", "5")}, {"ids": (0, 1, 7)}, {"data": "sha256:e"}])
def test_other_targets_other_ids_and_other_data_are_another_file(store, tmp_path, other):
    changed = {name: value for name, value in other.items() if name != "data"}
    kept(store, "a", predictions("a"))
    kept(store, "b", predictions("b", **changed), other.get("data", "sha256:d"))

    assert len(list((tmp_path / "questions").rglob("*.parquet"))) == 2
    assert store.read("predictions", cells={"b"}).table.to_pylist() == predictions("b", **changed).to_pylist()


def test_the_name_of_what_was_asked_is_of_its_values_and_not_of_their_layout():
    whole = pa.concat_tables([predictions(ids=(7, 8, 9)), predictions()])

    plain = parted(predictions(), "toy", "small", "d").name

    assert parted(whole.slice(3), "toy", "small", "d").name == plain
    assert parted(predictions().take([2, 0, 1]), "toy", "small", "d").name == plain


def test_answers_in_another_order_are_joined_by_id():
    turned = predictions().take([2, 0, 1])
    answers, questions, _ = parted(turned, "toy", "small", "d")

    assert joined(answers, questions, PREDICTIONS.names).to_pylist() == turned.to_pylist()


def test_columns_that_need_no_targets_are_read_where_what_was_asked_is_gone(store, tmp_path):
    kept(store, "a", predictions("a"))
    (asked,) = (tmp_path / "questions").rglob("*.parquet")
    asked.unlink()
    fresh = Store(str(tmp_path))

    assert fresh.read("predictions", ["prediction"]).table.num_rows == 3
    (line,) = fresh.read("predictions").skipped
    assert line == (
        f"{store.path('predictions', 'toy', 'mlp', 'a')}: what it was asked cannot be read: {asked}: "
        "No such file or directory"
    )


def test_what_was_asked_is_written_again_where_its_file_was_cut_short(store, tmp_path):
    kept(store, "a", predictions("a"))
    (asked,) = (tmp_path / "questions").rglob("*.parquet")
    asked.write_bytes(asked.read_bytes()[:100])

    kept(store, "b", predictions("b"))

    assert Store(str(tmp_path)).read("predictions").table.num_rows == 6


def test_files_from_before_are_read_beside_newer_ones(store):
    kept(store, "a", predictions("a"))
    kept(store, "b", predictions("b"))
    older = predictions("a").replace_schema_metadata({b"genbench": b"predictions", b"genbench-schema": b"1"})
    pq.write_table(older, store.path("predictions", "toy", "mlp", "a"))

    found = store.read("predictions")

    assert found.skipped == ()
    assert found.table.to_pylist() == [*predictions("a").to_pylist(), *predictions("b").to_pylist()]
