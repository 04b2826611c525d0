"""Funnelling: its parts by other rules, what each tier and view can know, and what it refuses."""

import dataclasses

import numpy as np
import pytest
from datasets import Dataset
from scipy import optimize

from genbench.errors import BadData, BadValue

# Two languages whose words for one idea differ by 100. Idea 0 is of topic 0, idea 1 of topic 1; the others of neither.
DICTIONARY = {"word": list(range(10)), "translation": list(range(100, 110))}


def some(count, language, seed=0, topics=True):
    draw = np.random.default_rng(seed)
    own = draw.integers(0, 2, count)
    words = [[int(topic), *draw.integers(2, 10, 3).tolist()] for topic in own]
    shift = 100 * (language == "b")
    given = {"words": [[word + shift for word in one] for one in words], "language": [language] * count}
    return given | ({"answer": [[int(topic)] for topic in own]} if topics else {})


def joined(*parts):
    return Dataset.from_dict({name: [value for part in parts for value in part[name]] for name in parts[0]})


@pytest.fixture
def funnelling(baseline, context):
    def make(dictionary=DICTIONARY, **given):
        told = context("funnelling", {"words": "list<int64>", "language": "string"}, "list<int64>", 1, given)
        beside = {} if dictionary is None else {"dictionary": Dataset.from_dict(dictionary)}
        return baseline("funnelling").Funnelling(dataclasses.replace(told, auxiliary=beside))

    return make


def test_a_sigmoid_makes_platts_targets_likeliest(baseline):
    draw = np.random.default_rng(3)
    scores, labels = draw.standard_normal(60), draw.random(60) < 0.3
    wanted = np.where(labels, (labels.sum() + 1) / (labels.sum() + 2), 1 / ((~labels).sum() + 2))

    def loss(numbers):
        fit = scores * numbers[0] + numbers[1]
        return (np.logaddexp(0, fit) - wanted * fit).sum() + 0.5e-3 * (numbers**2).sum()

    assert baseline("funnelling").sigmoid(scores, labels) == pytest.approx(optimize.minimize(loss, [0, 0]).x, abs=1e-4)


def test_documents_are_tf_idf_of_length_one(baseline):
    words = baseline("funnelling").Words([[1, 1, 2], [2, 3]])

    row = np.array([(1 + np.log(2)) * np.log(2), 0, 0])  # 2 stands in both, 3 is not in it
    assert words.rows([[1, 1, 2]])[0] == pytest.approx(row / row.sum())
    assert words.rows([[9]])[0].tolist() == [0, 0, 0]


def test_views_are_scaled_and_averaged_over_those_that_there_are(baseline):
    averaged = baseline("funnelling").averaged

    assert averaged([np.array([[3.0, 4.0]]), np.array([[1.0, 0.0]])]).tolist() == [[0.8, 0.4]]
    assert averaged([np.array([[np.nan, np.nan]]), np.array([[0.0, 2.0]])]).tolist() == [[0.0, 1.0]]
    assert averaged([np.array([[np.nan, np.nan]])]).tolist() == [[0.0, 0.0]]


def test_what_is_said_of_a_document_of_training_does_not_rest_on_it(baseline):
    """With one document a fold, turning one label round leaves the score of that document alone as it was."""
    module = baseline("funnelling")
    rows, labels = np.eye(6) + 0.3, np.array([[True], [False]] * 3)
    turned = labels.copy()
    turned[0] = ~turned[0]
    scores = []
    for given in (labels, turned):
        one = module.Classifier(module.linear, 0.5, 6)
        said = one.fit(rows, given, np.random.default_rng(0))[:, 0]
        scores.append((np.log(said / (1 - said)) - one.sigmoids[1]) / one.sigmoids[0])

    assert scores[0][0] == pytest.approx(scores[1][0])
    assert abs(scores[0][1] - scores[1][1]) > 0.01


def test_both_tiers_learn_what_a_word_says_of_a_topic(funnelling):
    train, asked = joined(some(40, "a"), some(40, "b", 1)), joined(some(30, "a", 2), some(30, "b", 3))
    for given in ({"tier": "first"}, {}, {"views": "words+dictionary"}):
        one = funnelling(**given)
        one.fit(train, None)
        assert np.mean([said == right for said, right in zip(one.predict(asked), asked["answer"], strict=True)]) > 0.9


def test_a_language_without_rows_is_seen_through_the_dictionary_alone(funnelling):
    asked = joined(some(40, "b", 3))
    right = {}
    for views in ("words", "words+dictionary"):
        one = funnelling(views=views)
        one.fit(joined(some(60, "a")), None)
        right[views] = np.mean([said == own for said, own in zip(one.predict(asked), asked["answer"], strict=True)])

    assert right["words+dictionary"] > 0.9
    assert right["words"] < 0.7


def test_the_same_seed_gives_the_same_answers_in_any_order_of_questions(funnelling):
    asked = some(20, "a", 2)
    turned = {name: values[::-1] for name, values in asked.items()}
    one, again = funnelling(), funnelling()
    for each in (one, again):
        each.fit(joined(some(40, "a"), some(40, "b", 1)), None)

    assert one.predict(Dataset.from_dict(asked)) == again.predict(Dataset.from_dict(turned))[::-1]


def test_what_it_cannot_learn_from_is_named(funnelling):
    one = joined(some(1, "a"))
    with pytest.raises(BadData, match="toy/toy: a language needs two documents or more"):
        funnelling().fit(one, None)
    with pytest.raises(BadData, match="has no auxiliary table 'dictionary', which the view of that name reads"):
        funnelling(None, views="words+dictionary").fit(joined(some(4, "a")), None)
    with pytest.raises(BadData, match="column 'answer' must hold topics from 0 on, and some"):
        funnelling().fit(Dataset.from_dict({"words": [[1]], "language": ["a"], "answer": [[-1]]}), None)
    with pytest.raises(BadValue, match="views is dictionary; it must be one of words, words"):
        funnelling(views="dictionary")
