"""Learners of painted glyphs, on toy rows: features side by side, made-up styles, a stream of classes, clusters."""

import dataclasses

import numpy as np
import pytest
import torch
from datasets import ClassLabel, Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

NAMES = {"transfer_features": "TransferFeatures", "style_extrapolation": "StyleExtrapolation",
         "stream_learners": "StreamLearners", "prototypes": "Prototypes"}  # fmt: skip


def dataset(rows, labels=None, label="answer", classes=0):
    features, given = {"x": List(Value("float32"), length=rows.shape[1])}, {"x": list(rows.astype(np.float32))}
    if labels is not None:
        names = [str(at) for at in range(classes)]
        features[label], given[label] = ClassLabel(names=names) if classes else Value("int64"), labels
    return Dataset.from_dict(given, features=Features(features))


def bunches(classes, each, seed=0, wide=16):
    """Rows about a corner of a cube for each class, in order of classes, and which class each is of."""
    centres = np.random.default_rng(7).integers(0, 2, (20, wide))
    labels = np.repeat(classes, each)
    return np.clip(centres[labels] + np.random.default_rng(seed).normal(0, 0.2, (len(labels), wide)), 0, 1), labels


@pytest.fixture
def submission(baseline, context):
    def make(name, seed=1, tables=None, wide=16, **given):
        told = context(name, {"x": f"vector({wide})"}, "int64", seed, given)
        return getattr(baseline(name), NAMES[name])(dataclasses.replace(told, auxiliary=tables or {}))

    return make


FEATURES = {"width": 8, "networks": 3, "steps": 30, "probe_steps": 100, "batch": 32, "learning_rate": 0.02}


@pytest.fixture
def signs():
    rows, labels = bunches(np.arange(10, 18), 20)
    return {"pretraining": dataset(rows, labels - 10, label="sign")}


@pytest.mark.parametrize("features", ["networks", "two_stage", "pixels"])
def test_a_probe_on_features_of_other_classes_tells_new_ones(submission, signs, features):
    one = submission("transfer_features", tables=signs, features=features, **FEATURES)
    one.fit(dataset(*bunches(np.arange(4), 5, 1)), None)
    asked, labels = bunches(np.arange(4), 20, 2)

    assert (one.predict(dataset(asked)).argmax(1) == labels).mean() > 0.8
    assert one.scaled(torch.tensor(asked, dtype=torch.float32)).shape[1] == (16 if features == "pixels" else 24)


def test_features_stand_side_by_side_and_are_scaled_by_those_of_train(submission, signs):
    one = submission("transfer_features", tables=signs, **FEATURES)
    train = bunches(np.arange(4), 5, 1)
    one.fit(dataset(*train), None)
    rows = torch.tensor(train[0], dtype=torch.float32)
    scaled = one.scaled(rows)

    assert len(one.layers) == 3
    assert torch.allclose(one.features(rows)[:, 8:16], one.layers[1](rows))
    assert not torch.allclose(one.layers[0][0].weight, one.layers[1][0].weight)
    assert float(scaled.mean(0).abs().max()) < 1e-5
    assert one.tally.steps == 3 * 30 + 100


def test_two_stages_train_a_copy_of_each_network_on(submission, signs):
    train = dataset(*bunches(np.arange(4), 5, 1))
    plain, tuned = (
        submission("transfer_features", tables=signs, features=how, **FEATURES) for how in ("networks", "two_stage")
    )
    for one in (plain, tuned):
        one.fit(train, None)

    assert tuned.tally.steps == plain.tally.steps + 3 * 100
    assert not torch.allclose(plain.layers[0][0].weight, tuned.layers[0][0].weight)


@pytest.fixture
def styles(baseline):
    return lambda count, seed=0: baseline("style_extrapolation").Styles(count, 6, torch.Generator().manual_seed(seed))


