"""What a card says that a standing rests on."""

from genbench import cards
from genbench.analysis.standings import headline


def test_without_a_card_the_first_metric_by_name_is_shown_and_chance_left_open(a_cell, a_score, stand):
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 0.5), a_score(cell, 0.7, metric="accuracy")])], {})

    assert (one.metric, one.mean, one.chance, one.direction) == ("accuracy", 0.7, None, "higher")


def test_overridden_parameters_keep_the_metric_of_the_card_but_not_its_chance(a_cell, a_score, stand):
    cell = a_cell(split="echo:width=9")

    (one,) = stand([(cell, [a_score(cell, 0.5), a_score(cell, 0.7, metric="accuracy")])])

    assert (one.metric, one.chance) == ("exact_match", None)


CARD = """
kind = "task"
name = "toy"
title = "Toy"
entry = "task:load"
about = "a toy"
source = "here"
license = "CC0-1.0"
embedded = true
inputs = { word = "string" }
target = { echo = "string" }
axes = { length = "int64" }
metrics = ["exact_match", "token_accuracy"]
[splits.echo]
about = "say it back"
chance = 0.25
train = 1
fingerprint = "sha256:%s"
[splits.echo.questions.test]
kind = "ood"
rows = 2
[splits.echo.questions.again]
kind = "trained"
rows = 1
chance = 0.5
"""


def test_the_headline_of_a_split_is_what_its_card_says(tmp_path):
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "card.toml").write_text(CARD % ("0" * 64))
    card = cards.read(tmp_path / "toy", "task")

    found = headline(card, card.splits["echo"])

    assert (found.metric, found.direction, found.axes) == ("exact_match", "higher", ("length",))
    assert (found.title, found.about) == ("Toy", "say it back")
    assert found.chance == {"test": 0.25, "again": 0.5}
    assert found.kinds == {"test": "ood", "again": "trained"}


def test_without_a_card_less_of_a_known_error_is_better(a_cell, a_score, stand):
    cell = a_cell()

    (one,) = stand([(cell, [a_score(cell, 7.5, metric="squared_error")])], {})

    assert (one.metric, one.mean, one.direction, one.bounded) == ("squared_error", 7.5, "lower", False)
