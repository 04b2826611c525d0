"""A task's card, once it is read."""

import pytest

from genbench import cards
from genbench.errors import UnknownName


def test_a_card_cannot_be_changed_once_it_is_read(folder, task_text):
    card = cards.read(folder(task_text))

    for values in (card.params, card.splits, card.inputs, card.splits["length"].params):
        with pytest.raises(TypeError):
            values["more"] = 1


def test_an_unknown_split_gets_a_hint(folder, task_text):
    with pytest.raises(UnknownName, match="^reversal has no split 'lenght'; did you mean 'length'\\?$"):
        cards.read(folder(task_text)).split("lenght")


@pytest.fixture
def levelled(folder, task_text, changed):
    """A card that tells chance and the best attainable as expressions, and a floor as a number."""
    text = changed(
        task_text,
        ("chance = 0\n", 'chance = "1/vocabulary"\nfloor = 0.25\nbayes = "1 - 1/vocabulary**2"\n'),
        ("embedded = true\n", 'embedded = true\ncluster = "length"\nbimodal = true\n'),
    )
    return cards.read(folder(text))


def test_levels_may_be_expressions_of_parameters_and_question_sets_may_have_their_own(levelled):
    split = levelled.splits["length"]

    assert split.levels("chance") == {"test": 0.25, "again": 0.125}
    assert split.levels("bayes") == {"test": 1 - 1 / 64, "again": 1 - 1 / 64}
    assert split.chance_of("again", {"vocabulary": 4}) == 0.25
    assert (levelled.cluster, levelled.bimodal) == ("length", True)


def test_a_level_as_a_number_is_of_the_cards_own_parameters_only(levelled):
    split = levelled.splits["length"]

    assert split.levels("chance", {"vocabulary": 4}) == {"again": 0.25}
    assert split.levels("floor", {"vocabulary": 4}) == {}
    assert split.levels("bayes", {"vocabulary": 0}) == {}


def test_a_split_may_say_for_itself_what_was_drawn_and_whether_seeds_part(folder, task_text, changed):
    task = ("embedded = true\n", 'embedded = true\ncluster = "length"\nbimodal = true\n')
    own = ("chance = 0\n", 'chance = 0\ncluster = ""\nbimodal = false\n')

    for changes, wanted in (([task], ("length", True)), ([task, own], ("", False))):
        card = cards.read(folder(changed(task_text, *changes)))
        assert (card.cluster_of(card.splits["length"]), card.bimodal_of(card.splits["length"])) == wanted


def test_values_that_are_all_there_are_stand_in_place_of_those_that_were_drawn(folder, task_text, changed):
    task = ("embedded = true\n", 'embedded = true\ncluster = "length"\n')
    own = ("chance = 0\n", 'chance = 0\nstrata = "length"\n')

    for changes, wanted in (([task], ("length", "")), ([task, own], ("", "length")), ([own], ("", "length"))):
        card = cards.read(folder(changed(task_text, *changes)))
        assert (card.cluster_of(card.splits["length"]), card.strata_of(card.splits["length"])) == wanted


def test_values_cannot_be_drawn_and_all_there_are(faults, task_text, changed):
    both = ("embedded = true\n", 'embedded = true\ncluster = "length"\nstrata = "length"\n')

    (told,) = faults(changed(task_text, both))
    assert told.startswith("keys 'cluster' and 'strata' exclude each other: the values of an axis were drawn (cluster)")


def test_a_cluster_that_is_no_axis_is_a_fault(faults, task_text, changed):
    assert faults(changed(task_text, ("embedded = true\n", 'embedded = true\ncluster = "lenght"\n'))) == [
        "key 'cluster' is 'lenght', which is not among the task's axes; did you mean 'length'?"
    ]
