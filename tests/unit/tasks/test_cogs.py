import gzip
import hashlib
from collections import Counter

import pytest

from genbench.data import sources
from genbench.errors import SourceAbsent, SourceFault, UnknownName


@pytest.fixture(scope="module")
def cogs(task_module):
    return task_module("cogs")


@pytest.fixture
def at_hand(reference, monkeypatch):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    return reference


def lines(reference, name):
    content = gzip.decompress((reference / "cogs" / f"{name}.tsv.gz").read_bytes())
    return [tuple(line.split("\t")) for line in content.decode().splitlines()]


@pytest.mark.parametrize(("split", "train"), [("gen", "train"), ("gen_100", "train_100")])
def test_a_split_holds_the_official_rows_in_their_order(cogs, at_hand, split, train):
    data = cogs.load(split, {}, 0)

    for name, table in {train: data.train, "dev": data.validation, **data.questions}.items():
        there = lines(at_hand, name)
        assert table["sentence"].to_pylist() == [row[0] for row in there], name
        assert table["logical_form"].to_pylist() == [row[1] for row in there], name


def test_questions_carry_the_official_category_and_its_group(cogs, at_hand):
    questions = cogs.load("gen", {}, 0).questions

    both = Counter(zip(questions["gen"]["category"].to_pylist(), questions["gen"]["group"].to_pylist(), strict=True))
    assert questions["gen"]["category"].to_pylist() == [row[2] for row in lines(at_hand, "gen")]
    assert set(both.values()) == {1000}
    assert Counter(group for _, group in both) == {"lexical": 18, "structural": 3}
    assert {category for category, group in both if group == "structural"} == set(cogs.STRUCTURAL)
    assert set(questions["test"]["group"].to_pylist()) == {"in_distribution"}


@pytest.mark.usefixtures("at_hand")
def test_training_holds_the_primitives_and_exposures_that_the_docstring_counts(cogs):
    train, more = cogs.official("train")["category"].to_pylist(), cogs.official("train_100")["category"].to_pylist()

    kinds, many = Counter(train), Counter(more)
    assert (kinds["in_distribution"], kinds["primitive"], len(kinds)) == (24000, 143, 14)
    assert (many["in_distribution"], many["primitive"], len(many)) == (24000, 14300, 14)
    assert {kinds[kind] for kind in kinds if kind.startswith("exposure")} == {1}
    assert {many[kind] for kind in many if kind.startswith("exposure")} == {100}


def test_upstreams_own_layout_is_read_alike(cogs, at_hand, tmp_path, monkeypatch):
    packed = cogs.load("gen", {}, 0)
    for name in ("train", "dev", "test", "gen"):
        place = tmp_path / "COGS" / "data" / f"{name}.tsv"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(gzip.decompress((at_hand / "cogs" / f"{name}.tsv.gz").read_bytes()))
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    assert cogs.load("gen", {}, 0) == packed


@pytest.mark.usefixtures("at_hand")
def test_a_split_claims_each_of_its_official_files(cogs):
    claims = list(cogs.verify("gen_100", cogs.load("gen_100", {}, 0)))

    assert [claim.path for claim in claims] == [f"data/{name}.tsv" for name in ("train_100", "dev", "test", "gen")]
    assert all(hashlib.sha256(claim.content).hexdigest() == claim.source.files[claim.path] for claim in claims)


def test_an_altered_file_is_refused(cogs, at_hand, tmp_path, monkeypatch):
    content = gzip.decompress((at_hand / "cogs" / "train.tsv.gz").read_bytes())
    (tmp_path / "COGS" / "data").mkdir(parents=True)
    (tmp_path / "COGS" / "data" / "train.tsv").write_bytes(content.replace(b"rose", b"tulip", 1))
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    with pytest.raises(SourceFault, match=r"train\.tsv: not the official file(.|\n)*wanted sha256 220b3804"):
        cogs.load("gen", {}, 0)


def test_without_its_files_a_split_says_how_to_provide_them(cogs, tmp_path, monkeypatch):
    monkeypatch.delenv("GENBENCH_DATA", raising=False)
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path))

    with sources.offline(), pytest.raises(SourceAbsent, match=r"najoungkim/COGS/165a7b66(.|\n)*COGS/data/train\.tsv"):
        cogs.load("gen", {}, 0)


def test_a_split_that_is_not_there_is_refused_with_a_hint(cogs):
    with pytest.raises(UnknownName, match=r"cogs has no split 'gen100'; did you mean 'gen_100'\?$"):
        cogs.load("gen100", {}, 0)
