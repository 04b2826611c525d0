"""A symbolic learner: it induces rules from the training examples and answers by them.

What follows from a strong compositional bias, as an upper reference beside learners that have none. The ideas are from
quasi-synchronous grammar induction with phrases that cover examples (Shaw et al. 2021, arXiv:2010.12725, NQG), learning
rules that must explain all examples (Nye et al. 2020, arXiv:2003.05562), reduction of a source by learned expressions
(Liu et al. 2020, arXiv:2006.10627, LANE) and graph-like targets read compositionally (Weissenhorn et al. 2022,
arXiv:2202.11937). It reproduces no table of theirs: no neural parser reranks, and the search is another.

No word, token, role or rule of a task is in the code. What is built in, and what a reader should hold against it:

1.  Sources and targets are tokens with blanks between them; nothing inside a token is looked at, but that decimal
    numerals are numbers.
2.  A word brings one target token, or none (`alignment`); a token may be brought by several words. One that brings
    none is a function word and is taken by itself.
3.  Words are exchangeable. Two content words that stand in the same place of one kind of example with targets made the
    same way are one category, and so are, for phrases, two that do. One example for a word is enough.
4.  For string targets (`rewriting`): a phrase's value is a stretch of the target made of the values inside it, repeated
    or reordered, with constant tokens; the same window of items always makes it the same way; precedence is the order
    in which windows are found to hold at every place. Windows are at most four items wide.
5.  Rules that are two rules in one are taken apart wherever training bears that out. This decides what training leaves
    open, towards the shorter list of rules.
6.  For targets whose numerals name source positions (`clauses`): a target is a list of clauses between separators; a
    clause belongs to the first word it names; clauses so make a tree over words, and a constituent's word alone is
    seen from outside. Clauses stand in the order of their words, apart from such as a separator of their own puts
    first. Which numerals, separators and order is found in the data.
7.  A rule that one example alone needs is no rule where others make nearly all examples; an example in which a handle
    could be either of two equal words shows nothing.
8.  Slots of frames take all that their category has (`parsing`), and a word that training lacks may fill a slot whose
    words mostly bring themselves.

These hold in SCAN and COGS by their making, so it says little of a network that fails there. Where they do not hold,
sources do not reduce, and the nearest training example by token edits answers (as the baseline `nearest` does).

Nothing is drawn: seeds do not matter. Work is bounded by counts (`looks`, and the constants at the top of each module).
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

import alignment
import clauses
import constituents
import numpy as np
import parsing
import rewriting
from notation import names_positions, notation_of, numeral
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from sampling import spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from datasets import Dataset
    from rules import Grammar

    from genbench import Context

Tokens = tuple[str, ...]

SAMPLE = 1500  # examples on which it is chosen what function words join
COMPARED = 4_000_000  # pairs compared at once; bounds memory to 16 megabytes


class Induction:
    """`fit` induces a grammar; `predict` answers by it, or else as the nearest training example does."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Induce rules from the distinct examples; the validation rows are not used."""
        del validation
        setting = self.context.params
        seen: dict[Tokens, Counter[Tokens]] = defaultdict(Counter)
        targets = train.data.column(self.context.target).to_pylist()
        for source, target in zip(self.sources(train), targets, strict=True):
            seen[source][tuple(target.split())] += 1
        self.examples = {source: answers.most_common(1)[0][0] for source, answers in seen.items()}
        with uncollected():
            self.grammar = induced(
                self.examples, float(setting["agreement"]), float(setting["common"]), int(setting["looks"])
            )

    def predict(self, questions: Dataset) -> list[str]:
        """The value of each source by the rules; where they leave it open, the nearest example's."""
        asked = self.sources(questions)
        answers = [None if self.grammar is None else self.grammar.answer(source) for source in asked]
        left_open = [source for source, answer in zip(asked, answers, strict=True) if answer is None]
        near = nearest(self.examples, left_open)
        return [
            " ".join(near[source] if answer is None else answer) for source, answer in zip(asked, answers, strict=True)
        ]

    def sources(self, given: Dataset) -> list[Tokens]:
        """The input columns' tokens, one column after the other."""
        columns = [given.data.column(name).to_pylist() for name in self.context.inputs]
        return [tuple(token for text in row for token in text.split()) for row in zip(*columns, strict=True)]


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection: its passes over millions of small tuples, none in a circle, were a fifth of COGS' fit."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def induced(
    examples: Mapping[Tokens, Tokens], agreement: float, common: float, looks: int
) -> Grammar | parsing.Grammar | None:
    """The grammar of the examples, of the kind that their targets ask for; nothing where no example makes a tree."""
    sources = list(examples)
    if not names_positions(examples):
        links = alignment.link(sources, list(examples.values()), agreement, common)
        return rewriting.induce(examples, links, agreement, looks)
    plain = [[token for token in target if not numeral(token)] for target in examples.values()]
    links = alignment.link(sources, plain, agreement, common)
    notation = notation_of(examples, links)
    split = {source: notation.clauses(target, len(source)) for source, target in examples.items()}
    seen = [clauses.anchored(source, [clause for clause, _ in parts], links) for source, parts in split.items()]
    holes = clauses.arguments(seen)
    clear = [example for example in seen if clauses.traceable(example, holes, links)]
    joins = constituents.joining(spread(clear, SAMPLE), holes, links)
    trees = [tree for tree in (constituents.tree(example, holes, joins) for example in clear) if tree is not None]
    if not trees:
        return None
    ranks = parsing.orders(seen, [[separator for _, separator in parts] for parts in split.values()])
    return parsing.grammar(trees, notation, links, ranks, agreement)


def nearest(examples: Mapping[Tokens, Tokens], asked: Sequence[Tokens]) -> dict[Tokens, Tokens]:
    """For each source the target of the first example at the least edit distance over tokens.

    Tokens become single characters, so that a compiled edit distance for strings compares them.
    """
    characters: dict[str, str] = {}

    def spelled(source: Tokens) -> str:
        return "".join(characters.setdefault(token, chr(len(characters))) for token in source)

    known, targets = [spelled(source) for source in examples], list(examples.values())
    distinct = list(dict.fromkeys(asked))
    if not known:
        return dict.fromkeys(distinct, ())
    found: dict[Tokens, Tokens] = {}
    size = max(1, COMPARED // len(known))
    for begin in range(0, len(distinct), size):
        some = distinct[begin : begin + size]
        texts = [spelled(source) for source in some]
        distances = cdist(texts, known, scorer=Levenshtein.distance, dtype=np.uint32, workers=1)
        found |= {source: targets[row] for source, row in zip(some, distances.argmin(1), strict=True)}
    return found
