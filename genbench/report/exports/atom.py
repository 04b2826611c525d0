"""An Atom feed of new rows (RFC 4287): an entry for each submission on a split, the newest first.

An entry keeps its id when seeds come or cells are run again; what moves is `updated`, the start of its newest cell. No
clock of the build is on it, so the same rows give the same bytes.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from genbench.report.contests import notes_on, ranks_of
from genbench.report.exports.texts import short
from genbench.report.wording import count, figure, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from genbench.analysis.standings import Standing

ATOM: Final = "http://www.w3.org/2005/Atom"
NEWEST: Final = 100  # entries; whoever wants all reads leaderboard.parquet
NEVER: Final = "1970-01-01T00:00:00Z"  # when a feed without rows was last changed
Who = tuple[str, str, str, str]  # task, split, submission, profile


@dataclass(frozen=True, slots=True)
class News:
    """The rows of a submission on a split: how many, and when the first and the newest of them started."""

    who: Who
    cells: int
    first: datetime
    newest: datetime


def news(cells: Any) -> list[News]:
    """From CELLS, the newest first, at most `NEWEST`."""
    names = ["task", "split", "submission", "profile"]
    found = (
        cells.select([*names, "cell", "started"])
        .group_by(names)
        .aggregate([("cell", "count_distinct"), ("started", "min"), ("started", "max")])
        .sort_by([("started_max", "descending"), *((name, "ascending") for name in names)])
        .slice(0, NEWEST)
    )
    return [
        News(
            (row["task"], row["split"], row["submission"], row["profile"]),
            row["cell_count_distinct"],
            row["started_min"],
            row["started_max"],
        )
        for row in found.to_pylist()
    ]


def feed(found: Sequence[News], standings: Iterable[Standing], page: Callable[[str, str], str], home: str = "") -> str:
    """The feed as text. `page` gives the address of a split's page; `home` is the site's own, where it is known."""
    told: dict[Who, list[Standing]] = defaultdict(list)
    for standing in standings:
        told[standing.task, standing.split, standing.submission, standing.profile].append(standing)
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "id", home or _name("leaderboard"))
    _add(root, "title", "genbench leaderboard: new rows")
    _add(root, "updated", _moment(found[0].newest) if found else NEVER)
    _add(_add(root, "author"), "name", "genbench contributors")
    if home:
        _add(root, "link", rel="self", type="application/atom+xml", href=f"{home}feed.xml")
    _add(root, "link", rel="alternate", type="text/html", href=f"{home}index.html")
    for one in found:
        _entry(root, one, told.get(one.who, []), home + page(*one.who[:2]))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )


def _entry(root: ET.Element, one: News, own: Sequence[Standing], page: str) -> None:
    task, split, submission, profile = map(short, one.who)
    entry = _add(root, "entry")
    _add(entry, "id", _name(*one.who))
    _add(entry, "title", f"{submission} on {task}/{split}" + (" (quick)" if profile == "quick" else ""))
    _add(entry, "updated", _moment(one.newest))
    _add(entry, "published", _moment(one.first))
    _add(entry, "link", rel="alternate", type="text/html", href=page)
    _add(entry, "category", term=task)
    lines = [_told(each) for each in own] or ["nothing was graded"]
    _add(entry, "summary", "; ".join([*lines, count(one.cells, "cell")]), type="text")


def _told(one: Standing) -> str:
    """A standing in one line: what it scored, between which ends, and what to know of it."""
    ranks = f", rank {ranks_of(one.ranks)}" if one.ranks is not None else ""
    within = f" ({span(one.low, one.high, one.bounded)})" if one.low is not None else ""
    notes = "".join(f", {short(note)}" for note in notes_on(one))
    asked = f"{short(one.question_set)}: " if one.question_set else ""
    return f"{asked}{short(one.metric)} {figure(one.mean, one.bounded)}{within}{ranks}{notes}"


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    child.text = text
    return child


def _name(*who: str) -> str:
    """A name that is the same in every build, as a URN."""
    return uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(["genbench", *who])).urn


def _moment(when: datetime) -> str:
    """As RFC 3339 has it, in UTC."""
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
