import copy
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from genbench.cards.entries import load_entry
from genbench.cli import main

FOLDER = Path(__file__).parents[3] / "tasks" / "gcog"
SAMPLE = {
    "split": "distractor",
    "subset": "train",
    "instruction": "current red d sum is odd ?",
    "tree": {"op": "sumodd", "select": [{"color": "red", "shape": "d"}]},
    "rule_tokens": [[8, 4, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1]],
    "objects": [
        {"loc": [3, 4], "color": "red", "shape": "d", "distractor": False},
        {"loc": [0, 9], "color": "pink", "shape": "b", "distractor": True},
    ],
    "stimulus_tokens": [[9, 8, 2], [34, 1, 4]],
    "answer": True,
    "target_index": 0,
}


@pytest.fixture(scope="module")
def samples_module():
    return sys.modules[load_entry(FOLDER, "samples:check").__module__]


@pytest.fixture
def written(tmp_path):
    """Gives `written(*samples)`: a JSON Lines file of them; a string is a line as it stands."""

    def write(*lines):
        path = tmp_path / "some.jsonl"
        path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines))
        return path

    return write


def test_every_reference_sample_agrees_with_the_rules(reference, capsys):
    path = reference / "gcog" / "gcog_reference_samples.jsonl.gz"

    code = main(["data", "verify", "gcog", "--samples", str(path)])

    said = capsys.readouterr()
    assert (code, said.out, said.err) == (0, "1,300 of 1,300 samples agree\n", "")


def test_the_reference_needs_every_part_of_the_comparison(samples, samples_module):
    for key, other in (
        ("answer", "nothing"),
        ("target_index", 138),
        ("rule_tokens", [[0] * 8]),
        ("stimulus_tokens", [[0, 1, 27]]),
        ("instruction", "current ?"),
    ):
        faults = samples_module.differences(samples[700] | {key: other})

        assert [fault.split()[0] for fault in faults] == [f"'{key}'"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": False}, "'answer' is False, by the rules True"),
        ({"answer": 1}, "'answer' is 1, by the rules True"),
        ({"target_index": 1}, "'target_index' is 1, by the rules 0"),
        ({"target_index": False}, "'target_index' is False, by the rules 0"),
        ({"rule_tokens": [[8, 4, 1, 1, 0, 0, 0, 0]]}, "'rule_tokens' is [[8, 4, 1, 1, 0, 0, 0, 0]]"),
        ({"stimulus_tokens": [[9, 8, 2]]}, "'stimulus_tokens' is [[9, 8, 2]]"),
        ({"objects": [], "stimulus_tokens": []}, "the tree has no answer on this screen: sumodd: 0 objects match"),
        (
            {"objects": [SAMPLE["objects"][0], {"loc": [0, 0], "color": "red", "shape": "d"}]},
            "the tree has no answer on this screen: sumodd: 2 objects match current red d",
        ),
        ({"instruction": "current red d ?"}, "by the rules 'current red d sum is odd ?'"),
        ({"nodes": [{"id": 0, "op": "sumeven", "parents": []}]}, "'nodes' is [{'id': 0, 'op': 'sumeven'"),
        (
            {"objects": [SAMPLE["objects"][0] | {"distractor": True}, SAMPLE["objects"][1]]},
            "'distractor' of the object at [3, 4] is true, and it is selected by sumodd",
        ),
        (
            {"objects": [SAMPLE["objects"][0], SAMPLE["objects"][1] | {"distractor": False}]},
            "'distractor' of the object at [0, 9] is false, and it is selected by nothing",
        ),
        ({"n_distractors_requested": 0}, "'n_distractors_requested' is 0, and there are 1"),
    ],
)
def test_a_difference_is_said_and_counted_and_the_exit_code_is_2(written, capsys, change, said):
    code = main(["data", "verify", "gcog", "--samples", str(written(SAMPLE, SAMPLE | change))])

    shown = capsys.readouterr()
    assert code == 2
    assert shown.out == "1 of 2 samples agree, 1 differ\n"
    assert shown.err.startswith("some.jsonl line 2: ")
    assert said in shown.err


def test_only_the_first_differences_are_shown(written, capsys):
    main(["data", "verify", "gcog", "--samples", str(written(*[SAMPLE | {"answer": False}] * 12))])

    shown = capsys.readouterr()
    assert shown.out == "0 of 12 samples agree, 12 differ\n"
    assert len(shown.err.splitlines()) == 11
    assert shown.err.splitlines()[-1] == "and 2 more"


def tree(**change):
    return SAMPLE | {"tree": SAMPLE["tree"] | change}


