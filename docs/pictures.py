"""Take the README's pictures of the site: `uv run python docs/pictures.py`, where Debian's Chromium is installed.

The site is that of leaderboard/results; docs/page.png is its first page, docs/page_split.png a split, and
docs/page_phone.png another by night and on a phone. Pictures of families are drawn without it, and alone where they are
named: `uv run python docs/pictures.py geometry`.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from making import geometry
from PIL import Image
from playwright.sync_api import sync_playwright

from genbench.cli import main

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "build" / "leaderboard"
SORTING = "tasks/sorting/up_to_20.html"
PICTURES = (  # name, page with its view, width and height in pixels, colours, what is scrolled to
    ("page", "index.html#family=scan&sort=scan.ood.down", 1200, 1000, "light", ""),
    ("page_split", "tasks/scan/length.html", 1000, 900, "light", "#contest-0"),
    ("page_phone", SORTING, 390, 900, "dark", "section.charts"),
)

FAMILIES = {"geometry": geometry.picture}


def families(names: list[str]) -> None:
    """Draw the named families, or all."""
    for name in names or FAMILIES:
        (ROOT / "docs" / f"{name}.svg").write_text(FAMILIES[name](), encoding="utf-8")
        print(f"written: docs/{name}.svg")


def pictures() -> None:
    """Write the site, and each picture with 256 colours, which a page of text and lines does not miss."""
    main(["leaderboard", str(ROOT / "leaderboard" / "results"), "--out", str(SITE), "--quiet"])
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        for name, view, width, height, scheme, place in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(f"{SITE.as_uri()}/{view}")
            if place:
                page.locator(place).first.evaluate("one => one.scrollIntoView()")
                page.wait_for_selector("figure[data-drawn]")
            page.wait_for_timeout(1000)  # every chart in sight
            shown = Image.open(io.BytesIO(page.screenshot()))
            shown.convert("RGB").quantize(256).save(ROOT / "docs" / f"{name}.png", optimize=True)
            print(f"written: docs/{name}.png")
        browser.close()


if __name__ == "__main__":
    families(sys.argv[1:])
    if not sys.argv[1:]:
        pictures()
