"""Which cells have a reach, and why the others have none."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from genbench.analysis.lengths.over_seeds import Reach, reach
from genbench.analysis.lengths.readings import AXIS, BESIDE, METRIC, Reading, measured
from genbench.analysis.newest import current_data, newest_rows
from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa


def reaches(
    cells: pa.Table, scores: pa.Table, wanted: Callable[[str, str], bool], axis: str = AXIS
) -> tuple[list[Reach], list[str]]:
    """The reach of each submission of which `wanted(task/split, submission)` holds, and a line for each cell left out.

    Of cells run again the newest counts, also where it failed; cells on an older edition of the questions are left out.
    Ordered by split, profile and submission. Raises `BadValue` where none is left.
    """
    newest = newest_rows(cells, ["data_fingerprint"], wanted)
    names = ["task", "split", "submission", "profile", "seed"]
    if not newest:
        raise BadValue("no cell of these results matches; `genbench list results` names them")
    current = current_data(
        ((row["task"], row["split"], row["profile"]), row["started"], row["data_fingerprint"]) for row in newest
    )
    keys = {row["cell"] for row in newest}
    shares, familiar = measured(scores, keys, axis, METRIC)
    others = {metric: measured(scores, keys, axis, metric)[0] for metric in BESIDE}

    lacking, single = f"no axis {axis!r} with numbers and graded by {METRIC}", f"one {axis} is asked only"
    groups: dict[tuple[str, ...], list[Reading]] = defaultdict(list)
    failed: Counter[tuple[str, ...]] = Counter()
    left_out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in sorted(newest, key=lambda row: [row[name] for name in names]):
        who = (row["task"], row["split"], row["submission"], row["profile"], axis)
        by_length = shares.get(row["cell"], {})
        data = current[row["task"], row["split"], row["profile"]]
        why = _why_not(row, data) or (lacking if not by_length else "" if len(by_length) > 1 else single)
        if why:
            failed[who] += row["status"] != "ok"
            who_failed = "" if why == lacking else row["submission"]  # a split that lacks the axis lacks it for all
            left_out[who_failed, why].add(f"{row['task']}/{row['split']}")
            continue
        lengths = sorted(by_length)
        groups[who].append(
            Reading(
                **{name: row[name] for name in names},
                cell=row["cell"],
                axis=axis,
                lengths=tuple(lengths),
                shares=tuple(by_length[length][0] for length in lengths),
                counts=tuple(by_length[length][1] for length in lengths),
                familiar=familiar.get(row["cell"]),
                beside={
                    metric: tuple(found[row["cell"]][length][0] for length in lengths)
                    for metric, found in others.items()
                    if found.get(row["cell"], {}).keys() == by_length.keys()
                },
            )
        )
    lines = [
        f"{who} on {', '.join(sorted(where))}: {why}" if who else f"{', '.join(sorted(where))}: {why}"
        for (who, why), where in sorted(left_out.items())
    ]
    if not groups:
        known = set(scores["axis"].unique().to_pylist()) - {""}
        near = "" if axis in known else nearest(axis, known)
        raise BadValue("\n  ".join([f"no accuracy by {axis!r} can be told{near}", *lines]))
    found = [reach(own, failed[who]) for who, own in groups.items()]
    return sorted(found, key=lambda one: [one.readings[0].who[place] for place in (0, 1, 3, 2)]), lines


def _why_not(row: Mapping[str, Any], data: str) -> str:
    """Why a cell does not count, whatever its split; empty where it does."""
    if row["status"] != "ok":
        return f"seed {row['seed']} ended with {row['status']}"
    return "" if row["data_fingerprint"] == data else f"seed {row['seed']} answered an older edition of the questions"
