"""Cards found, and those that cannot be read."""

import pytest

from genbench import registry
from genbench.errors import UnknownName


def test_the_bundled_cards_are_found_without_a_fault():
    found = registry.catalogue()

    assert found.tasks
    assert found.submissions
    assert found.faults == ()


def test_a_card_with_faults_is_reported_and_explains_why_its_name_is_not_known(home):
    (home / "baselines" / "idle" / "card.toml").write_text("kind = 'submission'")

    found = registry.catalogue()

    assert list(found.submissions) == ["faulty"]
    assert [fault.where for fault in found.faults] == [f"{home}/baselines/idle/card.toml"]
    with pytest.raises(
        UnknownName, match="(?s)^no submission is called 'idle'; its card has faults:\n.*missing key 'name'"
    ):
        registry.choose_submissions(["idle"], found)
