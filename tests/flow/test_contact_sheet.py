"""`genbench show SPLIT --class LABEL`: a picture on disk, opened where there is somebody to see it."""

import sys

import click
import pytest
from PIL import Image

from genbench.cli import main

SPLIT = "letitwag/synthetic:head=3,tests=2"


@pytest.fixture
def genbench(monkeypatch, tmp_path, capsys):
    """Gives `genbench("show", ...)`, which runs a verb in an empty folder and gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_a_class_is_drawn_into_the_current_folder_and_the_place_is_said(genbench, tmp_path):
    code, out, _ = genbench("show", SPLIT, "--class", "17")

    (path,) = tmp_path.iterdir()
    assert (code, out) == (0, f"picture: {path.name}\n")
    assert path.name == "letitwag-synthetic-head=3-tests=2-class-17.png"
    with Image.open(path) as drawn:
        assert drawn.width > 1000


def test_the_picture_goes_where_it_is_asked_to(genbench, tmp_path):
    code, out, _ = genbench("show", SPLIT, "--class", "plain red star", "--picture", "new/sheet.png")

    assert (code, out) == (0, "picture: new/sheet.png\n")
    assert (tmp_path / "new" / "sheet.png").is_file()


@pytest.mark.parametrize(("display", "looking", "opened"), [("", True, 0), (":0", False, 0), (":0", True, 1)])
def test_it_is_opened_where_there_are_a_display_and_a_person(genbench, monkeypatch, display, looking, opened):
    seen = []
    monkeypatch.setattr(click, "launch", seen.append)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: looking, raising=False)
    monkeypatch.setenv("DISPLAY", display)

    genbench("show", SPLIT, "--class", "0", "--picture", "sheet.png")

    assert seen == ["sheet.png"] * opened


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["letitwag/synthetic", "--class", "256"], "letitwag/synthetic has no class '256'; its classes are 0 to 255"),
        (["letitwag/synthetic", "--class", "plain red sta"], "did you mean 'plain red star'?"),
        (["letitwag/synthetic*", "--class", "1"], "names 5 splits; --class takes one"),
        (["modular/addition", "--class", "1"], "modular/addition cannot be drawn"),
        (["letitwag/synthetic:size=48", "--class", "1"], "parameter 'size' is 48; it must be one of 32, 64"),
        (["letitwag/synthetic", "--picture", "sheet.png"], "--picture says where a drawing goes; --class or"),
    ],
)
def test_what_is_wrong_is_one_error(genbench, arguments, said):
    code, out, err = genbench("show", *arguments)

    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
