"""Answers out of logs of other programs: joined by id, held against what was asked, special tokens cut where named."""

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from genbench.authoring.elsewhere import logs
from genbench.errors import BadPredictions, BadValue, StoreFault


@pytest.fixture
def collect(echo, tmp_path):
    def collected(*paths, **more):
        counts = logs.collect(paths, echo, tmp_path / "answers.parquet", **more)
        return counts, dict(zip(*pq.read_table(tmp_path / "answers.parquet").to_pydict().values(), strict=True))

    return collected


def test_answers_end_where_a_special_token_is_named_and_are_read_in_the_targets_type(collect, log_of, asked):
    counts, answers = collect(log_of(), ends=["</s>"])

    assert counts == (100, 0)
    assert answers == asked


@pytest.mark.parametrize("form", ["json", "eval"])
def test_logs_of_inspect_are_read_in_both_their_forms_also_behind_examples(collect, asked, tmp_path, form):
    samples = [
        {
            "id": question,
            "input": f"number: -1\nagain: -1\n\nnumber: {number}\nagain:",
            "output": {"choices": [{"message": {"content": f"{number}"}}]},
        }
        for question, number in asked.items()
    ]
    path = tmp_path / f"log.{form}"
    if form == "json":
        path.write_text(json.dumps({"samples": samples}), encoding="utf-8")
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for sample in samples:
                archive.writestr(f"samples/{sample['id']}_epoch_1.json", json.dumps(sample))

    assert collect(path) == ((100, 0), asked)


def test_what_is_no_number_needs_an_answer_that_stands_for_it_and_is_counted(collect, log_of):
    log = log_of()

    with pytest.raises(BadPredictions, match=r"question 0: the answer ' [0-9]+</s>' is no int64; --unreadable says"):
        collect(log)
    counts, answers = collect(log, unreadable="-7")

    assert (counts, set(answers.values())) == ((100, 100), {-7})
    with pytest.raises(BadValue, match=r"--unreadable is 'x'; it must be of the target's type, int64"):
        collect(log, unreadable="x")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"doc": {"question_id": 100, "prompt": ""}}, "question 100 is none of echo/small"),
        ({"doc": {"question_id": 3, "prompt": ""}}, "question 3 is answered twice"),
        (
            {"doc": {"question_id": 99, "prompt": "number: -5\nagain:"}},
            "question 99 was 'number: -5\\nagain:'; in echo/small it is",
        ),
        ({"filtered_resps": [[None]]}, "question 99: what was asked and answered must be text"),
        ({"filtered_resps": []}, "this is no log of samples: IndexError"),
    ],
)
def test_a_log_of_other_questions_or_of_something_else_is_refused(collect, log_of, change, message):
    log = log_of(lambda question, sample: sample | change if question == 99 else sample)

    with pytest.raises(BadPredictions) as caught:
        collect(log, ends=["</s>"])

    assert message in str(caught.value)
    assert str(caught.value).startswith(str(log))


def test_questions_without_an_answer_and_files_that_are_no_logs_are_refused(collect, log_of, tmp_path):
    with pytest.raises(BadPredictions, match="99 of 100 questions are answered in none of these logs, the first is 1"):
        collect(log_of(questions=[0]), ends=["</s>"])
    with pytest.raises(BadPredictions, match=r"log.txt: its name must end in .jsonl"):
        collect(tmp_path / "log.txt")
    with pytest.raises(BadPredictions, match="none.jsonl: No such file"):
        collect(tmp_path / "none.jsonl")


def damaged(path):
    """An archive of which a byte of what is packed is another; its list of files is whole."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("samples/0_epoch_1.json", json.dumps({"id": 0, "input": "x" * 500, "output": "y" * 500}))
    content = bytearray(path.read_bytes())
    content[60:70] = b"\xff" * 10
    path.write_bytes(content)


def locked(path):
    """An archive that says it is encrypted."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("samples/0_epoch_1.json", "{}")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)


@pytest.mark.parametrize("spoil", [damaged, locked, lambda path: path.with_suffix(".json").write_text("[" * 100_000)])
def test_a_log_that_is_damaged_locked_or_nested_beyond_reading_is_no_log(collect, tmp_path, spoil):
    spoil(tmp_path / "log.eval")
    (log,) = tmp_path.iterdir()

    with pytest.raises(BadPredictions, match=f"{log}: this is no log of samples: "):
        collect(log)


def test_where_answers_cannot_be_written_one_error_says_it(echo, log_of, tmp_path):
    with pytest.raises(BadValue, match=r"--out is .*answers.txt; it must end in .parquet, .jsonl or .csv"):
        logs.collect([log_of()], echo, tmp_path / "answers.txt")
    with pytest.raises(StoreFault, match=r"/dev/null/answers.csv cannot be written: Not a directory"):
        logs.collect([log_of()], echo, Path("/dev/null/answers.csv"), ends=["</s>"])
