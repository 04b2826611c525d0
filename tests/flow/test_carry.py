"""Rows of older code under today's names: carried where answers are equal, left and named where they are not."""

import json

import pyarrow as pa
import pytest

from genbench import cards, registry
from genbench.authoring.carry import carry
from genbench.authoring.contests import Contest, today_of
from genbench.cli import main
from genbench.edition import EDITION
from genbench.errors import StoreFault
from genbench.rows.schema import PREDICTIONS, TABLES
from genbench.rows.store import Store

OLD = {"task_fingerprint": "sha256:old task", "submission_fingerprint": "sha256:old code", "edition": 0}


@pytest.fixture
def found(toys):
    """A catalogue of toys."""
    return registry.Catalogue(
        {"echo": cards.read(toys / "echo")},
        {name: cards.read(toys / name) for name in ("guesses", "stepping", "idle", "faulty")},
    )


def aged(store, place, change=lambda row: {}, answer=lambda row: row["prediction"]):
    """A copy of results as older code would have left them; `change` alters rows of CELLS, `answer` the answers."""
    older = Store(str(place))
    for row in store.read("cells").table.to_pylist():
        base, key = row["submission"].partition(":")[0].partition("@")[0], f"old-{row['submission']}-{row['seed']}"
        given = {}
        for name in TABLES:
            table = store.read_cell(name, row["task"], base, row["cell"])
            if table is not None:
                given[name] = [{**one, "cell": key} for one in table.to_pylist()]
        for one in given.get("predictions", []):
            one["prediction"] = answer(one)
        given["cells"] = [{**one, **OLD, **change(one)} for one in given["cells"]]
        if "predictions" in given:
            given["predictions"] = pa.Table.from_pylist(given["predictions"], schema=PREDICTIONS)
        older.append(row["task"], base, key, given)
    return older


@pytest.fixture
def rerun(evaluate, tmp_path):
    """What today's code made of two submissions: seed 0 of one, of the other seeds 0, 1 and 2."""
    evaluate(tmp_path / "rerun", "guesses", "stepping")
    return Store(str(tmp_path / "rerun"))


@pytest.fixture
def whole(evaluate, tmp_path):
    """What today's code makes of all seeds, from which older rows are made."""
    return evaluate(tmp_path / "whole", "guesses", "stepping", seeds=3).store


def cells_of(store, submission=None):
    rows = sorted(store.read("cells").table.to_pylist(), key=lambda row: (row["submission"], row["seed"]))
    return [row for row in rows if submission in {None, row["submission"]}]


def content(store):
    """All that is there but for the time of carrying, and the names of all files."""
    rows = {name: store.read(name).table.to_pylist() for name in TABLES}
    for row in rows["cells"]:
        row["lineage"] = [{**entry, "carried": ""} for entry in json.loads(row["lineage"])]
    return rows, [path for name in TABLES for path in store.files(name)]


def told(verdicts):
    return {verdict.contest.submission: (verdict.status, verdict.proof, verdict.seeds) for verdict in verdicts}


def test_equal_answers_of_one_seed_carry_all_seeds_under_todays_names(whole, rerun, found, tmp_path):
    store = aged(whole, tmp_path / "old")
    before = content(store)[0]

    verdicts = list(carry(store, rerun, None, found))

    assert told(verdicts) == dict.fromkeys(("guesses", "stepping"), ("carried", "answers", (0, 1, 2)))
    assert verdicts[0].detail == "seed 0: 100 answers are equal"
    today = {row["cell"]: row for row in cells_of(whole)}
    for row in cells_of(store):
        (entry,) = json.loads(row["lineage"])
        assert row["task_fingerprint"] == today[row["cell"]]["task_fingerprint"]
        assert row["submission_fingerprint"] == today[row["cell"]]["submission_fingerprint"]
        assert row["edition"] == EDITION
        assert {name: entry[name] for name in OLD} == OLD
        assert entry["cell"] == f"old-{row['submission']}-{row['seed']}"
        assert (entry["proof"], entry["proved_by"]) == ("answers", [cells_of(rerun, row["submission"])[0]["cell"]])
        assert entry["versions"] == json.loads(row["versions"])
        assert entry["carried"].endswith("+00:00")
    after = content(store)[0]
    for name in ("scores", "predictions", "curves"):
        assert len(after[name]) == len(before[name]) > 0
        assert {json.dumps({**row, "cell": 0}) for row in after[name]} == {
            json.dumps({**row, "cell": 0}) for row in before[name]
        }
        assert {row["cell"] for row in after[name]} <= set(today)


