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

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from genbench.cards import entries
from genbench.errors import BadData, BadValue, StoreFault
from genbench.rows import fingerprints
from genbench.rows.schema import column, to_table
from genbench.scoring import metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jaxtyping import Float, Int

    from genbench.cards import SplitCard, TaskCard
    from genbench.data.problem import Data

ATOM_ALPHA: Final = 0.5  # section 2.2 of their paper
COMPOUND_ALPHA: Final = 0.1
COMPARED: Final = 4_000_000  # pairs of texts compared at once; bounds memory to a few megabytes
STEPS: Final = 1e9  # of comparing texts in all, about a second; where questions need more, every nth is compared
NODES: Final = 4_000_000  # nodes whose compounds are counted: of more, every nth row's; bounds memory to about 1 GB
WORD_BITS: Final = 64  # the compiled edit distance takes a step for a character and so many of the other text
FOLDER: Final = "difficulty"  # in a results folder
NEIGHBOURS: Final = "pairs and triples of neighbouring words"
VERSION: Final = b"1"  # raised when a measure changes its meaning

# Each measure with what it says, in the order in which they are shown.
MEASURES: Final = {
    "train_rows": "rows of training, repeats counted",
    "questions": "rows of the question set",
    "atom_divergence": "divergence of words or rules, alpha 0.5",
    "compound_divergence": "divergence of compounds, alpha 0.1",
    "words_seen": "share of questions all of whose words are in training",
    "pairs_seen": "share of questions all of whose neighbouring pairs of words are in training",
    "triples_seen": "share of questions all of whose neighbouring triples of words are in training",
    "input_overlap": "overlap of the input lengths of training and questions, in words",
    "longer_inputs": "share of questions with more words than any training input",
    "target_overlap": "overlap of the target lengths of training and questions, in words",
    "longer_targets": "share of questions whose target has more words than any in training",
    "majority": "headline metric of the commonest training answer",
    "nearest": "headline metric of the answer of the nearest training input; of every nth question where they are many",
    "ceiling": "headline metric of the right answers",
}

SCHEMA: Final = pa.schema(
    [
        column("task", pa.string(), "task, as its card names it"),
        column("split", pa.string(), "split, with overridden parameters"),
        column("question_set", pa.string(), "name of the question set"),
        column("kind", pa.string(), "id, ood or trained"),
        column("measure", pa.string(), "what is measured: " + "; ".join(f"{k}: {v}" for k, v in MEASURES.items())),
        column("value", pa.float64(), "the figure; null where the data have no such thing", null=True),
        column("compounds", pa.string(), "what a compound is: neighbouring words, or the task's entry for its parses"),
        column("metric", pa.string(), "the headline metric, of which floors and ceiling are"),
        column("data_fingerprint", pa.string(), "sha256 of train, validation and question sets"),
        column(
            "digest",
            pa.string(),
            "of all that decides the figures: data, this module and that of the metrics, the task's parses",
        ),
    ],
    metadata={b"genbench": b"difficulty", b"genbench-schema": VERSION},
)


