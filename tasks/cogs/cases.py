"""What is asked of a sentence: the 21 categories that generalize, and what training shows of each held-out word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from constructions import KINDS, choice

from genbench.errors import UnknownName, nearest

if TYPE_CHECKING:
    from constructions import Choice


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked of a sentence's innermost clause; where a field is empty, the grammar's own choice stands.

    `kinds` are the clauses that may be (by their weights in KINDS, unless `weights` has others). `word` stands in
    `role`, or as the verb (`verb`), or behind `to` (`infinitive`). `classes` are those its verb is of. `clauses` and
    `phrases` are how often `that` and a preposition stand within each other, `phrases` behind the theme. With
    `subjects`, a preposition stands behind every subject and behind every agent. Cases of one `frames` draw alike.
    """

    frames: str
    kinds: tuple[str, ...]
    weights: tuple[float, ...] = ()
    role: str = ""
    word: str = ""
    classes: tuple[str, ...] = ()
    clauses: int | None = None
    phrases: int | None = None
    subjects: bool = False

    def of(self) -> Choice:
        """Its kinds by weight."""
        weights = self.weights or tuple(KINDS[kind] for kind in self.kinds)
        return choice(dict(zip(self.kinds, weights, strict=True)))


ALL: Final = Case("in_distribution", tuple(kind for kind in KINDS if kind != "cp"))
_SUBJECT: Final = ("trans", "dat_do", "dat_pp", "xcomp", "intr_agent")
_OBJECT: Final = ("trans", "dat_do", "dat_pp")
_ACTIVE: Final = ("trans",)
# Measured on gen.tsv: these two have clauses of other shares than training has.
_INNERMOST: Final = {
    "intr_theme": 311,
    "pass_theme": 137,
    "pass_recip": 127,
    "pass_theme_by": 86,
    "trans": 80,
    "pass_recip_by": 75,
    "intr_agent": 60,
    "pass_theme_to": 36,
    "dat_pp": 27,
    "pass_theme_to_by": 21,
    "dat_do": 20,
    "xcomp": 20,
}
_WITH_SUBJECT_PHRASE: Final = {
    "trans": 193,
    "intr_agent": 154,
    "pass_recip": 122,
    "pass_theme": 104,
    "intr_theme": 84,
    "pass_theme_by": 80,
    "xcomp": 78,
    "dat_pp": 52,
    "dat_do": 47,
    "pass_recip_by": 34,
    "pass_theme_to": 30,
    "pass_theme_to_by": 22,
}
CASES: Final = {
    "active_to_passive": Case("bless", ("pass_theme", "pass_theme_by"), role="verb", word="bless"),
    "cp_recursion": Case("cp", tuple(_INNERMOST), tuple(_INNERMOST.values()), clauses=3),
    "do_dative_to_pp_dative": Case("teleport", ("dat_pp",), role="verb", word="teleport"),
    "obj_omitted_transitive_to_transitive": Case("transitive", _ACTIVE, role="verb", word="bake"),
    "obj_pp_to_subj_pp": Case(
        "subjects", tuple(_WITH_SUBJECT_PHRASE), tuple(_WITH_SUBJECT_PHRASE.values()), subjects=True
    ),
    "obj_to_subj_common": Case("cockroach", _SUBJECT, role="agent", word="cockroach"),
    "obj_to_subj_proper": Case("Charlie", _SUBJECT, role="agent", word="Charlie"),
    "only_seen_as_transitive_subj_as_unacc_subj": Case("cobra", ("intr_theme",), role="theme", word="cobra"),
    "only_seen_as_unacc_subj_as_obj_omitted_transitive_subj": Case(
        "hippo", ("intr_agent",), role="agent", word="hippo", classes=("omissible",)
    ),
    "only_seen_as_unacc_subj_as_unerg_subj": Case(
        "hippo", ("intr_agent",), role="agent", word="hippo", classes=("unergative",)
    ),
    "passive_to_active": Case("squeeze", _ACTIVE, role="verb", word="squeeze"),
    "pp_dative_to_do_dative": Case("ship", ("dat_do",), role="verb", word="ship"),
    "pp_recursion": Case("pp", _OBJECT, phrases=3),
    "prim_to_inf_arg": Case("crawl", ("xcomp",), role="infinitive", word="crawl"),
    "prim_to_obj_common": Case("object", _OBJECT, role="theme", word="shark"),
    "prim_to_obj_proper": Case("named object", _OBJECT, role="theme", word="Paula"),
    "prim_to_subj_common": Case("shark", _SUBJECT, role="agent", word="shark"),
    "prim_to_subj_proper": Case("Paula", _SUBJECT, role="agent", word="Paula"),
    "subj_to_obj_common": Case("object", _OBJECT, role="theme", word="hedgehog"),
    "subj_to_obj_proper": Case("named object", _OBJECT, role="theme", word="Lina"),
    "unacc_to_transitive": Case("transitive", _ACTIVE, role="verb", word="shatter"),
}
EXPOSURES: Final = {
    "exposure_example_active": Case("exposed bless", _ACTIVE, role="verb", word="bless"),
    "exposure_example_do_dative": Case("exposed teleport", ("dat_do",), role="verb", word="teleport"),
    "exposure_example_obj_common": Case("exposed cockroach", _OBJECT, role="theme", word="cockroach"),
    "exposure_example_obj_omitted_transitive": Case("exposed bake", ("intr_agent",), role="verb", word="bake"),
    "exposure_example_obj_proper": Case("exposed Charlie", _OBJECT, role="theme", word="Charlie"),
    "exposure_example_passive": Case("exposed squeeze", ("pass_theme",), role="verb", word="squeeze"),
    "exposure_example_pp_dative": Case("exposed ship", ("dat_pp",), role="verb", word="ship"),
    "exposure_example_subj_common": Case("exposed hedgehog", _SUBJECT, role="agent", word="hedgehog"),
    "exposure_example_subj_proper": Case("exposed Lina", _SUBJECT, role="agent", word="Lina"),
    "exposure_example_transitive_subj": Case("exposed cobra", _ACTIVE, role="agent", word="cobra"),
    "exposure_example_unacc": Case("exposed shatter", ("intr_theme",), role="verb", word="shatter"),
    "exposure_example_unacc_subj": Case("exposed hippo", ("intr_theme",), role="theme", word="hippo"),
}


def case_of(category: str) -> Case:
    """The case of one of the 21 categories. Raises `UnknownName` with a hint."""
    if category not in CASES:
        raise UnknownName(f"cogs has no category {category!r}{nearest(category, CASES)}")
    return CASES[category]
