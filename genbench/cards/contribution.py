"""The keys that the cards of tasks and of submissions have alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genbench.cards.neutral import read_neutral
from genbench.cards.table import frozen

if TYPE_CHECKING:
    from genbench.cards.table import Table


def common_keys(top: Table) -> dict[str, Any]:
    """What `top` says under these keys, as arguments for the card's noun."""
    params = top.params()
    return {
        "name": top.own_name(),
        "title": top.take("title", str),
        "entry": top.entry("entry"),
        "about": top.take("about", str).strip(),
        "license": top.take("license", str),
        "source": top.take("source", str, ""),
        "paper": top.take("paper", str, ""),
        "bibtex": top.take("bibtex", str, "").strip(),
        "libraries": top.strings("libraries"),
        "params": frozen(params),
        "neutral": frozen(read_neutral(top, params)),
    }
