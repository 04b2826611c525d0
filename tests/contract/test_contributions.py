"""The contract, for every contribution that is found, present and future: no name of one stands here.

`genbench check FOLDER` runs the same on a stranger's folder.
"""

import subprocess
import sys
from itertools import islice

import pytest

from genbench import registry
from genbench.authoring import submission_contract, task_contract
from genbench.cards.task import UNSEEN
from genbench.evaluation import build
from genbench.registry import ChosenSplit

FOUND = registry.catalogue()
SPLITS = [ChosenSplit(card, split, {}) for card in FOUND.tasks.values() for split in card.splits.values()]
SUBMISSIONS = sorted(FOUND.submissions.values(), key=lambda card: card.libraries)  # those of the same one after another


def faults(findings):
    return [f"{finding.subject}: {finding.sentence}: {finding.fault}" for finding in findings if not finding.holds]


def test_every_card_is_valid_and_has_a_name_of_its_own():
    assert [str(fault) for fault in FOUND.faults] == []


@pytest.mark.parametrize("card", [*FOUND.tasks.values(), *SUBMISSIONS], ids=lambda card: card.folder.name)
def test_a_contribution_lies_in_a_folder_of_its_name(card):
    assert card.folder.name == card.name


@pytest.mark.parametrize("card", FOUND.tasks.values(), ids=FOUND.tasks)
def test_a_task_can_be_graded_and_imported(card):
    findings = list(islice(task_contract.check_task(card), 5))  # what comes before its splits, which have a test each

    assert {finding.subject for finding in findings} == {card.name}
    assert faults(findings) == []


@pytest.mark.parametrize("chosen", SPLITS, ids=lambda chosen: f"{chosen.task.name}/{chosen.split.name}")
def test_a_split_meets_the_contract(chosen):
    # Loading holds each to the fingerprint on its card. What a module keeps from one build to the next shows where any
    # split of its task is built twice, so that of each task one is.
    first = chosen.split is next(iter(chosen.task.splits.values()))
    findings = list(task_contract.check_split(chosen, built_twice=first))

    if [finding.sentence for finding in findings] == [task_contract.LEFT_OUT]:
        pytest.skip(task_contract.LEFT_OUT)
    more = bool(chosen.task.prefix) + bool(chosen.split.auxiliary and not chosen.split.transductive)
    once = not first and chosen.split.fingerprint != UNSEEN
    assert len(findings) == 1 + len(task_contract.SPLIT_CONTRACT) + more - once
    assert faults(findings) == []


@pytest.fixture(scope="module")
def data():
    """The data of the splits that submissions were tried on, of which each serves several."""
    return {}


@pytest.fixture
def _built_once(data, monkeypatch):
    def load(chosen, built=build.load):
        name = f"{chosen.task.name}/{chosen.split.name}"
        if name not in data:
            data[name] = built(chosen)
        return data[name]

    monkeypatch.setattr(build, "load", load)


@pytest.mark.usefixtures("_built_once")
@pytest.mark.parametrize("card", SUBMISSIONS, ids=lambda card: card.name)
def test_a_submission_meets_the_contract(card, standing):
    findings = list(submission_contract.check_submission(card, FOUND, standing))

    assert findings
    assert faults(findings) == []


def test_listing_every_contribution_imports_nothing_heavy():
    script = (
        "import sys; from genbench.cli import main; main(['list']); "
        "sys.exit(len({'torch', 'pandas', 'pyarrow', 'numpy', 'datasets'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0
