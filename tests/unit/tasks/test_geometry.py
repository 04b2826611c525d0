"""Hulls, triangulations and tours: answers by the reference and by other rules, and what the metrics make of them."""

import itertools
import json
import math
import sys

import numpy as np
import pyarrow as pa
import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"smallest": 5, "largest": 9, "rows": 40, "questions": 6}
SPLIT = {"hull": "hull_5_50", "delaunay": "delaunay_10", "tour": "tour_5_20"}


@pytest.fixture(scope="module")
def task(task_module):
    return task_module("geometry")


@pytest.fixture(scope="module")
def scoring(task):
    from genbench.cards.entries import load_entry

    return sys.modules[load_entry(task_folder(task), "scoring:solved").__module__]


@pytest.fixture(scope="module")
def known(reference):
    return json.loads((reference / "seeds_tasks" / "geometry.json").read_text())


@pytest.fixture(scope="module")
def built(task):
    return {problem: task.load(split, SMALL, 0) for problem, split in SPLIT.items()}


def task_folder(task):
    from pathlib import Path

    return Path(task.__file__).parent


def rows_of(data):
    """Points and answer of each row, of training and of all question sets."""
    for table in (data.train, *data.questions.values()):
        for points, answer in zip(table["points"].to_pylist(), table["answer"].to_pylist(), strict=True):
            yield np.array(points).reshape(-1, 2), answer


