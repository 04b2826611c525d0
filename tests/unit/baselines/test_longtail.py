import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from datasets import ClassLabel, Dataset, Features, Image, Value
from PIL import Image as Pillow

from genbench import cards
from genbench.errors import BadData, BadValue
from genbench.kit import training

CARD = cards.read(Path(__file__).parents[3] / "baselines" / "longtail", "submission")
VARIANTS = ["", *(name for name in CARD.variants if name != "resnet18")]
NAMES = ["no none", "no green", "red none", "red green"]
COLOURS = np.array([(60, 60, 90), (60, 200, 90), (200, 60, 90), (200, 200, 90), (0, 0, 0), (0, 0, 250)])
COUNTS = (64, 32, 12, 4)
SMALL = {"width": 4, "epochs": 12, "batch": 16, "curve": 0, "learning_rate": 0.02}
LEARNED = {"decoupled": {"retrained": 100}}  # on so few images an epoch is a step


def images(labels, seed=0):
    draw = np.random.default_rng(seed)
    files = []
    for label in labels:
        pixels = np.clip(COLOURS[label] + draw.normal(0, 20, (8, 8, 3)), 0, 255).astype(np.uint8)
        buffer = io.BytesIO()
        Pillow.fromarray(pixels).save(buffer, "PNG")
        files.append({"bytes": buffer.getvalue(), "path": None})
    return files


def dataset(labels, names=NAMES, seed=0):
    kind = ClassLabel(names=names) if names else Value("int64")
    given = {"image": images(labels, seed), "answer": list(labels)}
    return Dataset.from_dict(given, Features({"image": Image(), "answer": kind}))


TRAIN = dataset(np.repeat(np.arange(4), COUNTS))
ASKED = np.tile(np.arange(4), 20)
QUESTIONS = dataset(ASKED, seed=1).remove_columns("answer")


@pytest.fixture(scope="session")
def trained(baseline, context):
    """Gives `trained("balanced", epochs=2)`: the submission and the steps that its fit yielded; each is made once."""
    made = {}

    def train(variant="", train=TRAIN, seed=1, *, fresh=False, **given):
        key = (variant, id(train), seed, *sorted(given.items()))
        if fresh or key not in made:
            params = {**(CARD.variants[variant].params if variant else {}), **SMALL, **given}
            told = context("longtail", {"image": "image"}, "int64", seed, params)
            submission = baseline("longtail").Longtail(replace(told, answer="ranking"))
            made[key] = submission, list(submission.fit(train, None))
        return made[key]

    return train


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_learns_and_answers_with_probabilities(trained, variant):
    submission, _ = trained(variant, **LEARNED.get(variant, {}))

    answers = submission.predict(QUESTIONS)

    assert answers.shape == (80, 4)
    assert answers.sum(1) == pytest.approx(1, abs=1e-5)
    assert (answers.argmax(1) == ASKED).mean() > 0.5


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_seed_decides_and_nothing_else(trained, variant):
    first, _ = trained(variant)
    torch.manual_seed(2)  # the global generator is not drawn from
    again, _ = trained(variant, fresh=True)
    other, _ = trained(variant, seed=2)

    assert (first.predict(QUESTIONS) == again.predict(QUESTIONS)).all()
    assert (first.predict(QUESTIONS) != other.predict(QUESTIONS)).any()


@pytest.mark.parametrize("variant", [one for one in VARIANTS if one])
def test_a_variant_is_another_training(trained, variant):
    assert (trained()[0].predict(QUESTIONS) != trained(variant)[0].predict(QUESTIONS)).any()


def test_adjusted_scores_put_the_share_of_a_class_into_the_loss_and_not_into_the_answer(trained):
    plain, _ = trained()
    adjusted, _ = trained("logit_adjusted")
    batch = (torch.zeros(1, 3, 8, 8, dtype=torch.uint8), torch.tensor([0]), torch.tensor([0]))

    shares = plain.log_shares.exp()
    assert shares.tolist() == pytest.approx([count / sum(COUNTS) for count in COUNTS])
    adjusted.model.eval()
    scores = adjusted.model(batch[0])[0].detach()
    wanted = -(scores[0].exp() * shares[0] / (scores.exp() * shares).sum()).log()
    found = adjusted.loss(adjusted.model, type("Batch", (), {"parts": batch}))
    assert float(found.detach()) == pytest.approx(float(wanted), rel=1e-3)


