"""SCAN: navigation commands, and the actions they stand for.

Lake & Baroni 2018 (arXiv:1711.00350); the template and filler splits are those of Loula, Baroni & Lake 2018
(arXiv:1807.07545). Nothing is downloaded: the grammar below yields the commands, actions and splits of
brendenlake/SCAN at c4b756cb, except the splits that were drawn at random.

    commands  jump twice and walk right
    actions   I_JUMP I_JUMP I_TURN_RIGHT I_WALK

Length is counted in actions, so the slice column would give answers away: it travels with the targets.

What is odd, and kept:

- `addprim_jump` shows the command `jump` 1,467 times and `addprim_turn_left` shows `turn left` 2,189 times, about a
  tenth of each training set, so that the primitive is learned at all. The copies stand at the end of train.
- The template and filler splits leave out the 1,209 commands in which `turn` fills the template (`turn around right`):
  they are neither shown nor asked, so that the template is met with the four primitives only.
- `filler_num0` and `template_around_right` train alike, `filler_num3` and `template_jump_around_right` are one split
  under two names, and all four fillers ask the same questions.

The official files are shuffled; here rows stand in the grammar's order (see `language`), so a split equals the official
one as a multiset. Nothing is random: the data seed changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from genbench.errors import BadValue, UnknownName, nearest
from genbench.task import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genbench.cards import Value

Actions = tuple[str, ...]

PRIMITIVES: dict[str, Actions] = {"walk": ("I_WALK",), "look": ("I_LOOK",), "run": ("I_RUN",), "jump": ("I_JUMP",)}
VERBS: dict[str, Actions] = PRIMITIVES | {"turn": ()}  # no action of its own, so it needs a direction
DIRECTIONS: dict[str, Actions] = {"left": ("I_TURN_LEFT",), "right": ("I_TURN_RIGHT",)}
COUNTS = {"": 1, " twice": 2, " thrice": 3}

LONGEST_TRAINED = 22  # actions; the paper's experiment 2 asks for 24 to 48, and no command has 23


class Rule(NamedTuple):
    """A split in three regular expressions over commands.

    `asked` is the test set, less what matches `left_out`; train is every command that matches neither `asked`,
    `left_out` nor `untrained`, and then `shown` alone, `copies` times.

    No word of SCAN begins or ends with another, so a match is always one of whole words.
    """

    asked: str
    left_out: str = ""
    untrained: str = ""
    shown: str = ""
    copies: int = 0


ANY = f"({'|'.join(PRIMITIVES)})"
RULES = {
    "addprim_jump": Rule("jump", shown="jump", copies=1467),
    "addprim_turn_left": Rule("turn left", shown="turn left", copies=2189),
    "template_around_right": Rule(f"{ANY} around right", left_out="turn around right"),
    "template_opposite_right": Rule(f"{ANY} opposite right", left_out="turn opposite right"),
    "template_right": Rule(f"{ANY} right", left_out="turn right"),
    "template_jump_around_right": Rule("jump around right", left_out="turn around right"),
    "filler_num0": Rule("jump around right", left_out="turn around right", untrained="around right"),
    "filler_num1": Rule("jump around right", left_out="turn around right", untrained="(walk|run) around right"),
    "filler_num2": Rule("jump around right", left_out="turn around right", untrained="run around right"),
    "filler_num3": Rule("jump around right", left_out="turn around right"),
}


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:  # noqa: ARG001  there is nothing to set or draw
    """The split as its rule divides the language: columns commands and actions; questions carry length and conjunction.

    Raises `UnknownName` for a split that no rule here derives.
    """
    every = language()
    if split == "length":
        asked = pc.greater(every["length"], LONGEST_TRAINED)
        trained = pc.invert(asked)
    elif split in RULES:
        asked, trained = _divide(every["commands"], RULES[split])
    else:
        raise UnknownName(f"scan has no split {split!r}{nearest(split, ['length', *RULES])}")
    train = every.select(["commands", "actions"]).filter(trained)
    if split in RULES and RULES[split].copies:
        train = pa.concat_tables([train, _copies(RULES[split])])
    return Data(train=train, questions={"test": every.filter(asked)})


def _divide(commands: pa.ChunkedArray, rule: Rule) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    def holds(pattern: str) -> pa.ChunkedArray | bool:
        return pc.match_substring_regex(commands, pattern) if pattern else False

    left_out = holds(rule.left_out)
    matched = holds(rule.asked)
    shown = pc.equal(commands, rule.shown)
    asked = pc.and_(matched, pc.invert(pc.or_(left_out, shown)))
    return asked, pc.invert(pc.or_(pc.or_(matched, left_out), holds(rule.untrained)))


def _copies(rule: Rule) -> pa.Table:
    return pa.table({"commands": [rule.shown] * rule.copies, "actions": [interpret(rule.shown)] * rule.copies})


def language() -> pa.Table:
    """All 20,910 commands in a fixed order: columns commands, actions, length (actions) and conjunction.

    The 102 phrases come first, then every `A and B`, then every `A after B`, A and B in the order of `phrases`.
    """
    parts = phrases()
    words = [words for words, _ in parts]
    acts = [" ".join(actions) for _, actions in parts]
    lengths = [len(actions) for _, actions in parts]
    pairs = len(parts) ** 2
    commands = words + [f"{a} and {b}" for a in words for b in words] + [f"{a} after {b}" for a in words for b in words]
    actions = acts + [f"{a} {b}" for a in acts for b in acts] + [f"{b} {a}" for a in acts for b in acts]
    length = lengths + [a + b for a in lengths for b in lengths] * 2
    conjunctions = ["none"] * len(parts) + ["and"] * pairs + ["after"] * pairs
    return pa.table(
        {
            "commands": pa.array(commands, pa.string()),
            "actions": pa.array(actions, pa.string()),
            "length": pa.array(length, pa.int64()),
            "conjunction": pa.array(conjunctions, pa.string()),
        }
    )


def phrases() -> list[tuple[str, Actions]]:
    """The 102 commands without `and` or `after`, with their actions: bare, then turned, each once to thrice."""
    plain = list(PRIMITIVES.items())
    for verb, act in VERBS.items():
        for direction, turn in DIRECTIONS.items():
            plain.append((f"{verb} {direction}", turn + act))
            plain.append((f"{verb} opposite {direction}", turn + turn + act))
            plain.append((f"{verb} around {direction}", (turn + act) * 4))
    return [(words + often, actions * times) for words, actions in plain for often, times in COUNTS.items()]


_PHRASE = re.compile(r"(walk|look|run|jump|turn)(?: (opposite |around )?(left|right))?(?: (twice|thrice))?")


def interpret(command: str) -> str:
    """The actions of one command, read from its words; it shares no table with the generator, so each checks the other.

    Raises `BadValue` for what is not a command.

    >>> interpret("jump twice and walk right")
    'I_JUMP I_JUMP I_TURN_RIGHT I_WALK'
    """
    for conjunction in (" and ", " after "):
        first, joined, second = command.partition(conjunction)
        if joined:
            halves = [_follow(first, command), _follow(second, command)]
            return " ".join(halves if conjunction == " and " else reversed(halves))
    return _follow(command, command)


def _follow(phrase: str, command: str) -> str:
    found = _PHRASE.fullmatch(phrase)
    if not found or (found[1] == "turn" and not found[3]):
        raise BadValue(f"{command!r} is not a SCAN command: {phrase!r} should be a verb, a direction and a count")
    verb, manner, direction, count = found.groups()
    steps = [] if verb == "turn" else [f"I_{verb.upper()}"]
    if direction:
        steps = [f"I_TURN_{direction.upper()}"] * (2 if manner == "opposite " else 1) + steps
    if manner == "around ":
        steps *= 4
    return " ".join(steps * {None: 1, "twice": 2, "thrice": 3}[count])
