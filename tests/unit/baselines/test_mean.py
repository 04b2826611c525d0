"""The mean of the training answers, whatever is asked."""

import numpy as np
import pytest
from datasets import Dataset, Features, Value

from genbench.errors import BadData


@pytest.fixture
def mean(baseline, context):
    return baseline("mean").Mean(context("mean", {"x": "string"}, "float64"))


def dataset(answers):
    features = Features({"x": Value("string"), "answer": Value("float64")})
    return Dataset.from_dict({"x": ["?"] * len(answers), "answer": answers}, features=features)


def test_every_question_gets_the_mean_of_training(mean):
    mean.fit(dataset([1.0, 2.0, 6.0]), None)

    np.testing.assert_array_equal(mean.predict(dataset([0.0, 0.0])), [3.0, 3.0])


def test_without_training_rows_there_is_none(mean):
    with pytest.raises(BadData, match="toy/toy has no training rows to take the mean of"):
        mean.fit(dataset([]), None)
