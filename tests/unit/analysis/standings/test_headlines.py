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


def test_overridden_parameters_keep_what_the_card_tells_as_an_expression(tmp_path, a_cell, a_score, stand):
    (tmp_path / "toy").mkdir()
    text = CARD.replace(
        "chance = 0.25", 'chance = "1/width"\nbayes = "1 - 1/width"\nfloor = 0.3\nparams = { width = 4 }'
    )
    text = text.replace("[splits.echo]", "[params]\nwidth = 2\n[splits.echo]")
    (tmp_path / "toy" / "card.toml").write_text(text % ("0" * 64))
    card = cards.read(tmp_path / "toy", "task")
    cells = [a_cell(split=split) for split in ("echo", "echo:width=8")]
    told = {"toy/echo": headline(card, card.splits["echo"])}

    found = stand(
        [(cell | {"cell": cell["split"]}, [a_score(cell | {"cell": cell["split"]}, 0.5)]) for cell in cells], told
    )

    assert {(one.split, one.chance, one.floor, one.bayes) for one in found if one.question_set == "test"} == {
        ("echo", 0.25, 0.3, 0.75),
        ("echo:width=8", 0.125, None, 0.875),
    }


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
