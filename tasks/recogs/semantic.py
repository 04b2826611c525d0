"""Whether two forms say the same: equal up to a renaming of variables and the order of conjuncts.

A form is a set of conjuncts, a predicate (`* cookie`, `agent`, `nmod . in`) of one or two variables; `;` and `AND` both
join them. Two are the same where some one-to-one renaming makes the sets equal. As the release counts (its
`recogs_exact_match`), a conjunct said twice is said once; there two variables may also be renamed into one, which here
they may not. A word alone, whose variables are bound, is compared as it is written.

Variables are told apart by what is said of them, then by what is said of those beside them, and so on; where some are
still alike, each renaming of one is tried.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

Conjunct = tuple[str, tuple[str, ...]]

_CONJUNCT = re.compile(r"((?:\* )?[A-Za-z]+(?: \. [a-z]+)?) \( (\d+)(?: , (\d+))? \)")
_JOINED = re.compile(r" (?:;|AND) ")


def match(answers: pa.Array, targets: pa.Array, questions: pa.Table) -> np.ndarray:
    """1 for each answer that says what its target says, else 0; a null answer says nothing."""
    del questions
    pairs = zip(answers.to_pylist(), targets.to_pylist(), strict=True)
    return np.array([float(answer is not None and same(answer, target)) for answer, target in pairs])


def same(answer: str, target: str) -> bool:
    """Whether an answer says what the target says.

    >>> same("agent ( 8 , 2 ) AND run ( 8 ) AND Emma ( 2 )", "Emma ( 0 ) ; run ( 1 ) AND agent ( 1 , 0 )")
    True
    >>> same("Emma ( 1 ) ; run ( 1 ) AND agent ( 1 , 1 )", "Emma ( 0 ) ; run ( 1 ) AND agent ( 1 , 0 )")
    False
    """
    if answer.split() == target.split():
        return True
    given, wanted = read(answer), read(target)
    if given is None or wanted is None or len(given) != len(wanted):
        return False
    return _alike(given, wanted, dict.fromkeys(_variables(given), 0), dict.fromkeys(_variables(wanted), 0))


def read(form: str) -> frozenset[Conjunct] | None:
    """The conjuncts of a form; None for what is none."""
    found = [_CONJUNCT.fullmatch(part) for part in _JOINED.split(" ".join(form.split()))]
    if not all(found):
        return None
    return frozenset((one[1], tuple(name for name in one.groups()[1:] if name is not None)) for one in found if one)


def _variables(conjuncts: frozenset[Conjunct]) -> set[str]:
    return {name for _, names in conjuncts for name in names}


def _alike(
    given: frozenset[Conjunct], wanted: frozenset[Conjunct], ours: Mapping[str, int], theirs: Mapping[str, int]
) -> bool:
    """Whether a renaming makes the two equal that takes variables to those of the same colour, `ours` to `theirs`."""
    kinds = len(set(ours.values()))
    while True:
        known: dict[object, int] = {}
        ours, theirs = _finer(given, ours, known), _finer(wanted, theirs, known)
        if Counter(ours.values()) != Counter(theirs.values()):
            return False
        if len(set(ours.values())) == kinds:
            break
        kinds = len(set(ours.values()))
    doubtful = next((name for name in sorted(ours) if list(ours.values()).count(ours[name]) > 1), None)
    if doubtful is None:
        names = {colour: name for name, colour in theirs.items()}
        renamed = {name: names[colour] for name, colour in ours.items()}
        return {(what, tuple(renamed[name] for name in of)) for what, of in given} == wanted
    own = len(known)  # a colour that no other has
    likely = [name for name in sorted(theirs) if theirs[name] == ours[doubtful]]
    return any(_alike(given, wanted, {**ours, doubtful: own}, {**theirs, name: own}) for name in likely)


def _finer(conjuncts: frozenset[Conjunct], colours: Mapping[str, int], known: dict[object, int]) -> dict[str, int]:
    """Each variable's colour by its own and by what is said of it and of what colours; `known` numbers them."""
    said: dict[str, list[object]] = {name: [] for name in colours}
    for what, names in conjuncts:
        beside = tuple(colours[name] for name in names)
        for place, name in enumerate(names):
            said[name].append((what, place, beside))
    return {
        name: known.setdefault((colours[name], tuple(sorted(map(repr, said[name])))), len(known)) for name in colours
    }
