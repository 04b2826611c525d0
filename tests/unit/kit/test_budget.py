from __future__ import annotations

import pytest

from genbench.errors import BadValue
from genbench.kit.budget import Budget
from genbench.kit.tally import Tally


@pytest.mark.parametrize(
    "given", [{}, {"steps": 1, "examples": 1}, {"steps": 0}, {"flops": -1.0}, {"steps": 1, "flops": 1.0}]
)
def test_a_budget_is_one_number_above_nothing(given):
    with pytest.raises(BadValue, match="a budget is one of steps, examples and flops, above 0; given are"):
        Budget(**given)


@pytest.mark.parametrize(("budget", "spent"), [(Budget(steps=9), 2), (Budget(examples=9), 30), (Budget(flops=9), 1e6)])
def test_what_is_spent_is_counted_in_the_budgets_own_unit(budget, spent):
    assert budget.spent(Tally(steps=2, examples=30, tokens=400, flops=1e6)) == spent
