"""The modules that make the documentation, which lie in docs/ and no package."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "docs"))
