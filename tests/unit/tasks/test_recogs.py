"""ReCOGS: its forms against the released rows and COGS's own; the metric that knows neither names nor order."""

import gzip
import random
import re
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from genbench.cards.entries import load_entry

TASKS = Path(__file__).parents[3] / "tasks"
FORMS = sys.modules[load_entry(TASKS / "cogs", "recogs:drawn").__module__]
SEMANTIC = sys.modules[load_entry(TASKS / "recogs", "semantic:match").__module__]


@pytest.fixture(scope="module")
def recogs(task_module):
    return task_module("recogs")


def released(reference, name):
    with gzip.open(reference / "recogs" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        return [line.split("\t")[:2] for line in file]


@pytest.mark.parametrize("subset", ["dev", "test"])
def test_forms_by_positions_are_the_released_ones(reference, subset):
    rows = released(reference, f"recogs_positional_index_{subset}")

    assert len(rows) == 3000
    assert [form for sentence, form in rows if FORMS.by_positions(sentence) != form] == []


def test_drawn_forms_are_the_released_ones_but_for_the_numbers_drawn(reference):
    rows = released(reference, "recogs_v2_dev")[::10]
    ours = [FORMS.drawn(sentence, random.Random(0).random) for sentence, _ in rows]  # noqa: S311

    assert all(SEMANTIC.same(our, form) for our, (_, form) in zip(ours, rows, strict=True))
    assert not any(SEMANTIC.same(our, form) for our, (_, form) in zip(ours, rows[1:] + rows[:1], strict=True))
    assert [blank(our) for our in ours] == [blank(form) for _, form in rows], "conjuncts stand in the same order"


def blank(form):
    return re.sub(r"\d+", "_", form)


@pytest.mark.parametrize("split", ["generated", "generated_positions"])
def test_generated_forms_say_what_the_logical_forms_of_cogs_say(recogs, split):
    small = {"rows": 300, "asked": 40, "category_rows": 10}
    data, cogs = (recogs.load(split, small, 0), recogs._sentences("generated", small, 0))

    for name in ("test", "gen"):
        rows = zip(
            data.questions[name]["form"].to_pylist(), cogs.questions[name]["logical_form"].to_pylist(), strict=True
        )
        assert all(SEMANTIC.same(form, from_logical(logical)) for form, logical in rows)


def from_logical(logical):
    """ReCOGS from COGS by another way: conjunct by conjunct of the logical form, not from the sentence."""
    conjuncts, subjects, said = [], {}, set()
    for text in re.split(r" ; | AND ", logical):
        what, first, second = re.fullmatch(r"(.*) \( x _ (\d+)(?: , (.*))? \)", text).groups()
        what, *role = what.split(" . ")
        if not role:
            conjuncts.append(f"{what} ( {first} )")
            continue
        if role[0] == "nmod":
            conjuncts.append(f"{' . '.join(role)} ( {first} , {second.removeprefix('x _ ')} )")
            continue
        if (what, first) not in said:
            said.add((what, first))
            conjuncts.append(f"{what} ( {first} )")
        if second.startswith("x _ "):
            second = second.removeprefix("x _ ")
        else:  # a name, at a place of its own: but who wants to do something is who does it
            own = subjects.get(first) if role == ["agent"] else None
            if own is None:
                own = str(1000 + len(conjuncts))
                conjuncts.append(f"{second} ( {own} )")
            second = own
        if role == ["agent"]:
            subjects[first] = second
        if role == ["xcomp"]:
            subjects[second] = subjects[first]
        conjuncts.append(f"{role[0]} ( {first} , {second} )")
    return " AND ".join(conjuncts)


RUN = "Emma ( 0 ) ; run ( 1 ) AND agent ( 1 , 0 )"
TWO = "dog ( 1 ) ; dog ( 2 ) ; see ( 3 ) AND agent ( 3 , 1 ) AND theme ( 3 , 2 )"


@pytest.mark.parametrize(
    ("answer", "target", "is_same"),
    [
        (RUN, RUN, True),
        ("agent ( 9 , 4 ) AND Emma ( 4 ) ; run ( 9 )", RUN, True),
        (f"{RUN} AND run ( 1 )", RUN, True),  # said twice
        ("Emma ( 0 ) ; run ( 1 ) AND agent ( 0 , 1 )", RUN, False),
        ("Emma ( 0 ) ; run ( 1 )", RUN, False),
        (f"{RUN} AND theme ( 1 , 0 )", RUN, False),
        ("Emma ( 1 ) ; run ( 1 ) AND agent ( 1 , 1 )", RUN, False),
        ("* Emma ( 0 ) ; run ( 1 ) AND agent ( 1 , 0 )", RUN, False),
        ("emma ( 0 ) ; run ( 1 ) AND agent ( 1 , 0 )", RUN, False),
        ("Emma ( 0 ) ; run ( 1 ) AND agent ( 1 , 0", RUN, False),
        ("", RUN, False),
        ("dog ( 2 ) ; dog ( 1 ) ; see ( 3 ) AND agent ( 3 , 1 ) AND theme ( 3 , 2 )", TWO, True),
        ("dog ( 1 ) ; dog ( 2 ) ; see ( 3 ) AND agent ( 3 , 1 ) AND theme ( 3 , 1 )", TWO, False),
        ("dog ( 1 ) ; see ( 3 ) AND agent ( 3 , 1 ) AND theme ( 3 , 1 )", TWO, False),
        # Each variable alone has the same neighbours in a ring of six as in two of three.
        (" AND ".join(f"on ( {i} , {(i + 1) % 6} )" for i in range(6)), "ring of three twice", False),
        (" AND ".join(f"on ( {i} , {(i + 1) % 6} )" for i in (3, 1, 0, 5, 2, 4)), "ring of six", True),
        ("LAMBDA a . shark ( a )", "LAMBDA a . shark ( a )", True),
        ("LAMBDA a . cobra ( a )", "LAMBDA a . shark ( a )", False),
    ],
)
def test_names_of_variables_and_order_do_not_count_and_all_else_does(answer, target, is_same):
    rings = {
        "ring of three twice": [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)],
        "ring of six": [(5, 3), (3, 1), (1, 0), (0, 4), (4, 2), (2, 5)],
    }
    target = " AND ".join(f"on ( {a} , {b} )" for a, b in rings[target]) if target in rings else target

    assert SEMANTIC.same(answer, target) is is_same
    if answer and not answer.endswith("0"):
        assert SEMANTIC.same(target, answer) is is_same


