"""How fast photographs are looked at, read and decoded; run with --benchmark-only.

Images are as large as those of the test set: 500 x 375 pixels and some 57 KB. Divide `IMAGES` by the seconds.
"""

import importlib.util
import io

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from genbench import cards
from genbench.analysis import frequency
from genbench.data import tables
from genbench.evaluation import build
from genbench.registry import ChosenSplit, home

IMAGES = 580


@pytest.fixture(scope="module")
def split(tmp_path_factory, photographs):
    """The split of shards with photographs of the real size, and where its data are."""
    stream = np.random.default_rng(0)

    def photograph():
        smooth = Image.fromarray(stream.integers(0, 255, (24, 32, 3), dtype=np.uint8)).resize((500, 375))
        noisy = np.asarray(smooth).astype(int) + stream.integers(-12, 12, (375, 500, 3))
        kept = io.BytesIO()
        Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(kept, "JPEG", quality=88)
        return kept.getvalue()

    def large(rows):
        pool = [photograph() for _ in range(20)]
        rows["image"] = [pool[at % 20] + at.to_bytes(8, "big") for at in range(len(rows["image"]))]

    folder = tmp_path_factory.mktemp("photographs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBENCH_DATA", str(photographs(folder / "data", per_class=IMAGES // 290, change=large)))
        patch.setenv("GENBENCH_CACHE", str(folder / "cache"))
        card = cards.read(home() / "tasks" / "letitwag", "task")
        one = card.splits["zero-shot"]
        yield ChosenSplit(card, one, {**one.params, "per_class": IMAGES // 290})


@pytest.fixture(scope="module")
def data(split):
    return build.load(split)


def test_images_are_looked_at(benchmark, data, split):
    spec = importlib.util.spec_from_file_location("look", split.task.folder / "look.py")
    look = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(look)
    contents = [one["bytes"] for one in data.questions["test"]["image"].to_pylist()]

    assert benchmark(lambda: [look.fault(content) for content in contents]) == [""] * IMAGES


def test_a_split_that_was_looked_at_is_read_again(benchmark, split, data):
    assert benchmark(lambda: build.load(split).questions["test"].num_rows) == IMAGES


def test_images_are_fingerprinted(benchmark, data):
    benchmark(lambda: tables.fingerprint(data.subsets()))


def test_rows_of_images_are_gathered_on_disk(benchmark, data, monkeypatch):
    monkeypatch.setattr(tables, "SPILLED", 0)
    order = np.random.default_rng(0).permutation(IMAGES)

    assert benchmark(lambda: tables.taken(data.questions["test"], order).num_rows) == IMAGES


def test_questions_are_decoded_resized_and_made_tensors(benchmark, data, tmp_path):
    """As a submission does: `datasets` decodes, torchvision's transforms do the rest."""
    import torch
    from datasets import Dataset
    from torchvision.transforms import v2

    tables.write(data.questions["test"].select(["image"]), tmp_path / "asked.arrow")
    asked = Dataset.from_file(str(tmp_path / "asked.arrow"))
    steps = [v2.ToImage(), v2.Resize(224, antialias=True), v2.CenterCrop(224), v2.ToDtype(torch.float32, scale=True)]
    transform = v2.Compose(steps)

    def decoded():
        return sum(
            len(torch.stack([transform(one.convert("RGB")) for one in batch["image"]])) for batch in asked.iter(64)
        )

    assert benchmark(decoded) == IMAGES


def test_a_trend_and_its_bootstrap(benchmark):
    stream = np.random.default_rng(0)
    counts, scores = np.round(10 ** stream.uniform(0, 6, 4469)).astype(int), stream.random((3, 4469))

    assert benchmark(lambda: frequency.analyse(counts, scores, ("bench",))).concepts == 4469


def test_rankings_are_made_of_probabilities(benchmark):
    from genbench.data import rankings

    scores = np.random.default_rng(0).dirichlet(np.ones(290), 20_000).astype(np.float32)

    assert isinstance(benchmark(lambda: rankings.of_probabilities(scores)), pa.Array)
