"""The answer to a row of sorting, by looking at its sequence one element at a time: it shares no line with the task.

The tests hold every target against it.

>>> answer("41 7 93 7"), answer("successor 41 7 93 7 | 7"), answer("fill 41 7 93 7 | 7 7 _ 93")
('7 7 41 93', '41', '41')
"""

from __future__ import annotations


def answer(text: str) -> str:
    """What is to be answered, whether the row sorts or is a hint.

    Raises ValueError for a row that has no answer, as one that asks about what the sequence does not hold.
    """
    word, _, rest = text.partition(" ")
    if word.isdecimal():
        return " ".join(map(str, _in_order([int(token) for token in text.split()])))
    sequence, about = rest.split(" | ")
    left = [int(token) for token in sequence.split()]
    if word == "fill":
        for shown in about.split():
            if shown != "_":
                left.remove(int(shown))
        (missing,) = left
        return str(missing)
    asked = int(about)
    places = [place for place, value in enumerate(_in_order(left), start=1) if value == asked]
    if not places:
        raise ValueError(f"{text!r} asks about {asked}, which is not there")
    if word == "successor":
        return str(min(value for value in left if value > asked))
    if word == "predecessor":
        return str(max(value for value in left if value < asked))
    if word == "count":
        return str(len(places))
    if word == "parity":
        return "odd" if places[0] % 2 else "even"
    raise ValueError(f"{text!r} begins with no hint")


def _in_order(left: list[int]) -> list[int]:
    """Selection, as the paper's construction sorts: the least of what is left, again and again."""
    left, taken = list(left), []
    while left:
        taken.append(min(left))
        left.remove(taken[-1])
    return taken
