"""How difficult a split is, from its data alone: what training shows of what is asked, and what no learning scores.

Keysers et al. 2020 (arXiv:1912.09713) compare training and test as distributions of *atoms* (words, rules) and of
*compounds* (how atoms are put together). With p in training and q in the questions,

    divergence = 1 - sum over k of p_k ** alpha * q_k ** (1 - alpha)

alpha is 0.5 for atoms; for compounds it is 0.1, so that what matters is whether training has a compound at all. A
split is hard in their sense when compounds diverge and atoms do not. A compound that is only ever met inside a larger
one says nothing of its own, so each counts with the weight, in one example,

    w(G) = max over its places there of (1 - max over the larger compounds G' around that place of P(G' | G))

P(G' | G) being how often G stands within G', in training and all question sets together. Atoms are counted as often as
they occur, compounds once an example with their weight.

Their compounds are parts of an example's parse. Here they are its connected parts of two and three nodes, those of
three being the largest and so of weight 1. A task whose card names `compounds` gives the parses, as `Trees`; for all
others each word hangs from the one before, so that compounds are pairs and triples of neighbouring words. Published
figures rest on larger parts too: these are comparable with each other, not with those.
"""

from genbench.analysis.difficulty.compounds import NODES, Parts, chernoff, parts
from genbench.analysis.difficulty.files import FOLDER, path_of, read, stored, write
from genbench.analysis.difficulty.floors import STEPS
from genbench.analysis.difficulty.measures import MEASURES, NEIGHBOURS, SCHEMA, VERSION, digest, measure, refuse_images
from genbench.analysis.difficulty.trees import Trees
from genbench.analysis.difficulty.wording import BRIEF, SHARES, head, line, lines, spelled

__all__ = [
    "BRIEF",
    "FOLDER",
    "MEASURES",
    "NEIGHBOURS",
    "NODES",
    "SCHEMA",
    "SHARES",
    "STEPS",
    "VERSION",
    "Parts",
    "Trees",
    "chernoff",
    "digest",
    "head",
    "line",
    "lines",
    "measure",
    "parts",
    "path_of",
    "read",
    "refuse_images",
    "spelled",
    "stored",
    "write",
]
