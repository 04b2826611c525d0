"""Targets that name source positions: a list of clauses, read off a tree over the source's words.

A numeral in a target that is within the source's length names a word there, counted from 0 or from 1, whichever fits
the links better. What always stands around it belongs to the name: `x _ 4` is one term. Clauses lie between separators,
the tokens that leave the shortest list of rules. A clause belongs to the first word that it names, so the
clauses of an example make a tree: whom a word's clauses mention stands below it. A word with all below it is a
constituent where nobody outside mentions any of it but the word itself; a word for which that fails, as one whose
subject is another's too, shares its parent's frame.

A rule is a constituent's frame and its clauses: `the W on C` says `* W ( x _ W ) ; W . nmod . on ( x _ W , C )`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

Tokens = tuple[str, ...]
Item = TypeVar("Item")

SAMPLE = 1500  # examples on which it is chosen what function words join
FEW = 300  # examples on which separators are chosen
WORTH = 0.9  # of the length of the rules that a further separator may leave
RARE = 0.01  # share of what fills a hole below which it counts for nothing
COMMONEST = 30  # tokens that may be separators, and function words that may join a neighbour


@dataclass(frozen=True, slots=True)
class Term:
    """In an example's clause: the name of a source word. In a rule's: of the word at a place of the frame."""

    place: int


@dataclass(frozen=True, slots=True)
class Brought:
    """In an example's clause: the token that a source word brings. In a rule's: the word at a place of the frame."""

    place: int


@dataclass(frozen=True, slots=True)
class Handle:
    """In a rule's clause: what stands for the constituent at a place of the frame."""

    place: int


Part = str | Term | Brought | Handle
Clause = tuple[Part, ...]


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


def notation(examples: Mapping[Tokens, Tokens], links: Mapping[str, str]) -> Notation:
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


