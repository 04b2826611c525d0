"""From submissions to rows: what goes well, what goes wrong, and what an evaluation keeps of it."""

import json
import shutil

import psutil
import pytest

from genbench import registry
from genbench.edition import EDITION
from genbench.errors import BadValue, StoreFault
from genbench.evaluation import checkpoints, plan, run
from genbench.evaluation.executors.here import Here
from genbench.evaluation.executors.jobs import LOG_BYTES
from genbench.evaluation.executors.process import Process
from genbench.rows import provenance

# Each way to go wrong behind the wall -> the row's status, and how its detail begins.
BEHIND_THE_WALL = {
    "hangs": ("timeout", "did not finish within its budget of 1 seconds"),
    "faulty@raises": ("error", "ValueError: no such luck (baseline.py:"),
    "faulty@vanishes": ("crashed", "the worker ended without a report"),
    "faulty@segfaults": ("crashed", "killed by SIGSEGV"),
    "faulty@is_killed": ("out_of_memory", "killed by signal 9 from outside"),
    "faulty@eats_memory": ("out_of_memory", "MemoryError: "),
    "faulty@feeds_children": ("out_of_memory", "used 1."),
    "faulty@closes_its_output": ("ok", ""),
    "faulty@answers_too_few": ("error", "predict returned 99 answers for 100 questions"),
    "faulty@forges": ("crashed", "the worker reported success and left no answers"),
    "faulty@scribbles": ("error", "the answers cannot be read: "),
    "faulty@shares": ("ok", ""),
    "faulty@floods": ("ok", ""),
    "faulty@forks": ("ok", ""),
    "stepping": ("ok", ""),
    "guesses": ("ok", ""),
    "tells": ("ok", ""),
}
# Those that any executor tells alike.
ANYWHERE = {
    "broken": ("error", "entry 'baseline:Broken' does not import: ModuleNotFoundError: No module named 'a_library"),
    "halfway": ("error", "baseline:Halfway has no method 'predict'; a submission has fit and predict"),
    "faulty@raises_oddly": ("error", "Unspeakable: (no message) (baseline.py:"),
    "faulty@raises_unprintably": ("error", "FileNotFoundError: no file \\udcff here (baseline.py:"),
    "faulty@exits": ("error", "the submission exited by itself (code 3)"),
    "faulty@prints_bytes": ("ok", ""),
    "faulty@answers_nothing": ("error", "predict returned NoneType; it must return one answer per question"),
    "faulty@answers_too_many": ("error", "predict returned 101 answers for 100 questions"),
    "faulty@answers_words": ("error", "answer 0 is '"),
    "faulty@answers_holes": ("error", "answer "),
    "faulty@steps_back": ("error", "fit yielded 1 after step 2; it must yield whole numbers that grow, from 0 on"),
    "faulty@steps_halfway": ("error", "fit yielded 0.5 after step -1; it must yield whole numbers that grow"),
    "faulty@returns_steps": ("error", "fit returned list; it must return nothing, or yield step numbers"),
    "idle": ("ok", ""),
}


@pytest.fixture(scope="module")
def wall(evaluate, tmp_path_factory):
    """One evaluation in the process executor, of every submission that needs one to be told apart."""
    return evaluate(tmp_path_factory.mktemp("wall"), *BEHIND_THE_WALL, executor=Process(2))


@pytest.fixture(scope="module")
def here(evaluate, tmp_path_factory):
    """One evaluation in this process."""
    return evaluate(tmp_path_factory.mktemp("here"), *ANYWHERE, "stepping", "guesses")


@pytest.mark.parametrize("name", BEHIND_THE_WALL)
def test_what_goes_wrong_behind_the_wall_is_a_row_that_says_so(wall, name):
    row = wall.cell(name)

    status, detail = BEHIND_THE_WALL[name]
    assert (row["status"], row["detail"][: len(detail)]) == (status, detail)
    assert row["sealing"] == "process"


@pytest.mark.parametrize("name", ANYWHERE)
def test_what_goes_wrong_anywhere_is_a_row_that_says_so(here, name):
    row = here.cell(name)

    status, detail = ANYWHERE[name]
    assert (row["status"], detail in row["detail"]) == (status, True), row["detail"]
    assert row["sealing"] == "none"


