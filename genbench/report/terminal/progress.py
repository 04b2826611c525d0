"""How far an evaluation is: a bar with the time left on a terminal, a line a cell elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from genbench import strangers
from genbench.errors import StoreFault

if TYPE_CHECKING:
    from typing import Self

    from genbench.evaluation.run import Event, SplitFault
    from genbench.report.output import Output
    from genbench.rows.store import Store


class Progress:
    """A bar with time left on a terminal; a line a cell elsewhere; where less is to be said, only what went wrong."""

    def __init__(self, total: int, output: Output | None = None) -> None:
        self.total, self.count, self.bar, self.quiet = total, 0, cast("Any", None), output is not None and output.quiet

    def __enter__(self) -> Self:
        if sys.stderr.isatty() and not self.quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar
            from rich.progress import TimeRemainingColumn as Left

            columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("left"), Left())
            self.bar = Bar(TextColumn("{task.description}"), *columns, console=Console(stderr=True))
            self.bar.start()
            self.task = self.bar.add_task("cells", total=self.total)
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def show(self, event: Event) -> None:
        """Count one event and print its line."""
        from genbench.evaluation.run import Done, Unsupplied

        if isinstance(event, Done):
            self.count += 1
            line = f"{event.status:<13} {event.cell.label}"
            line += f"  {event.seconds:.1f} s" if event.status != "kept" else ""
            line += f"  {event.detail}" if event.detail else ""
        elif isinstance(event, Unsupplied):
            self.count += event.cells
            line = f"unavailable   {event.submission}  {event.message}"
        else:
            self.count += event.cells
            name = f"{event.split.task.name}/{event.split.label}: "
            line = f"error         {name}{event.message.removeprefix(name)}"
        if self.quiet and isinstance(event, Done) and event.status in {"ok", "kept"}:
            return
        if self.bar is None:
            print(f"[{self.count}/{self.total}] {strangers.plain(line)}", file=sys.stderr, flush=True)
            return
        self.bar.update(self.task, completed=self.count)
        if not isinstance(event, Done) or event.status != "kept":
            self.bar.console.print(strangers.plain(line), markup=False, highlight=False, soft_wrap=True)


def keep_log(store: Store, fault: SplitFault, output: Output) -> None:
    """Keep a task's own traceback beside the results and say where."""
    if not fault.log:
        return
    try:
        path = store.keep_log(f"{fault.split.task.name}-{fault.split.split.name}", fault.log)
    except StoreFault as second:
        output.warn(f"error: {second}")
    else:
        output.warn(f"its traceback is in {path}")
