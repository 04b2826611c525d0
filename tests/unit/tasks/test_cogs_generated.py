"""The generator of COGS: what it makes is like the official sentences, and holds what its parameters ask for."""

import gzip
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from scipy.stats import chi2_contingency

from genbench import cards
from genbench.cards.entries import load_entry
from genbench.data import tables
from genbench.errors import BadValue, UnknownName

FOLDER = Path(__file__).parents[3] / "tasks" / "cogs"
SMALL = {"rows": 400, "asked": 50, "category_rows": 30}
HELD_OUT = {
    "hedgehog", "cockroach", "Lina", "Charlie", "shark", "Paula", "crawl", "cobra", "hippo", "bless", "squeeze", "bake",
    "shatter", "teleport", "ship", "blessed", "squeezed", "baked", "shattered", "teleported", "shipped", "crawled",
}  # fmt: skip


@pytest.fixture(scope="module")
def cogs(task_module):
    return task_module("cogs")


@pytest.fixture(scope="module")
def small(cogs):
    return cogs.load("generated", SMALL, 0)


def sentences(table):
    return table["sentence"].to_pylist()


def clauses(cogs, sentence):
    return list(cogs.grammar.read(sentence).chain())


def roles_of_held_out_words(cogs, sentence):
    """Each held-out word of a sentence with the kind of clause and the place it has there."""
    found = set()
    for clause in clauses(cogs, sentence):
        if clause.lemma in HELD_OUT:
            found.add((clause.lemma, clause.kind, "verb"))
        if clause.infinitive in HELD_OUT:
            found.add((clause.infinitive, clause.kind, "infinitive"))
        for role, phrase in clause.arguments:
            found |= {(inner.word, clause.kind, role) for inner in phrase.chain() if inner.word in HELD_OUT}
    return found


def built(cogs, sentence):
    """The kinds of a sentence's clauses, and how many prepositions it has."""
    kinds = tuple(clause.kind for clause in clauses(cogs, sentence))
    return kinds, sum(word in {"in", "on", "beside"} for word in sentence.split())


def test_train_holds_sentences_words_alone_and_exposures_as_the_official_one_does(cogs):
    data = cogs.load("generated", {}, 0)

    words = [sentence for sentence in sentences(data.train) if " " not in sentence]
    exposed = [one for one in sentences(data.train) if " " in one and HELD_OUT & set(one.split())]
    assert (len(words), len(exposed), data.train.num_rows) == (143, 12, 24155)
    assert len(set(sentences(data.train))) == 24155


def test_a_held_out_word_stands_in_train_in_its_exposure_or_alone_only(cogs, small):
    shown = [one for one in sentences(small.train) if HELD_OUT & set(one.split())]

    places = {place for one in shown if " " in one for place in roles_of_held_out_words(cogs, one)}
    assert {one for one in shown if " " not in one} == {"shark", "Paula", "crawl"}
    assert Counter(word for word, _, _ in places) == Counter(
        HELD_OUT & set(cogs.shares.grammar.LEMMAS) - {"crawl"}
    ) + Counter(["hedgehog", "cockroach", "Lina", "Charlie", "cobra", "hippo"])
    assert {place for place in places if place[2] == "verb"} == {
        ("bless", "trans", "verb"),
        ("squeeze", "pass_theme", "verb"),
        ("bake", "intr_agent", "verb"),
        ("shatter", "intr_theme", "verb"),
        ("teleport", "dat_do", "verb"),
        ("ship", "dat_pp", "verb"),
    }
    assert {(word, role) for word, _, role in places if role != "verb"} == {
        ("hedgehog", "agent"),
        ("cockroach", "theme"),
        ("Lina", "agent"),
        ("Charlie", "theme"),
        ("cobra", "agent"),
        ("hippo", "theme"),
    }
    assert not HELD_OUT & {word for one in sentences(small.validation) for word in one.split()}
    assert not HELD_OUT & {word for one in sentences(small.questions["test"]) for word in one.split()}


