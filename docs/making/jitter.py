"""What windows, jitter and hints do to a decoder that is asked longer questions than it was trained on, from rows.

Each pair of rows differs in one thing. Of one split the difference is taken question by question; of two splits, whose
questions have other ids, as of different questions, which makes its interval wider than it need be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from genbench import registry
from genbench.analysis.comparison import Rows
from genbench.analysis.comparison.contests import between
from genbench.analysis.comparison.sides import sides
from genbench.analysis.inference import holm, of_values, pair
from genbench.analysis.inference.means import between as interval
from genbench.analysis.inference.pairs import LEVEL
from genbench.analysis.ordering import by_number
from genbench.report.plots.looks import HUES
from genbench.report.plots.rendering import drawn, together
from genbench.report.results import evidence_of, headlines, tables_of_splits
from genbench.report.wording import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench.analysis.comparison.sides import Side, Sides
    from genbench.analysis.inference import Layout, Pair

SEEDS: Final = 3  # of each side, before a difference is called sure
NOTHING: Final = "no rows yet"
WITHOUT, WITH = "1.0", "1.4"  # jitter, as the tables call it: 1 is none

DRAW: Final = "draw=1,questions=200,rows=200000"
SORTED: Final = {  # what a decoder is trained on, in words, and the split
    "uniform": f"sorting/up_to_20:{DRAW}",
    "windows": f"sorting/up_to_20_windows:{DRAW}",
    "uniform, and as many successor hints": f"sorting/up_to_20_hint_successor:{DRAW}",
    "windows, and as many successor hints": f"sorting/up_to_20_windows_hint_successor:{DRAW}",
}
SORTERS: Final = {
    WITHOUT: "decoder_only@jittered:jitter=1.0,steps=12000",
    WITH: "decoder_only@jittered:steps=12000",
}
LONGER: Final = (
    "decoder_only@jittered:steps=21600"  # hinted rows for so long see rows that sort as often as the rest do
)
ASKED: Final = {"id": 20, "length_30": 30, "length_50": 50, "length_100": 100, "length_200": 200, "length_500": 500}
LENGTHS: Final = {"id": "1 to 20", "length_30": "30", "length_50": "50", "length_100": "100"} | {
    "length_200": "200",
    "length_500": "500",
}
HINTED: Final = {"uniform": "uniform, and as many successor hints", "windows": "windows, and as many successor hints"}

ELSEWHERE: Final = (
    "algorithms/mode",
    "algorithms/parity_scratchpad",
    "algorithms/addition_reversed",
    "algorithms/copy_unique",
    "scan/length",
)
MORE: Final = ("algorithms/count", "algorithms/parity")  # told of where there are rows, and in no grid
SMALL: Final = (
    "decoder_only@jittered:batch_tokens=1024,curve=0,dim=64,heads=2,hidden=128,jitter={},learning_rate=0.003,steps=4000"
)
BY_LENGTH: Final = "scan/length"  # asks one set, of many lengths
AXIS: Final = "length"


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two rows that differ in `factor` alone: the one less the other, on a question set or a length."""

    factor: str
    among: str
    asked: str
    mean: float
    other: float
    seeds: tuple[int, int]
    found: Pair
    whole: bool = True  # of a question set, and no part of one
    adjusted: float = 1.0

    @property
    def verdict(self) -> str:
        """`better` or `worse`, of the one, where it is sure, which takes three seeds of each."""
        if min(self.seeds) < SEEDS:
            return "too few seeds"
        if self.adjusted > LEVEL or not self.found.difference:
            return "not separated"
        return "better" if self.found.difference > 0 else "worse"


