"""SLOG: sentences whose structure training lacks, and their logical forms.

Li, Donatelli, Koller, Linzen, Yao & Kim 2023 (arXiv:2310.15040); files of bingzhilee/SLOG at 1c55df85.

    sentence  Avery froze a girl on a bed .
    form      freeze ( agent = Avery , theme = girl ( nmod . on = bed ) )

COGS asks known words in new places; SLOG asks new structures. Training adds to COGS's sentences relative clauses and
questions, and recursion of depths 2 and 4; 17 kinds that need other structures are asked, 1,000 sentences of each.
Which kind a question is of would help to answer it, so `category`, `group` and `depth` travel with the targets.

The authors keep the questions of `gen` in an encrypted archive, so that they do not enter training corpora. They are
decrypted in memory when the split is read; only the archive lies in the cache.

Rows stand in the official order, and the data seed changes nothing about them. Train has 7 sentences twice.
"""

from __future__ import annotations

import functools
import gzip
import io
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import forms
import pyarrow as pa
import pyarrow.compute as pc

from genbench import Claim, Data, sources
from genbench.errors import BadValue, SourceFault, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench import Source, Value

HERE = Path(__file__).parent
COLUMNS = ("sentence", "form", "category")
FILES = {name: f"data/varfree_LF/{name}.tsv" for name in ("train", "dev", "test")}
ARCHIVE = "data/generalization_sets.zip"
ASKED = "generalization_sets/gen_varfreeLF.tsv"  # inside the archive
PASSWORD = b"SLOG"  # "the benchmark's acronym", says the upstream README
LIKE_TRAINING = "like training"
# What the category's sentences have that training lacks; the groups' words are ours.
GROUPS = {
    "deeper": ("PP_5-12", "CP_5-12", "center_embed_5-12"),  # training: 1 to 2, and 4
    "between": ("PP_3", "CP_3", "center_embed_3"),
    "modified role": ("PP_modif_subj", "PP_modif_iobj", "RC_modif_subj", "RC_modif_iobj"),  # training: of objects
    "extracted": ("RC_iobj_extracted",),
    "question": (
        "Q_subj_active",
        "Q_subj_passive",
        "Q_dobj_ditransV",
        "Q_iobj_ditransV",
        "Q_modified_NPs",
        "Q_long_mv",
    ),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split: columns sentence and form; questions carry category, group and depth.

    Raises `UnknownName` for a split that is not here, `BadValue` for any parameter, and `SourceAbsent` where official
    files cannot be had.
    """
    del seed  # nothing is drawn
    if split != "gen":
        raise UnknownName(f"slog has no split {split!r}; it has gen")
    if params:
        raise BadValue(f"slog has no parameter {next(iter(params))!r}; it takes none")
    return Data(
        train=official("train").select(COLUMNS[:2]),
        validation=official("dev").select(COLUMNS[:2]),
        questions={name: _told(official(name)) for name in ("test", "gen")},
    )


@functools.cache
def official(name: str) -> pa.Table:
    """The rows of train, dev, test or gen, in the official order, with their category."""
    where = f"{ARCHIVE}: {ASKED}" if name == "gen" else FILES[name]
    return sources.columns(_bytes(name), COLUMNS, where)


def verify(split: str, data: Data) -> Iterator[Claim]:
    """One claim for each official file of the split, and for the one in the archive, as decrypted.

    A category that Data lacks is the file's own.
    """
    assert split == "gen"  # noqa: S101  the one there is
    tables = {"train": data.train, "validation": data.validation, **data.questions}
    for subset, rows in tables.items():
        name = "dev" if subset == "validation" else subset
        lines = pc.binary_join_element_wise(rows["sentence"], rows["form"], official(name)["category"], "\t")
        content = "".join(f"{line}\n" for line in lines.to_pylist()).encode()
        source, path = (_source("asked"), ASKED) if name == "gen" else (_source("slog"), FILES[name])
        yield Claim(subset, rows.num_rows, content, source, path)


def _told(rows: pa.Table) -> pa.Table:
    of = {category: group for group, categories in GROUPS.items() for category in categories}
    groups = [of.get(category, LIKE_TRAINING) for category in rows["category"].to_pylist()]
    depths = [forms.depth(form) for form in rows["form"].to_pylist()]
    return rows.append_column("group", pa.array(groups)).append_column("depth", pa.array(depths, pa.int64()))


def _bytes(name: str) -> bytes:
    if name != "gen":
        return sources.read(_source("slog"), FILES[name])
    try:
        with zipfile.ZipFile(io.BytesIO(sources.read(_source("slog"), ARCHIVE))) as archive:
            return archive.read(ASKED, pwd=PASSWORD)
    except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error) as fault:
        raise SourceFault(f"{ARCHIVE}: {ASKED} cannot be read: {fault}") from None


def as_kept(folder: Path, path: str) -> bytes | None:
    """A file that lies flat under `folder`, its folder's name before its own: slog/varfree_LF_train.tsv.gz."""
    flat = folder / "slog" / f"{'_'.join(Path(path).parts[1:])}.gz"
    try:
        return gzip.decompress(flat.read_bytes()) if flat.is_file() else None
    except (OSError, EOFError, zlib.error) as fault:
        raise SourceFault(f"{flat} cannot be unpacked: {fault}") from None


@functools.cache
def _source(name: str) -> Source:
    return sources.declared(HERE, as_kept)[name]
