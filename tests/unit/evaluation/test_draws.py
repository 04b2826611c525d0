"""Data drawn from a secret: what answers brought along are worth there, what rows tell, and who can look at them."""

import json

import pytest

from genbench import registry
from genbench.analysis.standings import board
from genbench.api.evaluating import prepare
from genbench.authoring import auditing, rerunning
from genbench.errors import BadValue
from genbench.evaluation.build import build
from genbench.evaluation.executors.here import Here
from genbench.evaluation.plan import plan
from genbench.evaluation.run import Done, run
from genbench.evaluation.salt import Salt, drawn, drawn_anew
from genbench.report.results import headlines
from genbench.rows.store import Store

FIRST, SECOND = Salt(b"a" * 32), Salt(b"b" * 32)
SPLIT = "algorithms/parity:rows=2000,shown=2000"
CARD = """
kind = "submission"
name = "cheater"
title = "Brings the answers along"
entry = "baseline:Cheater"
about = "Looks the answers up that the public draw has."
license = "CC0"
"""
CODE = """
import json
from pathlib import Path

class Cheater:
    def __init__(self, context):
        self.known = json.loads(Path(__file__).with_name("answers.json").read_text())

    def fit(self, train, validation):
        pass

    def predict(self, questions):
        return [self.known.get(prompt, "0") for prompt in questions["prompt"]]
"""


@pytest.fixture(scope="module")
def cheater(tmp_path_factory):
    """A submission's folder with all answers of the public draw in it."""
    folder = tmp_path_factory.mktemp("cheater")
    (chosen,) = registry.choose_splits([SPLIT], registry.catalogue())
    built = build(chosen)
    prompts = built.problem.questions.column("prompt").to_pylist()
    known = dict(zip(prompts, built.targets.target.to_pylist(), strict=True))
    for name, text in (("card.toml", CARD), ("baseline.py", CODE), ("answers.json", json.dumps(known))):
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def evaluated(cheater, tmp_path_factory):
    """Gives `evaluated(salt, anew)`: how the cheater's cell ended; and the store in which all of them are."""
    store, found = Store(str(tmp_path_factory.mktemp("results"))), registry.catalogue()

    def evaluated(salt, *, anew):
        chosen = registry.choose_splits([SPLIT], found)
        splits = [drawn_anew(one, salt) for one in chosen] if anew else chosen
        planned = plan(splits, registry.choose_submissions([str(cheater)], found), 1, "full", "cpu")
        (event,) = run(planned, Here(), store, salt=salt)
        (row,) = [row for row in store.read("cells").table.to_pylist() if row["cell"] == event.key]
        return event, row

    return evaluated, store


def accuracy(store, row):
    """Of a row its share of right answers over all questions."""
    return sum(store.read_cell("predictions", row["task"], "cheater", row["cell"]).column("correct").to_pylist()) / 3847


def test_answers_brought_along_are_worth_all_in_the_public_draw_and_chance_in_a_secret_one(evaluated):
    evaluate, store = evaluated
    public, ordered, secret = (
        evaluate(salt, anew=anew)[1] for salt, anew in ((None, False), (FIRST, False), (FIRST, True))
    )

    assert [accuracy(store, row) for row in (public, ordered)] == [1.0, 1.0]
    assert accuracy(store, secret) == pytest.approx(0.5, abs=0.05)
    assert secret["split"] == f"parity:rows=2000,salt={FIRST.draw},shown=2000"
    assert secret["salt"] == FIRST.digest
    assert secret["data_fingerprint"] != public["data_fingerprint"]
    assert secret["detail"].startswith("data drawn from a secret; of 3,847 questions ")


def test_the_same_secret_draws_the_same_data_and_another_draws_others(evaluated):
    evaluate, _ = evaluated
    first, again, other = (evaluate(salt, anew=True) for salt in (FIRST, FIRST, SECOND))

    assert [event.status for event, _ in (again, other)] == ["kept", "ok"]
    assert first[1]["cell"] == again[1]["cell"]
    assert other[1]["data_fingerprint"] != first[1]["data_fingerprint"]


def test_rows_of_two_draws_are_never_one_standing(evaluated):
    evaluate, store = evaluated
    for salt, anew in ((None, False), (FIRST, True), (SECOND, True)):
        evaluate(salt, anew=anew)
    found = board(
        *(store.read(name).table for name in ("cells", "scores", "curves")), headlines(registry.catalogue().tasks)
    )

    own = [one for one in found.standings if one.question_set == "plus_100"]
    assert len({one.split for one in own}) == len(own) == 3
    assert [one.seeds for one in own] == [1, 1, 1]


