import json
import math
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.data import tables
from genbench.errors import BadValue, UnknownName

SPLITS = ("distractor", "systematic_depth1", "systematic_depth3", "productive")
DEPTHS = {"distractor": 1, "systematic_depth1": 1, "systematic_depth3": 3, "productive": 3}
PARAMS = {"distractors": 5, "colours": 10, "shapes": 10, "balanced": False, "encoding": "released"}
SMALL = {"tasks": 1600, "questions": 160}
FULL = {"tasks": 40_000, "questions": 2000}
EVERY = [split + ending for split in SPLITS for ending in ("", "-released")]
FEATURES = ("frac_true", "frac_false", "frac_loc", "frac_shape", "frac_color")
MEASURED = 800  # samples behind each figure of the reference


@pytest.fixture(scope="module")
def gcog(task_module):
    return task_module("gcog")


def params_of(split, **given):
    return PARAMS | SMALL | {"depth": DEPTHS[split.removesuffix("-released")]} | given


def load(gcog, split, seed=0, **given):
    return gcog.load(split, params_of(split, **given), seed)


def streamed(gcog, split, subset, rows=4096, seed=0, **given):
    return next(gcog.stream(split, subset, params_of(split, **given), seed, rows))


def cut(values, width):
    return [values[at : at + width] for at in range(0, len(values), width)]


def read(gcog, row):
    """The tree and the things of a released row, and its rows as they are."""
    rows, cells = cut(row["instruction"], 8), cut(row["stimulus"], 3)
    return gcog.language.tree_in(rows), gcog.language.things_in(cells), rows, cells


def questions_of(gcog, tree):
    if isinstance(tree, gcog.language.Question):
        return [tree]
    parts = (tree.question, tree.then, tree.otherwise)
    return [one for part in parts for one in questions_of(gcog, part)]


def matching(things, selection):
    return [one for one in things if selection.colour in {None, one.colour} and selection.shape in {None, one.shape}]


def tasks_of(gcog, table):
    """Operator, selection and answered location or class of single operators that add their thing for sure."""
    found = set()
    for row in table.to_pylist():
        tree, things, *_ = read(gcog, row)
        (selection,) = tree.selections
        if tree.operator != "exist":
            (thing,) = matching(things, selection)
            found.add((tree.operator, thing))
    return found


def columns(table):
    return [tuple(row["instruction"]) + tuple(row["stimulus"]) for row in table.to_pylist()]


@pytest.mark.parametrize("split", EVERY)
def test_what_is_generated_is_answered_and_encoded_alike_by_the_plain_rules(gcog, split):
    data = load(gcog, split)

    for table in (data.train, *data.questions.values()):
        for row in table.slice(0, 120).to_pylist():
            tree, things, rows, cells = read(gcog, row)
            assert gcog.language.class_of(gcog.language.answer(tree, things)) == row["answer"]
            assert gcog.language.instruction_rows(tree) == rows
            assert gcog.language.stimulus_rows(things) == cells


@pytest.mark.parametrize("split", EVERY)
def test_questions_are_new_and_asked_once_and_their_axes_are_true(gcog, split):
    data = load(gcog, split)

    trained = set(columns(data.train))
    assert data.train.num_rows == SMALL["tasks"]
    for name, table in data.questions.items():
        asked = columns(table)
        assert len(set(asked)) == len(asked) == SMALL["questions"]
        assert trained.isdisjoint(asked)
        if name.startswith("depth"):
            assert set(table["depth"].to_pylist()) == {int(name.removeprefix("depth"))}
        if name.startswith("test") and name != "test":
            assert set(table["distractors"].to_pylist()) == {int(name.removeprefix("test"))}
        for row in table.slice(0, 40).to_pylist():
            tree, things, *_ = read(gcog, row)
            while isinstance(tree, gcog.language.Switch):
                true = gcog.language.answer(tree.question, things)
                tree = tree.then if true else tree.otherwise
            kinds = {"go": "location", "getcolor": "colour", "getshape": "shape"}
            assert row["operator"] == tree.operator
            assert row["answer_type"] == kinds.get(tree.operator, "boolean")


