"""Small tables to measure, and the measures of whole splits."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from genbench import cards, registry
from genbench.analysis import difficulty
from genbench.data.problem import Data
from genbench.evaluation import build

TASKS = Path(__file__).parents[4] / "tasks"
SCAN = cards.read(TASKS / "scan", "task")
TEXT = replace(SCAN, compounds="")  # the same columns, and no parses
SPLIT = SCAN.splits["length"]


def _table(*rows):
    commands, actions = zip(*rows, strict=True)
    return pa.table({"commands": pa.array(commands, pa.string()), "actions": pa.array(actions, pa.string())})


def _measured(train, asked, card=TEXT, split=SPLIT):
    rows = difficulty.measure(card, split, split.name, Data(train, {"test": asked}), "sha256:0").to_pylist()
    return {row["measure"]: row["value"] for row in rows}


def _data_of(name):
    task, _, split = name.partition("/")
    card = cards.read(TASKS / task, "task")
    return card, build.load(registry.ChosenSplit(card, card.splits[split], {}))


def _measured_split(name):
    card, data = _data_of(name)
    split = name.partition("/")[2]
    rows = difficulty.measure(card, card.splits[split], split, data, "").to_pylist()
    return {(row["question_set"], row["measure"]): row["value"] for row in rows}


@pytest.fixture(scope="session")
def table():
    """Gives `table((commands, actions), ...)`, rows of SCAN's columns."""
    return _table


@pytest.fixture(scope="session")
def measured():
    """Gives `measured(train, asked)`, the value of each measure on one question set."""
    return _measured


@pytest.fixture(scope="session")
def data_of():
    """Gives `data_of("scan/length")`, the card and the data of a bundled split."""
    return _data_of


@pytest.fixture(scope="session")
def measured_split():
    """Gives `measured_split("scan/length")`, the values of a bundled split, by question set and measure."""
    return _measured_split
