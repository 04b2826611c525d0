"""What others measured: accuracies by class, whatever is wrong with them, and two test sets held against each other."""

import re
import shutil

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genbench.analysis import replay
from genbench.cli import main
from genbench.errors import BadData, SourceFault


def table(**other):
    given = {"model": "net", "pretraining": "web", "class": [f"c{at}" for at in range(8)]}
    return pd.DataFrame({**given, "accuracy": [at / 10 for at in range(8)], **other})


def reported(rows, **counts):
    content = pa.Table.from_pandas(rows, replay.PER_CLASS, preserve_index=False)
    return replay.Reported("t", "s", "test", content, counts, "books", "a paper")


COUNTS = {f"c{at}": 4**at for at in range(8)}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_table_is_read_in_either_form_and_per_cent_made_shares(tmp_path, form):
    path = tmp_path / f"mine.{form}"
    rows = table(accuracy=[10.0 * at for at in range(8)]).rename(
        columns={"model": "backbone", "pretraining": "pretrain"}
    )
    rows.to_csv(path, index=False) if form == "csv" else rows.to_parquet(path)

    found = replay.read(path, "percent")

    assert found.column_names == ["model", "pretraining", "class", "accuracy"]
    assert found["accuracy"].to_pylist() == pytest.approx([at / 10 for at in range(8)])


