"""A split as a folder that `datasets.load_dataset` takes, with its description, and that folder at a hub.

Training and questions have other columns, so each is a configuration: `default` has train and validation, `questions`
the question sets, `auxiliary-NAME` a table beside train.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from genbench.authoring import exports, origin
from genbench.authoring.elsewhere import croissant
from genbench.errors import StoreFault
from genbench.rows import places
from genbench.rows.files import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.registry import ChosenSplit

CARD: Final = "README.md"
FORM: Final = "datasets"


def export(chosen: ChosenSplit, folder: Path, *, with_targets: bool, described: bool) -> list[Path]:
    """Write a split as Parquet with a card; `described` adds `croissant.json`. Returns the paths.

    Raises what `exports.export` does, and `BadValue` where a description is asked for without mlcroissant.
    """
    if described:
        croissant.library()  # before anything is written
    written = exports.export(chosen, folder, "parquet", with_targets=with_targets)
    about = json.loads((folder / origin.ABOUT).read_text(encoding="utf-8"))
    card = folder / CARD
    card.write_text(_card(about), encoding="utf-8")
    written.append(card)
    if described:
        written.append(croissant.write(folder, about))
    return written


def push(chosen: ChosenSplit, to: str, *, with_targets: bool, described: bool) -> list[str]:
    """Write that folder at an fsspec URL, as `hf://datasets/OWNER/NAME`, or a path; returns where each file lies.

    Files of the same names are replaced, others left. Raises `StoreFault` where nothing can be written there.
    """
    files, root = places.at(to, what="a folder to push to")
    with tempfile.TemporaryDirectory(prefix="genbench-") as made:
        written = export(chosen, Path(made), with_targets=with_targets, described=described)
        try:
            files.makedirs(root, exist_ok=True)
            for path in written:
                files.put_file(str(path), f"{root}/{path.name}")
        except OSError as fault:
            raise StoreFault(f"{to} cannot be written: {said(fault)}") from fault
    return [f"{to.rstrip('/')}/{path.name}" for path in written]


def _card(about: Mapping[str, Any]) -> str:
    """The card of a data set: what `datasets` reads of the folder, then what a person does."""
    configs = []
    taught = [name for name, rows in about["training"].items() if rows]
    default = [name for name in taught if not name.startswith("auxiliary-")]
    if default:
        configs.append(_config("default", default))
    configs.append(_config("questions", list(about["questions"])))
    configs += [_config(name, [name]) for name in taught if name not in default]
    lines = [f"# {about['task']}/{about['split']}", "", about["about"], ""]
    lines += [
        f"A split of genbench; the data's fingerprint is `{about['fingerprint']}`, its source {about['source']}.",
        "",
    ]
    lines += [f"Licence: {about['license']}.", "", "```bibtex", about["bibtex"].strip(), "```", ""]
    return f"---\nconfigs: {json.dumps(configs)}\n---\n\n" + "\n".join(lines)  # JSON, which YAML reads


def _config(name: str, files: list[str]) -> dict[str, Any]:
    return {
        "config_name": name,
        "data_files": [{"split": re.sub(r"\W+", "_", one), "path": f"{one}.parquet"} for one in files],
    }
