"""A solver for each split: the answer, read off the prompt's words by rules that share no line with the generator.

They work on words one at a time, with Python's own integers, which are exact at any length. The tests hold every target
against them; they are slow, and right for whoever wants to check an answer.

>>> answer("addition_hints", "h5 0 h6 3 h7 6 + h5 0 h6 0 h7 7 =")
'h7 3 h6 4 h5 0'
>>> length("addition_hints", "h5 0 h6 3 h7 6 + h5 0 h6 0 h7 7 =")
2
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def answer(split: str, prompt: str, base: int = 10) -> str:
    """The right answer to a prompt of the split; additions, products and modular sums are in `base`.

    A scratchpad counts `base` symbols, in three digits.
    Raises ValueError for a prompt that has none: a mode that is tied, hints that differ between the summands, brackets
    that do not nest or leave none open, a key that is not there, a last symbol that stood in no one place before.
    """
    words = prompt.split()
    if split in SOLVERS:
        return SOLVERS[split](words)
    if split.startswith("mode_scratchpad"):
        return _counted(words, base, ordered=split.endswith("sorted"))
    if split == "modular_sum":
        return str(sum(map(int, words)) % base)
    if split.startswith("increment"):
        return _changing(words[1:], base) if words[0] == "*" else _next(words, base)
    return _product(words, base) if split == "multiplication" else _sum(split, prompt, base)


def length(split: str, prompt: str) -> int:
    """The length of a prompt as README.md defines it for the split."""
    words = prompt.split()
    if split == "count":
        return int(words[1]) - int(words[0]) + 1
    if split.startswith("addition"):
        return max(1, *(len(digits) - _zeros(digits) for _, digits in summands(split, prompt)))
    if split == "multiplication":
        return words.index("*")
    if split in BESIDE:
        return len(words) - BESIDE[split] - words.count("*")
    if split == "associative_recall":
        return len(words) // 2 - 1
    return len(words) // 2 if split == "parity_scratchpad" else len(words)


def summands(split: str, prompt: str) -> list[tuple[list[str], list[str]]]:
    """Both summands of an addition as (hints, digits); without hints the former are empty."""
    first, second = prompt.removesuffix(" =").split(" + ")
    parts = [side.split() for side in (first, second)]
    return [(part[::2], part[1::2]) if "hints" in split else ([], part) for part in parts]


def _sum(split: str, prompt: str, base: int) -> str:
    (hints, one), (other_hints, other) = summands(split, prompt)
    if hints != other_hints:
        raise ValueError(f"the summands of {prompt!r} have different hints")
    left, total = _number(one, base) + _number(other, base), []
    for _ in one:
        left, digit = divmod(left, base)
        total.append(str(digit))
    total.reverse()
    pairs = [f"{hint} {digit}" for hint, digit in zip(hints, total, strict=True)] if hints else total
    return " ".join(pairs[::-1] if split in {"addition_reversed", "addition_hints"} else pairs)


def _count(words: Sequence[str]) -> str:
    first, last = map(int, words)
    return " ".join(map(str, range(first, last + 1)))


def _mode(words: Sequence[str]) -> str:
    (most, times), *others = Counter(words).most_common()
    if any(other == times for _, other in others):
        raise ValueError(f"no one symbol of {' '.join(words)!r} is the most frequent")
    return most


def _counted(words: Sequence[str], symbols: int, *, ordered: bool) -> str:
    counts = {str(symbol): words.count(str(symbol)) for symbol in range(symbols)}
    order = sorted(counts, key=lambda symbol: counts[symbol]) if ordered else list(counts)
    told = [f"{symbol} {' '.join(f'd{digit}' for digit in f'{counts[symbol]:03d}')}" for symbol in order]
    return f"{' '.join(told)} = {_mode(words)}"


def _next(words: Sequence[str], base: int) -> str:
    left, digits = _number(words, base) + 1, []
    for _ in words:
        left, digit = divmod(left, base)
        digits.append(str(digit))
    return " ".join(reversed(digits))


def _changing(words: Sequence[str], base: int) -> str:
    after = _next(words, base).split()
    return " ".join(words[next(place for place, word in enumerate(words) if word != after[place]) :])


def _signs(words: Sequence[str]) -> str:
    ones = [hint for hint, bit in zip(words[::2], words[1::2], strict=True) if bit == "1"]
    return " ".join(f"{'-' if number % 2 else '+'} {hint}" for number, hint in enumerate(ones))


def _recalled(words: Sequence[str]) -> str:
    *pairs, _, key = words
    found = [value for one, value in zip(pairs[::2], pairs[1::2], strict=True) if one == key]
    if len(found) != 1:
        raise ValueError(f"{' '.join(words)!r} asks for a key that has {len(found)} values")
    return found[0]


def _followed(words: Sequence[str]) -> str:
    places = [place for place, word in enumerate(words[:-1]) if word == words[-1]]
    if len(places) != 1 or places[0] == len(words) - 2:
        raise ValueError(f"the last symbol of {' '.join(words)!r} stood before in no one place that another follows")
    return words[places[0] + 1]


def _product(words: Sequence[str], base: int) -> str:
    first, second = (part.split() for part in " ".join(words).removesuffix(" =").split(" * "))
    left, digits = _number(first, base) * _number(second, base), []
    for _ in (*first, *second):
        left, digit = divmod(left, base)
        digits.append(str(digit))
    return " ".join(digits)


def _closing(words: Sequence[str]) -> str:
    """Brackets that match are taken out as long as there are any; what is left must open, and is closed backwards."""
    text = " ".join(words) + " "
    for _ in words:
        text = re.sub(r"\((\d+) \)\1 ", "", text)
    if ")" in text or not text:
        raise ValueError(f"{' '.join(words)!r} does not nest, or leaves no bracket open")
    return " ".join(reversed(text.split())).replace("(", ")")


def _number(digits: Sequence[str], base: int) -> int:
    value = 0
    for digit in digits:
        value = value * base + int(digit)
    return value


def _zeros(digits: Sequence[str]) -> int:
    """How many zeros lead."""
    return next((place for place, digit in enumerate(digits) if digit != "0"), len(digits))


BESIDE = {"induction_heads": 2, "increment": 1, "increment_hint": 1}  # words that length leaves out
SOLVERS: dict[str, Callable[[Sequence[str]], str]] = {
    "count": _count,
    "mode": _mode,
    "copy_unique": " ".join,
    "copy_repeat": " ".join,
    "parity": lambda words: "01"[words.count("1") % 2],
    "parity_scratchpad": _signs,
    "reverse": lambda words: " ".join(reversed(words)),
    "dyck": _closing,
    "associative_recall": _recalled,
    "induction_heads": _followed,
}
