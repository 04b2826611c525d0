"""The photographs of Let it Wag!: read from shards by their features, and what is wrong with shards said by name."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from PIL import Image

from genbench import cards
from genbench.cli import main
from genbench.data import sources
from genbench.data.sever import sever
from genbench.errors import BadData, BadValue, SourceAbsent, SourceFault
from genbench.evaluation import build, prepare
from genbench.registry import ChosenSplit
from genbench.rows.store import Store


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """One for all tests: shards that are alike are looked at once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _offline(cache, monkeypatch):
    monkeypatch.setenv("GENBENCH_CACHE", str(cache))
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")


CARD = cards.read(Path(__file__).parents[3] / "tasks" / "letitwag", "task")


def chosen(**params):
    split = CARD.splits["zero-shot"]
    return ChosenSplit(CARD, split, {**split.params, "per_class": 1, **params})


@pytest.fixture
def shards(tmp_path, monkeypatch, photographs):
    """Makes shards, with a change or without, and sets GENBENCH_DATA."""

    def make(change=None, **options):
        monkeypatch.setenv("GENBENCH_DATA", str(photographs(tmp_path / "data", change=change, **options)))

    return make


def loaded(**params):
    return build.load(chosen(**params))


def test_the_test_set_is_read_from_several_shards_with_its_names_and_nothing_to_train_on(shards):
    shards()

    data = loaded()

    assert data.train.num_rows == 0
    test = data.questions["test"]
    assert test.num_rows == 290
    assert test["label"].to_pylist() == list(range(290))
    assert data.classes[7] == "rare_thing_007_bird"
    assert set(test.slice(7, 1).to_pylist()[0]) == {"image", "label", "class", "frequency", "group"}
    assert test.slice(7, 1).to_pylist()[0]["class"] == "rare_thing_007_bird"
    assert test.slice(289, 1).to_pylist()[0]["frequency"] == int(1.06**229)
    assert data.note == "images: 2 shards in Let-It-Wag under GENBENCH_DATA"


def test_names_of_files_which_tell_the_class_do_not_cross_the_wall(shards):
    shards()

    problem, _ = sever(loaded(), chosen().task, chosen().split)

    assert problem.questions.column_names == ["question_id", "image"]
    assert {one["path"] for one in problem.questions["image"].to_pylist()} == {None}


def test_a_submission_is_told_the_classes_by_the_feature_of_an_empty_training_set(shards, tmp_path):
    shards()
    problem, _ = sever(loaded(), chosen().task, chosen().split)
    prepare.write_problem(problem, tmp_path / "job")

    train = datasets.Dataset.from_file(str(tmp_path / "job" / "train.arrow"))
    asked = datasets.Dataset.from_file(str(tmp_path / "job" / "questions.arrow"))

    assert train.features["label"].names[3] == "rare_thing_003_bird"
    assert asked[0]["image"].size == (8, 8)


def renamed(rows):
    image, label = rows["features"].values()
    rows["features"] = {"picture": image, "what_it_is": label}


def texts(rows):
    names = rows["features"]["label"].names
    rows["features"]["label"] = datasets.Value("string")
    rows["label"] = [names[label] for label in rows["label"]]


@pytest.mark.parametrize("change", [renamed, texts])
def test_columns_are_found_by_their_features_whatever_they_are_called(shards, change):
    shards(change)

    data = loaded()

    assert len(data.classes) == 290
    assert data.questions["test"]["label"].to_pylist() == list(range(290))


def test_the_first_images_of_each_class_can_be_chosen(shards):
    shards(per_class=2)

    assert pc.value_counts(loaded(per_class=1).questions["test"]["label"]).field("counts").unique().to_pylist() == [1]


def test_frequencies_are_those_of_the_corpus_and_search_that_are_asked_for(shards):
    shards()

    test = loaded(corpus="cc3m", search="text").questions["test"]

    assert test["frequency"].to_pylist() == list(range(290))
    assert pc.value_counts(test["group"]).to_pylist() == [
        {"values": "tail", "counts": 97},
        {"values": "torso", "counts": 97},
        {"values": "head", "counts": 96},
    ]


def image(mode, size=(8, 8), form="JPEG"):
    kept = io.BytesIO()
    Image.new(mode, size).save(kept, form)
    return kept.getvalue()


def broken(rows):
    rows["image"][5] = rows["image"][5][:300]
    rows["image"][150] = b"no image"
    rows["image"][289] = b""
    rows["image"][10] = image("L")
    rows["image"][11] = image("CMYK")
    rows["image"][12] = image("1", (20_000, 10_000), "PNG")


