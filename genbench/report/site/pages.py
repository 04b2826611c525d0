"""What a site is made of: pages drawn by a template, and files beside them, each made only where its inputs changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from genbench.report.site.subject import Subject

Content = str | bytes


@dataclass(frozen=True, slots=True)
class Rest:
    """A page of rows for which a page has no room: its path, that page's file, all such pages, and the tables."""

    path: str
    of: str
    links: tuple[tuple[str, str], ...]
    tables: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What a page shows, by the names of its template; files beside it, by their paths below the site; and `rest`."""

    values: Mapping[str, object]
    beside: Mapping[str, Content] = field(default_factory=dict)
    rest: Sequence[Rest] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its path below the site's folder (`tasks/scan/length.html`), its title, and the template that draws it.

    `inputs` are all that it is made of, as values whose `repr` tells them apart (a dataclass, never a table of Arrow);
    while that stays the same, `make` is not called again. Pages that name the same split as `near` are made one after
    another, for they are of the same data.
    """

    path: str
    title: str
    template: str
    inputs: tuple[object, ...]
    make: Callable[[], Made]
    near: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site that no template draws: a table to download, a feed. `inputs` as those of a page."""

    path: str
    inputs: tuple[object, ...]
    make: Callable[[], Content]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: what the navigation calls it, the page it leads to, and the function that lists its pages."""

    label: str
    home: str
    pages: Callable[[Subject], Iterable[Page | File]]
