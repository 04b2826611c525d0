"""The grammar that trees of clauses make, and the most likely tree of a new sentence.

Slots of rules get categories from what fills them in training: two slots are alike where the same words, or the same
rules' constituents, fill both, and so on from slot to slot. A slot takes whatever its category has, seen there or not;
what was seen there costs less. So a word in a new place and a constituent in a new place have an answer, and where
several fit, the one nearest to training is taken.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from clauses import Brought, Clause, Handle, Part, Term
from constituents import CONSTITUENT, WORD, Node, Rule, nodes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from clauses import Example, Tokens
    from notation import Notation

UNSEEN = 0.01  # of a sighting: what a slot's filler counts that training has only elsewhere
RARE = 0.005  # of a slot's commonest filler's sightings: with fewer, a filler in common says nothing
STRANGE = 1e-6  # of a sighting: what a word counts that training lacks
ALIKE = 0.1  # of the uses of a function word: as much must speak for its being another's variant
RULES = 400  # the most frequent are kept
PASSES = 20  # over the rules at one place; more than constituents can begin inside each other there

Slot = tuple[int, int]  # rule, place in its frame
Filler = TypeVar("Filler", str, int)  # a word, or the number of a constituent's rule


@dataclass(slots=True)
class Found:
    """The best way to see a stretch as one rule's constituent; `inside` has words' places and constituents."""

    score: float
    rule: int
    begin: int
    end: int
    inside: tuple[int | Found, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Rules, what their slots take at what cost, and how clauses are put in order.

    Costs are logarithms of shares. `ranks` has for each kind of clause its rank and the separator after it.
    """

    notation: Notation
    links: Mapping[str, str]
    rules: Sequence[Rule]
    priors: Sequence[float]
    same: Mapping[str, str]  # function words that stand for each other
    words: Mapping[Slot, Mapping[str, float]]
    strangers: Mapping[Slot, float]
    constituents: Mapping[Slot, Mapping[int, float]]
    ranks: Mapping[Tokens, tuple[int, str]]
    known: frozenset[str]

    def answer(self, source: Tokens) -> Tokens | None:
        """The target of `source`; nothing where no tree covers it."""
        found = self.parse(source)
        return None if found is None else self.written(source, found)

    def parse(self, source: Tokens) -> Found | None:
        """The best tree. Constituents are found from the last word to the first, so that what follows is known."""
        length = len(source)
        read = tuple(self.same.get(word, word) for word in source)
        there = {WORD, CONSTITUENT, *read}
        fitting = [number for number, rule in enumerate(self.rules) if there.issuperset(rule.frame)]
        inner = [number for number in fitting if self.rules[number].handle]
        tables: list[dict[int, dict[int, Found]]] = [{} for _ in range(length + 1)]  # by begin, end, rule
        for begin in range(length - 1, -1, -1):
            here = tables[begin]
            for _ in range(PASSES):
                changed = False
                for number in inner:
                    for found in self.matches(number, begin, read, tables):
                        best = here.setdefault(found.end, {})
                        old = best.get(number)
                        if old is None or found.score > old.score + 1e-9:
                            best[number] = found
                            changed = True
                if not changed:
                    break
        outer = [number for number in fitting if not self.rules[number].handle]
        whole = (found for number in outer for found in self.matches(number, 0, read, tables) if found.end == length)
        return max(whole, key=lambda found: found.score, default=None)

    def matches(
        self, number: int, begin: int, read: Tokens, tables: Sequence[Mapping[int, Mapping[int, Found]]]
    ) -> Iterator[Found]:
        """Each stretch from `begin` that the rule's frame fits, best filled."""
        states: dict[int, tuple[float, tuple[int | Found, ...]]] = {begin: (self.priors[number], ())}
        for spot, symbol in enumerate(self.rules[number].frame):
            after: dict[int, tuple[float, tuple[int | Found, ...]]] = {}
            for place, (score, inside) in states.items():
                if place == len(read):
                    continue
                if symbol == CONSTITUENT:
                    steps = self.constituents_at((number, spot), tables[place])
                else:
                    steps = self.word_at((number, spot), symbol, place, read[place])
                for end, cost, filler in steps:
                    if end not in after or score + cost > after[end][0]:
                        after[end] = (score + cost, (*inside, filler))
            states = after
            if not states:
                return
        for end, (score, inside) in states.items():
            yield Found(score, number, begin, end, inside)

    def constituents_at(
        self, slot: Slot, table: Mapping[int, Mapping[int, Found]]
    ) -> Iterator[tuple[int, float, int | Found]]:
        """Those that the slot takes of the constituents that begin at a place: where they end, cost, and which."""
        fits = self.constituents[slot]
        for end, by_rule in table.items():
            for inner, found in by_rule.items():
                if inner in fits:
                    yield end, fits[inner] + found.score, found

    def word_at(self, slot: Slot, symbol: str, place: int, word: str) -> Iterator[tuple[int, float, int | Found]]:
        """The word at a place where the slot takes it, or where the frame has it."""
        if symbol == WORD:
            cost = self.words[slot].get(word)
            if cost is None and word not in self.known:
                cost = self.strangers.get(slot)
            if cost is not None:
                yield place + 1, cost, place
        elif symbol == word:
            yield place + 1, 0.0, place

    def written(self, source: Tokens, found: Found) -> Tokens:
        """The tree's clauses, in order, as the notation writes them."""
        said: list[tuple[tuple[int, int, int], Tokens, str]] = []

        def visit(node: Found) -> Tokens:
            handles = [visit(inner) if isinstance(inner, Found) else () for inner in node.inside]

            def tokens(parts: Clause) -> Tokens:
                whole: list[str] = []
                for part in parts:
                    whole.extend(token(part))
                return tuple(whole)

            def token(part: Part) -> Tokens:
                if isinstance(part, str):
                    return (part,)
                if isinstance(part, Handle):
                    return handles[part.place]
                place = node.inside[part.place]
                assert isinstance(place, int)  # noqa: S101  words fill these places
                if isinstance(part, Term):
                    return self.notation.name(place)
                return (self.links.get(source[place], source[place]),)

            rule = self.rules[node.rule]
            for clause in rule.clauses:
                owner = next((part.place for part in clause if isinstance(part, Term)), None)
                place = node.inside[owner] if owner is not None else node.begin
                rank, separator = self.ranks.get(skeleton(clause), (0, ""))
                said.append(((rank, place if isinstance(place, int) else 0, len(said)), tokens(clause), separator))
            return tokens(rule.handle)

        visit(found)
        said.sort(key=lambda entry: entry[0])
        whole: list[str] = []
        for number, (_, clause, separator) in enumerate(said):
            whole.extend(clause)
            if number < len(said) - 1 and separator:
                whole.append(separator)
        return tuple(whole)


