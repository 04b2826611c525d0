import csv
import hashlib
import json
from collections import Counter
from itertools import pairwise
from math import sqrt

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from genbench import cards
from genbench.data import sources
from genbench.errors import SourceAbsent, SourceFault

COMPLEX = [f"addprim_complex_jump_num{2**power}_rep{draw}" for power in range(6) for draw in range(1, 6)]
FEWSHOT = [f"fewshot_num{2**power}_rep{draw}" for power in range(11) for draw in range(1, 6)]
SHARES = [f"simple_p{share}" for share in (1, 2, 4, 8, 16, 32, 64)]
MCD = ["mcd1", "mcd2", "mcd3"]
SOME = ["simple", "simple_p8", COMPLEX[7], FEWSHOT[26], "mcd2"]


@pytest.fixture(scope="module")
def scan(task_module):
    return task_module("scan")


@pytest.fixture
def at_hand(reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    return reference


@pytest.fixture
def nothing_at_hand(tmp_path, monkeypatch):
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path))
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")


@pytest.fixture
def manifest(reference):
    with (reference / "scan" / "scan_manifest.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers(reference, split, subset):
    splits = pq.read_table(reference / "scan" / "scan_splits.parquet")
    return splits.filter(pc.and_(pc.equal(splits["split"], split), pc.equal(splits["subset"], subset)))["idx"]


def test_every_published_split_is_on_the_card(scan, manifest):
    card = cards.read(scan.official.Path(scan.__file__).parent)

    assert set(card.splits) - set(scan.factors.SPLITS) == {row["split"] for row in manifest}
    assert len(scan.official.SPLITS) == 1 + len(SHARES) + len(COMPLEX) + len(FEWSHOT) + len(MCD) == 96


def test_the_pins_are_those_of_the_official_files(scan, manifest):
    pinned = dict(scan.official.source("scan").files) | dict(scan.official.source("mcd").files)

    official = {row["path"].partition(":")[0]: row["sha256"] for row in manifest}
    assert {path: digest for path, digest in pinned.items() if path != "tasks.txt"} == official


def test_paths_are_those_of_the_official_files(scan, manifest):
    official = {
        (row["split"], row["subset"]): row["path"] for row in manifest if not scan.official.is_indexed(row["split"])
    }

    assert {key: scan.official.path_of(*key) for key in official} == official


@pytest.mark.parametrize("split", SOME)
def test_rows_and_repeats_stand_in_the_official_order(scan, at_hand, split):
    commands = pq.read_table(at_hand / "scan" / "scan_commands.parquet")

    data = scan.load(split, {}, 0)

    tables = {"train": data.train, "dev": data.validation, "test": data.questions["test"]}
    for subset, table in tables.items():
        if table is not None:
            there = commands.take(numbers(at_hand, split, subset).combine_chunks())
            assert table["commands"].to_pylist() == there["command"].to_pylist(), subset
            assert table["actions"].to_pylist() == there["actions"].to_pylist(), subset


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("split", SOME)
def test_what_was_read_is_written_back_byte_for_byte(scan, split):
    official = scan.official
    data = scan.load(split, {}, 0)

    if official.is_indexed(split):
        order = {command: at for at, command in enumerate(official.table("tasks.txt")["commands"].to_pylist())}
        subsets = {"train": data.train, "validation": data.validation, "test": data.questions["test"]}
        content = official.indexed(
            {name: [order[row] for row in table["commands"].to_pylist()] for name, table in subsets.items()}
        )
        pinned = official.source("mcd").files[f"{split}.json"]
    else:
        content, pinned = official.written(data.train), official.source("scan").files[official.path_of(split, "train")]

    assert hashlib.sha256(content).hexdigest() == pinned


@pytest.mark.usefixtures("at_hand")
def test_both_layouts_are_read_alike(scan, tmp_path, monkeypatch):
    official = scan.official
    mine = {"simple": official.tables("simple"), "mcd1": official.tables("mcd1")}
    for split, subset in (("simple", "train"), ("simple", "test")):
        path = official.path_of(split, subset)
        place = tmp_path / "SCAN" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(sources.read(official.source("scan"), path))
    (tmp_path / "SCAN" / "tasks.txt").write_bytes(sources.read(official.source("scan"), "tasks.txt"))
    (tmp_path / "scan-splits").mkdir()
    (tmp_path / "scan-splits" / "mcd1.json").write_bytes(sources.read(official.source("mcd"), "mcd1.json"))

    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    assert {split: official.tables(split) for split in mine} == mine


@pytest.mark.usefixtures("at_hand")
def test_questions_carry_the_axes_of_their_command(scan):
    asked_of = {row["commands"]: row for row in scan.language().to_pylist()}

    questions = scan.load("simple_p64", {}, 0).questions["test"].to_pylist()

    assert all(row == asked_of[row["commands"]] for row in questions)


@pytest.mark.parametrize(
    ("command", "axes"),
    [
        ("jump", (1, "none", 1, "bare", "jump")),
        ("turn opposite left thrice", (6, "none", 1, "opposite", "turn")),
        ("jump twice and walk around left twice", (18, "and", 2, "bare+around", "walk+jump")),
        ("run after turn right", (2, "after", 2, "bare+turned", "run+turn")),
        ("look left after look", (3, "after", 2, "turned+bare", "look")),
    ],
)
def test_axes_are_what_a_person_would_say(scan, command, axes):
    rows = {row["commands"]: row for row in scan.language().to_pylist()}

    assert tuple(rows[command][axis] for axis in scan.AXES) == axes


@pytest.mark.usefixtures("at_hand")
def test_small_shares_are_beginnings_of_larger_ones(scan):
    built = [scan.load(split, {}, 0) for split in (*SHARES, "simple")]
    lists = [data.train["commands"].to_pylist() for data in built]

    assert all(larger[: len(smaller)] == smaller for smaller, larger in pairwise(lists))
    assert {data.train.num_rows + data.questions["test"].num_rows for data in built} == {20910}


@pytest.mark.usefixtures("at_hand")
def test_a_complex_split_repeats_jump_and_its_compositions_alike(scan):
    for split, added, copies in ((COMPLEX[0], 1, 734), (COMPLEX[14], 4, 293), (COMPLEX[29], 32, 44)):
        data = scan.load(split, {}, 0)
        often = Counter(command for command in data.train["commands"].to_pylist() if "jump" in command.split())

        assert often == dict.fromkeys(often, copies)
        assert len(often) == 1 + added
        assert not often.keys() & set(data.questions["test"]["commands"].to_pylist())


@pytest.mark.usefixtures("at_hand")
def test_a_few_shot_split_adds_looks_around_right_to_what_filler_num0_shows(scan):
    base = Counter(scan.load("filler_num0", {}, 0).train["commands"].to_pylist())
    odd = {"fewshot_num32_rep3": 31} | {f"fewshot_num64_rep{at + 1}": n for at, n in enumerate((61, 61, 63, 62, 60))}
    wanted = {split: int(split.split("_")[1][3:]) for split in FEWSHOT} | odd
    # Every split has the size that its card says, by its contract; what is added is looked at in a draw of each size.
    card = cards.read(scan.official.Path(scan.__file__).parent)

    assert {split: card.splits[split].train - base.total() for split in FEWSHOT} == wanted
    for split in dict.fromkeys([*FEWSHOT[::5], *odd]):
        added = Counter(scan.load(split, {}, 0).train["commands"].to_pylist()) - base
        assert added.total() == wanted[split]
        assert all("look around right" in command for command in added)


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("split", MCD)
def test_validation_of_an_mcd_split_is_distributed_as_its_test(scan, split):
    def shares(table):
        compounds = Counter(
            three for row in table["commands"].to_pylist() for three in zip(*offsets(row), strict=False)
        )
        return {three: count / compounds.total() for three, count in compounds.items()}

    def offsets(row):
        words = row.split()
        return words, words[1:], words[2:]

    def divergence(ours, theirs):  # Chernoff, alpha 1/2
        return 1 - sum(sqrt(share * theirs.get(three, 0)) for three, share in ours.items())

    data = scan.load(split, {}, 0)

    train, validation, test = map(shares, (data.train, data.validation, data.questions["test"]))
    assert divergence(validation, test) < 0.01
    assert divergence(validation, train) > 0.3


@pytest.mark.usefixtures("nothing_at_hand")
def test_without_its_files_a_split_says_how_to_provide_them(scan):
    with pytest.raises(SourceAbsent, match=r"holds it as SCAN/simple_split/tasks_train_simple\.txt"):
        scan.load("simple", {}, 0)


@pytest.mark.usefixtures("nothing_at_hand")
def test_rule_made_splits_need_no_files(scan):
    assert scan.load("length", {}, 0).train.num_rows == 16990


def test_a_line_of_another_form_is_refused_by_number(scan):
    with pytest.raises(SourceFault, match=r"^toy\.txt, line 2: 'walk -> I_WALK' is not of the form 'IN: commands OUT"):
        scan.official.parsed(b"IN: walk OUT: I_WALK\nwalk -> I_WALK\n", "toy.txt")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"splits": {"split": ["simple"], "subset": ["train"]}}, r"scan_splits\.parquet: no column 'idx'"),
        ({"commands": {"idx": [0], "command": ["walk"]}}, r"scan_commands\.parquet: no column 'actions'"),
        (
            {"splits": {"split": ["length"], "subset": ["train"], "idx": [0]}},
            "no rows of split 'simple', subset 'train'",
        ),
        ({}, "rebuilt from .*not the official file"),
        ({"splits": None}, r"scan_splits\.parquet: not readable as Parquet"),
    ],
)
def test_parquet_files_that_are_not_the_expected_ones_are_refused(scan, tmp_path, monkeypatch, changed, complaint):
    tables = {
        "commands": {"idx": [0], "command": ["walk"], "actions": ["I_WALK"]},
        "splits": {"split": ["simple"], "subset": ["train"], "idx": [0]},
    } | changed
    (tmp_path / "scan").mkdir()
    for name, columns in tables.items():
        place = tmp_path / "scan" / f"scan_{name}.parquet"
        if columns is None:
            place.write_bytes(b"PAR1 and then nothing")
        else:
            pq.write_table(pa.table(columns), place)
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    with pytest.raises(SourceFault, match=complaint):
        scan.load("simple", {}, 0)


def test_the_lists_of_an_indexed_split_are_written_in_the_official_form(scan):
    content = scan.official.indexed({"train": [3, 1], "validation": [0], "test": [2]})

    assert content == b'{"trainIdxs": [3, 1], "devIdxs": [0], "testIdxs": [2]}'
    assert json.loads(content)
