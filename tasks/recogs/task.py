"""ReCOGS: the sentences of COGS, to be turned into forms in which nothing depends on how they are written.

Wu, Manning & Potts 2023 (arXiv:2303.13716); forms of frankaging/ReCOGS at 1b6eca8f, made by rule from the sentences.

    sentence  The girl offered the weapon beside a machine to a chicken .
    form      * girl ( 17 ) ; * weapon ( 33 ) ; machine ( 35 ) ; chicken ( 13 ) ; offer ( 44 ) AND agent ( 44 , 17 )
              AND theme ( 44 , 33 ) AND recipient ( 44 , 13 ) AND nmod . beside ( 33 , 35 )

Sentences, categories and parameters are those of `tasks/cogs`, whose `recogs.py` writes the forms. An answer is right
when it is the target up to a renaming of variables and the order of conjuncts (`semantic.py`).

What is ours: training holds each row once, with variables drawn once, where the release draws them anew five times and
adds sentences strung together; and the forms of verbs alone (see `tasks/cogs/recogs.py`).
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from genbench import Data, load_entry, seeds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench import Value

COGS = Path(__file__).resolve().parents[1] / "cogs"
_sentences = load_entry(COGS, "task:load")
_drawn = load_entry(COGS, "recogs:drawn")
_by_positions = load_entry(COGS, "recogs:by_positions")
example = load_entry(COGS, "describe:example")
OF = {"gen": "gen", "gen_positions": "gen"}  # of cogs; the others have its generated sentences


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split of COGS with the column `form` in place of `logical_form`. Raises what COGS raises."""
    data = _sentences(OF.get(split, "generated"), params, seed)

    def turned(name: str, rows: pa.Table) -> pa.Table:
        sentences = rows["sentence"].to_pylist()
        if "positions" in split:
            forms = [_by_positions(sentence) for sentence in sentences]
        else:
            stream = random.Random(seeds.derive("recogs", split, name, seed)).random  # noqa: S311  no secrets
            forms = [_drawn(sentence, stream) for sentence in sentences]
        at = rows.schema.get_field_index("logical_form")
        return rows.set_column(at, "form", pa.array(forms, pa.string()))

    return Data(
        train=turned("train", data.train),
        questions={name: turned(name, rows) for name, rows in data.questions.items()},
        validation=turned("validation", data.validation),
    )


_NOUN = r"(?:\* )?[A-Za-z]+ \( \d+ \)"
_RELATION = r"[a-z]+(?: \. [a-z]+)? \( \d+(?: , \d+)? \)"
_FORM = re.compile(rf"[A-Z][a-z]*|LAMBDA .*|{_NOUN}(?: ; {_NOUN})* ; {_RELATION}(?: AND {_RELATION})*")


def well_formed(answer: str) -> bool:
    """Whether an answer is a form of ReCOGS at all, of whatever words and variables."""
    return _FORM.fullmatch(answer) is not None
