"""A cluster as a person describes it, and the executor that it makes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.evaluation.cell import Executor

CLUSTERS: Final = ("slurm", "ray")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where cells run elsewhere.

    `address` is of Slurm `slurm` (also without one) or `local`, which runs its jobs on this machine; of Ray it is
    HOST:PORT, `auto`, or `local`, a cluster that is started on this machine. `inside` is the wall around each cell
    there. `options` are those of sbatch, such as `partition=gpu`, or of Ray `accelerator_type`, `scheduling_strategy`
    and `wait`, for how many seconds a node that can hold a cell is waited for.
    """

    address: str | None = None
    inside: Literal["process", "sandbox"] = "process"
    options: tuple[str, ...] = ()

    def executor(self, name: str, jobs: int | None) -> Executor:
        """The executor of that name. Raises `Unavailable` where it cannot be had, `BadValue` for what was described."""
        if name == "ray":
            from genbench.evaluation.executors.on_ray import Ray

            return Ray(self.address, jobs, self.inside, self._named("ray, which are spelled wait=600"))
        from genbench.evaluation.executors.on_slurm import Slurm

        if self.address not in {None, "slurm", "local"}:
            raise BadValue(f"the address is {self.address!r}; of slurm it is slurm, or local for jobs on this machine")
        return Slurm(
            self.address or "slurm", jobs, self.inside, self._named("Slurm; one is spelled as sbatch's, partition=gpu")
        )

    def _named(self, whose: str) -> Mapping[str, str]:
        found = {}
        for option in self.options:
            if not re.fullmatch(r"[a-z][a-z_]*=.+", option):
                raise BadValue(f"{option!r} is no option of {whose}")
            key, _, value = option.partition("=")
            found[key] = value
        return found


HERE: Final = Cluster()
