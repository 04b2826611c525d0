"""Names, globs, folders and addresses as typed, and the splits, submissions and grids that they stand for."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, cast

from genbench import cards
from genbench.cards import Address
from genbench.cards.idle import why_idle
from genbench.errors import BadValue, UnknownName, nearest
from genbench.registry.finding import grids
from genbench.registry.folders import folder_hint, folder_of, is_folder, is_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from genbench.cards import GridCard, SplitCard, SubmissionCard, TaskCard
    from genbench.registry.finding import Catalogue


@dataclass(frozen=True, slots=True)
class ChosenSplit:
    """A split to evaluate, with the parameters given by hand on top of its card's.

    `salted` is what labels call the secret that its data are drawn from, empty where they are the public ones, and
    `drawn_from` the seed which that secret gives: None where nobody has told it.
    """

    task: TaskCard
    split: SplitCard
    given: Mapping[str, cards.Value]
    salted: str = ""
    drawn_from: int | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """`length`, or `addition:corruption=0.5` where parameters were given; a secret draw is named as one is."""
        return Address(self.split.name, "", {**self.given, **({cards.SALT: self.salted} if self.salted else {})}).label

    @property
    def params(self) -> dict[str, cards.Value]:
        """The parameters the split is built with."""
        return cards.overridden(self.split.params, self.given, f"{self.task.name}/{self.split.name}")

    @property
    def counted(self) -> dict[str, cards.Value]:
        """Those of them that name its cells."""
        return cards.counted(self.params, self.task.neutral, self.given)


@dataclass(frozen=True, slots=True)
class ChosenSubmission:
    """A submission to evaluate: its card, a variant of it or none, and parameters given by hand."""

    card: SubmissionCard
    variant: str
    given: Mapping[str, cards.Value]

    @property
    def label(self) -> str:
        """`mlp`, `mlp@decay5`, `mlp:hidden=128`."""
        return Address(self.card.name, self.variant, self.given).label

    def counted(self, settings: Mapping[str, cards.Value]) -> dict[str, cards.Value]:
        """Those of its parameters `settings` that name a cell."""
        return cards.counted(settings, self.card.neutral, self.given)


def typed_address(text: str) -> Address:
    """An address as typed; the path of a folder that is there is that path, whatever '@' and ':' it holds."""
    folder = folder_of(text)
    return Address(text) if folder is not None and is_there(folder) else cards.address(text)


def spread(texts: Sequence[str]) -> list[str]:
    """Each address as typed, one that holds lists of values as all that it names; a folder's path is left alone."""
    return [one for text in texts for one in (cards.spread(text) if not is_folder(text) else [text])]


def choose_splits(patterns: Sequence[str], found: Catalogue, *, typed_now: bool = True) -> list[ChosenSplit]:
    """The splits that `patterns` name, in the catalogue's order, each once.

    A pattern is `task/split`, a glob (`scan/*`, `*`), a task (`scan`: all its splits), a folder (`./mytask`, or
    `./mytask/split`), each with `:key=value,...` behind it or not, where `key=value|value` names a split for each
    value. Raises `UnknownName` where nothing matches, and `BadValue` for a parameter that does nothing in any split
    matched, unless it is part of a sweep or the names are those of rows that are there (not `typed_now`).
    """
    chosen: dict[tuple[str, str], ChosenSplit] = {}
    swept = len(patterns) > 1 or any("|" in one for one in patterns) or not typed_now
    for pattern in spread(patterns):
        typed = typed_address(pattern)
        if typed.variant:
            raise BadValue(f"{pattern!r}: a split has no variants; parameters are written as {typed.name}:key=value")
        given, salted = cards.draw_of(typed.given)
        matched = list(_matching(typed.name, found))
        if not matched:
            every = [f"{task.name}/{split}" for task in found.tasks.values() for split in task.splits]
            broken = _broken(typed.name.split("/")[0], found)
            hint = broken or folder_hint(typed.name) or nearest(typed.name, [*every, *found.tasks])
            raise UnknownName(f"no split matches {typed.name!r}{hint}")
        for task, split in matched:
            one = ChosenSplit(task, split, given, salted)
            cards.overridden(split.params, given, f"{task.name}/{split.name}")
            other = chosen.setdefault((task.name, one.label), one)
            _same_folder(f"{task.name}/{one.label}", task.folder, other.task.folder)
        if not swept:
            _refuse_idle([ChosenSplit(task, split, given) for task, split in matched])
    return list(chosen.values())


def split_called(label: str, task: TaskCard) -> ChosenSplit:
    """The split of a task that rows call `label`. Raises `UnknownName` and `BadValue`."""
    typed = cards.address(label)
    given, salted = cards.draw_of(typed.given)
    return ChosenSplit(task, task.split(typed.name), given, salted)


