"""Triplets: answers read off the pixels by another rule, which triples a split trains, and what is refused."""

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue, UnknownName
from genbench.painting import letters

SMALL = {"rows": 600, "questions": 150, "held": "inverted square place"}
HELD = ("inverted", "square", "place")


@pytest.fixture(scope="module")
def triplets(task_module):
    return task_module("triplets")


@pytest.fixture(scope="module")
def data(triplets):
    return {split: triplets.load(split, SMALL, 0) for split in triplets.DIFFERS}


def images(table):
    return np.array(table["pixels"].to_pylist()).reshape(-1, 24, 24)


def modality(image):
    """Which modality an image is seen in, by its edge and by how its lines alternate."""
    edge = np.concatenate([image[:2].ravel(), image[-2:].ravel()]).mean()
    if edge > 0.7:
        return "inverted"
    if edge > 0.25:
        return "faint"
    return "striped" if image[1::2].mean() < 0.75 * image[::2].mean() else "plain"


def body(image):
    """The image as it was before its modality, up to contrast: the look undone, then the pose, a quarter at a time."""
    name = modality(image)
    image = {"inverted": 1 - image, "faint": 3 * (image - 90 / 255)}.get(name, image).copy()
    if name == "striped":
        image[1::2] *= 2
    for _ in range(["plain", "inverted", "striped", "faint"].index(name)):
        image = image[:, ::-1].T[:, ::-1][::-1]  # across, then along the diagonal: a quarter with the clock
    return image


def marks():
    """Each place, facing and kind, and where there is ink: dots set one by one."""
    for (down, across), facing, kind in product(((3, 3), (3, 12), (12, 12), (12, 3)), range(4), range(4)):
        ink = np.zeros((9, 9), bool)
        for line, column in zip(*np.nonzero(letters.cells("tlp7"[kind])[0, :7, 1:6]), strict=True):
            x, y = column + 1, line
            for _ in range(facing):
                x, y = y, 6 - x  # a quarter against the clock, y down
            ink[y + 1, x + 1] = True
        yield (down, across), facing, kind, ink


PLACES = {(3, 3): 0, (3, 12): 1, (12, 12): 2, (12, 3): 3}


def read(image):
    """Place, facing and kind: of all marks the one whose ink is brightest beside what is not ink."""
    seen = body(image)
    scores = {}
    for (down, across), facing, kind, ink in marks():
        window = seen[down : down + 9, across : across + 9]
        scores[PLACES[down, across], facing, kind] = window[ink].mean() - window[1:8, 1:8][~ink[1:8, 1:8]].mean()
    return dict(zip(("place", "facing", "kind"), max(scores, key=scores.get), strict=True))


def test_answers_are_read_off_the_pixels(data):
    asked = data["parts"].questions
    for name in ("id", "held"):
        rows = asked[name].slice(0, 60)
        for image, row in zip(images(rows), rows.to_pylist(), strict=True):
            assert modality(image) == row["modality"]
            assert read(image)[row["question"]] == row["answer"]


def test_a_place_is_told_as_it_was_before_the_image_was_turned(triplets, data):
    """The docstring's example: inverted, the mark in the lower left, the answer 0."""
    rows = data["parts"].questions["held"].to_pylist()
    for row in rows[:40]:
        image = 1 - np.array(row["pixels"]).reshape(24, 24)
        quarters = {"upper left": image[:12, :12], "upper right": image[:12, 12:],
                    "lower right": image[12:, 12:], "lower left": image[12:, :12]}  # fmt: skip
        brightest = max(quarters, key=lambda name: quarters[name].max() + quarters[name].mean())
        assert brightest == ["lower left", "upper left", "upper right", "lower right"][row["answer"]]


def trained(data):
    """The triples of training, by looking: areas by the nearest mean of those whose area is known."""
    known = data["parts"].questions["id"]
    bodies, areas = np.stack([body(image) for image in images(known)]), np.array(known["area"].to_pylist())
    means = {area: bodies[areas == area].mean(0) for area in set(areas.tolist())}

    def of(table):
        for image, question in zip(images(table), table["question"].to_pylist(), strict=True):
            seen = body(image)
            area = min(means, key=lambda one: ((seen - means[one]) ** 2).sum())
            yield modality(image), area, question

    return {split: Counter(of(one.train)) for split, one in data.items()}


