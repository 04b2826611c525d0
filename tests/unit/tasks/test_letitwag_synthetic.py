import io
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from genbench import cards, registry
from genbench.data import tables
from genbench.errors import BadValue, UnknownName
from genbench.painting import png

CARD = cards.read(Path(__file__).parents[3] / "tasks" / "letitwag", "task")
SPLIT = CARD.splits["synthetic"]
COMPOSITIONAL = "synthetic_compositional"
SMALL = {"head": 20, "tests": 1}


@pytest.fixture(scope="module")
def letitwag(task_module):
    return task_module("letitwag")


@pytest.fixture(scope="module")
def synthetic(letitwag):
    return letitwag.synthetic


def params(split="synthetic", **given):
    return {**CARD.splits[split].params, **SMALL, **given}


def pixels(column):
    return np.stack([np.asarray(Image.open(io.BytesIO(one["bytes"]))) for one in column.to_pylist()])


def whole(tables_of):
    return pa.concat_tables(tables_of).combine_chunks()


def test_frequencies_follow_zipf(synthetic):
    counts = np.sort(synthetic.counts("synthetic", SPLIT.params, 0))[::-1]

    assert counts.tolist() == [max(1, round(800 * rank**-0.8)) for rank in range(1, 257)]


def test_the_exponent_says_how_steep_the_tail_is(synthetic):
    flat, steep = (synthetic.counts("synthetic", params(exponent=exponent, head=1000), 0) for exponent in (0, 2))

    assert flat.tolist() == [1000] * 256
    assert np.sort(steep)[::-1][:4].tolist() == [1000, 250, 111, 62]
    assert steep.min() == 1


def test_training_holds_each_concept_as_often_as_its_frequency_says(letitwag, synthetic):
    data = letitwag.load("synthetic", params(), 0)

    counts = synthetic.counts("synthetic", params(), 0)
    assert Counter(data.train["label"].to_pylist()) == dict(enumerate(counts.tolist()))
    for row in data.questions["test"].select(["label", "class", "frequency"]).to_pylist():
        assert row["frequency"] == counts[row["label"]]
        assert row["class"] == synthetic.NAMES[row["label"]] == data.classes[row["label"]]


def test_every_concept_is_asked_as_often(letitwag):
    data = letitwag.load("synthetic", params(tests=3), 0)

    assert Counter(data.questions["test"]["label"].to_pylist()) == dict.fromkeys(range(256), 3)


def test_groups_are_thirds_of_the_concepts_by_frequency(letitwag):
    test = letitwag.load("synthetic", SPLIT.params | {"tests": 1}, 0).questions["test"]

    most = {group: max(test.filter(pa.compute.equal(test["group"], group))["frequency"].to_pylist())
            for group in ("tail", "torso", "head")}  # fmt: skip
    assert most == {"tail": 13, "torso": 23, "head": 800}


def test_a_label_spells_shape_colour_and_texture(synthetic):
    assert synthetic.NAMES[17] == "striped cyan disc"
    assert synthetic.parts(np.array([0, 17, 255])).tolist() == [[0, 0, 0], [0, 4, 1], [7, 7, 3]]
    assert len(set(synthetic.NAMES)) == 256


def test_draws_make_other_concepts_rare_and_move_no_image(synthetic):
    first, second = (synthetic.counts("synthetic", params(draw=draw), 0) for draw in (0, 1))
    asked = [whole(synthetic.stream("synthetic", "test", params(draw=draw), 0)).sort_by("label") for draw in (0, 1)]

    assert sorted(first.tolist()) == sorted(second.tolist())
    assert abs(np.corrcoef(np.log(first), np.log(second))[0, 1]) < 0.2
    assert asked[0]["image"].equals(asked[1]["image"])


@pytest.mark.parametrize("rows", [1, 100, 777, 5000])
def test_the_same_seed_gives_the_same_bytes_whatever_the_batch(synthetic, rows):
    subset = "train" if rows > 1 else "test"
    given = params(head=3) if rows > 1 else params()
    usual = whole(synthetic.stream("synthetic", subset, given, 0))

    cut = list(synthetic.stream("synthetic", subset, given, 0, rows))

    assert [one.num_rows for one in cut[:-1]] == [rows] * (len(cut) - 1)
    assert tables.fingerprint({"": whole(cut)}) == tables.fingerprint({"": usual})


def test_another_seed_gives_other_images(synthetic):
    first, second = (next(synthetic.stream("synthetic", "test", params(), seed, 8)) for seed in (0, 1))

    assert not first["image"].equals(second["image"])


def test_an_image_can_be_had_alone(synthetic):
    together = np.concatenate(list(synthetic.images(17, "train", np.arange(100), params(), 0)))
    (alone,) = synthetic.images(17, "train", np.array([93]), params(), 0)

    assert (alone[0] == together[93]).all()


def test_a_file_holds_the_pixels_that_were_painted(synthetic):
    for size in (32, 64):
        painted = list(synthetic.images(200, "test", np.arange(70), params(size=size), 0))
        column = png.column(map(png.rgb, painted))

        assert column.type == tables.ARROW["image"]
        assert (pixels(column) == np.concatenate(painted).transpose(0, 2, 3, 1)).all()


