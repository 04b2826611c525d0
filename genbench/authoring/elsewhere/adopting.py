"""A task's folder, card and rows, made of files of Natural Instructions: tasks that are shown, and tasks that are not.

Of each task the first instances may be shown, and of the others as many are asked, spread evenly over them: the
release shows none and asks 100 from the sixtieth on. A question whose instruction and input are shown, or asked
already, is passed over.
"""

from __future__ import annotations

import fnmatch
import re
import shutil
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final, cast

import pyarrow as pa

from genbench import cards
from genbench.authoring import floors, writing
from genbench.authoring.elsewhere import instructions
from genbench.data import tables
from genbench.errors import BadData, BadValue, StoreFault
from genbench.evaluation import build
from genbench.registry import ChosenSplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genbench.authoring.elsewhere.instructions import Instance, Instructed
    from genbench.cards import TaskCard

    Question = tuple[str, str]  # what tells questions apart: instruction and input

TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "instructions"
ROWS: Final = "rows"  # the folder of the tables, beside the card


def adopt(
    files: Path, folder: Path, unseen: Sequence[str], *, shown: int = 60, asked: int = 100, examples: int = 2
) -> list[Path]:
    """Make the folder of a task of a folder of files, and return what was written.

    `unseen` are the names, or patterns of names, of the tasks of which nothing is shown; `shown` instances of each
    other task are training, `asked` are questions of each task, and an instruction has up to `examples` examples of
    either kind. Raises `BadValue` for a name that is malformed and for patterns that leave no task on either side or
    match none, `BadData` for files that are none of either form or have too few instances, `StoreFault` where the
    folder exists or cannot be written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,99}", folder.name):
        form = "lower case letters, digits, '_' and '-', a letter first, at most 100"
        raise BadValue(f"{folder.name!r} is no name for a task: {form}")
    if folder.exists():
        raise StoreFault(f"{folder} exists already; nothing was written")
    tasks = instructions.read(files, examples)
    held = _held(files, tasks, unseen)
    known: set[Question] = set()
    train = [(task, one) for task in tasks if task.name not in held for one in task.instances[:shown]]
    known.update((task.instruction, text) for task, (text, _) in train)
    sets: dict[str, list[tuple[Instructed, Instance]]] = {"seen_tasks": [], "unseen_tasks": []}
    for task in tasks:
        own = [(task, one) for one in chosen(task, shown, asked, known)]
        sets["unseen_tasks" if task.name in held else "seen_tasks"] += own
    found = {"train": table(train), **{name: table(own, told=True) for name, own in sets.items()}}
    return _written(folder, found, files.name, {"seen": len(tasks) - len(held), "unseen": len(held)})


def chosen(task: Instructed, shown: int, asked: int, known: set[Question]) -> list[Instance]:
    """Instances to ask, behind those that are shown; what is asked becomes known. Raises `BadData` for too few."""
    new: dict[str, Instance] = {}
    for text, answers in task.instances[shown:]:
        if (task.instruction, text) not in known:
            new.setdefault(text, (text, answers))
    if len(new) < asked:
        raise BadData(
            f"{task.path}: key 'Instances' has {len(task.instances)}, of which {len(new)} differ from one another and "
            f"from what is shown; it must have {asked} such, behind the first {shown}"
        )
    there = list(new.values())
    taken = [there[at * len(there) // asked] for at in range(asked)]
    known.update((task.instruction, text) for text, _ in taken)
    return taken


def table(rows: Iterable[tuple[Instructed, Instance]], *, told: bool = False) -> pa.Table:
    """Rows as columns; questions carry the name of their task."""
    tasks, instances = zip(*rows, strict=True)
    columns = {
        "instruction": pa.array([task.instruction for task in tasks], pa.string()),
        "text": pa.array([text for text, _ in instances], pa.string()),
        "answers": pa.array([list(answers) for _, answers in instances], pa.list_(pa.string())),
    }
    return pa.table({**columns, "task": pa.array([task.name for task in tasks])} if told else columns)


def _held(files: Path, tasks: Sequence[Instructed], unseen: Sequence[str]) -> set[str]:
    """The names of the tasks of which nothing is shown."""
    names = [task.name for task in tasks]
    for pattern in unseen:
        if not fnmatch.filter(names, pattern):
            raise BadValue(
                f"{files} has no task {pattern!r}; it has {', '.join(names[:5])}{', ...' * (len(names) > 5)}"
            )
    held = {name for pattern in unseen for name in fnmatch.filter(names, pattern)}
    if not held or len(held) == len(names):
        which = "all" if held else "none"
        raise BadValue(f"{which} of the {len(names)} tasks of {files} is unseen; some must be, and some not")
    return held


def _written(folder: Path, found: dict[str, pa.Table], source: str, counts: dict[str, int]) -> list[Path]:
    """The folder: rows, card, module and page; none of it where something fails."""
    words = {"name": folder.name, "source": re.sub(r"[^\w .-]", "_", source), "fingerprint": "sha256:" + "0" * 64}
    words |= {f"{name}_rows": str(own.num_rows) for name, own in found.items()}
    words |= {f"{name}_chance": "0.0" for name in found} | {f"{name}_count": str(own) for name, own in counts.items()}
    try:
        (folder / ROWS).mkdir(parents=True)
    except OSError as fault:
        raise StoreFault(f"{folder} cannot be made: {fault.strerror or fault}; nothing was written") from fault
    try:
        for name, own in found.items():
            writing.write(folder / ROWS / f"{name}.parquet", own)
        _fill_in(folder, words)
        card = cast("TaskCard", cards.read(folder, "task"))
        (split,) = card.splits.values()
        data = build.load_unchecked(ChosenSplit(card, split, {}))
        chance = {
            f"{one.question_set}_chance": f"{one.shuffled or 0:.3f}"
            for one in floors.floors(ChosenSplit(card, split, {}), data)
        }
        _fill_in(folder, words | chance | {"fingerprint": tables.fingerprint(data.subsets())})
    except OSError as fault:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreFault(f"{folder} cannot be written: {fault.strerror or fault}") from fault
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _fill_in(folder: Path, words: dict[str, str]) -> None:
    """Write the templates with these words."""
    for template in sorted(TEMPLATES.iterdir()):
        if template.is_file():
            text = template.read_text(encoding="utf-8")
            filled = text if template.suffix == ".py" else Template(text).substitute(words)
            (folder / template.name).write_text(filled, encoding="utf-8")