def test_a_hundred_exposures_show_each_word_and_each_place_a_hundred_times(cogs):
    train = cogs.load("generated_100", {"rows": 10}, 0).train

    shown = Counter(sentences(train))
    words = {text: count for text, count in shown.items() if " " not in text}
    exposed = [text for text in shown if " " in text and HELD_OUT & set(text.split())]
    assert (len(words), set(words.values())) == (143, {100})
    assert (len(exposed), train.num_rows) == (1200, 14300 + 1200 + 10)


def test_no_sentence_stands_in_two_subsets(small):
    together = [one for subset in small.subsets().values() for one in sentences(subset)]

    assert len(set(together)) == len(together)


def test_every_logical_form_is_what_the_interpreter_says(cogs, small):
    for subset in small.subsets().values():
        for row in subset.to_pylist():
            assert row["logical_form"] == cogs.grammar.interpret(row["sentence"])


def test_each_category_puts_its_word_where_the_official_questions_do(cogs, reference):
    official = {}
    with gzip.open(reference / "cogs" / "gen.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            sentence, _, category = line.rstrip("\n").split("\t")
            last = clauses(cogs, sentence)[-1]
            official.setdefault(category, set()).add((last.kind, *sorted(roles_of_held_out_words(cogs, sentence))))

    for category, wanted in official.items():
        made = cogs.questions(category, 300, 12, 0)

        found = {(clauses(cogs, one)[-1].kind, *sorted(roles_of_held_out_words(cogs, one))) for one in made}
        assert found <= wanted, category
        assert len(set(made)) == 300, category
    assert len(official) == 21


def test_subjects_and_agents_have_prepositions_behind_them_where_the_category_says_so(cogs):
    for sentence in cogs.questions("obj_pp_to_subj_pp", 200, 12, 0):
        for clause in clauses(cogs, sentence):
            for place, (role, phrase) in enumerate(clause.arguments):
                assert phrase.inside or not (place == 0 or role == "agent"), sentence


def test_such_questions_have_one_or_two_prepositions_as_the_official_ones_and_are_built_alike(cogs, reference):
    lines = gzip.decompress((reference / "cogs" / "gen.tsv.gz").read_bytes()).decode().splitlines()
    official = [line.split("\t")[0] for line in lines if line.endswith("\tobj_pp_to_subj_pp")]

    found = [
        Counter(built(cogs, sentence) for sentence in rows)
        for rows in (official, cogs.questions("obj_pp_to_subj_pp", 3000, 12, 0))
    ]

    assert {few for _, few in found[0]} == {few for _, few in found[1]} == {1, 2}
    table = [[counts[key] for key in found[0] if found[0][key] >= 10] for counts in found]
    assert chi2_contingency(table).pvalue > 0.001


def test_two_categories_of_the_same_frames_differ_in_the_word_alone(cogs):
    for one, other in [
        (("subj_to_obj_common", "hedgehog"), ("prim_to_obj_common", "shark")),
        (("subj_to_obj_proper", "Lina"), ("prim_to_obj_proper", "Paula")),
        (("unacc_to_transitive", "shattered"), ("obj_omitted_transitive_to_transitive", "baked")),
    ]:
        first, second = (cogs.questions(category, 50, 12, 0) for category, _ in (one, other))

        assert [text.replace(one[1], other[1]) for text in first] == second


@pytest.mark.parametrize("split", ["pp_recursion", "cp_recursion"])
def test_questions_have_the_depth_they_are_asked_by(cogs, split):
    asked = cogs.load(split, {"rows": 300, "depth_rows": 3}, 0).questions

    found = Counter()
    for table in asked.values():
        for row in table.to_pylist():
            said = clauses(cogs, row["sentence"])
            behind = [len(list(phrase.chain())) - 1 for _, phrase in said[-1].arguments]
            assert row["depth"] == (len(said) - 1 if split == "cp_recursion" else max(behind)), row["sentence"]
            found[row["depth"]] += 1
    assert found == dict.fromkeys(range(1, 51), 3)
    assert max(asked["trained_depth"]["depth"].to_pylist()) == 2


def test_questions_of_trained_depth_are_none_that_training_has(cogs):
    data = cogs.load("pp_recursion", {"depth": 3, "depth_rows": 2000}, 0)

    known = {*sentences(data.train), *sentences(data.validation)}
    drawn = islice(cogs._at_depth("pp_recursion", 1, 0), 2000)
    assert known.isdisjoint(sentences(data.questions["trained_depth"]))
    assert not known.isdisjoint(drawn), "some were drawn and left out"


@pytest.mark.parametrize("split", ["pp_recursion", "cp_recursion"])
def test_the_deepest_questions_that_may_be_asked_can_be_made_in_either_form(cogs, split):
    for form in cogs.FORMS:
        asked = cogs.load(split, {"rows": 10, "depth": 200, "depth_rows": 1, "form": form}, 0).questions["deeper"]

        assert asked["depth"].to_pylist()[-1] == 200
        assert all(cogs.variable_free.well_formed(text) for text in asked["logical_form"].to_pylist())


def test_recursion_in_gen_goes_as_deep_as_asked_with_as_many_of_each_depth(cogs):
    made = cogs.questions("cp_recursion", 10, 6, 0)

    assert [len(clauses(cogs, one)) - 1 for one in made] == [3, 3, 3, 4, 4, 4, 5, 5, 6, 6]


def test_one_category_can_be_asked_alone(cogs):
    asked = cogs.load("generated", SMALL | {"category": "cp_recursion", "category_rows": 40}, 0).questions["gen"]

    assert (asked.num_rows, set(asked["category"].to_pylist())) == (40, {"cp_recursion"})
    assert set(asked["group"].to_pylist()) == {"structural"}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(cogs, small):
    again, other = cogs.load("generated", SMALL, 0), cogs.load("generated", SMALL, 1)

    assert tables.fingerprint(again.subsets()) == tables.fingerprint(small.subsets())
    assert not set(sentences(other.train)) >= set(sentences(small.train))


def test_more_questions_of_a_category_begin_with_the_fewer(cogs):
    few, many = (cogs.questions("prim_to_subj_common", rows, 12, 0) for rows in (20, 60))

    assert many[:20] == few


def test_short_constructions_keep_their_share_however_many_questions_are_asked(cogs):
    made = cogs.questions("only_seen_as_unacc_subj_as_unerg_subj", 10_000, 12, 0)

    blocks = [made[begin : begin + 1000] for begin in range(0, 10_000, 1000)]
    short = [sum(len(one.split()) <= 5 for one in block) for block in blocks]
    assert [len(set(block)) for block in blocks] == [1000] * 10
    assert len(set(made)) < 8000
    assert max(short) - min(short) < 5 * max(short) ** 0.5, "as chance has it"


def test_training_beyond_the_official_size_repeats_sentences_but_none_that_is_asked(cogs, monkeypatch):
    monkeypatch.setattr(cogs, "TRAINED", 500)

    train, validation, test = cogs.pool(1500, 200, 0)

    assert (len(train), len(set(train[:500])), len(set(train[500:1000]))) == (1500, 500, 500)
    assert len(set(train)) < 1500
    assert not {*train} & {*validation, *test}


def test_the_variable_free_split_holds_the_same_sentences(cogs, small):
    other = cogs.load("generated_variable_free", SMALL, 0)

    for name, subset in small.subsets().items():
        turned = other.subsets()[name]
        assert sentences(turned) == sentences(subset)
        wanted = [cogs.variable_free.from_logical(text) for text in subset["logical_form"].to_pylist()]
        assert turned["logical_form"].to_pylist() == wanted


BAD = {
    "an unknown category": ({"category": "cp_recursoin"}, UnknownName, "no category 'cp_recursoin'; did you mean 'cp_"),
    "an unknown form": ({"form": "prolog"}, BadValue, "'form' is 'prolog'; it must be logical or variable_free"),
    "no rows": ({"rows": 0}, BadValue, "'rows' is 0; it must be from 1 to 10,000,000"),
    "too many rows": ({"rows": 10**9}, BadValue, "'rows' is 1000000000; it must be from 1 to 10,000,000"),
    "no questions": ({"category_rows": -1}, BadValue, "'category_rows' is -1; it must be from 1"),
    "no exposure": ({"exposures": 0}, BadValue, "'exposures' is 0; it must be from 1"),
    "a depth that training has": (
        {"depth": 2},
        BadValue,
        "'depth' is 2; it must be from 3, one more than training has",
    ),
    "a depth beyond reading": ({"depth": 201}, BadValue, "'depth' is 201; it must be from 3, .* to 200"),
    "a type": ({"rows": "many"}, BadValue, "parameter 'rows' is 'many'; it must be of type integer"),
    "another split's parameter": (
        {"depth_rows": 7},
        BadValue,
        "'depth_rows' says nothing of this split; it takes form",
    ),
    "more of test than there is": (
        {"test_rows": 3001},
        BadValue,
        "'test_rows' is 3001; it must be from 0, .* to 3,000",
    ),
    "an unknown parameter": ({"row": 7}, UnknownName, "no parameter 'row'; did you mean 'rows'"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_parameter_that_cannot_be_is_refused_by_name(cogs, what):
    params, kind, message = BAD[what]

    with pytest.raises(kind, match=message):
        cogs.load("generated", params, 0)


def test_official_splits_take_no_parameter_of_the_generator(cogs):
    with pytest.raises(BadValue, match="cogs/gen: parameter 'rows' says nothing of this split; it takes form"):
        cogs.load("gen", {"rows": 10}, 0)


def test_more_sentences_than_there_are_cannot_be_had(cogs):
    only = cogs.cases.Case("few", ("intr_theme",), role="theme", word="cobra", clauses=0)

    with pytest.raises(BadValue, match="hardly more than 40 different sentences of the kind asked for"):
        list(islice(cogs.generate.sentences(only, 0), 41))


def test_training_sentences_are_like_the_official_ones_whatever_the_seed(cogs, reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    rows = cogs.official("train").to_pylist()
    official = [row["sentence"] for row in rows if row["category"] == "in_distribution"]

    for seed in (1, 2):
        found = list(cogs.shares.compare(cogs.pool(24000, 3000, seed)[0], official, "train"))

        assert min(found, key=lambda one: one.p).p >= 1e-4
        assert len(found) > 50


def test_another_share_of_names_is_found_out(cogs, monkeypatch):
    official = cogs.pool(4000, 1, 0)[0]
    monkeypatch.setitem(
        cogs.generate.FRAMES,
        "trans",
        cogs.generate.FRAMES["trans"]._replace(
            parts=(
                ("agent", cogs.generate.FRAMES["trans"].parts[0][1]._replace(names=0.3)),
                *cogs.generate.FRAMES["trans"].parts[1:],
            )
        ),
    )

    found = {one.what: one.p for one in cogs.shares.compare(cogs.pool(4000, 1, 1)[0], official, "x")}

    assert found["noun phrase, trans agent"] < 1e-4
    assert found["noun phrase, dat_do agent"] > 1e-4


def test_fewer_questions_are_the_first_of_all_and_training_stays_the_same(cogs):
    whole, fewer = cogs.load("generated", SMALL, 0), cogs.load("generated", SMALL | {"test_rows": 7}, 0)

    assert fewer.train == whole.train
    assert fewer.validation == whole.validation
    assert fewer.questions["test"] == whole.questions["test"].slice(0, 7)
    assert fewer.questions["gen"] == whole.questions["gen"]


def test_a_split_marked_quick_needs_no_file():
    card = cards.read(FOLDER, "task")

    assert [split.name for split in card.splits.values() if split.quick] == ["generated_small"]
    assert [split.name for split in card.splits.values() if not split.embedded] == ["gen", "gen_100"]


def test_a_tree_names_each_rule_and_each_word():
    describe = load_entry(FOLDER, "describe:example")

    told = describe({"sentence": "Emma said that the dog on a bed wanted to eat ."}, {})

    assert [" ".join(line.split()) for line in told.splitlines()] == [
        "clause -> NP V that clause cp",
        "V say, word 1",
        "agent: NP -> name Emma, word 0",
        "clause -> NP V to INF xcomp",
        "V want, word 8",
        "agent: NP -> the N on NP dog, word 4",
        "on: NP -> a N bed, word 7",
        "INF eat, word 10",
    ]
    assert describe({"sentence": "shark"}, {}) == "a word alone: shark"
    assert sys.modules[describe.__module__].RULES.keys() >= {"cp", "xcomp"}
