"""What may stand for what: categories of content words before there are rules, and of the phrases that a rule makes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rules import symbols_of, values_of
from templates import decompositions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rules import Pattern, Row, Template, Tokens


def interchangeable(examples: Mapping[Tokens, Tokens], links: Mapping[str, str], agreement: float) -> dict[str, int]:
    """Each content word's category: words are joined that may stand for each other, their tokens likewise.

    The evidence is examples with the same function words and the same template for their target, in which the two stand
    in the same place; what counts against it, examples alike but for the template.
    """
    frames: dict[Tokens, list[dict[str, Counter[Template]]]] = {}
    for source, target in sorted(examples.items()):
        content = [word for word in source if word in links]
        values = [(links[word],) for word in content]
        own = {token for value in values for token in value}
        template = next(decompositions(target, values, own), None) if len(own) == len(values) else None
        if template is not None:
            frame = tuple("" if word in links else word for word in source)
            slots = frames.setdefault(frame, [defaultdict(Counter) for _ in content])
            for word, slot in zip(content, slots, strict=True):
                slot[word][template] += 1
    alike: Counter[tuple[str, str]] = Counter()
    unlike: Counter[tuple[str, str]] = Counter()
    for slot in (slot for slots in frames.values() for slot in slots):
        usual = {word: seen.most_common(1)[0][0] for word, seen in slot.items()}
        first = max(usual, key=lambda word: (sum(slot[word].values()), word))
        for word in usual.keys() - {first}:
            (alike if usual[word] == usual[first] else unlike)[min(word, first), max(word, first)] += 1
    classes = {word: number for number, word in enumerate(sorted(links))}
    for (one, other), count in sorted(alike.items(), key=lambda pair: (-pair[1], pair[0])):
        if count >= agreement * (count + unlike[one, other]):
            kept, gone = sorted((classes[one], classes[other]))
            classes = {word: kept if number == gone else number for word, number in classes.items()}
    numbers = {number: place for place, number in enumerate(sorted(set(classes.values())))}
    return {word: numbers[number] for word, number in classes.items()}


def category(rows: Sequence[tuple[Row, Tokens]], fresh: int, agreement: float) -> int:
    """The category whose phrases the `fresh` ones may stand for, by the rows they stand in; else `fresh`."""
    ways: dict[Pattern, dict[int, Counter[Template]]] = defaultdict(lambda: defaultdict(Counter))
    for row, target in rows:
        symbols, values = symbols_of(row), values_of(row)
        if sum(len(set(value)) for value in values) != len({token for value in values for token in value}):
            continue
        own = {token for value in values for token in value}
        template = next(decompositions(target, values, own), None)
        if template is None:
            continue
        for place, symbol in enumerate(symbols):
            if isinstance(symbol, int):
                ways[(*symbols[:place], "", *symbols[place + 1 :])][symbol][template] += 1
    alike: Counter[int] = Counter()
    unlike: Counter[int] = Counter()
    for frame in ways.values():
        if fresh not in frame:
            continue
        mine = frame[fresh].most_common(1)[0][0]
        for symbol, theirs in frame.items():
            if symbol != fresh:
                (alike if theirs.most_common(1)[0][0] == mine else unlike)[symbol] += 1
    for symbol, count in sorted(alike.items(), key=lambda pair: (-pair[1], pair[0])):
        if count >= agreement * (count + unlike[symbol]):
            return symbol
    return fresh