TRAINS = {  # of each split, whether it trains a triple that is not the held one
    "parts": lambda one: True,
    "without_modality": lambda one: one[0] != "inverted",
    "without_area": lambda one: one[1] != "square",
    "without_question": lambda one: one[2] != "place",
    "without_modality_question": lambda one: (one[0], one[2]) != ("inverted", "place"),
}


def test_a_split_trains_the_triples_that_it_says(data):
    everything = list(product(["plain", "inverted", "striped", "faint"], ["disc", "square", "triangle", "cross"],
                              ["place", "facing", "kind"]))  # fmt: skip
    found = trained(data)

    assert set(found) == set(TRAINS)
    for split, counts in found.items():
        right = {one for one in everything if one != HELD and TRAINS[split](one)}
        assert {(name, word) for name, _, word in counts} == {(name, word) for name, _, word in right}
        assert right <= set(counts)
        wrong = sum(count for one, count in counts.items() if one not in right)
        assert wrong <= 0.04 * 600  # an area is mistaken now and then, a modality and a question never
    others = [found["parts"]["inverted", area, "place"] for area in ("disc", "triangle", "cross")]
    assert found["parts"]["inverted", "square", "place"] < min(others) / 2


def test_sets_ask_what_they_say_and_answers_are_alike_often(data):
    for split, one in data.items():
        held = {(row["modality"], row["area"], row["asked"]) for row in one.questions["held"].to_pylist()}
        asked = {(row["modality"], row["area"], row["asked"]) for row in one.questions["id"].to_pylist()}
        assert held == {HELD}
        assert HELD not in asked
        assert ("inverted" in {modality for modality, *_ in asked}) == (split != "without_modality")
        assert one.train.column_names == ["pixels", "question", "answer"]
        assert np.bincount(one.train["answer"].to_numpy(), minlength=4).min() > 0.18 * 600


def test_the_same_seed_draws_the_same_rows_and_another_seed_or_split_others(triplets, data):
    assert triplets.load("parts", SMALL, 0).train.equals(data["parts"].train)
    assert not triplets.load("parts", SMALL, 1).train.equals(data["parts"].train)
    assert not data["parts"].questions["held"].equals(data["without_area"].questions["held"])


def test_a_row_is_drawn_as_it_is(triplets, data):
    row = data["parts"].train.slice(0, 1).to_pylist()[0]

    assert (np.asarray(triplets.draw(row, {})) == np.rint(images(data["parts"].train)[0] * 255)).all()


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [("place", 0, "-> upper left"), ("facing", 3, "-> three quarters"), ("kind", 1, "-> l"), ("kind", None, None)],
)
def test_a_row_is_told_in_words(question, answer, words):
    example = load_entry(Path(__file__).parents[3] / "tasks" / "triplets", "describe:example")
    row = {"question": question} if answer is None else {"question": question, "answer": answer}

    first, *rest = example(row, {}).splitlines()

    assert first.endswith("?")
    assert rest == ([] if words is None else [words])


@pytest.mark.parametrize("held", ["inverted square size", "square inverted place", "inverted square", "", 3])
def test_a_held_triple_that_is_not_there_is_refused(triplets, held):
    with pytest.raises(UnknownName, match=r"one is spelled plain\|inverted\|striped\|faint disc\|") as told:
        triplets.load("parts", {**SMALL, "held": held}, 0)
    assert f"parameter 'held' is {held!r}, which is no triple" in str(told.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rows": 0}, "'rows' is 0; it must be a whole number from 1 to 1,000,000"),
        ({"questions": True}, "'questions' is True"),
        ({"rows": 1.5}, "'rows' is 1.5"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(triplets, given, words):
    with pytest.raises(BadValue, match="triplets: parameter") as told:
        triplets.load("parts", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(triplets):
    with pytest.raises(UnknownName, match="no split 'without_areas'; did you mean 'without_area'"):
        triplets.load("without_areas", SMALL, 0)