def skeleton(clause: Clause) -> Tokens:
    """The clause without what differs between sentences."""
    return tuple(part if isinstance(part, str) else "" if isinstance(part, Brought) else " " for part in clause)


def grammar(
    trees: Sequence[Node],
    notation: Notation,
    links: Mapping[str, str],
    ranks: Mapping[Tokens, tuple[int, str]],
    agreement: float,
) -> Grammar:
    """The grammar of these trees; there must be one.

    A rule that is needed once says no more than its example does. Such rules are left out where the others make at
    least the share `agreement` of the trees, for then they are likelier to be mistakes.
    """
    made_of = [[node.rule for node in nodes_of(tree)] for tree in trees]
    needed = Counter(rule for rules in made_of for rule in rules)
    usual = [tree for tree, rules in zip(trees, made_of, strict=True) if all(needed[rule] > 1 for rule in rules)]
    trees = usual if len(usual) >= agreement * len(trees) else trees
    same = alike(Counter(node.rule for tree in trees for node in nodes_of(tree)))
    counts = Counter(read_as(node.rule, same) for tree in trees for node in nodes_of(tree))
    rules = sorted(counts, key=lambda rule: (-counts[rule], str(rule)))[:RULES]
    numbers = {rule: number for number, rule in enumerate(rules)}
    words: dict[Slot, Counter[str]] = {}
    inner: dict[Slot, Counter[int]] = {}
    for number, rule in enumerate(rules):
        words |= {(number, spot): Counter() for spot, symbol in enumerate(rule.frame) if symbol == WORD}
        inner |= {(number, spot): Counter() for spot, symbol in enumerate(rule.frame) if symbol == CONSTITUENT}
    for node in (node for tree in trees for node in nodes_of(tree)):
        if (parent := read_as(node.rule, same)) not in numbers:
            continue
        number = numbers[parent]
        for spot, filler in enumerate(node.filled):
            if isinstance(filler, Node):
                rule = read_as(filler.rule, same)
                if rule in numbers:
                    inner[number, spot][numbers[rule]] += 1
            elif node.rule.frame[spot] == WORD:
                words[number, spot][same.get(filler, filler)] += 1
    seen: dict[Slot, dict[str, float]] = {}
    strangers: dict[Slot, float] = {}
    for slots in categories(words):
        together = sum((words[slot] for slot in slots), Counter())
        copied = sum(count for word, count in together.items() if links.get(word) == word)
        seen |= {slot: costs(words[slot], together) for slot in slots}
        if 2 * copied > sum(together.values()):
            strangers |= dict.fromkeys(slots, math.log(STRANGE))
    constituents: dict[Slot, dict[int, float]] = {}
    for slots in categories(inner):
        kinds = sum((inner[slot] for slot in slots), Counter())
        constituents |= {slot: costs(inner[slot], kinds) for slot in slots}
    every = sum(counts.values())
    return Grammar(
        notation=notation,
        links=links,
        rules=rules,
        priors=[math.log(counts[rule] / every) for rule in rules],
        same=same,
        words=seen,
        strangers=strangers,
        constituents=constituents,
        ranks=ranks,
        known=frozenset(word for tree in trees for word in words_of(tree, same)),
    )


