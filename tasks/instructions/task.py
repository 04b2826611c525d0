"""Instructions to be carried out: a rewriting rule and a text, with few rules in training or with many.

After Zhang, Wang & Charton 2024, "Only-IF: Revealing the Decisive Effect of Instruction Diversity on Generalization"
(arXiv:2410.04717), in its conditional form: the leftmost occurrence of the left side becomes the right side, and a text
without one stays as it is. One step of a Markov algorithm:

    rule          text                  answer
    a b > c       d a b e a b           d c e a b
    f >           a f f b               a f b
    c c > a       b a b                 b a b       (nothing to be done: occurrences 0)

The number of rules in training is what the splits differ in; the number of rows is not. A rule is drawn from all
pairs of a left side of 1 to 3 letters and a right side of 0 to 3, each length as often, that differ. A text has 8 to 12
of ten letters; in `idle` of all rows the left side does not occur in it, in the others it was put somewhere. The
question sets:

- `seen_rules` asks rules of training about other texts, each rule as often as may be;
- `unseen_rules` asks a new rule with each question.

With `domains` above 0 all left sides have three letters and each is of one domain, and training has as many rules of
each of the first so many domains. Asked are new rules of all four, a question set each, the same in all these splits:

    different     b c d     three different letters
    repeats       b b c     two equal neighbours
    palindromes   b c b     the same from behind, no equal neighbours
    marked        b a c     any with the letter a, which no other domain has

The axis `occurrences` counts where the left side stands, overlaps too: 0, 1, or 2+. What a text without one scores
under an unseen rule is what copying is worth, and is told apart for that.
"""

from __future__ import annotations

from itertools import pairwise, product, zip_longest
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from genbench import Value

    Rule = tuple[str, str]

LETTERS = "abcdefghij"
TEXT = (8, 12)  # letters of a text
LEFT, RIGHT = (1, 3), (0, 3)  # letters of either side of a rule
DOMAINS = ("different", "repeats", "palindromes", "marked")  # in the order in which training gains them
MARK = "a"
LIMITS = {"rules": (1, 100_000), "rows": (1, 5_000_000), "questions": (1, 100_000), "domains": (0, len(DOMAINS))}
OF_A_DOMAIN = 50_000  # rules at most, new ones included; palindromes are some 80,000


def rewrite(rule: Rule, text: str) -> str:
    """The text with the leftmost occurrence of the rule's left side replaced; as it is where there is none."""
    return text.replace(*rule, 1)


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """Columns `rule`, `text` and `answer`, letters between blanks; questions carry `occurrences`.

    Raises `BadValue` for a parameter outside its range, and for domains in a split whose card asks none.
    """
    rules, rows, questions, domains = (_whole(params, name) for name in LIMITS)
    idle = params["idle"]
    if not isinstance(idle, float) or not 0 <= idle < 1:
        raise BadValue(f"instructions: parameter 'idle' is {idle!r}; it is a share of rows, from 0 to below 1")

    def stream(name: str) -> np.random.Generator:
        return np.random.default_rng(seeds.derive("instructions", seed, name))

    if bool(domains) != split.startswith("domains_"):
        right = "0 in rules_10 to rules_5000 and from 1 to 4 in domains_1 to domains_4"
        raise BadValue(f"instructions: parameter 'domains' is {domains} in the split {split}; it must be {right}")
    if domains:
        return _of_domains(domains, rules, rows, questions, idle, stream)
    # Those of the fewest rules are among those of more, and the unseen are the same whatever their number.
    unseen = distinct_rules(questions, set(), stream("unseen rules"))
    seen = distinct_rules(rules, set(unseen), stream("rules"))
    draw = stream("seen questions")
    asked = [*dict.fromkeys(filled(seen[at % rules], idle, draw) for at in range(questions))]
    draw = stream("unseen questions")
    new = [filled(rule, idle, draw) for rule in unseen]
    train = _shown(seen, asked, rows, idle, stream(f"train of {rules}"))
    return Data(
        train=table(train), questions={"seen_rules": table(asked, told=True), "unseen_rules": table(new, told=True)}
    )


def domain_of(left: str) -> str:
    """The domain of a left side of three letters.

    >>> [domain_of(left) for left in ("bcd", "bbc", "bcb", "bac")]
    ['different', 'repeats', 'palindromes', 'marked']
    """
    if MARK in left:
        return "marked"
    if any(one == other for one, other in pairwise(left)):
        return "repeats"
    return "palindromes" if left == left[::-1] else "different"


