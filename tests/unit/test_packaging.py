"""What the package index is told: links that hold there, one version, and Pythons that the workflow tries."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from build.util import project_wheel_metadata

from genbench.edition import VERSION

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def metadata():
    return project_wheel_metadata(ROOT, isolated=False)


def test_the_readme_on_the_index_links_to_nothing_by_a_relative_path(metadata):
    links = re.findall(r"\]\(([^)\s]+)\)", metadata.get_payload())

    assert len(links) > 5
    assert [link for link in links if not link.startswith(("https://", "#"))] == []


def test_what_the_readme_on_the_index_links_to_at_the_projects_home_is_in_the_repository(metadata):
    home = PROJECT["urls"]["Repository"]
    places = (f"{home}/blob/main/", home.replace("//github.com", "//raw.githubusercontent.com") + "/main/")
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", metadata.get_payload())

    paths = [link.removeprefix(place) for link in links for place in places if link.startswith(place)]

    assert "CONTRIBUTING.md" in paths
    assert "docs/page.png" in paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_version_is_declared_once_and_told_everywhere(metadata):
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"]

    assert "version" not in PROJECT
    assert [metadata["version"], cited] == [VERSION, VERSION]


def test_every_address_of_the_project_is_at_its_home():
    assert [url for url in PROJECT["urls"].values() if not url.startswith(PROJECT["urls"]["Repository"])] == []


def test_the_workflow_tries_the_oldest_and_the_newest_python_that_is_promised(metadata):
    matrix = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    tried = matrix["jobs"]["gate"]["strategy"]["matrix"]["python"]
    promised = [
        value.rpartition(" ")[2]
        for value in metadata.get_all("Classifier")
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", value)
    ]

    assert promised == ["3.11", "3.12", "3.13", "3.14"]
    assert (tried[0], tried[-1]) == (promised[0], promised[-1])
