"""The phases of Doshi, Das, He & Gromov 2023 (arXiv:2310.13061), appendix C."""

from __future__ import annotations

from typing import Final, Literal, get_args

Phase = Literal["coexistence", "partial inversion", "full inversion", "memorization", "forgetting", "confusion"]

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
HIGH: Final = 0.9  # accuracy from which on the paper calls one high
ABOVE_CLEAN: Final = 1.05  # less the share of corrupted labels: below it, those are refused almost all


def phase(train: float, test: float, corruption: float, best: float = 0.0) -> Phase:
    """The paper's phase for accuracies (0 to 1) on training and held-out questions, given the share of wrong labels.

    | phase                | test    | train                                   |
    | -------------------- | ------- | --------------------------------------- |
    | coexistence          | >= 90 % | >= 90 %                                 |
    | partial inversion    | >= 90 % | < 90 % and >= 100 (1.05 - corruption) % |
    | full inversion       | >= 90 % | < 100 (1.05 - corruption) %             |
    | memorization         | < 90 %  | >= 90 %                                 |
    | forgetting/confusion | < 90 %  | < 90 %                                  |

    The last is one in the paper's table. Its text calls it forgetting where a network unlearns what it had learned, so
    here it is forgetting where the highest accuracy on held-out questions, `best`, was at least 90 %.

    >>> phase(0.77, 1.0, 0.35), phase(0.653, 1.0, 0.35), phase(0.01, 0.01, 0.35, best=1.0)
    ('partial inversion', 'full inversion', 'forgetting')
    """
    if test < HIGH:
        return "memorization" if train >= HIGH else "forgetting" if best >= HIGH else "confusion"
    if train >= HIGH:
        return "coexistence"
    return (
        "partial inversion" if train >= round(ABOVE_CLEAN - corruption, 9) else "full inversion"
    )  # .7, not .7 + 1e-16
