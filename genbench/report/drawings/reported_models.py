"""What others reported as SVG: published models on one test set against another, each a dot that says its name."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from genbench.report.drawings import svg
from genbench.report.drawings.frame import HIGH, LETTER, LINE, MARGIN, WIDE, Frame
from genbench.report.drawings.svg import HUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.analysis.published import Against, Slope


def draw(one: Against, fits: Mapping[str, Slope | None], border: float) -> str:
    """Published models on one test set against another, with the lines through those below and above the border."""
    frame = Frame(MARGIN, 2 * LINE + HIGH, (0.0, 100.0), (0.0, 100.0))
    parts = frame.drawn(f"{one.task}/{one.split}, {one.question_set}, reported", f"{one.other}, %", f"{one.metric}, %")
    parts += [svg.text(frame.x(at), frame.bottom + LINE, f"{at}", anchor="middle") for at in (0, 25, 50, 75, 100)]
    parts.append(svg.line([(frame.x(0), frame.y(0)), (frame.x(100), frame.y(100))], "#999", "4 4"))
    y = frame.bottom + 4 * LINE
    for colour, (name, fit) in zip(HUES, fits.items(), strict=False):
        if fit is None:
            continue
        own = [model.other for model in one.models if (model.other < border) == (name == "below")]
        ends = [(frame.x(100 * x), frame.y(100 * (fit.slope * x + fit.intercept))) for x in (min(own), max(own))]
        line = f"slope {fit.slope:.4f}, intercept {100 * fit.intercept:.2f} ({fit.models} models)"
        parts += [
            svg.line(ends, colour, ""),
            svg.line([(frame.left, y - 4), (frame.left + 24, y - 4)], colour, ""),
            svg.text(frame.left + 30, y, f"{name} {100 * border:g} %: {line}"),
        ]
        y += LINE
    for model in one.models:
        x, at = frame.x(100 * model.other), frame.y(100 * model.value)
        says = f"{model.model}, {model.pretraining}: {100 * model.value:.1f} % against {100 * model.other:.1f} %"
        dot = f'<circle cx="{x:.1f}" cy="{at:.1f}" r="3.5" fill="#fff" stroke="#111">'
        parts.append(f"{dot}<title>{escape(says)}</title></circle>")
    foot = f"{len(one.models)} models; {one.paper} ({one.status}); dashed: as good on both"
    parts.append(svg.text(frame.left, y, foot))
    return svg.drawing(max(MARGIN + WIDE, MARGIN + LETTER * len(foot)) + MARGIN // 2, round(y) + LINE, parts)
