"""Difficulty told: figures as they are shown, a line for each question set, and a split in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.difficulty.measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


# Of a split in one line: the measure, what it is called on a page, and at the head of a column.
BRIEF: Final = {
    "compound_divergence": ("compound divergence", "compounds"),
    "atom_divergence": ("atom divergence", "atoms"),
    "words_seen": ("all words seen", "words"),
    "pairs_seen": ("all pairs seen", "pairs"),
    "longer_targets": ("longer than any shown", "longer"),
    "nearest": ("nearest neighbour", "nearest"),
    "majority": ("commonest answer", "majority"),
    "log2_bound_bits": ("log2 of the bound in bits", "bound"),
    "gp_bits": ("exact bits", "exact"),
}
LONG: Final = 1e6  # from which on a number is written with its power of ten
SHARES: Final = tuple(name for name, about in MEASURES.items() if about.startswith("share"))


def spelled(measure: str, value: float | None) -> str:
    """A figure as it is shown: counts whole, shares of questions in per cent, the rest with three decimals.

    >>> spelled("questions", 3920.0), spelled("words_seen", 0.9987), spelled("nearest", None)
    ('3,920', '99.9 %', '-')
    """
    if value is None:
        return "-"
    if measure in {"train_rows", "questions", "compound_nodes"}:
        return f"{value:,.0f}"
    if measure in {"bound_bits", "gp_bits"}:
        return f"{value:.1f}" if value < LONG else f"{value:.3g}"
    return f"{100 * value:.3g} %" if measure in SHARES else f"{value:.3f}"


def head(wide: int) -> str:
    """What stands above `lines`; names of splits are `wide` characters."""
    return f"{'split':<{wide}}  {'questions':<14} {'kind':<8}" + "".join(f"{short:>10}" for _, short in BRIEF.values())


def lines(rows: Sequence[Mapping[str, Any]], wide: int) -> Iterator[str]:
    """A line for each question set of a split."""
    for name in dict.fromkeys(row["question_set"] for row in rows):
        own = {row["measure"]: row for row in rows if row["question_set"] == name}
        one = own["questions"]
        figures = "".join(f"{spelled(measure, own[measure]['value']):>10}" for measure in BRIEF)
        yield f"{one['task'] + '/' + one['split']:<{wide}}  {name:<14} {one['kind']:<8}{figures}"


def line(rows: Sequence[Mapping[str, Any]]) -> str:
    """A split's difficulty in one line: each figure, or its range where question sets differ.

    Question sets of training asked again are left out, for they are no test of it.
    """
    told = []
    for name, (said, _) in BRIEF.items():
        values = [
            row["value"]
            for row in rows
            if row["measure"] == name and row["kind"] != "trained" and row["value"] is not None
        ]
        if values:
            ends = [spelled(name, value) for value in (min(values), max(values))]
            told.append(f"{said} " + (ends[0] if ends[0] == ends[1] else " to ".join(ends)))
    return " · ".join(told)


def unknown(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each reason why there are no figures: which measures, of which question sets, and the reason."""
    every = list(dict.fromkeys(row["question_set"] for row in rows))
    reasons: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        if row["why"]:
            reasons.setdefault(row["why"], {}).setdefault(row["measure"], []).append(row["question_set"])
    for why, measures in reasons.items():
        sets = list(dict.fromkeys(name for names in measures.values() for name in names))
        of = "" if sets == every else f" of {', '.join(sets)}"
        yield f"no {', '.join(measures)}{of}: {why}"
