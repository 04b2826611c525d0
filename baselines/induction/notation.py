"""How targets that name source positions are written: numerals, what stands around them, and separators."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clauses import Term, anchored, arguments
from constituents import COMMONEST, length_of_rules
from sampling import spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clauses import Tokens

FEW = 300  # examples on which separators are chosen
WORTH = 0.9  # of the length of the rules that a further separator may leave


@dataclass(frozen=True, slots=True)
class Notation:
    """How targets are written: the first numeral, what stands around numerals, separators and what each follows."""

    base: int
    before: Tokens
    after: Tokens
    separators: tuple[str, ...]

    def clauses(self, target: Tokens, length: int) -> list[tuple[tuple[str | Term, ...], str]]:
        """The target's clauses, terms found, each with the separator that follows it; nothing follows the last."""
        found: list[tuple[tuple[str | Term, ...], str]] = []
        clause: list[str | Term] = []
        for part in self.terms(target, length):
            if part in self.separators:
                found.append((tuple(clause), str(part)))
                clause = []
            else:
                clause.append(part)
        return [*found, (tuple(clause), "")]

    def terms(self, target: Tokens, length: int) -> list[str | Term]:
        """The target with terms for the names of source words."""
        parts: list[str | Term] = []
        place, left, right = 0, len(self.before), len(self.after)
        width = left + 1 + right
        while place < len(target):
            middle = place + left
            if (
                target[place:middle] == self.before
                and middle < len(target)
                and numeral(target[middle])
                and target[middle + 1 : place + width] == self.after
                and 0 <= int(target[middle]) - self.base < length
            ):
                parts.append(Term(int(target[middle]) - self.base))
                place += width
            else:
                parts.append(target[place])
                place += 1
        return parts

    def name(self, place: int) -> Tokens:
        """A source word's name."""
        return (*self.before, str(place + self.base), *self.after)


def numeral(token: str) -> bool:
    """Whether a token is a decimal numeral as a program writes it."""
    return token.isascii() and token.isdigit() and str(int(token[:9])) == token


def names_positions(examples: Mapping[Tokens, Tokens]) -> bool:
    """Whether most targets have numerals and nearly all of those are within their source's length."""
    seen = [(int(token), len(source)) for source, target in examples.items() for token in target if numeral(token)]
    having = sum(any(map(numeral, target)) for target in examples.values())
    within = sum(number <= length for number, length in seen)
    return 2 * having > len(examples) and within >= 0.99 * len(seen)


def notation_of(examples: Mapping[Tokens, Tokens], links: Mapping[str, str]) -> Notation:
    """How these targets are written."""
    borne_out: Counter[int] = Counter()
    before: Tokens | None = None
    after: Tokens | None = None
    for source, target in examples.items():
        tokens = set(target)
        for place, token in enumerate(target):
            if not numeral(token):
                continue
            for base in (0, 1):
                index = int(token) - base
                borne_out[base] += 0 <= index < len(source) and links.get(source[index]) in tokens
            left, right = target[:place], target[place + 1 :]
            before = left if before is None else before[len(before) - shared(before[::-1], left[::-1]) :]
            after = right if after is None else after[: shared(after, right)]
    base = max((0, 1), key=lambda base: (borne_out[base], -base))
    plain = Notation(base, before or (), after or (), ())
    return Notation(base, plain.before, plain.after, separators(examples, links, plain))


def shared(one: Tokens, other: Tokens) -> int:
    """The length of the common beginning."""
    pairs = zip(one, other, strict=False)
    return next((length for length, (mine, theirs) in enumerate(pairs) if mine != theirs), min(len(one), len(other)))


def separators(examples: Mapping[Tokens, Tokens], links: Mapping[str, str], plain: Notation) -> tuple[str, ...]:
    """Tokens at which targets fall into clauses: those that need the shortest list of rules, found one by one.

    A separator has a clause on either side, so it neither begins nor ends a target; and each must make the list
    shorter by a tenth, or rare roles would become separators for a symbol or two.
    """
    some = spread(sorted(examples.items()), FEW)
    brought = set(links.values())
    outer = {target[end] for _, target in some if target for end in (0, -1)}
    counted = Counter(token for _, target in some for token in target if token not in brought and not numeral(token))
    for token in outer:
        del counted[token]
    tokens = sorted(counted, key=lambda token: (-counted[token], token))[:COMMONEST]

    def cost(given: tuple[str, ...]) -> int:
        trial = Notation(plain.base, plain.before, plain.after, given)
        seen = [
            anchored(source, [clause for clause, _ in trial.clauses(target, len(source))], links)
            for source, target in some
        ]
        return length_of_rules(seen, arguments(seen), {})

    chosen: tuple[str, ...] = ()
    best = cost(chosen)
    while tokens:
        least, token = min((cost((*chosen, token)), token) for token in tokens)
        if least > WORTH * best:
            break
        best = least
        chosen = (*chosen, token)
        tokens.remove(token)
    return chosen
