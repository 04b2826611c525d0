"""Exit codes of the verbs: what a script learns without reading a word."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FAILED_CELLS: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
