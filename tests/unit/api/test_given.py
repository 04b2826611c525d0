"""Classes and functions as submissions."""

import pytest

from genbench.api.given import given
from genbench.errors import BadValue


class Model:
    """Answers with the first target."""

    def __init__(self, context):
        self.target = context.target

    def fit(self, train, validation):
        self.answer = train[self.target][0]

    def predict(self, questions):
        return [self.answer] * len(questions)


class Fits:
    def fit(self, train, validation):
        pass


def answers(train, questions):
    return [len(train)] * len(questions)


def test_a_class_is_called_by_its_name_and_makes_itself():
    found = given(Model, None, ())

    assert (found.card.name, found.card.about) == ("Model", "Answers with the first target.")
    assert found.make is Model
    assert "class Model" in found.files["source.py"]
    assert "unseen" not in found.files


def test_a_function_gets_training_data_and_questions():
    made = given(answers, None, ()).make(None)
    made.fit([1, 2, 3], None)

    assert made.predict(["a", "b"]) == [3, 3]


def test_a_name_may_be_given():
    assert given(lambda train, questions: [], "nothing", ()).card.name == "nothing"


def test_what_cannot_be_covered_has_a_mark_that_is_another_each_time():
    reached = object()

    def unseen(train, questions):
        return reached

    assert given(unseen, None, ()).files["unseen"] != given(unseen, None, ()).files["unseen"]


def test_packages_that_it_reaches_are_libraries_of_its_card():
    import yaml

    def reads(train, questions):
        return yaml.safe_load("[]")

    assert given(reads, None, ()).card.libraries == ("PyYAML",)


def test_nothing_is_written_before_it_runs():
    assert not given(Model, None, ()).card.folder.exists()


def nobody(questions):
    return questions


@pytest.mark.parametrize(
    ("thing", "name", "said"),
    [
        (lambda train, questions: [], None, "^a lambda has no name for its rows; give one: name='...'$"),
        (Fits, None, "^Fits has no method 'predict'; a submission has fit and predict$"),
        (
            Model(type("Context", (), {"target": ""})),
            None,
            "^an instance of Model was given; give the class Model itself",
        ),
        (nobody, None, "^nobody\\(questions\\) cannot be called as nobody\\(train, questions\\)"),
        (
            3,
            None,
            "^a submission is 3; it must be a name, a folder's path, a class with fit and predict, or a function",
        ),
        (answers, "a/b", "^'a/b' is no name for results"),
        (Model, "chance", "^'chance' is the name of another submission; give this one another"),
        (answers, "", "^'answers' is the name of another"),
    ],
)
def test_what_is_no_submission_is_one_clear_error(thing, name, said):
    with pytest.raises(BadValue, match=said):
        given(thing, name, {"chance", "answers"})
