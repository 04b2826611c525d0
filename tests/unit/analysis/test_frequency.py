"""Accuracy against frequency: the published recipe by hand, and what is said beside it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr

from genbench.analysis import frequency
from genbench.analysis.frequency import replicates
from genbench.errors import BadValue
from genbench.rows.schema import PREDICTIONS

CONCEPTS = st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 1)), min_size=2, max_size=60)


@given(CONCEPTS)
def test_bins_are_those_of_a_slow_count(concepts):
    counts, scores = (np.array(column) for column in zip(*concepts, strict=True))
    x = [np.log(max(count, 1)) for count in counts.tolist()]
    if min(x) == max(x):
        return

    found = frequency.trend(counts, scores)

    edges = np.linspace(min(x), max(x), 12)
    places = [next((at for at, edge in enumerate(edges) if edge >= one), 11) for one in x]
    for at in range(12):
        own = [score for score, place in zip(scores, places, strict=True) if place == at]
        assert found.concepts[at] == len(own)
        assert not own or found.means[at] == pytest.approx(np.mean(own), abs=1e-12)
        assert not own or found.deviations[at] == pytest.approx(np.std(own), abs=1e-6)
        assert own or np.isnan(found.means[at])
    assert found.edges == pytest.approx(np.exp(edges))


def test_the_first_bin_holds_the_least_alone_and_zero_stands_with_one():
    found = frequency.trend(np.array([0, 1, 2, 10, 100, 10**6]), np.linspace(0, 1, 6))

    assert found.edges[0] == pytest.approx(1)
    assert found.concepts[0] == 2  # 0 and 1
    assert found.concepts.sum() == 6


def test_the_first_and_the_last_bin_say_nothing_of_the_trend():
    counts = np.round(10 ** np.linspace(0, 6, 500)).astype(int)
    scores = np.log10(counts) / 10
    bent = np.where((counts == 1) | (counts > 10**5.5), 0.9, scores)

    plain, other = frequency.trend(counts, scores), frequency.trend(counts, bent)

    assert (plain.slope, plain.r) == (other.slope, other.r)
    assert plain.slope == pytest.approx(0.1, abs=0.002)


def test_other_bins_can_be_read():
    counts = np.round(10 ** np.linspace(0, 6, 500)).astype(int)
    scores = np.minimum(np.log10(counts), 3) / 10

    assert frequency.trend(counts, scores, (0, 6)).slope > frequency.trend(counts, scores).slope


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=20))
def test_r_and_p_are_those_of_scipy(points):
    x, y = (np.array(column) for column in zip(*points, strict=True))
    if np.std(x) < 1e-3 or np.std(y) < 1e-3:
        return

    r, p = frequency.correlation(x, y)

    assert (r, p) == (pytest.approx(pearsonr(x, y)[0], abs=1e-9), pytest.approx(pearsonr(x, y)[1], abs=1e-7))


def made(seeds=1, slope=0.1, unseen=0.0, concepts=400):
    """Counts over six decades, a share of them 0, and accuracies that grow by `slope` a decade."""
    stream = np.random.default_rng(seeds)
    counts = np.round(10 ** stream.uniform(0, 6, concepts)).astype(int)
    counts[: round(unseen * concepts)] = 0
    truth = 0.1 + slope * np.log10(np.maximum(counts, 1))
    return counts, np.clip(truth + stream.normal(0, 0.05, (seeds, concepts)), 0, 1)


def test_an_analysis_finds_the_slope_and_its_interval_holds_it():
    found = frequency.analyse(*made(seeds=3, unseen=0.2), ("a", "name"))

    assert found.slope.low < 10 < found.slope.high
    assert found.slope.high - found.slope.low < 2
    assert 0.98 < found.r.value <= 1
    assert found.concept_r.low < found.concept_r.value < found.concept_r.high < found.r.value
    assert (found.unseen, found.seeds, found.concepts) == (80, 3, 400)
    assert found.unseen_accuracy.value == pytest.approx(0.1, abs=0.02)
    for mean, bin_ in zip(found.trend.means, found.accuracy, strict=True):
        assert bin_.low <= mean <= bin_.high


def test_the_same_name_gives_the_same_interval_and_another_name_another():
    one, again, other = (frequency.analyse(*made(), name) for name in (("a",), ("a",), ("b",)))

    assert one.slope == again.slope
    assert one.slope.low != other.slope.low


def test_fewer_concepts_and_seeds_that_differ_make_wider_intervals():
    counts, scores = made(seeds=4)
    apart = scores + np.array([-0.1, 0.1, -0.05, 0.05])[:, None] * np.log10(np.maximum(counts, 1)) / 6

    wide = [
        one.slope.high - one.slope.low
        for one in (
            frequency.analyse(counts, scores, ("a",)),
            frequency.analyse(counts[:100], scores[:, :100], ("a",)),
            frequency.analyse(counts, apart, ("a",)),
        )
    ]

    assert wide[0] < wide[1]
    assert wide[0] < wide[2]


def test_without_unseen_concepts_nothing_is_said_of_them():
    found = frequency.analyse(*made(), ("a",))

    assert found.unseen == 0
    assert np.isnan(found.unseen_accuracy.value)


def test_blocks_of_replicates_change_nothing(monkeypatch):
    whole = frequency.analyse(*made(seeds=2, concepts=50), ("a",))
    monkeypatch.setattr(replicates, "BLOCK", 50 * 1000)

    assert frequency.analyse(*made(seeds=2, concepts=50), ("a",)).slope == whole.slope


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([], "there are no concepts whose frequency is known"),
        ([5, 5, 5], "all 3 concepts are equally frequent, so there is no trend to read"),
        ([0, 1], "all 2 concepts are equally frequent"),
        ([3, -1], "a frequency is -1; it must be a count, 0 or more"),
    ],
)
def test_counts_without_a_trend_are_refused(counts, message):
    with pytest.raises(BadValue, match=message):
        frequency.trend(np.array(counts, dtype=np.int64), np.zeros(len(counts)))


def test_two_bins_make_no_trend():
    found = frequency.analyse(np.array([1, 1000, 10**6]), np.array([[0.1, 0.2, 0.3]]), ("a",))

    assert np.isnan([found.slope.value, found.r.value, found.slope.low]).all()


def predictions(rows):
    """PREDICTIONS of (question set, slices, correct)."""
    return pa.Table.from_pylist(
        [
            {
                "cell": "c",
                "question_set": name,
                "question_id": place,
                "prediction": "",
                "target": "",
                "correct": right,
                "slices": list(slices.items()),
            }
            for place, (name, slices, right) in enumerate(rows)
        ],
        schema=PREDICTIONS,
    )


def test_questions_of_a_class_are_one_concept():
    rows = [
        ("test", {"class": name, "frequency": "7"}, right) for name, right in (("a", True), ("a", False), ("b", True))
    ]

    (names, counts, scores) = frequency.per_concept(predictions(rows))["test"]

    assert (names, counts.tolist(), scores.tolist()) == (["a", "b"], [7, 7], [0.5, 1.0])


def test_without_classes_each_question_is_a_concept():
    rows = [("test", {"frequency": str(count)}, True) for count in (1, 1, 2)]

    (_, counts, _) = frequency.per_concept(predictions(rows))["test"]

    assert sorted(counts.tolist()) == [1, 1, 2]


def test_question_sets_without_the_axis_are_passed_over():
    rows = [("other", {"length": "3"}, True), ("test", {"frequency": "4"}, True)]

    assert list(frequency.per_concept(predictions(rows))) == ["test"]


def test_an_axis_of_words_is_refused():
    with pytest.raises(BadValue, match="the axis 'group' holds no frequencies: "):
        frequency.per_concept(predictions([("test", {"group": "head"}, True)]), axis="group")


def test_a_concept_of_two_frequencies_is_refused():
    rows = [("test", {"class": "a", "frequency": count}, True) for count in ("7", "8")]

    with pytest.raises(
        BadValue, match="class 'a' has questions of frequency 7 and 8; all questions of a concept share"
    ):
        frequency.per_concept(predictions(rows))


def cell(seed=0, submission="net"):
    return {"task": "t", "split": "s", "submission": submission, "profile": "full", "seed": seed, "cell": f"c{seed}"}


def spread(shift=0):
    stream = np.random.default_rng(shift)
    return predictions(
        [
            ("test", {"class": f"c{place}", "frequency": str(4**place + shift)}, bool(stream.random() < place / 12))
            for place in range(12)
            for _ in range(20)
        ]
    )


def test_seeds_are_put_together_and_what_does_not_fit_is_left_out_by_name():
    tables = {0: spread(), 1: spread(), 2: spread(1), 3: "the file is gone"}

    found, left_out = frequency.analyses([cell(seed) for seed in tables], lambda row: tables[row["seed"]])

    (one,) = found
    assert (one.submission, one.question_set, one.analysis.seeds, one.analysis.concepts) == ("net", "test", 2, 12)
    assert left_out == [
        "t/s net seed 2: other concepts or frequencies on test than another seed",
        "t/s net seed 3: the file is gone",
    ]


@settings(max_examples=5)
@given(st.integers(0, 3))
def test_rows_are_of_their_schemas(seed):
    found, _ = frequency.analyses([cell(seed)], lambda row: spread(seed))

    trends = list(frequency.trend_rows(found))
    points = list(frequency.point_rows(found))

    assert [set(row) for row in trends] == [set(frequency.TRENDS.names)]
    assert {row["bin"] for row in points} == set(range(12))
    assert sum(row["concepts"] for row in points) == 12
