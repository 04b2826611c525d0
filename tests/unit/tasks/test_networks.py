"""Networks: fields by walking along edges, what both networks share, and what is refused."""

from collections import Counter

import pytest

from genbench.errors import BadValue, UnknownName

SMALL = {"authors": 120, "shown": 40, "validation": 20, "venues": 30, "fields": 3}


@pytest.fixture(scope="module")
def networks(task_module):
    return task_module("networks")


@pytest.fixture(scope="module")
def new_graph(networks):
    return networks.load("new_graph", SMALL, 0)


def leads_to(data):
    """Of each relation and node, the nodes it leads to."""
    found = {"writes": {}, "appears_in": {}}
    for edge in data.auxiliary["edges"].to_pylist():
        found[edge["relation"]].setdefault(edge["head"], []).append(edge["tail"])
    return found


def shown_and_asked(data):
    return [row for table in (data.train, data.validation, data.questions["test"]) for row in table.to_pylist()]


def test_an_authors_field_is_the_commonest_of_its_papers_venues(networks, new_graph):
    """A venue's field is read off the authors: most of those who are in it have it. The rest is walked edge by edge."""
    step = leads_to(new_graph)
    votes = {}
    for row in shown_and_asked(new_graph):
        for paper in step["writes"][row["author"]]:
            (venue,) = step["appears_in"][paper]
            votes.setdefault(venue, Counter())[row["field"]] += 1
    fields = {venue: counts.most_common(1)[0][0] for venue, counts in votes.items()}

    for row in shown_and_asked(new_graph):
        counts = Counter(fields[step["appears_in"][paper][0]] for paper in step["writes"][row["author"]])
        (first, most), *others = counts.most_common()
        assert row["field"] == first
        assert not others or others[0][1] < most
    assert Counter(fields.values()) == {0: 10, 1: 10, 2: 10}


def test_each_number_of_papers_is_as_frequent_and_no_paper_is_written_twice_by_one_author(new_graph):
    step = leads_to(new_graph)
    degrees = {row["author"]: row["degree"] for row in new_graph.questions["test"].to_pylist()}

    assert Counter(degrees.values()) == dict.fromkeys(range(1, 7), 20)
    for author, degree in degrees.items():
        assert len(step["writes"][author]) == len(set(step["writes"][author])) == degree


def test_the_networks_share_venues_and_nothing_else(new_graph):
    step = leads_to(new_graph)
    shown = {row["author"] for row in new_graph.train.to_pylist()}
    asked = {row["author"] for row in new_graph.questions["test"].to_pylist()}
    of_shown = {paper for author in shown for paper in step["writes"][author]}
    of_asked = {paper for author in asked for paper in step["writes"][author]}

    assert len(asked) == 120
    assert max(shown | of_shown) < min(asked | of_asked)
    assert {step["appears_in"][paper][0] for paper in of_shown | of_asked} <= set(range(30))


def test_in_the_same_network_all_authors_are_shown_or_asked_once(networks):
    data = networks.load("same_graph", SMALL, 0)
    authors = [row["author"] for row in shown_and_asked(data)]

    assert sorted(authors) == list(range(30, 150))
    assert (data.train.num_rows, data.validation.num_rows) == (40, 20)
    assert data.train.column_names == ["author", "field"]


def test_the_first_network_is_the_same_in_both_splits_and_another_by_another_seed(networks, new_graph):
    same = networks.load("same_graph", SMALL, 0)

    assert same.train.equals(new_graph.train)
    assert same.auxiliary["edges"].equals(new_graph.auxiliary["edges"].slice(0, same.auxiliary["edges"].num_rows))
    assert not networks.load("same_graph", SMALL, 1).train.equals(same.train)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"authors": 121}, "'authors' is 121; it must be a multiple of 6"),
        ({"authors": 6}, "'authors' is 6; it must be a whole number from 24 to 120,000"),
        ({"venues": 2}, "'venues' and 'fields' are 2 and 3; each field needs a venue"),
        ({"shown": 100}, "'shown' and 'validation' are 100 and 20; together they must be fewer than the 120 'authors'"),
        ({"fields": True}, "'fields' is True; it must be a whole number from 2 to 100"),
        ({"validation": 1.0}, "'validation' is 1.0"),
    ],
)
def test_a_parameter_that_makes_no_network_is_refused(networks, given, words):
    with pytest.raises(BadValue, match="networks: parameters? ") as told:
        networks.load("same_graph", {**SMALL, **given}, 0)
    assert words in str(told.value)


def test_a_split_that_is_not_here_is_named(networks):
    with pytest.raises(UnknownName, match="no split 'new_graphs'; did you mean 'new_graph'"):
        networks.load("new_graphs", SMALL, 0)