@dataclass(frozen=True, slots=True)
class Trees:
    """Examples as trees of labelled nodes, one after the other: example i has nodes starts[i] .. starts[i + 1] - 1.

    `labels` are places in `known`. `parents` are positions in the same arrays, -1 for a root; a parent stands before
    its children. `slots` say which child of its parent a node is, from 0; a root's is not looked at.
    """

    known: tuple[str, ...]
    labels: Int[np.ndarray, " node"]
    parents: Int[np.ndarray, " node"]
    slots: Int[np.ndarray, " node"]
    starts: Int[np.ndarray, " example+1"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the trees of some examples are made of: each atom's place, and each compound once an example.

    `atoms` and `compounds` are numbers that mean the same for all examples; `owners` are the examples they stand in.
    """

    atoms: Int[np.ndarray, " node"]
    atom_owners: Int[np.ndarray, " node"]
    compounds: Int[np.ndarray, " found"]
    compound_owners: Int[np.ndarray, " found"]
    weights: Float[np.ndarray, " found"]


def measure(card: TaskCard, split: SplitCard, label: str, data: Data, fingerprint: str) -> pa.Table:
    """The measures of each question set, as rows of `SCHEMA`. `label` is the split with its parameters.

    Raises `BadValue` for inputs that are not made of words (images), `BadData` where the task's parses are none.
    """
    refuse_images(card, split)
    headline = metrics.of_card(card)[0]
    tables = [data.train, *(data.questions[name] for name in split.questions)]
    words = [_words(table, card.inputs) for table in tables]
    rows: list[dict[str, Any]] = []
    measured = zip(
        split.questions.values(), tables[1:], words[1:], _divergences(card, tables, words), _seen(words), strict=True
    )
    for question, asked, own, diverging, seen in measured:
        found: dict[str, float | None] = {
            "train_rows": data.train.num_rows,
            "questions": asked.num_rows,
            **diverging,
            **seen,
            **_lengths("input", _counts(words[0]), _counts(own)),
            **_target_lengths(data.train[card.target], asked[card.target]),
            **_floors(headline, data.train, words[0], asked, own, card.target),
        }
        rows += [
            {
                "task": card.name,
                "split": label,
                "question_set": question.name,
                "kind": question.kind,
                "measure": name,
                "value": found[name],
                "compounds": card.compounds or NEIGHBOURS,
                "metric": headline.name,
                "data_fingerprint": fingerprint,
                "digest": digest(card, label, fingerprint),
            }
            for name in MEASURES
        ]
    return to_table(rows, SCHEMA)


def refuse_images(card: TaskCard, split: SplitCard) -> None:
    """Raise `BadValue` for a task whose inputs are not made of words."""
    images = [name for name, kind in card.inputs.items() if kind == "image"]
    if images:
        raise BadValue(
            f"{card.name}/{split.name}: input {images[0]!r} is an image; difficulty is measured on inputs made of words"
        )


def digest(card: TaskCard, label: str, fingerprint: str) -> str:
    """What decides the figures: split and data, this module, how metrics grade, the folder of a task with parses."""
    own = [Path(str(file)).read_bytes() for file in (__file__, metrics.__file__)]
    parses = fingerprints.of_folder(card.folder, label.partition(":")[0]) if card.compounds else ""
    text = repr(
        (card.name, label, fingerprint, card.metrics[0], parses, [hashlib.sha256(one).hexdigest() for one in own])
    )
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _words(table: pa.Table, columns: Iterable[str]) -> pa.Array:
    """The words of each row as list<string>, columns one after the other.

    A string is cut at blanks, an element of a list is a word, and so is any other value. Where there are several
    columns, words bear the name of theirs (`a=5`), so that those of different columns are never the same word.
    """
    names = list(columns)
    parts = []
    for name in names:
        array = _whole(table[name])
        lists = _split(array)
        if len(names) > 1:
            flat = pc.binary_join_element_wise(name, lists.flatten(), "=")
            lists = pa.ListArray.from_arrays(_offsets(lists), flat)
        parts.append(lists)
    return parts[0] if len(parts) == 1 else _joined(parts)


def _split(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type):
        trimmed = pc.utf8_trim_whitespace(array)
        lists = pc.utf8_split_whitespace(trimmed)
        counts = np.where(pc.equal(trimmed, ""), 0, _counts(lists))  # Arrow gives an empty string one empty word
        words = lists.flatten()
        return pa.ListArray.from_arrays(_starts(counts), words.filter(pc.not_equal(words, "")))
    if pa.types.is_list(array.type):
        return pa.ListArray.from_arrays(_offsets(array), array.flatten().cast(pa.string()))
    return pa.ListArray.from_arrays(pa.array(np.arange(len(array) + 1), pa.int32()), array.cast(pa.string()))


def _offsets(lists: pa.Array) -> pa.Array:
    return _starts(_counts(lists))


def _starts(counts: Int[np.ndarray, " row"]) -> pa.Array:
    return pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())


def _joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Lists of the same rows one behind the other."""
    counts = np.stack([_counts(part) for part in parts], axis=1)
    ends = np.concatenate([[0], np.cumsum(counts)])
    flat = pa.concat_arrays([part.flatten() for part in parts])
    begins = np.concatenate([[0], np.cumsum(counts.sum(0))])[:-1]
    order = np.empty(len(flat), np.int64)
    for place, begin in enumerate(begins):
        own = counts[:, place]
        inside = np.arange(own.sum()) - np.repeat(np.cumsum(own) - own, own)
        where = np.repeat(ends[:-1].reshape(counts.shape)[:, place], own) + inside
        order[where] = begin + np.arange(own.sum())
    return pa.ListArray.from_arrays(_starts(counts.sum(1)), flat.take(pa.array(order)))


def _whole(given: Any) -> Any:
    array = given.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def _counts(words: pa.Array) -> Int[np.ndarray, " row"]:
    return np.asarray(pc.list_value_length(words)).astype(np.int64)


def _chains(words: pa.Array) -> Trees:
    """Each word hangs from the one before."""
    coded = words.flatten().dictionary_encode()
    starts = np.concatenate([[0], np.cumsum(_counts(words))])
    parents = np.arange(len(coded)) - 1
    parents[starts[:-1][np.diff(starts) > 0]] = -1
    known = tuple(coded.dictionary.to_pylist())
    return Trees(known, np.asarray(coded.indices).astype(np.int64), parents, np.zeros(len(coded), np.int64), starts)


def _trees(card: TaskCard, table: pa.Table, words: pa.Array) -> Trees:
    if not card.compounds:
        return _chains(words)
    given: object = entries.load_entry(card.folder, card.compounds)(table.select(list(card.inputs)))
    where = f"{card.name}: {card.compounds}"
    if not isinstance(given, Trees):
        raise BadData(f"{where} returned {type(given).__name__}; it must return genbench.Trees")
    if len(given.starts) != table.num_rows + 1 or given.starts[-1] != len(given.labels):
        raise BadData(f"{where} gave {len(given.starts) - 1} trees for {table.num_rows} rows")
    own = np.arange(len(given.labels))
    if not (given.parents < own).all() or not (given.parents >= -1).all():
        raise BadData(f"{where} gave a node that does not stand behind its parent")
    return given


def parts(trees: Trees) -> Parts:
    """Atoms and weighted compounds of all examples; P(G' | G) is taken over all of them."""
    owners = np.repeat(np.arange(len(trees.starts) - 1), np.diff(trees.starts))
    nodes = np.flatnonzero(trees.parents >= 0)  # a pair is a node with its parent, told by the node
    above = trees.parents[nodes]
    pairs = _numbered(trees.labels[above], trees.slots[nodes], trees.labels[nodes])
    edge = np.full(len(trees.labels), -1)
    edge[nodes] = np.arange(len(nodes))
    upper, lower, shapes = _triples(trees, nodes, edge)
    triples = _numbered(shapes, pairs[upper], pairs[lower])
    times = np.bincount(pairs, minlength=1)
    larger = np.bincount(triples, minlength=1)[triples]
    share = np.zeros(len(nodes))  # the largest P(triple | pair) around each pair
    for sides in (upper, lower):
        np.maximum.at(share, sides, np.minimum(1.0, larger / times[pairs[sides]]))
    most = int(pairs.max(initial=-1)) + 1
    found = np.concatenate([pairs, triples + most])
    where = np.concatenate([owners[nodes], owners[nodes[upper]]])
    weights = np.concatenate([1.0 - share, np.ones(len(triples))])
    # Once an example, with the greatest weight that it has there.
    both = where * (int(found.max(initial=0)) + 1) + found
    order = np.lexsort((-weights, both))
    first = order[np.flatnonzero(np.diff(both[order], prepend=-1))]
    return Parts(trees.labels, owners, found[first], where[first], weights[first])


def _triples(
    trees: Trees, nodes: Int[np.ndarray, " pair"], edge: Int[np.ndarray, " node"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Connected parts of three nodes, as two pairs that share one: shape 0 is a line down, shape 1 two children."""
    grand = edge[trees.parents[nodes]]
    lines = np.flatnonzero(grand >= 0)
    upper, lower, shapes = [grand[lines]], [lines], [np.zeros(len(lines), np.int64)]
    siblings = nodes[np.lexsort((trees.slots[nodes], trees.parents[nodes]))]
    apart = 1
    while True:
        same = trees.parents[siblings[apart:]] == trees.parents[siblings[:-apart]]
        if not same.any():
            break
        upper.append(edge[siblings[:-apart][same]])
        lower.append(edge[siblings[apart:][same]])
        shapes.append(np.ones(int(same.sum()), np.int64))
        apart += 1
    return np.concatenate(upper), np.concatenate(lower), np.concatenate(shapes)


def _numbered(*columns: Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    """Equal rows get equal numbers, from 0 without gaps."""
    whole = np.zeros(len(columns[0]), np.int64)
    for one in columns:
        size = int(one.max(initial=0)) + 1
        whole = np.asarray(pa.array(whole * size + one).dictionary_encode().indices).astype(np.int64)
    return whole


def chernoff(p: Float[np.ndarray, " k"], q: Float[np.ndarray, " k"], alpha: float) -> float:
    """The Chernoff coefficient of two distributions, given as weights: 1 for equal ones, 0 for disjoint ones.

    >>> round(chernoff(np.array([1.0, 1.0]), np.array([2.0, 2.0]), 0.1), 6)
    1.0
    """
    if not p.sum() or not q.sum():
        return 0.0
    return float(np.sum((p / p.sum()) ** alpha * (q / q.sum()) ** (1 - alpha)))


def _divergences(
    card: TaskCard, tables: Sequence[pa.Table], words: Sequence[pa.Array]
) -> Iterator[dict[str, float | None]]:
    """Of each table but the first, training, from that. Where inputs are very large, of every nth row."""
    every = int(np.ceil(sum(int(_counts(own).sum()) for own in words) / NODES)) or 1
    some = [pa.array(np.arange(0, table.num_rows, every)) for table in tables]
    given = [
        _trees(card, table.take(rows), own.take(rows)) for table, rows, own in zip(tables, some, words, strict=True)
    ]
    found = parts(_together(given))
    if not len(found.atoms):
        raise BadData(f"{card.name}: there is no word in the inputs")
    edges = np.cumsum([0, *(len(rows) for rows in some)])

    def divergence(
        numbers: np.ndarray, owners: np.ndarray, weights: np.ndarray, asked: int, alpha: float
    ) -> float | None:
        size = int(numbers.max(initial=0)) + 1
        sets = [(owners >= edges[at]) & (owners < edges[at + 1]) for at in (0, asked)]
        p, q = (np.bincount(numbers[own], weights[own], size) for own in sets)
        return 1.0 - chernoff(p, q, alpha) if p.sum() and q.sum() else None

    ones = np.ones(len(found.atoms))
    for asked in range(1, len(tables)):
        yield {
            "atom_divergence": divergence(found.atoms, found.atom_owners, ones, asked, ATOM_ALPHA),
            "compound_divergence": divergence(
                found.compounds, found.compound_owners, found.weights, asked, COMPOUND_ALPHA
            ),
        }


def _together(given: Sequence[Trees]) -> Trees:
    """Several lists of trees as one, with the labels of all."""
    places = {label: place for place, label in enumerate(dict.fromkeys(name for one in given for name in one.known))}
    labels, parents, starts, nodes = [], [], [np.zeros(1, np.int64)], 0
    for one in given:
        labels.append(np.array([places[name] for name in one.known], np.int64)[one.labels])
        parents.append(np.where(one.parents >= 0, one.parents + nodes, -1))
        starts.append(one.starts[1:] + nodes)
        nodes += len(one.labels)
    slots = np.concatenate([one.slots for one in given])
    return Trees(tuple(places), np.concatenate(labels), np.concatenate(parents), slots, np.concatenate(starts))


def _seen(words: Sequence[pa.Array]) -> Iterator[dict[str, float | None]]:
    """Shares of questions whose words, pairs and triples of words all occur in training, the first list.

    None where no question has as many words.
    """
    both = _together([_chains(own) for own in words])
    owners = np.repeat(np.arange(len(both.starts) - 1), np.diff(both.starts))
    edges = np.cumsum([0, *(len(own) for own in words)])
    numbers, ends = both.labels.copy(), np.ones(len(owners), bool)  # of the n-gram that ends at each word
    found: list[dict[str, float | None]] = [{} for _ in words[1:]]
    for name in ("words_seen", "pairs_seen", "triples_seen"):
        known = np.zeros(int(numbers.max(initial=0)) + 1, bool)
        known[numbers[ends & (owners < edges[1])]] = True
        for asked, shares in enumerate(found, start=1):
            own = ends & (owners >= edges[asked]) & (owners < edges[asked + 1])
            new = np.unique(owners[own & ~known[numbers]])
            shares[name] = 1.0 - len(new) / len(words[asked]) if own.any() else None
        inside = np.flatnonzero((both.parents >= 0) & ends[both.parents])
        longer = _numbered(numbers[inside - 1], both.labels[inside])
        ends = np.zeros(len(owners), bool)
        ends[inside] = True
        numbers[inside] = longer
    yield from found


def _lengths(name: str, train: Int[np.ndarray, " row"], asked: Int[np.ndarray, " question"]) -> dict[str, float | None]:
    size = int(max(train.max(initial=0), asked.max(initial=0))) + 1
    p, q = (np.bincount(lengths, minlength=size) / len(lengths) for lengths in (train, asked))
    return {
        f"{name}_overlap": float(np.minimum(p, q).sum()),
        f"longer_{name}s": float(np.mean(asked > train.max(initial=0))),
    }


def _target_lengths(train: Any, asked: Any) -> dict[str, float | None]:
    if not (pa.types.is_string(train.type) or pa.types.is_list(train.type)):
        return {"target_overlap": None, "longer_targets": None}
    return _lengths("target", *(_counts(_split(_whole(one))) for one in (train, asked)))


def _floors(
    headline: metrics.Metric, train: pa.Table, shown: pa.Array, asked: pa.Table, words: pa.Array, target: str
) -> dict[str, float | None]:
    """The commonest answer, the answer of the nearest input by edits of words, and the right answers, all graded."""
    answers, right = _whole(train[target]), _whole(asked[target])
    written = answers if pa.types.is_string(answers.type) else pa.array([repr(one) for one in answers.to_pylist()])
    [(commonest, _)] = Counter(written.to_pylist()).most_common(1)  # the first in training order among equals
    place = pc.index(written, commonest).as_py()
    across, along = float(np.mean(_counts(words))), float(np.mean(_counts(shown)))
    steps = len(right) * len(answers) * max(1.0, across) * np.ceil(max(1.0, along) / WORD_BITS)
    some = np.arange(0, len(right), int(np.ceil(steps / STEPS)))
    nearest = _nearest(shown, words.take(pa.array(some)))
    graded = {
        "majority": headline.grade(answers.take(pa.array(np.full(len(right), place))), right),
        "nearest": headline.grade(answers.take(pa.array(nearest)), right.take(pa.array(some))),
        "ceiling": headline.grade(right, right),
    }
    return {name: metrics.mean(marks) for name, marks in graded.items()}


def _nearest(shown: pa.Array, asked: pa.Array) -> Int[np.ndarray, " question"]:
    """For each question the first training row at the least edit distance over words; equal rows are compared once."""
    both = _together([_chains(shown), _chains(asked)])
    # Words become characters, which a compiled edit distance compares; surrogates are none.
    characters = [chr(code + 1 if code < 0xD7FF else code + 0x801) for code in range(len(both.known))]
    text = "".join(characters[label] for label in both.labels.tolist())
    texts = [text[start:end] for start, end in zip(both.starts[:-1].tolist(), both.starts[1:].tolist(), strict=True)]
    first = {one: place for place, one in reversed(list(enumerate(texts[: len(shown)])))}
    kept = sorted(first.values())
    known, wanted = [texts[place] for place in kept], texts[len(shown) :]
    kind = np.min_scalar_type(max(map(len, texts), default=0))
    size = max(1, COMPARED // len(known))
    found = [
        cdist(wanted[begin : begin + size], known, scorer=Levenshtein.distance, dtype=kind, workers=1).argmin(1)
        for begin in range(0, len(wanted), size)
    ]
    return np.asarray(np.array(kept)[np.concatenate(found)])


def path_of(place: str, task: str, label: str) -> str:
    """Where a split's difficulty lies in a results folder or at its URL."""
    return f"{place.rstrip('/')}/{FOLDER}/task={task}/{label.replace('/', '_')}.parquet"


def write(table: pa.Table, path: str) -> None:
    """Write rows of `SCHEMA`, whole or not at all. Raises `StoreFault`."""
    import fsspec

    try:
        files, target = fsspec.core.url_to_fs(path)
        files.makedirs(target.rpartition("/")[0], exist_ok=True)
        partial = f"{target.rpartition('/')[0]}/.{target.rpartition('/')[2]}.partial"
        with files.open(partial, "wb") as sink:
            pq.write_table(table, sink, compression="zstd")
        files.mv(partial, target)
    except (OSError, ValueError, ImportError) as fault:
        raise StoreFault(f"{path} cannot be written: {fault}") from fault


def read(path: str) -> pa.Table | None:
    """The rows of one file; None where it is not there, cannot be read, or has another schema."""
    import fsspec

    try:
        with fsspec.open(path, "rb") as source:
            table = pq.read_table(source)
    except (OSError, pa.ArrowException, ValueError):
        return None
    wanted = SCHEMA.metadata
    if table.column_names != SCHEMA.names or any((table.schema.metadata or {}).get(k) != v for k, v in wanted.items()):
        return None
    return table


def stored(place: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The rows kept in a results folder, by task and split."""
    import fsspec

    files, root = fsspec.core.url_to_fs(f"{place.rstrip('/')}/{FOLDER}")
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for path in sorted(files.find(root)) if files.isdir(root) else []:
        table = read(files.unstrip_protocol(path)) if path.endswith(".parquet") else None
        for row in table.to_pylist() if table is not None else []:
            found.setdefault((row["task"], row["split"]), []).append(row)
    return found


# Of a split in one line: the measure, what it is called on a page, and at the head of a column.
BRIEF: Final = {
    "compound_divergence": ("compound divergence", "compounds"),
    "atom_divergence": ("atom divergence", "atoms"),
    "words_seen": ("all words seen", "words"),
    "pairs_seen": ("all pairs seen", "pairs"),
    "longer_targets": ("longer than any shown", "longer"),
    "nearest": ("nearest neighbour", "nearest"),
    "majority": ("commonest answer", "majority"),
}
SHARES: Final = tuple(name for name, about in MEASURES.items() if about.startswith("share"))


def spelled(measure: str, value: float | None) -> str:
    """A figure as it is shown: counts whole, shares of questions in per cent, the rest with three decimals.

    >>> spelled("questions", 3920.0), spelled("words_seen", 0.9987), spelled("nearest", None)
    ('3,920', '99.9 %', '-')
    """
    if value is None:
        return "-"
    if measure in {"train_rows", "questions"}:
        return f"{value:,.0f}"
    return f"{100 * value:.3g} %" if measure in SHARES else f"{value:.3f}"


def head(wide: int) -> str:
    """What stands above `lines`; names of splits are `wide` characters."""
    return f"{'split':<{wide}}  {'questions':<14} {'kind':<8}" + "".join(f"{short:>10}" for _, short in BRIEF.values())


def lines(rows: Sequence[Mapping[str, Any]], wide: int) -> Iterator[str]:
    """A line for each question set of a split."""
    for name in dict.fromkeys(row["question_set"] for row in rows):
        own = {row["measure"]: row for row in rows if row["question_set"] == name}
        one = own["questions"]
        figures = "".join(f"{spelled(measure, own[measure]['value']):>10}" for measure in BRIEF)
        yield f"{one['task'] + '/' + one['split']:<{wide}}  {name:<14} {one['kind']:<8}{figures}"


def line(rows: Sequence[Mapping[str, Any]]) -> str:
    """A split's difficulty in one line: each figure, or its range where question sets differ.

    Question sets of training asked again are left out, for they are no test of it.
    """
    told = []
    for name, (said, _) in BRIEF.items():
        values = [
            row["value"]
            for row in rows
            if row["measure"] == name and row["kind"] != "trained" and row["value"] is not None
        ]
        if values:
            ends = [spelled(name, value) for value in (min(values), max(values))]
            told.append(f"{said} " + (ends[0] if ends[0] == ends[1] else " to ".join(ends)))
    return " · ".join(told)
