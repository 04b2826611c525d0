"""Published models on two test sets, and the lines through them."""

import pytest

from genbench import registry
from genbench.analysis import published
from genbench.errors import BadCard


def test_the_published_models_lie_on_the_two_published_lines():
    (one,) = published.against(registry.published_folder())

    fits = published.slopes(one)

    assert len(one.models) == 40
    assert (round(fits["below"].slope, 4), fits["below"].models) == (0.6030, 9)
    assert (round(fits["above"].slope, 4), fits["above"].models) == (1.5776, 31)
    assert round(100 * fits["below"].intercept, 2) == -7.59
    assert round(100 * fits["above"].intercept, 2) == -65.66


def test_faults_of_a_file_of_two_test_sets_are_said_at_once(tmp_path):
    (tmp_path / "t.toml").write_text(
        '[[against]]\ntask = "t"\nstatus = "guessed"\nmodels = [{ model = "a", value = 1.5 }]\nmodel = "b"\n'
    )

    with pytest.raises(BadCard) as fault:
        published.against(tmp_path)

    said = "\n".join(fault.value.faults)
    assert "against 1: missing key 'paper'" in said
    assert "against 1: unknown key 'model'; did you mean 'models'?" in said
    assert "against 1: status is 'guessed'; it must be one of verified, stated" in said
    assert (
        "against 1: model 1 is {'model': 'a', 'value': 1.5}; it must have model, pretraining, value and other" in said
    )