def turn(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def gift_wrapped(points):
    """The hull by wrapping: from the lowest point always the next one that leaves all others on the left."""
    begin = at = min(range(len(points)), key=lambda one: (points[one][1], points[one][0]))
    found = []
    while not found or at != begin:
        found.append(at)
        following = (at + 1) % len(points)
        for other in range(len(points)):
            if turn(points[at], points[following], points[other]) < 0:
                following = other
        at = following
    lowest = found.index(min(found))
    return [1 + one for one in found[lowest:] + found[:lowest]]


def with_empty_circles(points):
    """The triangles whose circle, by its centre and radius, holds no point within."""
    found = set()
    for three in itertools.combinations(range(len(points)), 3):
        (ax, ay), (bx, by), (cx, cy) = (points[one] for one in three)
        whole = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
        squares = (ax**2 + ay**2, bx**2 + by**2, cx**2 + cy**2)
        x = (squares[0] * (by - cy) + squares[1] * (cy - ay) + squares[2] * (ay - by)) / whole
        y = (squares[0] * (cx - bx) + squares[1] * (ax - cx) + squares[2] * (bx - ax)) / whole
        radius = math.dist((x, y), (ax, ay))
        others = [one for place, one in enumerate(points) if place not in three]
        if all(math.dist((x, y), other) > radius for other in others):
            found.add(tuple(1 + one for one in three))
    return found


def walked(points, tour):
    return sum(math.dist(points[a - 1], points[b - 1]) for a, b in itertools.pairwise([*tour, tour[0]]))


def asked(problem, points, answers, targets):
    count = len(answers)
    questions = pa.table({"points": pa.array([np.ravel(points).tolist()] * count), "problem": [problem] * count})
    lists = pa.list_(pa.int64())
    return pa.array(answers, lists), pa.array([targets] * count, lists), questions


def test_answers_are_those_of_independent_code(task, known):
    assert len(known) >= 30
    for one in known:
        points = np.array(one["points"])
        assert task.planar.hull(points) == one["hull"]
        assert task.planar.triangulation(points) == [place for triangle in one["delaunay"] for place in triangle]
        if "tsp_tour" in one:
            [tour] = task.shortest([points])
            assert list(tour) == one["tsp_tour"]
            assert task.tours.length(points, np.array(tour)) == pytest.approx(one["tsp_length"], abs=1e-12)


def test_hulls_are_what_wrapping_finds(built):
    for points, answer in rows_of(built["hull"]):
        assert answer == gift_wrapped(points.tolist())


def test_triangles_are_those_with_empty_circles_and_as_many_as_euler_says(built, task):
    for points, answer in rows_of(built["delaunay"]):
        triangles = [tuple(answer[begin : begin + 3]) for begin in range(0, len(answer), 3)]
        assert len(set(triangles)) == len(triangles) == 2 * len(points) - 2 - len(task.planar.hull(points))
        if len(points) <= 10:
            assert set(triangles) == with_empty_circles(points.tolist())
        assert all(a < b < c for a, b, c in triangles)


def test_tours_of_few_points_are_the_shortest_of_all(built):
    checked = 0
    for points, answer in rows_of(built["tour"]):
        assert answer[0] == 1
        assert answer[1] < answer[-1]
        assert sorted(answer) == list(range(1, len(points) + 1))
        if len(points) <= 7:
            best = min(walked(points, [1, *rest]) for rest in itertools.permutations(range(2, len(points) + 1)))
            assert walked(points, answer) == pytest.approx(best, abs=1e-12)
            checked += 1
    assert checked > 10


def test_what_local_search_finds_is_a_tour_that_no_single_turn_shortens_and_nearly_always_the_shortest(task):
    points = np.random.default_rng(3).random((60, 10, 2))
    exact, found = task.tours.exact(points), task.tours.best_known(points)

    lengths = [
        [task.tours.length(one, tour) for one, tour in zip(points, tours, strict=True)] for tours in (exact, found)
    ]
    assert all(best <= own + 1e-12 for best, own in zip(*lengths, strict=True))
    assert np.isclose(*lengths).mean() > 0.9
    for one, tour, own in zip(points[:10], found, lengths[1], strict=False):
        for first, last in itertools.combinations(range(1, 10), 2):
            other = [*tour[:first], *tour[first : last + 1][::-1], *tour[last + 1 :]]
            assert walked(one, other) >= own - 1e-9


def test_the_mean_shortest_tour_of_random_points_is_the_known_one(task):
    points = np.random.default_rng(0).random((1500, 5, 2))

    mean = np.mean([task.tours.length(one, tour) for one, tour in zip(points, task.tours.exact(points), strict=True)])
    assert mean == pytest.approx(2.13, abs=0.03)


def test_hulls_of_random_points_have_as_many_corners_as_theory_says(task):
    corners = [len(task.planar.hull(one)) for one in np.random.default_rng(0).random((400, 50, 2))]

    assert np.mean(corners) == pytest.approx(8 / 3 * (math.log(50) + 0.5772 - math.log(2)), abs=0.3)


def test_the_example_of_the_docstring_is_right(task):
    points = np.array([[0, 0], [1, 0], [0.9, 1], [0.5, 0.2], [0.2, 0.7]])

    assert task.planar.hull(points) == [1, 2, 3, 5]
    assert task.planar.triangulation(points) == [1, 4, 5, 3, 4, 5, 1, 2, 4, 2, 3, 4]
    assert task.shortest([points]) == [[1, 4, 2, 3, 5]]
    for told in ("1 2 3 5", "1 4 5  3 4 5  1 2 4  2 3 4", "1 4 2 3 5"):
        assert told in task.__doc__


def test_points_are_millionths_and_sizes_those_of_the_set(built):
    for data in built.values():
        for name, table in data.questions.items():
            sizes = [len(points) // 2 for points in table["points"].to_pylist()]
            assert table["size"].to_pylist() == sizes
            assert set(sizes) <= ({int(name.removeprefix("points_"))} if name != "id" else set(range(5, 10)))
        for points, _ in rows_of(data):
            assert (points == np.round(points, 6)).all()
            assert ((points >= 0) & (points <= 1)).all()


def test_the_same_seed_draws_the_same_rows_and_more_rows_begin_alike(task):
    few = task.load("hull_5_50", SMALL, 0)

    assert few.train.equals(task.load("hull_5_50", {**SMALL, "rows": 80}, 0).train.slice(0, 40))
    assert not few.train.equals(task.load("hull_5_50", SMALL, 1).train)


def test_the_metrics_know_the_same_polygon_and_its_area(scoring, known, reference):
    answers = json.loads((reference / "seeds_tasks" / "hull_answers.json").read_text())

    kinds = set()
    for one in answers:
        row = known[one["row"]]
        given = asked("hull", row["points"], [one["answer"]], row["hull"])
        same = one["kind"] in {"same", "rotated", "reversed"}
        assert scoring.solved(*given).tolist() == [float(same)]
        [[covered, counted]] = scoring.area_coverage(*given).tolist()
        assert counted == 1
        if scoring.simple(*given)[0, 0]:
            assert covered == pytest.approx(one["coverage"], abs=1e-9)
        assert not same or covered == 1
        assert scoring.simple(*given)[0, 0] or one["kind"] == "inner_point_inserted"
        kinds.add(one["kind"])
    assert len(kinds) == 5


SQUARE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.5, 0.25], [0.5, 0.0]]
INVALID = [[], [1], [1, 2], [1, 2, 3, 3], [1, 2, 9], [0, 1, 2], [-1, 2, 3], [1, 2, 3, 4, 1], [2**62, 2, 3]]