def test_broken_images_are_counted_named_and_wrong_and_others_are_no_matter(shards, capsys):
    shards(broken)

    data = loaded()
    problem, targets = sever(data, chosen().task, chosen().split)

    told = data.unreadable["test"]
    assert list(told) == [5, 12, 150, 289]
    assert told[5].startswith("train-00000-of-00002.parquet row 5: ")
    assert told[12] == "train-00000-of-00002.parquet row 12: refused: more than 89,478,485 pixels"
    assert told[150] == "train-00001-of-00002.parquet row 5: no image that is known"
    assert told[289] == "train-00001-of-00002.parquet row 144: no bytes"
    assert sorted(targets.target.take(pa.array(targets.unreadable)).to_pylist()) == [5, 12, 150, 289]
    for one in targets.unreadable:
        content = problem.questions["image"][one].as_py()["bytes"]
        assert Image.open(io.BytesIO(content)).convert("L").getpixel((0, 0)) == 128


def test_shards_are_looked_at_once(shards, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    shards(broken)

    first, again = loaded(), loaded()

    assert capsys.readouterr().err.count("looking at the ") == 2
    assert first.unreadable == again.unreadable


@pytest.mark.slow
def test_a_run_says_what_was_broken_and_strict_stops(shards, tmp_path, capsys):
    shards(broken)
    told = ["evaluate", "chance", "--task", "letitwag/zero-shot:per_class=1", "--out", str(tmp_path / "out")]

    assert main(told) == 0
    said = capsys.readouterr()
    strict = main([*told, "--strict"])
    stopped = capsys.readouterr()

    wanted = "4 questions count as wrong, for the input cannot be read: train-00000-of-00002.parquet row 5: "
    assert wanted in said.out + said.err
    (cell,) = Store(str(tmp_path / "out")).read("cells").table.to_pylist()
    assert wanted in cell["detail"]
    rows = Store(str(tmp_path / "out")).read("predictions").table.to_pandas()
    assert (rows["prediction"] == "[]").sum() == 4
    assert not rows[rows["prediction"] == "[]"]["correct"].any()
    assert strict == 2
    assert "--strict, and the input of 4 questions cannot be read:" in stopped.out + stopped.err
    assert "train-00001-of-00002.parquet row 144: no bytes" in stopped.out + stopped.err


def label(value):
    def change(rows):
        rows["features"]["label"] = datasets.ClassLabel(names=[*rows["features"]["label"].names, "one_too_many"][:290])
        rows["label"][200] = value

    return change


def without_names(rows):
    rows["features"]["label"] = datasets.Value("int64")


def short(rows):
    rows["label"][1] = 0


def lacks(rows):
    rows["frequencies"] = rows["frequencies"][rows["frequencies"]["class"] != "rare_thing_004"]


def other(rows):
    rows["frequencies"].loc[4, "class"] = "frequent_thing"


def negative(rows):
    rows["frequencies"].loc[4, "freq_laion400m_image"] = -1


def twice(rows):
    rows["frequencies"].loc[4, "class"] = "rare_thing_005"


def nameless(rows):
    rows["frequencies"] = rows["frequencies"].rename(columns={"class": "concept"})


def missing_class(rows):
    names = rows["features"]["label"].names
    rows["features"]["label"] = datasets.ClassLabel(names=names[:289])
    rows["label"] = [min(label, 288) for label in rows["label"]]


FAULTS = {
    "a label below 0": (
        label(-1),
        BadData,
        "train-00001-of-00002.parquet row 55 has the label -1; labels are 0 to 289",
    ),
    "labels without names": (without_names, SourceFault, "there must be one column with names of classes"),
    "a class with too few images": (
        short,
        BadData,
        "1 of 290 classes have fewer than 1 images: rare_thing_001_bird (0)",
    ),
    "a table that lacks a class": (
        lacks,
        BadData,
        "290 of 290 classes; let_it_wag/classes.parquet does not fit them: 1 classes of the images that it lacks: ",
    ),
    "a table with another class": (other, BadData, "rare_thing_004; 1 classes that the images lack: frequent_thing"),
    "a frequency below 0": (negative, SourceFault, "freq_laion400m_image of 'rare_thing_004' is -1; it must be"),
    "a class twice in the table": (twice, SourceFault, "1 classes stand twice in the column 'class'"),
    "a table without classes": (nameless, SourceFault, "there is no column 'class'; columns: concept, freq_"),
    "a class that no label names": (missing_class, BadData, "1 classes that the images lack: rare_thing_289"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_with_the_data_is_said_by_name(shards, what):
    change, kind, message = FAULTS[what]
    shards(change)

    with pytest.raises(kind) as fault:
        loaded()

    assert message in str(fault.value)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"per_class": 0}, "parameter 'per_class' is 0; it must be from 1 to 450"),
        ({"per_class": 451}, "parameter 'per_class' is 451; it must be from 1 to 450"),
        ({"corpus": "cc3m"}, "has no frequencies by corpus=cc3m, search=image"),
    ],
)
def test_parameters_that_cannot_be_had_are_said(shards, params, message):
    shards()

    with pytest.raises(BadValue, match=message):
        loaded(**params)


