"""What tests in every folder share: the official files where they are at hand, and contributions as modules."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from genbench.cards.entries import load_entry

if TYPE_CHECKING:
    from genbench.evaluation.executors.process import Process

ROOT = Path(__file__).parents[1]

# There is a worker for each core. Where each of them had a thread for each core as well, as torch and numpy otherwise
# do, they would wait for one another: tests of small networks then cost three times as much. Before either is imported.
if "PYTEST_XDIST_WORKER" in os.environ:
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")

# What a script starts in the background ignores Ctrl-C, and what nohup starts a closed terminal; so would what tests
# start, of which some are sent these.
for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, usual)

settings.register_profile("untimed", deadline=None)  # the first call of a library is slow, and any on a shared machine
settings.register_profile("gate", settings.get_profile("untimed"), max_examples=25)  # of which nightly are a hundred
settings.load_profile("untimed" if os.environ.get("GENBENCH_ALL_PAGES") else "gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a minute in one worker first, golden cells and typed pages: at the end it would be waited for."""
    items.sort(key=lambda item: item.path.name not in {"test_golden.py", "test_documented_commands.py"})


MOST_WORKERS = 8  # each may hold torch, datasets and a split: two gigabytes


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite on every core; files that were named, and benchmarks, in this process."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not whole or config.getoption("benchmark_only"):
        return 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_WORKERS)


@pytest.fixture(autouse=True, scope="session")
def _checkpoints_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Interrupted cells of the tests leave nothing in the user's state folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENBENCH_CHECKPOINTS", str(tmp_path_factory.mktemp("checkpoints")))
        yield


@pytest.fixture(scope="session")
def standing() -> Iterator["Process"]:
    """The process executor, a cell at a time, which imports libraries once for all tests of a worker that take it."""
    from genbench.evaluation.executors.process import Process

    with Process(1).standing() as executor:
        yield executor


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of official data, which lies beside a checkout of this repository and is no part of it."""
    folder = ROOT.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip("the official data are not at hand: ../shared/reference, beside the checkout, is missing")
    return folder


@pytest.fixture(scope="session")
def task_module() -> Callable[[str], ModuleType]:
    """Gives the module `task.py` of a bundled task by the task's name."""

    def load(name: str) -> ModuleType:
        return sys.modules[load_entry(ROOT / "tasks" / name, "task:load").__module__]

    return load


@pytest.fixture(scope="session")
def photographs() -> Callable[..., Path]:
    """Makes a folder like GENBENCH_DATA: small shards in the form of the Let it Wag! test set, and frequencies."""
    import io

    import datasets
    import numpy as np
    import pandas as pd
    from PIL import Image

    names = [f"rare_thing_{place:03d}_bird" for place in range(290)]

    def encoded(array: np.ndarray) -> bytes:
        kept = io.BytesIO()
        Image.fromarray(array).save(kept, "JPEG")
        return kept.getvalue()

    def make(folder: Path, per_class: int = 1, shards: int = 2, change: Callable[[dict], None] | None = None) -> Path:
        """`change` may alter the rows of all shards: lists under image (bytes), label, names, and the features."""
        stream = np.random.default_rng(0)
        labels = np.repeat(np.arange(290), per_class)
        pictures = stream.integers(0, 255, (len(labels), 8, 8, 3), dtype=np.uint8)
        rows = {
            "image": [encoded(picture) for picture in pictures],
            "label": labels.tolist(),
            "features": {"image": datasets.Image(), "label": datasets.ClassLabel(names=names)},
            "frequencies": pd.DataFrame(
                {
                    "class": [name.removesuffix("_bird") for name in names],
                    "freq_laion400m_image": [0] * 60 + [int(1.06**place) for place in range(230)],
                    "freq_cc3m_text": list(range(290)),
                }
            ),
        }
        if change is not None:
            change(rows)
        features = datasets.Features(rows["features"])
        image, label = features
        cuts = np.array_split(np.arange(len(rows["label"])), shards)
        (folder / "Let-It-Wag" / "data").mkdir(parents=True)
        for place, cut in enumerate(cuts):
            pictures_there = [{"bytes": rows["image"][at], "path": f"{rows['label'][at]}.jpg"} for at in cut]
            table = datasets.Dataset.from_dict(
                {image: pictures_there, label: [rows["label"][at] for at in cut]}, features=features
            )
            table.to_parquet(folder / "Let-It-Wag" / "data" / f"train-{place:05d}-of-{shards:05d}.parquet")
        (folder / "let_it_wag").mkdir()
        rows["frequencies"].to_parquet(folder / "let_it_wag" / "classes.parquet")
        return folder

    return make