def test_sampling_by_class_draws_every_class_alike(baseline):
    labels = torch.tensor(np.repeat(np.arange(4), COUNTS))
    plan = baseline("longtail").by_class(labels, 10)
    generator = torch.Generator().manual_seed(0)

    drawn = torch.cat([torch.cat(plan(generator)) for _ in range(50)])

    assert len(drawn) == 50 * len(labels)
    assert torch.bincount(labels[drawn]).numpy() / len(drawn) == pytest.approx(0.25, abs=0.02)


def test_retraining_the_last_layer_leaves_the_rest_as_it_was(trained):
    plain, _ = trained()
    decoupled, _ = trained("decoupled")
    weights = [each.model.state_dict() for each in (plain, decoupled)]

    for name in weights[0]:
        assert torch.equal(weights[0][name], weights[1][name]) == (not name.startswith("head"))


def test_distillation_mixes_targets_with_the_answers_of_the_epoch_before(trained):
    submission, _ = trained("pskd")
    submission.model.eval()
    past = submission.model.past[[0, 110]].clone()
    pictures = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    logs = submission.model(pictures).detach().log_softmax(1)
    submission.tally.steps = 3 * submission.per_epoch  # within the fourth of twelve epochs
    batch = type("Batch", (), {"parts": (pictures, torch.tensor([0, 3]), torch.tensor([0, 110]))})

    loss = submission.loss(submission.model, batch)

    share = 0.8 * 4 / 12
    wanted = (1 - share) * torch.eye(4)[[0, 3]] + share * past
    assert float(loss.detach()) == pytest.approx(float(-(wanted * logs).sum(1).mean()), rel=1e-5)
    assert submission.model.past[[0, 110]] == pytest.approx(logs.exp(), abs=1e-6)
    assert past.sum(1) == pytest.approx(1, abs=1e-5)  # what training left there are probabilities


def test_a_name_is_as_likely_as_its_words_together(trained):
    plain, by_words = (trained(variant, train=dataset(np.repeat([0, 1, 2], 30)))[0] for variant in ("", "by_words"))

    assert (plain.predict(QUESTIONS).argmax(1) == 3).mean() < 0.1  # never seen in training
    assert by_words.classes.sizes == [2, 2]
    scores = torch.tensor([[0.0, 3.0, 2.0, 0.0]])  # no, red; green, none: in the order of the alphabet
    found = by_words.classes.probabilities(scores)[0]
    first, second = scores[0, :2].softmax(0), scores[0, 2:].softmax(0)
    assert found.argmax() == NAMES.index("red green")
    assert found[NAMES.index("no green")] == pytest.approx(float(first[0] * second[0]))


def test_without_names_the_labels_of_training_are_the_classes(trained):
    submission, _ = trained(train=dataset([0, 5, 5, 2], names=None), epochs=1)

    assert submission.predict(QUESTIONS).shape == (80, 6)


@pytest.mark.parametrize("names", [["plain", "dark red"], [], ["dark red", "dark red"]])
def test_names_that_do_not_read_as_words_are_refused(trained, names):
    given = dataset([0, 1, 1], names=None)
    if len(set(names)) == len(names) and names:
        given = dataset([0, 1, 1], names=names)

    with pytest.raises(BadValue, match="by_words is true, which needs names of as many words each, no two alike"):
        trained("by_words", train=given, fresh=True)


def test_the_curve_is_yielded_and_the_cost_told(trained):
    submission, steps = trained(epochs=4, curve=2)

    assert steps == [14, 28]
    assert submission.examples_seen == 4 * 112
    assert submission.parameters == sum(weight.numel() for weight in submission.model.parameters())
    # Forward, 2 operations a weight and place: 4 x 4 places of 4 channels, 2 x 2 of 8, 1 of 16, and the last layer.
    forward = 2 * (16 * 4 * 48 + 4 * 8 * 36 + 16 * 72 + 16 * 4)
    assert submission.training_flops / submission.examples_seen == pytest.approx(
        3 * forward - 2 * 16 * 4 * 48, rel=0.01
    )


