"""SLOG: sentences whose structure training lacks, and their logical forms.

Li, Donatelli, Koller, Linzen, Yao & Kim 2023 (arXiv:2310.15040); files of bingzhilee/SLOG at 1c55df85.

    sentence  Avery froze a girl on a bed .
    form      freeze ( agent = Avery , theme = girl ( nmod . on = bed ) )

COGS asks known words in new places; SLOG asks new structures. Training adds to COGS's sentences relative clauses and
questions, and recursion of depths 2 and 4; 17 kinds that need other structures are asked, 1,000 sentences of each.
Which kind a question is of would help to answer it, so `category`, `group` and `depth` travel with the targets.

The authors keep the questions of `gen` in an encrypted archive, so that they do not enter training corpora. They are
decrypted in memory when the split is read; only the archive lies in the cache.

Official rows stand in the official order, and the data seed changes nothing about them. Train has 7 sentences twice.
Forms come without variables, or with COGS's; the official training file with variables is not read: its forms are those
of the grammar (`sentences.py`), which gives every other official form but 5 of 17,000. Generated splits have sentences
of the same structures (`generate.py`) and need no file.
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
import generate
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sentences

from genbench import Claim, Data, load_entry, seeds, sources
from genbench.errors import BadValue, SourceFault, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genbench import Source, Value

HERE = Path(__file__).parent
COLUMNS = ("sentence", "form", "category")
FOLDERS = {"gen": "varfree_LF", "gen_variables": "cogs_LF"}  # of the official splits
ARCHIVE = "data/generalization_sets.zip"
ASKED = {"gen": "gen_varfreeLF", "gen_variables": "gen_cogsLF"}  # inside the archive
SPLITS = ("gen", "gen_variables", "generated", "generated_variables")
TAKES = {"rows": 24_000, "asked": 3_000, "category_rows": 1_000}
MOST = 1_000_000
_of_cogs = load_entry(sentences.COGS, "task:load")
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

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter that is none, is outside its range or
    says nothing of an official split, and `SourceAbsent` where official files cannot be had.
    """
    if split not in SPLITS:
        raise UnknownName(f"slog has no split {split!r}{nearest(split, SPLITS)}")
    settings = settings_of(split, params)
    if split not in FOLDERS:
        return _generated(settings, seed, variables=split.endswith("variables"))
    train = official("gen", "train").select(COLUMNS[:2])
    return Data(
        train=train if split == "gen" else _written(train["sentence"].to_pylist(), variables=True),
        validation=official(split, "dev").select(COLUMNS[:2]),
        questions={
            name: _told(official(split, name), official("gen", name)["form"].to_pylist()) for name in ("test", "gen")
        },
    )


def settings_of(split: str, params: Mapping[str, Value]) -> dict[str, int]:
    """The parameters of a split, checked. Raises as `load` does."""
    settings = dict(TAKES)
    for key, value in params.items():
        if key not in TAKES:
            raise BadValue(f"slog has no parameter {key!r}{nearest(key, TAKES)}; it takes {', '.join(TAKES)}")
        if split in FOLDERS and value != TAKES[key]:
            raise BadValue(
                f"slog/{split}: parameter {key!r} says nothing of official files; only generated splits take it"
            )
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
            raise BadValue(f"slog: parameter {key!r} is {value!r}; it must be an integer from 1 to {MOST:,}")
        settings[key] = value
    return settings


@functools.cache
def official(split: str, name: str) -> pa.Table:
    """The rows of train, dev, test or gen in an official split's form, in the official order, with their category."""
    where = f"{ARCHIVE}: {ASKED[split]}.tsv" if name == "gen" else _path(split, name)
    return sources.columns(_bytes(split, name), COLUMNS, where)