def test_a_style_is_a_filter_a_gain_an_offset_and_a_wave(styles):
    made = styles(3)
    rows = torch.rand(2, 36)
    which = torch.tensor([2, 0])
    shown = made.shown(rows, which)

    assert made.filters.abs().sum((1, 2)) == pytest.approx(torch.ones(3))
    assert ((made.gain.abs() >= 0.5) & (made.gain.abs() <= 2)).all()
    for row, style, found in zip(rows.view(2, 6, 6), which, shown.view(2, 6, 6), strict=True):
        around = row[1:4, 2:5]  # of the pixel in line 2 and column 3, by hand
        value = made.offset[style] + made.gain[style] * (around * made.filters[style]).sum() + made.waves[style, 2, 3]
        assert float(found[2, 3]) == pytest.approx(float(value.clamp(0, 1)), abs=1e-5)


def test_waves_are_as_high_and_as_long_as_the_sampler_says(styles):
    waves = styles(200).waves

    assert float(waves.abs().max()) <= 0.5
    assert float(waves.abs().amax((1, 2)).std()) > 0.05
    assert waves.shape == (200, 6, 6)


def test_each_row_has_a_style_of_its_own_and_as_often_none(styles):
    made, rows = styles(3), torch.rand(4000, 36)
    draw = torch.Generator().manual_seed(0)
    shown = made.any_of(rows, draw)

    same = (shown == rows).all(1).float().mean()
    assert float(same) == pytest.approx(1 / 4, abs=0.03)
    assert styles(0).any_of(rows, draw) is rows


def test_training_in_many_styles_bears_one_that_was_not_shown(submission):
    rows, labels = bunches(np.arange(3), 60, wide=36)
    asked, wanted = bunches(np.arange(3), 60, 1, wide=36)
    right = {}
    for count in (0, 32):
        one = submission("style_extrapolation", wide=36, count=count, width=32, steps=300, learning_rate=0.01)
        one.fit(dataset(rows, labels), None)
        right[count] = [(one.predict(dataset(shown)).argmax(1) == wanted).mean() for shown in (asked, 0.4 + asked / 5)]

    assert right[0][0] > 0.95
    assert right[32][0] > 0.9
    assert right[32][1] > right[0][1] + 0.05 or right[32][1] == 1.0


def test_rows_that_are_no_square_are_refused(submission):
    with pytest.raises(BadData, match="toy/toy: 15 numbers are no square of pixels"):
        submission("style_extrapolation", wide=15, steps=5).fit(dataset(*bunches(np.arange(2), 5, wide=15)), None)


STREAM = {"width": 32, "steps": 100, "stage_steps": 60, "batch": 32, "learning_rate": 0.01}


@pytest.fixture
def taught(submission, signs):
    def teach(method, stages=((0, 1), (2, 3)), **given):
        one = submission("stream_learners", tables=signs, method=method, **{**STREAM, **given})
        for number, stage in enumerate(stages):
            one.fit(dataset(*bunches(np.array(stage), 5, number), classes=4), None)
        return one

    return teach


def of_old_and_new(one):
    asked, labels = bunches(np.arange(4), 20, 9)
    right = one.predict(dataset(asked)).argmax(1) == labels
    return right[labels < 2].mean(), right[labels >= 2].mean()


def test_what_is_trained_on_a_stage_alone_forgets_the_one_before_and_what_is_kept_does_not(taught):
    for method in ("finetune", "head"):
        old, new = of_old_and_new(taught(method))
        assert old < 0.4
        assert new > 0.9
    for method in ("replay", "nearest_mean"):
        old, new = of_old_and_new(taught(method))
        assert min(old, new) > 0.7


def test_a_head_alone_leaves_the_hidden_layers(taught):
    head, finetune, mean = (taught(method) for method in ("head", "finetune", "nearest_mean"))

    assert torch.equal(head.hidden[0].weight, mean.hidden[0].weight)
    assert not torch.equal(finetune.hidden[0].weight, mean.hidden[0].weight)


def test_nearest_means_give_nothing_to_a_class_not_yet_seen(taught):
    one = taught("nearest_mean", stages=((0, 1),))
    said = one.predict(dataset(bunches(np.arange(4), 3)[0]))

    assert (said[:, 2:] == 0).all()
    np.testing.assert_allclose(said.sum(1), 1, atol=1e-6)