def test_an_answer_that_is_no_polygon_scores_nothing(scoring):
    crossing, touching, folded = [1, 3, 2, 4], [1, 2, 3, 4, 6], [1, 2, 6]
    given = asked("hull", SQUARE, [*INVALID, crossing, touching, folded], [1, 2, 3, 4])

    for metric in (scoring.area_coverage, scoring.simple):
        assert metric(*given)[:, 0].tolist() == [0.0] * (len(INVALID) + 3)
    assert not scoring.solved(*given).any()


def test_a_simple_polygon_covers_its_share(scoring):
    given = asked("hull", SQUARE, [[1, 2, 3], [1, 5, 2, 3, 4], [3, 2, 1, 4]], [1, 2, 3, 4])

    assert scoring.simple(*given)[:, 0].tolist() == [1, 1, 1]
    assert scoring.area_coverage(*given)[:, 0].tolist() == [0.5, 0.875, 1.0]
    assert scoring.solved(*given).tolist() == [0, 0, 1]


def test_sides_are_told_to_cross_as_a_slower_rule_does(scoring):
    stream = np.random.default_rng(5)

    def slowly(corners):
        count = len(corners)
        sides = [(corners[one], corners[(one + 1) % count]) for one in range(count)]
        for (first, (a, b)), (second, (c, d)) in itertools.combinations(enumerate(sides), 2):
            if second - first in {1, count - 1}:
                continue
            if turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0:
                return False
        return True

    found = []
    for _ in range(200):
        points = stream.integers(0, 10**6, (7, 2)) / 10**6
        order = stream.permutation(7)[: stream.integers(3, 8)]
        given = asked("hull", points, [(order + 1).tolist()], [1, 2, 3])
        found.append(bool(scoring.simple(*given)[0, 0]))
        assert found[-1] == slowly(points[order].tolist())
    assert 20 < sum(found) < 180


def test_triangles_count_in_any_order_and_wrong_ones_count_against(scoring, task):
    points = np.array([[0, 0], [1, 0], [0.9, 1], [0.5, 0.2], [0.2, 0.7]])
    right = task.planar.triangulation(points)
    answers = [right, [4, 3, 2, *right[:9]], right[:6], [*right, 1, 2, 3], [*right, *right[:3]], right[:-1], [1, 1, 2]]
    given = asked("delaunay", points, [*answers, *INVALID], right)

    assert scoring.solved(*given).tolist() == [1, 1] + [0] * (len(answers) - 2 + len(INVALID))
    covered = scoring.triangle_coverage(*given)[:, 0].tolist()
    assert covered == pytest.approx([1, 1, 0.5, 0.8, 0.8, 0, 0] + [0] * len(INVALID))


def test_a_tour_is_measured_and_what_is_none_has_no_ratio(scoring):
    corners = SQUARE[:4]
    answers = [[1, 2, 3, 4], [3, 2, 1, 4], [1, 3, 2, 4], [1, 2, 3], [1, 2, 3, 3], [5, 1, 2, 3]]
    given = asked("tour", corners, answers, [1, 2, 3, 4])

    assert scoring.solved(*given).tolist() == [1, 1, 0, 0, 0, 0]
    assert scoring.permutation(*given)[:, 0].tolist() == [1, 1, 1, 0, 0, 0]
    marks, every = scoring.tour_ratio(*given), np.ones(6, bool)
    assert marks[:3, 0] == pytest.approx([1, 1, (2 + 2 * math.sqrt(2)) / 4])
    assert scoring.mean_of_asked(marks, every) == pytest.approx(marks[:3, 0].mean())
    assert scoring.mean_of_asked(marks, np.arange(6) > 2) is None


