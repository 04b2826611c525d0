"""Answers that no question of a small world can have: each is marked as wrong, or refused by name."""

import json

import pytest

HULL = "geometry/hull_10:questions=4,rows=4"
DOCUMENTS = "documents/five_languages:documents=10,questions=20"
NETWORK = "networks/new_graph:authors=24,shown=5,validation=2"
LABELS = "label_sets/operations:questions=4,rows=40"


@pytest.fixture
def scored(genbench, tmp_path):
    """Gives `scored(split, answer)`, what is said where `answer` makes the prediction of each row."""

    def scored(split, answer):
        assert genbench("data", "export", split, "--out", "data", "--format", "jsonl", "--with-targets")[0] == 0
        files = json.loads((tmp_path / "data" / "split.json").read_text())["questions"]
        rows = [
            json.loads(line)
            for name in files
            for line in (tmp_path / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        lines = [json.dumps({"question_id": row["question_id"], "prediction": answer(row)}) for row in rows]
        (tmp_path / "odd.jsonl").write_text("\n".join(lines))
        return genbench("score", "odd.jsonl", "--task", split, "--format", "json")

    return scored


@pytest.mark.parametrize(
    ("split", "answer"),
    [
        pytest.param(HULL, lambda row: [*row["answer"], row["answer"][0]], id="a point twice"),
        pytest.param(HULL, lambda _: [1, 2, 99], id="a point that is not there"),
        pytest.param(HULL, lambda _: [], id="no point"),
        pytest.param(DOCUMENTS, lambda _: [99, -1], id="topics outside the world"),
        pytest.param(DOCUMENTS, lambda _: [], id="an empty set"),
        pytest.param(NETWORK, lambda _: 9, id="a field outside the world"),
        pytest.param("household/pairs", lambda _: "walk kitchen walk study " * 2_000, id="a plan without an end"),
        pytest.param("subsets/moons:questions=4,rows=4", lambda _: [10_000], id="a place outside the set"),
        pytest.param(
            "instructions/domains_1:questions=4,rows=40", lambda _: "a a " * 2_000, id="a text without an end"
        ),
    ],
)
def test_an_answer_that_nothing_can_have_scores_nothing(scored, split, answer):
    code, said, _ = scored(split, answer)

    assert code == 0
    assert {row["value"] for row in json.loads(said)["tables"][0]["rows"]} == {0.0}


@pytest.mark.parametrize(
    ("split", "answer", "words"),
    [
        (LABELS, lambda _: [1.0, 0.0], "has a prediction of 2 numbers; the target is of type vector(16), 16 numbers"),
        (NETWORK, lambda _: "field 2", "prediction is of type string; the target is of type int64"),
        (HULL, lambda _: [0.5], "prediction is of type list<item: double>; the target is of type list<int64>"),
    ],
)
def test_an_answer_of_another_kind_is_refused(scored, split, answer, words):
    code, said, told = scored(split, answer)

    assert (code, said) == (2, "")
    assert words in told
