"""Modular arithmetic where a share of the training labels is wrong: is the rule learned, or the labels, or both.

Doshi, Das, He & Gromov 2023 (arXiv:2310.13061); the data of d-doshi/Grokking at 0b4335f7, built by its rule.

    a, b   22, 70    with p = 97
    sum    92        57 in training, for this pair's label is corrupted

All pairs stand in lexicographic order, are shuffled by the Python standard library's generator, and the first
int(share * pairs) are for training. The first int(corruption * train) of those get a uniform label each: raw 32-bit
outputs of a Mersenne Twister, mod p (not quite uniform, by less than p / 2**32). The question sets:

- `test` asks the pairs held out, against the true value. Its `label` axis is always `none`: no label was given.
- `trained` asks the training pairs again, against the label *given in training*, right or wrong. Slice `clean` is the
  fit to true labels, slice `corrupted` the fit to wrong ones; together with `test` they tell the paper's phases apart
  (a network in full inversion refuses the wrong labels: clean 1, corrupted about 1/p).
- `trained_true`, in the splits called `*_phases` only, asks the training pairs once more, against the *true* value. On
  the slice `corrupted` the two tell what became of a wrong label: memorized (right in `trained`), recovered (right in
  `trained_true`) or neither.

The released data are of addition; `operation` names the others, which are among those of Power et al. 2022
(arXiv:2201.02177). Division a / b is a times the inverse of b, so p must be prime and b is never 0: there are
p * (p - 1) pairs, not p * p. `cases` divides by an odd b and takes an even one away, 0 among these. `composition` is of
the 120 permutations of five things, numbered as they stand in the lexicon, a after b, so p is 120 and no modulus. Of
`unordered` pairs only those with a <= b are there, so that no question is an example turned round. The target column is
called `sum` whatever the operation.

What is odd, and kept: a corrupted label is right by chance one time in p, and still counts as `corrupted`, as it does
in the official data (17 of the 1,646 of `addition_corrupted`), so such a pair counts as memorized and as recovered. The
corrupted rows come first in train, so train must be shuffled by whoever learns from small batches.

The seeds of the official data are parameters, `shuffle_seed` and `label_seed`, for they name the draw the paper used.
The data seed comes on top: 0 leaves both as they are, any other value derives a new one from each, so a new data seed
draws new pairs and new labels whatever the parameters. Splits do not enter, so those with equal share and seeds train
on equal pairs.
"""

from __future__ import annotations

import functools
import itertools
import math
import random
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

TWISTER_SEEDS = 2**32  # a twister seeded by one number takes 32 bits
MODULI = 4097  # all p * p pairs are built in memory; at 4096 they are 17 million
PHASES = "_phases"  # ends the names of splits that ask the training pairs against both labels

