"""Difficulty against its definition, written a second time and slowly; and on the splits it was made for."""

import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from math import isclose
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards, registry
from genbench.analysis import difficulty
from genbench.analysis.difficulty import MEASURES, Trees
from genbench.data.problem import Data
from genbench.errors import BadData, BadValue, StoreFault
from genbench.evaluation import build, plan, run

TASKS = Path(__file__).parents[3] / "tasks"
SCAN = cards.read(TASKS / "scan", "task")
MODULAR = cards.read(TASKS / "modular", "task")
TEXT = replace(SCAN, compounds="")  # the same columns, and no parses
SPLIT = SCAN.splits["length"]


def table(*rows):
    commands, actions = zip(*rows, strict=True)
    return pa.table({"commands": pa.array(commands, pa.string()), "actions": pa.array(actions, pa.string())})


def measured(train, asked, card=TEXT, split=SPLIT):
    rows = difficulty.measure(card, split, split.name, Data(train, {"test": asked}), "sha256:0").to_pylist()
    return {row["measure"]: row["value"] for row in rows}


def measured_split(name):
    task, _, split = name.partition("/")
    card = cards.read(TASKS / task, "task")
    chosen = registry.ChosenSplit(card, card.splits[split], {})
    rows = difficulty.measure(card, chosen.split, split, build.load(chosen), "").to_pylist()
    return {(row["question_set"], row["measure"]): row["value"] for row in rows}


def a_forest(seed, count=60):
    """Random trees of up to eight nodes with three labels."""
    stream = np.random.default_rng(seed)
    labels, parents, slots, starts = [], [], [], [0]
    for _ in range(count):
        begin, children = len(labels), Counter()
        for place in range(stream.integers(1, 9)):
            above = -1 if place == 0 else begin + int(stream.integers(0, place))
            labels.append(int(stream.integers(0, 3)))
            parents.append(above)
            slots.append(children[above])
            children[above] += 1
        starts.append(len(labels))
    return Trees(("a", "b", "c"), *(np.array(one, np.int64) for one in (labels, parents, slots, starts)))


def weighed(trees):
    """Compounds with their weight in each example, by the words of the definition."""
    examples, times = [], Counter()
    for begin, end in zip(trees.starts[:-1], trees.starts[1:], strict=True):
        edges = {node: trees.parents[node] for node in range(begin, end) if trees.parents[node] >= 0}

        places = []
        for size in (2, 3):
            for chosen in combinations(range(begin, end), size):
                if sum(edges.get(node) in chosen for node in chosen) != size - 1:
                    continue
                top = next(node for node in chosen if edges.get(node) not in chosen)
                places.append((frozenset(chosen), named(trees, edges, chosen, top)))
        examples.append(places)
        times.update(part for _, part in places)
    found = []
    for places in examples:
        weights = defaultdict(float)
        for nodes, part in places:
            around = [times[other] / times[part] for larger, other in places if nodes < larger]
            weights[part] = max(weights[part], 1 - min(1.0, max(around, default=0.0)))
        found.append(weights)
    return found


def named(trees, edges, chosen, top):
    """Equal parts have equal names: nodes are numbered from the top, siblings by their slot."""
    order = sorted(chosen, key=lambda node, top=top: (depth(edges, node, top), trees.slots[node]))
    where = {node: number for number, node in enumerate(order)}
    return tuple((trees.labels[node], where.get(edges.get(node)), node != top and trees.slots[node]) for node in order)


def depth(edges, node, top):
    return 0 if node == top else 1 + depth(edges, edges[node], top)


@pytest.mark.parametrize("seed", range(5))
def test_compounds_and_their_weights_are_those_of_the_definition(seed):
    trees = a_forest(seed)

    found = difficulty.parts(trees)

    expected = weighed(trees)
    for example, weights in enumerate(expected):
        own = found.compound_owners == example
        assert np.allclose(sorted(found.weights[own]), sorted(weights.values()))
    # A compound is the same compound in all examples.
    summed = Counter()
    for weights in expected:
        summed.update(weights)
    assert np.allclose(
        sorted(np.bincount(found.compounds, found.weights)[np.unique(found.compounds)]), sorted(summed.values())
    )


def test_the_coefficient_is_that_of_the_paper():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])

    assert isclose(difficulty.chernoff(p, q, 0.5), 2 * (0.5 * 0.25) ** 0.5)
    assert isclose(difficulty.chernoff(p, q, 0.1), 2 * 0.5**0.1 * 0.25**0.9)
    assert difficulty.chernoff(p, np.array([0.0, 0.0, 1.0]), 0.1) == 0.0


