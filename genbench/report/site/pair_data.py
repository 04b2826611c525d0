"""Comparisons as data: every pair of a split in scripts that its page, and the page of all splits, read on demand.

Each figure is a text as the page shows it, for either order of the two, so that a browser computes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.report.site.scripts import script
from genbench.report.wording import figure, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.analysis.comparison import Comparison
    from genbench.report.site.pairing import Pair

TURNED = {"better": "worse", "worse": "better"}


def asked_of(one: Comparison) -> str:
    """What was asked: the question set, or the slice of it."""
    return f"{one.axis} {one.slice}" if one.axis else f"{one.question_set}, {one.questions:,} questions"


def p_of(one: Comparison) -> str:
    """Its p as it is shown."""
    return "<.001" if one.adjusted < 0.001 else f"{one.adjusted:.3f}"


def brief(name: str, names: Sequence[str], found: Sequence[Pair]) -> str:
    """Of each pair the whole question sets, for the page of all splits; by the places of both among `names`."""
    pairs = {_key(pair, names): [_row(each) for each in pair.compared if not each.axis] for pair in found}
    return script("pairs", {name: {"names": list(names), "pairs": pairs}})


def whole(name: str, names: Sequence[str], found: Sequence[Pair]) -> str:
    """Of each pair all that its split's page tells: slices, too, what is left out, and the questions they differ on."""
    questions = {
        f"{one.question_set} {one.question}": [one.asked, one.target, [f"{axis} {value}" for axis, value in one.slices]]
        for pair in found
        for one in pair.differing
    }
    pairs = {
        _key(pair, names): {
            "rows": [_row(each) for each in pair.compared],
            "left": pair.left_out,
            "set": pair.differing[0].question_set if pair.differing else "",
            "seeds": pair.seeds,
            "differing": [[one.question, *one.answers] for one in pair.differing],
        }
        for pair in found
    }
    return script("pairs", {name: {"names": list(names), "pairs": pairs, "questions": questions}})


def _key(pair: Pair, names: Sequence[str]) -> str:
    return f"{names.index(pair.one)} {names.index(pair.other)}"


def _row(one: Comparison) -> list[Any]:
    """What was asked, and whether it is a slice; both means, counts, seeds; p; and what differs, either way."""
    test = one.found
    turned = TURNED.get(one.verdict, one.verdict)
    return [
        asked_of(one),
        1 if one.axis else 0,
        [figure(one.mean, one.bounded), figure(one.other_mean, one.bounded)],
        [one.won, one.lost],
        [one.seeds, one.other_seeds],
        p_of(one),
        [figure(test.difference, one.bounded), span(test.low, test.high, one.bounded), one.verdict],
        [figure(-test.difference, one.bounded), span(-test.high, -test.low, one.bounded), turned],
    ]
