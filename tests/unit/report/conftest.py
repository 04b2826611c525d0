"""Standings as a board has them, the page drawn of them, and its elements."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from genbench.analysis.standings import Board, CurvePoint, Headline, SliceStanding, Standing
from genbench.report import site

TEMPLATES = Path(__file__).parents[3] / "leaderboard" / "page"
VOID = {"meta", "link", "br", "img", "hr", "wbr", "input"}
DRAWING = {"line", "rect", "circle", "path", "polyline", "use"}


class Outline(HTMLParser):
    """Elements in order with their attributes, all text, and tags that were not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID | DRAWING:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID | DRAWING:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def _a_standing(submission="mlp", **changed):
    standing = {
        "task": "toy",
        "split": "echo",
        "question_set": "test",
        "kind": "ood",
        "submission": submission,
        "profile": "full",
        "metric": "exact_match",
        "direction": "higher",
        "bounded": True,
        "mean": 0.8125,
        "low": 0.75,
        "high": 0.875,
        "seeds": 2,
        "questions": 1234,
        "chance": 0.25,
        "seed_values": ((0, 0.8), (1, 0.825)),
        "failed": (),
        "fit_seconds": 12.34,
        "superseded": 0,
        "editions": 1,
        "ranks": (1, 1),
        "unranked": "",
    }
    return Standing(**standing | changed)


def _a_slice(part, submission="mlp", axis="length", **changed):
    one = _a_standing(submission)
    shared = (
        "task",
        "split",
        "question_set",
        "kind",
        "profile",
        "metric",
        "bounded",
        "mean",
        "low",
        "high",
        "seeds",
        "chance",
    )
    values = {name: getattr(one, name) for name in shared} | {"submission": submission, "axis": axis, "slice": part}
    return SliceStanding(**values | {"questions": 100} | changed)


def _a_point(step, **changed):
    shared = ("task", "split", "question_set", "kind", "submission", "profile", "metric")
    point = {name: getattr(_a_standing(), name) for name in shared} | {"axis": "", "slice": "", "step": step}
    point |= {"mean": 0.5, "least": 0.4, "most": 0.6, "seeds": 2, "fit_seconds": 1.0}
    return CurvePoint(**point | changed)


def _a_board(*standings, slices=(), curves=(), **changed):
    noon = datetime(2026, 8, 1, 12, tzinfo=UTC)
    board = {
        "standings": standings,
        "slices": tuple(slices),
        "curves": tuple(curves),
        "headlines": {"toy/echo": Headline("exact_match", title="Toy: say it again", about="says the word back")},
        "cells": 4,
        "failed": 1,
        "superseded": 0,
        "first": noon,
        "last": noon,
        "versions": (("genbench", ("0.1.0",)),),
    }
    return Board(**board | changed)


@pytest.fixture
def a_standing():
    """Makes a standing, with what is changed of it."""
    return _a_standing


@pytest.fixture
def a_slice():
    """Makes the standing of a slice, with what is changed of it."""
    return _a_slice


@pytest.fixture
def a_point():
    """Makes a point of a learning curve, with what is changed of it."""
    return _a_point


@pytest.fixture
def a_board():
    """Makes a board of standings, with what is changed of it."""
    return _a_board


@pytest.fixture
def a_grid():
    """Makes standings on settings of one split, a row for each noise and a column for each size of a batch."""

    def made(rows=(0.9, 0.05, 0.35), columns=(8, 64, 256), **changed):
        return [
            _a_standing(**{"split": f"sums:noise={up},batch={across}", "mean": up / 2 + across / 1000} | changed)
            for up in rows
            for across in columns
        ]

    return made


@pytest.fixture
def pages(tmp_path):
    """Writes the site of a board, with what is known beside it, and gives the texts of its pages by their paths."""

    def written(board, **beside):
        about = site.subject(board, None, **beside)
        out = site.write(about, tmp_path / "new", TEMPLATES, site.KINDS).parent
        return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in out.rglob("*.html")}

    return written


@pytest.fixture
def draw(pages):
    """Writes the site of a board, and gives the text of all its pages."""

    def drawn(board, **beside):
        return "\n".join(pages(board, **beside).values())

    return drawn


@pytest.fixture
def outline():
    """Reads a page into its elements."""
    return Outline


@pytest.fixture
def full():
    """A board with ranks, a failure, slices of numbers and of names, and a curve."""
    return _a_board(
        _a_standing("mlp"),
        _a_standing("knn", mean=0.5, low=0.4, high=0.6, ranks=(2, 2), seeds=1, seed_values=((0, 0.5),)),
        _a_standing(
            "crawler",
            mean=None,
            low=None,
            high=None,
            ranks=None,
            seeds=0,
            seed_values=(),
            questions=0,
            failed=(("timeout", 3),),
        ),
        slices=[
            _a_slice("1"),
            _a_slice("2"),
            _a_slice("10"),
            _a_slice("plain", axis="form"),
            _a_slice("round_about", axis="form"),
        ],
        curves=[_a_point(10), _a_point(1000, mean=0.9, least=0.8, most=1.0)],
    )
