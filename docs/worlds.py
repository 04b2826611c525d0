"""What small painted worlds show: `uv run python docs/worlds.py` writes triplets.png, sources.png and label_sets.png.

A line for each modality of `triplets`, with three questions of each area; a line for each question set of `sources`,
with two questions; a line for each operation of `label_sets`, of labels seen and then of labels unseen.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from genbench.cards import read
from genbench.cards.entries import load_entry

ROOT = Path(__file__).resolve().parents[1]
HIGH, GAP = 84, 6  # pixels of an image, and between two


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


def sources() -> list[list[Image.Image]]:
    """The first two questions of each set: six cells with as many dots as their marks say, and what pictures show."""
    card = read(ROOT / "tasks" / "sources", "task")
    split = card.split("pairs")
    data = load_entry(card.folder, card.entry)("pairs", split.params, card.data_seed)
    draw = load_entry(card.folder, card.draw)
    sets = ("id", "unseen_source", "ll", "lv", "vl", "vv")
    return [[draw(row, split.params) for row in data.questions[name].slice(0, 2).to_pylist()] for name in sets]


def label_sets() -> list[list[Image.Image]]:
    """Three questions of each operation on labels that it was trained on, and three on others."""
    card = read(ROOT / "tasks" / "label_sets", "task")
    split = card.split("operations")
    asked = load_entry(card.folder, card.entry)("operations", split.params, card.data_seed).questions
    draw = load_entry(card.folder, card.draw)
    lines = []
    for operation in ("union", "intersection", "subtraction"):
        own = [[row for row in asked[name].to_pylist() if row["asked"] == operation][:3] for name in ("seen", "unseen")]
        lines.append([draw(row, split.params) for rows in own for row in rows])
    return lines


def picture(lines: list[list[Image.Image]]) -> Image.Image:
    """Lines of images of one size, one below the other."""
    times = -(-HIGH // lines[0][0].height)
    width, height = lines[0][0].width * times + GAP, lines[0][0].height * times + GAP
    canvas = Image.new("RGB", (len(lines[0]) * width - GAP, len(lines) * height - GAP), "white")
    for down, line in enumerate(lines):
        for across, image in enumerate(line):
            large = image.convert("RGB").resize((width - GAP, height - GAP), Image.Resampling.NEAREST)
            canvas.paste(large, (across * width, down * height))
    return canvas


PICTURES = {"triplets": triplets, "sources": sources, "label_sets": label_sets}

if __name__ == "__main__":
    for name, lines in PICTURES.items():
        picture(lines()).save(ROOT / "docs" / f"{name}.png", optimize=True)
        print(f"written: docs/{name}.png")
