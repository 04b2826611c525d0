import datetime as dt
import json
import math

import pyarrow.parquet as pq
import pytest

from genbench.analysis import grokking, tables
from genbench.errors import BadValue
from genbench.rows import schema

CELL = {
    "task": "modular",
    "split": "addition_phases:share=0.5",
    "submission": "mlp",
    "profile": "full",
    "seed": 0,
}
BLANK = {"question_set": "", "kind": "", "axis": "", "slice": "", "n": 0}
KINDS = {"test": "ood", "trained": "trained", "trained_true": "trained"}


def cell(key="a", minute=0, corruption=0.35, status="ok", **changed):
    filled = dict.fromkeys(("detail", "device", "log"), "")
    prints = dict.fromkeys(("data_fingerprint", "task_fingerprint", "submission_fingerprint"), "sha256:x")
    nothing = dict.fromkeys(
        ("fit_seconds", "predict_seconds", "cpu_seconds", "peak_memory_bytes", "parameters", "training_flops")
    )
    return {
        **CELL,
        "cell": key,
        "status": status,
        **filled,
        **prints,
        **nothing,
        "cell_seconds": 1.0,
        "sealing": "process",
        "budget_seconds": 1.0,
        "task_params": json.dumps({"corruption": corruption, "share": 0.5}),
        "submission_params": json.dumps({"weight_decay": 5.0}),
        "versions": "{}",
        "edition": 1,
        "lineage": "[]",
        "machine": "{}",
        "started": dt.datetime(2026, 1, 1, 0, minute, tzinfo=dt.UTC),
        **changed,
    }


def curve(steps, key="a", counts=None, **sets):
    """Rows of CURVES. `sets` maps a question set to its values; `memorized`, `recovered` are slices of two of them."""
    rows = []
    for at, step in enumerate(steps):
        for name, values in sets.items():
            where = {"question_set": name, "axis": "", "slice": ""}
            if name in {"memorized", "recovered"}:
                own = "trained" if name == "memorized" else "trained_true"
                where = {"question_set": own, "axis": "label", "slice": "corrupted"}
            kind = KINDS.get(where["question_set"], "ood")
            rows.append({**where, "kind": kind, "metric": "exact_match", "value": values[at], "n": 10, "step": step})
        for metric, values in (counts or {}).items():
            rows.append({**BLANK, "metric": metric, "value": float(values[at]), "step": step})
    return [{**CELL, "cell": key, "fit_seconds": 0.0, **row} for row in rows]


def told(cells, curves, wanted=lambda _split, _submission: True):
    return grokking.courses(schema.to_table(cells, schema.CELLS), schema.to_table(curves, schema.CURVES), wanted)


def course(train, test, steps=(1, 10, 100), corruption=0.35, **more):
    (only,), _ = told([cell(corruption=corruption)], curve(steps, trained=train, test=test, **more))
    return only


@pytest.mark.parametrize(
    ("train", "test", "corruption", "phase"),
    [
        (0.9, 0.9, 0.35, "coexistence"),
        (0.979, 0.979, 0.35, "coexistence"),
        (0.770, 1.0, 0.35, "partial inversion"),
        (0.70, 1.0, 0.35, "partial inversion"),
        (0.699, 1.0, 0.35, "full inversion"),
        (0.653, 1.0, 0.35, "full inversion"),
        (0.8043, 1.0, 0.2, "full inversion"),
        (0.899, 0.9, 0.1, "full inversion"),
        (0.95, 0.899, 0.35, "memorization"),
        (0.0091, 0.0108, 0.35, "confusion"),
    ],
)
def test_phases_follow_the_papers_thresholds(train, test, corruption, phase):
    assert grokking.phase(train, test, corruption) == phase


def test_what_was_learned_and_lost_again_is_forgotten():
    lost, never = course([0.1, 0.99, 0.02], [0.1, 0.9, 0.01]), course([0.1, 0.8, 0.02], [0.1, 0.89, 0.01])

    assert (lost.phase, never.phase) == ("forgetting", "confusion")
    assert [one.phase for one in grokking.summaries([lost])] == ["forgetting"]
    assert course([0.1, 0.99, 1.0], [0.1, 0.9, 0.01]).phase == "memorization"