FAULTS = {
    "a column is missing": (
        table().drop(columns="class"),
        "there is no column 'class'; columns: model, pretraining, acc",
    ),
    "an accuracy is text": (table(accuracy="high"), "column 'accuracy' is of type"),
    "an accuracy is missing": (table(accuracy=[None, *[0.1] * 7]), "column 'accuracy' holds 1 nulls"),
    "an accuracy is negative": (
        table(accuracy=[-0.1, *[0.1] * 7]),
        "accuracy in row 0 is -0.1; a share is between 0 and 1",
    ),
    "one is a little above 1": (table(accuracy=[1.0000001, *[0.1] * 7]), "in row 0 is 1.0000001; a share is between"),
    "there are no rows": (table()[:0], "there are no rows"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_table_that_is_not_whole_is_said(tmp_path, what):
    rows, message = FAULTS[what]
    rows.to_parquet(tmp_path / "mine.parquet")

    with pytest.raises(SourceFault) as fault:
        replay.read(tmp_path / "mine.parquet")

    assert str(fault.value).startswith(f"{tmp_path}/mine.parquet: ")
    assert message in str(fault.value)


def test_a_file_that_is_not_there_or_no_table_is_said(tmp_path):
    (tmp_path / "mine.parquet").write_bytes(b"nothing")

    with pytest.raises(SourceFault, match="gone.csv: there is no such file"):
        replay.read(tmp_path / "gone.csv")
    with pytest.raises(SourceFault, match="mine.parquet: not readable as Parquet or CSV: "):
        replay.read(tmp_path / "mine.parquet")


def test_a_model_is_read_by_the_counts_of_its_own_corpus_or_of_the_one_that_stands_in():
    own = replay.rows(reported(table(), web=COUNTS, books=dict.fromkeys(COUNTS, 7)))
    other = replay.rows(reported(table(pretraining="secret"), web={}, books=COUNTS))

    assert set(own["corpus"].to_pylist()) == {"web"}
    assert set(other["corpus"].to_pylist()) == {"books"}
    assert own["frequency"].to_pylist() == other["frequency"].to_pylist() == list(COUNTS.values())
    assert set(own["source"].to_pylist()) == {"a paper"}


def test_the_trend_of_a_model_is_that_of_rows_measured_here():
    (found,) = replay.trends(replay.rows(reported(table(), web=COUNTS)))

    assert (found.submission, found.profile) == ("net, web", "reported")
    assert found.analysis.slope.value == pytest.approx(100 * 0.1 / 0.60206, rel=0.15)
    assert found.analysis.unseen == 0


def test_a_class_without_a_count_and_one_that_stands_twice_are_said():
    with pytest.raises(BadData, match="t: there is no count of the class 'c7' in web"):
        replay.rows(reported(table(), web=dict.fromkeys(list(COUNTS)[:7], 1)))
    twice = table(**{"class": ["c0", "c0", *[f"c{at}" for at in range(2, 8)]]})
    with pytest.raises(BadData, match="net, web: the class 'c0' stands twice"):
        list(replay.trends(replay.rows(reported(twice, web=COUNTS))))


def test_the_verb_without_the_data_at_hand_still_has_the_two_lines(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("GENBENCH_DATA", raising=False)

    code = main(["replay", "letitwag", "--out", str(tmp_path / "out")])

    said = capsys.readouterr()
    assert code == 0
    assert "left out, accuracies by class: the frequencies of the classes are not at hand" in said.err
    assert re.search(r"^below 50 % +0\.6030 +9$", said.out, re.MULTILINE)
    assert re.search(r"^above 50 % +1\.5776 +31$", said.out, re.MULTILINE)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["against_imagenet.svg"]


def test_the_published_accuracies_are_written_anew_checked_and_replayed(tmp_path, capsys, monkeypatch, reference):
    monkeypatch.setenv("GENBENCH_DATA", str(reference))
    monkeypatch.setenv("GENBENCH_OFFLINE", "1")

    code = main(["replay", "letitwag", "--out", str(tmp_path / "out")])

    rows = pq.read_table(tmp_path / "out" / "reported.parquet")
    assert code == 0
    assert rows.num_rows == 11_600
    assert len(pq.read_table(tmp_path / "out" / "trends.parquet")) == 40
    assert rows["source"][0].as_py().endswith("/let_it_wag_datasets/evaluations/let_it_wag_ensemble_results.json")


def test_altered_accuracies_are_not_the_published_file(tmp_path, capsys, monkeypatch, reference):
    shutil.copytree(reference / "let_it_wag", tmp_path / "let_it_wag")
    path = tmp_path / "let_it_wag" / "model_results.parquet"
    path.chmod(0o644)
    rows = pd.read_parquet(path)
    rows.loc[5, "accuracy"] += 0.1
    rows.to_parquet(path)
    monkeypatch.setenv("GENBENCH_DATA", str(tmp_path))

    assert main(["replay", "letitwag", "--out", str(tmp_path / "out")]) == 2

    assert "not the official file" in capsys.readouterr().err


def test_a_table_of_ones_own_goes_with_its_source(tmp_path, capsys):
    table().to_csv(tmp_path / "mine.csv", index=False)

    assert main(["replay", "letitwag", "--table", str(tmp_path / "mine.csv")]) == 2

    assert capsys.readouterr().err == "error: --table goes with --source, which says where its accuracies were read\n"


def test_the_unit_of_a_table_is_said_and_never_guessed(tmp_path, capsys, monkeypatch):
    read = []
    monkeypatch.setattr("genbench.cards.entries.load_entry", lambda *_: lambda at: read.append(replay.read(at)) or None)
    monkeypatch.setattr("genbench.report.terminal.replay.replace", lambda *_, **__: reported(table(), web=COUNTS))
    percent = table(accuracy=[at / 10 for at in range(8)])  # of a model that is hardly ever right
    percent.to_csv(tmp_path / "mine.csv", index=False)
    command = ["replay", "letitwag", "--table", str(tmp_path / "mine.csv"), "--source", "a paper", "--out"]

    assert main([*command, str(tmp_path / "out")]) == 2
    assert "--table goes with --unit, which says what its accuracies are in: share" in capsys.readouterr().err
    monkeypatch.setattr(replay, "rows", lambda _: replay.to_table([], replay.REPORTED))
    main([*command, str(tmp_path / "out"), "--unit", "percent"])
    assert read[0]["accuracy"].to_pylist() == pytest.approx([at / 1000 for at in range(8)])


def test_a_task_of_which_nothing_was_reported_is_said(capsys):
    assert main(["replay", "modular"]) == 2
    assert main(["replay", "letitwug"]) == 2

    said = capsys.readouterr().err
    assert "modular names no 'reported' on its card: nothing is known of published models" in said
    assert "there is no task 'letitwug'; did you mean 'letitwag'?" in said