def test_rows_that_were_carried_are_of_today_and_kept_by_an_evaluation(whole, rerun, found, evaluate, tmp_path):
    store = aged(whole, tmp_path / "old")
    list(carry(store, rerun, None, found))

    again = list(carry(store, rerun, None, found))
    evaluated = evaluate(tmp_path / "old", "guesses", "stepping", seeds=3)

    assert {verdict.status for verdict in again} == {"today"}
    assert {event.status for event in evaluated.events} == {"kept"}


def test_answers_that_differ_stamp_nothing_and_say_how_much(whole, rerun, found, tmp_path):
    store = aged(whole, tmp_path / "old", answer=lambda row: "7" if row["question_id"] < 5 else row["prediction"])
    before = content(store)

    verdicts = list(carry(store, rerun, None, found))

    assert {verdict.status for verdict in verdicts} == {"differs"}
    assert verdicts[1].detail == "seed 0: 95 of 100 answers are equal (95.0 %)"
    assert content(store) == before


def test_scores_that_differ_beside_equal_answers_are_a_difference(whole, rerun, found, tmp_path):
    store = aged(whole, tmp_path / "old")
    row = cells_of(store, "stepping")[0]
    scores = store.read_cell("scores", "echo", "stepping", row["cell"]).to_pylist()
    scores = [{**one, "value": one["value"] / 2} for one in scores]
    store.replace("scores", "echo", "stepping", row["cell"], pa.Table.from_pylist(scores, TABLES["scores"]))

    (verdict,) = [one for one in carry(store, rerun, None, found) if one.contest.submission == "stepping"]

    assert verdict.status == "differs"
    assert verdict.detail.startswith(
        "seed 0: 100 of 100 answers are equal (100.0 %); test exact_match 0.5000, 1.0000 in the proof; "
    )


def test_a_witness_of_the_old_code_on_the_proofs_machine_speaks_for_rows_of_another_machine(
    whole, rerun, found, tmp_path
):
    elsewhere = json.dumps({"processor": "another", "cores": 2, "memory_bytes": 1, "system": "Linux"})
    store = aged(whole, tmp_path / "old", lambda _: {"machine": elsewhere}, lambda row: "7")
    witness = aged(rerun, tmp_path / "witness")

    verdicts = list(carry(store, rerun, witness, found))

    assert told(verdicts)["guesses"] == ("carried", "witness", (0, 1, 2))
    (entry,) = json.loads(cells_of(store, "guesses")[2]["lineage"])
    assert entry["witness"] == "old-guesses-0"
    assert entry["machines"]["run_on"]["processor"] == "another"
    assert entry["machines"]["proved_on"] == json.loads(cells_of(rerun, "guesses")[0]["machine"])


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda _: {"submission_fingerprint": "sha256:other"}, lambda row: row["prediction"]),
        (lambda _: {"machine": '{"processor": "a third"}'}, lambda row: row["prediction"]),
        (lambda row: {"status": "error"}, lambda row: row["prediction"]),
        (lambda _: {}, lambda row: "8"),
    ],
    ids=["of other code", "on another machine", "that failed", "that differs too"],
)
def test_a_witness_proves_nothing(whole, rerun, found, tmp_path, change, answer):
    store = aged(whole, tmp_path / "old", answer=lambda row: "7")
    before = content(store)

    verdicts = list(carry(store, rerun, aged(rerun, tmp_path / "witness", change, answer), found))

    assert {verdict.status for verdict in verdicts} == {"differs"}
    assert content(store) == before


def two_settings(evaluate, tmp_path, answer=lambda row: row["prediction"]):
    """Old rows of a submission with two settings, of which one was run again."""
    whole = evaluate(tmp_path / "whole", "guesses", "guesses:numbers=50").store
    evaluate(tmp_path / "rerun", "guesses")
    return aged(whole, tmp_path / "old", answer=answer), Store(str(tmp_path / "rerun"))


def test_a_family_is_carried_where_it_is_asked_for_and_what_was_run_again_is_equal(evaluate, found, tmp_path):
    store, rerun = two_settings(evaluate, tmp_path)

    without = told(carry(store, rerun, None, found, dry=True))
    asked = told(carry(store, rerun, None, found, families=True))

    assert without["guesses:numbers=50"] == ("not proven", "", ())
    assert asked["guesses:numbers=50"] == ("carried", "family", (0,))
    (entry,) = json.loads(cells_of(store, "guesses:numbers=50")[0]["lineage"])
    assert (entry["proof"], entry["proved_by"]) == ("family", [cells_of(rerun)[0]["cell"]])
    evaluated = evaluate(tmp_path / "old", "guesses:numbers=50")
    assert [event.status for event in evaluated.events] == ["kept"]


def test_a_family_whose_proof_was_carried_by_an_earlier_call_is_carried_too(evaluate, found, tmp_path):
    store, rerun = two_settings(evaluate, tmp_path)
    list(carry(store, rerun, None, found))

    asked = told(carry(store, rerun, None, found, families=True))

    assert asked == {"guesses": ("today", "", ()), "guesses:numbers=50": ("carried", "family", (0,))}


