"""How the value of a window is made of the values inside it: templates, read off some targets and judged by others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rules import filled, values_of
from sampling import spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rules import Row, Template, Tokens

WITNESSES = 12  # places of a window from which templates are read
JUDGES = 20_000  # places of a window at which a template is verified
READINGS = 8  # templates read at one place at most
STEPS = 400  # of the search for them


def telling(
    rows: Sequence[tuple[Row, Tokens]], places: Iterable[tuple[int, int]], width: int
) -> Iterator[tuple[list[Tokens], list[Tokens]]]:
    """The window's values and the stretches of the target that may hold its own, at places that can tell.

    Such a place has tokens that stand nowhere else in its row; stretches lie between tokens of the row's other phrases.
    """
    for number, begin in places:
        row, target = rows[number]
        values = values_of(row[begin : begin + width])
        own = {token for value in values for token in value}
        foreign = {token for value in values_of((*row[:begin], *row[begin + width :])) for token in value}
        if own.isdisjoint(foreign) and sum(map(len, map(set, values))) == len(own):
            yield values, [part for part in parted(target, foreign) if own & set(part)]


def parted(target: Tokens, foreign: set[str]) -> Iterator[Tokens]:
    """The stretches between foreign tokens."""
    begin = 0
    for end, token in enumerate(target):
        if token in foreign:
            yield target[begin:end]
            begin = end + 1
    yield target[begin:]


def templates(
    seen: Sequence[tuple[list[Tokens], list[Tokens]]], agreement: float, *, doubtful: bool
) -> list[tuple[Template, float]]:
    """Templates that hold at the share `agreement` of the places, with that share, the one that says most first.

    A `doubtful` share is Laplace's, lower where places are few.
    """
    read: Counter[Template] = Counter()
    for values, parts in spread(seen, WITNESSES):
        read.update(set(readings(values, parts)))
    judges = spread(seen, JUDGES)
    good = []
    for template in read:
        misses, allowed = 0, (1 - agreement) * len(judges)
        for values, parts in judges:
            misses += not holds(template, values, parts)
            if misses > allowed:
                break
        else:
            prior = 1 if doubtful else 0
            good.append((template, (len(judges) - misses + prior) / (len(judges) + 2 * prior)))
    return sorted(good, key=lambda pair: (-len(pair[0]), str(pair[0])))


def readings(values: Sequence[Tokens], parts: Sequence[Tokens]) -> Iterator[Template]:
    """Templates that could have made one of the stretches, or one of the equal shares it falls into."""
    own = {token for value in values for token in value}
    for part in dict.fromkeys(parts):
        held = [place for place, token in enumerate(part) if token in own]
        for stretch in {part, part[held[0] : held[-1] + 1]}:
            for share in shares(stretch):
                yield from decompositions(share, values, own)


def shares(stretch: Tokens) -> Iterator[Tokens]:
    """The stretch, and each shorter one that makes it when repeated."""
    for length in range(len(stretch), 0, -1):
        if len(stretch) % length == 0 and stretch[:length] * (len(stretch) // length) == stretch:
            yield stretch[:length]


def decompositions(share: Tokens, values: Sequence[Tokens], own: set[str]) -> Iterator[Template]:
    """Ways to write `share` with the values; tokens that no value has stay as they are. `READINGS` at most."""
    found = steps = 0
    stack: list[tuple[int, Template]] = [(0, ())]
    while stack and found < READINGS and steps < STEPS:
        steps += 1
        place, template = stack.pop()
        if place == len(share):
            found += 1
            yield template
            continue
        if share[place] not in own:
            stack.append((place + 1, (*template, share[place])))
        for number, value in enumerate(values):
            if share[place : place + len(value)] == value:
                stack.append((place + len(value), (*template, number)))


def holds(template: Template, values: Sequence[Tokens], parts: Sequence[Tokens]) -> bool:
    """Whether copies of the filled template hold all tokens of the values in the stretches, and each one holds some."""
    value = filled(template, values)
    own = {token for inner in values for token in inner}
    if not parts:
        return False
    for part in parts:
        place, copies = 0, 0
        while place < len(part):
            if part[place : place + len(value)] == value:
                place, copies = place + len(value), copies + 1
            elif part[place] in own:
                return False
            else:
                place += 1
        if not copies:
            return False
    return True
