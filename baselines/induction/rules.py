"""Rules that rewrite a row of items, and what a list of them makes of rows.

An example is a row of items: function words, and phrases that carry their value, a piece of the target. At first every
content word is a phrase. A rule says that a window of items is one phrase and how its value is made of theirs:

    A twice      ->  A    value 1 1
    A and A      ->  A    value 1 2

To reduce a row is to apply the first rule that fits anywhere, leftmost place first, until none fits. The rule's place
in the list is its precedence, so a row has one derivation and nothing has to be weighed when a question is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Tokens = tuple[str, ...]


class Phrase(NamedTuple):
    """What a stretch of the source has been reduced to: its category and its value."""

    category: int
    value: Tokens


Item = str | Phrase  # a function word, or a phrase
Row = tuple[Item, ...]
Pattern = tuple[str | int, ...]  # function words and categories
Template = tuple[str | int, ...]  # target tokens, and numbers of the window's phrases


@dataclass(frozen=True, slots=True)
class Rule:
    """A window of items that is one phrase, of category `result`, whose value is `template` filled."""

    pattern: Pattern
    template: Template
    result: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """Content words as phrases, and the rules in their order."""

    words: Mapping[str, Phrase]
    rules: tuple[Rule, ...]

    def answer(self, source: Sequence[str]) -> Tokens | None:
        """The value of the one phrase that `source` reduces to; nothing where more than one item is left."""
        whole: Row = tuple(self.words.get(word, word) for word in source)
        row = followed(whole, steps(symbols_of(whole), self.rules))
        return row[0].value if len(row) == 1 and isinstance(row[0], Phrase) else None


def steps(symbols: Pattern, rules: Sequence[Rule]) -> list[tuple[Rule, int]]:
    """Which rules reduce a row with these symbols, and where: the first that fits, leftmost, until none fits."""
    taken = []
    place = 0
    while place < len(rules):
        rule = rules[place]
        width = len(rule.pattern)
        for begin in range(len(symbols) - width + 1):
            if symbols[begin : begin + width] == rule.pattern:
                taken.append((rule, begin))
                symbols = (*symbols[:begin], rule.result, *symbols[begin + width :])
                place = 0
                break
        else:
            place += 1
    return taken


def followed(row: Row, taken: Iterable[tuple[Rule, int]]) -> Row:
    """The row after these steps."""
    for rule, begin in taken:
        end = begin + len(rule.pattern)
        phrase = Phrase(rule.result, filled(rule.template, values_of(row[begin:end])))
        row = (*row[:begin], phrase, *row[end:])
    return row


def reduced(rows: Iterable[tuple[Row, Tokens]], rules: Sequence[Rule]) -> list[tuple[Row, Tokens]]:
    """The rows as the rules reduce them; rows with equal symbols take equal steps, which are looked for once."""
    known: dict[Pattern, list[tuple[Rule, int]]] = {}
    ends = []
    for row, target in rows:
        symbols = symbols_of(row)
        if symbols not in known:
            known[symbols] = steps(symbols, rules)
        ends.append((followed(row, known[symbols]), target))
    return ends


def symbols_of(row: Row) -> Pattern:
    """Function words and categories of the items."""
    return tuple(item.category if isinstance(item, Phrase) else item for item in row)


def values_of(row: Row) -> list[Tokens]:
    """The values of the phrases, in order."""
    return [item.value for item in row if isinstance(item, Phrase)]


def filled(template: Template, values: Sequence[Tokens]) -> Tokens:
    """The template's tokens, with values for numbers."""
    whole: list[str] = []
    for part in template:
        if isinstance(part, int):
            whole.extend(values[part])
        else:
            whole.append(part)
    return tuple(whole)


def answered(rules: Sequence[Rule], rows: Sequence[tuple[Row, Tokens]]) -> int:
    """How many rows reduce to one phrase with their target as its value."""
    ends = reduced(rows, rules)
    return sum(len(end) == 1 and isinstance(end[0], Phrase) and end[0].value == target for end, target in ends)
