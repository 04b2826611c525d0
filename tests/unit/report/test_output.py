"""Where words go: standard output parses in every form but the one for people."""

import json

import pytest

from genbench.report.output import Output
from genbench.report.tables import Column, table_of

TABLE = table_of("toy", [Column("name", "text", "what it is called", "name")], [["a"]])


def test_beside_json_nothing_else_is_on_standard_output(capsys):
    output = Output("json")

    output.show(TABLE)
    for say in (output.say, output.note, output.warn, output.tell):
        say("words")

    shown = capsys.readouterr()
    assert json.loads(shown.out)["tables"][0]["rows"] == [{"name": "a"}]
    assert shown.err == "words\n" * 3


def test_a_person_reads_what_is_said_below_the_table(capsys):
    output = Output()

    output.show(TABLE)
    output.say("words")

    assert capsys.readouterr().out == "name\na\nwords\n"


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_quiet_leaves_tables_and_warnings(capsys, form):
    output = Output(form, quiet=True)

    output.show(TABLE)
    output.say("said")
    output.note("noted")
    output.warn("warned")

    shown = capsys.readouterr()
    assert "a" in shown.out
    assert "said" not in shown.out + shown.err
    assert shown.err == "warned\n"


def test_verbose_tells_more_with_the_seconds_on_standard_error(capsys):
    Output(verbose=True).tell("read 3 cells")

    assert capsys.readouterr().err.endswith(" s] read 3 cells\n")
