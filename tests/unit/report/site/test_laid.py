"""Tables of which a page has the first rows: the others are in a script, and on plain pages."""

import json
import re

from genbench.report.site.laid import laid
from genbench.report.site.table import Cell, Column, Row, Table


def a_table(name, count, letters=10):
    rows = tuple(Row(f"{name}{at}", (Cell(f"{name}{at} " + "x" * letters, head=True),)) for at in range(count))
    return Table(name, name, name, (Column("name", "name", "text"),), rows)


def named(html):
    return re.findall(r'data-name="(\w+)"', html)


def test_every_row_stands_once_on_the_page_and_its_plain_pages(outline):
    found = laid([a_table("a", 5), a_table("b", 2), a_table("c", 7)], "tasks/toy/echo.html", 3)

    first = [named(one) for one in found.tables]
    (rest,) = found.rest
    assert first == [["a0", "a1", "a2"], ["b0", "b1"], ["c0", "c1", "c2"]]
    assert [named(one) for one in rest.tables] == [["a3", "a4"], ["c3", "c4", "c5", "c6"]]
    assert (rest.path, rest.of) == ("tasks/toy/echo~1.html", "echo.html")
    assert 'href="echo~1.html"' in found.tables[0]
    assert "href" not in found.tables[1]
    (script,) = found.beside.values()
    told = json.loads(script.partition(",")[2].removesuffix(");\n"))
    assert [named("".join(rows)) for rows in told.values()] == [["a3", "a4"], ["c3", "c4", "c5", "c6"]]
    assert not any(outline(str(one)).open for one in (*found.tables, *rest.tables))


def test_plain_pages_are_of_a_bounded_weight_and_lead_to_each_other(monkeypatch):
    monkeypatch.setattr("genbench.report.site.laid.LARGEST", 1_000)
    found = laid([a_table("a", 30, 200)], "index.html", 1)

    assert [name for rest in found.rest for one in rest.tables for name in named(one)] == [
        f"a{at}" for at in range(1, 30)
    ]
    assert all(sum(map(len, rest.tables)) < 1_500 for rest in found.rest)
    assert found.rest[0].links[:2] == (("part 1", "index~1.html"), ("part 2", "index~2.html"))


def test_a_table_that_has_room_needs_nothing_beside_it():
    found = laid([a_table("a", 3)], "index.html", 3)

    assert (dict(found.beside), found.rest) == ({}, ())
