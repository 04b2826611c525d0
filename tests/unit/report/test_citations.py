"""BibTeX of what was reported: each work once, and nothing that would tear the file."""

from types import SimpleNamespace

import pytest

from genbench.report.citations import bibtex, entries

LAKE = "@inproceedings{lake2018,\n  title = {Generalization {without} Systematicity},\n  author = {Lake, Brenden}\n}"


def a_card(name, text):
    return SimpleNamespace(name=name, folder=SimpleNamespace(name=name), bibtex=text)


def test_entries_end_where_their_braces_do_and_what_stands_between_is_left():
    text = f"% of the first table\n{LAKE}\n\n@misc{{other, note={{}}}} trailing"

    assert list(entries(text)) == [("lake2018", LAKE), ("other", "@misc{other, note={}}")]


def test_a_work_of_several_cards_stands_once_and_another_of_its_key_beside_it():
    again = LAKE.replace("Lake, Brenden", "Lake, Brenden M.")
    other = LAKE.replace("without", "with")

    text, faults = bibtex([a_card("a", LAKE), a_card("b", again), a_card("c", other), a_card("d", other)])

    assert text.count("@inproceedings{lake2018,") == 1
    assert text.count("@inproceedings{lake2018a,") == 1
    assert "Brenden M." not in text
    assert faults == []


@pytest.mark.parametrize(
    ("text", "why"), [("@misc{x, title = {a}", "a brace is not closed"), ("Lake 2018", "it has no entry: 'Lake 2018'")]
)
def test_what_is_no_bibtex_is_left_out_and_named(text, why):
    found, faults = bibtex([a_card("broken", text), a_card("whole", LAKE)])

    assert faults == [f"broken: its bibtex is left out: {why}"]
    assert "lake2018" in found
    assert text not in found


def test_genbench_is_cited_as_its_citation_file_says():
    from pathlib import Path

    import yaml

    told = yaml.safe_load((Path(__file__).parents[3] / "CITATION.cff").read_text(encoding="utf-8"))

    text, _ = bibtex([])

    for words in (told["title"], told["version"], told["authors"][0]["name"]):
        assert f"{{{words}}}" in text
