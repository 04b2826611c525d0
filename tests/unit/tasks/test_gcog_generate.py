import math
from itertools import islice

import numpy as np
import pytest


@pytest.fixture(scope="module")
def gcog(task_module):
    return task_module("gcog")


def test_coins_are_fair(gcog):
    generate, names = gcog.generate, gcog.language.OPERATORS
    recipe = {depth: generate.Recipe(depth, 5) for depth in (1, 3)}
    single, trees = (generate.joined(islice(generate.blocks(recipe[depth], "coins", depth), 8)) for depth in recipe)

    true = single.answer[single.operator == names.index("exist")] == 0
    paired = np.array([name in gcog.language.PARITIES for name in names])
    two = trees.two[paired[trees.operators]]
    assert not trees.two[~paired[trees.operators]].any()
    for coin in (true, two):
        assert abs(coin.mean() - 0.5) < 4 * 0.5 / math.sqrt(len(coin))
    ((starts, ends),) = recipe[3].groups
    for part, options in ((trees.operators[:, 0], starts), (trees.operators[:, 1:].ravel(), ends)):
        shares = np.bincount(part, minlength=8) / len(part)
        assert shares == pytest.approx([(place in options) / len(options) for place in range(8)], abs=0.01)