def test_a_family_of_which_one_differs_is_not_carried(evaluate, found, tmp_path):
    store, rerun = two_settings(evaluate, tmp_path, answer=lambda row: "7")

    verdicts = list(carry(store, rerun, None, found, families=True))

    assert [verdict.status for verdict in verdicts] == ["differs", "not proven"]
    assert verdicts[1].detail == "not in the proof, and others of its family differ"


def test_a_dry_run_says_what_would_be_and_writes_nothing(whole, rerun, found, tmp_path):
    store = aged(whole, tmp_path / "old")
    before = content(store)

    verdicts = list(carry(store, rerun, None, found, dry=True))

    assert told(verdicts)["guesses"] == ("carried", "answers", (0, 1, 2))
    assert content(store) == before


VERSIONS = {"python": "3.11.1", "genbench": "0.0.1", "datasets": "0.1"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: {"data_fingerprint": "sha256:x"}, "seed 0: the proof answered other data"),
        (lambda _: {"versions": json.dumps(VERSIONS)}, "seed 0: run with datasets 0.1, here is "),
        (lambda _: {"submission_params": '{"numbers": 9}'}, "seed 0: run with numbers = 9, which is 100 today"),
        (lambda _: {"task_params": '{"gone": 9}'}, "seed 0: run with parameter gone = 9, which the card does not have"),
        (lambda _: {"budget_seconds": 5.0}, "seed 0: run with a budget of 5 seconds, which is 300 today"),
        (lambda _: {"device": "cuda"}, "seed 0: run on cuda, here is cpu"),
    ],
)
def test_rows_that_cannot_be_compared_are_refused_by_name(evaluate, rerun, found, tmp_path, change, message):
    store = aged(evaluate(tmp_path / "whole", "guesses").store, tmp_path / "old", change)

    (verdict,) = carry(store, rerun, None, found)

    assert verdict.status == "refused"
    assert verdict.detail.startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: {"status": "timeout"}, "seed 0: the proof's cell failed: timeout"),
        (lambda _: {}, "seed 0: the proof is not of today's code, edition, parameters and versions: run it again"),
    ],
)
def test_a_proof_that_is_none_is_refused(evaluate, found, tmp_path, change, message):
    whole = evaluate(tmp_path / "whole", "guesses").store
    proof = aged(whole, tmp_path / "proof", change)
    store = Store(str(tmp_path / "old"))
    for row in cells_of(aged(whole, tmp_path / "again")):
        given = {name: whole.read(name).table.to_pylist() for name in ("scores",)}
        store.append("echo", "guesses", "older", {**given, "cells": [{**row, "cell": "older"}]})

    (verdict,) = carry(store, proof, None, found)

    assert (verdict.status, verdict.detail) == ("refused", message)


def test_parameters_that_the_card_has_got_since_take_their_defaults(evaluate, rerun, found, tmp_path):
    store = aged(evaluate(tmp_path / "whole", "guesses").store, tmp_path / "old", lambda _: {"submission_params": "{}"})

    (verdict,) = carry(store, rerun, None, found)

    assert verdict.status == "carried"
    (row,) = cells_of(store)
    assert row["submission_params"] == '{"numbers": 100}'
    assert json.loads(row["lineage"])[0]["submission_params"] == "{}"


def test_seeds_of_other_code_are_left_and_named(whole, rerun, found, tmp_path):
    store = aged(
        whole, tmp_path / "old", lambda row: {"submission_fingerprint": "sha256:b"} if row["seed"] == 2 else {}
    )

    verdict = next(iter(carry(store, rerun, None, found)))

    assert (verdict.status, verdict.seeds) == ("carried", (0, 1))
    assert verdict.detail.endswith("; seed 2 of other code left")


def test_results_may_be_their_own_proof(whole, found, evaluate, tmp_path):
    store = aged(whole, tmp_path / "old")
    evaluate(tmp_path / "old", "guesses", "stepping")

    verdicts = told(carry(store, store, None, found))

    assert verdicts["guesses"] == ("carried", "answers", (1, 2))


class Crash(BaseException):
    pass