class Published:
    """Rows of the splits that are told of: what each submission has there, of the full profile."""

    def __init__(self, results: str) -> None:
        known = registry.catalogue().tasks
        self._splits = {*SORTED.values(), *ELSEWHERE, *MORE}
        cells, scores = tables_of_splits([results], ("cells", "scores"), self._splits)
        self._rows = Rows(cells, scores, evidence_of([results], known))
        self._cost: dict[tuple[str, str], list[float]] = defaultdict(list)
        for row in cells.select(["task", "split", "submission", "profile", "status", "cpu_seconds"]).to_pylist():
            if row["profile"] == "full" and row["status"] == "ok" and row["cpu_seconds"] is not None:
                self._cost[f"{row['task']}/{row['split']}", row["submission"]].append(row["cpu_seconds"])
        self._headlines = headlines(known)
        self._found: dict[str, dict[str, Sides]] = {}

    def of(self, split: str, submission: str) -> Sides | None:
        """A submission on a split; None where no cell of it was graded."""
        if submission not in self._found:
            every = sides(self._rows, submission, self._headlines, self._splits.__contains__)
            self._found[submission] = {
                f"{task}/{name}": own for (task, name, profile), own in every if profile == "full" and own.sets
            }
        return self._found[submission].get(split)

    def cost(self, split: str, submission: str) -> str:
        """CPU seconds of a seed, the mean, in words; nothing where there are no rows."""
        every = self._cost.get((split, submission))
        return seconds(sum(every) / len(every)) if every else ""

    def beside(self, split: str, one: str, other: str, factor: str, among: str) -> Iterator[Contrast]:
        """Two submissions on one split, question by question; of `BY_LENGTH` along its lengths, too."""
        mine, theirs = self.of(split, one), self.of(split, other)
        if mine is None or theirs is None:
            return
        place = ("", split, "full")
        by = AXIS if split == BY_LENGTH else ""
        for each in between(({place: mine}, one), ({place: theirs}, other), by)[0]:
            asked = f"length {each.slice}" if each.axis else each.question_set
            seeds = each.seeds, each.other_seeds
            yield Contrast(factor, among, asked, each.mean, each.other_mean, seeds, each.found, not each.axis)


def across(mine: Sides | None, theirs: Sides | None, factor: str, among: str) -> Iterator[Contrast]:
    """A submission on one split less that on another, as of different questions."""
    if mine is None or theirs is None:
        return
    for name in sorted(mine.sets.keys() & theirs.sets.keys(), key=_order):
        one, other = (_alone(each.sets[name]) for each in (mine, theirs))
        seeds = len(one.values), len(other.values)
        yield Contrast(factor, among, name, one.mean, other.mean, seeds, pair(one, other))


def _alone(side: Side) -> Layout:
    """The layout without which question is which: of two splits none is the other's."""
    return of_values(side.layout.values, side.layout.groups, bounded=side.bounded)


def contrasts(rows: Published) -> list[Contrast]:
    """Every pair of rows that differ in one thing, of those that are there; p adjusted by Holm for their number."""
    found: list[Contrast] = []
    for trained, split in SORTED.items():
        found += rows.beside(split, SORTERS[WITH], SORTERS[WITHOUT], "jitter", f"sorting, {trained}")
    for jitter, submission in SORTERS.items():
        kept = {trained: rows.of(split, submission) for trained, split in SORTED.items()}
        for one, other in (("windows", "uniform"), (HINTED["windows"], HINTED["uniform"])):
            also = ", with hints" if one in HINTED.values() else ""
            found += across(kept[one], kept[other], "windows", f"sorting, jitter {jitter}{also}")
        for one, hinted in HINTED.items():
            found += across(kept[hinted], kept[one], "hint", f"sorting, {one}, jitter {jitter}, equal steps")
    for one, hinted in HINTED.items():
        longer, plain = rows.of(SORTED[hinted], LONGER), rows.of(SORTED[one], SORTERS[WITH])
        found += across(longer, plain, "hint", f"sorting, {one}, jitter {WITH}, as many looks at rows that sort")
    for split in (*ELSEWHERE, *MORE):
        found += rows.beside(split, SMALL.format(WITH), SMALL.format(WITHOUT), "jitter", split)
    whole = iter(holm([one.found.p for one in found if one.whole]))
    return [replace(one, adjusted=next(whole) if one.whole else one.found.p) for one in found]