def test_diagnostics_at_the_last_point_are_averaged_over_seeds():
    cells = [cell("a"), cell("b", seed=1)]
    curves = [
        *curve(
            [1, 10], "a", trained=[0, 1], test=[0, 1], counts={"diagnostic.ipr": [0.1, 0.4], "examples_seen": [1, 2]}
        ),
        *curve([1, 10], "b", trained=[0, 1], test=[0, 1], counts={"diagnostic.ipr": [0.1, 0.6]}),
    ]

    (one,) = grokking.summaries(told(cells, curves)[0])

    assert one.courses[0].diagnostics == {"ipr": (0.1, 0.4)}
    assert one.diagnostics == {"ipr": 0.5}
    assert grokking.summaries([course([0, 1, 1], [0, 1, 1])])[0].diagnostics == {}


def test_a_delay_is_counted_in_steps_examples_and_operations():
    counts = {"examples_seen": [5, 50, 500], "training_flops": [7, 70, 700]}

    found = course([0.5, 0.99, 1.0], [0.1, 0.2, 0.99], counts=counts)

    assert [found.time("memorize", unit) for unit in grokking.UNITS] == [(10, True), (50, True), (70, True)]
    assert [found.time("generalize", unit) for unit in grokking.UNITS] == [(100, True), (500, True), (700, True)]
    assert [found.time("delay", unit) for unit in grokking.UNITS] == [(90, True), (450, True), (630, True)]


def test_a_delay_that_has_not_ended_is_censored_at_the_last_point():
    found = course([0.5, 0.99, 1.0], [0.1, 0.2, 0.98])

    assert found.time("delay", "steps") == (90, False)
    assert found.time("generalize", "steps") == (100, False)


def test_there_is_no_delay_where_nothing_was_memorized_and_none_where_generalization_came_first():
    never, late = course([0.5, 0.6, 0.65], [0.1, 1.0, 1.0]), course([0.5, 0.9, 0.99], [0.1, 1.0, 1.0])

    assert never.time("delay", "steps") is None
    assert late.time("delay", "steps") == (0, True)


def test_counts_that_were_not_told_have_no_time():
    assert course([0.5, 0.99, 1.0], [0.1, 0.2, 0.98]).time("memorize", "flops") is None


def test_the_course_of_corrupted_labels_is_kept_beside():
    found = course([0.5, 0.9, 0.8], [0, 0, 1], memorized=[0.1, 0.9, 0.4], recovered=[0, 0.05, 0.5])

    rows = list(grokking.course_rows([found]))

    assert [(row["memorized"], row["recovered"]) for row in rows] == [(0.1, 0), (0.9, 0.05), (0.4, 0.5)]
    assert [row["neither"] for row in rows] == pytest.approx([0.9, 0.05, 0.1])


def test_a_split_that_asks_against_one_label_only_leaves_the_other_open():
    (row,) = grokking.end_rows([course([0.5, 0.9, 0.8], [0, 0, 1], memorized=[0.1, 0.9, 0.4])])

    assert (row["memorized"], row["recovered"], row["neither"]) == (0.4, None, None)


def kaplan_meier(times):
    """The median by the definition: survival falls by the share of those at risk to whom it happens."""
    left = 1.0
    for moment in sorted({time for time, happened in times if happened}):
        at_risk = sum(time >= moment for time, _ in times)
        left *= 1 - sum(time == moment and happened for time, happened in times) / at_risk
        if left <= 0.5 + 1e-12:
            return moment
    return None


@pytest.mark.parametrize(
    "times",
    [
        [(10, True)],
        [(10, True), (20, True), (30, True)],
        [(10, True), (20, False), (30, True)],
        [(10, True), (20, False), (30, False)],
        [(10, False), (10, True), (10, True), (40, True), (50, False), (60, True)],
        [(0, True), (0, True), (5, False)],
    ],
)
def test_medians_are_kaplan_and_meiers(times):
    found = grokking.median(times)

    assert found.median == kaplan_meier(times)
    assert (found.happened, found.seeds) == (sum(happened for _, happened in times), len(times))


def test_a_median_lies_within_its_interval():
    found = grokking.median([(float(time), time % 4 > 0) for time in range(1, 41)])

    assert found.low < found.median < found.high


