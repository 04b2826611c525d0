"""The tree that an example's clauses make over its words: constituents, each a frame of words and what it says.

A rule is a constituent's frame and its clauses: `the W on C` says `* W ( x _ W ) ; W . nmod . on ( x _ W , C )`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from clauses import Brought, Handle, Term, holed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from clauses import Clause, Example, Part, Tokens

COMMONEST = 30  # function words that may join a neighbour, and tokens that may be separators


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
