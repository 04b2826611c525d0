"""The leaderboard for other readers: each file holds every row, and no text in it is obeyed, whoever reads."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from genbench.report import exports
from genbench.report.exports.texts import MOST
from genbench.report.site.places import slug

ATOM = "{http://www.w3.org/2005/Atom}"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
HOSTILE = {
    "markup": "<script>alert(1)</script>&amp;",
    "escape": "red\x1b[31m\x9b2J",
    "turned": "abc\u202egnp.exe\u2066",
    "nul": "nul\0byte",
    "formula": '=HYPERLINK("http://x")',
    "latex": r"\input{/etc/passwd} 50% $x_1^2$ ~#&",
    "optional": "[2cm] *",
    "markdown": "a|b `c` [d](javascript:0) \\| \\",
    "lines": "two\n\nlines\r\nand\u2028more",
    "long": "x" * 100_000,
    "long, another end": "x" * 99_999 + "y",
    "surrogate": "half \ud800 a pair",
    "bibtex": "@article{x,} } {",
    "xml": "]]> <!-- <?xml \ufffe",
    "negative": "-0.5",
}
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufffe]")
FILES = [f"leaderboard.{ending}" for ending in ("csv", "json", "parquet", "md", "tex", "bib")] + ["feed.xml"]


def of_cells(standings):
    """CELLS as far as a feed reads them, a minute between two."""
    columns = {name: [getattr(one, name) for one in standings] for name in ("task", "split", "submission", "profile")}
    columns |= {"cell": [f"{number:04}" for number in range(len(standings))]}
    columns |= {"started": [NOON + timedelta(minutes=number) for number in range(len(standings))]}
    return pa.table({name: [_encodable(value) for value in values] for name, values in columns.items()})


def _encodable(value):
    """A text as a row can have it: Arrow keeps no half of a pair."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


@pytest.fixture
def write(tmp_path):
    """Writes the exports of a board; gives the folder and the names of what changed."""

    def written(board, cards=(), home=""):
        cells = of_cells(board.standings)
        return tmp_path, exports.write(
            board, cells, cards, {}, tmp_path, lambda task, split: f"{task}-{split}.html", home
        )

    return written


@pytest.fixture
def hostile(a_board, a_standing, write):
    """The folder of exports whose names, question sets and notes are hostile."""
    rows = [
        a_standing(text, mean=-0.5, question_set=text, kind="ood", unranked=text, provisional=True, ranks=None)
        for text in HOSTILE.values()
    ]
    card = SimpleNamespace(name="toy", folder=SimpleNamespace(name="toy"), bibtex="@misc{x, note={\u202e\x1b[0m}}")
    return write(a_board(*rows), [card])[0]


@pytest.mark.parametrize("name", FILES)
def test_no_text_of_a_row_is_obeyed_or_endless_in_any_file(hostile, name):
    content = (hostile / name).read_bytes()

    texts = READERS[name.rpartition(".")[2]](content)

    assert texts if name != "leaderboard.bib" else "toy" not in texts
    for text in texts:
        assert not OBEYED.search(text)
        assert len(text) <= MOST * 3


def _csv(content):
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    names = {row["submission"] for row in rows}
    assert [one for one in names if one.startswith(("=", "+", "@"))] == []
    assert {"'" + HOSTILE["formula"], "-0.5"} <= names
    assert {row["mean"] for row in rows} == {"-0.5"}
    assert len(names) == len(HOSTILE)
    return [value for row in rows for value in row.values()]


def _json(content):
    assert not OBEYED.search(content.decode())
    tables = {table["name"]: table for table in json.loads(content)["tables"]}
    rows = tables["standings"]["rows"]
    assert len({row["submission"] for row in rows}) == len(HOSTILE)
    return [value for row in rows for value in row.values() if isinstance(value, str)]


def _parquet(content):
    table = pq.read_table(io.BytesIO(content))
    assert len(set(table["submission"].to_pylist())) == len(HOSTILE)
    assert table.schema.field("mean").metadata[b"about"]
    return [value for row in table.to_pylist() for value in row.values() if isinstance(value, str)]


def _markdown(content):
    lines = content.decode().split("\n")
    whole = re.sub(r"\\[\\|]", "", content.decode())
    heads = [number for number, line in enumerate(whole.split("\n")) if line.startswith("| --- ") or "--: |" in line]
    assert len(heads) >= len(HOSTILE)
    rows = [line for line in whole.split("\n") if line.startswith("|")]
    assert len({line.count("|") for line in rows}) <= 8  # as many as there are kinds of tables, none torn
    assert "<script" not in whole
    return lines


