"""Networks: the field of an author, which only its papers' venues tell; in the network seen, and in another one.

An analogue of what LATTE is for (Tran & Gao 2020, arXiv:2009.08072): a network of several kinds of nodes and relations,
in which what is asked of a node lies two relations away. The paper's own networks are of papers, films and actors; none
is here, and no figure of the paper stands beside these rows.

There are authors, papers and venues. `writes` leads from an author to each of its papers, `appears_in` from a paper to
its venue. Each venue has a field, which nothing says but the authors: an author's field is the commonest one among the
venues of its papers, and ties are drawn again. Edges of the whole network lie beside train as the auxiliary table
`edges`, for authors that are asked about as well, whose fields are not said (the paper calls this transductive). A node
is a number, and no two nodes have the same: venues come first, then the authors and papers of each network.

`same_graph` asks about authors of the network whose other authors are shown. `new_graph` asks about authors of a second
network, with papers and authors of its own and the venues of the first; its edges are in the table as well, and none
of its authors is shown (the paper calls this inductive).

An example that a person can check: author 63 writes papers 1912, 2040 and 2041; the first two appear in venues 5 and 8,
both of field 2, and the last in venue 1, of field 0. The author's field is 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jaxtyping import Int

    from genbench import Value

SPLITS = ("same_graph", "new_graph")
FEWEST, MOST = 1, 6  # papers of an author; each number is as frequent as another
PAPERS_PER_AUTHOR = 3  # so that most papers have one author, and some several
AT_HOME = 0.7  # the share of an author's papers that are drawn from venues of one field
# What a parameter may be. A venue a field and two at least, or the commonest field is always that of all.
LIMITS = {
    "authors": (24, 120_000),
    "shown": (1, 120_000),
    "validation": (0, 120_000),
    "venues": (2, 100_000),
    "fields": (2, 100),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `author` and `field`, from 0 on; questions carry `degree`, how many papers the author has.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range, for fewer venues
    than fields, and for more authors shown than there are.
    """
    if split not in SPLITS:
        raise UnknownName(f"networks has no split {split!r}{nearest(split, SPLITS)}")
    counts = {name: _whole(params, name) for name in LIMITS}
    authors, shown, validation = (counts[name] for name in ("authors", "shown", "validation"))
    if authors % (MOST - FEWEST + 1):
        raise BadValue(
            f"networks: parameter 'authors' is {authors}; it must be a multiple of {MOST - FEWEST + 1}, so that each "
            f"number of papers from {FEWEST} to {MOST} is as frequent as another"
        )
    if counts["venues"] < counts["fields"]:
        raise BadValue(
            f"networks: parameters 'venues' and 'fields' are {counts['venues']} and {counts['fields']}; each field "
            "needs a venue"
        )
    if shown + validation >= authors:
        raise BadValue(
            f"networks: parameters 'shown' and 'validation' are {shown} and {validation}; together they must be fewer "
            f"than the {authors} 'authors', of which the rest is asked"
        )
    draw = np.random.default_rng(seeds.derive("networks", "venues", seed))
    fields = draw.permutation(np.arange(counts["venues"]) % counts["fields"])  # of each venue

    draw = np.random.default_rng(seeds.derive("networks", "first", seed))
    edges, rows = network(authors, len(fields), fields, draw)
    rows = rows.take(np.random.default_rng(seeds.derive("networks", "order", seed)).permutation(authors))
    asked = rows.slice(shown + validation)
    if split == "new_graph":
        draw = np.random.default_rng(seeds.derive("networks", "second", seed))
        more, asked = network(authors, len(fields) + authors + papers_of(authors), fields, draw)
        edges = pa.concat_tables([edges, more])
    return Data(
        train=rows.slice(0, shown).drop_columns("degree"),
        validation=rows.slice(shown, validation).drop_columns("degree"),
        questions={"test": asked},
        auxiliary={"edges": edges},
        classes=tuple(f"field {number}" for number in range(counts["fields"])),
    )


def papers_of(authors: int) -> int:
    """The papers of a network."""
    return PAPERS_PER_AUTHOR * authors


def network(
    authors: int, first: int, fields: Int[np.ndarray, " venue"], draw: np.random.Generator
) -> tuple[pa.Table, pa.Table]:
    """The edges of a network, and a row of each author: `author`, `field` and `degree`, the number of its papers.

    Authors are the nodes from `first` on, then papers; venues are the first nodes of all, and their fields are given.
    """
    papers = papers_of(authors)
    venue = draw.integers(0, len(fields), papers)
    of_field = [np.flatnonzero(fields[venue] == field) for field in range(fields.max() + 1)]
    degrees = draw.permutation(np.arange(authors) % (MOST - FEWEST + 1) + FEWEST)
    told, written = np.empty(authors, np.int64), []
    for author, degree in enumerate(degrees):
        told[author], own = _author(int(degree), papers, of_field, fields[venue], draw)
        written.append(own)
    nodes = first + np.arange(authors + papers)
    writes = _edges(np.repeat(nodes[:authors], degrees), "writes", nodes[authors + np.concatenate(written)])
    appears = _edges(nodes[authors:], "appears_in", venue)
    rows = pa.table({"author": pa.array(nodes[:authors]), "field": pa.array(told), "degree": pa.array(degrees)})
    return pa.concat_tables([writes, appears]), rows


def _author(
    degree: int,
    papers: int,
    of_field: list[Int[np.ndarray, " paper"]],
    field_of: Int[np.ndarray, " paper"],
    draw: np.random.Generator,
) -> tuple[int, Int[np.ndarray, " paper"]]:
    """An author's field and its papers, none twice: drawn until one field is commonest."""
    while True:
        home = of_field[draw.integers(len(of_field))]
        others = draw.integers(0, papers, degree)
        own = np.where(draw.random(degree) < AT_HOME, draw.choice(home, degree), others) if len(home) else others
        counts = np.sort(np.bincount(field_of[own], minlength=len(of_field)))
        if len(set(own.tolist())) == degree and counts[-1] > counts[-2]:
            return int(np.bincount(field_of[own], minlength=len(of_field)).argmax()), own


def _edges(head: Int[np.ndarray, " edge"], relation: str, tail: Int[np.ndarray, " edge"]) -> pa.Table:
    return pa.table(
        {
            "head": pa.array(head.astype(np.int64)),
            "relation": pa.array([relation] * len(head)),
            "tail": pa.array(tail.astype(np.int64)),
        }
    )


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(f"networks: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most:,}")
    return value