def test_alike_words_in_unlike_pairs_diverge_in_compounds_alone():
    found = measured(table(("a b", "x"), ("c d", "y")), table(("b a", "x"), ("d c", "y")))

    assert (found["atom_divergence"], found["compound_divergence"]) == (0.0, 1.0)
    assert (found["words_seen"], found["pairs_seen"], found["triples_seen"]) == (1.0, 0.0, None)


def test_the_same_sentences_do_not_diverge():
    rows = table(("a b c", "x"), ("a c b", "y z"), ("a b c", "x"))

    found = measured(rows, rows)

    assert abs(found["atom_divergence"]) < 1e-12
    assert abs(found["compound_divergence"]) < 1e-12
    assert found["nearest"] == found["ceiling"] == found["input_overlap"] == 1.0
    assert found["majority"] == 2 / 3


def test_questions_count_as_seen_when_all_their_parts_are():
    train = table(("a b c", "x"), ("c d", "x"))
    asked = table(("b c d", "x"), ("a b c", "x"), ("a d", "x"), ("a e", "x"))

    found = measured(train, asked)

    assert [found[name] for name in ("words_seen", "pairs_seen", "triples_seen")] == [0.75, 0.5, 0.75]


def test_lengths_are_counted_in_words():
    train = table(("a", "x"), ("a a", "x x"), ("a a", "x x"), ("a a", "x x x"))
    asked = table(("a", "x x x x"), ("a a", "x x"), ("a a a", "x"), ("a a a a", "x"))

    found = measured(train, asked)

    assert (found["input_overlap"], found["longer_inputs"]) == (0.5, 0.5)
    assert (found["target_overlap"], found["longer_targets"]) == (0.5, 0.25)


def test_the_nearest_input_answers_and_the_first_among_equals():
    train = table(("a b c", "first"), ("a b d", "second"), ("x y", "third"))
    asked = table(("a b", "first"), ("a b e", "first"), ("x y z", "third"), ("q x y", "second"))

    found = measured(train, asked)

    assert found["nearest"] == 0.75
    assert found["majority"] == 0.5


def test_of_equal_inputs_with_different_answers_the_first_answers():
    found = measured(table(("a b", "first"), ("a b", "second"), ("x", "second")), table(("a b c", "first")))

    assert found["nearest"] == 1.0


def test_floors_are_what_the_baselines_score(tmp_path):
    from genbench.evaluation.executors.here import Here
    from genbench.rows.store import Store

    found = registry.catalogue()
    splits = registry.choose_splits(["modular/addition"], found)
    planned = plan.plan(splits, registry.choose_submissions(["majority", "nearest"], found), 1, "quick", "cpu")
    list(run.run(planned, Here(), Store(str(tmp_path))))

    measures = measured_split("modular/addition")

    for row in Store(str(tmp_path)).read("scores").table.to_pylist():
        if row["metric"] == MODULAR.metrics[0] and not row["axis"]:
            assert measures[row["question_set"], row["submission"]] == pytest.approx(row["value"])


def test_words_of_several_columns_are_different_words():
    rows = pa.table({"left": pa.array([5, 3]), "right": pa.array([3, 5])})

    words = difficulty._words(rows, ["left", "right"])

    assert words.to_pylist() == [["left=5", "right=3"], ["left=3", "right=5"]]


def test_words_of_lists_and_strings_are_joined_row_by_row():
    rows = pa.table(
        {"a": pa.array([[1, 2], [], [3]]), "b": pa.array([" x  y ", "z", ""]), "c": pa.array([1.5, 2.5, 3.5])}
    )

    words = difficulty._words(rows, ["a", "b", "c"])

    assert words.to_pylist() == [
        ["a=1", "a=2", "b=x", "b=y", "c=1.5"],
        ["b=z", "c=2.5"],
        ["a=3", "c=3.5"],
    ]


def test_very_many_nodes_are_thinned_and_say_nearly_the_same(monkeypatch):
    whole = measured_split("scan/addprim_jump")
    monkeypatch.setattr(difficulty, "NODES", 40_000)
    monkeypatch.setattr(difficulty, "STEPS", 1e7)

    part = measured_split("scan/addprim_jump")

    for name in MEASURES:
        assert part["test", name] == pytest.approx(whole["test", name], abs=0.02)


@pytest.mark.parametrize("split", ["mcd1", "mcd2", "mcd3"])
def test_the_mcd_splits_diverge_in_compounds_and_not_in_atoms(reference, monkeypatch, split):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))

    found = measured_split(f"scan/{split}")

    assert found["test", "atom_divergence"] < 0.02
    assert found["test", "compound_divergence"] > 0.5
    assert found["test", "words_seen"] == 1.0


