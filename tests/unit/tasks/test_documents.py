"""Documents: words by the ideas behind them, what languages share, and which of them are asked."""

from collections import Counter

import numpy as np
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"documents": 40, "questions": 20}


@pytest.fixture(scope="module")
def documents(task_module):
    return task_module("documents")


@pytest.fixture(scope="module")
def data(documents):
    return documents.load("five_languages", SMALL, 0)


@pytest.fixture(scope="module")
def ideas(documents):
    """The idea of each word, by turning each language's list of words round."""
    found = {}
    for number in range(5):
        found |= {word: idea for idea, word in enumerate(documents.tongue(number, 0).words.tolist())}
    return found


def rows(data):
    return data.train.to_pylist() + data.questions["test"].to_pylist()


def test_words_that_are_of_a_topic_are_of_one_of_the_documents(data, ideas):
    for row in rows(data):
        topics = {ideas[word] // 30 for word in row["words"]}
        assert {topic for topic in topics if topic < 12} <= set(row["topics"])
        assert row["topics"] == sorted(set(row["topics"]))
        assert 8 <= len(row["words"]) <= 20


def test_languages_share_no_word_and_every_idea(documents, data):
    words = {language: set() for language in documents.LANGUAGES}
    for row in rows(data):
        words[row["language"]] |= set(row["words"])

    assert all({word // 600 for word in own} == {number} for number, own in enumerate(words.values()))
    assert Counter(row["language"] for row in data.train.to_pylist()) == dict.fromkeys(documents.LANGUAGES, 40)
    assert data.questions["test"]["of"].to_pylist() == data.questions["test"]["language"].to_pylist()


def test_topics_sizes_themes_and_plain_words_have_their_shares(documents):
    drawn = documents.load("five_languages", {"documents": 600, "questions": 20}, 0).train.to_pylist()
    sizes = Counter(len(row["topics"]) for row in drawn)
    together = np.mean([len({topic % 4 for topic in row["topics"]}) == 1 for row in drawn if len(row["topics"]) > 1])
    word = np.array([word for row in drawn for word in row["words"]])
    plain = np.concatenate([documents.tongue(number, 0).words[360:] for number in range(5)])

    assert {size: count / 3000 for size, count in sizes.items()} == pytest.approx({1: 0.2, 2: 0.3, 3: 0.5}, abs=0.03)
    assert together == pytest.approx(0.95, abs=0.02)
    assert np.isin(word, plain).mean() == pytest.approx(0.6, abs=0.01)


def test_the_dictionary_pairs_words_of_one_idea_for_half_of_them(data, ideas):
    pairs = data.auxiliary["dictionary"].to_pylist()

    assert all(ideas[pair["word"]] == ideas[pair["translation"]] for pair in pairs)
    assert all(pair["word"] < 600 <= pair["translation"] for pair in pairs)
    assert len({pair["word"] for pair in pairs}) == 300
    assert len({pair["translation"] for pair in pairs}) == 1200


def test_the_language_asked_without_rows_has_none(documents):
    data = documents.load("zero_shot_language", SMALL, 0)

    assert set(data.train["language"].to_pylist()) == {"arun", "brel", "cosi", "doma"}
    assert set(data.questions["test"]["language"].to_pylist()) == {"elan"}
    assert data.questions["test"].num_rows == 20


def test_the_same_seed_draws_the_same_rows_and_another_one_others(documents, data):
    assert documents.load("five_languages", SMALL, 0).train.equals(data.train)
    assert not documents.load("five_languages", SMALL, 1).train.equals(data.train)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"documents": 9}, "'documents' is 9; it must be a whole number from 10 to 100,000"),
        ({"questions": True}, "'questions' is True"),
    ],
)
def test_a_parameter_that_makes_no_documents_is_refused(documents, given, words):
    with pytest.raises(BadValue, match=words):
        documents.load("five_languages", {**SMALL, **given}, 0)


def test_a_split_that_is_not_here_is_named(documents):
    with pytest.raises(UnknownName, match="no split 'five_language'; did you mean 'five_languages'"):
        documents.load("five_language", SMALL, 0)
