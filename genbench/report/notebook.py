"""How far an evaluation is, in a notebook: a bar, and a line for each cell that failed."""

from __future__ import annotations

import sys
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

    from genbench.evaluation.run import Event


def is_here() -> bool:
    """Whether this process is the kernel of a notebook, which shows HTML."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class Progress:
    """A bar that is drawn anew as each cell ends."""

    def __init__(self, total: int) -> None:
        self.total, self.count, self.last = total, 0, ""
        self.failed: list[str] = []
        self.shown: Any = None

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(self, *_: object) -> None:
        self.last = ""
        self._draw()

    def show(self, event: Event) -> None:
        """Count one event and draw the bar."""
        from genbench.evaluation.run import Done, Unsupplied

        if isinstance(event, Done):
            self.count += 1
            self.last = event.cell.label
            if event.status not in {"ok", "kept"}:
                self.failed.append(f"{event.status}  {event.cell.label}  {event.detail}")
        elif isinstance(event, Unsupplied):
            self.count += event.cells
            self.failed.append(f"unavailable  {event.submission}  {event.message}")
        else:
            self.count += event.cells
            self.failed.append(f"error  {event.message}")
        self._draw()

    def html(self) -> str:
        """What is shown: names and details are text, never markup."""
        bar = f'<progress value="{self.count}" max="{max(1, self.total)}"></progress>'
        lines = "".join(f"<div>{escape(line)}</div>" for line in self.failed)
        return f"<div>{bar} {self.count} of {self.total} cells {escape(self.last)}</div>{lines}"

    def _draw(self) -> None:
        from importlib import import_module

        display: Any = import_module("IPython.display")  # a notebook has it; genbench does not ask for it
        drawn = display.HTML(self.html())
        if self.shown is None:
            self.shown = display.display(drawn, display_id=True)
        else:
            self.shown.update(drawn)
