"""What `genbench seal` says, and `genbench verify` of a folder that is sealed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genbench import registry
from genbench.errors import BadValue
from genbench.report.terminal import exits

if TYPE_CHECKING:
    from genbench.report.output import Output


def seal(place: Path, key: Path | None, new_key: Path | None, output: Output) -> int:
    """Sign a results folder, with a new key where one is asked for."""
    from genbench.authoring import seal as sealing

    if (key is None) == (new_key is None):
        raise BadValue("seal takes a key: --key FILE, or --new-key FILE, which makes one")
    if new_key is not None:
        output.say(f"new key in {new_key}: keep it to yourself; whoever has it can seal in your name")
        sealing.new_key(new_key)
    made = sealing.seal(place, key or new_key or Path(), registry.catalogue())
    output.say(f"{len(made.manifest['rows'])} files in {place} sealed by {made.key}")
    return exits.OK


def differing(place: str, key: str, output: Output) -> list[str]:
    """What speaks against the seal of a folder, which is told; nothing where there is none and no key is given."""
    from genbench.authoring import seal as sealing

    root = Path(place)
    if not key and not (root / sealing.FILE).exists():
        return []
    found = list(sealing.check(root, key))
    for line in found:
        output.warn(f"differs  {sealing.FILE}: {line}")
    if not found:
        vouched = "" if key else ", which nobody vouched for here: --key says whose it must be"
        output.say(f"sealed by {sealing.read(root).key}{vouched}")
    return found