def test_who_has_the_secret_compares_targets_and_who_has_not_is_told_so(evaluated):
    evaluate, store = evaluated
    _, row = evaluate(FIRST, anew=True)

    def audited(salt):
        (one,) = auditing.audit(store, registry.catalogue(), lambda other: other["cell"] == row["cell"], salt=salt)
        return one

    assert not audited(FIRST).faults
    for other in (None, SECOND):
        assert not audited(other).faults
        assert any("drawn from a secret, of which --salt FILE tells" in note for note in audited(other).notes)
    assert not any("--salt" in note for note in audited(FIRST).notes)


def test_a_row_that_is_called_by_another_secret_than_it_says_is_told():
    said = [{"split": f"parity:salt={name}", "salt": salt} for name, salt in ((FIRST.draw, None), ("x", FIRST.digest))]

    for row in said:
        (told,) = auditing._of_no_secret(row)
        assert f"drawn from {row['split'].partition('=')[2]}, and its salt is {row['salt'] or 'none'}" in told
    assert not list(auditing._of_no_secret({"split": f"parity:salt={FIRST.draw}", "salt": FIRST.digest}))
    assert not list(auditing._of_no_secret({"split": "parity", "salt": FIRST.digest}))


def test_a_cell_of_a_secret_draw_is_run_again_by_who_has_the_secret(tmp_path, monkeypatch):
    monkeypatch.setattr(rerunning, "Process", lambda _: Here())
    found, store = registry.catalogue(), Store(str(tmp_path / "results"))
    (chosen,) = registry.choose_splits(["modular/addition:p=11"], found)
    planned = plan([drawn_anew(chosen, FIRST)], registry.choose_submissions(["chance"], found), 1, "quick", "cpu")
    assert [event.status for event in run(planned, Here(), store, salt=FIRST)] == ["ok"]

    without, with_it = (list(rerunning.rerun(store, found, 1, salt=salt)) for salt in (None, FIRST))

    assert [one.differs for one in (*without, *with_it)] == [None, False]


def test_a_split_of_which_no_seed_draws_anything_is_refused(toys, tmp_path):
    (chosen,) = registry.choose_splits([f"{toys}/echo"], registry.Catalogue())
    submissions = registry.choose_submissions([f"{toys}/stepping"], registry.Catalogue())
    planned = plan([drawn_anew(chosen, FIRST)], submissions, 1, "quick", "cpu")

    (event,) = run(planned, Here(), Store(str(tmp_path)), salt=FIRST)

    assert not isinstance(event, Done)
    assert event.message.startswith("echo/small: its data follow from no seed")


def test_a_secret_draw_is_built_by_who_has_its_secret_alone():
    (typed,) = registry.choose_splits([f"modular/addition:p=11,salt={FIRST.draw}"], registry.catalogue())

    for salt in (None, SECOND):
        with pytest.raises(BadValue, match=r"modular/addition:p=11,salt=x\w{16}: its data are drawn from a secret"):
            build(drawn(typed, salt))
    assert build(drawn(typed, FIRST)).fingerprint == build(drawn_anew(typed, FIRST)).fingerprint
    assert str(drawn(typed, FIRST).drawn_from) not in repr(drawn(typed, FIRST))


def test_what_is_asked_for_must_say_its_secret(tmp_path):
    (tmp_path / "other").write_bytes(SECOND.secret)
    typed = f"modular/addition:p=11,salt={FIRST.draw}"
    asked = {"executor": "sandbox", "out": str(tmp_path / "results")}

    with pytest.raises(BadValue, match="salt_data is given without salt"):
        prepare("chance", "modular/addition:p=11", salt_data=True, **asked)
    with pytest.raises(BadValue, match="are drawn from a secret; salt must be the file"):
        prepare("chance", typed, **asked)
    with pytest.raises(BadValue, match="are drawn from another secret; salt must be the file"):
        prepare("chance", typed, salt=tmp_path / "other", **asked)


def test_a_split_typed_by_its_secret_is_the_one_that_the_secret_draws(tmp_path):
    (tmp_path / "salt").write_bytes(FIRST.secret)
    asked = {"executor": "sandbox", "out": str(tmp_path / "results"), "salt": tmp_path / "salt"}

    (typed,) = prepare("chance", f"modular/addition:p=11,salt={FIRST.draw}", **asked).planned.cells
    (drawn,) = prepare("chance", "modular/addition:p=11", salt_data=True, **asked).planned.cells

    assert typed == drawn
    assert drawn.split.drawn_from == FIRST.data_seed("modular")