def test_a_random_split_does_not_diverge_and_others_lie_between(reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))

    simple, length, mcd = (
        measured_split(f"scan/{split}")["test", "compound_divergence"] for split in ("simple", "length", "mcd2")
    )

    assert simple < 0.001
    assert 100 * simple < length < mcd / 4


def test_the_length_split_asks_for_longer_answers_of_known_words():
    found = measured_split("scan/length")

    assert found["test", "longer_targets"] == found["test", "words_seen"] == found["test", "ceiling"] == 1.0
    assert found["test", "target_overlap"] == found["test", "nearest"] == 0.0


def test_an_input_of_pixels_is_refused():
    card = replace(SCAN, inputs={"picture": "image"})

    with pytest.raises(BadValue, match=r"^scan/length: input 'picture' is an image; difficulty is measured on inputs"):
        difficulty.refuse_images(card, SPLIT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("42", "parse:trees returned int; it must return genbench.Trees"),
        ("Trees(('a',), np.array([0]), np.array([-1]), np.array([0]), np.array([0, 1]))", "gave 1 trees for 2 rows"),
        (
            "Trees(('a',), np.array([0, 0]), np.array([1, -1]), np.array([0, 0]), np.array([0, 1, 2]))",
            "gave a node that does not stand behind its parent",
        ),
    ],
)
def test_parses_that_are_none_are_refused(tmp_path, given, said):
    lines = [
        "import numpy as np",
        "from genbench.analysis.difficulty import Trees",
        f"def trees(inputs): return {given}",
    ]
    (tmp_path / "parse.py").write_text("\n".join(lines))
    card = replace(SCAN, folder=tmp_path, compounds="parse:trees")

    with pytest.raises(BadData, match=re.escape(said)):
        measured(table(("a", "x"), ("b", "y")), table(("c", "x"), ("d", "y")), card)


def test_rows_are_kept_and_read_back_by_task_and_split(tmp_path):
    rows = difficulty.measure(TEXT, SPLIT, "length", Data(table(("a", "x")), {"test": table(("b", "x"))}), "sha256:0")
    path = difficulty.path_of(str(tmp_path), "scan", "length")

    difficulty.write(rows, path)

    assert difficulty.read(path).equals(rows)
    assert difficulty.stored(str(tmp_path)) == {("scan", "length"): rows.to_pylist()}
    assert not list(tmp_path.rglob("*.partial"))


def test_what_is_no_difficulty_is_passed_over(tmp_path):
    folder = tmp_path / "difficulty" / "task=scan"
    folder.mkdir(parents=True)
    (folder / "length.parquet").write_bytes(b"PAR1")

    assert difficulty.stored(str(tmp_path)) == {}
    assert difficulty.stored(str(tmp_path / "nowhere")) == {}
    assert difficulty.read(str(tmp_path / "nothing.parquet")) is None


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    rows = difficulty.measure(TEXT, SPLIT, "length", Data(table(("a", "x")), {"test": table(("b", "x"))}), "sha256:0")

    with pytest.raises(StoreFault, match=r"file/difficulty/task=scan/length.parquet cannot be written"):
        difficulty.write(rows, difficulty.path_of(str(tmp_path / "file"), "scan", "length"))


def test_other_data_another_label_or_other_parses_are_another_digest(tmp_path):
    (tmp_path / "parse.py").write_text("")
    parsed = replace(SCAN, folder=tmp_path, compounds="parse:trees")
    known = [
        difficulty.digest(TEXT, "length", "a"),
        difficulty.digest(TEXT, "length", "b"),
        difficulty.digest(TEXT, "mcd1", "a"),
        difficulty.digest(parsed, "length", "a"),
    ]
    (tmp_path / "parse.py").write_text("x = 1")

    assert len({*known, difficulty.digest(parsed, "length", "a")}) == 5


def test_one_line_says_ranges_and_leaves_training_out():
    def row(name, kind, measure, value):
        return {"question_set": name, "kind": kind, "measure": measure, "value": value}

    rows = [
        row("near", "id", "words_seen", 1.0),
        row("far", "ood", "words_seen", 0.25),
        row("again", "trained", "words_seen", 0.0),
        row("near", "id", "nearest", 0.125),
        row("near", "id", "longer_targets", None),
    ]

    assert difficulty.line(rows) == "all words seen 25 % to 100 % · nearest neighbour 0.125"
