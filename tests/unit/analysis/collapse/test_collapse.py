"""Neural collapse of released language models: the table as it is checked and read, and correlations with the loss."""

import csv
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

from genbench.analysis import collapse
from genbench.analysis.collapse import correlations
from genbench.analysis.collapse.models import FILE, NUMBERS, WHOLE, pinned
from genbench.cli import main

COPY = "seeds_theory/linguistic_collapse_models.csv"


def text(rows, more=()):
    names = ["model", *WHOLE, *NUMBERS, *more]
    return "\n".join(
        [",".join(names), *(",".join(str(row.get(name, 0)) for name in names) for row in rows), ""]
    ).encode()


def made(count, loss, cdnv):
    """Models of which only loss, cdnv and agreement differ, each of a size of its own but the seeds."""
    rows = []
    for at in range(count):
        own = {"model": f"02x0768_01d{at:02d}@0" if at < 5 else f"{at}x0064_10L@9", "n_params": 1 if at < 5 else at}
        rows.append(dict.fromkeys(NUMBERS, float(at)) | own | {"val_loss": loss(at), "cdnv": cdnv(at)})
        rows[-1] |= {"hits": 100 - at, "misses": at, "source": "a paper"}
    return pa.Table.from_pylist(rows, collapse.MODELS)


def test_the_pin_is_of_the_columns_that_are_read_to_four_digits():
    one = {"model": "a", "n_params": 7, "cdnv": 0.123449, "val_loss": 2.5}
    other = {"model": "b", "cdnv": 3e-7}

    assert pinned(text([one, other])) == pinned(text([other, one | {"cdnv": 0.12341}], more=["perplex"]))
    assert pinned(text([one])) != pinned(text([one | {"cdnv": 0.1233}]))
    assert pinned(text([one])) != pinned(text([one | {"hits": 1}]))
    assert pinned(text([one])) != pinned(text([one, one]))


@pytest.mark.parametrize(
    "content",
    [b"model,n_params\na,7\n", b"\xff\xfe", text([{"model": "a", "cdnv": "high"}]), text([{}])[:-3] + b",1,1,1\n", b""],
)
def test_what_is_no_such_table_has_no_pin(content):
    assert pinned(content) == b""


def test_a_correlation_is_that_of_other_code(monkeypatch):
    monkeypatch.setattr(correlations, "DRAWS", 20)
    chance = np.random.default_rng(0)
    losses, cdnv = chance.normal(size=30), np.exp(chance.normal(size=30))
    models = made(30, losses.__getitem__, cdnv.__getitem__)

    found = {(one.over, one.measure.name): one for one in collapse.correlated(models)}

    for over, places in (("all models", slice(None)), ("seeds", slice(5))):
        one, other = found[over, "cdnv"], found[over, "agreement"]
        assert one.pearson.value == pytest.approx(stats.pearsonr(np.log(cdnv[places]), losses[places])[0])
        assert one.spearman.value == pytest.approx(stats.spearmanr(cdnv[places], losses[places])[0])
        assert other.spearman.value == pytest.approx(stats.spearmanr(-np.arange(30)[places], losses[places])[0])
        assert one.models == len(losses[places])


def test_sizes_are_drawn_with_all_their_models(monkeypatch):
    drawn = []
    monkeypatch.setattr(correlations, "DRAWS", 20)
    monkeypatch.setattr(correlations, "spearman", lambda across, up: drawn.append(up) or 0.5)
    collapse.correlated(made(8, float, lambda at: 1.0 + at))

    every = [tuple(up) for up in drawn if len(up) > 5]
    assert all(sum(loss in up for loss in range(5)) in {0, 5} for up in every)


def test_the_figures_of_the_release_come_out(reference, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")

    code = main(["replay", "collapse", "--out", str(tmp_path)])

    rows = pq.read_table(tmp_path / "collapse_correlations.parquet").to_pylist()
    found = {(row["over"], row["measure"]): row for row in rows}
    assert code == 0
    assert pq.read_metadata(tmp_path / "collapse_models.parquet").num_rows == 230
    assert found["all models", "cdnv"]["pearson"] == pytest.approx(0.957, abs=1e-3)
    assert found["all models", "cdnv"]["spearman"] == pytest.approx(0.942, abs=1e-3)
    assert found["all models", "agreement"]["spearman"] == pytest.approx(-0.959, abs=1e-3)
    assert found["seeds", "cdnv"]["spearman"] == pytest.approx(0.488, abs=1e-3)
    assert found["seeds", "agreement"]["spearman"] == pytest.approx(-0.708, abs=1e-3)
    assert found["seeds", "cdnv"]["models"] == 21
    for row in rows:
        assert -1 <= row["pearson_low"] <= row["pearson"] <= row["pearson_high"] <= 1
        assert -1 <= row["spearman_low"] <= row["spearman"] <= row["spearman_high"] <= 1
    assert "0.957 (0.9" in capsys.readouterr().out


def test_an_altered_table_is_not_the_published_one(reference, monkeypatch, tmp_path, capsys):
    place = tmp_path / "linguistic-collapse" / FILE
    place.parent.mkdir(parents=True)
    shutil.copyfile(reference / COPY, place)
    with place.open() as file:
        rows = list(csv.DictReader(file))
    rows[7]["cdnv"] = str(1.01 * float(rows[7]["cdnv"]))
    place.write_bytes(text(rows))
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    assert main(["replay", "collapse", "--out", str(tmp_path / "out")]) == 2

    assert f"{place}: not the official file" in capsys.readouterr().err


def test_a_table_that_cannot_be_had_says_where_its_home_is(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path))
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")

    assert main(["replay", "collapse", "--out", str(tmp_path / "out")]) == 2

    said = capsys.readouterr().err
    assert f"the official file {FILE} is not at hand, and nothing may be fetched here" in said
    assert "rhubarbwu/linguistic-collapse/9e250206e47ef07a999d3e90f034d4dd07ee58d4/" in said


def test_a_table_of_ones_own_goes_with_a_task(tmp_path, capsys):
    assert main(["replay", "collapse", "--table", "mine.csv", "--out", str(tmp_path)]) == 2
    assert main(["replay", "colapse", "--out", str(tmp_path)]) == 2

    said = capsys.readouterr().err
    assert "--table, --unit and --source go with a task; collapse reads one released table of models" in said
    assert "there is no task 'colapse'; did you mean 'collapse'?" in said
