"""Variables and the network, where a card asks for them: given, named in the row, and never told."""

import json
import shutil

import pytest

from genbench import cards
from genbench.authoring.check import check
from genbench.cli import main
from genbench.errors import Unavailable
from genbench.evaluation.executors.process import Process
from genbench.registry import Catalogue

KEY = "sk-toy/4f9+Qm Zz81&x0c7d"
WAYS = ["prints", "raises", "answers", "misfits", "diagnoses", "imports"]
NAMES = {way: "secretive" if way == "prints" else f"secretive@{way}" for way in WAYS}


@pytest.fixture(scope="module")
def done(evaluate, tmp_path_factory):
    """One evaluation of a submission that tells its variable in every way, and the folder of its results."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOY_KEY", KEY)
        patch.setenv("HTTP_PROXY", "http://me:hunter2000@localhost:1")
        place = tmp_path_factory.mktemp("secret")
        return evaluate(place, *NAMES.values(), task="spelling", executor=Process(2)), place


def parts(value):
    return [value[at : at + 8] for at in range(len(value) - 7)]


@pytest.mark.parametrize("table", ["cells", "scores", "predictions", "curves"])
def test_no_table_holds_a_value_that_was_told(done, table):
    text = json.dumps(done[0].rows(table), default=str)

    assert text != "[]"
    assert not [part for part in parts(KEY) if part in text]
    assert "hunter2000" not in text


@pytest.mark.parametrize(
    ("way", "status", "detail"),
    [
        ("prints", "ok", ""),
        ("raises", "error", "key [redacted]"),
        ("answers", "ok", ""),
        ("misfits", "error", "answer 0 is ['[redacted]'] (list)"),
        ("diagnoses", "ok", ""),
        ("imports", "error", "ModuleNotFoundError: No module named '[redacted]'"),
    ],
)
def test_what_was_told_besides_is_kept(done, way, status, detail):
    row = done[0].cell(NAMES[way])

    assert row["status"] == status
    assert detail in row["detail"]


def test_what_is_printed_is_kept_without_the_value_however_it_is_written(done):
    lines = done[0].cell("secretive")["log"].splitlines()

    assert lines[0] == "Authorization: Bearer [redacted]"
    assert lines[1].startswith("Basic ")
    assert "[redacted]" in lines[1]
    assert lines[2] == "https://example.org/?key=[redacted]"
    assert lines[3] == "['HTTP_PROXY', 'TOY_KEY']"


def test_answers_are_graded_as_they_are_and_kept_without_the_value(done):
    answers = [row["prediction"] for row in done[0].rows("predictions") if row["prediction"] != "5"]
    (scored,) = [row["value"] for row in done[0].rows("scores", submission="secretive", axis="")]

    assert answers == ["the key is [redacted]"] * 5
    assert scored == 0.2


def test_a_row_names_the_variables_and_that_the_wall_was_open(done):
    assert {(row["environment"], row["sealing"]) for row in done[0].rows("cells")} == {('["TOY_KEY"]', "network")}


def test_neither_the_page_nor_what_is_printed_holds_the_value(done, capsys):
    main(["leaderboard", str(done[1])])

    told = capsys.readouterr()
    pages = "".join(path.read_text() for path in done[1].rglob("*.html"))
    assert "secretive" in pages
    assert not [part for part in parts(KEY) if part in told.out + told.err + pages]


@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_not_set_is_one_error_before_anything_is_run(evaluate, tmp_path, monkeypatch, value):
    monkeypatch.delenv("TOY_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("TOY_KEY", value)
    with pytest.raises(Unavailable) as caught:
        evaluate(tmp_path / "out", "secretive", "secretive@raises", task="spelling", executor=Process(1))

    assert str(caught.value) == (
        "nothing was run, for this cannot be had:\n  secretive: the environment variable TOY_KEY is not set"
    )
    assert not (tmp_path / "out").exists()


def test_what_no_card_asks_for_stays_outside(evaluate, tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_KEY", KEY)
    monkeypatch.setenv("HTTP_PROXY", "http://localhost:1")
    row = evaluate(tmp_path, "tells", executor=Process(1)).cell("tells")

    assert (row["environment"], row["sealing"]) == ("[]", "process")
    assert not {"TOY_KEY", "HTTP_PROXY"} & json.loads(row["log"].splitlines()[-1])["environment"].keys()


def test_check_tells_what_is_wrong_without_the_value(toys, tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_KEY", KEY)
    folder = shutil.copytree(toys / "secretive", tmp_path / "secretive")
    (folder / "card.toml").write_text((folder / "card.toml").read_text().replace('"prints"', '"raises"'))
    found = check(folder, Catalogue({"spelling": cards.read(toys / "spelling", "task")}))
    (fault,) = [one.fault for one in found if not one.holds]

    assert "key [redacted]" in fault
    assert not [part for part in parts(KEY) if part in fault]


def test_a_job_shows_nothing_of_its_variables(toys, tmp_path, monkeypatch):
    from genbench.evaluation.supplies import Supply

    assert KEY not in repr(Supply(variables={"TOY_KEY": KEY}))
