"""Where a verb's words go: tables to standard output in the form that was asked, everything else so that they parse."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from genbench import strangers
from genbench.report import forms, latex

if TYPE_CHECKING:
    from genbench.report.forms import Form
    from genbench.report.tables import Table


@dataclass(frozen=True, slots=True)
class Output:
    """The form of tables, and how much is said beside them.

    What is no table goes to standard error unless the form is `terminal`, so that standard output parses. `quiet`
    leaves it out; warnings stay. `verbose` adds what was done and how long it took.
    """

    form: Form = "terminal"
    quiet: bool = False
    verbose: bool = False
    began: float = field(default_factory=monotonic)

    @property
    def for_people(self) -> bool:
        """Whether a person reads it on a terminal or in a pipe, and not a script."""
        return self.form == "terminal"

    def show(self, *tables: Table) -> None:
        """Print the tables. A verb calls this once: JSON is one object."""
        if self.form == "json":
            text = forms.as_json(tables)
        elif self.form == "csv":
            text = forms.as_csv(tables)
        elif self.form == "markdown":
            text = forms.as_markdown(tables)
        elif self.form == "latex":
            text = latex.as_latex(tables)
        else:
            text = forms.as_text(tables, width=terminal_width(), coloured=in_colour())
        print(text, end="", flush=True)

    def say(self, text: str) -> None:
        """Say what is no table: where a file was written, how many there were."""
        if not self.quiet:
            print(strangers.plain(text), file=sys.stdout if self.for_people else sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """Say on standard error what was left out and why."""
        if not self.quiet:
            print(strangers.plain(text), file=sys.stderr, flush=True)

    def warn(self, text: str) -> None:
        """Say what a reader must not miss, on standard error."""
        print(strangers.plain(text), file=sys.stderr, flush=True)

    def tell(self, text: str) -> None:
        """Say what only somebody who asked for more wants to know, with the seconds since the start."""
        if self.verbose:
            print(f"[{monotonic() - self.began:.1f} s] {strangers.plain(text)}", file=sys.stderr, flush=True)


def terminal_width() -> int | None:
    """Characters of a line where a person looks on; None for a pipe or a file, whose lines are never wrapped."""
    import shutil

    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else None


def in_colour() -> bool:
    """Whether text may be coloured: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
