"""COGS: sentences of a small English, and their logical forms.

Kim & Linzen 2020 (arXiv:2010.05465); files of najoungkim/COGS at 165a7b66.

    sentence      The sailor dusted a boy .
    logical_form  * sailor ( x _ 1 ) ; dust . agent ( x _ 2 , x _ 1 ) AND dust . theme ( x _ 2 , x _ 4 )
                  AND boy ( x _ 4 )

`test` asks sentences like those in training. `gen` asks 21 kinds that training lacks, 1,000 sentences each: in 18 a
known word stands in a new place (lexical), in 3 a known structure does, or stands deeper (structural). Which kind a
question is of would help to answer it, so `category` and `group` travel with the targets.

Splits `gen` and `gen_100` are the official files. The others are generated, by the grammar of `generate.py`, from the
data's seed; they need no file, and hold as many sentences, as deep, as their parameters say.

What is odd, and kept:

- `gen.tsv` is the corrected release of 13 September 2022: in 50 rows of `obj_pp_to_subj_pp` an agent became a theme.
  Older results were measured on the earlier file.
- train holds 143 words alone, with a meaning that is no sentence's (`shark` is `LAMBDA a . shark ( a )`), and 12
  sentences that show a held-out word in its one known place. train_100 shows each word 100 times, and 100 sentences in
  place of each of the 12; 96 of its 143 words are those of train.
- validation (`dev.tsv`) is like train and test, so it tells nothing of `gen`.

Official rows stand in the official order, and the data seed changes nothing about them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import cases
import generate
import grammar
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shares
import variable_free

from genbench import Claim, Data, cards, seeds, sources
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from genbench import Likeness, Source, Value

HERE = Path(__file__).parent
TRAIN = {"gen": "train", "gen_100": "train_100"}  # of the official splits
RECURSION = {"pp_recursion": "phrases", "cp_recursion": "clauses"}  # split and category -> what its depth counts
COLUMNS = ("sentence", "logical_form", "category")
IN_DISTRIBUTION = "in_distribution"
# Their sections 3.2 and 3.3; the other 18 categories are lexical.
STRUCTURAL = ("obj_pp_to_subj_pp", "cp_recursion", "pp_recursion")
FORMS = ("logical", "variable_free")
MOST = 10_000_000  # rows of one kind; these fill some gigabytes
# As many sentences as the official files hold of a kind, all distinct; more are drawn in further such blocks.
TRAINED, EXPOSED, OF_CATEGORY, OF_DEPTH = 24_000, 100, 1_000, 100


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters, checked."""

    form: str
    rows: int
    asked: int
    test_rows: int
    exposures: int
    category: str
    category_rows: int
    depth: int
    depth_rows: int


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split: columns sentence and logical_form; questions carry category and group, or depth.

    Raises `UnknownName` for a split or category that is not here, `BadValue` for a parameter outside its range or that
    says nothing of the split, and `SourceAbsent` where official files cannot be had.
    """
    settings = settings_of(split, params)
    if split in TRAIN:
        return _in_form(_official_split(split), settings.form)
    train, validation, test = pool(settings.rows, settings.asked, seed)
    test = test[: settings.test_rows or None]
    shown = [*train, *generate.words_alone(seed) * settings.exposures, *_exposed(settings.exposures, seed)]
    shown = _shuffled(shown, "order", seed)
    known = set(train) | set(validation)
    asked = _by_depth(split, settings, known, seed) if split in RECURSION else _by_category(settings, test, seed)
    return _in_form(Data(_table(shown), asked, _table(validation)), settings.form)


def settings_of(split: str, params: Mapping[str, Value]) -> Settings:
    """The parameters of a split, the card's where `params` has none. Raises as `load` does."""
    card = _card()
    if split not in card.splits:
        raise UnknownName(f"cogs has no split {split!r}{nearest(split, card.splits)}")
    own = dict(card.splits[split].params)
    values = cards.overridden(own, params, f"cogs/{split}")
    takes = ["form"]
    if split not in TRAIN:
        takes += ["rows", "asked", "exposures", "depth"]
        takes += ["depth_rows"] if split in RECURSION else ["test_rows", "category", "category_rows"]
    for key, value in values.items():
        if key not in takes and value != own[key]:
            raise BadValue(f"cogs/{split}: parameter {key!r} says nothing of this split; it takes {', '.join(takes)}")
    settings = Settings(**values)  # type: ignore[arg-type]  # the card has each field, of its type
    if settings.form not in FORMS:
        raise BadValue(f"cogs: parameter 'form' is {settings.form!r}; it must be {' or '.join(FORMS)}")
    if settings.category != "all":
        cases.case_of(settings.category)
    for key in ("rows", "asked", "exposures", "category_rows", "depth_rows"):
        if not 1 <= getattr(settings, key) <= MOST:
            raise BadValue(f"cogs: parameter {key!r} is {getattr(settings, key)}; it must be from 1 to {MOST:,}")
    if not 0 <= settings.test_rows <= settings.asked:
        raise BadValue(
            f"cogs: parameter 'test_rows' is {settings.test_rows}; it must be from 0, for all that 'asked' says, "
            f"to {settings.asked:,}"
        )
    least = generate.TRAINED_DEPTH + 1
    if not least <= settings.depth <= generate.DEEPEST:
        raise BadValue(
            f"cogs: parameter 'depth' is {settings.depth}; it must be from {least}, one more than training has, "
            f"to {generate.DEEPEST}"
        )
    return settings


