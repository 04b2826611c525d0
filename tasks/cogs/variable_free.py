"""The same meanings without variables, and the way back.

    logical        * cake ( x _ 1 ) ; eat . theme ( x _ 3 , x _ 1 ) AND eat . agent ( x _ 3 , x _ 6 ) AND boy ( x _ 6 )
    variable_free  eat ( theme = * cake , agent = boy )

The form is that of Qiu et al. 2022 (arXiv:2112.07610), as their converter and its tests give it
(google-research/language at bcc90d31, language/compgen/csl/tasks/cogs), and as Wu et al. 2023 (ReCOGS,
arXiv:2303.13716) train on it (frankaging/ReCOGS at 836173aa, variable_free/):

- a verb is a function of its roles, in the order of the sentence; what its role is filled with stands in its place;
- a noun or name is itself, behind `*` where it is definite; a preposition is a role of the noun: `nmod . on = table`;
- who an infinitive is said of is said again, whole: `need ( agent = * girl , xcomp = cook ( agent = * girl ) )`;
- a word alone is itself, as Qiu et al. have it. ReCOGS leaves words alone in the logical form, with its variables.

The way back is not quite a function: `roll ( theme = cake )` is `A cake rolled .` and `A cake was rolled .`, whose
logical forms differ in a position. It is the only doubt there is: one clause of a sentence, verbs of one class, two
readings. `logical_forms` gives them all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import grammar
from grammar import PREPOSITIONS, VERBS, forms

from genbench.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("agent", "theme", "recipient", "ccomp", "xcomp")
_PART = re.compile(r"(\* )?([A-Za-z]+)((?: \. [a-z]+)*) \( x _ (\d+)(?: , (?:x _ (\d+)|([A-Z][a-z]*)))? \)")
_WORD = re.compile(r"[A-Z]?[a-z]+")
# A word alone has one of these forms; a sentence has conjuncts, the definite nouns before the others.
_NOUN = r"[a-z]+ \( x _ \d+ \)"
_ARGUMENT = r"(?:x _ \d+|[A-Z][a-z]*)"
_RELATION = (
    rf"[a-z]+ \. (?:(?:agent|theme|recipient|nmod \. (?:{'|'.join(PREPOSITIONS)})) \( x _ \d+ , {_ARGUMENT}"
    r"|(?:ccomp|xcomp) \( x _ \d+ , x _ \d+) \)"
)
_SENTENCE = rf"(?:\* {_NOUN} ; )*(?:{_NOUN}|{_RELATION})(?: AND (?:{_NOUN}|{_RELATION}))*"
_EVENT = r"LAMBDA a \. LAMBDA e \. [a-z]+ \. (?:agent|theme) \( e , a \)"
_TWO = r"LAMBDA a \. LAMBDA b \. LAMBDA e \. ([a-z]+) \. agent \( e , b \) AND \1 \. theme \( e , a \)"
_LOGICAL = re.compile(rf"[A-Z][a-z]*|LAMBDA a \. [a-z]+ \( a \)|{_EVENT}|{_TWO}|{_SENTENCE}")


class Node(NamedTuple):
    """A word and what fills its roles: `agent`, `nmod . on`, ..."""

    word: str
    definite: bool
    roles: tuple[tuple[str, Node], ...]


def from_logical(form: str) -> str:
    """The variable-free form of a logical form; a word alone is that word. Raises `BadValue` for what is neither.

    >>> from_logical("* sailor ( x _ 1 ) ; dust . agent ( x _ 2 , x _ 1 ) AND dust . theme ( x _ 2 , Emma )")
    'dust ( agent = * sailor , theme = Emma )'
    """
    if form.startswith("LAMBDA") or "(" not in form:
        found = re.search(r"(?:LAMBDA [abe] \. )+([a-z]+)", form)
        return found[1] if found else form
    words: dict[str, str] = {}  # of a position, behind `*` where it is definite
    roles: dict[str, list[tuple[str, str, str]]] = {}  # of a position: role, the position or the name that fills it
    filled = set()
    for text in re.split(" ; | AND ", form):
        part = _PART.fullmatch(text)
        if not part:
            raise BadValue(f"{form!r} is no logical form of COGS: {text!r} is no part of one")
        definite, word, role, at, position, name = part.groups(default="")
        words.setdefault(at, definite + word)
        if role:
            roles.setdefault(at, []).append((role.removeprefix(" . "), position, name))
            filled.add(position)
    unknown = [position for position in filled if position and position not in words]
    roots = [at for at in words if at not in filled]
    if unknown or len(roots) != 1:
        wrong = f"nothing is said of x _ {unknown[0]}" if unknown else f"{len(roots)} of its words fill no role"
        raise BadValue(f"{form!r} is no logical form of COGS: {wrong}; of one word it must be so, and is of the verb")
    return " ".join(_written(roots[0], words, roles))


def _written(at: str, words: dict[str, str], roles: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    yield words[at]
    for number, (role, position, name) in enumerate(roles.get(at, [])):
        yield f"{', ' if number else '( '}{role} ="
        if name:
            yield name
        else:
            yield from _written(position, words, roles)
    if at in roles:
        yield ")"


class _Tokens:
    """A variable-free form being read from left to right."""

    def __init__(self, form: str) -> None:
        self.form, self.left = form, form.split()[::-1]

    def next(self) -> str:
        """The token to be read next, "" at the end."""
        return self.left[-1] if self.left else ""

    def take(self, *wanted: str) -> str:
        """Read a token that must be one of those wanted."""
        if self.next() not in wanted:
            raise self.fail(" or ".join(map(repr, wanted)))
        return self.left.pop()

    def word(self) -> Node:
        """Read a word, behind `*` where it is definite."""
        definite = self.next() == "*"
        if definite:
            self.left.pop()
        word = self.next()
        if not _WORD.fullmatch(word) or (definite and not word.islower()):
            raise self.fail("a noun" if definite else "a word")
        return Node(self.left.pop(), definite, ())

    def role(self) -> str:
        """Read a role and the `=` behind it."""
        role = self.take(*ROLES, "nmod")
        if role == "nmod":
            role = f"{role} {self.take('.')} {self.take(*PREPOSITIONS)}"
        self.take("=")
        return role

    def fail(self, wanted: str) -> BadValue:
        there = repr(self.next()) if self.left else "the end"
        return BadValue(f"{self.form!r} is no variable-free form: {wanted} should stand in place of {there}")


def read(form: str) -> Node:
    """A variable-free form as a tree. Raises `BadValue`, naming the token it fails at. Any depth will do."""
    tokens = _Tokens(form)
    above: list[
        tuple[Node, list[tuple[str, Node]], str]
    ] = []  # words whose roles are being read, and the role each is at
    while True:
        node = tokens.word()
        if tokens.next() == "(":
            tokens.take("(")
            above.append((node, [], tokens.role()))
            continue
        while above:
            outer, roles, role = above.pop()
            roles.append((role, node))
            if tokens.take(",", ")") == ",":
                above.append((outer, roles, tokens.role()))
                break
            node = outer._replace(roles=tuple(roles))
        if not above:
            break
    if tokens.left:
        raise tokens.fail("the end")
    return node


def sentences(form: str) -> tuple[str, ...]:
    """The sentences that a variable-free form may come from: one, or two that differ in `was`; a word alone is itself.

    Raises `BadValue` for what is no variable-free form, or one that no sentence has.
    """
    node = read(form)
    if not node.roles:
        return (node.word,)
    return tuple(
        " ".join([{"a": "A", "the": "The"}.get(first, first), *words, "."]) for first, *words in _clause(node, form)
    )


_ORDERS = {  # of the roles, in the order of the sentence: what stands around the verb and the arguments
    ("agent",): "0 V",
    ("agent", "theme"): "0 V 1",
    ("agent", "recipient", "theme"): "0 V 1 2",
    ("agent", "theme", "recipient"): "0 V 1 to 2",
    ("theme",): "0 was P",
    ("theme", "agent"): "0 was P by 1",
    ("theme", "recipient"): "0 was P to 1",
    ("theme", "recipient", "agent"): "0 was P to 1 by 2",
    ("recipient", "theme"): "0 was P 1",
    ("recipient", "theme", "agent"): "0 was P 1 by 2",
    ("agent", "ccomp"): "0 V that 1",
    ("agent", "xcomp"): "0 V to 1",
}


def _clause(node: Node, form: str) -> list[list[str]]:
    """The words of a clause, in each of its readings."""
    roles = tuple(role for role, _ in node.roles)
    if roles not in _ORDERS or node.word not in grammar.LEMMAS:
        raise BadValue(f"{form!r} is the form of no sentence: no clause has {node.word!r} with {', '.join(roles)}")
    orders = [_ORDERS[roles]]
    if roles == ("theme",) and node.word in VERBS["unaccusative"]:
        orders.insert(0, "0 V")
    past, participle = forms(node.word)
    readings = []
    for order in orders:
        told: list[list[str]] = [[]]
        for part in order.split():
            if not part.isdigit():
                added = [[{"V": past, "P": participle}.get(part, part)]]
            elif roles[int(part)] == "ccomp":
                added = _clause(node.roles[int(part)][1], form)
            elif roles[int(part)] == "xcomp":
                added = [[_infinitive(node, form)]]
            else:
                added = [_phrase(node.roles[int(part)][1], form)]
            told = [[*words, *more] for words in told for more in added]
        readings += told
    return readings


def _infinitive(node: Node, form: str) -> str:
    (_, agent), (_, said) = node.roles
    if said.roles != (("agent", agent),) or said.word not in grammar.LEMMAS:
        raise BadValue(
            f"{form!r} is the form of no sentence: an infinitive has the agent of its verb, and no other role"
        )
    return said.word


def _phrase(node: Node, form: str) -> list[str]:
    words: list[str] = []
    while True:
        if node.word[0].isupper():
            words.append(node.word)
        else:
            words += ["the" if node.definite else "a", "TV" if node.word == "tv" else node.word]
        if not node.roles:
            return words
        ((role, inside), *more) = node.roles
        if more or not role.startswith("nmod") or node.word[0].isupper():
            raise BadValue(f"{form!r} is the form of no sentence: {node.word!r} has roles that no noun has")
        words.append(role.removeprefix("nmod . "))
        node = inside


def logical_forms(form: str) -> tuple[str, ...]:
    """The logical forms that a variable-free form may stand for: one, or two (see above). Raises as `sentences`."""
    return tuple(grammar.interpret(sentence) for sentence in sentences(form))


def well_formed(answer: str) -> bool:
    """Whether an answer is a logical form or a variable-free one, of whatever words and positions.

    A logical form: a name, a word's LAMBDA form, or conjuncts, definite nouns in front. Variable-free: what `read`
    reads. Neither has to mean anything: a position may be bound twice or never.

    >>> well_formed("cake ( x _ 1 ) AND roll . theme ( x _ 2 , x _ 1 )"), well_formed("roll . theme ( x _ 2 , x _ 1")
    (True, False)
    """
    if _LOGICAL.fullmatch(" ".join(answer.split())):
        return True
    try:
        read(answer)
    except BadValue:
        return False
    return True
