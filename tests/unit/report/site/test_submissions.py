"""The page of a submission: what its card says, where it is strong, its standings and cells, and where all leads."""

import re
from html import unescape
from pathlib import Path

import pytest

from genbench.registry import catalogue
from genbench.report.site.submissions import submissions

FAILED = {"mean": None, "low": None, "high": None, "ranks": None, "seeds": 0, "seed_values": ()}


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.replace("<wbr>", ""))).split())


@pytest.fixture(scope="module")
def cards():
    return catalogue().submissions


def test_a_page_has_the_card_the_standings_and_the_cells(about, written, a_standing, cards):
    rows = [
        a_standing("mlp@decay0"),
        a_standing("chance", mean=0.25, ranks=(2, 2)),
        a_standing("majority", mean=0.3, ranks=(2, 2)),
    ]

    page = written(submissions, about(*rows, cards=cards))["submissions/mlp@decay0.html"]

    told = text_of(page)
    card = cards["mlp"]
    for words in (
        card.title,
        " ".join(card.about.split())[:60],
        f"Here: {card.variants['decay0'].about}",
        "trained from scratch",
        "parameters 1,000 trained at most",
        "toy/echo test out of distribution 0.812 0.750 \N{EN DASH} 0.875 1 of 3 0.300 +0.512",
        "toy/echo 2 10.5 1.00 20.0 1 1k 1e+12 AMD EPYC, 2 cores, 16.0 GiB, Linux",
        "genbench evaluate mlp@decay0 --task toy/echo --profile full --seeds 2",
        "Strongest against the median toy/echo, test +0.512",
        "hidden=64",
    ):
        assert words in told
    assert 'href="https://github.com/genbench/genbench/tree/main/baselines/mlp"' in page
    assert 'href="https://arxiv.org/abs/2310.13061"' in page
    assert 'href="../provenance/toy/echo.html#mlp@decay0"' in page
    assert 'href="../tasks/toy/echo.html"' in page


def test_every_submission_has_a_page_that_the_table_of_all_leads_to(about, written, a_standing, cards):
    names = ["mlp", "mlp:hidden=3", "../../x", "index", "Mlp", "<b>bold</b>", "chance (without the wall)"]

    files = written(submissions, about(*[a_standing(name) for name in names], cards=cards))

    links = re.findall(r'<a href="\.\./(submissions/[^"]+)">', files["submissions/index.html"])
    assert len(set(links) - {"submissions/index.html"}) == len(names)
    assert set(links) <= files.keys()
    assert not any("<b>bold" in page for page in files.values())


def test_less_is_better_where_the_metric_is_an_error_and_what_failed_has_no_strength(about, written, a_standing):
    error = {"direction": "lower", "metric": "squared_error", "bounded": False, "chance": None}
    rows = [
        a_standing("mlp", mean=2.0, **error),
        a_standing("knn", mean=6.0, **error),
        a_standing("crawler", failed=(("timeout", 2),), **error | FAILED),
    ]

    files = written(submissions, about(*rows))

    assert "4 +2 " in text_of(files["submissions/mlp.html"])
    assert "4 -2 " in text_of(files["submissions/knn.html"])
    crawler = text_of(files["submissions/crawler.html"])
    assert "2 timeout" in crawler
    assert "Strongest" not in crawler


def test_a_card_from_elsewhere_leads_to_no_code_of_ours(about, written, a_standing, cards, tmp_path):
    from dataclasses import replace

    card = replace(cards["mlp"], folder=Path(tmp_path / "baselines" / "mlp"), source="javascript:alert(1)")

    page = written(submissions, about(a_standing("mlp"), cards={"mlp": card}))["submissions/mlp.html"]

    assert "tree/main/baselines" not in page
    assert "javascript:" not in page
