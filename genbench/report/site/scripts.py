"""Data as scripts: a page from a disk may load a script, and may not fetch a file, so its data call a function."""

from __future__ import annotations

import json
import math
from typing import Any

from genbench import strangers


def script(kind: str, value: object) -> str:
    """A script that hands `value` to the site's own, under the name `kind`: `genbench.give("charts", ...)`.

    Letters beyond ASCII and `<` are escaped, so that no text in it is markup wherever it is put; NaN is null.
    """
    text = json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return f"genbench.give({json.dumps(kind)},{text.replace('<', chr(92) + 'u003c')});\n"


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return strangers.plain(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {strangers.plain(str(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
