"""The picture of the rooms is of the code as it stands, and would show what should not be."""

import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
import rooms
from rooms import Room

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"
STATED = [["upper"], ["lower", "twin"], ["errors", "_moved"]]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of three rooms and one single file, whose name no other test imports."""
    files = {
        "__init__.py": "",
        "errors.py": "FAULT = 1\n",
        "upper/__init__.py": '"""What is `shown`: all.\n\nMore of it."""\n',
        "upper/page.py": "from toyhouse.lower import table\n",
        "upper/late.py": "def late():\n    from toyhouse.lower import table, other\n    return table, other\n",
        "lower/__init__.py": '"""What is kept."""\n',
        "lower/table.py": "from toyhouse.errors import FAULT\n",
        "lower/other.py": "",
        "twin/__init__.py": "",
    }
    for name, text in files.items():
        path = tmp_path / "toyhouse" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "toyhouse"


def test_the_pictures_in_the_docs_are_of_the_code_as_it_stands():
    for name, drawn in rooms.pictures().items():
        kept = (ROOT / "docs" / name).read_text(encoding="utf-8")

        assert kept == drawn, f"docs/{name} is of an older house: uv run python docs/rooms.py"


def test_every_folder_of_the_package_is_a_room_in_the_picture():
    known = {room.name for room in rooms.rooms(ROOT / "genbench", rooms.floors(ROOT / "pyproject.toml"))}

    assert {path.parent.name for path in (ROOT / "genbench").glob("*/__init__.py")} == known - {rooms.ALONE}


def test_a_room_is_told_by_its_first_sentence_and_its_files(package):
    found = rooms.rooms(package, STATED)

    assert found[0] == Room("upper", "What is shown: all.", 0, 3, 7)
    assert [(room.name, room.floor, room.files) for room in found[1:]] == [
        ("lower", 1, 3),
        ("twin", 1, 1),
        (rooms.ALONE, 2, 1),
    ]


def test_imports_are_counted_module_by_module_wherever_they_stand(package):
    found = rooms.imports("toyhouse", rooms.rooms(package, STATED))

    assert found == {("upper", "lower"): 3, ("lower", rooms.ALONE): 1}


def test_each_pair_of_rooms_that_imports_has_one_dot_where_their_wires_meet(package):
    known = rooms.rooms(package, STATED)

    drawn = ET.fromstring(rooms.draw(known, rooms.imports("toyhouse", known)))  # noqa: S314  it was written here

    titles = [one.find(f"{SVG}title") for one in drawn.iter(f"{SVG}circle")]
    assert [one.text for one in titles if one is not None] == [
        "upper imports lower",
        "lower imports single files",
    ]


def test_an_import_that_goes_up_is_refused_and_named(package):
    known = rooms.rooms(package, STATED)

    with pytest.raises(ValueError, match="genbench.lower imports from genbench.upper, which stands above it"):
        rooms.draw(known, Counter({("lower", "upper"): 1}))


@pytest.mark.parametrize(("number", "radius"), [(1, 3), (3, 3), (4, 4.5), (15, 6), (16, 8), (99, 8)])
def test_more_imports_are_a_larger_dot(package, number, radius):
    known = rooms.rooms(package, STATED)

    drawn = ET.fromstring(rooms.draw(known, Counter({("upper", "lower"): number})))  # noqa: S314  it was written here

    (dot,) = (one for one in drawn.iter(f"{SVG}circle") if one.find(f"{SVG}title") is not None)
    assert float(dot.get("r")) == radius


def test_a_picture_has_colours_for_light_and_for_dark():
    assert "prefers-color-scheme: dark" in rooms.picture()
