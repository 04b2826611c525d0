"""docs/performance.md is what docs/performance.py makes of what it measured."""

import json
import sys
from pathlib import Path

import performance

ROOT = Path(__file__).parents[3]


def test_the_page_is_made_of_what_was_measured():
    _, line, told = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8").partition(performance.LINE)

    assert line
    assert told == performance.page(json.loads(performance.KEPT.read_text(encoding="utf-8")))


def test_a_ratio_is_the_median_of_those_of_the_rounds():
    found = {"ours": [1.0, 2.0, 10.0], "theirs": [2.0, 6.0, 10.0]}

    assert performance.times(found, "ours", "theirs") == 2.0


def test_a_command_is_told_by_its_processors_time_and_its_largest_process(tmp_path):
    held = bytearray(b"x" * (400 << 20))  # the command is not as large as what measures it
    cpu, wall, peak = performance.spent([sys.executable, "-c", "x = bytearray(80 << 20)\nsum(range(10**6))"], tmp_path)

    assert 0 < cpu < wall + 1
    assert 80 < peak < 400 <= len(held) >> 20


def test_an_unknown_section_is_refused(capsys):
    assert performance.main(["speed"]) == 2
    assert "there is no section 'speed'; there are training, decoding" in capsys.readouterr().err