def words_of(tree: Node, same: Mapping[str, str]) -> Iterator[str]:
    """The sentence."""
    for filler in tree.filled:
        if isinstance(filler, Node):
            yield from words_of(filler, same)
        else:
            yield same.get(filler, filler)


def costs(mine: Counter[Filler], together: Counter[Filler]) -> dict[Filler, float]:
    """The logarithm of each filler's share, those that only the category has counting `UNSEEN` in proportion."""
    every, total = sum(together.values()), sum(mine.values()) + UNSEEN
    return {filler: math.log((mine[filler] + UNSEEN * count / every) / total) for filler, count in together.items()}


def alike(rules: Mapping[Rule, int]) -> dict[str, str]:
    """Function words for which rules are the same but for them, each read as the one that sorts last.

    Two are alike where such rules make at least the share `ALIKE` of the times that the rarer of the two is needed.
    """
    holed: dict[tuple[Rule, int], Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for rule, count in rules.items():
        for spot, symbol in enumerate(rule.frame):
            if symbol not in (WORD, CONSTITUENT):
                frame = (*rule.frame[:spot], "", *rule.frame[spot + 1 :])
                holed[Rule(frame, rule.clauses, rule.handle), spot][symbol] += count
                total[symbol] += count
    evidence: Counter[tuple[str, str]] = Counter()
    for counts in holed.values():
        words = sorted(counts)
        for place, word in enumerate(words):
            for other in words[place + 1 :]:
                evidence[word, other] += min(counts[word], counts[other])
    same = {word: word for word in total}
    for (word, other), count in sorted(evidence.items()):
        if count >= ALIKE * min(total[word], total[other]):
            old, new = sorted((same[word], same[other]))
            same = {any_word: new if read == old else read for any_word, read in same.items()}
    return same


def read_as(rule: Rule, same: Mapping[str, str]) -> Rule:
    """The rule with function words read as `same` says."""
    return Rule(tuple(same.get(symbol, symbol) for symbol in rule.frame), rule.clauses, rule.handle)


def categories(fillers: Mapping[Slot, Counter[Filler]]) -> list[list[Slot]]:
    """The slots, those together that fillers join; a filler joins where it is no rare exception."""
    joined = {slot: {slot} for slot in fillers}
    by_filler: dict[Filler, list[Slot]] = defaultdict(list)
    for slot, counts in fillers.items():
        most = max(counts.values(), default=0)
        for filler, count in counts.items():
            if count >= RARE * most:
                by_filler[filler].append(slot)
    for slots in by_filler.values():
        for slot in slots[1:]:
            if joined[slots[0]] is not joined[slot]:
                both = joined[slots[0]] | joined[slot]
                for other in both:
                    joined[other] = both
    return [sorted(group) for group in {min(group): group for group in joined.values()}.values()]


def orders(examples: Sequence[Example], separators: Sequence[Sequence[str]]) -> dict[Tokens, tuple[int, str]]:
    """For each kind of clause the separator after it, and the rank of clauses with that separator in a target.

    Within a rank, clauses stand in the order of the words that they belong to, then in their rule's.
    """
    after: dict[Tokens, Counter[str]] = defaultdict(Counter)
    places: dict[str, list[float]] = defaultdict(list)
    for example, ends in zip(examples, separators, strict=True):
        for number, (clause, separator) in enumerate(zip(example.clauses, ends, strict=True)):
            after[skeleton(clause)][separator] += 1
            if separator:
                places[separator].append(number / len(ends))
    mean = {separator: sum(numbers) / len(numbers) for separator, numbers in places.items()}
    ranked = sorted(mean, key=lambda separator: (mean[separator], separator))
    found = {}
    for kind, counts in after.items():
        seen = [(count, separator) for separator, count in counts.items() if separator]
        separator = max(seen)[1] if seen else (ranked[-1] if ranked else "")
        found[kind] = (ranked.index(separator) if separator else 0, separator)
    return found
