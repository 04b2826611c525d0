"""What a class or function rests on, as far as it can be read."""

import functools
import linecache
import sys
import textwrap
import types

import numpy as np
import pytest

from genbench.api.covered import covered


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Gives a module made of a text, as a script would be: its source can be read."""

    def make(text):
        path = tmp_path / "notebook.py"
        path.write_text(textwrap.dedent(text))
        linecache.checkcache(str(path))
        made = types.ModuleType("notebook")
        made.__file__ = str(path)
        monkeypatch.setitem(sys.modules, "notebook", made)
        exec(compile(path.read_text(), str(path), "exec"), vars(made))  # noqa: S102  as a script is run
        return made

    return make


PREDICT = """
    SCALE = {scale}

    def helper(value):
        return value * {factor}

    def predict(train, questions):
        return [helper(SCALE) for _ in questions]
"""


def test_a_function_is_covered_with_its_helpers_and_plain_values(module):
    found = covered(module(PREDICT.format(scale=3, factor=2)).predict)

    assert found.whole
    assert "def helper(value):" in found.text
    assert "SCALE = 3" in found.text


@pytest.mark.parametrize("change", [{"scale": 4, "factor": 2}, {"scale": 3, "factor": 5}])
def test_a_change_of_what_it_reaches_changes_the_text(module, change):
    before = covered(module(PREDICT.format(scale=3, factor=2)).predict).text

    assert covered(module(PREDICT.format(**change)).predict).text != before


@pytest.mark.parametrize(
    "reached",
    [
        "import numpy\nweights = numpy.zeros(3)",
        "weights = object()",
        "weights = [object()]",
        "import conftest_of_mine as weights",
        "weights = 'x' * 20_000",
        "",
    ],
)
def test_what_cannot_be_read_is_known_not_to_be_covered(module, monkeypatch, reached):
    monkeypatch.setitem(sys.modules, "conftest_of_mine", types.ModuleType("conftest_of_mine"))

    found = covered(module(f"{reached}\ndef predict(train, questions):\n    return [weights]").predict)

    assert not found.whole


def test_installed_packages_count_by_name(module):
    found = covered(
        module("import json, numpy as np\ndef predict(a, b):\n    return np.zeros(json.loads('3'))").predict
    )

    assert found.whole
    assert found.modules == ("numpy",)


def test_a_class_is_covered_by_its_text_and_its_bases(module):
    text = """
        class Base:
            rate = 0.5

            def fit(self, train, validation):
                self.answer = helper(train)

        def helper(train):
            return train[0]

        class Model(Base):
            def predict(self, questions):
                return [self.answer for _ in questions]
    """
    found = covered(module(text).Model)

    assert found.whole
    assert all(part in found.text for part in ("class Model(Base)", "rate = 0.5", "def helper(train)"))


def test_a_class_without_a_text_is_covered_by_its_methods(module):
    made = module("class Model:\n    rate = 2\n    def predict(self, questions):\n        return [self.rate]")
    made.Model.__module__ = "nowhere"

    found = covered(made.Model)

    assert found.whole
    assert "rate = 2" in found.text
    assert "def predict(self, questions)" in found.text


def test_code_without_a_text_is_not_covered():
    space = {"__name__": "nowhere"}
    exec("def predict(train, questions):\n    return []", space)  # noqa: S102  as a prompt runs what is typed

    assert not covered(space["predict"]).whole


def test_what_a_closure_holds_is_covered():
    def maker(value):
        def predict(train, questions):
            return [value for _ in questions]

        return predict

    assert covered(maker(1)).text != covered(maker(2)).text
    assert covered(maker(1)).whole
    assert not covered(maker(np.zeros(2))).whole


def test_defaults_are_covered():
    def predict(train, questions, rate=[1], *, other=object()):  # noqa: B006, B008
        return rate

    assert "default_0 = [1]" in covered(predict).text
    assert not covered(predict).whole


def test_a_decorated_function_is_covered_with_its_decorator():
    def twice(function):
        @functools.wraps(function)
        def doubled(train, questions):
            return function(train, questions)

        return doubled

    @twice
    def predict(train, questions):
        return ["one of its own"]

    assert "one of its own" in covered(predict).text
    assert "def doubled" in covered(predict).text


def test_a_function_that_calls_itself_ends(module):
    assert covered(module("def predict(a, b):\n    return predict(a, b)").predict).whole


def test_sets_are_spelled_in_one_order():
    names = {f"name {number}" for number in range(20)}

    def predict(train, questions):
        return names

    assert str(sorted(names)).replace("[", "{").replace("]", "}") in covered(predict).text
