"""What small painted worlds show: `uv run python docs/worlds.py` writes docs/triplets.png.

A line for each modality of `triplets`, with three questions of each area.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from genbench.cards import read
from genbench.cards.entries import load_entry

ROOT = Path(__file__).resolve().parents[1]
EDGE, GAP = 84, 6  # pixels of an image, and between two


def triplets() -> list[list[Image.Image]]:
    """The first three questions of each area in each modality, of those asked as in training."""
    card = read(ROOT / "tasks" / "triplets", "task")
    split = card.split("parts")
    rows = load_entry(card.folder, card.entry)("parts", split.params, card.data_seed).questions["id"].to_pylist()
    draw = load_entry(card.folder, card.draw)

    def first(modality: str, area: str) -> list[Image.Image]:
        own = [row for row in rows if (row["modality"], row["area"]) == (modality, area)]
        return [draw(row, split.params) for row in own[:3]]

    return [
        [image for area in ("disc", "square", "triangle", "cross") for image in first(modality, area)]
        for modality in ("plain", "inverted", "striped", "faint")
    ]


def picture(lines: list[list[Image.Image]]) -> Image.Image:
    """Lines of images, one below the other."""
    step = EDGE + GAP
    canvas = Image.new("RGB", (len(lines[0]) * step - GAP, len(lines) * step - GAP), "white")
    for down, line in enumerate(lines):
        for across, image in enumerate(line):
            large = image.convert("RGB").resize((EDGE, EDGE), Image.Resampling.NEAREST)
            canvas.paste(large, (across * step, down * step))
    return canvas


PICTURES = {"triplets": triplets}

if __name__ == "__main__":
    for name, lines in PICTURES.items():
        picture(lines()).save(ROOT / "docs" / f"{name}.png", optimize=True)
        print(f"written: docs/{name}.png")