@pytest.mark.parametrize("at", range(0, 24, 3))
def test_an_interruption_loses_nothing_and_the_next_call_ends_as_one_would_have(
    evaluate, found, tmp_path, monkeypatch, at
):
    whole = evaluate(tmp_path / "whole", "stepping", "guesses", "guesses:numbers=50").store
    evaluate(tmp_path / "rerun", "stepping", "guesses")
    rerun = Store(str(tmp_path / "rerun"))
    reference = aged(whole, tmp_path / "reference")
    list(carry(reference, rerun, None, found, families=True))
    store = aged(whole, tmp_path / "old")
    count = 0

    def counted(inner):
        def call(*given):
            nonlocal count
            count += 1
            if count > at:
                raise Crash
            return inner(*given)

        return call

    interrupted = Store(str(tmp_path / "old"))
    monkeypatch.setattr(interrupted.folder.fs, "mv", counted(interrupted.folder.fs.mv), raising=False)
    monkeypatch.setattr(interrupted.folder.fs, "rm_file", counted(interrupted.folder.fs.rm_file), raising=False)
    with pytest.raises(Crash):
        list(carry(interrupted, rerun, None, found, families=True))
    monkeypatch.undo()
    kept = {(row["submission"], row["seed"]) for row in cells_of(store)}

    list(carry(store, rerun, None, found, families=True))

    assert kept == {("stepping", 0), ("guesses", 0), ("guesses:numbers=50", 0)}
    assert content(store)[0] == content(reference)[0]
    assert [path.rpartition("/")[2] for path in content(store)[1]] == [
        path.rpartition("/")[2] for path in content(reference)[1]
    ]


def test_what_is_no_results_folder_is_one_error(tmp_path, found):
    with pytest.raises(StoreFault) as caught:
        list(carry(Store(str(tmp_path / "nowhere")), Store(str(tmp_path)), None, found))

    assert str(caught.value) == (
        f"there are no results at '{tmp_path / 'nowhere'}'; carry takes a folder that `genbench evaluate` wrote"
    )


def test_a_proof_that_is_no_results_folder_is_one_error(whole, tmp_path, found):
    (tmp_path / "empty").mkdir()

    with pytest.raises(StoreFault, match="--proof takes what `genbench evaluate --out PLACE` wrote today"):
        list(carry(whole, Store(str(tmp_path / "empty")), None, found))


def test_the_verb_prints_a_line_a_contest_and_the_counts_and_exits_with_2_where_one_differs(
    whole, rerun, found, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(registry, "catalogue", lambda: found)
    old = aged(whole, tmp_path / "old")
    differing = aged(whole, tmp_path / "differing", answer=lambda row: "7")

    codes = [
        main(["carry", store.place, "--proof", rerun.place, *more])
        for store, more in [(old, ["--dry-run"]), (differing, [])]
    ]

    said = capsys.readouterr().out.splitlines()
    assert codes == [0, 2]
    assert said[0] == "echo/small  guesses  quick  carried (answers, seeds 0, 1, 2): seed 0: 100 answers are equal"
    assert said[2] == "2 contests: 2 carried by answers; 6 cells would be carried over"
    assert said[-1] == "2 contests: 2 differs; 0 cells carried over"


def test_a_submission_that_is_not_known_here_is_left(whole, rerun, found, tmp_path):
    store = aged(whole, tmp_path / "old")

    verdicts = list(carry(store, rerun, None, registry.Catalogue(found.tasks, {})))

    assert {verdict.status for verdict in verdicts} == {"not proven"}
    assert verdicts[0].detail.startswith("not known here: no submission is called 'guesses'")


def test_rows_of_this_very_code_under_a_former_name_are_carried_without_a_rerun(whole, found, evaluate, tmp_path):
    older = tmp_path / "old"
    store = Store(str(older))
    for row in cells_of(whole):
        contest = Contest(row["task"], row["split"], row["submission"], row["profile"])
        former = today_of(contest, found, {}).former(row["seed"], row["data_fingerprint"])
        base = row["submission"]
        tables = {
            name: [{**one, "cell": former} for one in table.to_pylist()]
            for name in TABLES
            if (table := whole.read_cell(name, row["task"], base, row["cell"])) is not None
        }
        tables["predictions"] = pa.Table.from_pylist(tables["predictions"], schema=PREDICTIONS)
        store.append(row["task"], base, former, tables)

    verdicts = list(carry(store, None, None, found))
    evaluated = evaluate(older, "guesses", "stepping", seeds=3)

    assert told(verdicts) == dict.fromkeys(("guesses", "stepping"), ("carried", "name", (0, 1, 2)))
    assert verdicts[0].detail == "the code is today's, its name was made otherwise"
    assert [row["cell"] for row in cells_of(store)] == [row["cell"] for row in cells_of(whole)]
    assert {json.loads(row["lineage"])[0]["proof"] for row in evaluated.rows("cells")} == {"name"}


def test_without_a_proof_rows_of_other_code_stay_as_they_are(whole, found, tmp_path):
    store = aged(whole, tmp_path / "old")
    before = content(store)

    verdicts = list(carry(store, None, None, found))

    assert {(verdict.status, verdict.detail) for verdict in verdicts} == {("not proven", "not in the proof")}
    assert content(store) == before
