"""What can go wrong, as a tree; the command line prints these as one message and exits with 2.

    GenbenchError
    |- BadCard              a card.toml with faults: all of them at once
    |- BadValue             an argument or parameter outside its range
    |- UnknownName          no such task, split, submission, metric, slice
    |- BadData              a task built data that its card does not describe
    |- EntryFault           a contribution's entry does not import or lacks a method
    |  `- MetricFault       a task's own metric that fails, or gives what is no mark
    |- SubmissionFault      what a submission returned cannot be graded
    |- Unavailable          what submissions need of this machine and it has not: all of it at once
    |- BadPredictions       a predictions file that does not answer the questions
    |- SourceFault          an official file that is not what was pinned
    |  `- SourceAbsent      one that cannot be had: not in GENBENCH_DATA, not in the cache, no network
    |- StoreFault           results that cannot be written or read

A fault of a submission inside a running cell is not raised through the evaluator: it becomes that cell's row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class GenbenchError(Exception):
    """Root of the tree: a message for a person, never a bug of the engine."""


class BadCard(GenbenchError):
    """A card with one or more faults, named by file and key."""

    def __init__(self, where: str, faults: Sequence[str]) -> None:
        self.where = where
        self.faults = tuple(faults)
        super().__init__("\n  ".join([f"{where}:", *self.faults]))


class BadValue(GenbenchError):
    """A value of the wrong type or outside its range; the message says which is right."""


class UnknownName(GenbenchError):
    """A name that nothing answers to; the message holds the nearest ones."""


class BadData(GenbenchError):
    """Data that differ from what the card declares (columns, sizes, fingerprint)."""


class EntryFault(GenbenchError):
    """An entry point that cannot be loaded; `log` keeps the contribution's own traceback."""

    def __init__(self, message: str, log: str = "") -> None:
        self.log = log
        super().__init__(message)


class MetricFault(EntryFault):
    """A task's own metric raised, or gave what is no mark: the task's fault, never a submission's."""


class SubmissionFault(GenbenchError):
    """Answers that cannot be graded: too few, repeated, unknown, ill-typed."""


class Unavailable(GenbenchError):
    """What submissions need of this machine that cannot be had, packages, variables or files; all of it at once."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n  ".join(["nothing was run, for this cannot be had:", *dict.fromkeys(self.faults)]))


class BadPredictions(GenbenchError):
    """A predictions file with wrong columns, ids or values."""


class SourceFault(GenbenchError):
    """An official file whose sha256 is not the pinned one, or that cannot be read."""


class SourceAbsent(SourceFault):
    """An official file that cannot be had here; the message says how to provide it."""


class StoreFault(GenbenchError):
    """Results that could not be written or read; what was written before stays whole."""


LONG = 200  # characters of a name that is compared with those there are


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known: `; did you mean 'x'?`, or the names there are.

    >>> nearest("lenght", ["length", "simple"])
    "; did you mean 'length'?"
    """
    import difflib

    names = sorted(known)
    close = difflib.get_close_matches(name[:LONG], names, n=1, cutoff=0.6)  # of more it would take minutes
    if close:
        return f"; did you mean {close[0]!r}?"
    if not names:
        return ""
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return f"; there is {shown}"
