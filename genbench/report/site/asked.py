"""What a split asks, as its page shows it: examples in words and drawn, how difficult it is, and what most miss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from genbench.analysis.difficulty import MEASURES, spelled, unknown
from genbench.report.site.at_hand import Split
from genbench.report.site.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench.report.site.at_hand import AtHand, Example

LEARNED: Final = 2  # examples of train
SETS: Final = 3  # question sets of which there are examples, one of each


def examples(hand: AtHand, task: str, split: str) -> tuple[str, list[Example], bytes]:
    """Why there are none, or nothing; some rows of train and of question sets; and a contact sheet of images."""
    found = hand.split(task, split)
    if not isinstance(found, Split):
        return found, [], b""
    sheet = found.sheet()
    sets = [("train", LEARNED), *((name, 1) for name in list(found.chosen.split.questions)[:SETS])]
    if sheet:
        return "", [], sheet
    return "", [one for name, count in sets if found.tables[name].num_rows for one in found.examples(name, count)], b""


def hardness(rows: Sequence[Mapping[str, Any]]) -> Table | None:
    """What `genbench difficulty` measured of a split: a row for each measure, a column for each question set."""
    asked = [row for row in rows if row["kind"] != "trained"]
    sets = list(dict.fromkeys(row["question_set"] for row in asked))
    known = {(row["measure"], row["question_set"]): row["value"] for row in asked}
    lines = []
    for measure, about in MEASURES.items():
        values = [known.get((measure, name)) for name in sets]
        if any(value is not None for value in values):
            cells = (
                Cell(measure, head=True),
                *(Cell(spelled(measure, value), look="n") for value in values),
                Cell(about),
            )
            lines.append(Row(measure, cells))
    if not lines:
        return None
    reasons = Markup("<br>").join(unknown(asked))
    columns = (
        Column("measure", "measure", "plain"),
        *(Column(f"set-{place}", name, "plain") for place, name in enumerate(sets)),
        Column("about", "what it is", "plain"),
    )
    return Table("difficulty", "difficulty by question set", reasons, columns, tuple(lines), "own")