@pytest.mark.parametrize("variant", ["", "pskd", "decoupled"])
def test_an_interrupted_fit_ends_as_if_it_had_not_been(baseline, context, trained, monkeypatch, tmp_path, variant):
    whole, _ = trained(variant)
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0.0)
    params = {**(CARD.variants[variant].params if variant else {}), **SMALL}

    def begun():
        told = context("longtail", {"image": "image"}, "int64", 1, params)
        return baseline("longtail").Longtail(replace(told, answer="ranking", checkpoints=tmp_path))

    first = begun()
    calls = iter(range(10**6))
    plain = first.loss

    def interrupted(model, batch):
        if next(calls) == 50:
            raise KeyboardInterrupt
        return plain(model, batch)

    monkeypatch.setattr(first, "loss", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(first.fit(TRAIN, None))
    second = begun()
    list(second.fit(TRAIN, None))

    assert second.resumed_seconds > 0
    assert (second.predict(QUESTIONS) == whole.predict(QUESTIONS)).all()


def test_resnet18_is_torchvisions(trained):
    large = dataset(np.arange(4).repeat(2))
    submission, _ = trained("resnet18", train=large, epochs=1, fresh=True)

    assert submission.parameters == 11_689_512 - 1000 * 513 + 4 * 513


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("network", "resnet50", "network is resnet50; it must be one of small, resnet18"),
        ("sampling", "classes", "sampling is classes; it must be one of image, class"),
        ("batch", 1, "batch is 1; it must be 2 or more"),
        ("epochs", 0, "epochs is 0; it must be 1 or more"),
        ("distillation", 1.5, "distillation is 1.5; it must be from 0 to 1"),
        ("adjustment", -1.0, "adjustment is -1.0; it must be 0 or more"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(trained, key, value, said):
    with pytest.raises(BadValue, match=said):
        trained(fresh=True, **{key: value})


def test_all_faults_are_told_at_once(trained):
    with pytest.raises(BadValue, match=r"(?s)epochs is 0.*retrained is -1"):
        trained(fresh=True, epochs=0, retrained=-1)


def test_no_training_rows_and_negative_labels_are_refused(trained):
    with pytest.raises(BadData, match="toy/toy has no training rows to learn from"):
        trained(train=TRAIN.select([]), fresh=True)
    with pytest.raises(BadData, match="column 'answer' holds -1; labels are numbers from 0 on"):
        trained(train=dataset([0, -1 + 4], names=None).map(lambda row: {"answer": -1}), fresh=True)


def test_class_means_answer_the_nearest_one(baseline, context):
    told = context("class_mean", {"image": "image"}, "int64", given={"side": 2})
    submission = baseline("class_mean").ClassMean(replace(told, answer="ranking"))
    submission.fit(TRAIN, None)

    answers = submission.predict(QUESTIONS)

    assert answers.sum(1) == pytest.approx(1)
    assert (answers.argmax(1) == ASKED).mean() > 0.95
    assert submission.parameters == 4 * 3 * 4


def test_a_class_without_images_is_never_the_nearest(baseline, context):
    told = context("class_mean", {"image": "image"}, "int64", given={"side": 2})
    submission = baseline("class_mean").ClassMean(told)
    submission.fit(dataset([0, 0, 2, 2]), None)

    answers = submission.predict(QUESTIONS)

    assert answers.shape == (80, 3)
    assert (answers[:, 1] == 0).all()


def test_a_side_of_no_places_and_no_training_rows_are_refused(baseline, context):
    with pytest.raises(BadValue, match="side is 0; it must be 1 or more"):
        baseline("class_mean").ClassMean(context("class_mean", {"image": "image"}, "int64", given={"side": 0}))
    submission = baseline("class_mean").ClassMean(context("class_mean", {"image": "image"}, "int64"))
    with pytest.raises(BadData, match="toy/toy has no training rows to learn from"):
        submission.fit(TRAIN.select([]), None)