def test_both_sizes_show_the_same_scene(synthetic):
    """Halved, the larger image is nearer to the smaller one of its number than to any other of the concept."""
    small, large = (
        np.concatenate(list(synthetic.images(40, "train", np.arange(20), params(size=size), 0))).astype(float)
        for size in (32, 64)
    )
    halved = large.reshape(20, 3, 32, 2, 32, 2).mean((3, 5))
    # The ground is a window of another canvas: what is compared is where the thing's colour lies.
    things = [np.abs(one[:, 1] - one[:, 0]) for one in (small, halved)]
    near = np.corrcoef(things[0].reshape(20, -1), things[1].reshape(20, -1))[:20, 20:]

    assert (near.argmax(1) == np.arange(20)).mean() > 0.6


def test_training_and_test_share_no_image(letitwag):
    data = letitwag.load("synthetic", params(), 0)
    images = [{one["bytes"] for one in table["image"].to_pylist()} for table in (data.train, data.questions["test"])]

    assert images[0].isdisjoint(images[1])
    assert len(images[0]) == data.train.num_rows


def test_the_parts_of_a_rare_combination_are_common(letitwag, synthetic):
    data = letitwag.load(COMPOSITIONAL, params(COMPOSITIONAL), 0)
    counts = synthetic.counts(COMPOSITIONAL, params(COMPOSITIONAL), 0)
    parts = synthetic.parts(np.array(data.train["label"].to_pylist()))

    for part in range(3):
        assert np.bincount(parts[:, part]).min() > 1500
    assert Counter(counts.tolist()) == {64: 192, 0: 16, 1: 16, 4: 16, 16: 16}
    rare = synthetic.parts(np.flatnonzero(counts < 64))
    assert len({(shape, colour) for shape, colour, _ in rare.tolist()}) == 64


def test_question_sets_tell_common_rare_and_unseen_combinations_apart(letitwag):
    data = letitwag.load(COMPOSITIONAL, params(COMPOSITIONAL), 0)
    frequencies = {name: set(table["frequency"].to_pylist()) for name, table in data.questions.items()}
    trained = set(data.train["label"].to_pylist())

    assert frequencies == {"common": {64}, "rare": {1, 4, 16}, "unseen": {0}}
    assert trained.isdisjoint(data.questions["unseen"]["label"].to_pylist())


@pytest.mark.parametrize(
    ("key", "value", "form"),
    [
        ("size", 48, "one of 32, 64"),
        ("size", "32", "an integer from 32 to 100,000"),
        ("exponent", -0.5, "a number from 0 to 4"),
        ("exponent", 4.5, "a number from 0 to 4"),
        ("exponent", float("nan"), "a number from 0 to 4"),
        ("head", 0, "an integer from 1 to 100,000"),
        ("head", 100_001, "an integer from 1 to 100,000"),
        ("draw", -1, "an integer from 0 to 100,000"),
        ("tests", 0, "an integer from 1 to 100,000"),
    ],
)
def test_a_parameter_out_of_range_is_refused_with_what_is_right(letitwag, key, value, form):
    with pytest.raises(BadValue, match=f"^letitwag: parameter '{key}' is {value!r}; it must be {form}$"):
        letitwag.load("synthetic", params(**{key: value}), 0)


@pytest.mark.parametrize(
    "address",
    ["synthetic:corpus=cc3m", "synthetic_64:per_class=3", "zero-shot:head=20", "synthetic_compositional:exponent=1.0"],
)
def test_a_parameter_that_says_nothing_of_the_split_is_refused_where_it_is_typed_alone(address):
    split, _, given = address.partition(":")
    key = given.partition("=")[0]

    found = registry.Catalogue({"letitwag": CARD})

    with pytest.raises(BadValue, match=f"parameter '{key}' does nothing in {split}"):
        registry.choose_splits([f"letitwag/{address}"], found)
    assert len(registry.choose_splits([f"letitwag/{address}|{CARD.params[key]}"], found)) == 2  # a sweep may have it


@pytest.mark.parametrize(("key", "value"), [("exponent", 2.0), ("head", 21)])
def test_what_is_said_to_do_nothing_does_nothing(synthetic, key, value):
    usual, other = (synthetic.counts(COMPOSITIONAL, params(COMPOSITIONAL, **given), 0) for given in ({}, {key: value}))

    assert usual.tolist() == other.tolist()


def test_a_subset_that_is_not_there_is_refused(synthetic):
    with pytest.raises(UnknownName, match="letitwag/synthetic has no subset 'tests'; did you mean 'test'?"):
        next(synthetic.stream("synthetic", "tests", params(), 0))


def test_tables_of_no_rows_are_refused(synthetic):
    with pytest.raises(BadValue, match="tables of 0 rows; it must be 1 or more"):
        next(synthetic.stream("synthetic", "test", params(), 0, 0))
