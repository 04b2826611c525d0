"""`genbench difficulty`, from what is typed to the line on the page."""

import json
import shutil
from pathlib import Path

import pytest

from genbench import registry
from genbench.analysis import difficulty
from genbench.cli import main

RESULTS = Path(__file__).parents[2] / "leaderboard" / "results"


@pytest.fixture
def genbench(monkeypatch, tmp_path, capsys):
    """Gives `genbench("difficulty", ...)` -> exit code, output, errors, in a folder and with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache that several tests share, for splits that take seconds to measure."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def told(genbench, cache, monkeypatch):
    """As `genbench`, with figures that another of these tests may have measured."""
    monkeypatch.setenv("GENBENCH_CACHE", str(cache))
    return genbench


@pytest.fixture
def never_measured(monkeypatch):
    """Makes measuring fail, so that what is shown was kept."""

    def measure(*_):
        raise AssertionError

    monkeypatch.setattr(difficulty, "measure", measure)


def test_one_split_is_told_in_full(told):
    code, said, _ = told("difficulty", "scan/length")

    lines = {line.split()[0]: line for line in said.splitlines() if line}
    assert code == 0
    assert set(difficulty.MEASURES) <= set(lines)
    assert "100 %" in lines["longer_targets"]
    assert lines["train_rows"].split()[1] == "16,990"
    assert "compounds: compounds:trees" in said


def test_several_splits_are_told_in_a_line_a_question_set(told):
    code, said, _ = told("difficulty", "scan/length", "modular/addition")

    assert code == 0
    assert [line.split()[:2] for line in said.splitlines()[1:]] == [
        ["scan/length", "test"],
        ["modular/addition", "test"],
        ["modular/addition", "trained"],
    ]


def test_of_vectors_there_are_bits_and_what_there_is_not_says_why(genbench):
    code, said, _ = genbench("difficulty", "spheres/sphere2:rows=400")

    lines = {line.split()[0]: line for line in said.splitlines() if line}
    assert code == 0
    assert float(lines["log2_bound_bits"].split()[1]) > 10
    assert lines["words_seen"].split()[1] == "-"
    assert said.startswith("spheres/sphere2:rows=400\nheadline metric: top_1\n")
    assert "longer_inputs: inputs are not made of words\n" in said


def test_of_words_without_an_embedding_it_is_said_that_there_are_no_distances(told):
    code, said, _ = told("difficulty", "scan/length", "--format", "json")

    rows = {row["measure"]: row for row in json.loads(said)["tables"][0]["rows"]}
    assert code == 0
    assert rows["bound_bits"]["value"] is None
    assert rows["bound_bits"]["why"].startswith("there are no distances between inputs")
    assert rows["nearest"]["why"] is None


@pytest.fixture
def published(tmp_path):
    """A results folder with the published rows of spheres, and their difficulty."""
    for name in ("compact", "questions", "difficulty"):
        shutil.copytree(RESULTS / name / "task=spheres", tmp_path / "rows" / name / "task=spheres")
    return tmp_path / "rows"


def test_whether_difficulty_foretells_accuracy_is_told_with_what_it_is_over(genbench, published):
    code, said, _ = genbench("foretell", published, "--format", "json")

    rows = {row["measure"]: row for row in json.loads(said)["tables"][0]["rows"]}
    assert code == 0
    assert all(
        -1 <= row["correlation_low"] <= row["correlation"] <= row["correlation_high"] <= 1 for row in rows.values()
    )
    assert {(row["question_sets"], row["splits"], row["tasks"]) for row in rows.values()} == {(5, 5, 1)}
    assert {"nearest", "bound_bits"} <= rows.keys()


def test_without_difficulty_or_without_enough_it_is_one_error(genbench, toys):
    genbench("evaluate", toys / "idle", "--task", toys / "echo", "--executor", "here", "--out", "results")

    bare = genbench("foretell", "results")
    genbench("difficulty", toys / "echo", "--out", "results")
    few = genbench("foretell", "results")

    assert (bare[0], few[0]) == (2, 2)
    assert bare[2].startswith("error: there is no difficulty in results; `genbench difficulty SPLIT... --out results`")
    assert few[2].startswith("error: 0 question sets have both a difficulty and a learner of the full profile;")


def test_what_was_measured_is_kept_until_it_is_asked_anew(genbench, request):
    first = genbench("difficulty", "modular/addition:p=23")
    request.getfixturevalue("never_measured")

    again = genbench("difficulty", "modular/addition:p=23")

    assert again == first
    with pytest.raises(AssertionError):
        genbench("difficulty", "modular/addition:p=23", "--fresh")


def test_figures_in_a_results_folder_are_kept_there_without_the_cache(genbench, tmp_path, monkeypatch, request):
    first = genbench("difficulty", "modular/addition:p=23", "--out", "results")
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "another"))
    request.getfixturevalue("never_measured")

    assert genbench("difficulty", "modular/addition:p=23", "--out", "results") == first


def test_a_changed_parameter_is_measured_on_its_own(genbench):
    card, given = (genbench("difficulty", f"modular/addition{tail}")[1] for tail in ("", ":share=0.3"))

    assert "4,704" in card
    assert "4,704" not in given


def test_the_page_tells_the_difficulty_of_the_splits_it_shows(genbench, toys, tmp_path):
    genbench("evaluate", toys / "idle", "--task", toys / "echo", "--executor", "here", "--out", "results")
    genbench("difficulty", toys / "echo", "--out", "results")

    code, _, err = genbench("leaderboard", "results", "--out", "site")

    page = (tmp_path / "site" / "tasks" / "echo" / "small.html").read_text(encoding="utf-8")
    assert (code, err) == (0, "")
    assert page.count('class="difficulty"') == 1
    assert "all words seen 0 %" in page


def test_figures_of_older_data_are_named_and_not_shown(genbench, toys, tmp_path, monkeypatch):
    genbench("evaluate", toys / "idle", "--task", toys / "echo", "--executor", "here", "--out", "results")
    genbench("difficulty", toys / "echo", "--out", "results")
    path = difficulty.path_of("results", "echo", "small")
    rows = difficulty.read(path)
    place = rows.column_names.index("data_fingerprint")
    old = rows.set_column(place, rows.schema.field(place), [["sha256:old"] * rows.num_rows])
    difficulty.write(old, path)
    echo = registry.choose_splits([str(toys / "echo")], registry.Catalogue())[0].task
    monkeypatch.setattr(registry, "catalogue", lambda: registry.Catalogue(tasks={"echo": echo}))

    code, _, err = genbench("leaderboard", "results", "--out", "site")

    assert code == 0
    assert "skipped: the difficulty of echo/small in results is of older data; `genbench difficulty echo/small" in err
    assert 'class="difficulty"' not in (tmp_path / "site" / "tasks" / "echo" / "small.html").read_text(encoding="utf-8")


def test_a_split_that_cannot_be_measured_costs_one_line_and_the_others_are_told(told, monkeypatch, tmp_path):
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")

    code, said, err = told("difficulty", "scan/length", "scan/mcd1")

    assert code == 2
    assert "scan/length" in said
    assert err.startswith("error: scan/mcd1: ")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("scan/lenght", "did you mean 'scan/length'?"),
        ("scan/length:rows=3", "scan/length:rows=3: "),
        ("scan/length:row=3", "has no parameter 'row'"),
    ],
)
def test_what_is_mistyped_is_one_clear_error(genbench, typed, said):
    code, _, err = genbench("difficulty", typed)

    assert code == 2
    assert said in err
    assert err.count("\n") == 1
