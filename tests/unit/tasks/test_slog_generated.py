"""SLOG's grammar, held against every kind of official row, and the sentences that are generated of its structures."""

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue

FOLDER = Path(__file__).parents[3] / "tasks" / "slog"
interpret, read, readings = (load_entry(FOLDER, f"sentences:{name}") for name in ("interpret", "read", "readings"))
questions, tree_of = load_entry(FOLDER, "generate:questions"), load_entry(FOLDER, "forms:read")
SMALL = {"rows": 1200, "asked": 150, "category_rows": 40}


@pytest.fixture(scope="module")
def slog(task_module):
    return task_module("slog")


@pytest.fixture(scope="module")
def generated(slog):
    return {split: slog.load(split, SMALL, 0) for split in ("generated", "generated_variables")}


@pytest.mark.parametrize(
    ("split", "name", "other"),
    [
        *[("gen", "train", 0), ("gen", "dev", 0), ("gen", "test", 0), ("gen", "gen", 5)],
        *[("gen_variables", "dev", 0), ("gen_variables", "test", 0), ("gen_variables", "gen", 5)],
    ],
)
def test_the_grammar_gives_the_official_forms(slog, reference, monkeypatch, split, name, other):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    rows = slog.official(split, name).to_pylist()

    wrong = [row for row in rows if interpret(row["sentence"], split == "gen_variables") != row["form"]]

    assert len(wrong) == other  # which can be read in two ways, and have the other here
    assert all(len(readings(row["sentence"])) == 2 for row in wrong)
    assert {row["category"] for row in wrong} <= {"Q_modified_NPs"}


def test_forms_with_variables_are_asked_of_the_official_sentences(slog, reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    with_variables, without = (slog.load(split, {}, 0) for split in ("gen_variables", "gen"))

    assert with_variables.train["sentence"].equals(without.train["sentence"])
    for name, rows in without.questions.items():
        assert with_variables.questions[name].drop_columns("form").equals(rows.drop_columns("form"))
    assert [(claim.subset, claim.path) for claim in slog.verify("gen_variables", with_variables)] == [
        ("validation", "data/cogs_LF/dev.tsv"),
        ("test", "data/cogs_LF/test.tsv"),
        ("gen", "generalization_sets/gen_cogsLF.tsv"),
    ]


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        ("Liam lent a girl that ate a cake .",
         "lend ( agent = Liam , recipient = girl ( nmod = eat ( agent = girl ) ) , theme = cake )"),
        ("Who did Emma lend the cake that rolled to ?",
         "lend ( agent = Emma , theme = * cake ( nmod = roll ( theme = * cake ) ) , recipient = ? )"),
        ("A donut in the house", "donut ( nmod . in = * house )"),
        ("crawl", "crawl"),
    ],
)  # fmt: skip
def test_a_sentence_has_the_form_that_a_person_reads(sentence, form):
    assert interpret(sentence) == form


@pytest.mark.parametrize(
    ("sentence", "where"),
    [
        ("Emma lent .", "beyond '.'"),
        ("Emma was slept .", "beyond"),
        ("Who did Emma want to run ?", "beyond"),
        ("Why did Emma run ?", "beyond"),
        ("the cake that", "beyond the end"),
        ("Emma ate the cake that Liam", "beyond"),
    ],
)
def test_what_is_no_sentence_is_told_with_the_place(sentence, where):
    with pytest.raises(BadValue, match=f"{sentence.replace('?', '.')!r} is not of SLOG's grammar.*{where}"):
        read(sentence)


def test_generated_splits_have_the_same_sentences_and_forms_of_the_grammar(generated):
    plain, variables = generated["generated"], generated["generated_variables"]

    for one, other, with_variables in ((plain, plain, False), (variables, plain, True)):
        for rows, same in ((one.train, other.train), (one.validation, other.validation),
                           *((one.questions[name], other.questions[name]) for name in one.questions)):  # fmt: skip
            assert rows["sentence"].equals(same["sentence"])
            for row in random.Random(0).sample(rows.to_pylist(), 60):  # noqa: S311  no secrets
                assert row["form"] == interpret(row["sentence"], with_variables)
    assert not any("lended" in sentence for sentence in plain.train["sentence"].to_pylist())


def test_training_has_the_released_shares_and_gen_as_many_of_each_structure(generated):
    data = generated["generated"]
    gen = data.questions["gen"]

    assert data.train.num_rows == 1200 + 143 + 12 + 254 + 116 + 23 + 8 + 9 + 8 + 5 + 5
    assert Counter(data.questions["test"]["category"].to_pylist()) == {
        "in_distribution": 150, "object_modifying_RC": 32, "wh_Q_simple_trans": 15, "pp_4": 3, "center_embed_2": 1,
        "center_embed_4": 1, "cp_4": 1,
    }  # fmt: skip
    assert set(Counter(gen["category"].to_pylist()).values()) == {40}
    assert len(set(gen["category"].to_pylist())) == 17
    assert len(set(gen["sentence"].to_pylist())) == gen.num_rows
    assert not set(gen["sentence"].to_pylist()) & set(data.train["sentence"].to_pylist())


def nested(form, role):
    """How often a role stands within itself, at most."""
    found, waiting = 0, [(tree_of(form), 0)]
    while waiting:
        node, depth = waiting.pop()
        found = max(found, depth)
        waiting += [(inner, depth + (name.split(" .")[0] == role)) for name, inner in node.roles]
    return found


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("ccomp", {"CP_3": {3}, "CP_5-12": set(range(5, 13))}),
        ("nmod", {"center_embed_3": {3}, "center_embed_5-12": set(range(5, 13)), "PP_3": {3}}),
    ],
)
def test_recursion_is_asked_at_depths_that_training_lacks(generated, role, kinds):
    data = generated["generated"]
    gen = data.questions["gen"].to_pylist()
    whole = [form for form in data.train["form"].to_pylist() if "(" in form]

    shown = {nested(form, role) for form in whole}
    for category, depths in kinds.items():
        asked = Counter(nested(row["form"], role) for row in gen if row["category"] == category)

        assert asked.keys() == depths
        assert max(asked.values()) - min(asked.values()) <= 1
        assert not depths & shown


def test_questions_are_distinct_the_same_from_one_seed_and_read_in_one_way():
    drawn = questions("Q_modified_NPs", 300, 7)

    assert drawn == questions("Q_modified_NPs", 300, 7) != questions("Q_modified_NPs", 300, 8)
    assert questions("Q_modified_NPs", 100, 7) == drawn[:100]
    assert len({sentence for sentence, _ in drawn}) == 300
    assert all(readings(sentence) == [form] for sentence, form in drawn)
    assert len(readings("Who was lent the rose that was painted by the girl ?")) == 2


def test_depths_of_five_to_twelve_come_in_order():
    depths = [form.count("ccomp") for _, form in questions("CP_5-12", 24, 0)]

    assert Counter(depths) == dict.fromkeys(range(5, 13), 3)
    assert all(one <= two for one, two in pairwise(depths))
