"""Published curves, recomputed from the counts and accuracies under them; and reference data that are not whole."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest

from genbench import registry
from genbench.authoring import verification
from genbench.cli import main
from genbench.errors import BadValue, SourceFault

TABLES = ("concept_counts.parquet", "zero_shot_class_results.parquet", "loglinear_reference.parquet")
MODEL = {"prompt": "ensemble", "backbone": "RN50", "pretrain": "cc3m"}


@pytest.fixture(scope="module")
def card():
    return registry.catalogue().tasks["letitwag"]


@pytest.fixture(scope="module")
def sets(card):
    """The names of the 18 data sets that a curve pools."""
    source = (card.folder / "reference.py").read_text(encoding="utf-8")
    pooled = source[source.index("POOLED: Final = (") : source.index("NOT_BY_TEXT")]
    return re.findall(r'"([\w-]+)"', pooled)


def concepts(sets):
    return [(data_set, f"{data_set} {place}") for data_set in sets for place in range(5)] + [("cifar10", "plane")]


@pytest.fixture
def small(tmp_path, sets):
    """A folder of reference data with one curve, right by a computation of its own."""
    stream = np.random.default_rng(0)
    rows = concepts(sets)
    counts = np.where(stream.random(len(rows)) < 0.3, 0, np.round(10 ** stream.uniform(0, 5, len(rows)))).astype(int)
    accuracy = stream.uniform(0, 100, len(rows))
    there = pd.DataFrame(rows, columns=["dataset", "class"])
    results = there.assign(accuracy=accuracy, **MODEL)
    there.loc[there["class"] == "plane", "class"] = "airplane"
    counted = there.assign(count=counts, pretrain="cc3m", search="integrated")
    x = np.log(np.maximum(counts, 1))
    edges = np.linspace(x.min(), x.max(), 12)
    place = np.searchsorted(edges, x)
    groups = [accuracy[place == at] for at in range(12)]
    means = np.array([own.mean() if len(own) else np.nan for own in groups])
    inner = np.arange(1, 11)[~np.isnan(means[1:11])]
    from scipy.stats import pearsonr

    r, p = pearsonr(edges[inner], means[inner])
    curve = {
        "search": "integrated",
        "prompt": "ensemble",
        "pretrain": "cc3m",
        "model": "RN50",
        "n_concepts": len(rows),
        "n_zero_count": int((counts == 0).sum()),
        "reproduced_from_released_counts": True,
        "pearson_r": r,
        "p_value": p,
        "bin_edges": np.exp(edges).tolist(),
        "mean_accuracy": means.tolist(),
        "std_accuracy": [own.std() if len(own) else np.nan for own in groups],
    }
    for name, table in zip(TABLES, (counted, results, pd.DataFrame([curve])), strict=True):
        table.to_parquet(tmp_path / name)
    return tmp_path


def changed(folder, name, change):
    table = pd.read_parquet(folder / name)
    change(table).to_parquet(folder / name)


def test_a_curve_comes_out_of_the_data_under_it(card, small):
    (found,) = verification.verify_reference(card, small)

    assert found.name == "integrated search, ensemble prompts, cc3m, RN50"
    assert found.wanted
    assert found.agrees
    assert found.difference < 1e-9


@pytest.mark.parametrize("column", ["pearson_r", "p_value", "bin_edges", "mean_accuracy", "std_accuracy"])
def test_a_curve_that_differs_anywhere_is_not_reproduced(card, small, column):
    changed(small, TABLES[2], lambda table: table.assign(**{column: table[column].map(lambda value: value * 1.00002)}))

    (found,) = verification.verify_reference(card, small)

    assert not found.agrees
    assert "differs by" in found.detail


def test_a_bin_said_to_be_empty_is_no_match(card, small):
    changed(
        small,
        TABLES[2],
        lambda table: table.assign(mean_accuracy=table["mean_accuracy"].map(lambda one: [np.nan, *one[1:]])),
    )

    (found,) = verification.verify_reference(card, small)

    assert found.difference == np.inf


def test_what_single_precision_cut_off_is_put_back(card, small):
    def shares(table):
        counts = np.random.default_rng(1).integers(1, 400, (2, len(table)))
        return table.assign(accuracy=100 * counts.min(axis=0) / counts.max(axis=0))

    changed(small, TABLES[1], shares)
    (double,) = verification.verify_reference(card, small)
    changed(small, TABLES[1], lambda table: table.astype({"accuracy": "float32"}))

    (single,) = verification.verify_reference(card, small)

    assert single.difference == pytest.approx(double.difference, abs=1e-11)


def test_concepts_without_a_count_are_said_by_name(card, small):
    changed(small, TABLES[0], lambda table: table[table["class"] != "dtd 3"])

    (found,) = verification.verify_reference(card, small)

    assert not found.agrees
    assert found.detail == "concept_counts.parquet lacks 1 of 91 concepts, as dtd dtd 3"


def test_a_data_set_without_results_is_said_by_name(card, small):
    changed(small, TABLES[1], lambda table: table[table["dataset"] != "sun397"])

    (found,) = verification.verify_reference(card, small)

    assert found.detail == "zero_shot_class_results.parquet has no results of this model on sun397"


def test_a_model_without_results_is_said(card, small):
    changed(small, TABLES[2], lambda table: table.assign(model="ViT-Z"))

    (found,) = verification.verify_reference(card, small)

    assert found.detail == "zero_shot_class_results.parquet has no results of this model with these prompts"


FAULTS = {
    "a file is missing": (TABLES[0], None, "there is no such file; a folder of reference data holds"),
    "a column is missing": (
        TABLES[1],
        lambda t: t.drop(columns="accuracy"),
        "there is no column 'accuracy'; columns: ",
    ),
    "a column is text": (TABLES[1], lambda t: t.assign(accuracy="high"), "column 'accuracy' is of type"),
    "a value is missing": (TABLES[1], lambda t: t.assign(accuracy=t["accuracy"].where(t.index > 3)), "holds 4 nulls"),
    "a count is negative": (TABLES[0], lambda t: t.assign(count=-1), "count in row 0 is -1; it must be 0 or more"),
    "a concept stands twice": (TABLES[0], lambda t: pd.concat([t, t[:1]]), "imagenet 'imagenet 0' stands twice"),
    "there are eleven bins": (
        TABLES[2],
        lambda t: t.assign(bin_edges=t["bin_edges"].map(lambda one: one[1:])),
        "a list in column 'bin_edges' is not of 12 numbers, one for each bin",
    ),
    "there are no curves": (TABLES[2], lambda t: t[:0], "there are no curves"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_reference_data_that_are_not_whole_get_one_clear_error(card, small, capsys, what):
    name, change, message = FAULTS[what]
    if change is None:
        (small / name).unlink()
    else:
        changed(small, name, change)

    with pytest.raises(SourceFault) as fault:
        verification.verify_reference(card, small)
    code = main(["data", "verify", "letitwag", "--reference", str(small)])

    assert str(fault.value).startswith(f"{small / name}: ")
    assert message in str(fault.value)
    assert code == 2
    assert capsys.readouterr().err.startswith(f"error: {small / name}: ")


def test_a_file_that_is_no_parquet_is_said(card, small):
    (small / TABLES[0]).write_bytes(b"not parquet")

    with pytest.raises(SourceFault, match="concept_counts.parquet: not readable as Parquet: "):
        verification.verify_reference(card, small)


def test_a_folder_that_is_not_there_and_a_task_without_figures_are_said(card, tmp_path):
    with pytest.raises(BadValue, match="--reference .*gone: there is no such folder"):
        verification.verify_reference(card, tmp_path / "gone")
    with pytest.raises(BadValue, match="scan names no 'verify_reference' on its card"):
        verification.verify_reference(registry.catalogue().tasks["scan"], tmp_path)


def test_the_verb_says_one_line_and_fails_where_a_curve_that_should_come_out_does_not(small, capsys):
    assert main(["data", "verify", "letitwag", "--reference", str(small)]) == 0
    right = capsys.readouterr()
    changed(small, TABLES[2], lambda table: table.assign(pearson_r=0.5))
    assert main(["data", "verify", "letitwag", "--reference", str(small)]) == 2
    wrong = capsys.readouterr()

    assert re.fullmatch(r"reproduced 1 of 1 curves marked reproducible, largest difference \d.\de-1\d\n", right.out)
    assert wrong.out.startswith("reproduced 0 of 1 curves marked reproducible, largest difference ")
    assert wrong.err.startswith(
        "not reproduced: integrated search, ensemble prompts, cc3m, RN50: r, place 1 differs by"
    )


def test_a_curve_not_marked_is_named_and_no_failure(small, capsys):
    def more(table):
        return pd.concat([table, table.assign(pearson_r=0.5, reproduced_from_released_counts=False)])

    changed(small, TABLES[2], more)

    code = main(["data", "verify", "letitwag", "--reference", str(small)])

    said = capsys.readouterr()
    assert code == 0
    assert said.out.endswith("; 1 others are not marked so\n")
    assert said.err.startswith("not marked reproducible: integrated search")


def test_the_published_curves_come_out(card, reference, tmp_path):
    folder = shutil.copytree(reference / "let_it_wag", tmp_path / "copy")

    found = verification.verify_reference(card, folder)

    wanted = [one for one in found if one.wanted]
    assert (len(found), len(wanted)) == (52, 42)
    assert [one.name for one in wanted if not one.agrees] == []
    assert max(one.difference for one in wanted) < 1e-12
