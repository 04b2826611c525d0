"""Which cells there are to run, and which pairs were left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genbench.errors import BadValue
from genbench.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.evaluation.cell import Profile
    from genbench.registry import ChosenSplit, ChosenSubmission


@dataclass(frozen=True, slots=True)
class Cell:
    """A submission on a split with a seed under a profile; `settings` are the submission's parameters there.

    `device` is what it may use; None is what this machine has. `salt` is the digest of the secret by which it is asked
    its questions in an order of its own, if it is.
    """

    split: ChosenSplit
    submission: ChosenSubmission
    seed: int
    profile: Profile
    settings: Mapping[str, Any]
    device: str | None = None
    salt: str = ""

    @property
    def label(self) -> str:
        """`scan/length  transformer  seed 0`."""
        return f"{self.split.task.name}/{self.split.label}  {self.submission.label}  seed {self.seed}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A submission that does not run, by its label: on one split, or on none of those chosen (`split` is empty)."""

    submission: str
    split: str
    why: str
    lacks: str = ""  # what this machine would need to have: "GPU"

    def __str__(self) -> str:
        return f"{self.submission} on {self.split}: {self.why}" if self.split else f"{self.submission}: {self.why}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells to run, grouped by split, and each pair that was left out, with why."""

    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...]

    def by_split(self) -> list[tuple[ChosenSplit, list[Cell]]]:
        """The cells of each split, in the order planned."""
        groups: dict[tuple[str, str], tuple[ChosenSplit, list[Cell]]] = {}
        for cell in self.cells:
            groups.setdefault((cell.split.task.name, cell.split.label), (cell.split, []))[1].append(cell)
        return list(groups.values())


def plan(
    splits: Sequence[ChosenSplit],
    submissions: Sequence[ChosenSubmission],
    seeds_wanted: int | Sequence[int],
    profile: Profile,
    device: str,
) -> Plan:
    """Every submission on every split that it takes, seeds 0 .. seeds_wanted - 1, or those that are listed.

    Raises `BadValue` for fewer than one seed, and where no submission takes any of the splits.
    """
    if isinstance(seeds_wanted, int):
        if seeds_wanted < 1:
            raise BadValue(f"--seeds is {seeds_wanted}; it must be at least 1")
        seeds_wanted = range(seeds_wanted)
    cells: list[Cell] = []
    left_out: list[LeftOut] = []
    for chosen in splits:
        metrics.of_card(chosen.task)
        for submission in submissions:
            name = f"{chosen.task.name}/{chosen.split.name}"
            if not submission.card.takes(chosen.task, chosen.split):
                continue
            if submission.card.needs == "gpu" and device == "cpu":
                left_out.append(LeftOut(submission.label, name, "needs a GPU, and there is none here", "GPU"))
                continue
            settings = submission.card.settings(name, profile, submission.variant, submission.given)
            cells += [Cell(chosen, submission, seed, profile, settings, device) for seed in seeds_wanted]
    idle = [one.label for one in submissions if not any(cell.submission.label == one.label for cell in cells)]
    if not cells and not left_out:
        names = ", ".join(f"{one.task.name}/{one.label}" for one in splits[:5]) + (", ..." if len(splits) > 5 else "")
        if not submissions or not splits:
            raise BadValue(f"nothing to evaluate: no {'split' if submissions else 'submission'} was chosen")
        raise BadValue(f"nothing to evaluate: {names} is not taken by {', '.join(idle)}")
    told = {one.submission for one in left_out}
    left_out += [LeftOut(label, "", "takes none of the chosen splits") for label in idle if label not in told]
    return Plan(tuple(cells), tuple(left_out))
