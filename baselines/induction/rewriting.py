"""Strings into strings: an ordered list of rewriting rules, each verified against the training examples.

`rules` says what a rule is and does. One is sought as a window of items (here), with a template for its value
(`templates`) and a category (`categories`); what holds at every place comes first. In the end the rules that are two in
one are taken apart (`factoring`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from categories import category, interchangeable
from factoring import factored
from rules import Grammar, Phrase, Rule, answered, reduced, symbols_of
from templates import telling, templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rules import Pattern, Row, Template, Tokens

WIDEST = 4  # items in a rule's window
RULES = 60  # no more are learned
TRIED = 40  # windows that are looked into before learning stops for want of a rule


@dataclass
class Effort:
    """How many rows and places may still be looked at: learning ends by this count, never by the clock."""

    left: int

    def spend(self, looks: int) -> bool:
        """Whether there is that much left; takes it."""
        self.left -= looks
        return self.left >= 0


def induce(examples: Mapping[Tokens, Tokens], links: Mapping[str, str], agreement: float, looks: int) -> Grammar:
    """Learn rules until every example is one phrase, no window is left that bears a rule out, or `looks` are spent.

    `agreement` is the share of informative places at which a template must hold, and of examples that must come out
    right. Where fewer do, some targets may be wrong: rules are learned again, without asking that any holds always, and
    the list with more right answers is kept, the first where they are equal.
    """
    classes = interchangeable(examples, links, agreement)
    words = {word: Phrase(classes[word], (token,)) for word, token in sorted(links.items())}
    shorter = sorted(examples.items(), key=lambda example: (len(example[0]), example))
    rows = [(tuple(words.get(word, word) for word in source), target) for source, target in shorter]
    best, most = Grammar(words, ()), -1
    for doubtful in (False, True):
        rules = learned(rows, len(set(classes.values())), agreement, Effort(looks), doubtful=doubtful)
        rules = factored(rules, rows, Effort(looks))
        right = answered(rules, rows)
        if right > most:
            best, most = Grammar(placed(words, rules, rows, agreement), rules), right
        if right >= agreement * len(rows):
            break
    return best


def learned(
    rows: Sequence[tuple[Row, Tokens]], fresh: int, agreement: float, effort: Effort, *, doubtful: bool
) -> tuple[Rule, ...]:
    """The rules in the order in which they are found to hold; `fresh` is the first category without phrases."""
    rules: tuple[Rule, ...] = ()
    refused: set[tuple[Pattern, Template, float]] = set()
    while len(rules) < RULES:
        rule = next_rule(rows, rules, fresh, refused, agreement, effort, doubtful=doubtful)
        if rule is None:
            break
        rules = (*rules, rule)
        fresh = max(fresh, rule.result + 1)
        rows = reduced(rows, rules)
    return rules


def placed(
    words: Mapping[str, Phrase], rules: Sequence[Rule], rows: Sequence[tuple[Row, Tokens]], agreement: float
) -> dict[str, Phrase]:
    """The words, those of categories without a rule in a category whose phrases they may stand for."""
    used = {symbol for rule in rules for symbol in rule.pattern}
    ends = reduced(rows, rules)
    into = {}
    for number in sorted({phrase.category for phrase in words.values()} - used):
        into[number] = category(ends, number, agreement)
    return {word: Phrase(into.get(phrase.category, phrase.category), phrase.value) for word, phrase in words.items()}


def next_rule(
    rows: Sequence[tuple[Row, Tokens]],
    rules: tuple[Rule, ...],
    fresh: int,
    refused: set[tuple[Pattern, Template, float]],
    agreement: float,
    effort: Effort,
    *,
    doubtful: bool,
) -> Rule | None:
    """The first window, with its template, that holds: whole examples come first, narrow windows before wide ones.

    Templates that hold at every place that can tell come before those that hold at nearly all: a rule's place in the
    list is its precedence, and one that sometimes fails may be waiting for another. A rule must also not make examples
    with different targets one. Its category is that of phrases it may stand for, or else a `fresh` one.
    """
    if not effort.spend(len(rows)):
        return None
    places, whole = windows(rows)
    order = sorted(
        places, key=lambda pattern: (pattern not in whole, len(pattern), -len(places[pattern]), str(pattern))
    )
    known: dict[Pattern, list[tuple[Template, float]]] = {}
    middle = (1 + agreement) / 2
    for bar in ((1 + middle) / 2, middle, agreement) if doubtful else (1.0, middle, agreement):
        for pattern in order[:TRIED]:
            if pattern not in known:
                if not effort.spend(len(places[pattern])):
                    return None
                seen = list(telling(rows, places[pattern], len(pattern)))
                known[pattern] = templates(seen, agreement, doubtful=doubtful)
            for template, share in known[pattern]:
                if share < bar or (pattern, template, bar) in refused:
                    continue
                if not effort.spend(len(rows)):
                    return None
                trial = Rule(pattern, template, fresh)
                after = reduced(rows, (*rules, trial))
                if lossless(rows, after, bar - (1 - bar if doubtful else 0)):
                    return Rule(pattern, template, category(after, fresh, agreement))
                refused.add((pattern, template, bar))
    return None


def windows(rows: Sequence[tuple[Row, Tokens]]) -> tuple[dict[Pattern, list[tuple[int, int]]], set[Pattern]]:
    """Where each window with a phrase in it stands (row, first item), and which windows are whole rows."""
    places: dict[Pattern, list[tuple[int, int]]] = defaultdict(list)
    whole = set()
    for number, (row, _) in enumerate(rows):
        symbols = symbols_of(row)
        if len(symbols) <= WIDEST:
            whole.add(symbols)
        for width in range(2, WIDEST + 1):
            for begin in range(len(symbols) - width + 1):
                pattern = symbols[begin : begin + width]
                if any(isinstance(symbol, int) for symbol in pattern):
                    places[pattern].append((number, begin))
    return places, whole


def lossless(before: Sequence[tuple[Row, Tokens]], after: Sequence[tuple[Row, Tokens]], agreement: float) -> bool:
    """Whether rows that a rule changed still tell their targets: alike rows have alike targets, ends have theirs."""
    targets: dict[Row, Counter[Tokens]] = defaultdict(Counter)
    for row, target in after:
        targets[row][target] += 1
    changed = wrong = 0
    for (row, _), (new, target) in zip(before, after, strict=True):
        if row != new:
            changed += 1
            ended = new[0].value if len(new) == 1 and isinstance(new[0], Phrase) else target
            wrong += targets[new].most_common(1)[0][0] != target or ended != target
    return changed > 0 and wrong <= (1 - agreement) * changed
