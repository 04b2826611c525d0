"""What the pictures of the house are drawn with: colours for light and dark paper, and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLE: Final = """
svg { --paper: #fff; --band: #f3f5f8; --ink: #1b1f24; --faint: #57606a; --box: #fff; --edge: #8c959f; --wire: #0072b2 }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --band: #161b22; --ink: #e6edf3; --faint: #9198a1; --box: #1f2630; --edge: #6e7681 }
  svg { --wire: #56b4e9 }
}
text { fill: var(--ink); font: 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif }
.faint { fill: var(--faint); font-size: 12px }
.name { font-weight: 600 }
.wire { stroke: var(--wire); fill: none; stroke-linecap: round }
.dot { fill: var(--wire) }
.box { fill: var(--box); stroke: var(--edge) }
.code { font: 12px ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace }
"""


def drawing(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    """A whole picture of its parts."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="var(--paper)"/>\n{body}\n</svg>\n'
    )
