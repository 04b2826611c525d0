"""Let it Wag!: the long tail of visual concepts.

Udandarao, Prabhu et al. 2024 (arXiv:2404.04125) ask how well models know concepts that their pretraining data hardly
show. `zero_shot.py` reads their test set as it is hosted, `synthetic.py` makes a long tail to train on.

    image    a photograph of a bird                         a cyan disc with darker stripes
    label    2, which the feature names Acadian_Flycatcher  17, which the feature names striped cyan disc
    class    Acadian_Flycatcher  frequency 0  group tail    striped cyan disc  frequency 37  group head

The last line travels with the targets: the class, how often it occurs in training, and the third that it falls in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import synthetic
import zero_shot  # what is heavy is imported where it is used: a neighbour can be imported at the top only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Data


def load(split: str, params: Mapping[str, Any], seed: int) -> Data:
    """The split called `split`. Raises `BadValue` for a parameter out of range."""
    made = split.startswith("synthetic")
    return synthetic.load(split, params, seed) if made else zero_shot.load(params)  # nothing in the latter is drawn
