"""What a split asks, as a person reads it: questions in words and drawn, where the data are at hand.

A results folder keeps targets and answers, and not what was asked; that is built again by the split's task. Nothing is
fetched for it: a page says where official files are not here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from genbench.cards.entries import first_line
from genbench.data import sources
from genbench.errors import GenbenchError
from genbench.report.exports.texts import short
from genbench.report.terminal.examples import brief, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from genbench.cards import TaskCard
    from genbench.evaluation.build import Built
    from genbench.registry import ChosenSplit

ANSWER: Final = "-> "  # how a line begins in which a task says the right answer in words
LETTERS: Final = 300  # of a question, a target
SAID: Final = 2400  # letters of what a task says of an example
MUCH: Final = 10  # times the card's own is the largest number in a row's name that data are built for
SIDE: Final = 240  # pixels of a drawing
KEPT: Final = 2  # splits that are held at once


@dataclass(frozen=True, slots=True)
class Example:
    """A row in words: the subset it is of, what is asked, the target, axes, what its task says of it, and its drawing.

    `drawing` is PNG; empty where there is none, as `said` is.
    """

    subset: str
    asked: str
    target: str
    slices: tuple[tuple[str, str], ...] = ()
    said: str = ""
    drawing: bytes = b""


@dataclass
class Split:
    """A split whose data are at hand."""

    chosen: ChosenSplit
    built: Built
    tables: Mapping[str, Any]

    def question(self, number: int) -> str:
        """What the question with this id asks; empty where there is none."""
        asked, targets = self.built.problem.questions, self.built.targets
        if not 0 <= number < asked.num_rows:
            return ""
        (row,) = asked.slice(number, 1).to_pylist()  # ids are positions
        row[self.chosen.task.target] = targets.target[number].as_py()  # some tasks tell of it, too
        return self._asked(row, self._said(row))

    def examples(self, subset: str, count: int) -> Iterator[Example]:
        """Some rows of train or of a question set, spread over it."""
        table = self.tables[subset]
        count = min(count, table.num_rows)
        for at in range(count):
            (row,) = table.slice((2 * at + 1) * table.num_rows // (2 * count), 1).to_pylist()
            said = self._said(row)
            yield Example(
                subset,
                self._asked(row, said),
                self._target(row, said),
                tuple((axis, short(str(row[axis]), 80)) for axis in self.chosen.split.axes if axis in row),
                said[:SAID],
                self._drawing(row),
            )

    def sheet(self) -> bytes:
        """Images of train and of each question set on one contact sheet, as PNG; empty where inputs hold none."""
        from genbench.report.drawings.png import ACROSS, Strip, sheet

        if "image" not in self.chosen.task.inputs.values() or self._draw is None:
            return b""
        strips = []
        for name, table in self.tables.items():
            count = min(2 * ACROSS, table.num_rows)
            if not count:  # of what is asked without training
                continue
            ordered = table.sort_by(self.chosen.task.target)
            places = [(2 * at + 1) * table.num_rows // (2 * count) for at in range(count)]
            drawings = tuple(self._draw(row) for row in ordered.take(places).to_pylist())
            strips.append(Strip(f"{name}: {count} of {table.num_rows:,}, by target", drawings))
        return _png(sheet(f"{self.chosen.task.name}/{self.chosen.label}", strips))

    def _asked(self, row: Mapping[str, Any], said: str) -> str:
        """The inputs; where no person reads them, the first line of what the task says of them."""
        kinds = {name: kind for name, kind in self.chosen.task.inputs.items() if kind != "image"}
        if not kinds:
            return ""
        if said and "string" not in kinds.values():
            return short(said.partition("\n")[0], LETTERS)
        named = [(name, short(brief(row[name]), LETTERS)) for name in kinds]
        return named[0][1] if len(named) == 1 else ", ".join(f"{name} {text}" for name, text in named)

    def _target(self, row: Mapping[str, Any], said: str) -> str:
        """The target; before it the answer in words, where the second line that the task says of the row is that."""
        told = short(brief(row[self.chosen.task.target]), LETTERS)
        _, _, rest = said.partition("\n")
        words = short(rest.partition("\n")[0].removeprefix(ANSWER), LETTERS) if rest.startswith(ANSWER) else ""
        return f"{words} ({told})" if words else told

    def _said(self, row: Mapping[str, Any]) -> str:
        if self._describe is None:
            return ""
        try:
            return plain(str(self._describe(row, self.chosen.params)))
        except Exception as fault:  # noqa: BLE001 - a task's own code, of which the page says that it fails
            return f"describe raised {type(fault).__name__}: {first_line(fault)}"

    @cached_property
    def _describe(self) -> Callable[..., str] | None:
        from genbench.cards import entries

        task = self.chosen.task
        return entries.load_entry(task.folder, task.describe) if task.describe else None

    @cached_property
    def _draw(self) -> Callable[[Mapping[str, Any]], Any] | None:
        from genbench.report.drawings import examples

        task = self.chosen.task
        return examples.drawer(self.chosen) if task.draw or "image" in task.inputs.values() else None

    def _drawing(self, row: Mapping[str, Any]) -> bytes:
        if self._draw is None:
            return b""
        try:
            drawn = self._draw(row)
        except Exception:  # noqa: BLE001 - likewise; the words beside it are there
            return b""
        scale = max(1, SIDE // max(drawn.size))
        return _png(drawn.resize((drawn.width * scale, drawn.height * scale), resample=0))


@dataclass
class AtHand:
    """Splits by task and label; what was built last is held, for the pages of one split are made one after another."""

    known: Mapping[str, TaskCard]
    held: dict[tuple[str, str], Split | str] = field(default_factory=dict)

    def split(self, task: str, label: str) -> Split | str:
        """The split, or why its data are not at hand, in one line."""
        where = task, label
        if where not in self.held:
            while len(self.held) >= KEPT:
                del self.held[next(iter(self.held))]
            self.held[where] = self._built(task, label)
        return self.held[where]

    def answered(self, task: str, label: str, data: str) -> Split | None:
        """The split, where its data are those with this fingerprint, whose questions rows have answered by id."""
        found = self.split(task, label)
        return found if isinstance(found, Split) and found.built.fingerprint == data else None

    def mark(self, task: str, label: str) -> object:
        """What tells apart whether, and which, data of a split are at hand; nothing is built for it."""
        card = self.known.get(task)
        split = None if card is None else card.splits.get(label.partition(":")[0])
        if card is None or split is None:
            return None
        return card.data_seed, split.fingerprint, () if split.embedded else sources.around(card.folder)

    def _built(self, task: str, label: str) -> Split | str:
        from genbench import registry
        from genbench.evaluation import build

        name = f"{task}/{label}"
        if task not in self.known:
            return f"there is no task {task!r} here, so what it asks cannot be shown"
        try:
            found = registry.Catalogue({task: self.known[task]})
            (chosen,) = registry.choose_splits([name], found, typed_now=False)
            if told := _too_much(chosen):
                return f"{told}, which is not built for a page; `genbench show {name}` shows what is asked"
            with sources.offline():
                data = build.load(chosen)
                built = build.severed(chosen, data)
        except (GenbenchError, MemoryError) as fault:
            return (
                f"its data are not at hand: {short(str(fault).splitlines()[0] if str(fault) else 'no memory', LETTERS)}"
            )
        return Split(chosen, built, {"train": data.train, **data.questions})


def _too_much(chosen: ChosenSplit) -> str:
    """Which number in a row's name would have more built than a page is worth; rows may say what they like."""
    for name, value in chosen.given.items():
        own = chosen.split.params.get(name)
        large = isinstance(own, (int, float)) and isinstance(value, (int, float))
        if large and abs(value) > MUCH * max(1, abs(own)):  # type: ignore[arg-type]
            return f"{name} is {value}"
    return ""


def _png(drawn: Any) -> bytes:
    buffer = io.BytesIO()
    drawn.convert("RGB").quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