def test_a_metric_of_another_problem_has_no_number(scoring):
    given = asked("tour", SQUARE[:4], [[1, 2, 3, 4]], [1, 2, 3, 4])

    for metric in (scoring.area_coverage, scoring.simple, scoring.triangle_coverage):
        assert scoring.mean_of_asked(metric(*given), np.ones(1, bool)) is None


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([[0, 0], [0.5, 0.5], [1, 1], [0.1, 0.1]], "the 4 points lie in one line"),
        ([[0, 0], [1, 0], [0.5, 1], [1, 0]], "points 2 and 4 are the same"),
        ([[0, 0], [1, 0], [0.5, 0], [0.2, 1]], "points 1, 2, 3 lie in a line that bounds the others"),
        ([[0, 0], [1, 0]], r"points are of shape \(2, 2\); they must be three or more"),
        ([[0, 0], [1, 0], [0.5, math.nan]], "point 3 has a coordinate that is not finite"),
    ],
)
def test_points_without_a_single_answer_are_refused(task, points, words):
    for solve in (task.planar.hull, task.planar.triangulation):
        with pytest.raises(BadValue, match=words):
            solve(np.array(points))


@pytest.mark.parametrize("places", [[0.1, 0.9, 0.4, 0.6, 0.2], [0.5, 0.1, 0.5, 0.9, 0.1]])
def test_tours_of_points_on_a_line_or_doubled_go_there_and_back(task, places):
    points = np.array([[place, place] for place in places])
    for solve in (task.tours.exact, task.tours.best_known):
        [tour] = solve(points[None])
        assert sorted(tour.tolist()) == [1, 2, 3, 4, 5]
        assert task.tours.length(points, tour) == pytest.approx(2 * math.sqrt(2) * 0.8)


def test_four_points_on_a_circle_and_sizes_that_are_not_solved_exactly_are_refused(task):
    with pytest.raises(BadValue, match="points 1, 2, 3, 4 lie on one circle: several triangulations"):
        task.planar.triangulation(np.array(SQUARE[:4]))
    with pytest.raises(BadValue, match="4 to 12 points, and 13 were given; best_known takes more"):
        task.tours.exact(np.zeros((1, 13, 2)))
    with pytest.raises(BadValue, match="4 points or more, and 3 were given"):
        task.tours.best_known(np.zeros((1, 3, 2)))


@pytest.mark.parametrize(
    ("split", "given", "words"),
    [
        (
            "tour_10",
            {"largest": 13},
            "'largest' is 13; it must be a whole number from 4 to 11, for 12 and",
        ),
        ("hull_5_50", {"smallest": 10}, "'smallest' is 10; it must be a whole number from 4 to 9, which is 'largest'"),
        ("hull_5_50", {"smallest": 3}, "'smallest' is 3"),
        ("hull_5_50", {"rows": True}, "'rows' is True"),
        ("hull_5_50", {"questions": 0}, "'questions' is 0; it must be a whole number from 1 to 100,000"),
    ],
)
def test_a_parameter_that_makes_no_data_is_refused(task, split, given, words):
    with pytest.raises(BadValue, match="geometry") as told:
        task.load(split, {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_refused(task):
    with pytest.raises(UnknownName, match="no split 'hul_10'; did you mean 'hull_10'"):
        task.load("hul_10", SMALL, 0)


def test_a_question_is_told_and_drawn_with_and_without_its_answer(task):
    from genbench.cards.entries import load_entry

    example, draw = (load_entry(task_folder(task), f"describe:{name}") for name in ("example", "draw"))
    row = {"points": [0, 0, 1, 0, 0.9, 1, 0.5, 0.2, 0.2, 0.7], "problem": "delaunay", "answer": [1, 4, 5, 1, 2, 4]}
    asked_only = {name: row[name] for name in ("points", "problem")}

    assert example(row, {}).splitlines()[:4] == [
        "the Delaunay triangulation of 5 points",
        "-> 1 4 5, 1 2 4",
        "",
        "1  (0, 0)",
    ]
    assert "->" not in example(asked_only, {})
    assert draw(row, {}).size == draw(asked_only, {}).size == (240, 240)
    assert draw(row, {}).tobytes() != draw(asked_only, {}).tobytes()
