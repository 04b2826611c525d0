"""The keys that both kinds of cards have: what is wrong with them is said alike."""

import re

import pytest


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (r"^entry = .*$", 'entry = "task"', "key 'entry' is 'task'; it must be written as module:object"),
        (r"^license = .*$", "license = 2", "key 'license' is 2; it must be of type string"),
        (r"^about = .*$", "", "missing key 'about' (string)"),
        (r"^title = .*$", 'title = ""\nlibraries = "torch"', "key 'libraries' is 'torch'; it must be of type array"),
    ],
)
@pytest.mark.parametrize("kind", ["task", "submission"])
def test_a_fault_in_a_shared_key_is_said_alike_of_both_kinds(request, faults, kind, pattern, replacement, fault):
    text, times = re.subn(pattern, replacement, request.getfixturevalue(f"{kind}_text"), count=1, flags=re.MULTILINE)
    assert times == 1

    assert faults(text) == [fault]