def test_every_cell_is_told_once_and_has_one_row_whatever_its_neighbours_do(wall, here):
    for evaluated, planned in ((wall, BEHIND_THE_WALL), (here, [*ANYWHERE, "stepping", "guesses"])):
        told = [(event.cell.submission.label, event.status) for event in evaluated.events]

        assert sorted(name for name, _ in told) == sorted(planned)
        assert dict(told) == evaluated.statuses()


def test_only_cells_that_are_ok_have_scores_and_predictions(wall, here):
    for evaluated in (wall, here):
        graded = {row["submission"] for row in evaluated.rows("scores")}
        answered = {row["cell"] for row in evaluated.rows("predictions")}

        assert graded == {name for name, status in evaluated.statuses().items() if status == "ok"}
        assert answered == {row["cell"] for row in evaluated.rows("cells", status="ok")}


def test_a_failed_cell_has_no_seconds_it_did_not_earn(wall):
    row = wall.cell("faulty@raises")

    assert row["fit_seconds"] is None
    assert row["predict_seconds"] is None
    assert row["cell_seconds"] > 0


def test_a_cell_past_its_budget_is_ended_soon_after_it_though_it_will_not_listen(wall):
    assert 1.0 < wall.cell("hangs")["cell_seconds"] < 20


@pytest.mark.parametrize("name", ["hangs", "faulty@forks"])
def test_no_process_that_a_submission_started_outlives_its_cell(wall, name):
    (line,) = [line for line in wall.cell(name)["log"].splitlines() if line.startswith("left behind")]
    left = [int(number) for number in line.split()[2:]]

    assert left
    assert not [pid for pid in left if _lives(pid)]