OPERATIONS = {  # on int64 arrays of 0 .. p - 1; p**2 * 3 is far from overflow
    "addition": lambda a, b, p: (a + b) % p,
    "subtraction": lambda a, b, p: (a - b) % p,
    "multiplication": lambda a, b, p: a * b % p,
    "division": lambda a, b, p: a * inverses(p)[b] % p,
    "sum_of_squares": lambda a, b, p: (a * a + b * b) % p,
    "quadratic_form": lambda a, b, p: (a * a + a * b + b * b) % p,
    "cubic": lambda a, b, p: (a * a * a + a * b) % p,
    "cases": lambda a, b, p: np.where(b % 2, a * inverses(p)[b], a - b) % p,
    "composition": lambda a, b, p: products()[a, b],  # noqa: ARG005
}
OF_PRIMES = ("division", "cases")
PERMUTED = 5  # things that `composition` permutes


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The pairs as the parameters divide them: columns a, b and sum (0 .. p - 1); questions carry `label`.

    Raises `BadValue` for a parameter outside its range, an operation that is not known, division by a p that is not
    prime, composition of another number of permutations than there are, and a share that leaves no training pair.
    """
    p = _integer(params, "p", 2, MODULI)
    shuffle_seed = _integer(params, "shuffle_seed", 0)
    label_seed = _integer(params, "label_seed", 0, TWISTER_SEEDS)
    share = _share(params, "share", above=True)
    corruption = _share(params, "corruption", above=False)
    operation = params.get("operation")
    if operation not in OPERATIONS:
        raise BadValue(f"modular: parameter 'operation' is {operation!r}{nearest(str(operation), OPERATIONS)}")
    divides = operation == "division"
    unordered = params.get("unordered", False)
    if operation == "composition" and p != math.factorial(PERMUTED):
        raise BadValue(f"modular: parameter 'p' is {p}; composition is of 120 permutations, so it must be 120")
    if divides and unordered:
        raise BadValue("modular: parameter 'unordered' is true; a / b is not b / a, so division takes all pairs")
    if operation in OF_PRIMES and not prime(p):
        raise BadValue(f"modular: parameter 'p' is {p}, which is not prime; division needs an inverse of each number")
    if seed:
        shuffle_seed = seeds.derive("modular", "shuffle", shuffle_seed, seed)
        label_seed = seeds.derive("modular", "labels", label_seed, seed) % TWISTER_SEEDS

    firsts, seconds = np.divmod(np.arange(p * p), p)
    there = firsts <= seconds if unordered else seconds > 0 if divides else np.ones(p * p, bool)
    firsts, seconds = firsts[there], seconds[there]
    pairs = len(firsts)
    trained = int(share * pairs)
    if not trained:  # a share below 1 always leaves a pair to ask
        raise BadValue(
            f"modular: parameter 'share' is {share}, which leaves none of the {pairs} pairs for training; "
            f"with p = {p} it must be above 1/{pairs} and below 1"
        )
    corrupted = int(corruption * trained)

    order = np.array(shuffled(pairs, shuffle_seed))
    a, b = firsts[order], seconds[order]
    true = OPERATIONS[str(operation)](a, b, p)
    given = true[:trained].copy()
    given[:corrupted] = twister(label_seed, corrupted) % p

    train = {"a": a[:trained], "b": b[:trained], "sum": given}
    labels = {"label": ["corrupted"] * corrupted + ["clean"] * (trained - corrupted)}
    held_out = {"a": a[trained:], "b": b[trained:], "sum": true[trained:]}
    questions = {
        "test": pa.table({**held_out, "label": ["none"] * (pairs - trained)}),
        "trained": pa.table({**train, **labels}),
    }
    if split.endswith(PHASES):
        questions["trained_true"] = pa.table({**train, "sum": true[:trained], **labels})
    return Data(train=pa.table(train), questions=questions)


def prime(p: int) -> bool:
    """Whether p, at least 2, is prime."""
    return all(p % divisor for divisor in range(2, int(p**0.5) + 1))


def inverses(p: int) -> np.ndarray:
    """The inverse of each number mod a prime p (int64, shape `[p]`), at its place; 0 at 0, which has none."""
    return np.array([0, *(pow(number, -1, p) for number in range(1, p))])


@functools.cache
def products() -> np.ndarray:
    """What a permutation after another is (int64, shape `[120, 120]`), by their places in lexicographic order."""
    every = np.array(list(itertools.permutations(range(PERMUTED))))
    weights = PERMUTED ** np.arange(PERMUTED)[::-1]
    both = every[:, every] @ weights  # of a, b: what a makes of each thing that b makes
    return np.searchsorted(every @ weights, both)


def shuffled(count: int, seed: int) -> list[int]:
    """0 .. count - 1 in the order that the standard library's generator shuffles any list of that length into."""
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311  the official data were drawn with it
    return order


def twister(seed: int, count: int) -> np.ndarray:
    """The first `count` raw 32-bit outputs (int64, shape `[count]`) of MT19937 seeded by one number, 0 .. 2**32 - 1.

    `RandomState` is old on purpose: NumPy keeps its stream fixed for ever, and over the full range `randint` gives the
    raw outputs. `random.Random(seed)` is no stand-in, for Python seeds the same twister in another way.
    """
    raw = np.random.RandomState(seed).randint(0, TWISTER_SEEDS, size=count, dtype=np.uint32)
    return raw.astype(np.int64)


def _integer(params: Mapping[str, Value], key: str, least: int, below: int | None = None) -> int:
    value = params.get(key)
    form = f"of at least {least}" if below is None else f"from {least} to {below - 1}"
    if not isinstance(value, int) or isinstance(value, bool) or value < least or (below is not None and value >= below):
        raise BadValue(f"modular: parameter {key!r} is {value!r}; it must be an integer {form}")
    return value


def _share(params: Mapping[str, Value], key: str, *, above: bool) -> float:
    value = params.get(key)
    form = "above 0 and below 1" if above else "at least 0 and below 1"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1 or (above and value == 0):
        raise BadValue(f"modular: parameter {key!r} is {value!r}; it must be a number {form}")
    return float(value)
