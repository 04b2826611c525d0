"""Submissions that are no folder with a card: a class with fit and predict, or a plain function."""

from __future__ import annotations

import inspect
import re
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from genbench.api.covered import covered
from genbench.cards import SubmissionCard
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from genbench.evaluation.cell import Context

_NAME: Final = re.compile(r"\w[\w.+-]*")
_BUDGET: Final = MappingProxyType({"quick": 300.0, "full": 3600.0})  # a card's own defaults; here none is enforced


@dataclass(frozen=True, slots=True)
class Given:
    """A class or function as a submission: its card, what makes one of it, and the files that stand for its code."""

    card: SubmissionCard
    make: Callable[[Context], Any]
    files: Mapping[str, str]


def given(thing: Any, name: str | None, taken: Collection[str]) -> Given:
    """`thing` as a submission under `name`, or else its own name.

    Its key covers its code as far as that can be read (`covered`); where not all of it can, a mark that is another each
    time makes its cells run again. Raises `BadValue` for what is neither a class with fit and predict nor a plain
    function, for one that has no name, and for a name that is `taken`.
    """
    if isinstance(thing, type):
        for method in ("fit", "predict"):
            if not callable(getattr(thing, method, None)):
                raise BadValue(f"{thing.__name__} has no method {method!r}; a submission has fit and predict")
        make: Callable[[Context], Any] = thing
    elif isinstance(thing, FunctionType):
        _check_arguments(thing)
        make = _Plain.of(thing)
    elif hasattr(thing, "fit") and hasattr(thing, "predict"):
        kind = type(thing).__name__
        raise BadValue(f"an instance of {kind} was given; give the class {kind} itself, for each cell makes its own")
    else:
        raise BadValue(
            f"a submission is {thing!r}; it must be a name, a folder's path, a class with fit and predict, "
            "or a function of train and questions"
        )
    own = name or thing.__name__
    if name is None and own == "<lambda>":
        raise BadValue("a lambda has no name for its rows; give one: name='...'")
    if not _NAME.fullmatch(own):
        raise BadValue(f"{own!r} is no name for results; letters, digits, '_', '-', '+' and '.' make one")
    if own in taken:
        raise BadValue(f"{own!r} is the name of another submission; give this one another: name='...'")
    seen = covered(thing)
    files = {"source.py": seen.text} | ({} if seen.whole else {"unseen": uuid.uuid4().hex})
    return Given(_card(own, thing, _distributions(seen.modules)), make, files)


class _Plain:
    """A plain function as a submission: fit keeps the training data, predict hands them over with the questions."""

    function: Callable[[Any, Any], Any]

    def __init__(self, _context: Context) -> None:
        self.train: Any = None

    @staticmethod
    def of(function: Callable[[Any, Any], Any]) -> type[_Plain]:
        return type("Plain", (_Plain,), {"function": staticmethod(function)})

    def fit(self, train: Any, _validation: Any) -> None:
        self.train = train

    def predict(self, questions: Any) -> Any:
        return self.function(self.train, questions)


def _check_arguments(function: FunctionType) -> None:
    try:
        inspect.signature(function).bind("train", "questions")
    except TypeError:
        raise BadValue(
            f"{function.__name__}{inspect.signature(function)} cannot be called as "
            f"{function.__name__}(train, questions), which a plain function is"
        ) from None


def _card(name: str, thing: Any, libraries: tuple[str, ...]) -> SubmissionCard:
    """The card of something without one. It takes whatever it is asked; its folder is made when it is run."""
    return SubmissionCard(
        folder=Path(tempfile.gettempdir()) / f"genbench-given-{uuid.uuid4().hex}",
        name=name,
        title=name,
        entry=f"source:{thing.__name__}",
        about=inspect.getdoc(thing) or "",
        authors="",
        license="",
        source="",
        paper="",
        bibtex="",
        default=False,
        tasks=("*",),
        accepts_inputs=(),
        accepts_target=(),
        needs="cpu",
        threads=1,
        memory_gib=8.0,
        libraries=libraries,
        params=MappingProxyType({}),
        budget_seconds=_BUDGET,
        overrides=(),
        variants=MappingProxyType({}),
        zero_shot=True,
    )


def _distributions(modules: Iterable[str]) -> tuple[str, ...]:
    """The packages that modules come from, by the names that they are installed under."""
    names = list(modules)
    if not names:
        return ()
    from importlib.metadata import packages_distributions

    known = packages_distributions()
    return tuple(sorted({package for name in names for package in known.get(name, [name])}))
