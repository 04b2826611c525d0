"""The four forms of a table: each holds every row, and nothing in a cell breaks out of it."""

import csv
import io
import json
import math

import pytest

from genbench.report.forms import as_csv, as_json, as_markdown, as_text
from genbench.report.tables import Column, table_of
from genbench.strangers import plain

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "a|b",
    "<b>x</b>",
    "[x](javascript:0)",
    "two\nlines",
    'a "quoted", one',
    "`x`",
    "\x1b]0;title\x07",
    "\u202egnp",
    "nul\0",
]
UNSEEN = ("\x1b", "\x07", "\u202e", "\0")


@pytest.fixture
def table():
    """Makes a table of a text and a number, which a person reads as per cent."""
    columns = (
        Column("name", "text", "what it is called", "name"),
        Column(
            "share", "number", "a share", "share", lambda row: "" if row["share"] is None else f"{row['share']:.0%}"
        ),
        Column("secret", "integer", "for scripts only"),
    )

    def made(*rows, name="toy", **more):
        return table_of(name, columns, [[*row, 7] for row in rows], **more)

    return made


def test_json_is_one_object_with_typed_columns_and_rows_by_name(table):
    told = json.loads(as_json([table(["a", 0.5], ["b", None]), table(name="empty")]))

    assert told["schema"] == 1
    first, empty = told["tables"]
    assert first["name"] == "toy"
    assert first["columns"][1] == {"name": "share", "type": "number", "about": "a share"}
    assert first["rows"] == [{"name": "a", "share": 0.5, "secret": 7}, {"name": "b", "share": None, "secret": 7}]
    assert (empty["name"], empty["rows"]) == ("empty", [])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_json_lacks_are_null(table, value):
    told = json.loads(as_json([table(["a", value])]), parse_constant=pytest.fail)

    assert told["tables"][0]["rows"][0]["share"] is None


def test_csv_has_a_header_for_each_table_and_a_blank_line_between(table):
    text = as_csv([table(["a", 0.5], ["b", None]), table(["c", 1.0])])

    assert text == "name,share,secret\na,0.5,7\nb,,7\n\nname,share,secret\nc,1.0,7\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_gives_every_text_back_but_for_an_apostrophe_before_a_formula(table, text):
    (row,) = csv.DictReader(io.StringIO(as_csv([table([text, -0.5])])))

    assert row["name"] == plain(f"'{text}" if text[0] in "=+-@" and text not in {"+1", "-1"} else text)
    assert row["share"] == "-0.5"


@pytest.mark.parametrize("text", HOSTILE)
def test_json_gives_every_text_back_and_holds_nothing_that_a_terminal_obeys(table, text):
    shown = as_json([table([text, 0.5])])

    assert json.loads(shown)["tables"][0]["rows"][0]["name"] == text
    assert not any(one in shown for one in UNSEEN)


def test_the_name_of_a_column_is_no_formula_either():
    assert as_csv([table_of("toy", [Column("=1+1", "text", "what a row calls its task")], [["a"]])]) == "'=1+1\na\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_a_cell_in_its_cell(table, text):
    lines = as_markdown([table([text, 0.5])]).splitlines()

    assert lines[:2] == ["| name | share |", "| --- | --: |"]
    assert len(lines) == 3
    assert lines[2].replace("\\|", "").count("|") == 3
    assert "<" not in lines[2]
    assert not any(one in lines[2] for one in UNSEEN)
    assert not set("[`") & set(lines[2].replace("\\[", "").replace("\\`", ""))


def test_a_pipe_gets_every_cell_whole_on_one_line(table):
    name = "x" * 300

    lines = as_text([table([name, 0.5], ["two\nlines", 1.0])]).splitlines()

    assert lines[1].split() == [name, "50%"]
    assert lines[2].split() == ["two", "lines", "100%"]


def test_a_terminal_folds_the_widest_text(table):
    lines = as_text([table(["word " * 20, 0.5])], width=40).splitlines()

    assert max(map(len, lines)) <= 40
    assert " ".join(lines[1:]).split().count("word") == 20


def test_sections_have_headings_and_leave_out_columns_that_say_nothing(table):
    text = as_text(
        [
            table(
                ["a", 0.5],
                ["b", None],
                sections=("name",),
                heading=lambda row: f"of {row['name']}",
                remarks=lambda rows: (f"{len(rows)} row",),
                optional=frozenset({"share"}),
                notes=("a note",),
            )
        ]
    )

    assert text == "of a\nname  share\na       50%\n1 row\n\nof b\nname\nb\n1 row\n\na note\n"


def test_what_a_terminal_would_obey_is_spelled(table):
    text = as_text([table(["\x1b]0;title\x07", 0.5])], coloured=False)

    assert "\x1b" not in text
    assert "\\x1b]0;title\\x07" in text


def test_colour_is_only_where_it_was_asked(table):
    strong = table(["a", 0.5], strong=lambda row: row["name"] == "a")

    assert "\x1b[1ma" in as_text([strong], coloured=True)
    assert "\x1b" not in as_text([strong])


@pytest.mark.parametrize("form", [as_text, as_markdown])
def test_where_no_column_has_a_head_all_are_shown_by_their_names(form):
    table = table_of(
        "toy", [Column("name", "text", "what it is called"), Column("count", "integer", "of it")], [["a", 3]]
    )

    text = form([table])

    assert all(word in text for word in ("name", "count", "a", "3"))


def test_a_column_that_can_be_spared_is_left_out_of_a_narrow_terminal_only(table):
    wide = table(["a", 0.5], spare=frozenset({"share"}))

    assert "share" in as_text([wide])
    assert "share" in as_text([wide], width=80)
    assert as_text([wide], width=8).split() == ["name", "a"]
