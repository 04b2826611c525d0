"""The papers that cards name: which papers a card's words name."""

import pytest

from genbench.report import named_papers as papers


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Kim & Linzen 2020, arXiv:2010.05465", ["Kim & Linzen 2020, arXiv:2010.05465"]),
        ("after Ong & Veličković 2022, arXiv:2212.08541; sizes are ours", ["Ong & Veličković 2022, arXiv:2212.08541"]),
        (
            "Lake & Baroni 2018,\narXiv:1711.00350; mcd splits: Keysers et al. 2020, arXiv:1912.09713",
            ["Lake & Baroni 2018, arXiv:1711.00350", "Keysers et al. 2020, arXiv:1912.09713"],
        ),
        (
            "after Shaw et al. 2021, arXiv:2010.12725 (grammar induction), Nye et al. 2020, arXiv:2003.05562 (rules)",
            ["Shaw et al. 2021, arXiv:2010.12725", "Nye et al. 2020, arXiv:2003.05562"],
        ),
        ("Hoerl & Kennard 1970, Ridge Regression: Biased", ["Hoerl & Kennard 1970, Ridge Regression: Biased"]),
        ("evaluated as by Udandarao et al. 2024, arXiv:2404.04125", ["Udandarao et al. 2024, arXiv:2404.04125"]),
        ("", []),
    ],
)
def test_each_paper_is_told_by_authors_and_year(text, titles):
    assert [paper.title for paper in papers.named(text, {})] == titles


def test_a_paper_is_one_whoever_names_it():
    found = {}
    first = papers.named("Lake & Baroni 2018, arXiv:1711.00350", found)
    again = papers.named("commands of Lake & Baroni 2018, arXiv:1711.00350", found)

    assert first == again
    assert len(found) == 1