def pool(rows: int, asked: int, seed: int) -> tuple[list[str], list[str], list[str]]:
    """Sentences like the official ones: `rows` of them for train, `asked` each for validation and test.

    All are distinct, drawn together and dealt out by lot, as the official ones must have been: the later a sentence is
    drawn, the rarer its construction, for it must not have been drawn before. Training beyond 24,000 rows is drawn anew
    for each 24,000, without what validation and test hold.
    """
    first = min(rows, TRAINED)
    together = list(islice(generate.sentences(cases.ALL, seed), first + 2 * asked))
    together = _shuffled(together, "pool", seed)
    train, validation, test = together[:first], together[first : first + asked], together[first + asked :]
    if rows > TRAINED:
        more = generate.by_blocks(cases.ALL, TRAINED, seed, "more", without={*validation, *test})
        train += islice(more, rows - TRAINED)
    return train, validation, test


def _shuffled(given: list[str], *names: str | int) -> list[str]:
    order = np.random.default_rng(seeds.derive("cogs", *names)).permutation(len(given))
    return [given[place] for place in order]


def _exposed(exposures: int, seed: int) -> Iterator[str]:
    """The sentences that show held-out words in their known places."""
    for case in cases.EXPOSURES.values():
        yield from islice(generate.by_blocks(case, EXPOSED, seed), exposures)


def _by_category(settings: Settings, test: list[str], seed: int) -> dict[str, pa.Table]:
    chosen = cases.CASES if settings.category == "all" else [settings.category]
    gen, categories = [], []
    for category in chosen:
        gen += questions(category, settings.category_rows, settings.depth, seed)
        categories += [category] * settings.category_rows
    return {
        "test": _grouped(_table(test).append_column("category", pa.array([IN_DISTRIBUTION] * len(test)))),
        "gen": _grouped(_table(gen).append_column("category", pa.array(categories, pa.string()))),
    }


def questions(category: str, rows: int, depth: int, seed: int) -> list[str]:
    """`rows` sentences of a category; one that counts a depth has as many of each from 3 to `depth`, or one more.

    Each thousand is distinct (of one depth, each hundred), and may repeat what another has.
    Raises `UnknownName` for a category that is none, and `BadValue` where there are too few different sentences.
    """
    case = cases.case_of(category)
    if category not in RECURSION:
        return list(islice(generate.by_blocks(case, OF_CATEGORY, seed), rows))
    depths = range(generate.TRAINED_DEPTH + 1, depth + 1)
    each, more = divmod(rows, len(depths))
    return [
        sentence
        for place, deep in enumerate(depths)
        for sentence in islice(_at_depth(category, deep, seed), each + (place < more))
    ]


