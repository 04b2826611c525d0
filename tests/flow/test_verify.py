"""`genbench data verify`: official files against what a task builds, in one table and one exit code."""

import csv
import hashlib
import json
import shutil

import pytest

from genbench import cards
from genbench.authoring.task_contract import LEFT_OUT, check_task
from genbench.cli import main
from genbench.data import tables
from genbench.errors import BadCard

CARD = """
kind = "task"
name = "copying"
title = "Copy a letter"
entry = "task:load"
{verify}
about = "as it stands"
license = "CC0"
inputs = {{ given = "string" }}
target = {{ wanted = "string" }}
metrics = ["exact_match"]
[splits.small]
about = "two rows"
chance = 0.0
embedded = false
train = 2
fingerprint = "{fingerprint}"
questions.test = {{ kind = "id", rows = 1 }}
"""
CODE = """
from pathlib import Path
import pyarrow as pa
from genbench.data import sources
from genbench.data.sources import Claim
from genbench.data.problem import Data

def source():
    return sources.declared(Path(__file__).parent)["letters"]

def load(split, params, seed):
    letters = sources.lines(sources.read(source(), "letters.txt"), "letters.txt")
    table = pa.table({"given": letters, "wanted": letters})
    return Data(train=table.slice(0, 2), questions={"test": table.slice(2)})

def official(split, data):
    both = [*data.train["given"].to_pylist(), *data.questions["test"]["given"].to_pylist()]
    yield Claim("all", 3, "".join(f"{letter}\\n" for letter in both).encode(), source(), "letters.txt", ORDERED)
"""
LETTERS = b"a\nb\nc\n"


@pytest.fixture
def copying(tmp_path, monkeypatch):
    """Makes a task with one official file, at hand under GENBENCH_DATA; gives its folder."""
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("GENBENCH_OFFLINE", raising=False)

    def make(code=CODE, verify='verify = "task:official"', letters=LETTERS, ordered=True):
        folder = tmp_path / "copying"
        folder.mkdir()
        (tmp_path / "data").mkdir()
        if letters is not None:
            (tmp_path / "data" / "letters.txt").write_bytes(letters)
        (folder / "task.py").write_text(code.replace("ORDERED", str(ordered)))
        (folder / "sources.toml").write_text(
            f'[letters]\nurl = "http://127.0.0.1:9/{{path}}"\n[letters.sha256]\n'
            f'"letters.txt" = "{hashlib.sha256(LETTERS).hexdigest()}"\n'
        )
        import pyarrow as pa

        rows = pa.table({"given": ["a", "b", "c"], "wanted": ["a", "b", "c"]})
        digest = tables.fingerprint({"train": rows.slice(0, 2), "questions/test": rows.slice(2)})
        (folder / "card.toml").write_text(CARD.format(verify=verify, fingerprint=digest))
        return folder

    return make


@pytest.mark.parametrize(("ordered", "order"), [(True, "official"), (False, "own")])
def test_equal_files_are_said_to_be_so_with_their_digest(copying, capsys, ordered, order):
    code = main(["data", "verify", str(copying(ordered=ordered))])

    said = capsys.readouterr().out
    assert code == 0
    line = f"copying/small  all               3  {order:<8}  {hashlib.sha256(LETTERS).hexdigest()}  equal"
    assert line in said.splitlines()
    assert "1 equal, 0 differs, 0 absent" in said
    assert ("order own: " in said) is not ordered


@pytest.mark.parametrize(
    ("form", "read"),
    [
        ("json", lambda text: [list(row.values()) for row in json.loads(text)["tables"][0]["rows"]]),
        ("csv", lambda text: list(csv.reader(text.splitlines()))[1:]),
        ("markdown", lambda text: [[cell.strip() for cell in text.splitlines()[-1].split("|")[1:-1]]]),
    ],
)
def test_verdicts_are_the_same_in_every_form_and_stand_alone(copying, capsys, form, read):
    code = main(["data", "verify", str(copying()), "--format", form])

    said = capsys.readouterr()
    ((task, split, subset, rows, order, digest, test, result, detail),) = read(said.out)
    assert code == 0
    assert (task, split, subset, int(rows), order) == ("copying", "small", "all", 3, "official")
    assert (digest, test or "", result, detail) == (hashlib.sha256(LETTERS).hexdigest(), "", "equal", "")
    assert said.err == "1 equal, 0 differs, 0 absent\n"


