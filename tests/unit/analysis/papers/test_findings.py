"""Papers and their findings as they are read, and the bundled ones."""

import re
from pathlib import Path

import pytest

from genbench import registry
from genbench.analysis.papers import Finding, Reading, read
from genbench.errors import BadCard
from genbench.evaluation.cell import DIAGNOSTIC

ROOT = Path(__file__).parents[4]

PAPER = """
title = "Echoes"
authors = "Somebody 2020"
arxiv = "2001.00001"

[[findings]]
says = "it echoes"
mark = "stated"
source = "the abstract"
of = { split = "echo/small", asked = "test", submission = "lstm", axis = "length", slice = "3" }
minus = { split = "echo/small", asked = "test", submission = "gru", step = 10 }
least = 0.5
"""


@pytest.fixture
def papers(tmp_path):
    """Reads a file of the given text."""

    def reading(text):
        (tmp_path / "echoes.toml").write_text(text)
        return read(tmp_path)

    return reading


def test_a_paper_is_read_with_its_findings(papers):
    (paper,) = papers(PAPER)
    (finding,) = paper.findings

    assert (paper.title, paper.authors, paper.arxiv) == ("Echoes", "Somebody 2020", "2001.00001")
    assert finding.asked == "at least 0.5"
    assert finding.shown == "`lstm` on echo/small test, length 3 less `gru` on echo/small test at step 10"
    assert finding.readings == (
        Reading("echo/small", "lstm", "test", axis="length", slice="3"),
        Reading("echo/small", "gru", "test", step=10),
    )


def test_bounds_and_readings_are_told_in_words():
    one = Reading("echo/small", "lstm", "test", reaches=0.95)

    assert Finding("x", "ours", "y", 0.4, 0.6, one).asked == "0.4 to 0.6"
    assert Finding("x", "ours", "y", most=0.2, of=one, over=one).asked == "at most 0.2"
    assert one.shown == "first step of 0.95, `lstm` on echo/small test"
    assert Reading("echo/small", "lstm", metric="diagnostic.ipr", step=5).shown == (
        "`lstm` on echo/small, diagnostic.ipr at step 5"
    )


FAULTS = {
    "no title": ('title = "Echoes"\n', "", "missing key 'title'"),
    "a number that is none": ('"2001.00001"', '"hep-th/1"', "arxiv is 'hep-th/1'; it must be a number such as 2310.02"),
    "a misspelt key": ("says =", "say =", "finding 1: unknown key 'say'; did you mean 'says'?"),
    "another mark": ('"stated"', '"recalled"', "finding 1: mark is 'recalled'; it must be one of verified, stated,"),
    "text for a bound": ("0.5", '"half"', "finding 1: least is 'half'; it must be a number"),
    "a bound that is not finite": ("0.5", "nan", "finding 1: least is nan; it must be a number"),
    "no bound": ("least = 0.5", "", "finding 1: of goes with least, most or both, and these with it"),
    "bounds the wrong way round": (
        "least = 0.5",
        "least = 0.5\nmost = 0.4",
        "finding 1: least is 0.5; it must be at m",
    ),
    "a test beside rows": (
        "least",
        'test = "a"\nleast',
        "finding 1: give either of, what is read in our rows, or test",
    ),
    "two that are compared": ("least", "over = {}\nleast", "finding 1: beside of stands minus or over, one of the two"),
    "a reading that is no table": ("{ split", '"x" # { split', "finding 1: of is 'x'; it must be a table with split"),
    "a reading of nothing": (', submission = "lstm"', "", "finding 1: of.missing key 'submission'"),
    "a split without a task": (
        '"echo/small", asked = "test", submission = "lstm"',
        '"small"',
        "must be a task and its",
    ),
    "an axis without a slice": (', slice = "3"', "", "finding 1: of.axis and slice go together"),
    "a step below 0": ("step = 10", "step = -1", "finding 1: minus.step is -1; it must be a whole number from 0 on"),
    "a step and what is reached": ("step = 10", "step = 10, reaches = 1.0", "finding 1: minus has step and reaches"),
    "findings that are a table": (
        "[[findings]]",
        "[findings]",
        "findings is no array of tables; each is a [[findings]]",
    ),
    "no TOML": ("[[findings]]", "[[findings", "not readable as TOML"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_in_a_file_names_file_row_key_and_value(papers, tmp_path, what):
    old, new, said = FAULTS[what]
    with pytest.raises(BadCard) as fault:
        papers(PAPER.replace(old, new, 1))

    assert said in str(fault.value)
    assert str(tmp_path / "echoes.toml") in str(fault.value)


def bundled():
    return [
        pytest.param(finding, id=f"{paper.arxiv}-{number}")
        for paper in read(registry.papers_folder())
        for number, finding in enumerate(paper.findings)
    ]


@pytest.mark.parametrize("finding", bundled())
def test_every_bundled_finding_reads_what_is_there(finding):
    found = registry.catalogue()

    for one in finding.readings:
        (chosen,) = registry.choose_splits([one.split], found)
        (submission,) = registry.choose_submissions([one.submission], found)
        assert chosen.label == one.split.partition("/")[2]
        assert submission.label == one.submission
        assert one.metric.startswith(DIAGNOSTIC) or one.asked in chosen.split.questions
        assert one.metric.startswith(DIAGNOSTIC) or one.metric in {"", *chosen.task.metrics}
        assert one.axis in {"", *(chosen.split.axes or chosen.task.axes)}


def test_every_test_that_holds_a_finding_is_there():
    held = [finding.test for paper in read(registry.papers_folder()) for finding in paper.findings if finding.test]

    assert held
    for one in held:
        path, _, name = one.partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), one


def test_a_paper_has_one_file():
    numbers = [paper.arxiv for paper in read(registry.papers_folder()) if paper.arxiv]

    assert len(set(numbers)) == len(numbers)