def thing(**change):
    return SAMPLE | {"objects": [SAMPLE["objects"][0] | change]}


MALFORMED = {
    "no JSON": ("{", "line 2 is not JSON"),
    "too deep": ("[" * 100_000, "line 2 is not JSON"),
    "a list": ([1], "it is [1]; it must be an object with keys"),
    "no tree": ({key: value for key, value in SAMPLE.items() if key != "tree"}, "missing key 'tree'"),
    "an empty tree": (SAMPLE | {"tree": None}, "a tree is None; it must be an object with keys"),
    "an unknown operator": (tree(op="sumod"), "'op' is 'sumod', which is no operator; did you mean 'sumodd'?"),
    "an operator that is none": (tree(op=3), "'op' is 3, which is no operator"),
    "nothing selected": (tree(select=[]), "'select' of sumodd is []; it must be a list of 1 or 2"),
    "two where one is": (tree(op="go", select=[{}, {}]), "'select' of go is [{}, {}]; it must be a list of 1"),
    "an unknown colour": (tree(select=[{"color": "mauve", "shape": "d"}]), "color is 'mauve'; it must be one of red,"),
    "what is asked is given": (
        tree(op="getcolor"),
        "getcolor asks for the color, so its 'color' must be null, not 'red'",
    ),
    "a switch on a location": (
        SAMPLE | {"tree": {"op": "switch", "if": {"op": "go", "select": SAMPLE["tree"]["select"]}}},
        "a switch is decided by one of exist, sumeven, producteven, productodd, sumodd, not by go",
    ),
    "no objects": (SAMPLE | {"objects": {}}, "'objects' is {}; it must be a list"),
    "a number for an object": (SAMPLE | {"objects": [1]}, "an object is 1; it must have the keys loc, color and shape"),
    "off the grid": (thing(loc=[3, 10]), "an object's loc is [3, 10]; it must be two integers from 0 to 9"),
    "no place": (thing(loc=None), "an object's loc is None; it must be two integers from 0 to 9"),
    "an unknown shape": (thing(shape="D"), "an object's shape is 'D'; it must be one of a, b,"),
    "one cell for two": (SAMPLE | {"objects": SAMPLE["objects"][:1] * 2}, "two objects lie in one cell"),
    "a flag that is a number": (thing(distractor=1), "an object's distractor is 1; it must be true or false"),
    "many distractors": (
        SAMPLE | {"n_distractors_requested": "3"},
        "'n_distractors_requested' is '3'; it must be an integer from 0 to 100",
    ),
    "nodes without numbers": (SAMPLE | {"nodes": [1]}, "'nodes' is [1]; it must be a list of objects with id, op"),
    "a number for two nodes": (
        SAMPLE | {"nodes": [{"id": 0, "op": "sumodd", "parents": []}] * 2},
        "'nodes' has one id twice",
    ),
    "rows of fractions": (SAMPLE | {"rule_tokens": [[1.5]]}, "'rule_tokens' is [[1.5]]; it must be a list of lists"),
    "cells off the grid": (
        SAMPLE | {"stimulus_tokens": [[100, 1, 1]]},
        "'stimulus_tokens' is [[100, 1, 1]]; it must be",
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_gets_one_error_that_names_its_line(written, capsys, case):
    line, said = MALFORMED[case]

    code = main(["data", "verify", "gcog", "--samples", str(written(SAMPLE, line))])

    shown = capsys.readouterr()
    assert code == 2
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert shown.err.count("\n") == 1
    assert "some.jsonl: line 2" in shown.err
    assert said in shown.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        (b"", "holds no samples; it must have one JSON object a line"),
        (b"\xff\xfe", "cannot be read as JSON Lines, plain or gzip"),
        (gzip.compress(b"{}" * 99, mtime=0)[:20], "cannot be read as JSON Lines, plain or gzip"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_error(tmp_path, capsys, content, said):
    path = tmp_path / "some.jsonl.gz"
    if content is not None:
        path.write_bytes(content)

    code = main(["data", "verify", "gcog", "--samples", str(path)])

    shown = capsys.readouterr()
    assert code == 2
    assert shown.err.count("\n") == 1
    assert said in shown.err


def test_samples_are_checked_for_one_task_that_has_rules_for_them(written, capsys):
    codes = [
        main(["data", "verify", *names, "--samples", str(written(SAMPLE))]) for names in (["scan"], ["gcog", "scan"])
    ]

    said = capsys.readouterr().err
    assert codes == [2, 2]
    assert "scan names no 'verify_samples' on its card" in said
    assert "--samples checks one task; gcog scan names gcog, scan" in said


def in_order(sample):
    """A sample with its objects by location, and apart from it which of them are distractors."""
    things = sorted(sample["objects"], key=lambda one: one["loc"])
    flags = [one.pop("distractor") for one in things]
    return sample | {"objects": things}, flags


def lines(path):
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_reference_samples_come_back_from_import_and_export_as_they_were(reference, samples, tmp_path, capsys, ending):
    path, out = reference / "gcog" / "gcog_reference_samples.jsonl.gz", tmp_path / f"again.{ending}"

    code = main(["data", "import", "gcog", str(path), "--out", str(out)])

    assert (code, capsys.readouterr().out) == (0, f"{out}: 1,300 samples\n")
    pairs = [(in_order(one), in_order(two)) for one, two in zip(lines(out), copy.deepcopy(samples), strict=True)]
    assert [one for (one, _), _ in pairs] == [two for _, (two, _) in pairs]
    unlike = [(own, given) for (_, ours), (_, theirs) in pairs for own, given in zip(ours, theirs, strict=True)]
    assert Counter(unlike)[False, True] == 9  # what an `exist` asks for, and was there already
    assert not Counter(unlike)[True, False]


def test_imported_rows_are_those_of_the_task(written, tmp_path, capsys):
    code = main(["data", "import", "gcog", str(written(SAMPLE)), "--out", str(tmp_path / "rows.parquet")])

    (row,) = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    assert (code, capsys.readouterr().err) == (0, "")
    assert row.pop("instruction") == [8, 4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert row.pop("stimulus")[3 * 34 : 3 * 35] == [1, 4, 0]
    assert row == {
        "split": "distractor",
        "subset": "train",
        "answer": 0,
        "depth": 1,
        "distractors": 1,
        "operator": "sumodd",
        "answer_type": "boolean",
    }


@pytest.mark.parametrize("address", ["productive:", "distractor:encoding=objects,"])
def test_exported_samples_agree_with_the_rules_and_hold_what_was_asked(tmp_path, capsys, address):
    name = f"gcog/{address}tasks=40,questions=20"
    code = main(["data", "export", name, "--format", "samples", "--with-targets", "--out", str(tmp_path)])

    assert code == 0
    for path in map(Path, capsys.readouterr().out.splitlines()[:-1]):  # the last is split.json
        assert main(["data", "verify", "gcog", "--samples", str(path)]) == 0
        many = lines(path)
        assert len(many) == (40 if path.stem == "train" else 20)
        assert {one["subset"] for one in many} == {path.stem}
        counted = [sum(thing["distractor"] for thing in one["objects"]) for one in many]
        assert counted == [one["n_distractors_requested"] for one in many]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "gcog", "SAMPLE", "--out", "rows.txt"], "--out is rows.txt; it must end in .parquet, or in .jsonl"),
        (["import", "gcog", "none.jsonl", "--out", "rows.parquet"], "none.jsonl: there is no such file"),
        (["import", "gcgo", "SAMPLE", "--out", "rows.parquet"], "there is no task 'gcgo'; did you mean 'gcog'?"),
        (["import", "scan", "SAMPLE", "--out", "rows.parquet"], "scan names no 'import_samples' on its card"),
        (["export", "scan/simple", "--format", "samples", "--out", "x"], "scan names no 'export_samples' on its card"),
        (["export", "gcog/distractor", "--format", "samples", "--out", "x"], "samples hold the answers: say so with"),
    ],
)
def test_samples_that_cannot_be_read_or_written_are_refused(written, capsys, monkeypatch, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)
    path = str(written(SAMPLE))

    code = main(["data", *(path if one == "SAMPLE" else one for one in arguments)])

    shown = capsys.readouterr()
    assert code == 2
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_not_imported_and_nothing_is_written(written, capsys, tmp_path, case):
    line, said = MALFORMED[case]

    code = main(["data", "import", "gcog", str(written(SAMPLE, line)), "--out", str(tmp_path / "rows.parquet")])

    shown = capsys.readouterr()
    assert (code, shown.out) == (2, "")
    assert len(shown.err.splitlines()) == 1
    assert said in shown.err
    assert [path.name for path in tmp_path.iterdir()] == ["some.jsonl"]


def test_a_sample_that_disagrees_with_the_rules_is_not_imported(written, capsys, tmp_path):
    path = written(SAMPLE, SAMPLE | {"answer": False})

    code = main(["data", "import", "gcog", str(path), "--out", str(tmp_path / "rows.parquet")])

    assert code == 2
    assert capsys.readouterr().err == (
        f"error: {path}: line 2 disagrees with the rules: 'answer' is False, by the rules True\n"
    )
