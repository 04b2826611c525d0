"""Store the golden cells as they are now: `uv run python tests/golden/store.py [NAME ...]`.

Adds this machine's arithmetic, and cells that are new. A digest that is stored changes with the edition, or where NAME
is the task or submission whose own code was changed; only cells of these, and new ones, are run then.
"""

import json
import sys
from pathlib import Path

from genbench.edition import EDITION

sys.path.insert(0, str(Path(__file__).parent))
from golden_cells import CELLS
from golden_digests import STORED, renewed, run, stored, to_run


def main():
    unknown = set(sys.argv[1:]) - {name for golden in CELLS for name in golden.contributions}
    if unknown:
        raise SystemExit(f"no golden cell is of {', '.join(sorted(unknown))}; the names are those of cards")
    kept = stored() if STORED.exists() else None
    try:
        new = renewed(kept, run(to_run(kept, CELLS, EDITION, sys.argv[1:])), CELLS, EDITION, sys.argv[1:])
    except ValueError as fault:
        raise SystemExit(str(fault)) from None
    STORED.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(CELLS)} golden cells of edition {EDITION}, {len(new['arithmetics'])} arithmetics: {STORED}")


if __name__ == "__main__":
    main()
