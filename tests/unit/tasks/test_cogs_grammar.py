import gzip
import sys
from pathlib import Path

import pytest

from genbench.cards.entries import load_entry
from genbench.errors import BadValue

FOLDER = Path(__file__).parents[3] / "tasks" / "cogs"


@pytest.fixture(scope="module")
def grammar():
    return sys.modules[load_entry(FOLDER, "grammar:interpret").__module__]


@pytest.mark.parametrize("name", ["dev", "test", "gen", "train", "train_100"])
def test_every_official_sentence_and_word_has_its_official_logical_form(grammar, reference, name):
    with gzip.open(reference / "cogs" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]

    wrong = [sentence for sentence, form, _ in rows if grammar.interpret(sentence) != form]

    assert wrong == []
    assert len(rows) in {3000, 21000, 24155, 39500}


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        ("Emma slept .", "sleep . agent ( x _ 1 , Emma )"),
        ("The ball rolled .", "* ball ( x _ 1 ) ; roll . theme ( x _ 2 , x _ 1 )"),
        (
            "Liam gave the girl a TV .",
            (
                "* girl ( x _ 3 ) ; give . agent ( x _ 1 , Liam ) AND give . recipient ( x _ 1 , x _ 3 ) "
                "AND give . theme ( x _ 1 , x _ 5 ) AND tv ( x _ 5 )"
            ),
        ),
        (
            "A cake was sold to Emma by the boy .",
            (
                "* boy ( x _ 8 ) ; cake ( x _ 1 ) AND sell . theme ( x _ 3 , x _ 1 ) "
                "AND sell . recipient ( x _ 3 , Emma ) AND sell . agent ( x _ 3 , x _ 8 )"
            ),
        ),
        (
            "Emma was lended a cake .",
            "lend . recipient ( x _ 2 , Emma ) AND lend . theme ( x _ 2 , x _ 4 ) AND cake ( x _ 4 )",
        ),
        (
            "Noah wanted to read .",
            "want . agent ( x _ 1 , Noah ) AND want . xcomp ( x _ 1 , x _ 3 ) AND read . agent ( x _ 3 , Noah )",
        ),
        (
            "Ava saw the cup on a table in the room .",
            (
                "* cup ( x _ 3 ) ; * room ( x _ 9 ) ; see . agent ( x _ 1 , Ava ) AND see . theme ( x _ 1 , x _ 3 ) "
                "AND cup . nmod . on ( x _ 3 , x _ 6 ) AND table ( x _ 6 ) AND table . nmod . in ( x _ 6 , x _ 9 )"
            ),
        ),
        (
            "Emma said that Liam hoped that a dog ran .",
            (
                "say . agent ( x _ 1 , Emma ) AND say . ccomp ( x _ 1 , x _ 4 ) AND hope . agent ( x _ 4 , Liam ) "
                "AND hope . ccomp ( x _ 4 , x _ 8 ) AND dog ( x _ 7 ) AND run . agent ( x _ 8 , x _ 7 )"
            ),
        ),
        ("Paula", "Paula"),
        ("shark", "LAMBDA a . shark ( a )"),
        ("shatter", "LAMBDA a . LAMBDA e . shatter . theme ( e , a )"),
    ],
)
def test_a_sentence_means_what_a_person_would_write_down(grammar, sentence, form):
    assert grammar.interpret(sentence) == form


@pytest.mark.parametrize(
    ("sentence", "complaint"),
    [
        ("", "a name, 'a' or 'the' should stand in place of the end"),
        ("slept the girl .", "a name, 'a' or 'the' should stand in place of 'slept'"),
        ("The girl slept", "'.' and nothing behind it should stand in place of the end"),
        ("The girl slept . .", "'.' and nothing behind it should stand in place of '.'"),
        ("The girl sleep .", "a verb in the past should stand in place of 'sleep'"),
        ("The girl was gave .", "a participle should stand in place of 'gave'"),
        ("The girl wanted to slept .", "an infinitive should stand in place of 'slept'"),
        ("Emma saw the .", "a noun should stand in place of '.'"),
        ("Emma said that .", "a name, 'a' or 'the' should stand in place of '.'"),
    ],
)
def test_what_is_no_sentence_is_refused_with_the_word_it_fails_at(grammar, sentence, complaint):
    with pytest.raises(BadValue) as fault:
        grammar.interpret(sentence)

    assert str(fault.value) == f"{sentence!r} is not a COGS sentence: {complaint}"


def test_forms_of_verbs_are_those_of_the_official_sentences(grammar):
    assert [grammar.forms(lemma) for lemma in ("lend", "study", "bake", "enjoy", "freeze", "stab")] == [
        ("lended", "lended"),
        ("studied", "studied"),
        ("baked", "baked"),
        ("enjoyed", "enjoyed"),
        ("froze", "frozen"),
        ("stabbed", "stabbed"),
    ]


def test_no_two_verbs_share_a_past_or_a_participle(grammar):
    assert len(grammar.PAST) == len(grammar.PARTICIPLE) == len(grammar.LEMMAS)
