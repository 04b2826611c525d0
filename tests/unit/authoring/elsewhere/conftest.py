"""The toy split that is exported, and logs of answers to it."""

import json
from pathlib import Path

import pytest

from genbench.api.addresses import one_split
from genbench.data.subsets import subsets
from genbench.evaluation import build

TOYS = Path(__file__).parents[3] / "toys"


@pytest.fixture(scope="session")
def echo():
    """A hundred questions, numbers, of which each is its own answer; fifty numbers to train on."""
    return one_split(f"{TOYS}/echo", taker="test")


@pytest.fixture(scope="session")
def asked(echo):
    """The numbers asked, by the ids of their questions."""
    table = subsets(build.load(echo), echo.task, echo.split)["test"]
    return dict(zip(table["question_id"].to_pylist(), table["number"].to_pylist(), strict=True))


@pytest.fixture
def log_of(tmp_path, asked):
    """Writes a log of the harness: for each question what was asked and said, as `change` has it."""

    def write(change=lambda question, sample: sample, questions=range(100), name="samples_x.jsonl"):
        lines = []
        for question in questions:
            doc = {"question_id": question, "prompt": f"number: {asked[question]}\nagain:"}
            sample = {"doc": doc, "filtered_resps": [f" {asked[question]}</s>"]}
            lines.append(json.dumps(change(question, sample)))
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write