@pytest.mark.parametrize("split", EVERY)
def test_data_follow_from_the_seed(gcog, split):
    few = {"tasks": 96, "questions": 24}

    first, again, other = (tables.fingerprint(load(gcog, split, seed, **few).subsets()) for seed in (0, 0, 1))

    assert first == again != other


@pytest.mark.parametrize("rows", [1000, 4096, 10_000])
def test_a_stream_is_the_same_in_batches_of_any_size(gcog, rows):
    given = gcog.stream("productive", "depth5", params_of("productive"), 0, rows)

    cut_so = pa.concat_tables([next(given) for _ in range(math.ceil(20_000 / rows))]).slice(0, 20_000)

    whole = streamed(gcog, "productive", "depth5", 20_000)
    assert cut_so.equals(whole)


@pytest.mark.parametrize("split", ["distractor", "systematic_depth1", "systematic_depth3", "productive"])
def test_distractors_are_as_many_as_asked_for_and_never_in_the_way(gcog, split):
    name = {"distractor": "test40", "productive": "depth7"}.get(split, "test")

    rows = load(gcog, split).questions[name].to_pylist()

    for row in rows:
        tree, things, *_ = read(gcog, row)
        asked = [one for question in questions_of(gcog, tree) for one in question.selections]
        distractors = [thing for thing in things if not any(matching([thing], one) for one in asked)]
        assert len(distractors) == row["distractors"]


def test_released_distractors_merge_and_give_way(gcog):
    rows = streamed(gcog, "distractor-released", "test40").to_pylist()

    counts = [len(gcog.language.things_in(cut(row["stimulus"], 3))) for row in rows]
    assert 30 <= min(counts) < 36
    assert 40 <= max(counts) <= 41
    assert np.mean(counts) == pytest.approx(37.6, abs=0.3)


def test_tasks_asked_in_the_distractor_split_were_not_trained(gcog):
    data = load(gcog, "distractor", **FULL)

    trained = tasks_of(
        gcog, data.train.slice(0, 5_000)
    )  # of as many, a fifteenth of what is asked would be met by chance
    for table in data.questions.values():
        assert tasks_of(gcog, table).isdisjoint(trained)


def test_tasks_asked_in_the_released_distractor_split_were_often_trained(gcog):
    data = load(gcog, "distractor-released", **FULL)

    trained, asked = tasks_of(gcog, data.train), tasks_of(gcog, data.questions["id"])
    assert len(asked & trained) / len(asked) == pytest.approx(1 - math.exp(-0.5), abs=0.05)


def objects_met(gcog, table):
    """Operator with colour and shape of the thing, as far as the screen tells."""
    found = {}
    for row in table.to_pylist():
        tree, things, *_ = read(gcog, row)
        for thing in matching(things, tree.selections[0]):
            found.setdefault(tree.operator, set()).add((thing.colour, thing.shape))
    return found


@pytest.mark.parametrize(("split", "shared"), [("systematic_depth1", 0), ("systematic_depth1-released", 25)])
def test_operators_meet_other_objects_than_in_training(gcog, split, shared):
    data = load(gcog, split, tasks=16_000, questions=4000)

    trained, asked = (objects_met(gcog, table) for table in (data.train, data.questions["test"]))
    for operator in gcog.language.OPERATORS:
        both = {pair for pair in trained[operator] & asked[operator] if pair[1] < 10}
        assert len(both) == shared
        assert len(trained[operator]) == len(asked[operator]) == 50


def test_every_answer_asked_for_in_the_systematic_split_occurs_in_training(gcog):
    data = load(gcog, "systematic_depth1", **FULL)

    assert set(data.questions["test"]["answer"].to_pylist()) <= set(data.train["answer"].to_pylist())


@pytest.mark.parametrize("ending", ["", "-released"])
def test_trees_asked_join_operators_that_no_trained_tree_joins(gcog, ending):
    data = load(gcog, "systematic_depth3" + ending, **FULL)

    def joined(table):
        trees = [gcog.language.tree_in(cut(one, 8)) for one in table["instruction"].to_pylist()]
        return {
            (tree.question.operator, end.operator)
            for tree in trees
            if isinstance(tree, gcog.language.Switch)
            for end in (tree.then, tree.otherwise)
        }

    trained, asked = joined(data.train), joined(data.questions["test"])
    assert trained.isdisjoint(asked)
    assert len(trained) == 3 * 4 + 2 * 4
    assert len(trained | asked) == 5 * 8