def _of_domains(
    domains: int, rules: int, rows: int, questions: int, idle: float, stream: Callable[[str], np.random.Generator]
) -> Data:
    """Rules of the first `domains` domains, dealt evenly, and new ones of all four."""
    shares = [rules // domains + (place < rules % domains) for place in range(domains)]
    if shares[0] + questions > OF_A_DOMAIN:
        raise BadValue(
            f"instructions: 'rules' and 'questions' make {shares[0] + questions:,} rules of one domain; "
            f"with 'domains' above 0 they may make {OF_A_DOMAIN:,}"
        )
    lefts = ["".join(one) for one in product(LETTERS, repeat=3)]
    found: dict[str, list[Rule]] = {}  # of each domain new rules first, so that they are the same in all splits
    for place, name in enumerate(DOMAINS):
        own, draw, distinct = [left for left in lefts if domain_of(left) == name], stream(f"rules {name}"), {}
        while len(distinct) < questions + (shares[place] if place < domains else 0):
            rule = (own[int(draw.integers(len(own)))], letters(draw, *RIGHT))
            if rule[0] != rule[1]:
                distinct[rule] = None
        found[name] = list(distinct)
    shown = [found[name][questions:] for name in DOMAINS[:domains]]
    seen = [rule for turn in zip_longest(*shown) for rule in turn if rule]
    draw = stream("seen questions of domains")
    asked = [*dict.fromkeys(filled(seen[at % rules], idle, draw) for at in range(questions))]
    train = _shown(seen, asked, rows, idle, stream(f"train of {domains} domains and {rules}"))
    told = {"seen_rules": table(asked, told=True)}
    for name in DOMAINS:
        draw = stream(f"questions {name}")
        told[name] = table([filled(rule, idle, draw) for rule in found[name][:questions]], told=True)
    return Data(train=table(train), questions=told)


def _shown(
    seen: list[Rule], asked: list[tuple[Rule, str]], rows: int, idle: float, draw: np.random.Generator
) -> list[tuple[Rule, str]]:
    """Rows of training, none of which is asked."""
    kept, train = set(asked), []
    while len(train) < rows:
        row = filled(seen[int(draw.integers(len(seen)))], idle, draw)
        if row not in kept:
            train.append(row)
    return train


def distinct_rules(count: int, others: set[Rule], draw: np.random.Generator) -> list[Rule]:
    """So many different rules, none of them among `others`."""
    found: dict[Rule, None] = {}
    while len(found) < count:
        rule = (letters(draw, *LEFT), letters(draw, *RIGHT))
        if rule[0] != rule[1] and rule not in others:
            found[rule] = None
    return list(found)


def filled(rule: Rule, idle: float, draw: np.random.Generator) -> tuple[Rule, str]:
    """A rule with a text for it."""
    if draw.random() < idle:
        while rule[0] in (text := letters(draw, *TEXT)):
            pass
        return rule, text
    text = letters(draw, *TEXT)
    at = int(draw.integers(len(text) - len(rule[0]) + 1))
    return rule, text[:at] + rule[0] + text[at + len(rule[0]) :]


def letters(draw: np.random.Generator, least: int, most: int) -> str:
    """Random letters, each length as often."""
    return "".join(LETTERS[at] for at in draw.integers(0, len(LETTERS), int(draw.integers(least, most + 1))))


def occurrences(rule: Rule, text: str) -> str:
    """How often the left side stands in the text, overlaps too: 0, 1 or 2+."""
    count = sum(text.startswith(rule[0], at) for at in range(len(text)))
    return "2+" if count > 1 else str(count)


def table(rows: list[tuple[Rule, str]], *, told: bool = False) -> pa.Table:
    """Rows as columns."""
    columns = {
        "rule": [" ".join(_joined(rule)) for rule, _ in rows],
        "text": [" ".join(text) for _, text in rows],
        "answer": [" ".join(rewrite(rule, text)) for rule, text in rows],
    }
    return pa.table({**columns, "occurrences": [occurrences(*row) for row in rows]} if told else columns)


def _joined(rule: Rule) -> Iterator[str]:
    yield from rule[0]
    yield ">"
    yield from rule[1]


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        form = f"a whole number from {least} to {most:,}"
        raise BadValue(f"instructions: parameter {name!r} is {value!r}; it must be {form}")
    return value
