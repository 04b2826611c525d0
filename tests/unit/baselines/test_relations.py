"""Relations: paths by hand on a network of seven nodes, and what each length of path can and cannot know."""

import dataclasses

import numpy as np
import pytest
from datasets import Dataset

from genbench.errors import BadData, BadValue

# Authors 0, 1, 2 write papers 3, 4; paper 3 appears in venue 5, paper 4 in venue 6. Author 2 writes both.
EDGES = {
    "head": [0, 1, 2, 2, 3, 4],
    "relation": ["writes"] * 4 + ["appears_in"] * 2,
    "tail": [3, 4, 3, 4, 5, 6],
}


@pytest.fixture
def submission(baseline, context):
    def make(edges=EDGES, **given):
        told = context("relations", {"author": "int64"}, "int64", 1, given)
        return baseline("relations").Relations(
            dataclasses.replace(told, auxiliary={} if edges is None else {"edges": Dataset.from_dict(edges)})
        )

    return make


def rows(authors, labels=None):
    given = {"author": authors}
    return Dataset.from_dict(given if labels is None else {**given, "answer": labels})


def test_a_path_averages_what_stands_at_its_ends(submission):
    paths = [path.toarray() for path in submission(order=2).paths()]

    # The node itself; writes, is written by, appears in, holds; then pairs of them that lead somewhere.
    assert (paths[0] == np.eye(7)).all()
    assert paths[1][2].tolist() == [0, 0, 0, 0.5, 0.5, 0, 0]  # author 2 writes papers 3 and 4
    assert paths[2][3].tolist() == [0.5, 0, 0.5, 0, 0, 0, 0]  # paper 3 is by authors 0 and 2
    assert any(path[0].tolist() == [0, 0, 0, 0, 0, 1, 0] for path in paths[5:])  # author 0, by a paper, to venue 5
    assert any(path[2].tolist() == [0.25, 0.25, 0.5, 0, 0, 0, 0] for path in paths[5:])  # and to those it writes with
    assert len(paths) == 1 + 4 + 6  # of 16 pairs, 10 lead nowhere


def test_a_venue_tells_an_author_whose_papers_nobody_shown_wrote(submission):
    """Author 2 of another network writes in the venue of author 0 alone."""
    more = {"head": [7, 8], "relation": ["writes", "appears_in"], "tail": [8, 5]}
    edges = {name: EDGES[name] + more[name] for name in EDGES}
    answers = []
    for order in (0, 1, 2):
        one = submission(edges, order=order)
        one.fit(rows([1, 1, 0], [1, 1, 0]), None)
        answers.append(one.predict(rows([7])).tolist())

    assert answers == [[1], [1], [0]]  # without the venue, the commonest class


def test_who_wrote_a_paper_with_somebody_shown_is_known_by_order_one(submission):
    edges = {name: values + extra for (name, values), extra in zip(EDGES.items(), ([7], ["writes"], [3]), strict=True)}
    for order, wanted in ((0, 1), (1, 0)):
        one = submission(edges, order=order)
        one.fit(rows([1, 1, 0], [1, 1, 0]), None)
        assert one.predict(rows([7])).tolist() == [wanted]


def test_weights_are_those_of_ridge_regression_by_its_other_form(submission):
    one = submission(order=2, decay=0.3)
    one.fit(rows([0, 1, 2], [0, 1, 1]), None)
    given = one.rows[[0, 1, 2]].toarray()
    wanted = np.eye(2)[[0, 1, 1]] - np.array([1 / 3, 2 / 3])

    assert one.weights == pytest.approx(
        np.linalg.solve(given.T @ given + 0.3 * np.eye(given.shape[1]), given.T @ wanted), abs=1e-12
    )
    assert one.parameters == given.shape[1] * 2 + 2


@pytest.mark.parametrize(
    ("edges", "words"),
    [
        (None, "toy/toy has no auxiliary table 'edges'"),
        ({"head": [0], "relation": ["writes"]}, "the table 'edges' has no column 'tail'"),
        ({"head": [-1], "relation": ["writes"], "tail": [3]}, "must hold edges between nodes from 0 on, and some"),
    ],
)
def test_edges_that_lead_nowhere_are_named(submission, edges, words):
    with pytest.raises(BadData, match=words):
        submission(edges).fit(rows([0], [0]), None)


def test_a_node_that_no_edge_has_and_labels_below_zero_are_refused(submission):
    one = submission()
    with pytest.raises(BadData, match="column 'author' has the node 9, which no edge has"):
        one.fit(rows([0, 9], [0, 1]), None)
    with pytest.raises(BadData, match="column 'author' has the node -1, which no edge has"):
        one.fit(rows([6, -1], [0, 1]), None)
    with pytest.raises(BadData, match="must hold labels from 0 on"):
        one.fit(rows([0], [-1]), None)
    with pytest.raises(BadValue, match="order is 5; it must be 0 to 4"):
        submission(order=5)
