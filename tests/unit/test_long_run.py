"""The long run of unsound inputs: ended and gone on with it is the same run, and what ends the process is a finding."""

import argparse
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Gives `run(inputs, door)`: the progress after so many inputs in all, by a state that outlives it."""
    monkeypatch.syspath_prepend(str(FUZZ))
    import long_run
    import progress

    def run(inputs, door):
        known = [("one", 1, [b"sound"], door), ("other", 2, [b"as sound"], door)]
        asked = argparse.Namespace(inputs=inputs, seconds=float("inf"), seed=3, found=tmp_path / "found")
        found = progress.Progress.at(tmp_path / "state.json", 3)
        with found:
            long_run.go_on(found, known, asked)
        return found

    yield run
    for name in ("doors", "long_run", "mutations", "progress"):
        del sys.modules[name]


def test_a_run_that_is_ended_goes_on_where_it_was(run, tmp_path):
    given = []
    first, second = run(20, given.append), run(50, given.append)
    (tmp_path / "state.json").unlink()
    once = []
    whole = run(50, once.append)

    assert (first.done, second.done) == (20, 50)
    assert given == once
    assert second.count == whole.count
    assert set(whole.count) == {"one", "other"}


def test_an_input_that_took_the_process_with_it_is_a_finding_and_is_not_sent_again(run, tmp_path):
    run(5, lambda _: None)
    (tmp_path / "state.json.under-way").write_text(f"{5:20}")
    given = []

    found = run(8, given.append)

    assert len(given) == 2
    assert [one for ones in found.faults.values() for one in ones] == ["the process ended with it"]
    assert len(list((tmp_path / "found").rglob("*"))) == 2  # its door's folder, and the input


def test_a_state_of_another_seed_is_refused(run, tmp_path):
    run(5, lambda _: None)
    path = tmp_path / "state.json"
    path.write_text(path.read_text().replace('"seed": 3', '"seed": 4'))

    with pytest.raises(SystemExit, match="is of a run with --seed 4"):
        run(8, lambda _: None)