def test_a_mean_is_that_of_all_rows_of_a_class_in_whatever_stages(taught):
    twice, once = taught("nearest_mean", stages=((0, 1), (0, 1))), taught("nearest_mean", stages=((0, 1),))

    assert not torch.allclose(twice.sums, once.sums)
    rows = torch.tensor(np.concatenate([bunches(np.array([0]), 5, seed)[0] for seed in (0, 1)]), dtype=torch.float32)
    expected = torch.nn.functional.normalize(twice.hidden(rows)).sum(0)
    assert torch.allclose(twice.sums[0], expected, atol=1e-5)


def test_a_label_beyond_those_that_the_first_stage_named_is_refused(taught):
    one = taught("head", stages=((0, 1),))
    with pytest.raises(BadData, match="toy/toy: a stage has the label 4, and the first one named 4 classes"):
        one.fit(dataset(*bunches(np.array([4]), 5)), None)


CLUSTERS = {"width": 16, "steps": 100, "batch": 32, "learning_rate": 0.01, "clusters": 5, "restarts": 5}


@pytest.fixture
def clustered(submission, signs):
    def fit(**given):
        unlabelled, labels = bunches(np.arange(5), 20, 3)
        one = submission("prototypes", tables={**signs, "unlabelled": dataset(unlabelled)}, **{**CLUSTERS, **given})
        one.fit(dataset(*bunches(np.array([0, 1]), 10, 4)), None)
        return one.predict(dataset(unlabelled)), labels

    return fit


@pytest.mark.parametrize("features", ["network", "pixels"])
def test_old_classes_keep_their_names_and_new_ones_are_clusters_of_their_own(clustered, features):
    found, labels = clustered(features=features)

    assert (found[labels == 0] == 0).mean() > 0.9
    assert (found[labels == 1] == 1).mean() > 0.9
    names = [np.bincount(found[labels == at]).argmax() for at in (2, 3, 4)]
    assert len(set(names)) == 3
    assert min(names) > 1


def test_a_classifier_knows_old_classes_only(clustered):
    found, labels = clustered(method="classifier")

    assert set(found.tolist()) <= {0, 1}
    assert (found[labels < 2] == labels[labels < 2]).all()


def test_labelled_rows_stay_in_their_cluster_whatever_lies_nearer(baseline):
    module = baseline("prototypes")
    labelled, unlabelled = np.array([[0.0], [16.0]]), np.array([[9.0], [20.0]])
    centres, spent = module.settled(np.array([[5.0], [20.0]]), labelled, np.array([0, 0]), unlabelled, 10)

    assert centres[:, 0].tolist() == pytest.approx([(0 + 16 + 9) / 3, 20.0])
    assert spent == pytest.approx((9 - 25 / 3) ** 2)


def test_further_centres_are_drawn_far_from_those_before(baseline):
    rows = np.array([[0.0]] * 50 + [[1000.0]])
    found = baseline("prototypes").spread(np.array([[0.0]]), rows, 2, np.random.default_rng(0))

    assert found[:, 0].tolist() == [0.0, 1000.0]


def test_what_they_cannot_do_without_is_named(submission, signs):
    train = dataset(*bunches(np.arange(3), 5))
    for name in ("transfer_features", "stream_learners"):
        with pytest.raises(BadData, match="toy/toy has no auxiliary table 'pretraining'"):
            submission(name).fit(train, None)
    with pytest.raises(BadData, match="toy/toy has no auxiliary table 'unlabelled'"):
        submission("prototypes", tables=signs).fit(train, None)
    with pytest.raises(BadValue, match="parameter 'clusters' is 2; train alone has 3 classes"):
        submission("prototypes", tables={**signs, "unlabelled": train}, clusters=2).fit(train, None)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("transfer_features", {"features": "cat"}, "features is cat; it must be one of networks, two_stage, pixels"),
        ("style_extrapolation", {"count": -1}, "count is -1; it must be from 0 to 10,000"),
        (
            "stream_learners",
            {"method": "tune"},
            "method is tune; it must be one of finetune, head, replay, nearest_mean",
        ),
        ("prototypes", {"restarts": 0}, "restarts is 0; it must be 1 or more"),
    ],
)
def test_a_parameter_out_of_its_range_is_refused(submission, name, given, words):
    with pytest.raises(BadValue, match=words):
        submission(name, **given)