def told(results: str) -> str:
    """The part of docs/jitter.md that is made of rows."""
    rows = Published(results)
    found = contrasts(rows)
    return "\n".join(
        [
            *_words(found),
            "## Sorting, trained on at most 20 integers",
            "",
            "Exact match by the length asked, mean over seeds and 95 % interval.",
            "",
            *_reached(rows),
            "",
            "What one change does, all else equal:",
            "",
            *_changes([one for one in found if one.among.startswith("sorting")]),
            "",
            "## Jitter elsewhere",
            "",
            *_elsewhere(rows, found),
            "",
        ]
    )


def picture(results: str) -> str:
    """Exact match of sorting by the length asked, a line for what was trained on and whether with jitter, as SVG."""
    rows = Published(results)
    there = {
        (trained, jitter): rows.of(split, submission)
        for trained, split in SORTED.items()
        for jitter, submission in SORTERS.items()
    }
    points = [
        {"length": ASKED[name], "value": side.layout.mean, "rows": trained, "jitter": jitter}
        for (trained, jitter), own in there.items()
        if own is not None
        for name, side in own.sets.items()
    ]
    spec = {
        "width": 460,
        "height": 260,
        "title": "Sorting, trained on at most 20 integers",
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "length",
                "type": "quantitative",
                "title": "integers",
                "scale": {"type": "log", "nice": False},
                "axis": {"values": list(ASKED.values()), "grid": False},
            },
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": "exact match",
                "scale": {"domain": [0, 1]},
            },
            "color": {
                "field": "rows",
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(SORTED), "range": list(HUES[: len(SORTED)])},
                "legend": {"labelLimit": 400},
            },
            "strokeDash": {
                "field": "jitter",
                "type": "nominal",
                "title": "jitter up to",
                "scale": {"domain": [WITHOUT, WITH], "range": [[4, 4], [1, 0]]},
            },
        },
    }
    return drawn(together([spec], ["means over the seeds that are there; the first point is of lengths 1 to 20"]))


FACTORS: Final = {
    "windows": "**Windows of values** instead of uniform rows",
    "jitter": "**Jitter** of up to 1.4 instead of none",
    "hint": "**The successor hint** beside the rows that sort, instead of these alone",
}


def _words(found: Sequence[Contrast]) -> Iterator[str]:
    """A line for each factor: on how many question sets it is surely better, and where."""
    yield "## In short"
    yield ""
    for factor, words in FACTORS.items():
        own = [one for one in found if one.factor == factor and one.whole]
        parts = [f"{len(own)} question sets compared"]
        gain, loss = (pick(own, key=lambda one: one.found.difference, default=None) for pick in (max, min))
        if gain is not None and gain.found.difference > 0:
            parts.append(f"the largest gain {_place(gain)}")
        if loss is not None and loss.found.difference < 0:
            parts.append(f"the largest loss {_place(loss)}")
        for verdict in ("better", "worse"):
            sure = [one for one in own if one.verdict == verdict]
            parts.append(f"surely {verdict} on {len(sure)}" + (f" ({_places(sure)})" if sure else ""))
        for verdict, says in (
            ("not separated", "not separated on"),
            ("too few seeds", "with fewer than three seeds of either, so none is called sure, on"),
        ):
            if count := sum(one.verdict == verdict for one in own):
                parts.append(f"{says} {count}")
        yield f"- {words}: {'; '.join(parts)}."
    yield ""


def _place(one: Contrast) -> str:
    seeds = "" if min(one.seeds) >= SEEDS else f", seeds {_seeds(one.seeds)}"
    return f"{one.found.difference:+.3f} ({one.among}, `{one.asked}`{seeds})"


def _places(sure: Sequence[Contrast]) -> str:
    places: dict[str, list[str]] = {}
    for one in sure:
        places.setdefault(one.among, []).append(f"`{one.asked}` {one.found.difference:+.3f}")
    return "; ".join(f"{among}: {', '.join(asked)}" for among, asked in places.items())


