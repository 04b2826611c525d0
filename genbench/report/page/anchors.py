"""The names of places on the page, which links lead to."""

from __future__ import annotations


def anchor(task: str, split: str) -> str:
    """Where the section of a split, or of a family of splits, begins; never with a blank inside."""
    return "_".join(f"{task}/{split}".split())
