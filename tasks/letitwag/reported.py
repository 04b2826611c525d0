"""What was published of 40 models on Let it Wag!: the share of each class that they get right.

The file is `let_it_wag_ensemble_results.json` of bethgelab/frequency_determines_performance, a table of model to class
to per cent; `sources.toml` pins it. A model is named `backboneRN50_pretrainedcc3m`: its architecture and what it was
pretrained on. How often a class occurs there is read as for the test set itself, by `frequencies.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq
from frequencies import frequencies

from genbench import replay, sources
from genbench.errors import SourceFault

if TYPE_CHECKING:
    from genbench import Reported

FILE: Final = "let_it_wag_datasets/evaluations/let_it_wag_ensemble_results.json"
COUNTED: Final = ("cc3m", "cc12m", "yfcc15m", "laion400m", "synthci30m")
STAND_IN: Final = "laion400m"  # whose counts serve for what nobody counted in
SEARCH: Final = "image"  # by text, or by both, most classes were never found
_MODEL = re.compile(r"backbone(?P<model>.+)_pretrained(?P<pretraining>.+)")


def models(table: Path | None) -> Reported:
    """The published models' accuracies by class, or those of a `table` at hand, with the frequencies of the classes.

    Raises `SourceAbsent` where either is not at hand, and `SourceFault` for what cannot be read.
    """
    counts = {corpus: frequencies(corpus, SEARCH) for corpus in COUNTED}
    if table is not None:
        rows, source = replay.read(table), ""
    else:
        origin = sources.declared(Path(__file__).parent, rebuilt)["published"]
        rows, source = parsed(sources.read(origin, FILE)), origin.address(FILE)
    return replay.Reported("letitwag", "zero-shot", "test", rows, counts, STAND_IN, source)


def parsed(content: bytes) -> pa.Table:
    """The published JSON as a table of model, pretraining, class and accuracy (a share). Raises `SourceFault`."""
    rows = []
    try:
        for name, scores in json.loads(content).items():
            found = _MODEL.fullmatch(name)
            if found is None:
                raise SourceFault(f"{FILE}: {name!r} names no backbone and pretraining")
            rows += [
                {**found.groupdict(), "class": one, "accuracy": of / 100} for one, of in scores["classwise"].items()
            ]
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise SourceFault(f"{FILE}: not a table of models and classes: {fault}") from None
    return pa.Table.from_pylist(rows, replay.PER_CLASS)


def rebuilt(folder: Path, path: str) -> bytes | None:
    """The published file from the same numbers in `let_it_wag`, as compact tables; None where they are not there."""
    here = folder / "let_it_wag"
    places = [here / "model_results.parquet", here / "imagenet_accuracy.parquet"]
    if path != FILE or not all(place.is_file() for place in places):
        return None
    try:
        each, whole = (pq.read_table(place).to_pylist() for place in places)
        classes: dict[tuple[str, str], dict[str, float]] = {}
        for row in each:
            classes.setdefault((row["backbone"], row["pretrain"]), {})[row["class"]] = row["accuracy"]
        content = {
            row["model_key"]: {"full": row["let_it_wag_full"], "classwise": classes[row["backbone"], row["pretrain"]]}
            for row in whole
        }
    except (OSError, KeyError, pa.ArrowException) as fault:
        raise SourceFault(f"{here}: the published results cannot be written anew from it: {fault}") from None
    return json.dumps(content, indent=4).encode()
