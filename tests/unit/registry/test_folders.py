"""Where contributions lie: in a checkout, or inside an installed package; and what of that was typed."""

import pytest

from genbench.errors import BadValue
from genbench.registry import folders


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The folder of a package that lies alone, as an installed one does."""
    monkeypatch.setattr(folders, "_PACKAGE", tmp_path / "genbench")
    return tmp_path / "genbench"


def test_an_installed_package_holds_its_contributions_in_itself(package):
    assert folders.home() == package / "bundled"
    assert folders.page_folder() == package / "bundled" / "page"
    assert folders.published_folder() == package / "bundled" / "published"
    assert folders.papers_folder() == package / "bundled" / "papers"


def test_a_checkout_holds_them_beside_the_package(package):
    checkout = package.parent
    for name in ("tasks", "baselines"):
        (checkout / name).mkdir()
    (checkout / "pyproject.toml").touch()

    assert folders.home() == checkout
    assert folders.page_folder() == checkout / "leaderboard" / "page"
    assert folders.published_folder() == checkout / "leaderboard" / "published"
    assert folders.papers_folder() == checkout / "leaderboard" / "papers"


@pytest.mark.parametrize(("text", "is_path"), [("./a", True), ("/a", True), ("~/a", True), ("a/b", False)])
def test_a_path_is_told_from_a_name_by_how_it_begins(text, is_path):
    assert (folders.folder_of(text) is not None) == is_path


def test_the_home_of_nobody_is_refused():
    with pytest.raises(BadValue, match="^'~nobody-of-this-name/x': "):
        folders.folder_of("~nobody-of-this-name/x")


def test_a_folder_typed_without_what_makes_it_one_gets_a_hint(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.toml").touch()

    assert folders.folder_hint("mine") == "; did you mean the folder './mine'?"
    assert not folders.folder_hint("yours")
