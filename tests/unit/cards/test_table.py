"""A table of TOML: what is no TOML, and a fault as one line."""

import pytest


def test_a_single_fault_is_one_line(task_text, changed, faults):
    assert faults(changed(task_text, ("rows = 5", "rows = true"))) == [
        "key 'splits.length.questions.test.rows' is True; it must be of type integer"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kind = ", "not readable as TOML: Invalid value"),
        ("\x00", "not readable as TOML: "),
        ("a = " + "[" * 5000 + "]" * 5000, "not readable as TOML: "),
        ("a = " + "1" * 5000, "not readable as TOML: "),
    ],
)
def test_a_card_that_is_no_toml_says_so(faults, text, fault):
    assert faults(text)[0].startswith(fault)
