"""The form without variables, and what counts as an answer that parses."""

import gzip
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench.cards.entries import load_entry
from genbench.errors import BadValue

FOLDER = Path(__file__).parents[3] / "tasks" / "cogs"
FORMS = sys.modules[load_entry(FOLDER, "variable_free:well_formed").__module__]

# Rows of frankaging/ReCOGS at 836173aa, variable_free/train.tsv and gen.tsv.
RELEASED = {
    "A rose was helped by a dog .": "help ( theme = rose , agent = dog )",
    "The captain ate .": "eat ( agent = * captain )",
    "A cake rolled .": "roll ( theme = cake )",
    "The cookie was passed to Emma .": "pass ( theme = * cookie , recipient = Emma )",
    "Olivia was slipped a pencil .": "slip ( recipient = Olivia , theme = pencil )",
    "A horse gave the cake beside a table to the mouse .": (
        "give ( agent = horse , theme = * cake ( nmod . beside = table ) , recipient = * mouse )"
    ),
    "Amelia gave Emma a strawberry .": "give ( agent = Amelia , recipient = Emma , theme = strawberry )",
    "Liam hoped that the dog preferred to run .": (
        "hope ( agent = Liam , ccomp = prefer ( agent = * dog , xcomp = run ( agent = * dog ) ) )"
    ),
    "Camila was forwarded the cookie in a house beside the computer by Olivia .": (
        "forward ( recipient = Camila , theme = * cookie ( nmod . in = house ( nmod . beside = * computer ) ) , "
        "agent = Olivia )"
    ),
    "A girl in the car itched to run .": (
        "itch ( agent = girl ( nmod . in = * car ) , xcomp = run ( agent = girl ( nmod . in = * car ) ) )"
    ),
    "A cat in the house was offered the cake by the boy beside a table .": (
        "offer ( recipient = cat ( nmod . in = * house ) , theme = * cake , agent = * boy ( nmod . beside = table ) )"
    ),
    "A cookie was lended to a frog by a girl .": "lend ( theme = cookie , recipient = frog , agent = girl )",
}


@pytest.mark.parametrize("sentence", RELEASED)
def test_the_form_is_that_of_the_released_rows(sentence):
    assert FORMS.from_logical(FORMS.grammar.interpret(sentence)) == RELEASED[sentence]


@pytest.mark.parametrize("word", ["touch", "shatter", "crawl", "shark", "Paula"])
def test_a_word_alone_is_that_word(word):
    assert FORMS.from_logical(FORMS.grammar.interpret(word)) == word
    assert FORMS.logical_forms(word) == (FORMS.grammar.interpret(word),)


@pytest.mark.parametrize("name", ["train", "dev", "test", "gen"])
def test_every_official_form_comes_back_from_its_variable_free_one(reference, name):
    with gzip.open(reference / "cogs" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]

    doubtful = 0
    for sentence, form, _ in rows:
        turned = FORMS.from_logical(form)
        readings = FORMS.sentences(turned)
        assert sentence in readings
        assert form in FORMS.logical_forms(turned)
        assert FORMS.well_formed(form)
        assert FORMS.well_formed(turned)
        doubtful += len(readings) - 1
    # Clauses with an unaccusative verb and a theme alone: `was` or not cannot be told.
    assert doubtful == {"train": 1756, "dev": 201, "test": 201, "gen": 1473}[name]


def test_a_theme_alone_of_a_verb_that_needs_no_object_has_two_readings():
    assert FORMS.sentences("like ( agent = Emma , ccomp = roll ( theme = * tv ) )") == (
        "Emma liked that the TV rolled .",
        "Emma liked that the TV was rolled .",
    )


BROKEN = {
    "": "a word should stand in place of the end",
    "eat (": "'agent' or 'theme' or 'recipient' or 'ccomp' or 'xcomp' or 'nmod' should stand in place of the end",
    "eat ( agent = Emma": "',' or ')' should stand in place of the end",
    "eat ( agent = Emma ) )": "the end should stand in place of ')'",
    "eat ( agent Emma )": "'=' should stand in place of 'Emma'",
    "eat ( nmod . under = Emma )": "'in' or 'on' or 'beside' should stand in place of 'under'",
    "eat ( agent = * Emma )": "a noun should stand in place of 'Emma'",
    "x _ 1": "the end should stand in place of '_'",
}