def spread(items: Sequence[Item], most: int) -> Sequence[Item]:
    """At most `most` of them, evenly."""
    return items[:: max(1, -(-len(items) // most))]


@dataclass(frozen=True, slots=True)
class Example:
    """A source and its clauses; each source word that a clause draws on is a `Term` or `Brought` there."""

    source: Tokens
    clauses: tuple[Clause, ...]

    def owner(self, clause: Clause) -> int | None:
        """The first source word that the clause names."""
        return next((part.place for part in clause if isinstance(part, Term)), None)


def anchored(source: Tokens, clauses: Sequence[tuple[str | Term, ...]], links: Mapping[str, str]) -> Example:
    """The example with each token that a word brings traced to it: of several such words, the one nearest the names."""
    bringing: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(source):
        if word in links:
            bringing[links[word]].append(place)
    found = []
    for clause in clauses:
        named = [part.place for part in clause if isinstance(part, Term)]
        parts: list[Part] = []
        for part in clause:
            if isinstance(part, str) and part in bringing:
                near = min(bringing[part], key=lambda place: (sum(abs(place - other) for other in named), place))
                parts.append(Brought(near))
            else:
                parts.append(part)
        found.append(tuple(parts))
    return Example(source, tuple(found))


class Rule(NamedTuple):
    """A frame and what it says. `frame` holds function words, `WORD` and `CONSTITUENT`; places count from its begin.

    `handle` stands for the constituent in clauses above; the whole sentence has none.
    """

    frame: Tokens
    clauses: tuple[Clause, ...]
    handle: Clause


WORD, CONSTITUENT = "<word>", "<constituent>"  # hold no blank, but are told apart by their brackets


class Node(NamedTuple):
    """A constituent of an example: its rule, its first and last place, and at each place of the frame what is there."""

    rule: Rule
    begin: int
    end: int
    filled: tuple[str | Node, ...]


def arguments(examples: Sequence[Example]) -> set[tuple[object, ...]]:
    """Clauses with a hole that names and words' tokens both fill: there, a token is its constituent's handle.

    Either must fill the hole in the share `RARE` of the cases at least, lest one wrong target make a hole.
    """
    by_name: Counter[tuple[object, ...]] = Counter()
    by_token: Counter[tuple[object, ...]] = Counter()
    for example in examples:
        for clause in example.clauses:
            for place, part in enumerate(clause):
                if isinstance(part, Term):
                    by_name[holed(clause, place)] += 1
                elif isinstance(part, Brought):
                    by_token[holed(clause, place)] += 1
    return {hole for hole, names in by_name.items() if min(names, by_token[hole]) > RARE * (names + by_token[hole])}


def traceable(example: Example, holes: Collection[tuple[object, ...]], links: Mapping[str, str]) -> bool:
    """Whether each handle is brought by one word of the source: where two could be meant, an example shows nothing."""
    for clause in example.clauses:
        for place, part in enumerate(clause):
            if isinstance(part, Brought) and holed(clause, place) in holes:
                token = links[example.source[part.place]]
                if sum(links.get(word) == token for word in example.source) > 1:
                    return False
    return True


def holed(clause: Clause, place: int) -> tuple[object, ...]:
    """The clause with a hole at `place`, words taken out."""
    return tuple(
        None if other == place else part if isinstance(part, str) else type(part).__name__
        for other, part in enumerate(clause)
    )


@dataclass(frozen=True, slots=True)
class Structure:
    """Who stands where in an example, before spans are known; `SENTENCE` is the head of all.

    `frame_of` has for each word that clauses draw on the head of the constituent whose frame it stands in, `inside` the
    heads of the constituents in each frame, `said` the clauses of each.
    """

    example: Example
    frame_of: Mapping[int, int]
    inside: Mapping[int, Sequence[int]]
    said: Mapping[int, Sequence[Clause]]
    named: Collection[int]


SENTENCE = -1


def structure(example: Example, holes: Collection[tuple[object, ...]]) -> Structure | None:
    """The example's constituents by its clauses; nothing where clauses go in a circle."""
    below: dict[int, set[int]] = defaultdict(set)  # whom a word's clauses mention
    parents: dict[int, set[int]] = defaultdict(set)
    named = {part.place for clause in example.clauses for part in clause if isinstance(part, Term)}
    heads, drawn = set(named), set(named)
    for clause in example.clauses:
        owner = example.owner(clause)
        for place, part in enumerate(clause):
            if isinstance(part, Brought):
                drawn.add(part.place)
                if owner is not None and holed(clause, place) in holes:
                    heads.add(part.place)
            if not isinstance(part, str) and owner is not None and part.place != owner:
                below[owner].add(part.place)
                parents[part.place].add(owner)
    reach = {place: reached(place, below) for place in drawn}
    if any(place in reach[other] for place in drawn for other in below[place]):
        return None
    closed = {head for head in heads if all(parents[other] <= reach[head] for other in reach[head] - {head})}

    def nearest(place: int, heads: Collection[int]) -> int:
        above = [head for head in heads if place in reach[head]]
        return min(above, key=lambda head: (len(reach[head]), head), default=SENTENCE)

    frame_of = {place: place if place in closed else nearest(place, closed) for place in drawn}
    inside: dict[int, list[int]] = defaultdict(list)
    for head in sorted(closed):
        inside[nearest(head, closed - {head})].append(head)
    said: dict[int, list[Clause]] = defaultdict(list)
    for clause in example.clauses:
        owner = example.owner(clause)
        said[SENTENCE if owner is None else frame_of[owner]].append(clause)
    return Structure(example, frame_of, inside, said, named)


def reached(place: int, below: Mapping[int, Collection[int]]) -> set[int]:
    """The word and all below it."""
    seen, stack = {place}, [place]
    while stack:
        for other in below.get(stack.pop(), ()):
            if other not in seen:
                seen.add(other)
                stack.append(other)
    return seen


def tree(example: Example, holes: Collection[tuple[object, ...]], joins: Mapping[str, str]) -> Node | None:
    """The example as a tree of rules; nothing where clauses go in a circle or constituents overlap.

    `joins` says of function words whether they go with the constituent that begins after them (`right`), with the one
    that ends before them (`left`), or with neither.
    """
    whole = structure(example, holes)
    return None if whole is None else constituent(SENTENCE, whole, joins)


def constituent(head: int, whole: Structure, joins: Mapping[str, str]) -> Node | None:
    """The constituent of a word, with those inside it; nothing where they overlap."""
    source = whole.example.source
    nodes = []
    for inner in whole.inside.get(head, ()):
        node = constituent(inner, whole, joins)
        if node is None:
            return None
        nodes.append(node)
    nodes.sort(key=lambda node: node.begin)
    own = {place for place, other in whole.frame_of.items() if other == head}
    begin, end = (0, len(source) - 1) if head == SENTENCE else extent(own, nodes, source, joins)
    frame: list[str] = []
    filled: list[str | Node] = []
    spots: dict[int, int] = {}
    place = begin
    for node in [*nodes, None]:
        until = end + 1 if node is None else node.begin
        if until < place:
            return None
        for word in range(place, until):
            spots[word] = len(frame)
            frame.append(WORD if word in own else source[word])
            filled.append(source[word])
        if node is not None:
            spots |= dict.fromkeys(range(node.begin, node.end + 1), len(frame))
            frame.append(CONSTITUENT)
            filled.append(node)
            place = node.end + 1

    def renamed(part: Part) -> Part:
        if isinstance(part, str):
            return part
        spot = spots[part.place]
        return Handle(spot) if frame[spot] == CONSTITUENT else type(part)(spot)

    said = whole.said.get(head, ())
    if any(not isinstance(part, str) and part.place not in spots for clause in said for part in clause):
        return None
    clauses = tuple(tuple(renamed(part) for part in clause) for clause in said)
    handle = () if head == SENTENCE else (renamed(Term(head) if head in whole.named else Brought(head)),)
    return Node(Rule(tuple(frame), clauses, handle), begin, end, tuple(filled))


def extent(own: Collection[int], nodes: Sequence[Node], source: Tokens, joins: Mapping[str, str]) -> tuple[int, int]:
    """The first and the last place of a constituent with these words and constituents inside, what joins included."""
    begin, end = min([*own, *(node.begin for node in nodes)]), max([*own, *(node.end for node in nodes)])
    while begin > 0 and joins.get(source[begin - 1]) == "right":
        begin -= 1
    while end < len(source) - 1 and joins.get(source[end + 1]) == "left":
        end += 1
    return begin, end


def nodes_of(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for inner in node.filled:
        if isinstance(inner, Node):
            yield from nodes_of(inner)


def length_of_rules(
    examples: Sequence[Example], holes: Collection[tuple[object, ...]], joins: Mapping[str, str]
) -> int:
    """Symbols in the rules that the examples need; one that makes no tree, or needs a rule alone, is listed itself."""
    made_of: list[list[Rule]] = []
    for example in examples:
        whole = tree(example, holes, joins)
        made_of.append([] if whole is None else [node.rule for node in nodes_of(whole)])
    counts = Counter(rule for needed in made_of for rule in needed)
    rules: set[Rule] = set()
    listed = 0
    for example, needed in zip(examples, made_of, strict=True):
        if needed and all(counts[rule] > 1 for rule in needed):
            rules.update(needed)
        else:
            listed += 1 + len(example.source) + sum(1 + len(clause) for clause in example.clauses)
    return listed + sum(1 + len(rule.frame) + sum(1 + len(clause) for clause in rule.clauses) for rule in rules)


def joining(
    examples: Sequence[Example], holes: Collection[tuple[object, ...]], links: Mapping[str, str]
) -> dict[str, str]:
    """For each function word, which neighbour it joins: the choice that needs the shortest list of rules."""
    counted = Counter(word for example in examples for word in example.source if word not in links)
    functional = sorted(counted, key=lambda word: (-counted[word], word))[:COMMONEST]
    joins: dict[str, str] = {}

    best = length_of_rules(examples, holes, joins)
    for _ in range(2):
        changed = False
        for word in functional:
            for way in ("right", "left", "neither"):
                trial = {**joins, word: way}
                length = length_of_rules(examples, holes, trial)
                if length < best:
                    best, joins, changed = length, trial, True
        if not changed:
            break
    return joins
