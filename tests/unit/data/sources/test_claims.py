"""What is said of data and official files, as `genbench data verify` says it."""

import hashlib

import pytest

from genbench.cli import main
from genbench.data import sources
from genbench.data.sources import Claim, Likeness

CONTENT = b"one\ntwo\nthree\n"
PATH = "data/numbers.txt"


@pytest.mark.usefixtures("cache")
def test_a_claim_in_official_order_is_held_against_the_pin_alone(source):
    right = sources.compare("small", Claim("train", 3, CONTENT, source(), PATH))
    wrong = sources.compare("small", Claim("train", 3, b"two\none\nthree\n", source(), PATH))

    assert (right.status, right.digest) == ("equal", hashlib.sha256(CONTENT).hexdigest())
    assert (wrong.status, wrong.detail) == ("differs", f"{PATH}: official {hashlib.sha256(CONTENT).hexdigest()}")


@pytest.mark.parametrize(
    ("content", "status"), [(b"two\nthree\none\n", "equal"), (b"two\ntwo\nthree\none\n", "differs")]
)
def test_a_claim_in_its_own_order_is_held_against_the_lines_and_their_repeats(provided, content, status, source, put):
    put(provided / "Toy" / PATH, CONTENT)

    verdict = sources.compare("small", Claim("train", 3, content, source(), PATH, ordered=False))

    assert verdict.status == status


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
