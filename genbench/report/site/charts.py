"""The charts of a page: figures that are drawn when they are seen, and the script with their data beside the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from genbench.report.site.scripts import script
from genbench.report.site.table import parted
from genbench.report.wording import NONE, figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genbench.report.plots.plot import Plot

NUMBERS: Final = 8  # submissions whose numbers stand below a chart
ROWS: Final = 40  # rows of such a table
NOTES: Final = 40  # lines below a chart


def figures(plots: Sequence[Plot], prefix: str = "chart") -> Markup:
    """The figures of some plots; `prefix` and a number are the name of each on its page."""
    return Markup("\n").join(_figure(plot, f"{prefix}-{place}") for place, plot in enumerate(plots))


def data(plots: Sequence[Plot], prefix: str = "chart") -> dict[str, Any]:
    """What the script with the data of some plots holds, by the names of their figures: columns and rows apart."""
    found = {}
    for place, plot in enumerate(plots):
        names = list(dict.fromkeys(name for row in plot.rows for name in row))
        rows = [[_short(row.get(name)) for name in names] for row in plot.rows]
        found[f"{prefix}-{place}"] = {"spec": plot.spec, "columns": names, "rows": rows} | (
            {"own": True} if plot.own else {}
        )
    return found


def beside(path: str, plots: dict[str, Any]) -> dict[str, str]:
    """The script beside a page that holds the data of its charts; none where it has none."""
    return {path: script("charts", plots)} if plots else {}


def _short(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) and value == value and abs(value) < 1e300 else value  # noqa: PLR0124  NaN differs from itself


def _figure(plot: Plot, name: str) -> Markup:
    says = f"{plot.title} {plot.says}"
    notes = Markup("").join(Markup("<li>{}</li>").format(parted(line)) for line in plot.notes[:NOTES])
    return Markup(
        '<figure{} data-chart="{}"><figcaption><b>{}</b> {}</figcaption>'
        '<div class="plot" role="img" aria-label="{}"></div>{}{}</figure>'
    ).format(
        Markup(' class="wide"') if plot.wide else "",
        name,
        parted(plot.title),
        plot.says,
        f"chart: {says}" + (f", of {len(plot.who)} submissions" if plot.who and not plot.own else ""),
        Markup("<details><summary>in words</summary><ul>{}</ul></details>").format(notes) if notes else "",
        _numbers(plot, says),
    )


def _numbers(plot: Plot, says: str) -> Markup:
    """What a chart shows as a table, a row for each value across, a column for each of the first submissions."""
    if not plot.across or not plot.rows:
        return Markup("")
    who = plot.who[:NUMBERS]
    found = {(row[plot.across], row["who"]): row[plot.value] for row in plot.rows}
    across = list(dict.fromkeys(row[plot.across] for row in plot.rows))
    if all(isinstance(one, float) for one in across):
        across.sort()
    head = Markup("").join(Markup('<th scope="col" class="n">{}</th>').format(parted(name)) for name in who)
    body = Markup("\n").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            parted(f"{one:g}" if isinstance(one, float) else str(one)),
            Markup("").join(
                Markup('<td class="n">{}</td>').format(
                    NONE if found.get((one, name)) is None else figure(found[one, name], plot.bounded)
                )
                for name in who
            ),
        )
        for one in across[:ROWS]
    )
    more = f"the first {len(who)} of {len(plot.who)} submissions" if len(plot.who) > len(who) else ""
    return Markup(
        '<details><summary>numbers</summary><div class="scroll" role="region" tabindex="0" aria-label="{}">'
        "<table><thead><tr><td>{}</td>{}</tr></thead><tbody>{}</tbody></table></div></details>"
    ).format(f"numbers: {says}", more, head, body)
