"""The forms of ReCOGS: conjuncts on variables that are numbers, a name and a verb being conjuncts like any noun.

    sentence    Emma preferred to giggle .
    positions   Emma ( 0 ) ; prefer ( 1 ) AND agent ( 1 , 0 ) AND xcomp ( 1 , 3 ) AND giggle ( 3 ) AND agent ( 3 , 0 )
    drawn       Emma ( 1 ) ; prefer ( 9 ) AND agent ( 9 , 1 ) AND xcomp ( 9 , 2 ) AND giggle ( 2 ) AND agent ( 2 , 1 )

Wu, Manning & Potts 2023 (arXiv:2303.13716); frankaging/ReCOGS at 1b6eca8f, `recogs_positional_index` and `recogs_v2`.
Nouns and names come first, as they stand in the sentence, definite ones behind `*`; then each clause's verb and roles;
then what prepositions join. In the first a variable is the word's position, from 0. In the second it is drawn for each
row, so that no position in a logical form tells anything: from the 57 numbers that COGS's own forms have.

A word alone keeps its `LAMBDA`, as in the release's notebook; that of a verb is rewritten as its sentences are, which
is ours, for the released training files were not at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grammar import Clause, Phrase

NUMBERS: Final = (*range(55), 56, 59)


def by_positions(sentence: str) -> str:
    """The form whose variables are positions. Raises `BadValue` for what is no sentence and no word of COGS.

    >>> by_positions("Emma preferred to giggle .")
    'Emma ( 0 ) ; prefer ( 1 ) AND agent ( 1 , 0 ) AND xcomp ( 1 , 3 ) AND giggle ( 3 ) AND agent ( 3 , 0 )'
    """
    return _form(sentence, lambda positions: positions)


def drawn(sentence: str, random: Callable[[], float]) -> str:
    """The form whose variables are drawn without replacement; of `NUMBERS`, or from 0 on where these are too few."""

    def numbers(positions: Sequence[int]) -> Sequence[int]:
        left = list(NUMBERS if len(positions) <= len(NUMBERS) else range(len(positions)))
        return [left.pop(int(random() * len(left))) for _ in positions]

    return _form(sentence, numbers)


def _form(sentence: str, numbers: Callable[[Sequence[int]], Sequence[int]]) -> str:
    if len(sentence.split(maxsplit=1)) == 1:
        return alone(sentence.strip())
    clause = grammar.read(sentence)
    phrases = [inner for said in clause.chain() for _, phrase in said.arguments for inner in phrase.chain()]
    phrases.sort(key=_position)
    events = [at for said in clause.chain() for at in _events(said)]
    positions = sorted([*events, *(phrase.position for phrase in phrases)])
    number = dict(zip(positions, numbers(positions), strict=True))

    nouns = [f"{'* ' if one.article == 'the' else ''}{one.word} ( {number[one.position]} )" for one in phrases]
    parts = [part for said in clause.chain() for part in _said(said, number)]
    parts += [
        f"nmod . {one.preposition} ( {number[one.position]} , {number[one.inside.position]} )"
        for one in phrases
        if one.inside
    ]
    return " ; ".join([*nouns, " AND ".join(parts)])


def _position(phrase: Phrase) -> int:
    return phrase.position


def _events(clause: Clause) -> tuple[int, ...]:
    """Where a clause's verb stands, and its infinitive, behind `to`."""
    return (clause.position, clause.position + 2) if clause.infinitive else (clause.position,)


def _said(clause: Clause, number: dict[int, int]) -> list[str]:
    event = number[clause.position]
    parts = [f"{clause.lemma} ( {event} )"]
    parts += [f"{role} ( {event} , {number[phrase.position]} )" for role, phrase in clause.arguments]
    if clause.infinitive:
        inner, subject = number[clause.position + 2], clause.arguments[0][1]
        parts += [f"xcomp ( {event} , {inner} )", f"{clause.infinitive} ( {inner} )"]
        parts.append(f"agent ( {inner} , {number[subject.position]} )")
    if clause.said:
        parts.append(f"ccomp ( {event} , {number[clause.said.position]} )")
    return parts


def alone(word: str) -> str:
    """What a word means on its own.

    >>> alone("crawl"), alone("shark")
    ('LAMBDA a . LAMBDA e . crawl ( e ) AND agent ( e , a )', 'LAMBDA a . shark ( a )')
    """
    form = grammar.alone(word)
    head, dot, relations = form.partition(f" . {word} . ")
    if not dot:
        return form
    roles = " AND ".join(relation.removeprefix(f"{word} . ") for relation in relations.split(" AND "))
    return f"{head} . {word} ( e ) AND {roles}"
