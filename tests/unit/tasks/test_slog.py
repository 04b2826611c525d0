"""SLOG: the official rows, its forms as trees, and that each kind of question has what training lacks."""

import gzip
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue, SourceFault, UnknownName

FOLDER = Path(__file__).parents[3] / "tasks" / "slog"
GENERATE = sys.modules[load_entry(FOLDER, "generate:questions").__module__]
FORMS = sys.modules[load_entry(FOLDER, "forms:well_formed").__module__]
WHOLE = "freeze ( agent = * girl ( nmod . on = bed ) , theme = boy ( nmod = see ( agent = Mia , theme = boy ) ) )"


@pytest.fixture(scope="module")
def slog(task_module):
    return task_module("slog")


@pytest.fixture(scope="module")
def rows(slog, reference):
    """Of every fifth row of each official file its sentence, its tree and its category."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBENCH_DATA", str(reference))
        tables = {name: slog.official("gen", name) for name in ("train", "dev", "test", "gen")}
    return {
        name: [(row["sentence"], FORMS.read(row["form"]), row["category"]) for row in table.to_pylist()[::5]]
        for name, table in tables.items()
    }


def nodes(tree):
    """Each word of a tree, the role it fills, and the roles above it with how often each stands there."""
    waiting = [(tree, "", Counter())]
    while waiting:
        node, role, nested = waiting.pop()
        yield node, role, nested
        waiting += [(inner, name, nested + Counter([name.split(" .")[0]])) for name, inner in node.roles]


def modified(tree, role, *, clause):
    """Whether a noun that fills `role` has a phrase, or a clause, behind it."""
    wanted = re.compile("nmod" if clause else r"nmod \. .*")
    return any(role == own and any(wanted.fullmatch(name) for name, _ in node.roles) for node, own, _ in nodes(tree))


def deepest(tree, role):
    return max(nested[role] for *_, nested in nodes(tree))


def test_every_official_form_is_a_tree_whose_brackets_match_its_depth(rows):
    assert {name: len(of) for name, of in rows.items()} == {"train": 6551, "dev": 810, "test": 810, "gen": 3400}
    assert all(tree for of in rows.values() for _, tree, _ in of)
    for _, tree, _ in rows["gen"][::20]:
        text = written(tree)
        assert FORMS.depth(text) == max(sum(nested.values()) for *_, nested in nodes(tree))
        assert FORMS.read(text) == tree


def written(tree):
    roles = " , ".join(f"{role} = {written(inner)}" for role, inner in tree.roles)
    return f"{tree.word} ( {roles} )" if roles else tree.word


def test_recursion_is_asked_at_depths_that_training_lacks(rows):
    shown = {role: {deepest(tree, role) for _, tree, _ in rows["train"]} for role in ("ccomp", "nmod")}
    asked = {
        (category, role): {deepest(tree, role) for _, tree, of in rows["gen"] if of == category}
        for category, role in (("CP_3", "ccomp"), ("CP_5-12", "ccomp"), ("PP_3", "nmod"), ("PP_5-12", "nmod"))
    }

    assert shown["ccomp"] == {0, 1, 2, 4}
    assert asked["CP_3", "ccomp"] == {3}
    assert asked["CP_5-12", "ccomp"] == set(range(5, 13))
    assert asked["PP_3", "nmod"] >= {3}
    assert min(asked["PP_5-12", "nmod"]) >= 5
    assert max(shown["nmod"]) == 4


@pytest.mark.parametrize(
    ("category", "role", "clause"),
    [
        ("PP_modif_iobj", "recipient", False),
        ("RC_modif_iobj", "recipient", True),
        ("RC_modif_subj", "agent", True),
    ],
)
def test_what_is_modified_in_a_question_is_not_in_training(rows, category, role, clause):
    asked = [modified(tree, role, clause=clause) for _, tree, of in rows["gen"] if of == category]
    shown = [tree for _, tree, of in rows["train"] if of == "in_distribution" and modified(tree, role, clause=clause)]

    assert sum(asked) > 0
    assert shown == []


def test_only_questions_of_gen_ask_for_a_recipient(rows):
    def asked_for(of):
        return {
            role
            for _, tree, category in of
            if category.startswith(("Q_", "wh_Q"))
            for node, role, _ in nodes(tree)
            if node.word == "?"
        }

    assert asked_for(rows["train"]) == {"agent", "theme"}
    assert asked_for(rows["gen"]) == {"agent", "recipient", "theme"}


def test_the_sentences_are_those_of_the_files_with_variables(rows, reference):
    with gzip.open(reference / "slog" / "cogs_LF_dev.tsv.gz", "rt", encoding="utf-8") as file:
        assert [line.split("\t")[0] for line in file][::5] == [sentence for sentence, _, _ in rows["dev"]]


def test_questions_carry_their_category_group_and_depth(slog, reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    data = slog.load("gen", {}, 0)
    gen = data.questions["gen"]

    assert data.train.column_names == ["sentence", "form"]
    assert Counter(gen["group"].to_pylist()) == {
        "deeper": 3000, "between": 3000, "modified role": 4000, "extracted": 1000, "question": 6000,
    }  # fmt: skip
    assert set(data.questions["test"]["group"].to_pylist()) == {"like training"}
    assert gen["depth"].to_pylist()[0] == 4


@pytest.mark.parametrize(
    "form",
    ["", "*", "run (", "run ( )", "run ( agent )", "run ( agent = )", "run ( agent = boy", "run ( agent = boy ) )",
     "run ( agent = boy , )", "run ( nmod . under = boy )", "run ( who = boy )", "boy girl", "2", ") run"],
)  # fmt: skip
def test_what_is_no_form_is_told(form):
    assert not FORMS.well_formed(form)


def test_forms_are_told_as_trees_however_deep():
    assert FORMS.example({"form": WHOLE}, {}).splitlines() == [
        "freeze",
        "  agent: * girl",
        "    nmod . on: bed",
        "  theme: boy",
        "    nmod: see",
        "      agent: Mia",
        "      theme: boy",
    ]
    deep = "say ( ccomp = " * 5000 + "run" + " )" * 5000
    assert FORMS.well_formed(deep)
    assert FORMS.depth(deep) == 5000


def test_faults_are_named(slog, tmp_path, monkeypatch):
    with pytest.raises(UnknownName, match="no split 'genrated'; did you mean 'generated'"):
        slog.load("genrated", {}, 0)
    with pytest.raises(BadValue, match="no parameter 'row'"):
        slog.load("generated", {"row": 3}, 0)
    with pytest.raises(BadValue, match="'rows' says nothing of official files"):
        slog.load("gen", {"rows": 3}, 0)
    for value in (0, 1_000_001, True, 2.0):
        with pytest.raises(BadValue, match="'asked' is .*; it must be an integer from 1 to 1,000,000"):
            slog.load("generated", {"asked": value}, 0)
    monkeypatch.setattr(GENERATE, "TRIES", 2)
    with pytest.raises(BadValue, match="hardly more than .* different sentences of standalone_NP_PP"):
        GENERATE.questions("standalone_NP_PP", 10**6, 0)
    (tmp_path / "slog").mkdir()
    (tmp_path / "slog" / "generalization_sets.zip.gz").write_bytes(b"no gzip")
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))
    with pytest.raises(SourceFault, match=r"generalization_sets\.zip\.gz cannot be unpacked"):
        slog.official.__wrapped__("gen", "gen")
