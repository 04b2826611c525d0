"""A number's life: the cells behind each figure, what repeats them, and that the links lead there."""

import csv
import io
import re
from dataclasses import replace

from genbench.authoring import seal
from genbench.registry import Catalogue
from genbench.report.site import provenance as lives
from genbench.report.site.lives import command
from genbench.report.site.provenance import life_links, life_path, provenance, who_of
from genbench.rows.store import Store

FAILED = {"mean": None, "low": None, "high": None, "ranks": None, "seeds": 0, "seed_values": ()}


def text_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_figure_leads_to_its_cells_and_to_the_command_that_repeats_them(about, written, a_standing):
    page = written(provenance, about(a_standing("mlp@wide")))["provenance/toy/echo.html"]

    told = text_of(page)
    assert '<tbody id="mlp@wide">' in page
    assert "genbench evaluate mlp@wide --task toy/echo --profile full --seeds 2" in told
    assert "code sha256:ffffffffffffffff, hidden=64" in told
    assert re.search(r"0 0\.800 0{24} 2026-08-01 12:00 1 1 1 0\.825 0{23}1 2026-08-01 12:01 1 1", told)
    for words in (
        "data sha256:dddddddddddddddd",
        "parameters of the task p=7",
        "edition 1",
        "python 3.11.7, torch 2.15.0",
        "machine AMD EPYC, 2 cores, 16.0 GiB, Linux",
        "wall process",
    ):
        assert words in told


def test_who_repeats_cells_of_a_secret_draw_is_told_to_bring_the_secret():
    typed = [command("mlp", f"toy/echo:{given}", "full", 2) for given in ("p=7,salt=x3f9a", "unsalted=1")]

    assert [one.endswith("--seeds 2 --executor sandbox --salt FILE") for one in typed] == [True, False]


def test_a_page_says_whether_its_rows_are_sealed_and_by_which_key(about, written, a_standing, tmp_path):
    rows, key = tmp_path / "rows", tmp_path / "key"
    Store(str(rows)).append("toy", "mlp", "0" * 24, {"cells": [], "scores": []})
    public = seal.new_key(key)

    def said():
        page = written(provenance, replace(about(a_standing("mlp")), results=(str(rows),)))["provenance/toy/echo.html"]
        return text_of(re.search(r'<p class="about seal">.*?</p>', page, re.DOTALL).group())

    assert said() == f"{rows} is not sealed."
    seal.seal(rows, key, Catalogue())
    assert re.fullmatch(
        rf"{rows} was sealed on [\d-]{{10}} by the key {re.escape(public)}, and 2 files are as signed\.", said()
    )
    next(rows.rglob("*.parquet")).write_bytes(b"forged")
    assert "is not as its seal has it: changed: " in said()


def test_cells_that_failed_say_why_and_other_code_and_machines_are_told_apart(about, written, a_standing, cells):
    rows = [a_standing("mlp"), a_standing("crawler", failed=(("timeout", 1),), **FAILED)]
    table = cells(*rows, crawler={"machine": '{"processor": "Xeon"}', "lineage": '[{"cell": "old"}]'}).to_pylist()
    table[1]["submission_params"] = '{"hidden": 65}'

    page = text_of(
        written(provenance, about(*rows, cells=cells(*rows).from_pylist(table, cells(*rows).schema)))[
            "provenance/toy/echo.html"
        ]
    )

    assert "timeout: it went wrong" in page
    assert "1 cell carried over from code that gave the same answers" in page
    assert re.search(r"a: code sha256:f+, hidden=64 · b: code sha256:f+, hidden=65", page)
    assert "machine Xeon" in page


def test_every_standing_has_a_place_that_is_there_also_in_parts(about, written, a_standing, monkeypatch):
    monkeypatch.setattr(lives, "MOST", 2)
    rows = [
        a_standing("mlp"),
        a_standing("mlp", profile="quick"),
        a_standing("mlp:hidden=3", split="echo:p=7"),
        a_standing("mlp@a b", split="echo:p=7"),
        a_standing('"><script>', split="../echo"),
    ]

    files = written(provenance, about(*rows))

    links = life_links(rows)
    assert len(set(links.values())) == len(rows)
    for one in rows:
        path, _, anchor = links[who_of(one)].partition("#")
        assert f'id="{anchor}"' in files[path]
    assert {life_path("toy", "echo"), life_path("toy", "echo", 1)} <= files.keys()
    assert "<script>" not in "".join(text for path, text in files.items() if path.endswith(".html")).replace(
        '<script src="', ""
    )
    assert not any(".." in path for path in files)


def test_the_table_of_a_split_lies_beside_as_csv(about, written, a_standing):
    files = written(provenance, about(a_standing("=mlp"), a_standing("knn", mean=-0.5)))

    rows = list(csv.DictReader(io.StringIO(files["provenance/toy/echo.csv"])))
    assert [(row["submission"], row["mean"]) for row in rows] == [("'=mlp", "0.8125"), ("knn", "-0.5")]
    assert 'href="../../provenance/toy/echo.csv"' in files["provenance/toy/echo.html"]


def test_columns_that_hold_no_json_are_no_fault_of_the_page(about, written, a_standing, cells):
    columns = ["machine", "versions", "submission_params", "task_params"]
    texts = ["", "[]", "{", "3", '{"cores": "<i>", "memory_bytes": "x"}', "[" * 100_000]
    changed = {f"m{number}": dict.fromkeys(columns, text) for number, text in enumerate(texts)}
    rows = [a_standing(name) for name in changed]

    page = written(provenance, about(*rows, cells=cells(*rows, **changed)))["provenance/toy/echo.html"]

    assert page.count("<tbody id=") == len(texts)
    assert "<i>" not in page
