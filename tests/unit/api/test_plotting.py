"""Pictures of results."""

from xml.etree import ElementTree as ET

import pytest

import genbench
from genbench.api.plotting import Picture
from genbench.errors import BadValue, StoreFault, UnknownName

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture):
    root = ET.fromstring(picture.svg)  # noqa: S314  our own
    return [line.strip() for one in root.iter(f"{SVG}text") for line in one.itertext()]


@pytest.fixture(scope="module")
def sliced(tmp_path_factory):
    """Two submissions on a split with an axis of numbers."""

    def first_command(train, questions):
        return train["actions"][: len(questions)]

    out = tmp_path_factory.mktemp("sliced")
    return genbench.evaluate([first_command, "majority"], "scan/length", executor="here", out=out, quiet=True)


@pytest.fixture(scope="module")
def stepping(toys, tmp_path_factory):
    """A submission whose fit yields steps."""
    out = tmp_path_factory.mktemp("stepping")
    return genbench.evaluate(toys / "stepping", toys / "echo", executor="here", out=out, quiet=True)


def test_an_axis_of_names_has_a_strip_for_each(kept):
    found = texts(genbench.results(kept).plot("label", task="modular/addition_corrupted:p=7"))

    assert {"clean", "corrupted", "chance", "majority"} <= set(found)
    assert "modular/addition_corrupted:p=7 (quick)" in " ".join(found)


def test_an_axis_of_numbers_has_lines_along_it(sliced):
    picture = sliced.plot()

    assert "scan/length (quick)" in texts(picture)
    assert {"24", "48", "first_command", "majority"} <= set(texts(picture))
    assert picture.svg.count('class="mark-line') >= 2


def test_a_question_set_may_be_chosen(sliced):
    assert "test, by length" in texts(sliced.plot("length", question_set="test"))


def test_learning_curves_are_drawn_by_step(stepping):
    assert "test, by training step" in texts(stepping.plot("step"))


def test_a_notebook_shows_it_and_it_can_be_saved(stepping, tmp_path):
    picture = stepping.plot("step")

    path = picture.save(tmp_path / "made" / "picture.svg")

    assert path.read_text() == picture._repr_svg_() == picture.svg


def test_only_svg_is_written():
    with pytest.raises(BadValue, match="^the picture is SVG; let 'picture.png' end in .svg$"):
        Picture("<svg/>").save("picture.png")


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreFault, match="^cannot write the picture"):
        Picture("<svg/>").save(tmp_path / "file" / "picture.svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"axis": "lenght"}, "has the axis 'lenght'; did you mean 'length'\\?$"),
        ({"axis": "length", "question_set": "tset"}, "there is no question set 'tset' .*did you mean 'test'\\?$"),
        ({"axis": "step"}, "^there are no learning curves in these results: no fit yielded steps$"),
    ],
)
def test_what_is_not_there_is_one_clear_error(sliced, arguments, said):
    with pytest.raises(UnknownName, match=said):
        sliced.plot(**arguments)
