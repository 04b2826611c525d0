"""Tables beside train and columns of training only, from the card to the answers."""

import pyarrow.parquet as pq

from genbench import registry
from genbench.authoring.exports import export


def test_a_submission_has_the_tables_beside_train_and_given_columns_in_training_alone(
    evaluate, tmp_path, behind_the_wall
):
    done = evaluate(tmp_path, "looks", task="beside", executor=behind_the_wall)

    cell = done.cell("looks")
    assert cell["log"].splitlines() == [
        "tables: ['order', 'unlabelled']",
        "train: ['label', 'place', 'word'] validation: ['label', 'place', 'word']",
        "unlabelled: 20 ['word', 'place'] 1 file",
        "questions: ['word']",
    ]
    assert {row["value"] for row in done.rows("scores")} == {1.0}


def test_they_are_exported_as_files_of_their_own(tmp_path, toys):
    (chosen,) = registry.choose_splits([f"{toys}/beside"], registry.Catalogue())

    files = export(chosen, tmp_path, "parquet", with_targets=False)

    assert [file.stem for file in files] == [
        "train",
        "validation",
        "auxiliary-unlabelled",
        "auxiliary-order",
        "test",
        "split",
    ]
    assert pq.read_table(tmp_path / "train.parquet").column_names == ["word", "label", "place"]
    assert pq.read_table(tmp_path / "auxiliary-unlabelled.parquet").column_names == ["word", "place"]
    assert pq.read_table(tmp_path / "test.parquet").column_names == ["question_id", "word"]
