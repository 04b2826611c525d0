"""The documentation site, built strictly: `uv run python docs/make.py`.

Lays out the pages under build/docs, has Zensical make the site of them in build/site, and follows every link of what
was made. A page, heading, picture or name that a link or a reference misses ends it with 1, as does a file that would
be loaded from another host.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from making import links, stage

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"


def main() -> int:
    """Build the site; the exit code is 0 only where nothing is amiss."""
    config = stage.lay_out(ROOT, BUILD)
    zensical = Path(sys.executable).with_name("zensical")
    built = subprocess.run([zensical, "build", "--strict", "--clean", "-f", config], check=False, cwd=ROOT)
    if built.returncode:
        return 1
    pages, faults = links.pages(BUILD / "site"), links.faults(BUILD / "site")
    print(*faults, f"build/site: {len(pages)} pages, {len(faults)} links amiss", sep="\n")
    return 1 if faults or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
