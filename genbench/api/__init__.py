"""The Python door: what `genbench` offers a notebook. The names are in `genbench` itself; here is what stands behind.

A file holds one of them: `listing` the cards, `loading` a split's data, `reading` the rows of results.
"""

from typing import Final

RESULTS: Final = "genbench-results"  # where results are kept where nobody says otherwise