def test_data_in_another_order_than_the_file_differ(copying, capsys):
    code = main(["data", "verify", str(copying(CODE.replace("both = [", "both = ['c', 'b', 'a']; [")))])

    said = capsys.readouterr().out
    assert code == 2
    assert f"letters.txt: official {hashlib.sha256(LETTERS).hexdigest()}" in said
    assert "0 equal, 1 differs, 0 absent" in said


def test_one_difference_among_equals_is_enough_to_fail(copying, capsys):
    wrong = """
    yield Claim("two", 2, b"a\\nb\\n", source(), "letters.txt")
"""

    code = main(["data", "verify", str(copying(CODE.rstrip() + wrong))])

    assert "1 equal, 1 differs, 0 absent" in capsys.readouterr().out
    assert code == 2


def test_an_altered_file_differs_and_both_digests_are_shown(copying, capsys):
    code = main(["data", "verify", str(copying(letters=b"a\nb\nd\n"))])

    said = capsys.readouterr().out
    assert code == 2
    assert f"wanted sha256 {hashlib.sha256(LETTERS).hexdigest()}" in said
    assert (
        f"found sha256  {hashlib.sha256(b'a' + bytes([10]) + b'b' + bytes([10]) + b'd' + bytes([10])).hexdigest()}"
        in said
    )


def test_data_that_are_not_those_of_the_card_differ(copying, capsys):
    folder = copying()
    card = folder / "card.toml"
    card.write_text(card.read_text().replace("train = 2", "train = 3"))

    code = main(["data", "verify", str(folder)])

    assert code == 2
    assert "train has 2 rows; the card declares 3" in capsys.readouterr().out


def test_files_that_are_not_at_hand_are_absent_and_comparing_nothing_is_no_success(copying, capsys):
    code = main(["data", "verify", str(copying(letters=None))])

    said = capsys.readouterr()
    assert code == 2
    assert "0 equal, 0 differs, 1 absent" in said.out
    assert "letters.txt is not at hand, and nothing may be fetched here" in said.err
    assert "--download" in said.err


def test_download_tries_the_public_home(copying, capsys):
    code = main(["data", "verify", "--download", str(copying(letters=None))])

    said = capsys.readouterr()
    assert code == 2
    assert "letters.txt is not at hand, and it could not be fetched (" in said.err
    assert "its home is http://127.0.0.1:9/letters.txt" in said.err


def test_a_task_without_official_files_says_so(copying, capsys):
    code = main(["data", "verify", str(copying(verify=""))])

    assert code == 2
    assert "copying names no 'verify' on its card: it has no official files to compare with" in capsys.readouterr().err


def test_changed_parameters_are_refused(capsys):
    code = main(["data", "verify", "modular/addition:share=0.3"])

    assert code == 2
    assert "modular/addition:share=0.3: data with changed parameters have no official files" in capsys.readouterr().err


def test_a_verify_key_of_another_form_is_a_fault_of_the_card(copying):
    folder = copying(verify='verify = "official"')

    with pytest.raises(BadCard, match="key 'verify' is 'official'; it must be written as module:object"):
        cards.read(folder)


def test_a_split_whose_files_are_not_at_hand_is_left_out_of_the_check(copying):
    findings = list(check_task(cards.read(copying(letters=None))))

    assert [finding.sentence for finding in findings if "/" in finding.subject] == [LEFT_OUT]
    assert all(finding.holds for finding in findings)


def test_a_split_whose_files_are_bad_fails_the_check(copying):
    findings = list(check_task(cards.read(copying(letters=b"x\n"))))

    assert "not the official file" in findings[-1].fault


@pytest.mark.slow
def test_every_official_file_of_scan_and_cogs_is_equal(reference, monkeypatch, capsys):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))

    codes = main(["data", "verify", "scan"]), main(["data", "verify", "cogs"])

    said = capsys.readouterr().out
    assert codes == (0, 0)
    assert "211 equal, 0 differs, 0 absent" in said  # 208 split files and 3 lists of line numbers
    assert "8 equal, 0 differs, 0 absent" in said


def test_a_folder_in_the_reference_layout_that_was_altered_differs(reference, tmp_path, monkeypatch, capsys):
    (tmp_path / "cogs").mkdir()
    for name in ("train", "dev", "test"):
        shutil.copyfile(reference / "cogs" / f"{name}.tsv.gz", tmp_path / "cogs" / f"{name}.tsv.gz")
    shutil.copyfile(reference / "cogs" / "dev.tsv.gz", tmp_path / "cogs" / "gen.tsv.gz")
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    code = main(["data", "verify", "cogs/gen"])

    assert code == 2
    assert "gen.tsv.gz: not the official file" in capsys.readouterr().out
