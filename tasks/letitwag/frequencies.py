"""How often classes occur in pretraining corpora.

It is read from `let_it_wag/classes.parquet` under `GENBENCH_DATA`: a row for each class, a column
`freq_{corpus}_{search}` for each corpus and way to search it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from genbench import sources
from genbench.errors import BadData, BadValue, SourceAbsent, SourceFault, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

TABLE: Final = "let_it_wag/classes.parquet"  # under GENBENCH_DATA
CLASSES: Final = 290
SUFFIXES: Final = ("_bird", "_flowers", "_aircraft", "_food")  # of folders; no part of a class's name
GROUPS: Final = ("tail", "torso", "head")  # the lower, middle and upper third of the classes by frequency
SHOWN: Final = 5  # names in a message, of many


def class_name(name: str) -> str:
    """A class's name without what its folder's name adds.

    >>> class_name("Acadian_Flycatcher_bird")
    'Acadian_Flycatcher'
    """
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def frequencies(corpus: str, search: str) -> dict[str, int]:
    """How often each class occurs in a corpus, by its name.

    Raises `SourceAbsent` where there is no table, `SourceFault` for one that cannot be read, `BadValue` for a corpus or
    search that it lacks.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = sources.data_folder()
    path = None if folder is None else folder / TABLE
    if path is None or not path.is_file():
        looked = "GENBENCH_DATA is not set" if folder is None else f"there is no {path}"
        raise SourceAbsent(
            f"the frequencies of the classes are not at hand: {looked}\n"
            f"  {TABLE} under GENBENCH_DATA holds a row for each class: class, freq_{corpus}_{search}, ..."
        )
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as fault:
        raise SourceFault(f"{path}: not readable as Parquet: {str(fault).splitlines()[0]}") from None
    wanted = f"freq_{corpus}_{search}"
    known = [name.removeprefix("freq_").replace("_", "/", 1) for name in table.column_names if name.startswith("freq_")]
    if "class" not in table.column_names:
        raise SourceFault(f"{path}: there is no column 'class'; columns: {', '.join(table.column_names):.300}")
    if wanted not in table.column_names:
        raise BadValue(
            f"letitwag: {path} has no frequencies by corpus={corpus}, search={search}"
            f"{nearest(f'{corpus}/{search}', known)}; it has {', '.join(known)}"
        )
    names, counts = table.column("class").to_pylist(), table.column(wanted).to_pylist()
    for name, count in zip(names, counts, strict=True):
        if not isinstance(count, int) or count < 0:
            raise SourceFault(f"{path}: {wanted} of {name!r} is {count!r}; it must be a count, 0 or more")
    if len(set(names)) != len(names):
        raise SourceFault(f"{path}: {len(names) - len(set(names))} classes stand twice in the column 'class'")
    return dict(zip(names, counts, strict=True))


def counted(names: Sequence[str], counts: Mapping[str, int]) -> list[int]:
    """The frequency of each class, in the order of the labels. Raises `BadData`, naming classes missing and unknown."""
    own = [class_name(name) for name in names]
    lacking = [name for name in own if name not in counts]
    surplus = sorted(set(counts) - set(own))
    if lacking or len(own) != CLASSES:
        what = [(lacking, "classes of the images that it lacks"), (surplus, "classes that the images lack")]
        told = "; ".join(
            f"{len(found)} {text}: {', '.join(found[:SHOWN])}" + (", ..." if len(found) > SHOWN else "")
            for found, text in what
            if found
        )
        raise BadData(f"letitwag: the images have {len(own)} of {CLASSES} classes; {TABLE} does not fit them: {told}")
    return [counts[name] for name in own]


def thirds(counts: Sequence[int]) -> np.ndarray:
    """The group of each class, a position in `GROUPS`: of the classes in order of frequency, the third it falls in.

    Classes that are equally frequent fall in one group, that of the rarest of them, so the groups may differ in size:
    where 225 of 290 classes have the count 0, all of them are tail.

    >>> thirds([0, 0, 0, 5, 9, 70]).tolist()
    [0, 0, 0, 1, 2, 2]
    """
    import numpy as np

    order = np.sort(counts)
    rank = np.searchsorted(order, counts, side="left")  # of the first that is as frequent
    return np.asarray(rank * len(GROUPS) // len(counts))
