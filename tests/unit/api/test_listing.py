"""The cards, as a notebook has them."""

from dataclasses import replace

import pytest

import genbench
from genbench import registry
from genbench.cards import SubmissionCard, TaskCard
from genbench.errors import BadCard, UnknownName


def test_every_card_is_found_by_its_name():
    assert all(isinstance(card, TaskCard) and card.name == name for name, card in genbench.tasks().items())
    assert all(isinstance(card, SubmissionCard) for card in genbench.submissions().values())
    assert {"scan", "modular"} <= genbench.tasks().keys()
    assert {"chance", "mlp"} <= genbench.submissions().keys()


def test_a_name_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(UnknownName, match="^there is no 'scna'; did you mean 'scan'\\?$"):
        genbench.tasks()["scna"]


def test_asking_whether_a_name_is_there_raises_nothing():
    assert "scna" not in genbench.tasks()
    assert genbench.tasks().get("scna") is None


def test_cards_with_faults_are_named_by_one_warning_and_the_others_are_there(monkeypatch):
    whole = registry.catalogue()
    faults = (BadCard("one/card.toml", ["missing key 'name'"]), BadCard("two/card.toml", ["missing key 'title'"]))
    monkeypatch.setattr(registry, "catalogue", lambda: registry.Catalogue(whole.tasks, whole.submissions, faults))

    with pytest.warns(UserWarning, match="(?s)^left out, for their cards have faults:\none/.*'name'\ntwo/.*'title'$"):
        found = genbench.tasks()

    assert "scan" in found


def test_what_is_shown_is_a_line_a_card():
    assert "scan " in repr(genbench.tasks())
    assert repr(genbench.tasks()).count("\n") == len(genbench.tasks()) - 1


def test_a_hostile_title_is_text_in_html(monkeypatch):
    whole = registry.catalogue()
    evil = {"chance": replace(whole.submissions["chance"], title="<script>alert(1)</script>")}
    monkeypatch.setattr(registry, "catalogue", lambda: registry.Catalogue({}, evil, ()))

    assert "<script>" not in genbench.submissions()._repr_html_()
    assert "&lt;script&gt;" in genbench.submissions()._repr_html_()