def _latex(content):
    text = content.decode()
    bare = re.sub(r"\\[&%$#_{}]", "", text)
    assert "\\input" not in bare
    assert "$" not in bare
    assert "%" not in bare.removeprefix("% ")
    for tabular in re.findall(r"\\begin\{tabular\}\{(\w+)\}(.*?)\\end\{tabular\}", bare, re.DOTALL):
        lines = [line for line in tabular[1].splitlines() if line.endswith(r"\\") and "multicolumn" not in line]
        assert {line.count("&") for line in lines} == {len(tabular[0]) - 1}
        assert not any(line.lstrip().startswith(("[", "*")) for line in lines)
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
    return text.split("\n")


def _bib(content):
    return [content.decode()]


def _xml(content):
    root = ET.fromstring(content)  # noqa: S314  it was written just now
    assert len(root.findall(f"{ATOM}entry")) == len(HOSTILE)
    return [one.text or "" for one in root.iter()]


READERS = {"csv": _csv, "json": _json, "parquet": _parquet, "md": _markdown, "tex": _latex, "bib": _bib, "xml": _xml}


def test_tables_hold_every_row_and_the_paper_marks_what_is_sure(write, a_board, a_standing):
    first = a_standing("mlp", ranks=(1, 2))
    tied = a_standing("knn", ranks=(1, 2), mean=0.8)
    unsure = a_standing("gru", ranks=None, unranked="seed 0 of 0 to 2", provisional=True, mean=0.7)

    folder, changed = write(a_board(first, tied, unsure))

    assert {*FILES, "overall.csv", "overall.parquet", "preview.png", "preview-toy.png"} == set(changed)
    text = (folder / "leaderboard.tex").read_text()
    assert r"\textbf{1--2} & \textbf{mlp} & \textbf{0.812}" in text
    assert r"\textbf{1--2} & \textbf{knn}" in text
    assert r"-- & gru\textsuperscript{\dag,a} & 0.700" in text
    assert r"\noindent \textsuperscript{a} provisional: seed 0 of 0 to 2\par" in text
    rows = list(csv.DictReader(io.StringIO((folder / "leaderboard.csv").read_text())))
    assert [(row["submission"], row["provisional"]) for row in rows if row["rank"] == ""] == [("gru", "true")]


def test_the_same_rows_give_the_same_bytes_and_touch_nothing(write, a_board, a_standing):
    board = a_board(a_standing("mlp"))
    folder, _ = write(board)
    before = {path: path.read_bytes() for path in folder.iterdir()}

    _, changed = write(board)

    assert changed == []
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_bibliography_has_what_has_rows_and_no_more(write, a_board, a_standing):
    named = {name: f"@misc{{{name}2020,\n title = {{{name}}}}}" for name in ("toy", "mlp", "lstm")}
    cards = [SimpleNamespace(name=name, folder=SimpleNamespace(name=name), bibtex=own) for name, own in named.items()]

    folder, _ = write(a_board(a_standing("mlp@wide:hidden=3")), cards)

    text = (folder / "leaderboard.bib").read_text()
    assert re.findall(r"@\w+\{(\w+),", text) == ["genbench", "toy2020", "mlp2020"]


def test_pictures_are_of_the_size_that_is_shared(write, a_board, a_standing):
    folder, _ = write(a_board(a_standing("mlp"), a_standing("x", mean=None, task="../a b"), a_standing("漢字" * 50)))

    sizes = {}
    for path in folder.glob("*.png"):
        with Image.open(path) as picture:
            sizes[path.name] = picture.size

    assert sizes == dict.fromkeys(["preview.png", "preview-toy.png", f"preview-{slug('../a b')}.png"], (1200, 630))
    assert max(path.stat().st_size for path in folder.glob("*.png")) < 60_000


@pytest.mark.parametrize(("names", "rows"), [(["mlp", "knn"], 2), (["mlp"], 0)])
def test_all_splits_together_are_a_file_of_their_own_also_where_there_is_nothing_to_compare(
    a_board, a_standing, write, names, rows
):
    folder, changed = write(a_board(*(a_standing(name, chance=0.2, ranks=None) for name in names)))

    read = list(csv.DictReader(io.StringIO((folder / "overall.csv").read_text())))

    assert {"overall.csv", "overall.parquet"} <= set(changed)
    assert {row["submission"] for row in read} == set(names[:rows])
    assert pq.read_table(folder / "overall.parquet").num_rows == rows
