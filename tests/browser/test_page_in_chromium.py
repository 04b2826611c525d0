"""The page in a real browser: it fits the screen, and nothing that a row says is run."""

from __future__ import annotations

import html
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genbench.analysis.standings import Board, CurvePoint, Headline, SliceStanding, Standing
from genbench.report.page import render

CHROMIUM = Path("/usr/bin/chromium")
TEMPLATES = Path(__file__).parents[2] / "leaderboard" / "page"
FLAGS = [
    *(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ),
    *("--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--virtual-time-budget=5000"),
]
WIDTHS = (400, 820, 1280)
NAMES = [
    "mlp@decay5:share=0.5,steps=20000,weight_decay=0.0001",
    "<img src=x onerror=parent.ran=1>",
    "x" * 70,
    "crawler",
]

# Frames of the page at several widths; the browser's own window cannot be narrower than 500 px.
FRAMES = """<!doctype html><body>{frames}<script>
window.ran = 0;
addEventListener("load", () => {{
  const found = [...document.querySelectorAll("iframe")].map((frame) => {{
    const page = frame.contentDocument.documentElement;
    const drawn = [...page.querySelectorAll("table.standings tbody tr")].filter((row) => row.offsetHeight > 10);
    return {{wide: page.scrollWidth, window: page.clientWidth, rows: drawn.length}};
  }});
  document.body.innerText = JSON.stringify({{found, ran: window.ran}});
}});
</script></body>"""


def a_board():
    common = {"task": "toy", "split": "echo:corruption=0.5", "question_set": "test", "kind": "ood", "profile": "full"}
    common |= {"metric": "exact_match"}
    ends = {"mean": 0.5, "low": 0.4, "high": 0.6, "seeds": 2}
    empty = {"mean": None, "low": None, "high": None, "seeds": 0}
    standings = [
        Standing(
            **common | (empty if name == "crawler" else ends),
            submission=name,
            direction="higher",
            bounded=True,
            questions=123_456,
            chance=0.25,
            seed_values=((0, 0.4), (1, 0.6)),
            failed=(("out_of_memory", 3),) if name == "crawler" else (),
            fit_seconds=12_345.6,
            superseded=2,
            editions=2,
            ranks=None if name == "crawler" else (1, 1),
        )
        for name in NAMES
    ]
    slices = [
        SliceStanding(**common | ends, submission=name, axis=axis, slice=part, bounded=True, questions=9, chance=0.25)
        for axis, parts in (
            ("length", ("1", "20", "300000")),
            ("category", ("a", "only_seen_as_unacc_subj_as_unerg_subj", "y" * 80)),
        )
        for part in parts
        for name in NAMES[:3]
    ]
    curves = [
        CurvePoint(
            **common,
            axis="",
            slice="",
            submission=name,
            step=step,
            mean=0.5,
            least=0.4,
            most=0.6,
            seeds=2,
            fit_seconds=1.0,
        )
        for name in NAMES[:3]
        for step in (1, 100, 100_000)
    ]
    noon = datetime(2026, 8, 1, tzinfo=UTC)
    facts = {"toy/echo": Headline("exact_match", title="Toy " * 30, about="says it back " * 20)}
    return Board(
        tuple(standings), tuple(slices), tuple(curves), facts, 8, 3, 2, noon, noon, (("genbench", ("0.1.0",)),)
    )


@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium at /usr/bin/chromium")
def test_the_page_fits_every_width_and_runs_nothing(tmp_path):
    render(a_board(), tmp_path / "index.html", TEMPLATES)
    frames = "".join(
        f'<iframe src="index.html" style="border:0;width:{width}px;height:900px"></iframe>' for width in WIDTHS
    )
    (tmp_path / "frames.html").write_text(FRAMES.format(frames=frames))
    command = [
        str(CHROMIUM),
        *FLAGS,
        f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom",
        (tmp_path / "frames.html").as_uri(),
    ]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)

    body = done.stdout.partition("<body>")[2].partition("</body>")[0]
    told = json.loads(html.unescape(body))
    assert told["ran"] == 0
    for width, frame in zip(WIDTHS, told["found"], strict=True):
        assert frame["rows"] == len(NAMES)
        assert frame["wide"] <= frame["window"] <= width
