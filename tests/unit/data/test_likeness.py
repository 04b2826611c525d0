"""How like an official file generated rows are, as `genbench data verify` says it."""

import pytest

from genbench.cli import main
from genbench.data import sources
from genbench.data.sources import Likeness


@pytest.mark.parametrize(
    ("p", "status", "detail"),
    [(0.03, "alike", ""), (2.5e-5, "differs", "data/train.tsv: its shares are others, p = 2.5e-05")],
)
def test_shares_are_alike_unless_a_difference_as_large_hardly_comes_by_chance(p, status, detail):
    found = sources.judge("made", Likeness("nouns", 1200, 31.25, 12, p, "data/train.tsv"))

    assert (found.status, found.detail, found.ordered) == (status, detail, None)
    assert found.digest == f"chi-square 31.2, 12 degrees of freedom, p = {p:.3f}"


def test_data_verify_prints_a_line_for_each_thing_compared(reference, monkeypatch, capsys):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))

    code = main(["data", "verify", "cogs/generated"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[-1] == f"0 equal, 0 differs, 0 absent, {len(lines) - 2} alike"
    assert any("kind of matrix clause" in line and line.endswith("alike") for line in lines)


def test_the_page_on_the_generator_holds_what_data_verify_prints(reference, monkeypatch, capsys, request):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    page = (request.config.rootpath / "docs" / "cogs_generator.md").read_text(encoding="utf-8")

    main(["data", "verify", "cogs/generated"])

    assert capsys.readouterr().out.strip() in page