def test_no_answer_is_no_match():
    marks = SEMANTIC.match(pa.array([RUN, None]), pa.array([RUN, RUN]), pa.table({"sentence": ["", ""]}))

    assert marks.tolist() == [1.0, 0.0]


def test_verbs_alone_are_written_as_verbs_of_sentences_are():
    found = {word: FORMS.alone(word) for word in ("touch", "shatter", "crawl", "shark", "Paula")}

    assert found == {
        "touch": "LAMBDA a . LAMBDA b . LAMBDA e . touch ( e ) AND agent ( e , b ) AND theme ( e , a )",
        "shatter": "LAMBDA a . LAMBDA e . shatter ( e ) AND theme ( e , a )",
        "crawl": "LAMBDA a . LAMBDA e . crawl ( e ) AND agent ( e , a )",
        "shark": "LAMBDA a . shark ( a )",
        "Paula": "Paula",
    }


def test_each_form_is_well_formed_and_variables_are_drawn_anew_for_each_row(recogs):
    data = recogs.load("generated", {"rows": 200, "asked": 20, "category_rows": 5}, 0)

    forms = data.train["form"].to_pylist()
    firsts = [re.search(r"\d+", form)[0] for form in forms if "(" in form and "LAMBDA" not in form]
    assert all(map(recogs.well_formed, forms))
    assert not recogs.well_formed("Emma ( 0 ) ; run ( 1 ) AND")
    assert len(set(firsts)) > 40


def test_a_form_of_very_many_words_has_a_variable_for_each():
    sentence = "Emma ate " + "a cake on " * 70 + "a table ."

    form = FORMS.drawn(sentence, random.Random(0).random)  # noqa: S311

    assert len(set(re.findall(r"\d+", form))) == 73
    assert SEMANTIC.same(form, FORMS.by_positions(sentence))