def test_a_shard_that_is_no_parquet_is_said(shards):
    shards()
    folder = sources.data_folder() / "Let-It-Wag" / "data"
    (folder / "train-00002-of-00002.parquet").write_bytes(b"cut short")

    with pytest.raises(SourceFault, match="3 shards in Let-It-Wag under GENBENCH_DATA: not readable as Parquet: "):
        loaded()


def test_images_that_are_links_to_files_are_refused(task_module):
    links = pa.array([{"bytes": None, "path": "a.jpg"}], pa.struct([("bytes", pa.binary()), ("path", pa.string())]))

    with pytest.raises(SourceFault, match="here: 1 images are links to files; the shards must hold their bytes"):
        task_module("letitwag").zero_shot.shards._without_path(links, "here")


def test_a_label_beyond_the_names_is_refused_with_its_shard_and_row(shards, task_module):
    shards()
    module = task_module("letitwag").zero_shot.shards
    images = module.read(*module.find("main"))
    labels = images.table["label"].to_pylist()
    table = pa.table({"image": images.table["image"], "label": pa.array([*labels[:200], 290, *labels[201:]])})

    with pytest.raises(BadData, match="train-00001-of-00002.parquet row 55 has the label 290; labels are 0 to 289"):
        module.labels_of(images._replace(table=table))


def test_a_folder_without_shards_is_said(shards):
    shards()
    for path in (sources.data_folder() / "Let-It-Wag" / "data").iterdir():
        path.unlink()

    with pytest.raises(SourceFault, match="Let-It-Wag holds no Parquet files; it must hold the shards of bethgelab"):
        loaded()


def test_without_data_or_leave_to_fetch_it_is_said_how_to_get_them(monkeypatch, tmp_path, photographs):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("GENBENCH_DATA", str(photographs(tmp_path / "data")))
    (tmp_path / "data" / "Let-It-Wag").rename(tmp_path / "data" / "elsewhere")

    with pytest.raises(SourceAbsent) as fault:
        loaded()

    assert "the images of bethgelab/Let-It-Wag (about 4.9 GB) are not at hand, and nothing may be fetched here" in str(
        fault.value
    )
    assert "hf download bethgelab/Let-It-Wag --repo-type dataset --local-dir Let-It-Wag" in str(fault.value)


def test_without_a_network_it_is_said_how_to_get_them(tmp_path, photographs):
    """In a process of its own: the hub's address is read when its library is imported."""
    photographs(tmp_path / "data")
    (tmp_path / "data" / "Let-It-Wag").rename(tmp_path / "data" / "elsewhere")
    told = {"GENBENCH_DATA": str(tmp_path / "data"), "HF_HUB_CACHE": str(tmp_path / "hub"), "GENBENCH_OFFLINE": "0"}

    ended = subprocess.run(
        [sys.executable, "-m", "genbench.cli", "show", "letitwag/zero-shot"],
        env={**os.environ, **told, "HF_ENDPOINT": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("error: the images of bethgelab/Let-It-Wag (about 4.9 GB) are not at hand, and the ")


def test_without_frequencies_it_is_said_where_they_go(shards, monkeypatch):
    shards()
    (sources.data_folder() / "let_it_wag" / "classes.parquet").unlink()

    with pytest.raises(SourceAbsent, match="the frequencies of the classes are not at hand: there is no "):
        loaded()
    monkeypatch.delenv("GENBENCH_DATA")
    with pytest.raises(SourceAbsent, match="GENBENCH_DATA is not set"):
        loaded()


def test_a_process_that_cannot_look_at_a_shard_is_said(shards, monkeypatch, tmp_path):
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    shards()
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(SourceFault, match="parquet: its images cannot be looked at: it ended with 1"):
        loaded()


def test_the_program_that_looks_prints_json(shards):
    shards(broken)
    program = chosen().task.folder / "look.py"
    shard = sources.data_folder() / "Let-It-Wag" / "data" / "train-00001-of-00002.parquet"

    ended = subprocess.run([sys.executable, program, shard, "image"], capture_output=True, text=True, check=True)

    assert json.loads(ended.stdout) == {"5": "no image that is known", "144": "no bytes"}
