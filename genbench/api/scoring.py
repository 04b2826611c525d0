"""Scores of predictions made elsewhere, also in a notebook."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from genbench.api import addresses
from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from genbench.authoring.predictions import Scored
    from genbench.cards import TaskCard
    from genbench.registry import ChosenSplit

ENDINGS: Final = (".gz", ".zst", ".parquet", ".jsonl", ".csv")  # of a file's name, that say its form


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one set of predictions on a split.

    `frame` holds all of them: question_set, kind, axis, slice, metric, value; low and high, the 95 % interval over the
    questions asked, where there is ground for one, as a standing has it; n, the number of these. Rows of a whole
    question set have an empty axis and slice. `metric` is the headline; `chance` is by question set;
    `hint` says what many answers hold and no training answer does, `</s>` say.
    """

    split: str
    name: str
    seed: int
    metric: str
    chance: Mapping[str, float]
    frame: pd.DataFrame
    hint: str = ""

    @property
    def headline(self) -> pd.DataFrame:
        """The headline metric on each whole question set, ood first: question_set, kind, value, low, high, n."""
        from genbench.analysis.standings import KINDS

        whole = self.frame[(self.frame["metric"] == self.metric) & (self.frame["axis"] == "")]
        order = whole["kind"].map({kind: place for place, kind in enumerate(KINDS)}).sort_values(kind="stable").index
        return whole.loc[order, ["question_set", "kind", "value", "low", "high", "n"]].reset_index(drop=True)

    def __repr__(self) -> str:
        lines = ["  ".join(("", *(text for text in one if text))) for one in self._lines()]
        return "\n".join([f"{self.name} on {self.split}, {self.metric}", *lines, *filter(None, [self.hint])])

    def _repr_html_(self) -> str:
        head = f"{escape(self.name)} on {escape(self.split)}, {escape(self.metric)}"
        cells = ("".join(f"<td>{escape(text)}</td>" for text in one) for one in self._lines())
        rows = "".join(f"<tr>{one}</tr>" for one in cells)
        others = self.frame[(self.frame["metric"] != self.metric) | (self.frame["axis"] != "")]
        more = f"<details><summary>slices and other metrics</summary>{_table(others)}</details>" if len(others) else ""
        return f"<div><b>{head}</b><table>{rows}</table>{escape(self.hint)}{more}</div>"

    def _lines(self) -> Iterator[tuple[str, ...]]:
        from genbench.report.wording import count, figure, span

        for row in self.headline.to_dict("records"):
            bounded = row["low"] == row["low"]
            within = f"({span(row['low'], row['high'], bounded)})" if bounded else ""
            chance = self.chance.get(row["question_set"])
            told = "" if chance is None else f"chance {figure(chance, bounded)}"
            yield row["question_set"], figure(row["value"], bounded), within, count(row["n"], "question"), told


def _table(frame: pd.DataFrame) -> str:
    """A frame as HTML: its texts are escaped."""
    return str(frame.to_html(index=False, escape=True, na_rep="", float_format="{:.4g}".format))


def score(
    predictions: Any, split: str | os.PathLike[str], *, name: str = "", seed: int = 0, out: str | os.PathLike[str] = ""
) -> Scores:
    """Score predictions made elsewhere by the code that scores every submission.

    `predictions` are, for the questions of `genbench.load(split)`:

    - a list, array or tensor with one answer per question: question set after question set, in the order in which
      `load` gives them;
    - a mapping of question_id to answer, or of a question set's name to such a list for it;
    - a pandas or polars frame, or an Arrow table, with the columns question_id and prediction (others are left out);
    - a path (`pathlib.Path` or text) of a file with just these columns.

    Answers have the target's type; where the task asks for rankings, they are labels, lists of (label, probability), or
    rows of probabilities. Every question needs one answer.

    `out` adds the rows to a results folder, under `name` ("predictions", or the file's name, where there is none) and
    `seed`, that of the training run. They say `sealing = none` and are never ranked.

    Raises `BadPredictions`, naming what is wrong with them, `UnknownName` and `BadValue` for the other arguments.

    >>> import genbench
    >>> questions = genbench.load("modular/addition:p=7")
    >>> sums = {name: [(row["a"] + row["b"]) % 7 for row in questions[name]] for name in ("test", "trained")}
    >>> genbench.score(sums, "modular/addition:p=7").headline[["question_set", "value", "n"]]
      question_set  value   n
    0         test    1.0  25
    1      trained    1.0  24
    """
    chosen, own, scored = grade(predictions, split, name=name, seed=seed, out=out)
    plain = not chosen.given  # of other parameters the card's chance is not known
    return Scores(
        f"{chosen.task.name}/{chosen.label}",
        own,
        seed,
        chosen.task.headline,
        {one: chosen.split.chance_of(one) for one in chosen.split.questions} if plain else {},
        _frame(scored.scores, chosen.task),
        scored.hint,
    )