@pytest.mark.parametrize(
    ("split", "depths"), [("systematic_depth3", {1: 800, 3: 800}), ("productive-released", {3: 1600})]
)
def test_training_has_the_depths_of_the_paper_or_of_the_demonstrations(gcog, split, depths):
    lengths = [len(one) for one in load(gcog, split).train["instruction"].to_pylist()]

    assert {depth: lengths.count(8 * {1: 2, 3: 5}[depth]) for depth in (1, 3)} == {1: 0, 3: 0} | depths


@pytest.mark.parametrize(("ending", "wide"), [("", 0.0), ("-released", 16 / 26)])
def test_second_things_have_all_shapes_in_the_release_only(gcog, ending, wide):
    rows = np.array(streamed(gcog, "systematic_depth3" + ending, "test")["instruction"].to_pylist()).reshape(-1, 8)

    second = rows[:, 4][rows[:, 6] == 1]
    assert rows[:, 1].max() <= 10
    assert np.mean(second > 10) == pytest.approx(wide, abs=0.02)


def test_object_tokens_show_the_same_questions(gcog):
    given = {"tasks": 160, "questions": 80}
    order = [*gcog.language.OPERATORS, "switch"]

    table = load(gcog, "productive", encoding="objects", **given).questions["depth5"]

    released = load(gcog, "productive", **given).questions["depth5"]
    assert table["answer"].equals(released["answer"])
    for row, one in zip(table.to_pylist(), released.to_pylist(), strict=True):
        _, things, rows, _ = read(gcog, one)
        assert [tuple(part - 1 for part in thing) for thing in cut(row["stimulus"], 4)] == things
        for node, (operator, shape, colour, _, shape2, colour2, *_) in zip(
            cut(row["instruction"], 5), rows[:-1], strict=True
        ):
            asked = order[operator - 1]
            assert node == [
                operator,
                0 if asked == "getcolor" else colour,
                0 if asked == "getshape" else shape,
                colour2,
                shape2,
            ]


@pytest.mark.parametrize("split", EVERY)
def test_balanced_answers_leave_a_constant_one_an_eighth(gcog, split):
    data = load(gcog, split, balanced=True, tasks=4000, questions=800)

    for table in (data.train, *data.questions.values()):
        answers = np.bincount(table["answer"].to_numpy(), minlength=138) / table.num_rows
        assert answers.max() == pytest.approx(0.125, abs=0.003)
        assert [answers[low:high].sum() for low, high in ((0, 2), (2, 102), (102, 128), (128, 138))] == pytest.approx(
            [0.25] * 4, abs=0.003
        )


SUBSETS = {
    "distractor/train": ("distractor-released", "train", {}),
    **{f"distractor/test{count}": ("distractor-released", f"test{count}", {}) for count in (10, 20, 30, 40)},
    **{
        f"systematic_depth{depth}/{subset}": (f"systematic_depth{depth}-released", subset, {})
        for depth in (1, 3)
        for subset in ("train", "test")
    },
    "productive/depth1": ("productive-released", "train", {"depth": 1}),
    "productive/depth3": ("productive-released", "train", {}),
    "productive/depth5": ("productive-released", "depth5", {}),
    "productive/depth7": ("productive-released", "depth7", {}),
}