def test_what_never_happened_has_no_median():
    assert grokking.median([(10, False), (20, False)]) == grokking.Median(None, None, None, 0, 2)


def test_seeds_are_put_together():
    cells = [cell("a"), cell("b", seed=1), cell("c", seed=2)]
    curves = [
        *curve([1, 10, 100], "a", trained=[0, 1, 1], test=[0, 0, 1]),
        *({**row, "seed": 1} for row in curve([1, 10, 100], "b", trained=[1, 1, 1], test=[0, 1, 1])),
        *({**row, "seed": 2} for row in curve([1, 10, 100], "c", trained=[0, 1, 1], test=[0, 0, 0.1])),
    ]

    (one,) = grokking.summaries(told(cells, curves)[0])

    assert (one.train, one.test, one.phase) == (1.0, pytest.approx(0.7), "memorization")
    assert dict(one.phases) == {"coexistence": 2, "memorization": 1}
    delay = one.medians["delay", "steps"]
    assert (delay.median, delay.happened, delay.seeds) == (90, 2, 3)


def test_of_cells_run_again_the_newest_counts_also_where_it_failed():
    good = curve([1, 10], "a", trained=[0, 1], test=[0, 1])
    newer = curve([1, 10], "b", trained=[0, 0.5], test=[0, 0.5])

    (found,), _ = told([cell("a"), cell("b", minute=1)], good + newer)

    assert found.cell == "b"
    with pytest.raises(BadValue, match="mlp on modular/addition_phases:share=0.5: the cell ended with timeout"):
        told([cell("a"), cell("c", minute=1, status="timeout")], good)


def test_a_phase_asked_of_a_submission_without_curves_is_refused_and_says_why():
    with pytest.raises(BadValue) as fault:
        told([cell()], [])

    assert str(fault.value) == (
        "no phase can be told, for no course is left:\n"
        "  mlp on modular/addition_phases:share=0.5: it has no learning curve; "
        "a submission has one whose fit yields steps"
    )


def test_those_without_curves_are_named_where_others_have_some():
    curves = curve([1, 10], "a", trained=[0, 1], test=[0, 1])

    found, left_out = told([cell("a"), cell("b", submission="chance")], curves)

    assert [one.submission for one in found] == ["mlp"]
    why = "it has no learning curve; a submission has one whose fit yields steps"
    assert left_out == [f"chance on modular/addition_phases:share=0.5: {why}"]


def test_a_split_that_asks_no_training_rows_again_has_no_phase():
    with pytest.raises(BadValue, match=r"no one question set asks training rows again; there is test \(ood\)"):
        told([cell()], curve([1, 10], test=[0, 1]))


def test_question_sets_of_other_names_are_taken_where_there_is_one_of_the_kind():
    found = course([0, 0, 1], [0, 0, 1])

    (renamed,), _ = told([cell()], curve([1, 10, 100], trained=[0, 0, 1], far=[0, 0, 1]))

    assert (renamed.train, renamed.test) == (found.train, found.test)


def test_nothing_that_matches_is_refused():
    with pytest.raises(BadValue, match="no cell of these results matches"):
        told([cell()], [], lambda split, submission: False)


def test_rows_are_of_the_schemas_and_the_same_bytes_each_time(tmp_path):
    found = [course([0.5, 0.99, 1.0], [0.1, 0.2, 0.98], counts={"examples_seen": [5, 50, 500]})]
    made = {
        "courses": (grokking.course_rows, grokking.COURSES, found),
        "ends": (grokking.end_rows, grokking.ENDS, found),
        "medians": (grokking.median_rows, grokking.MEDIANS, grokking.summaries(found)),
    }

    for name, (rows, columns, given) in made.items():
        for place in ("one", "two"):
            tables.write(rows(given), columns, tmp_path / f"{name}-{place}")
        assert (tmp_path / f"{name}-one").read_bytes() == (tmp_path / f"{name}-two").read_bytes()
    (end,) = pq.read_table(tmp_path / "ends-one").to_pylist()
    assert (end["memorize_steps"], end["generalize_steps"]) == (10, None)
    assert (end["delay_steps"], end["delay_censored"], end["delay_flops"]) == (90, True, None)
    assert math.isclose(end["corruption"], 0.35)
