"""Where a number comes from: the cells behind the figures of a split, and what each of these was made as."""

from __future__ import annotations

import json
import math
import shlex
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from genbench.analysis.standings.cells import newest_cells
from genbench.cards import SALT
from genbench.report.exports.texts import short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.analysis.standings import Headline, Standing
    from genbench.analysis.standings.cells import Cell

_WITH_SALT: Final = ("--executor", "sandbox", "--salt", "FILE")
DIGITS: Final = 16  # of a fingerprint; the rows have all of them


@dataclass(frozen=True, slots=True)
class Run:
    """A cell: what it answered on each question set, and where its row lies. `made` and `file` are numbers of lists."""

    seed: int
    status: str
    detail: str
    values: tuple[float | None, ...]
    cell: str
    started: str
    made: int
    code: str
    file: int


@dataclass(frozen=True, slots=True)
class Life:
    """The cells of a submission on a split, what repeats them, its parameters by code, and what else is to be known."""

    split: str
    submission: str
    profile: str
    command: str
    codes: tuple[tuple[str, str], ...]
    runs: tuple[Run, ...]
    superseded: int
    carried: int


@dataclass(slots=True)
class Lives:
    """The lives of a split's figures, and the lists that they number: what cells were made as, and files of rows."""

    sets: tuple[str, ...]
    bounded: bool
    lives: list[Life] = field(default_factory=list)
    made: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def lives(
    standings: Sequence[Standing], cells: Any, headlines: Mapping[str, Headline], files: Mapping[str, str]
) -> Lives:
    """Those of the standings of a split, under all its parameters; `cells` are its CELLS, `files` where each lies."""
    rows = {row["cell"]: row for row in cells.to_pylist()}
    sets = tuple(dict.fromkeys(one.question_set for one in standings if one.question_set))
    values: dict[tuple[str, ...], dict[tuple[str, int], float]] = defaultdict(dict)
    for one in standings:
        values[one.split, one.submission, one.profile] |= {(one.question_set, seed): v for seed, v in one.seed_values}
    found = Lives(sets, all(one.bounded for one in standings))
    together: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in newest_cells(cells, headlines):
        together[cell.split, cell.submission, cell.profile].append(cell)
    made: dict[Any, int] = {}
    places: dict[str, int] = {}
    for who, own in sorted(together.items()):
        found.lives.append(_life(who, own, rows, files, (sets, values[who]), made, places))
    found.made, found.files = list(made), list(places)
    return found


def _life(
    who: tuple[str, str, str],
    own: Sequence[Cell],
    rows: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, str],
    scored: tuple[tuple[str, ...], Mapping[tuple[str, int], float]],
    made: dict[Any, int],
    places: dict[str, int],
) -> Life:
    sets, values = scored
    codes: dict[tuple[str, str], str] = {}
    runs = []
    for cell in own:
        row = rows[cell.cell]
        code = (_print(row["submission_fingerprint"]), _params(row["submission_params"]))
        place = short(files.get(cell.cell, "unknown"))
        runs.append(
            Run(
                seed=cell.seed,
                status=short(cell.status),
                detail=short(row["detail"], 300),
                values=tuple(values.get((name, cell.seed)) for name in sets) if cell.status == "ok" else (),
                cell=short(cell.cell, 24),
                started=f"{cell.started:%Y-%m-%d %H:%M}",
                made=made.setdefault(_made(row), len(made) + 1),
                code=codes.setdefault(code, chr(ord("a") + min(len(codes), 25))),
                file=places.setdefault(place, len(places) + 1),
            )
        )
    seeds = max(cell.seed for cell in own) + 1
    return Life(
        split=who[0],
        submission=who[1],
        profile=who[2],
        command=command(own[0].base, f"{own[0].task}/{who[0]}", who[2], seeds),
        codes=tuple(codes),
        runs=tuple(runs),
        superseded=sum(cell.superseded for cell in own),
        carried=sum(rows[cell.cell]["lineage"] != "[]" for cell in own),
    )


def command(submission: str, split: str, profile: str, seeds: int) -> str:
    """What repeats the cells of a submission on a split, of seeds 0 to `seeds` - 1, as it is typed."""
    words = ["genbench", "evaluate", submission, "--task", split, "--profile", profile]
    given = split.partition(":")[2].split(",")
    secret = any(one.startswith(f"{SALT}=") for one in given)  # who repeats the cells needs the file that holds it
    return shlex.join(map(short, [*words, "--seeds", str(seeds), *(_WITH_SALT if secret else ())]))


def _made(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What cells of a split are made as beside the submission's own code: data, engine, libraries, machine, wall."""
    told = {
        "data": _print(row["data_fingerprint"]),
        "task": _print(row["task_fingerprint"]),
        "parameters of the task": _params(row["task_params"]),
        "edition": str(row["edition"]),
        "versions": _pairs(row["versions"], " "),
        "machine": machine(row["machine"]),
        "device": row["device"],
        "wall": row["sealing"],
    }
    return tuple((name, short(text)) for name, text in told.items() if text)


def machine(text: str) -> str:
    """A machine in words: AMD EPYC, 2 cores, 23.5 GiB, Linux x86_64."""
    found = object_of(text)
    memory = found.get("memory_bytes")
    gib = f"{memory / 2**30:.1f} GiB" if isinstance(memory, (int, float)) and math.isfinite(memory) else ""
    cores = f"{found['cores']} cores" if found.get("cores") else ""
    return short(", ".join(str(one) for one in (found.get("processor"), cores, gib, found.get("system")) if one))


def _print(fingerprint: str) -> str:
    kind, _, digits = fingerprint.rpartition(":")
    return f"{kind}:{digits[:DIGITS]}" if kind else fingerprint[:DIGITS]


def _params(text: str) -> str:
    return _pairs(text, "=")


def _pairs(text: str, between: str) -> str:
    return short(", ".join(f"{name}{between}{value}" for name, value in object_of(text).items()))


def object_of(text: str) -> dict[str, Any]:
    """A JSON object; an empty one where the column holds no such thing."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
