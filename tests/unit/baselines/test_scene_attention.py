"""Attention to scenes: cells found by words and by pictures, what pulling together is for, and what is refused."""

import dataclasses

import numpy as np
import pytest
import torch
from datasets import Dataset, Features, List, Value

from genbench.errors import BadData, BadValue

INPUTS = {"scene": "vector(24)", "marks": "list<int64>", "shape_word": "string", "shape_picture": "vector(3)",
          "colour_word": "string", "colour_picture": "vector(3)"}  # fmt: skip
VECTOR = List(Value("float32"), length=3)
NAMES = Features({"word": Value("string"), "shape_picture": VECTOR, "colour_picture": VECTOR})
FEATURES = Features(
    {"scene": List(Value("float32"), length=24), "marks": List(Value("int64")), "shape_word": Value("string"),
     "shape_picture": VECTOR, "colour_word": Value("string"), "colour_picture": VECTOR, "answer": Value("int64")}
)  # fmt: skip
SMALL = {"width": 8, "steps": 400, "batch": 32, "learning_rate": 0.01}
WORDS = ("a", "b", "c"), ("x", "y", "z")


def scenes(rows, seed=0, words=lambda part, which, by_word: by_word):
    """Scenes of four cells; primitive i is the i-th unit vector. `words` says whether one is named by a word."""
    draw = np.random.default_rng(seed)
    given = {name: [] for name in FEATURES}
    for _ in range(rows):
        pairs = [divmod(int(one), 3) for one in draw.permutation(9)[:4]]
        marks, at = draw.permutation(4), int(draw.integers(4))
        given["scene"].append(np.concatenate([np.eye(3)[one] for pair in pairs for one in pair]).tolist())
        given["marks"].append(marks.tolist())
        given["answer"].append(int(marks[at]))
        for part, (name, which) in enumerate(zip(("shape", "colour"), pairs[at], strict=True)):
            by_word = words(part, which, bool(draw.integers(2)))
            given[f"{name}_word"].append(WORDS[part][which] if by_word else "")
            given[f"{name}_picture"].append((np.eye(3)[which] * (not by_word)).tolist())
    return Dataset.from_dict(given, features=FEATURES)


def table():
    eye, none = np.eye(3).tolist(), [[0.0] * 3] * 3
    given = {"word": [*WORDS[0], *WORDS[1]], "shape_picture": eye + none, "colour_picture": none + eye}
    return Dataset.from_dict(given, features=NAMES)


@pytest.fixture
def fitted(baseline, context):
    def fit(train=None, seed=1, tables=None, **given):
        told = context("scene_attention", INPUTS, "int64", seed, {**SMALL, **given})
        tables = {"names": table()} if tables is None else tables
        one = baseline("scene_attention").Scenes(dataclasses.replace(told, auxiliary=tables))
        one.fit(scenes(300) if train is None else train, None)
        return one

    return fit


def share_right(one, asked):
    return (one.predict(asked) == np.array(asked["answer"][:])).mean()


def test_cells_are_found_by_words_and_by_pictures(fitted):
    one = fitted()

    for by_word in (True, False):
        assert share_right(one, scenes(200, 1, lambda *_, by_word=by_word: by_word)) > 0.95


def test_a_primitive_named_by_words_alone_is_known_in_a_picture_where_both_are_one(fitted):
    """`a` and `y` are never shown in a picture in training."""

    def told(part, which, by_word):
        return by_word or (part, which) in {(0, 0), (1, 1)}

    train, asked = scenes(300, 0, told), scenes(200, 1, lambda *_: False)
    plain, unified, retrieved = fitted(train), fitted(train, unified=1.0), fitted(train, retrieves=True)

    assert share_right(unified, asked) > 0.95
    assert share_right(retrieved, asked) > 0.95
    assert share_right(plain, asked) < 0.85
    assert share_right(plain, scenes(200, 2, told)) > 0.95


def test_what_is_pulled_together_are_a_word_and_its_pictures(fitted):
    one = fitted(unified=1.0)
    words = torch.tensor([one.places[word] for word in WORDS[0] + WORDS[1]])
    pictures = torch.cat([one.model.pictures[part](torch.eye(3)) for part in (0, 1)])

    distances = torch.cdist(one.model.words(words), pictures)
    assert (distances.argmin(1) == torch.arange(6)).all()
    [(shapes, shown), (colours, _)] = one.known(table())
    assert shapes.tolist() == [one.places[word] for word in WORDS[0]]
    assert colours.tolist() == [one.places[word] for word in WORDS[1]]
    assert shown.equal(torch.eye(3))


def test_what_is_retrieved_is_the_mean_of_a_words_pictures_and_the_word_of_the_nearest_picture(fitted):
    given = {name: column * 2 for name, column in table().to_dict().items()}
    given["shape_picture"][0] = [0.5, 0.0, 0.0]  # two pictures of `a`
    one = fitted(retrieves=True, steps=5, tables={"names": Dataset.from_dict(given, features=NAMES)})
    model, (a, b) = one.model, (one.places[word] for word in "ab")

    found = model.retrieved(0)
    told = model.part(0, torch.tensor([a, 0]), torch.tensor([a, b]), torch.tensor([[0.0] * 3, [0.1, 0.9, 0.0]]))

    pictures = model.pictures[0](torch.tensor([[0.5, 0.0, 0.0], [1.0, 0.0, 0.0], [0.1, 0.9, 0.0]]))
    assert torch.allclose(found[a], pictures[:2].mean(0), atol=1e-6)
    assert torch.allclose(told[0], (model.words.weight[a] + pictures[:2].mean(0)) / 2, atol=1e-6)
    assert torch.allclose(told[1], (model.words.weight[b] + pictures[2]) / 2, atol=1e-6)
    _, _, equals, *_ = one.parts(scenes(4, 1, lambda *_: False))
    names = [[WORDS[part][which] for part, which in enumerate(np.array(row).reshape(2, 3).argmax(1))]
             for row in zip(*(scenes(4, 1, lambda *_: False)[f"{part}_picture"][:] for part in ("shape", "colour")),
                            strict=True)]  # fmt: skip
    assert equals.tolist() == [[one.places[name] for name in both] for both in names]


def test_the_same_seed_answers_alike_and_another_one_has_other_weights(fitted):
    first, again, other = (fitted(seed=seed, steps=5, unified=1.0).model.words.weight for seed in (1, 1, 2))

    assert first.equal(again)
    assert not first.equal(other)


def test_what_it_cannot_learn_from_is_named(fitted):
    with pytest.raises(BadData, match="toy/toy has no auxiliary table 'names'; did you mean 'name'"):
        fitted(tables={"name": table()})
    with pytest.raises(BadData, match="the table 'names' has no picture of a colour"):
        fitted(tables={"names": table().select(range(3))})
    with pytest.raises(BadData, match="toy/toy has no training rows"):
        fitted(scenes(0))
    with pytest.raises(BadData, match="the answer of row 1 is 9, not one of its marks"):
        fitted(Dataset.from_dict({**scenes(2).to_dict(), "answer": [scenes(2)["answer"][0], 9]}, features=FEATURES))
    with pytest.raises(BadValue, match="unified is -1.0; it must be 0 or more"):
        fitted(unified=-1.0)
