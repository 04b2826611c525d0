"""How far a long run is, kept so that it can go on: what was counted, and which input was under way."""

from __future__ import annotations

import collections
import json
import mmap
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

SAVES = 10.0  # seconds between two savings
SAYS = 60.0  # and between two lines
WIDTH = 20  # bytes in which the number of the input under way is written


@dataclass
class Progress:
    """Inputs done, and of each door how many, their CPU seconds and the faults that they ended in."""

    seed: int
    state: Path | None = None
    done: int = 0
    seconds: float = 0.0
    count: collections.Counter[str] = field(default_factory=collections.Counter)
    spent: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: dict[str, set[str]] = field(default_factory=lambda: collections.defaultdict(set))
    deadly: set[int] = field(default_factory=set)

    @classmethod
    def at(cls, state: Path | None, seed: int) -> Progress:
        """The progress that a file holds, or a new one."""
        found = cls(seed, state)
        if state is None or not state.exists():
            return found
        said = json.loads(state.read_text())
        if said["seed"] != seed:
            sys.exit(f"{state} is of a run with --seed {said['seed']}; this one has {seed}")
        found.done, found.seconds = said["done"], said["seconds"]
        found.count.update(said["count"])
        found.spent.update(said["spent"])
        found.faults.update({name: set(ones) for name, ones in said["faults"].items()})
        found.deadly = set(said["deadly"])
        under_way = found._under_way.read_text().strip() if found._under_way.exists() else ""
        if under_way:
            found.deadly.add(int(under_way))
        return found

    @property
    def _under_way(self) -> Path:
        return Path(f"{self.state}.under-way")

    def __enter__(self) -> Self:
        self._began, self._saved, self._told = time.monotonic() - self.seconds, time.monotonic(), time.monotonic()
        self._map = None
        if self.state is not None:
            self._under_way.write_text(" " * WIDTH)
            with self._under_way.open("r+b") as file:
                self._map = mmap.mmap(file.fileno(), WIDTH)
            self._save()
        return self

    def __exit__(self, *_: object) -> None:
        self._save()
        if self._map is not None:
            self._map.close()
            self._under_way.unlink()

    def begin(self) -> bool:
        """Note which input is under way, where it outlives this process; False for one that ended a process."""
        if self.done in self.deadly:
            return False
        if self._map is not None:
            self._map[:] = f"{self.done:{WIDTH}}".encode()
        return True

    def ended(self, name: str, spent: float, wrong: str) -> bool:
        """Count an input; True where it ended in a fault that its door had not shown before."""
        if self._map is not None:
            self._map[:] = b" " * WIDTH
        new = bool(wrong) and wrong not in self.faults[name]
        if new:
            self.faults[name].add(wrong)
        self.count[name] += 1
        self.spent[name] += spent
        self.done += 1
        now = time.monotonic()
        if now - self._saved > SAVES or new:
            self._saved = now
            self._save()
        if now - self._told > SAYS:
            self._told = now
            so_far = f"{self.done:,} inputs, {self.seconds:,.0f} s, {self._cpu():,.0f} CPU s"
            print(f"{so_far}, {self._total()} faults", flush=True)
        return new

    def _cpu(self) -> float:
        return sum(self.spent.values())

    def _total(self) -> int:
        return sum(map(len, self.faults.values()))

    def _save(self) -> None:
        self.seconds = time.monotonic() - self._began
        if self.state is None:
            return
        said = {
            **{name: getattr(self, name) for name in ("seed", "done", "seconds", "count", "spent")},
            "faults": {name: sorted(ones) for name, ones in self.faults.items() if ones},
            "deadly": sorted(self.deadly),
        }
        new = self.state.with_name(f"{self.state.name}.new")
        new.write_text(json.dumps(said, indent=1))
        new.replace(self.state)

    def table(self) -> str:
        """A line for each door and one for all, in Markdown."""
        head = ["| door | inputs | CPU seconds | tracebacks and hangs |", "| --- | --- | --- | --- |"]
        doors = [
            f"| {name} | {self.count[name]:,} | {self.spent[name]:.0f} | {len(self.faults[name])} |"
            for name in sorted(self.count)
        ]
        whole = f"| all | {self.done:,} | {self._cpu():.0f} | {self._total()} |"
        return "\n".join([*head, *doors, whole, f"\nSeed {self.seed}, {self.seconds:,.0f} seconds."])
