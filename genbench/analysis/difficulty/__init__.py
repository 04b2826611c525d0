"""How difficult a split is, from its data alone: what training shows of what is asked, and what no learning scores.

Keysers et al. 2020 (arXiv:1912.09713) compare training and test as distributions of *atoms* (words, rules) and of
*compounds* (how atoms are put together). With p in training and q in the questions,

    divergence = 1 - sum over k of p_k ** alpha * q_k ** (1 - alpha)

alpha is 0.5 for atoms; for compounds it is 0.1, so that what matters is whether training has a compound at all. A
split is hard in their sense when compounds diverge and atoms do not. A compound that is only ever met inside a larger
one says nothing of its own, so each counts with the weight, in one example,

    w(G) = max over its places there of (1 - max over the compounds G' of one node more around that place of P(G' | G))

P(G' | G) being the share of places of G that lie within one of G', in training and all question sets together. Atoms
are counted as often as they occur, compounds once an example with their weight.

Compounds are the connected parts of an example's parse, all of two nodes and more. A task whose card names `compounds`
gives the parses, as `Trees`; for all others each word hangs from the one before, so that compounds are runs of
neighbouring words. Where the parts are more than `PARTS`, which long or bushy examples soon have, compounds are those
of two and three nodes, the latter being the largest and so of weight 1: such figures compare with each other alone.

Where there are distances between inputs (vectors, or what the card's `embedding` makes of others) two more figures are
in bits of inductive bias: a bound of what training leaves open (`bound`), and how rare functions that answer are among
those that fit training (`exact`). A figure that there is not says why.
"""

from genbench.analysis.difficulty.compounds import FEW, NODES, PARTS, Parts, chernoff, parts
from genbench.analysis.difficulty.files import FOLDER, path_of, read, stored, write
from genbench.analysis.difficulty.floors import STEPS
from genbench.analysis.difficulty.measures import MEASURES, NEIGHBOURS, SCHEMA, VERSION, digest, measure, refuse
from genbench.analysis.difficulty.trees import Trees
from genbench.analysis.difficulty.wording import BRIEF, SHARES, head, line, lines, spelled, unknown

__all__ = [
    "BRIEF",
    "FEW",
    "FOLDER",
    "MEASURES",
    "NEIGHBOURS",
    "NODES",
    "PARTS",
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
    "refuse",
    "spelled",
    "stored",
    "unknown",
    "write",
]