@pytest.mark.parametrize("subset", SUBSETS)
def test_distributions_are_those_of_the_reference_within_sampling_error(gcog, reference, subset):
    measured = json.loads((reference / "gcog" / "gcog_split_stats.json").read_text())[subset]
    split, name, given = SUBSETS[subset]
    plan = gcog.plan_of(split, gcog.settings_of(split, params_of(split, **given)), 0)
    ((recipe, _),) = ({"train": plan.train} | plan.questions)[name]

    tasks = gcog.generate.joined(islice(gcog.generate.blocks(recipe, "a test", subset), 8))

    def far(ours, theirs, variance, count=MEASURED):
        """How many standard errors two means lie apart."""
        return abs(np.mean(ours) - theirs) / math.sqrt(variance * (1 / count + 1 / len(ours)))

    kinds = np.searchsorted([1, 2, 102, 128], tasks.answer, side="right")
    for place, key in enumerate(FEATURES):
        assert far(kinds == place, measured[key], measured[key] * (1 - measured[key])) < 4, key
    objects = (tasks.screen > 0).sum(axis=1)
    assert far(objects, measured["mean_objects"], objects.var()) < 4
    assert MEASURED * np.mean(objects <= measured["min_objects"]) > 0.02
    assert MEASURED * np.mean(objects >= measured["max_objects"]) > 0.02
    for operator, counts in measured["by_operator"].items():
        if "0" in counts:
            true = tasks.answer[tasks.operator == gcog.language.OPERATORS.index(operator)] == 0
            assert far(true, counts["0"] / sum(counts.values()), true.var(), sum(counts.values())) < 4, operator


def test_gets_that_match_several_things_are_as_frequent_as_in_the_reference(gcog, samples):
    def shares(pairs):
        several = [
            len(matching(things, one.selections[0])) > 1
            for tree, things in pairs
            for one in questions_of(gcog, tree)
            if one.operator in {"getcolor", "getshape"}
        ]
        return np.mean(several), len(several)

    language = gcog.language
    theirs, count = shares(
        [
            (language.tree_of(one["tree"]), language.things_in([*_dense(one["stimulus_tokens"])]))
            for one in samples
            if one["subset"] == "depth7"
        ]
    )
    rows = streamed(gcog, "productive-released", "depth7", 1000).to_pylist()

    ours, _ = shares([read(gcog, row)[:2] for row in rows])
    assert abs(ours - theirs) < 4 * math.sqrt(ours * (1 - ours) / count)


def _dense(tokens):
    rows = [[0, 0, 0] for _ in range(101)]
    for cell, colour, shape in tokens:
        rows[cell] = [colour, shape, 0]
    return rows


def test_no_question_is_asked_twice_where_there_are_few(gcog):
    few = {"distractors": 0, "colours": 2, "shapes": 2, "tasks": 8, "questions": 500}

    asked = columns(load(gcog, "systematic_depth1", **few).questions["test"])

    assert len(set(asked)) == 500


def test_more_questions_than_there_are_different_ones_are_refused(gcog):
    few = {"distractors": 0, "colours": 2, "shapes": 2, "tasks": 8, "questions": 20_000}

    with pytest.raises(BadValue, match="gcog/systematic_depth1 id: parameter 'questions' asks for more different"):
        load(gcog, "systematic_depth1", **few)


@pytest.mark.parametrize(
    ("split", "given"),
    [
        ("distractor", {"distractors": 99}),
        ("distractor-released", {"distractors": 99}),
        ("distractor", {"depth": 7}),
        ("systematic_depth1", {"colours": 3, "shapes": 5}),
        ("systematic_depth3", {"depth": 9, "distractors": 38, "shapes": 26}),
        ("productive-released", {"distractors": 38}),
    ],
)
def test_the_ends_of_the_ranges_can_be_built(gcog, split, given):
    data = load(gcog, split, tasks=40, questions=8, **given)

    for row in data.train.to_pylist():
        tree, things, *_ = read(gcog, row)
        assert gcog.language.class_of(gcog.language.answer(tree, things)) == row["answer"]


def test_an_unknown_split_or_subset_gets_a_hint(gcog):
    with pytest.raises(UnknownName, match="gcog has no split 'productiv'; did you mean 'productive'?"):
        gcog.load("productiv", params_of("productive"), 0)
    with pytest.raises(UnknownName, match="has no subset 'deph5'; did you mean 'depth5'?"):
        next(gcog.stream("productive", "deph5", params_of("productive"), 0))
    with pytest.raises(BadValue, match="gcog/productive train has trees of several depths"):
        next(gcog.stream("productive", "train", params_of("productive"), 0))


def test_the_card_declares_what_the_module_builds(gcog):
    card = cards.read(Path(gcog.__file__).parent, "task")

    assert list(card.splits) == EVERY
    for name, split in card.splits.items():
        assert split.axes == gcog.axes_of(name)
        assert split.params == params_of(name) | FULL