def _lives(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # where nobody reaps orphans, they stay as zombies
    except psutil.NoSuchProcess:
        return False


def test_a_log_is_bounded_and_keeps_its_beginning_and_its_end(wall):
    log = wall.cell("faulty@floods")["log"]

    assert len(log) < 2 * LOG_BYTES + 100
    assert log.startswith("the first line\nyyy")
    assert log.endswith("yyy\nthe last line\n")
    assert f"[... {2**30 + 30 - 2 * LOG_BYTES} bytes left out ...]" in log


def test_the_traceback_of_a_submission_is_kept_in_its_log(wall):
    log = wall.cell("faulty@raises")["log"]

    assert "Traceback (most recent call last)" in log
    assert 'raise ValueError("no such luck' in log
    assert "and a second line" in log


def test_memory_that_forked_workers_share_is_counted_once(wall):
    assert wall.cell("faulty@shares")["peak_memory_bytes"] < 2**30


def test_a_submission_is_told_its_context_and_nothing_else(wall):
    seen = json.loads(wall.cell("tells")["log"].splitlines()[-1])

    context = seen["context"]
    assert context.pop("folder") == seen["here"]
    assert context.pop("checkpoints").startswith(f"{checkpoints.place()}/{wall.cell('tells')['cell']}-")
    assert 0 <= context.pop("seed") < 2**63
    assert context == {
        "task": "echo",
        "split": "small",
        "inputs": {"number": "int64"},
        "target": "again",
        "target_type": "int64",
        "answer": "target",
        "auxiliary": [],
        "params": {"share": 0.25},
        "profile": "quick",
        "budget_seconds": 300.0,
        "threads": 2,
        "device": provenance.device(),
        "stages": 0,
    }


def test_what_lies_around_a_submission_is_its_own_folder_and_a_short_environment(wall, toys):
    seen = json.loads(wall.cell("tells")["log"].splitlines()[-1])

    assert seen["files"] == ["job.json", "questions.arrow", "train.arrow"]
    assert seen["environment"]["HOME"] == seen["environment"]["TMPDIR"] == seen["here"]
    assert seen["environment"]["OMP_NUM_THREADS"] == "2"
    assert not [name for name in seen["environment"] if name.startswith(("PYTEST", "PYTHONPATH", "GITHUB", "USER"))]
    assert not [place for place in seen["path"] if str(toys / "echo") in place]
    assert not {"genbench.data.problem", "genbench.registry", "genbench.evaluation.run", "torch"} & set(seen["modules"])
    assert seen["input"] == ""


def test_questions_hold_the_inputs_alone_and_do_not_come_in_the_order_of_their_making(wall):
    seen = json.loads(wall.cell("tells")["log"].splitlines()[-1])

    assert seen["train"] == ["number", "again"]
    assert seen["questions"] == ["number"]
    assert sorted(seen["numbers"]) == list(range(100))
    assert seen["numbers"] != list(range(100))


def test_a_fit_that_yields_steps_leaves_a_learning_curve(wall, here):
    for evaluated in (wall, here):
        points = evaluated.rows("curves", submission="stepping", metric="exact_match", axis="")

        assert [(row["step"], row["question_set"], row["metric"], row["value"], row["n"]) for row in points] == [
            (10, "test", "exact_match", 0.3, 100),
            (20, "test", "exact_match", 0.6, 100),
        ]
        assert 0 <= points[0]["fit_seconds"] <= points[1]["fit_seconds"] <= evaluated.cell("stepping")["fit_seconds"]


def test_what_a_submission_says_of_itself_at_a_step_is_kept_beside_its_curve(wall, here):
    for evaluated in (wall, here):
        said = evaluated.rows("curves", submission="stepping", question_set="")

        assert [(row["step"], row["metric"], row["value"], row["n"]) for row in said] == [
            (10, "examples_seen", 70.0, 0),
            (10, "training_flops", 1e21, 0),
            (10, "diagnostic.known", 30.0, 0),
            (20, "examples_seen", 140.0, 0),
            (20, "training_flops", 1e21, 0),
            (20, "diagnostic.known", 60.0, 0),
        ]


def test_scores_stand_for_the_whole_question_set_and_for_each_slice(here):
    rows = here.rows("scores", submission="idle")

    assert {(row["axis"], row["slice"], row["value"], row["n"]) for row in rows} == {
        ("", "", 1.0, 100),
        ("parity", "even", 1.0, 50),
        ("parity", "odd", 1.0, 50),
    }


def test_what_a_submission_says_of_itself_is_in_its_row(wall):
    row = wall.cell("stepping")

    assert (row["parameters"], row["training_flops"]) == (3, 1e21)


def test_a_row_names_all_that_its_outcome_rests_on(wall, toys):
    row = wall.cell("tells")

    assert json.loads(row["task_params"]) == {"questions": 100}
    assert json.loads(row["submission_params"]) == {"share": 0.25}
    assert json.loads(row["versions"]).keys() >= {"python", "genbench", "datasets", "numpy", "pyarrow"}
    assert (
        row["data_fingerprint"] == registry.choose_splits([f"{toys}/echo"], registry.Catalogue())[0].split.fingerprint
    )
    assert (row["edition"], row["lineage"]) == (EDITION, "[]")
    assert row["submission_fingerprint"].startswith("sha256:")
    assert row["submission_fingerprint"] != row["task_fingerprint"]


def test_the_same_seed_gives_the_same_bytes_here_and_behind_the_wall(wall, here, evaluate, tmp_path):
    again = evaluate(tmp_path, "guesses", executor=Process(1))

    answers = [
        [(row["question_id"], row["prediction"]) for row in one.rows("predictions", cell=one.cell("guesses")["cell"])]
        for one in (wall, again)
    ]
    assert answers[0] == answers[1]
    assert wall.cell("guesses")["cell"] == again.cell("guesses")["cell"] == here.cell("guesses")["cell"]


def test_another_seed_is_another_cell_with_other_answers(evaluate, tmp_path):
    found = evaluate(tmp_path, "guesses", seeds=3)

    cells = {row["seed"]: row["cell"] for row in found.rows("cells")}
    answers = {key: [row["prediction"] for row in found.rows("predictions", cell=key)] for key in cells.values()}
    assert set(cells) == {0, 1, 2}
    assert len({tuple(given) for given in answers.values()}) == 3


def test_a_split_that_cannot_be_built_costs_its_own_cells_alone(evaluate, tmp_path, toys):
    shutil.copytree(toys, tmp_path / "toys")
    card = tmp_path / "toys" / "echo" / "card.toml"
    small = card.read_text()[card.read_text().index("[splits.small]") :]
    card.write_text(
        card.read_text() + "\n" + small.replace("splits.small", "splits.other").replace("train = 50", "train = 51")
    )

    found = evaluate(tmp_path / "out", "idle", "guesses", toys=tmp_path / "toys")

    fault, *done = sorted(found.events, key=lambda event: hasattr(event, "status"))
    assert fault.message == "echo/other: train has 50 rows; the card declares 51"
    assert fault.cells == 2
    assert [event.status for event in done] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise RuntimeError('no data today')", "echo/small: load raised RuntimeError: no data today"),
        ("raise SystemExit(4)", "echo/small: load raised SystemExit: 4"),
        ("return 7", "echo/small: load returned int; it must return genbench.Data"),
        ("return Data(7, {'test': 7})", "echo/small train: int is not a pyarrow Table"),
        ("return Data(None, None)", "echo/small: Data.questions is of type NoneType; it must map names to tables"),
        (
            "return Data(pa.table({'number': [1]}), {})",
            "echo/small: load built the question sets []; the card declares ['test']",
        ),
        (
            "return Data(pa.table({'number': [1]}), {'test': pa.table({'number': [1]})})",
            "echo/small train: columns are ['number']; the card declares ['again', 'number']",
        ),
        (
            "return Data(pa.table({'number': [1], 'again': ['1']}), {'test': pa.table({'number': [1]})})",
            "echo/small train: column 'again' is of Arrow type string; the card declares int64",
        ),
        (
            "return Data(pa.table({'number': [1], 'again': pa.array([None], pa.int64())}), {'test': pa.table({})})",
            "echo/small train: column 'again' holds 1 nulls",
        ),
    ],
)
def test_a_task_that_builds_no_data_is_told_by_name(evaluate, tmp_path, toys, body, message):
    shutil.copytree(toys, tmp_path / "toys")
    code = tmp_path / "toys" / "echo" / "task.py"
    head = code.read_text().split("    if params")[0]
    code.write_text(f"{head}    {body}\n")

    (event,) = evaluate(tmp_path / "out", "idle", toys=tmp_path / "toys").events

    assert event.message == message


