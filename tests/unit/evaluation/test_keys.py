"""Keys: what decides an outcome makes another cell, and nothing else does."""

from dataclasses import replace
from pathlib import Path

import pytest

from genbench import registry
from genbench.evaluation import keys
from genbench.evaluation.plan import plan
from genbench.rows import provenance

TOYS = Path(__file__).parents[2] / "toys"
VERSIONS = {"python": "3.11.7", "genbench": "0.1.0", "numpy": "2.0.0"}


@pytest.fixture
def cell(monkeypatch):
    """A cell of two toys; versions and device are those of a machine that never changes."""
    monkeypatch.setattr(provenance, "versions", lambda _: VERSIONS)
    monkeypatch.setattr(provenance, "device", lambda: "cpu")
    found = registry.Catalogue()
    planned = plan(
        registry.choose_splits([f"{TOYS}/echo"], found),
        registry.choose_submissions([f"{TOYS}/guesses"], found),
        1,
        "quick",
        "cpu",
    )
    return planned.cells[0]


def key(cell, data="sha256:d", task="sha256:t", submission="sha256:s"):
    return keys.key_of(
        cell,
        data,
        {(cell.split.task.folder, cell.split.split.name): task, (cell.submission.card.folder, ""): submission},
    )


def test_a_key_is_the_same_each_time_and_24_hexadecimal_digits(cell):
    assert key(cell) == key(cell)
    assert len(bytes.fromhex(key(cell))) == 12


def test_all_that_decides_is_in_the_key(cell):
    card = cell.submission.card
    others = [
        key(cell, data="sha256:x"),
        key(cell, task="sha256:x"),
        key(cell, submission="sha256:x"),
        key(replace(cell, seed=1)),
        key(replace(cell, profile="full")),
        key(replace(cell, device="cuda")),
        key(replace(cell, settings={**cell.settings, "more": 1})),
        key(replace(cell, submission=replace(cell.submission, card=replace(card, threads=7)))),
        key(replace(cell, submission=replace(cell.submission, card=replace(card, memory_gib=7.0)))),
        key(replace(cell, submission=replace(cell.submission, card=replace(card, budget_seconds={"quick": 7.0})))),
    ]

    assert len({key(cell), *others}) == 11


def test_a_parameter_that_the_task_gets_later_is_not_in_the_key_but_was_in_the_former_one(cell):
    split = replace(cell.split.split, params={**cell.split.split.params, "more": 1})
    later = replace(cell, split=replace(cell.split, split=split))
    folders = keys.folders_of([cell])

    assert keys.key_of(later, "sha256:d", folders) == keys.key_of(cell, "sha256:d", folders)
    assert keys.former_key(later, "sha256:d", folders) != keys.former_key(cell, "sha256:d", folders)


@pytest.mark.parametrize(
    ("name", "value", "counts"),
    [
        ("versions", lambda _: {**VERSIONS, "numpy": "2.0.1"}, True),
        ("versions", lambda _: {**VERSIONS, "python": "3.12.7"}, True),
        ("versions", lambda _: {**VERSIONS, "python": "3.11.8"}, False),
        ("versions", lambda _: {**VERSIONS, "genbench": "0.2.0"}, False),
    ],
)
def test_versions_that_decide_are_in_the_key(cell, monkeypatch, name, value, counts):
    before = key(cell)

    monkeypatch.setattr(provenance, name, value)

    assert (key(cell) != before) == counts


def test_a_parameter_that_joins_a_card_moves_no_key_where_it_does_nothing(cell):
    task, card = cell.split.task, cell.submission.card
    split = replace(cell.split.split, params={**cell.split.split.params, "later": 0})
    joined = replace(
        cell,
        split=replace(cell.split, split=split, task=replace(task, neutral={"later": 0})),
        submission=replace(cell.submission, card=replace(card, neutral={"later": False})),
        settings={**cell.settings, "later": False},
    )

    assert key(joined) == key(cell)
    assert key(replace(joined, settings={**cell.settings, "later": True})) != key(cell)


def test_the_edition_is_in_the_key(cell, monkeypatch):
    before = key(cell)

    monkeypatch.setattr(keys, "EDITION", keys.EDITION + 1)

    assert key(cell) != before


def test_the_fingerprints_are_those_of_the_split_and_of_the_submission(cell):
    found = keys.folders_of([cell, replace(cell, seed=1)])

    assert list(found) == [(TOYS / "echo", "small"), (TOYS / "guesses", "")]
    assert all(one.startswith("sha256:") for one in found.values())
