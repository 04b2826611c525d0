"""Which genbench this is: the release, and the edition of its arithmetic."""

from typing import Final

VERSION: Final = "0.1.0"

# The edition of what the engine and the kit make of the same card, data and seed; it is part of every cell's key. It is
# raised when a change moves an answer, a mark or a curve, with a line in CHANGELOG.md that says which and why: the
# golden cells (tests/golden) fail until that is done. A change that moves none leaves it, and published rows with it.
EDITION: Final = 1
