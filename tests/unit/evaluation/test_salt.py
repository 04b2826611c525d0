"""A secret order of questions: what a submission sees of it, what rows tell of it, and that scores stay by id."""

import stat

import pyarrow as pa
import pytest

from genbench.authoring import rerunning
from genbench.authoring.likeness import likeness
from genbench.cli import main
from genbench.errors import BadValue
from genbench.evaluation.executors.here import Here
from genbench.evaluation.plan import plan
from genbench.evaluation.run import run
from genbench.evaluation.salt import Salt, by_id, in_order, salt_in
from genbench.registry import Catalogue, catalogue, choose_splits, choose_submissions
from genbench.rows import provenance
from genbench.rows.store import Store

FIRST, SECOND = Salt(b"a" * 32), Salt(b"b" * 32)


@pytest.fixture
def evaluated(toys, tmp_path):
    """Gives `evaluated(salt, name)`: the store, the row and the statuses of one submission on the toy task, kept."""

    def evaluated(salt, name="stepping", place="results"):
        planned = plan(
            choose_splits([f"{toys}/echo"], Catalogue()),
            choose_submissions([f"{toys}/{name}"], Catalogue()),
            1,
            "quick",
            "cpu",
        )
        store = Store(str(tmp_path / place))
        statuses = [event.status for event in run(planned, Here(), store, salt=salt)]
        (row,) = [
            row
            for row in store.read("cells").table.to_pylist()
            if row["submission"] == name and row["salt"] == (None if salt is None else salt.digest)
        ]
        return store, row, statuses

    return evaluated


def test_scores_and_answers_by_id_are_those_of_the_public_order(evaluated):
    store, plain, _ = evaluated(None)
    _, salted, statuses = evaluated(FIRST)

    assert statuses == ["ok"]
    assert salted["cell"] != plain["cell"]
    assert likeness((store, plain), (store, salted)).equal
    curves = {row["cell"]: [] for row in (plain, salted)}
    for row in store.read("curves").table.to_pylist():
        curves[row["cell"]].append((row["step"], row["question_set"], row["slice"], row["metric"], row["value"]))
    assert curves[plain["cell"]]
    assert sorted(curves[plain["cell"]]) == sorted(curves[salted["cell"]])


def test_a_resume_keeps_what_had_the_same_salt_alone(evaluated):
    found = [evaluated(salt)[2] for salt in (None, FIRST, FIRST, SECOND, None)]

    assert found == [["ok"], ["ok"], ["kept"], ["ok"], ["kept"]]


def test_each_cell_has_an_order_of_its_own_and_a_public_one_gives_no_answer_away():
    orders = [salt.order(cell, 40).tolist() for salt in (FIRST, SECOND) for cell in ("one", "other")]

    assert all(sorted(order) == list(range(40)) for order in orders)
    assert len({tuple(order) for order in orders}) == 4
    assert FIRST.order("one", 40).tolist() == orders[0]


def test_answers_go_back_to_the_questions_they_are_of():
    questions = pa.table({"question_id": pa.array(range(5), pa.int64()), "text": list("abcde")})
    order = FIRST.order("cell", 5)
    asked = in_order(questions, order)
    answers = pa.table({"question_id": asked["question_id"], "prediction": asked["text"]})

    assert asked["question_id"].to_pylist() == [0, 1, 2, 3, 4]
    assert asked["text"].to_pylist() != list("abcde")
    assert by_id(answers, order).sort_by("question_id")["prediction"].to_pylist() == list("abcde")
    stray = pa.table({"question_id": pa.array([7, -1], pa.int64()), "prediction": ["x", "y"]})
    assert by_id(stray, order)["question_id"].to_pylist() == [7, -1]


def test_a_salt_is_made_once_and_for_its_user_alone(tmp_path):
    path = tmp_path / "salt"

    first, second = salt_in(path), salt_in(path)

    assert first == second
    assert len(first.secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "secret" not in repr(first)
    assert first.digest.startswith("sha256:")


def test_a_salt_that_is_short_lies_with_a_submission_or_needs_a_sandbox_is_refused(tmp_path, toys, capsys):
    (tmp_path / "short").write_bytes(b"guess")
    with pytest.raises(BadValue, match="has 5 bytes; it must have 16 or more"):
        salt_in(tmp_path / "short")
    with pytest.raises(BadValue, match="which the submission sees"):
        salt_in(tmp_path / "own" / "salt", [tmp_path / "own"])
    with pytest.raises(BadValue, match="cannot be read or made"):
        salt_in(tmp_path / "none", made=False)

    code = main(["evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--salt", str(tmp_path / "salt")])

    assert code == 2
    assert "a secret is kept from submissions by a sandbox alone" in capsys.readouterr().err
    assert not (tmp_path / "salt").exists()


def test_a_salted_cell_is_run_again_by_who_has_the_salt(tmp_path, monkeypatch):
    monkeypatch.setattr(rerunning, "Process", lambda _: Here())
    found, store = catalogue(), Store(str(tmp_path / "results"))
    splits = choose_splits(["modular/addition:p=11"], found)
    planned = plan(splits, choose_submissions(["chance"], found), 1, "quick", provenance.device())
    assert [event.status for event in run(planned, Here(), store, salt=FIRST)] == ["ok"]

    without, with_another, with_it = (list(rerunning.rerun(store, found, 1, salt=one)) for one in (None, SECOND, FIRST))

    assert [one.differs for one in (*without, *with_another, *with_it)] == [None, None, False]
    assert "--salt names the file" in without[0].told
