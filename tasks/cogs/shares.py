"""How like the official training sentences others are: what each is built of is counted, and the counts compared.

Counted are the kinds of clauses, the classes of their verbs, for each kind of clause and role what noun phrase stands
there and how many prepositions follow, and the words. Each count is held against the official one by a chi-square test
of homogeneity. Both samples hold distinct sentences, which are a little more even than independent ones, so the tests
err towards likeness by a little.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import grammar
from constructions import HELD_OUT_NOUNS, HELD_OUT_VERBS, NOUNS
from grammar import VERBS
from scipy.special import chdtrc  # scipy.stats has the same and takes a second to import

from genbench import Likeness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST_EXPECTED = 5.0  # rarer things are counted as one: the usual rule for the test
_ANIMATE = frozenset(NOUNS["animate"].things)
_CLASSES = {lemma: kind for kind in ("omissible", "transitive", "unaccusative", "unergative") for lemma in VERBS[kind]}
_SEVERAL = ("trans", "intr_agent", "pass_theme", "pass_theme_by")  # kinds of clauses whose verb is of several classes

Counts = dict[str, Counter[str]]


def counts(sentences: Sequence[str]) -> Counts:
    """What the sentences are built of: for each thing that is counted, how often it came out how."""
    found: Counts = defaultdict(Counter)
    for sentence in sentences:
        clauses = list(grammar.read(sentence).chain())
        found["clauses within each other"][str(len(clauses) - 1)] += 1
        for level, clause in enumerate(clauses):
            found["kind of embedded clause" if level else "kind of matrix clause"][clause.kind] += 1
            if clause.kind in _SEVERAL:
                found[f"class of verb, {clause.kind}"][_CLASSES[clause.lemma]] += 1
            found[f"verb, {clause.kind}"][clause.lemma] += 1
            if clause.infinitive:
                found["infinitive"][clause.infinitive] += 1
            for role, phrase in clause.arguments:
                _count_phrase(found, f"{clause.kind} {role}", phrase)
    return found


def _count_phrase(found: Counts, slot: str, phrase: grammar.Phrase) -> None:
    found[f"noun phrase, {slot}"][phrase.article or "name"] += 1
    if not phrase.article:
        found["name"][phrase.word] += 1
        return
    animate = phrase.word in _ANIMATE
    found[f"animate or not, {slot}"][str(animate)] += 1
    found["animate noun" if animate else "inanimate noun"][phrase.word] += 1
    chain = list(phrase.chain())
    found[f"prepositions, {slot}"][str(len(chain) - 1)] += 1
    for outer, inner in pairwise(chain):
        found["preposition"][outer.preposition] += 1
        found["article behind a preposition"][inner.article] += 1
        found[f"noun behind {outer.preposition!r}"][inner.word] += 1


def compare(sentences: Sequence[str], official: Sequence[str], path: str) -> Iterator[Likeness]:
    """For each thing counted, how like the official sentences of file `path` the sentences are.

    What comes out one way only, as what the agent of a clause is animate, is no test and left out.
    """
    ours, theirs = counts(sentences), counts(official)
    for what in sorted(ours.keys() | theirs.keys()):
        one, other = _pooled(ours[what], theirs[what])
        if len(one) > 1:
            yield _test(what, one, other, path)


def whole(sentence: str) -> bool:
    """Whether it is a sentence without held-out words: neither a word alone nor an exposure."""
    words = sentence.split()
    lemmas = {grammar.PAST.get(word) or grammar.PARTICIPLE.get(word) for word in words}
    return len(words) > 1 and HELD_OUT_NOUNS.isdisjoint(words) and HELD_OUT_VERBS.isdisjoint(lemmas)


def _pooled(one: Counter[str], other: Counter[str]) -> tuple[list[int], list[int]]:
    """Both counts in one order, what is rare in either as one."""
    total, ours = one.total() + other.total(), min(one.total(), other.total())
    kept = [key for key in sorted(one | other) if (one[key] + other[key]) * ours / total >= LEAST_EXPECTED]
    rest = [sum(count for key, count in counter.items() if key not in kept) for counter in (one, other)]
    first, second = [one[key] for key in kept], [other[key] for key in kept]
    return ([*first, rest[0]], [*second, rest[1]]) if any(rest) else (first, second)


def _test(what: str, one: list[int], other: list[int], path: str) -> Likeness:
    """Pearson's statistic of a table of two rows, and the chance of one as large where both have the same shares."""
    total = sum(one) + sum(other)
    statistic = 0.0
    for row in (one, other):
        for both, count in zip(map(sum, zip(one, other, strict=True)), row, strict=True):
            expected = both * sum(row) / total
            statistic += (count - expected) ** 2 / expected
    freedom = len(one) - 1
    return Likeness(what, sum(one), statistic, freedom, float(chdtrc(freedom, statistic)), path)
