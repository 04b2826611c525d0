"""What a task says of its data and official files, and whether that holds: equal, alike, or recomputed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from genbench.data.sources.files import read

if TYPE_CHECKING:
    from genbench.data.sources.pins import Source

AGREES: Final = 1e-6  # of a figure recomputed: the largest difference that counts as none
LEAST_P: Final = 1e-4  # of a likeness: some hundred tests of one set all pass by chance 99 times of 100


@dataclass(frozen=True, slots=True)
class Claim:
    """That a subset equals an official file: the subset's `rows`, written as that file is (`content`).

    Where `ordered` is false the rows stand in an order of their own, and the lines are compared sorted.
    """

    subset: str
    rows: int
    content: bytes
    source: Source
    path: str
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like an official file generated rows are in one respect, by a chi-square test of homogeneity.

    `what` was counted `counted` times; `p` is the chance of a statistic as large where both have the same shares.
    """

    what: str
    counted: int
    statistic: float
    freedom: int
    p: float
    path: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim. `digest` is the sha256 of what the task built: of its lines sorted, if `ordered` is not.

    `detail` says what differs, or what is absent. Of a likeness, `subset` is what was counted, `rows` how often, and
    `ordered` null, for there is no order to compare; `digest` is the test.
    """

    split: str
    subset: str
    rows: int
    ordered: bool | None
    digest: str
    status: Literal["equal", "alike", "differs", "absent"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A published figure, or a curve of them, computed anew from the data under it.

    `difference` is the largest of all its numbers, infinite where they cannot be compared; `wanted` says that whoever
    made the reference found that the data give the figure. `detail` says what differs most.
    """

    name: str
    wanted: bool
    difference: float
    detail: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the figure came out, to within `AGREES`."""
        return self.difference <= AGREES


def judge(split: str, found: Likeness) -> Verdict:
    """A likeness as a verdict: alike, unless a difference as large hardly comes by chance."""
    test = f"chi-square {found.statistic:.1f}, {found.freedom} degrees of freedom, p = {found.p:.3f}"
    detail = "" if found.p >= LEAST_P else f"{found.path}: its shares are others, p = {found.p:.2g}"
    return Verdict(split, found.what, found.counted, None, test, "differs" if detail else "alike", detail)


def compare(split: str, claim: Claim) -> Verdict:
    """Hold a claim against the official file: its pinned sha256 where rows are in the official order, else its lines.

    Raises `SourceAbsent` and `SourceFault` where the file is needed and cannot be had.
    """
    if claim.ordered:
        built, wanted = hashlib.sha256(claim.content).hexdigest(), claim.source.files[claim.path]
    else:
        built, wanted = _sorted_digest(claim.content), _sorted_digest(read(claim.source, claim.path))
    detail = "" if built == wanted else f"{claim.path}: official {wanted}"
    return Verdict(
        split, claim.subset, claim.rows, claim.ordered, built, "equal" if built == wanted else "differs", detail
    )


def _sorted_digest(content: bytes) -> str:
    """As `LC_ALL=C sort FILE | sha256sum` gives it."""
    return hashlib.sha256(b"".join(sorted(content.splitlines(keepends=True)))).hexdigest()
