"""The pages of what analyses draw."""

import json
import re

from genbench.analysis import grokking
from genbench.analysis.grokking import Course
from genbench.analysis.lengths import Reading, reach
from genbench.analysis.published import Against
from genbench.analysis.published.other_test_sets import Both


def reached(submission, shares):
    cell = ("toy", "echo", submission, "full", "length", 0, "c", (1.0, 20.0, 500.0), shares, (50, 50, 50))
    return reach([Reading(*cell, 20)])


def settled(share):
    course = Course(
        task="toy", split=f"echo:share={share}", submission="mlp", profile="full", seed=0, cell=f"{share}",
        params={"share": share, "corruption": 0.1}, steps=(1, 10), train=(0.0, 1.0), test=(0.0, 1.0),
        memorized=(0.0, 0.5), recovered=(None, None),
    )  # fmt: skip
    (only,) = grokking.summaries([course])
    return only


def test_each_analysis_with_something_to_show_has_a_page(pages, full, a_standing, a_board, tmp_path, outline):
    models = tuple(Both(f"m{at}", "web", at / 10, at / 12) for at in range(10))
    pair = Against("toy", "echo", "test", "top_1", "ImageNet", "Paper", "table 1", "https://x", "stated", models)
    hardness = {
        ("toy", f"s{at}"): [{"question_set": "test", "kind": "ood", "measure": "compound_divergence", "value": at / 10}]
        for at in range(5)
    }
    hardness = {where: [row | {"why": None} for row in rows] for where, rows in hardness.items()}
    board = a_board(*full.standings, *(a_standing(split=f"s{at}", mean=1 - at / 10) for at in range(5)))

    found = pages(
        board,
        reaches=[reached("gru", (1.0, 1.0, 0.95)), reached("lstm", (1.0, 0.4, 0.0))],
        courses={"rows": [settled(0.3), settled(0.5)], "rows/apart": [settled(0.7)]},
        hardness=hardness,
        against=[pair],
    )

    assert {name for name in found if name.startswith("analyses/")} == {
        f"analyses/{name}.html" for name in ("index", "lengths", "phases", "difficulty", "replay")
    }
    assert "500+" in found["analyses/lengths.html"]
    assert 'data-v="Infinity"' in found["analyses/lengths.html"]
    assert all(not outline(page).open for page in found.values())
    assert found["analyses/phases.html"].count('<tr data-name="mlp">') == 2  # one setting is no diagram
    phases = (tmp_path / "new" / "data" / "analyses" / "phases.charts.js").read_text()
    told = json.loads(phases.partition(",")[2].removesuffix(");\n"))
    assert [one.get("own", False) for one in told.values()] == [False, True, True]
    script = (tmp_path / "new" / "data" / "analyses" / "difficulty.charts.js").read_text()
    (told,) = json.loads(script.partition(",")[2].removesuffix(");\n")).values()
    assert [dict(zip(told["columns"], row, strict=True))["x"] for row in told["rows"]] == [0.0, 0.1, 0.2, 0.3, 0.4]
    page = found["analyses/difficulty.html"]
    row = re.search(r'<tr data-name="compound_divergence">(.*?)</tr>', page, re.DOTALL)[1]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row) == [*["-1.00", "-1.00 \N{EN DASH} -1.00"] * 2, "5", "5", "1"]


def test_a_board_without_any_has_no_such_page(pages, a_standing, a_board):
    assert not [name for name in pages(a_board(a_standing())) if name.startswith("analyses/")]