@pytest.mark.parametrize("form", BROKEN)
def test_what_does_not_parse_is_refused_with_the_token_it_fails_at(form):
    with pytest.raises(BadValue) as fault:
        FORMS.read(form)

    assert str(fault.value) == f"{form!r} is no variable-free form: {BROKEN[form]}"
    assert not FORMS.well_formed(form)


NO_SENTENCE = {
    "eat ( recipient = Emma )": "no clause has 'eat' with recipient",
    "cake ( agent = Emma )": "no clause has 'cake' with agent",
    "need ( agent = Emma , xcomp = cook ( agent = Liam ) )": (
        "an infinitive has the agent of its verb, and no other role"
    ),
    "eat ( agent = Emma ( nmod . on = bed ) )": "'Emma' has roles that no noun has",
    "eat ( agent = dog ( theme = bed ) )": "'dog' has roles that no noun has",
}


@pytest.mark.parametrize("form", NO_SENTENCE)
def test_a_form_that_no_sentence_has_is_refused_with_the_reason(form):
    with pytest.raises(BadValue) as fault:
        FORMS.sentences(form)

    assert str(fault.value) == f"{form!r} is the form of no sentence: {NO_SENTENCE[form]}"
    assert FORMS.well_formed(form), "it parses all the same"


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ("cake ( x _ 1 ) AND roll", "'roll' is no part of one"),
        ("roll . theme ( x _ 2 , x _ 1 )", "nothing is said of x _ 1"),
        ("cake ( x _ 1 ) AND cake ( x _ 2 )", "2 of its words fill no role"),
    ],
)
def test_a_logical_form_that_is_none_is_refused(form, complaint):
    with pytest.raises(BadValue, match="is no logical form of COGS") as fault:
        FORMS.from_logical(form)

    assert complaint in str(fault.value)


@pytest.mark.parametrize(
    "answer",
    [
        "cake ( x _ 1 ) AND",
        "AND cake ( x _ 1 )",
        "cake ( x _ 1 ) ; roll . theme ( x _ 2 , x _ 1 )",
        "* cake ( x _ 1 ) ;",
        "cake ( x _ one )",
        "cake ( x _ 1 )AND pen ( x _ 2 )",
        "roll . theme ( x _ 2 , cake )",
        "roll . goal ( x _ 2 , Emma )",
        "like . ccomp ( x _ 2 , Emma )",
        "LAMBDA a . LAMBDA b . LAMBDA e . touch . agent ( e , b ) AND poke . theme ( e , a )",
        "* Emma",
        "LAMBDA",
        "(" * 10_000,
    ],
)
def test_an_answer_that_is_neither_form_does_not_parse(answer):
    assert not FORMS.well_formed(answer)


def test_an_answer_need_not_mean_anything_to_parse():
    assert FORMS.well_formed("  cake ( x _ 7 )\tAND  cake ( x _ 7 ) ")


def test_an_answer_of_any_depth_is_parsed():
    assert FORMS.well_formed("a ( nmod . on = " * 20_000 + "b" + " )" * 20_000)
    assert not FORMS.well_formed("a ( nmod . on = " * 20_000 + "b" + " )" * 19_999)


TOKENS = ["*", "(", ")", ",", ".", "=", "x", "_", "1", "AND", ";", "a", "agent", "Emma", "nmod", "on", "LAMBDA"]


@given(st.text() | st.lists(st.sampled_from(TOKENS)).map(" ".join))
def test_whatever_is_answered_gets_a_verdict(answer):
    assert FORMS.well_formed(answer) in (True, False)


@pytest.mark.parametrize(("name", "alone"), [("train", 122), ("dev", 0), ("test", 0), ("gen", 0)])
def test_every_released_row_is_ours_but_words_alone_that_keep_their_variables(reference, name, alone):
    def rows(folder, file):
        with gzip.open(reference / folder / f"{file}.tsv.gz", "rt", encoding="utf-8") as lines:
            return [line.split("\t")[1] for line in lines]

    released = rows("recogs", f"variable_free_{name}")
    ours = [FORMS.from_logical(form) for form in rows("cogs", name)]

    other = [form for form, our in zip(released, ours, strict=True) if form != our]
    assert len(other) == alone
    assert all(form.startswith("LAMBDA") for form in other)