def test_an_empty_plan_is_refused_and_says_why(toys):
    found = registry.Catalogue()
    splits = registry.choose_splits([f"{toys}/echo"], found)
    idle = registry.choose_submissions([f"{toys}/idle"], found)

    with pytest.raises(BadValue, match="^--seeds is 0; it must be at least 1$"):
        plan.plan(splits, idle, 0, "quick", "cpu")
    with pytest.raises(BadValue, match="^nothing to evaluate: no submission was chosen$"):
        plan.plan(splits, [], 1, "quick", "cpu")
    with pytest.raises(BadValue, match="^nothing to evaluate: no split was chosen$"):
        plan.plan([], idle, 1, "quick", "cpu")


def test_a_full_disk_under_the_job_folders_is_one_clear_error(evaluate, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "write_problem", full)

    with pytest.raises(StoreFault, match="cannot go on: .*No space left on device; finished cells are kept$"):
        evaluate(tmp_path, "idle")


def test_results_may_lie_at_a_url(evaluate):
    found = evaluate("memory://results/here", "idle", "stepping")

    assert found.statuses() == {"idle": "ok", "stepping": "ok"}
    assert [event.status for event in evaluate("memory://results/here", "idle").events] == ["kept"]


class Several(Here):
    """As if it ran two cells at a time."""

    jobs = 2


@pytest.mark.parametrize(
    ("executor", "order"), [(Several(), ["idle", "faulty@raises"]), (Here(), ["faulty@raises", "idle"])]
)
def test_of_several_at_a_time_the_cells_that_may_take_longest_come_first(evaluate, tmp_path, executor, order):
    done = evaluate(tmp_path, "faulty@raises", "idle", executor=executor)

    assert [event.cell.submission.label for event in done.events] == order