class Graded(NamedTuple):
    """What became of predictions: the split that they answer, how they are called, their rows."""

    chosen: ChosenSplit
    name: str
    scored: Scored


def grade(
    predictions: Any,
    split: str | os.PathLike[str],
    *,
    name: str = "",
    seed: int = 0,
    out: str | os.PathLike[str] = "",
    taker: str = "",
) -> Graded:
    """Score predictions and add their rows to `out`, where it is given; the arguments are those of `score`.

    `taker` is the verb of the command line that asks, for its messages. A place that cannot be written is refused
    before anything is scored.
    """
    from genbench.authoring import predictions as elsewhere
    from genbench.rows.store import Store

    chosen = addresses.one_split(split, taker)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise BadValue(f"seed is {seed!r}; it must be a whole number from 0 on")
    store = Store(str(os.fspath(out))) if out else None
    if store:
        store.prepare()
    path = Path(predictions) if isinstance(predictions, (str, os.PathLike)) else None
    own = name or ("predictions" if path is None else _name_of(path))
    scored = (
        elsewhere.score(path, chosen, own, seed) if path is not None else _in_memory(predictions, chosen, own, seed)
    )
    if store:
        store.append(chosen.task.name, own, scored.key, scored.rows)
    return Graded(chosen, own, scored)


def _name_of(path: Path) -> str:
    """A file's name without what says its form: `answers` of `answers.jsonl.gz`."""
    stem = path.name
    for ending in ENDINGS:
        stem = stem.removesuffix(ending)
    return stem if stem != path.name else path.stem


def _in_memory(predictions: Any, chosen: ChosenSplit, name: str, seed: int) -> Scored:
    from genbench.api import answers
    from genbench.authoring import predictions as elsewhere
    from genbench.authoring.origin import Origin
    from genbench.data import tables
    from genbench.evaluation import build
    from genbench.scoring.grading import as_text

    elsewhere.check_name(name)
    started = time.time()
    built = build.build(chosen)
    table = answers.table_of(
        predictions,
        built.targets,
        chosen.task.answer_type,
        Origin(f"{chosen.task.name}/{chosen.label}", built.fingerprint),
    )
    texts = table.set_column(1, "prediction", as_text(table.column(1).combine_chunks()))
    digest = tables.fingerprint({"predictions": texts.sort_by("question_id")}).removeprefix("sha256:")
    source = elsewhere.Source(answers.WHERE, "predictions from Python", digest, started)
    return elsewhere.score_answers(table, built, source, chosen, name, seed)


def _frame(rows: list[dict[str, Any]], card: TaskCard) -> pd.DataFrame:
    """SCORES rows with their intervals."""
    import pandas as pd

    from genbench.analysis.intervals import of_score

    columns = ["question_set", "kind", "axis", "slice", "metric", "value", "low", "high", "n"]
    found = []
    for row in rows:
        low, high = of_score(row, card)
        found.append({**{name: row[name] for name in columns if name in row}, "low": low, "high": high})
    return pd.DataFrame(found, columns=columns).astype({"low": float, "high": float})
