"""Strings into strings: an ordered list of rewriting rules, each verified against the training examples.

An example is a row of items: function words, and phrases that carry their value, a piece of the target. At first every
content word is a phrase. A rule says that a window of items is one phrase and how its value is made of theirs:

    A twice      ->  A    value 1 1
    A and A      ->  A    value 1 2

To reduce a row is to apply the first rule that fits anywhere, leftmost place first, until none fits. The rule's place
in the list is its precedence, so a row has one derivation and nothing has to be weighed when a question is answered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Tokens = tuple[str, ...]

WIDEST = 4  # items in a rule's window
RULES = 60  # no more are learned
TRIED = 40  # windows that are looked into before learning stops for want of a rule
WITNESSES = 12  # places of a window from which templates are read
JUDGES = 20_000  # places of a window at which a template is verified
READINGS = 8  # templates read at one place at most
STEPS = 400  # of the search for them


@dataclass
class Effort:
    """How many rows and places may still be looked at: learning ends by this count, never by the clock."""

    left: int

    def spend(self, looks: int) -> bool:
        """Whether there is that much left; takes it."""
        self.left -= looks
        return self.left >= 0


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


def answered(rules: Sequence[Rule], rows: Sequence[tuple[Row, Tokens]]) -> int:
    """How many rows reduce to one phrase with their target as its value."""
    ends = reduced(rows, rules)
    return sum(len(end) == 1 and isinstance(end[0], Phrase) and end[0].value == target for end, target in ends)


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


def telling(
    rows: Sequence[tuple[Row, Tokens]], places: Iterable[tuple[int, int]], width: int
) -> Iterator[tuple[list[Tokens], list[Tokens]]]:
    """The window's values and the stretches of the target that may hold its own, at places that can tell.

    Such a place has tokens that stand nowhere else in its row; stretches lie between tokens of the row's other phrases.
    """
    for number, begin in places:
        row, target = rows[number]
        values = values_of(row[begin : begin + width])
        own = {token for value in values for token in value}
        foreign = {token for value in values_of((*row[:begin], *row[begin + width :])) for token in value}
        if own.isdisjoint(foreign) and sum(map(len, map(set, values))) == len(own):
            yield values, [part for part in parted(target, foreign) if own & set(part)]


def parted(target: Tokens, foreign: set[str]) -> Iterator[Tokens]:
    """The stretches between foreign tokens."""
    begin = 0
    for end, token in enumerate(target):
        if token in foreign:
            yield target[begin:end]
            begin = end + 1
    yield target[begin:]


def templates(
    seen: Sequence[tuple[list[Tokens], list[Tokens]]], agreement: float, *, doubtful: bool
) -> list[tuple[Template, float]]:
    """Templates that hold at the share `agreement` of the places, with that share, the one that says most first.

    A `doubtful` share is Laplace's, lower where places are few.
    """
    read: Counter[Template] = Counter()
    for values, parts in spread(seen, WITNESSES):
        read.update(set(readings(values, parts)))
    judges = spread(seen, JUDGES)
    good = []
    for template in read:
        misses, allowed = 0, (1 - agreement) * len(judges)
        for values, parts in judges:
            misses += not holds(template, values, parts)
            if misses > allowed:
                break
        else:
            prior = 1 if doubtful else 0
            good.append((template, (len(judges) - misses + prior) / (len(judges) + 2 * prior)))
    return sorted(good, key=lambda pair: (-len(pair[0]), str(pair[0])))


def spread(seen: Sequence[tuple[list[Tokens], list[Tokens]]], most: int) -> list[tuple[list[Tokens], list[Tokens]]]:
    """At most `most` of them, evenly."""
    stride = max(1, -(-len(seen) // most))
    return list(seen[::stride])


def readings(values: Sequence[Tokens], parts: Sequence[Tokens]) -> Iterator[Template]:
    """Templates that could have made one of the stretches, or one of the equal shares it falls into."""
    own = {token for value in values for token in value}
    for part in dict.fromkeys(parts):
        held = [place for place, token in enumerate(part) if token in own]
        for stretch in {part, part[held[0] : held[-1] + 1]}:
            for share in shares(stretch):
                yield from decompositions(share, values, own)


def shares(stretch: Tokens) -> Iterator[Tokens]:
    """The stretch, and each shorter one that makes it when repeated."""
    for length in range(len(stretch), 0, -1):
        if len(stretch) % length == 0 and stretch[:length] * (len(stretch) // length) == stretch:
            yield stretch[:length]


def decompositions(share: Tokens, values: Sequence[Tokens], own: set[str]) -> Iterator[Template]:
    """Ways to write `share` with the values; tokens that no value has stay as they are. `READINGS` at most."""
    found = steps = 0
    stack: list[tuple[int, Template]] = [(0, ())]
    while stack and found < READINGS and steps < STEPS:
        steps += 1
        place, template = stack.pop()
        if place == len(share):
            found += 1
            yield template
            continue
        if share[place] not in own:
            stack.append((place + 1, (*template, share[place])))
        for number, value in enumerate(values):
            if share[place : place + len(value)] == value:
                stack.append((place + len(value), (*template, number)))


def holds(template: Template, values: Sequence[Tokens], parts: Sequence[Tokens]) -> bool:
    """Whether copies of the filled template hold all tokens of the values in the stretches, and each one holds some."""
    value = filled(template, values)
    own = {token for inner in values for token in inner}
    if not parts:
        return False
    for part in parts:
        place, copies = 0, 0
        while place < len(part):
            if part[place : place + len(value)] == value:
                place, copies = place + len(value), copies + 1
            elif part[place] in own:
                return False
            else:
                place += 1
        if not copies:
            return False
    return True


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