def verify(split: str, data: Data) -> Iterator[Claim]:
    """One claim for each official file of the split, and for the one in the archive, as decrypted.

    A category that Data lacks is the file's own. Nothing is claimed of generated splits, nor of train with variables,
    whose official file is not read.
    """
    if split not in FOLDERS:
        return
    tables = {"train": data.train, "validation": data.validation, **data.questions}
    for subset, rows in tables.items():
        name = "dev" if subset == "validation" else subset
        if (split, name) == ("gen_variables", "train"):
            continue
        lines = pc.binary_join_element_wise(rows["sentence"], rows["form"], official(split, name)["category"], "\t")
        content = "".join(f"{line}\n" for line in lines.to_pylist()).encode()
        inside = f"generalization_sets/{ASKED[split]}.tsv"
        source, path = (_source("asked"), inside) if name == "gen" else (_source("slog"), _path(split, name))
        yield Claim(subset, rows.num_rows, content, source, path)


def _generated(settings: Mapping[str, int], seed: int, *, variables: bool) -> Data:
    """Generated sentences of COGS, and structures beside them in the released shares, in an order by lot."""
    rows, asked = settings["rows"], settings["asked"]
    one = {"rows": rows, "asked": asked, "category": "active_to_passive", "category_rows": 1}  # its `gen` is not used
    cogs = _of_cogs("generated", one, seed)
    train, validation, test = (
        [(sentence.replace("lended", "lent"), "in_distribution") for sentence in table["sentence"].to_pylist()]
        for table in (cogs.train, cogs.validation, cogs.questions["test"])
    )
    for category, (shown, held) in generate.PATTERNS["beside"].items():
        counts = [round(shown * rows / TAKES["rows"]), *[round(held * asked / TAKES["asked"])] * 2]
        drawn = [(sentence, category) for sentence, _ in generate.questions(category, sum(counts), seed)]
        for pool, count in zip((train, validation, test), counts, strict=True):
            pool.extend(drawn[:count])
            del drawn[:count]
    order = np.random.default_rng(seeds.derive("slog", "order", seed)).permutation(len(train))
    each = settings["category_rows"]
    gen = [(one, category) for category in generate.ASKED for one, _ in generate.questions(category, each, seed)]
    questions = {}
    for name, pool in (("test", test), ("gen", gen)):
        said = [sentence for sentence, _ in pool]
        table = _written(said, variables=variables)
        table = table.append_column("category", pa.array([category for _, category in pool]))
        questions[name] = _told(table, _written(said, variables=False)["form"].to_pylist())
    return Data(
        train=_written([train[place][0] for place in order], variables=variables),
        validation=_written([sentence for sentence, _ in validation], variables=variables),
        questions=questions,
    )


def _written(said: list[str], *, variables: bool) -> pa.Table:
    meant = [sentences.interpret(sentence, variables=variables) for sentence in said]
    return pa.table({"sentence": pa.array(said, pa.string()), "form": pa.array(meant, pa.string())})


def _told(rows: pa.Table, without_variables: list[str]) -> pa.Table:
    """The rows with their group, and the depth of their forms without variables."""
    of = {category: group for group, categories in GROUPS.items() for category in categories}
    groups = [of.get(category, LIKE_TRAINING) for category in rows["category"].to_pylist()]
    depths = [forms.depth(form) for form in without_variables]
    return rows.append_column("group", pa.array(groups)).append_column("depth", pa.array(depths, pa.int64()))


def _path(split: str, name: str) -> str:
    return f"data/{FOLDERS[split]}/{name}.tsv"


def _bytes(split: str, name: str) -> bytes:
    if name != "gen":
        return sources.read(_source("slog"), _path(split, name))
    inside = f"generalization_sets/{ASKED[split]}.tsv"
    try:
        with zipfile.ZipFile(io.BytesIO(sources.read(_source("slog"), ARCHIVE))) as archive:
            return archive.read(inside, pwd=PASSWORD)
    except (KeyError, RuntimeError, zipfile.BadZipFile, zlib.error) as fault:
        raise SourceFault(f"{ARCHIVE}: {inside} cannot be read: {fault}") from None


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
