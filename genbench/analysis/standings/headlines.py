"""What a card says that a standing rests on: the headline metric, its direction, and chance."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from genbench.cards import UNSEEN
from genbench.cards.addresses import address, draw_of
from genbench.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from genbench.cards import Direction, SplitCard, TaskCard, Value

Where = tuple[str, str]  # task, split
ANY: Final = (-math.inf, math.inf)  # ends of a metric of which none are known


@dataclass(frozen=True, slots=True)
class Headline:
    """What a card says about one split and a standing rests on.

    `chance`, `floor`, `bayes` and `kinds` are by question set, `chance_along` by axis and slice; `axes` in the card's
    order; `bounded` says that the metric lies in [0, 1] for each question, so that questions contribute a Wilson
    interval; `ends` are the least and the largest value that it may have. `title` is the task's and `about` the
    split's, for a page to show. `transductive` says that questions may stand, without their targets, in a table beside
    train. `cluster` is the axis whose values were drawn, `strata` that whose values are all there are; `bimodal` says
    that seeds part into two; `split` is the card that all this is of; `learners` are submissions that learn of the
    questions during fit.
    """

    metric: str
    direction: Direction = "higher"
    chance: Mapping[str, float] = field(default_factory=dict)
    chance_along: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    axes: tuple[str, ...] = ()
    bounded: bool = True
    title: str = ""
    about: str = ""
    transductive: bool = False
    learners: frozenset[str] = frozenset()
    ends: tuple[float, float] = ANY
    floor: Mapping[str, float] = field(default_factory=dict)
    bayes: Mapping[str, float] = field(default_factory=dict)
    cluster: str = ""
    strata: str = ""
    bimodal: bool = False
    split: SplitCard | None = None
    data: str = ""  # the fingerprint of its data, where the card declares one
    deterministic: frozenset[str] = frozenset()  # submissions that say that seeds do not matter
    neutral: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)  # by submission, as their cards have it
    reviewed: frozenset[str] | None = None  # submissions whose code reviewers read; None where nobody says

    def under(self, label: str) -> Headline:
        """The facts under the parameters of `label` (`addition:p=113`): levels are those told as expressions.

        A secret draw (`up_to_20:salt=...`) is of the same distribution: its levels are the card's, its data are not.
        """
        given, salted = draw_of(address(label).given)
        if salted and not given:
            return replace(self, data="")
        bare = replace(self, chance={}, floor={}, bayes={}, chance_along={}, data="")
        if self.split is None:
            return bare
        chance, floor, bayes = (self.split.levels(name, given) for name in ("chance", "floor", "bayes"))
        return replace(bare, chance=chance, floor=floor, bayes=bayes)


def headline(card: TaskCard, split: SplitCard, *, bounded: bool = True, ends: tuple[float, float] = ANY) -> Headline:
    """The facts of a split's card that its standings rest on; `bounded` and `ends` are the metric's to say."""
    return Headline(
        metric=card.headline,
        direction=card.direction,
        chance=split.levels("chance"),
        floor=split.levels("floor"),
        bayes=split.levels("bayes"),
        chance_along=card.chance_along,
        kinds={name: question.kind for name, question in split.questions.items()},
        axes=split.axes,
        bounded=bounded,
        title=card.title,
        about=split.about,
        transductive=split.transductive,
        ends=ends,
        cluster=card.cluster_of(split),
        strata=card.strata_of(split),
        bimodal=card.bimodal_of(split),
        split=split,
        data="" if split.fingerprint == UNSEEN else split.fingerprint,
    )


class Facts:
    """The headline of every split: its card's, or what can be said without one."""

    def __init__(self, headlines: Mapping[str, Headline], graded: pa.Table) -> None:
        self._known = headlines
        self._told: dict[Where, Headline] = {}  # rows ask for them by the hundred thousand
        self._metrics: dict[Where, str] = {}
        for row in (
            graded.select(["task", "split", "metric"]).group_by(["task", "split", "metric"]).aggregate([]).to_pylist()
        ):
            where = (row["task"], row["split"])
            self._metrics[where] = min(row["metric"], self._metrics.get(where, row["metric"]))

    def of(self, where: Where) -> Headline:
        """The facts of `where`. Overridden parameters (`addition:p=113`) keep the metric, and what is an expression."""
        if where not in self._told:
            self._told[where] = self._of(where)
        return self._told[where]

    def _of(self, where: Where) -> Headline:
        task, split = where
        if (own := self._known.get(f"{task}/{split}")) is not None:
            return own
        if (card := self._known.get(f"{task}/{split.partition(':')[0]}")) is not None:
            return card.under(split)
        name = self._metrics.get(where, "")
        known = metrics.METRICS.get(name)
        return Headline(metric=name, direction="lower" if known is not None and known.lower else "higher")
