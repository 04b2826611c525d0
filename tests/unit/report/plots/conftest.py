"""Summaries of courses as phase diagrams and course pictures get them."""

from dataclasses import replace

import pytest

from genbench.analysis import grokking
from genbench.analysis.grokking import Course


def a_summary(
    share=0.5,
    corruption=0.35,
    decay=5,
    train=(0.0, 0.5, 0.77),
    test=(0.0, 0.1, 1.0),
    submission="mlp:weight_decay={}",
    **changed,
):
    course = Course(
        task="modular",
        split=f"addition_phases:corruption={corruption},share={share}",
        submission=submission.format(decay),
        profile="full",
        seed=0,
        cell=f"{share} {corruption} {decay}",
        params={"share": share, "corruption": corruption, "weight_decay": decay},
        steps=(1, 10, 100),
        train=train,
        test=test,
        memorized=(0.0, 0.5, 0.4),
        recovered=(None, None, None),
    )
    (only,) = grokking.summaries([replace(course, **changed)])
    return only


@pytest.fixture
def summary():
    """Makes the summary of one course."""
    return a_summary


@pytest.fixture
def grid():
    """Summaries of two parameters' values, of two submissions."""
    return [
        a_summary(share, corruption, decay)
        for share in (0.3, 0.5, 0.9)
        for corruption in (0.1, 0.35)
        for decay in (5, 15)
    ]
