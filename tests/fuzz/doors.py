"""The doors for strangers' texts and files: each takes bytes, and may refuse them in genbench's own words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from genbench import cards, registry
from genbench.api.evaluating import evaluate
from genbench.authoring import origin
from genbench.authoring.predictions_file import read_predictions
from genbench.data import tables
from genbench.data.columns import PREDICTION, QUESTION_ID
from genbench.data.problem import Targets
from genbench.errors import GenbenchError
from genbench.evaluation.cell import ANSWERS, CURVE, REPORT, Context, Job
from genbench.evaluation.executors.jobs import outcome
from genbench.evaluation.handed_in import answers_of
from genbench.rows.store import Store
from genbench.scoring.grading import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Door = Callable[[bytes], object]

ROOT = Path(__file__).parents[2]
TOYS = ROOT / "tests" / "toys"
WORDS = Targets(("test",), np.zeros(9, np.int64), pa.array([f"word {at}" for at in range(9)]), {})
PLACES = Targets(("test",), np.zeros(9, np.int64), pa.array([[at, at] for at in range(9)]), {})
# Small ones, in which each change falls on another key, beside those that hold all that a card may.
CARDS = {
    "task": [
        *(TOYS / name / cards.FILE for name in ("beside", "divisors", "echo", "plane", "seasons", "spelling")),
        *(ROOT / "tasks" / name / cards.FILE for name in ("letitwag", "xor_clusters")),
    ],
    "submission": [
        *(TOYS / name / cards.FILE for name in ("remembers", "tells", "weighted")),
        *(ROOT / "baselines" / name / cards.FILE for name in ("in_context", "lstm", "majority", "mlp")),
    ],
}
ADDRESSES = (
    *("mlp:weight_decay=0|5|15,hidden=128", "mlp@decay15", "majority", "lstm:attention=true", "./tests/toys/guesses"),
    *("modular/addition:corruption=0.6,share=0.4", "scan/le*", "sorting/up_to_20:hint=successor+count", "gcog/*"),
    *("in_context:model=/models/mine,revision=abc", "letitwag/synthetic:classes=256", "modular/cubic:salt=x3f9a"),
)
REPORT_OF = (
    b'{"status": "ok", "detail": "", "fit_seconds": 1.5, "predict_seconds": 0.5, "cpu_seconds": 2, "parameters": 10, '
    b'"training_flops": 1e22, "peak_memory_bytes": 100, "asked_during_fit": "copy", "steps": [{"step": 1, '
    b'"fit_seconds": 0.5, "answers": "curve-1.arrow", "measures": {"examples_seen": 3, "norm": 0.5}}]}'
)


def texts_of(seeds: tuple[str, ...]) -> list[bytes]:
    return [one.encode() for one in seeds]


def doors(room: Path) -> Iterator[tuple[str, int, list[bytes], Door]]:
    """Name, weight, sound inputs and what takes them, for each door."""
    found = _some(registry.catalogue())
    yield "addresses and parameters", 40, texts_of(ADDRESSES), lambda given: _address(given, found)
    for kind, files in CARDS.items():
        yield f"{kind} cards", 24, [file.read_bytes() for file in files], _card(room / kind, kind)
    grids = [path.read_bytes() for path in sorted((ROOT / "grids").glob("*.toml"))]
    yield "grids", 12, grids, _file(room / "grid.toml", lambda path: registry.choose_grid(str(path)))
    yield from _predictions(room)
    yield from _of_cells(room)
    said = b'{"task": "scan", "split": "length", "fingerprint": "sha256:a"}'
    yield "split.json", 8, [said], _file(room / "split.json", _origin)
    yield from _results(room)


def _some(found: registry.Catalogue) -> registry.Catalogue:
    """Of a catalogue what the addresses name: each is held against every split, and there are hundreds."""
    return registry.Catalogue(
        {name: found.tasks[name] for name in ("letitwag", "modular")},
        {name: found.submissions[name] for name in ("in_context", "lstm", "majority", "mlp")},
    )


def _address(given: bytes, found: registry.Catalogue) -> None:
    text = given.decode(errors="surrogateescape")
    for one in registry.spread([text])[:50]:
        for choose in (registry.choose_splits, registry.choose_submissions):
            try:
                choose([one], found)
            except GenbenchError:
                continue


def _file(path: Path, taken: Callable[[Path], object]) -> Door:
    path.parent.mkdir(parents=True, exist_ok=True)

    def door(given: bytes) -> None:
        path.write_bytes(given)
        taken(path)

    return door


def _card(folder: Path, kind: str) -> Door:
    return _file(folder / cards.FILE, lambda path: cards.read(path.parent, kind))


def _origin(path: Path) -> None:
    table = pa.table({QUESTION_ID: [0], PREDICTION: ["a"]})
    origin.check(table, path.with_name("mine.csv"), origin.Origin("scan/length", "sha256:a"), None, "mine.csv")


def _predictions(room: Path) -> Iterator[tuple[str, int, list[bytes], Door]]:
    made = room / "made.parquet"
    ids, kinds = list(range(9)), {"string": WORDS, "list<int64>": PLACES}
    for kind, targets in kinds.items():
        table = pa.table({QUESTION_ID: ids, PREDICTION: targets.target})
        pq.write_table(table, made)
        rows = table.to_pylist()
        plain = "\n".join(map(json.dumps, rows))
        header = "question_id,prediction\n"
        csv = header + "\n".join(f'{row[QUESTION_ID]},"{row[PREDICTION]}"' for row in rows)
        for form, content in (("parquet", made.read_bytes()), ("jsonl", plain.encode()), ("csv", csv.encode())):

            def read(path: Path, kind: str = kind, targets: Targets = targets) -> None:
                join(read_predictions(path, kind, 9), targets)

            yield f"predictions ({form}, {kind})", 12, [content], _file(room / f"mine-{kind[:4]}.{form}", read)


def _of_cells(room: Path) -> Iterator[tuple[str, int, list[bytes], Door]]:
    folder = room / "job"
    folder.mkdir()
    tables.write(pa.table({QUESTION_ID: list(range(9)), PREDICTION: WORDS.target}), folder / ANSWERS)
    content = (folder / ANSWERS).read_bytes()

    def answers(path: Path) -> None:
        copy = room / "copy"
        try:
            join(answers_of(path, copy, WORDS), WORDS)
        finally:
            copy.unlink(missing_ok=True)

    yield "answers", 40, [content], _file(room / "stranger.arrow", answers)
    (folder / CURVE.format(step=1)).write_bytes(b"")
    context = Context("echo", "small", {"number": "int64"}, "again", "int64", {}, 7, "quick", 60.0, 1, "cpu", folder)
    job = Job("key", "echo/small  mine  seed 0", folder, Path("/somewhere/mine"), "baseline:Mine", context, 2**30)
    yield "reports", 40, [REPORT_OF], _file(folder / REPORT, lambda _: outcome(job, "process", 1.0, 2.0))


def _results(room: Path) -> Iterator[tuple[str, int, list[bytes], Door]]:
    place = room / "results"
    evaluate([str(TOYS / "stepping")], str(TOYS / "echo"), out=str(place), executor="here", quiet=True)
    store = Store(str(place))
    (row,) = store.read("cells").table.to_pylist()
    for name in ("cells", "scores", "predictions", "marks", "curves"):
        (path,) = [Path(one) for one in store.files(name)]

        def read(_: Path, name: str = name) -> None:
            again = Store(str(place))
            again.read(name)
            again.read_cell(name, row["task"], row["submission"], row["cell"])
            again.finished(row["task"], row["submission"], row["cell"])

        sound = path.read_bytes()
        yield f"results ({name})", 1, [sound], _restoring(path, sound, _file(path, read))
    yield from _compacted(room)


def _compacted(room: Path) -> Iterator[tuple[str, int, list[bytes], Door]]:
    source = next((ROOT / "leaderboard" / "results" / "compact").glob("task=modular/*/*/manifest.json"), None)
    if source is None:
        return
    at = room / "compacted" / source.parent.relative_to(ROOT / "leaderboard" / "results")
    shutil.copytree(source.parent, at)
    manifest, sound = at / source.name, source.read_bytes()
    yield (
        "manifests of segments",
        2,
        [sound],
        _restoring(manifest, sound, _file(manifest, lambda _: Store(str(room / "compacted")).read("cells"))),
    )


def _restoring(path: Path, sound: bytes, door: Door) -> Door:
    """A door that leaves the sound file behind, which the next one reads."""

    def restored(given: bytes) -> None:
        try:
            door(given)
        finally:
            path.write_bytes(sound)

    return restored