def _reached(rows: Published) -> Iterator[str]:
    yield from _head(("rows", "jitter", "seeds", *LENGTHS.values(), "CPU seconds a seed"))
    for trained, split in SORTED.items():
        asked = [(trained, jitter, submission) for jitter, submission in SORTERS.items()]
        asked += [(f"{trained}, 21,600 steps", WITH, LONGER)] if trained in HINTED.values() else []
        for words, jitter, submission in asked:
            yield _line([words, jitter, *_means(rows.of(split, submission)), rows.cost(split, submission)])


def _means(own: Sides | None) -> list[str]:
    if own is None:
        return ["0", *[NOTHING] * len(LENGTHS)]
    seeds = max(len(side.seeds) for side in own.sets.values())
    return [str(seeds), *(_mean(own.sets.get(name)) for name in LENGTHS)]


def _mean(side: Side | None) -> str:
    if side is None:
        return NOTHING
    low, high = interval(side.layout, bounded=side.bounded)
    return f"{side.layout.mean:.3f} ({low:.3f} to {high:.3f})"


def _changes(found: Sequence[Contrast]) -> Iterator[str]:
    yield from _head(("change", "among", "seeds", *LENGTHS.values()))
    groups: dict[tuple[str, str], dict[str, Contrast]] = {}
    for one in found:
        groups.setdefault((one.factor, one.among.removeprefix("sorting, ")), {})[one.asked] = one
    for (factor, among), by in groups.items():
        seeds = next(iter(by.values())).seeds
        yield _line([factor, among, _seeds(seeds), *(_difference(by.get(name)) for name in LENGTHS)])


def _difference(one: Contrast | None) -> str:
    if one is None:
        return NOTHING
    low, high = max(-1.0, one.found.low), min(1.0, one.found.high)
    told = f"{one.found.difference:+.3f} ({low:.3f} to {high:.3f})"
    return f"**{told}**" if one.verdict in {"better", "worse"} else told


def _elsewhere(rows: Published, found: Sequence[Contrast]) -> Iterator[str]:
    costs = ("CPU seconds a seed, 1.0", "1.4")
    yield from _head(("split", "asked", "seeds", "jitter 1.0", "jitter 1.4", "difference", "verdict", *costs))
    for split in (*ELSEWHERE, *MORE):
        own = {jitter: rows.of(split, SMALL.format(jitter)) for jitter in (WITHOUT, WITH)}
        alike = {one.asked: one for one in found if one.among == split}
        cost = [rows.cost(split, SMALL.format(jitter)) for jitter in own]
        names = dict.fromkeys(name for each in own.values() if each for name in each.sets)
        if not names and split in ELSEWHERE:
            yield _line([f"`{split}`", "", "0", NOTHING, NOTHING, "", "", *cost])
        for name in sorted(names, key=_order):
            both = [_mean(each.sets.get(name)) if each else NOTHING for each in own.values()]
            yield _line([f"`{split}`", f"`{name}`", *_rest(both, alike.get(name), own), *cost])
            cost = ["", ""]
        lengths = [one for one in alike.values() if not one.whole]
        for one in sorted(lengths, key=lambda each: by_number(each.asked.removeprefix("length "))):
            yield _line([f"`{split}`", one.asked, *_rest([f"{one.other:.3f}", f"{one.mean:.3f}"], one, own), *cost])


def _rest(both: list[str], one: Contrast | None, own: Mapping[str, Sides | None]) -> list[str]:
    if one is None:
        seeds = max(len(side.seeds) for each in own.values() if each for side in each.sets.values())
        return [str(seeds), *both, "", ""]
    return [_seeds(one.seeds), *both, _difference(one), one.verdict]


def _order(name: str) -> tuple[bool, int, str]:
    digits = "".join(filter(str.isdigit, name))
    return name != "id", int(digits or 0), name


def _seeds(seeds: tuple[int, int]) -> str:
    return str(seeds[0]) if seeds[0] == seeds[1] else f"{seeds[0]} and {seeds[1]}"


def _head(names: Sequence[str]) -> Iterator[str]:
    yield _line(names)
    yield _line(["---"] * len(names))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
