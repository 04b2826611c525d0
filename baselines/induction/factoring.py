"""Rules that are two rules in one, taken apart where training bears that out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rules import Rule, answered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rewriting import Effort
    from rules import Pattern, Row, Template, Tokens


def factored(rules: tuple[Rule, ...], rows: Sequence[tuple[Row, Tokens]], effort: Effort) -> tuple[Rule, ...]:
    """The rules, with those taken apart that are two rules in one, wherever the rows get as many right answers.

    `A B twice -> 2 1 2 1` is `A twice -> 1 1` with `A B -> 2 1` inside. What more rules can be made of is tried first.
    """
    right = answered(rules, rows)
    tried: set[tuple[Pattern, Template, int]] = set()
    while True:
        inner: dict[tuple[Pattern, Template, int], set[Rule]] = defaultdict(set)
        for rule in rules:
            for outer in rules:
                for part in parts_of(rule, outer):
                    inner[part].add(rule)
        order = sorted(inner.keys() - tried, key=lambda part: (-len(inner[part]), len(part[0]), str(part)))
        for part in order:
            if not effort.spend(len(rows)):
                return rules
            tried.add(part)
            held = inner[part]
            fewer = tuple(rule for rule in rules if rule not in held)
            place = min(number for number, rule in enumerate(rules) if rule in held)
            trial = (*fewer[:place], Rule(*part), *fewer[place:])
            if answered(trial, rows) >= right:
                rules = trial
                break
        else:
            return rules


def parts_of(rule: Rule, outer: Rule) -> Iterator[tuple[Pattern, Template, int]]:
    """What `rule` is when `outer` does the rest: pattern, template and category of each phrase that could be inside."""
    width = len(rule.pattern) - len(outer.pattern) + 1
    if width < 2 or rule.result != outer.result:
        return
    slots = [place for place, symbol in enumerate(outer.pattern) if isinstance(symbol, int)]
    for number, place in enumerate(slots):
        inside = rule.pattern[place : place + width]
        if (
            *outer.pattern[:place],
            *inside,
            *outer.pattern[place + 1 :],
        ) != rule.pattern or number not in outer.template:
            continue
        held = sum(isinstance(symbol, int) for symbol in inside)

        def renumbered(part: str | int, number: int = number, held: int = held) -> str | int:
            return part + held - 1 if isinstance(part, int) and part > number else part

        times = outer.template.count(number)
        length, rest = divmod(len(rule.template) - (len(outer.template) - times), times)
        begin = outer.template.index(number)
        value = rule.template[begin : begin + length]
        whole: list[str | int] = []
        for part in outer.template:
            whole.extend(value if part == number else (renumbered(part),))
        own = range(number, number + held)
        if rest or length < 1 or tuple(whole) != rule.template:
            continue
        if all(isinstance(part, str) or part in own for part in value) and held:
            category = outer.pattern[place]
            assert isinstance(category, int)  # noqa: S101  slots are categories
            yield inside, tuple(part - number if isinstance(part, int) else part for part in value), category