def _refuse_idle(matched: Sequence[ChosenSplit]) -> None:
    """Raise `BadValue` where a given parameter does nothing in any of the splits."""
    first = matched[0]
    for name, value in first.given.items():
        why = [why_idle(one.task.idle, name, one.split.name, one.params) for one in matched]
        if all(why):
            raise BadValue(
                f"{first.task.name}/{first.label}: parameter {name!r} does nothing {why[0]}; leave "
                f"{name}={cards.spell(value)} away, which may stand in a list of values and in a grid"
            )


def _matching(name: str, found: Catalogue) -> Iterable[tuple[TaskCard, SplitCard]]:
    folder = folder_of(name)
    if folder is not None:
        split = "*"
        if not is_there(folder, cards.FILE) and is_there(folder.parent, cards.FILE):
            folder, split = folder.parent, folder.name
        task = cast("TaskCard", cards.read(folder.resolve(), "task"))
        return [(task, one) for one in task.splits.values() if fnmatchcase(one.name, split)]
    task_pattern, slash, split_pattern = name.partition("/")
    return [
        (task, split)
        for task in found.tasks.values()
        for split in task.splits.values()
        if (fnmatchcase(task.name, task_pattern) and (not slash or fnmatchcase(split.name, split_pattern)))
        or fnmatchcase(f"{task.name}/{split.name}", name)
    ]


def choose_submissions(texts: Sequence[str], found: Catalogue) -> list[ChosenSubmission]:
    """The submissions that `texts` name, in the order typed, each once.

    A text is a name, a glob, a folder (`./mine`), each with `@variant` and `:key=value,...` behind it or not;
    `name@*` takes every variant, and `key=value|value` a submission for each value. Raises `UnknownName` with a hint.
    """
    chosen: dict[str, ChosenSubmission] = {}
    for text in spread(texts):
        typed = typed_address(text)
        folder = folder_of(typed.name)
        if folder is not None:
            matched = [cast("SubmissionCard", cards.read(folder.resolve(), "submission"))]
        else:
            matched = [card for card in found.submissions.values() if fnmatchcase(card.name, typed.name)]
        if not matched:
            broken = _broken(typed.name, found)
            hint = broken or folder_hint(typed.name) or nearest(typed.name, found.submissions)
            raise UnknownName(f"no submission is called {typed.name!r}{hint}")
        for card in matched:
            variants = [name for name in card.variants if fnmatchcase(name, typed.variant)] if typed.variant else [""]
            if not variants:
                raise UnknownName(
                    f"{card.name} has no variant {typed.variant!r}{nearest(typed.variant, card.variants)}"
                )
            for variant in variants:
                one = ChosenSubmission(card, variant, typed.given)
                card.settings("*", "full", variant, typed.given)  # refuse unknown parameters before anything runs
                other = chosen.setdefault(one.label, one)
                _same_folder(one.label, card.folder, other.card.folder)
    return list(chosen.values())


def _broken(name: str, found: Catalogue) -> str:
    """Where a card of that folder name exists but has faults, its faults: they are why the name is not known."""
    for fault in found.faults:
        if Path(fault.where).parent.name == name:
            return f"; its card has faults:\n{fault}"
    return ""


def _same_folder(label: str, one: Path, other: Path) -> None:
    """Refuse two contributions under one name: their rows could not be told apart."""
    if one.resolve() != other.resolve():
        raise BadValue(f"{label!r} names two folders, {other} and {one}; give one of their cards another name")


def default_splits(found: Catalogue) -> list[ChosenSplit]:
    """The splits of the default quick run: embedded, and marked quick on the card of a task that is part of it."""
    return [
        ChosenSplit(task, split, {})
        for task in found.tasks.values()
        for split in task.splits.values()
        if task.default and split.quick and split.embedded
    ]


def quick_splits(chosen: Sequence[ChosenSplit]) -> list[ChosenSplit]:
    """Of each task's chosen splits, those its card marks quick; where it marks none of them, the embedded ones."""
    marked = {one.task.name for one in chosen if one.split.quick}
    return [one for one in chosen if (one.split.quick if one.task.name in marked else one.split.embedded)]


def default_submissions(found: Catalogue) -> list[ChosenSubmission]:
    """The submissions of the default run."""
    return [ChosenSubmission(card, "", {}) for card in found.submissions.values() if card.default]


def choose_grid(text: str) -> GridCard:
    """The grid of that name, or in the file of that path. Raises `UnknownName` with a hint."""
    path = folder_of(text)
    if path is None:
        known = {one.stem: one for one in grids()}
        if text not in known:
            raise UnknownName(
                f"there is no grid {text!r}{nearest(text, known)}; a file is named by path: ./{text}.toml"
            )
        path = known[text]
    return cards.read_grid(path)
