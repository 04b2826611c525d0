"""What `sources.toml` declares, and what is wrong with it."""

import hashlib

import pytest

from genbench.data import sources
from genbench.errors import BadCard


def test_all_faults_of_a_declaration_are_said_at_once(tmp_path):
    (tmp_path / sources.FILE).write_text(
        f"""
[one]
urls = "https://somewhere/{{path}}"
[one.sha256]
[two]
url = "ftp://somewhere/{{path}}"
archive = "short"
[two.sha256]
"../up.txt" = "{hashlib.sha256().hexdigest()}"
"low.txt" = "ABC"
"""
    )

    with pytest.raises(BadCard) as fault:
        sources.declared(tmp_path)

    assert fault.value.faults == (
        "missing key 'one.url'",
        "unknown key 'one.urls'; did you mean 'url'?",
        "key 'two.url' is 'ftp://somewhere/{path}'; it must begin with https:// or http://",
        "key 'two.sha256.low.txt' is 'ABC'; it must be 64 hexadecimal digits",
        "key 'two.archive' is 'short'; it must be 64 hexadecimal digits",
        "key 'two.sha256.../up.txt': a path must be relative and have no '..'",
    )


def test_a_declaration_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadCard, match=r"sources\.toml"):
        sources.declared(tmp_path)
