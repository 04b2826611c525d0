"""What must not be told is not: as it is, as programs write it, and in part."""

import base64
import json
import re
import urllib.parse

import pytest

from genbench.evaluation.redaction import REDACTED, Redaction

KEY = "sk-Ab/9+q?\u00e9'\"& =Zx\\7"


def standing(text, value, most=7):
    """Whether more than `most` characters of a value stand in a text."""
    return any(value[at : at + most + 1] in text for at in range(len(value) - most))


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        json.dumps({"key": KEY}),
        json.dumps(KEY, ensure_ascii=False),
        repr(KEY),
        urllib.parse.quote(KEY),
        re.sub("%..", lambda found: found.group().lower(), urllib.parse.quote(KEY, safe="")),
        urllib.parse.urlencode({"key": KEY}),
        KEY.encode().hex(),
        KEY.encode().hex().upper(),
        *(
            base64.b64encode(f"{'u' * before}{KEY}{'v' * after}".encode()).decode()
            for before in range(4)
            for after in (0, 2)
        ),
        base64.urlsafe_b64encode(f":{KEY}".encode()).decode(),
    ],
)
def test_a_value_is_found_as_programs_write_it(written):
    told = Redaction([KEY])(f"before {written} after")

    assert told.startswith("before ")
    assert told.endswith(" after")
    assert told.count(REDACTED) == 1
    assert len(told) - len(REDACTED) <= len("before  after") + 14  # what encloses the value in some of them


def test_a_part_that_was_cut_off_is_found_too():
    hide = Redaction(["0123456789abcdef"])

    assert hide("ends in 0123456789") == f"ends in {REDACTED}"
    assert hide("89abcdef begins") == f"{REDACTED} begins"
    assert hide("a 0123456 is too short a part") == "a 0123456 is too short a part"


def test_values_that_touch_are_one_and_others_stay_apart():
    assert Redaction(["abcdefgh", "wxyz"])("abcdefghwxyz, wxyz, abcdefgh") == ", ".join([REDACTED] * 3)


@pytest.mark.parametrize(("value", "told"), [("", "yes"), ("yes", "yes"), ("true", REDACTED)])
def test_a_value_below_four_characters_stands_everywhere_and_is_left(value, told):
    assert Redaction([value])(value or "yes") == told


def test_without_values_every_text_is_as_it_was():
    assert not Redaction([])
    assert Redaction([])("any") == "any"


def test_a_value_over_several_lines_is_found_in_one():
    value = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQ\n"

    assert not standing(Redaction([value])(" ".join(value.split())), "MIIEvQIBADANBg kqhkiG9w0BAQ")