def _at_depth(category: str, depth: int, seed: int, without: AbstractSet[str] = frozenset()) -> Iterator[str]:
    case = replace(cases.CASES[category], **{RECURSION[category]: depth})
    return generate.by_blocks(case, OF_DEPTH, "depth", depth, seed, without=without)


def _by_depth(split: str, settings: Settings, known: AbstractSet[str], seed: int) -> dict[str, pa.Table]:
    """Questions at the depths of training, without its own sentences, and at each depth beyond."""

    def at(depths: Iterable[int]) -> pa.Table:
        asked: list[str] = []
        column: list[int] = []
        for depth in depths:
            asked += islice(_at_depth(split, depth, seed, known), settings.depth_rows)
            column += [depth] * settings.depth_rows
        return _table(asked).append_column("depth", pa.array(column, pa.int64()))

    beyond = generate.TRAINED_DEPTH + 1
    return {"trained_depth": at(range(1, beyond)), "deeper": at(range(beyond, settings.depth + 1))}


def _table(shown: list[str]) -> pa.Table:
    forms = [grammar.interpret(sentence) for sentence in shown]
    return pa.table({"sentence": pa.array(shown, pa.string()), "logical_form": pa.array(forms, pa.string())})


def _in_form(data: Data, form: str) -> Data:
    if form == "logical":
        return data

    def turned(rows: pa.Table) -> pa.Table:
        at = rows.schema.get_field_index("logical_form")
        found = [variable_free.from_logical(text) for text in rows["logical_form"].to_pylist()]
        return rows.set_column(at, "logical_form", pa.array(found, pa.string()))

    return Data(
        train=turned(data.train),
        questions={name: turned(rows) for name, rows in data.questions.items()},
        validation=None if data.validation is None else turned(data.validation),
    )


def _official_split(split: str) -> Data:
    return Data(
        train=official(TRAIN[split]).select(COLUMNS[:2]),
        validation=official("dev").select(COLUMNS[:2]),
        questions={name: _grouped(official(name)) for name in ("test", "gen")},
    )


def _grouped(rows: pa.Table) -> pa.Table:
    inside = pc.equal(rows["category"], IN_DISTRIBUTION)
    structural = pc.is_in(rows["category"], pa.array(STRUCTURAL))
    group = pc.if_else(inside, IN_DISTRIBUTION, pc.if_else(structural, "structural", "lexical"))
    return rows.append_column("group", group)


def official(name: str) -> pa.Table:
    """The rows of an official file: train, train_100, dev, test or gen. Raises `SourceFault`."""
    path = _path(name)
    return sources.columns(sources.read(_source(), path), COLUMNS, path)


def verify(split: str, data: Data) -> Iterator[Claim | Likeness]:
    """One claim for each official file of the split; a training row's category, which Data lacks, is the file's own.

    Of a generated split, whose sentences are not the official ones, how like them its training sentences are.
    """
    if split == "generated":  # the other generated splits show the same sentences
        rows = official("train")
        wanted = rows.filter(pc.equal(rows["category"], IN_DISTRIBUTION))["sentence"].to_pylist()
        ours = [sentence for sentence in data.train["sentence"].to_pylist() if shares.whole(sentence)]
        yield from shares.compare(ours, wanted, _path("train"))
    if split not in TRAIN:
        return
    subsets = {"train": TRAIN[split], "validation": "dev", "test": "test", "gen": "gen"}
    tables = {"train": data.train, "validation": data.validation, **data.questions}
    for subset, name in subsets.items():
        rows = tables[subset]
        category = rows["category"] if subset in data.questions else official(name)["category"]
        lines = pc.binary_join_element_wise(rows["sentence"], rows["logical_form"], category, "\t")
        content = "".join(f"{line}\n" for line in lines.to_pylist()).encode()
        yield Claim(subset, rows.num_rows, content, _source(), _path(name))


def _path(name: str) -> str:
    return f"data/{name}.tsv"


@functools.cache
def _source() -> Source:
    return sources.declared(HERE)["cogs"]


@functools.cache
def _card() -> cards.TaskCard:
    card = cards.read(HERE, "task")
    assert isinstance(card, cards.TaskCard)  # noqa: S101  what "task" asks for
    return card
