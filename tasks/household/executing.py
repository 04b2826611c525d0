"""Whether a plan brings a thing where it is wanted, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

ACTIONS = ("walk", "grab", "put")
LONGEST = 100  # steps that are carried out


def goal_reached(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> np.ndarray:
    """1 for each answer after which the thing lies on the place that was wanted, else 0."""
    del questions  # the shortest plan says where both are, and what is wanted
    pairs = zip(answers.to_pylist(), targets.to_pylist(), strict=True)
    return np.array([float(reaches(answer or "", target)) for answer, target in pairs])


def reaches(answer: str, shortest: str) -> bool:
    """Whether a plan ends as the shortest one does. What cannot be done ends it: nothing after it is carried out.

    >>> shortest = "walk kitchen grab kettle walk study put shelf"
    >>> reaches("walk garage walk kitchen grab kettle walk study put shelf", shortest)
    True
    >>> reaches("grab kettle walk study put shelf", shortest), reaches("walk kitchen grab kettle put shelf", shortest)
    (False, False)
    """
    of_thing, thing, of_place, place = shortest.split()[1::2]
    given = answer.split()
    if len(given) % 2 or len(given) > 2 * LONGEST:
        return False
    room, held, lies = "", False, False
    for action, what in zip(given[::2], given[1::2], strict=True):
        if action == "walk":
            room = what
        elif action == "grab" and what == thing and (held or room == (of_place if lies else of_thing)):
            held, lies = True, False
        elif action == "put" and what == place and held and room == of_place:
            held, lies = False, True
        else:
            return False
    return lies


def well_formed(answer: str) -> bool:
    """Whether an answer is actions and what they are done to, in turn."""
    words = answer.split()
    return bool(words) and not len(words) % 2 and all(word in ACTIONS for word in words[::2])
