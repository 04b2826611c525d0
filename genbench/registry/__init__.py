"""The registry: which cards there are, and which of them an address as typed stands for. Imports no contribution.

A plug-in package declares an entry point in the group `genbench.tasks` or `genbench.baselines`. Its value names the
folder that holds the card, as a dotted path: `my_package.tasks.rewriting` is the folder `rewriting` in the folder
`tasks` of the package. The package's folder is found without importing it.
"""

from __future__ import annotations

from genbench.registry.choosing import (
    ChosenSplit,
    ChosenSubmission,
    choose_grid,
    choose_splits,
    choose_submissions,
    default_splits,
    default_submissions,
    quick_splits,
    split_called,
    spread,
    typed_address,
)
from genbench.registry.finding import GROUPS, Catalogue, catalogue, grids, reviewed
from genbench.registry.folders import (
    FOLDERS,
    GRIDS,
    folder_hint,
    folder_of,
    home,
    page_folder,
    papers_folder,
    published_folder,
)

__all__ = [
    "FOLDERS",
    "GRIDS",
    "GROUPS",
    "Catalogue",
    "ChosenSplit",
    "ChosenSubmission",
    "catalogue",
    "choose_grid",
    "choose_splits",
    "choose_submissions",
    "default_splits",
    "default_submissions",
    "folder_hint",
    "folder_of",
    "grids",
    "home",
    "page_folder",
    "papers_folder",
    "published_folder",
    "quick_splits",
    "reviewed",
    "split_called",
    "spread",
    "typed_address",
]
