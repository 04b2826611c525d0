"""SCAN: navigation commands, and the actions they stand for.

Lake & Baroni 2018 (arXiv:1711.00350); the template and filler splits are those of Loula, Baroni & Lake 2018
(arXiv:1807.07545). The grammar below yields the commands, actions and rule-made splits of brendenlake/SCAN at c4b756cb;
splits that were drawn at random or optimized are read from their official files (`official.py`, `sources.toml`).

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

- `fewshot_num32_rep3` adds 31 commands, `fewshot_num64_rep1` to `rep5` add 61, 61, 63, 62 and 60. What a few-shot split
  adds are commands with `look around right`; what it asks are commands with `jump around right`.
- The validation of the MCD splits is distributed as their test, not as train: who selects by it has seen the shift.

The official files are shuffled. Rows of rule-made splits stand in the grammar's order (see `language`), so such a split
equals the official one as a multiset; rows of the others stand in the official order. Nothing of them is random: the
data seed changes only the training sets that `factors.py` makes.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

import factors
import official
import pyarrow as pa
import pyarrow.compute as pc

from genbench import Data
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genbench import Value

Actions = tuple[str, ...]

PRIMITIVES: dict[str, Actions] = {"walk": ("I_WALK",), "look": ("I_LOOK",), "run": ("I_RUN",), "jump": ("I_JUMP",)}
VERBS: dict[str, Actions] = PRIMITIVES | {"turn": ()}  # no action of its own, so it needs a direction
DIRECTIONS: dict[str, Actions] = {"left": ("I_TURN_LEFT",), "right": ("I_TURN_RIGHT",)}
COUNTS = {"": 1, " twice": 2, " thrice": 3}

LONGEST_TRAINED = 22  # actions; the paper's experiment 2 asks for 24 to 48, and no command has 23
LENGTHS = (*range(1, 23), *range(24, 29), 30, 32, 33, 36, 40, 48)  # of all commands


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

AXES = ("length", "conjunction", "conjuncts", "template", "primitive")


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The split as its rule or its official files divide the language, or with a training set made by `factors`.

    Columns are commands and actions. Questions carry length, conjunction, conjuncts, template and primitive, as
    `language` defines them, those of `star_length` length alone. Raises `UnknownName` for a split that is no SCAN
    split, `BadValue` for a number of rows or a length that it cannot have, `SourceAbsent` where its official files
    cannot be had.
    """
    rows, longest = int(params.get("rows", 0)), int(params.get("longest", LONGEST_TRAINED))
    if split != "length" and longest != LONGEST_TRAINED:
        raise BadValue(f"scan/{split}: parameter 'longest' is {longest}; it is of scan/length alone")
    if longest not in LENGTHS[:-1]:
        raise BadValue(
            f"scan/length: parameter 'longest' is {longest}; commands are {_spelled(LENGTHS[:-1])} or 48 long"
        )
    if split in factors.SPLITS:
        return factors.load(split, rows, seed, _by_rule, [part[:3] for part in phrases()])
    if rows:
        raise BadValue(f"scan/{split}: parameter 'rows' is {rows}; this split has its published rows, so it must be 0")
    if split == "length" or split in RULES:
        return _by_rule(split, longest)
    if split in official.SPLITS:
        return _from_files(split)
    every = ["length", *RULES, *official.SPLITS, *factors.SPLITS]
    raise UnknownName(f"scan has no split {split!r}{nearest(split, every)}")


def stream(split: str, seed: int, rows: int = 0) -> Iterator[pa.Table]:
    """What `factors` generates of a split's training set, in tables of some thousands of rows and in flat memory.

    A `star_` split does not end; the others have `rows` rows with those of the split they are made from, 0 for all.
    """
    return factors.train_blocks(split, rows, seed, _by_rule, [part[:3] for part in phrases()])


def _spelled(lengths: Sequence[int]) -> str:
    """Lengths as text, neighbours in a row as a range.

    >>> _spelled((1, 2, 3, 5))
    '1 to 3, 5'
    """
    ends = [[one, one] for one in lengths]
    for before, behind in itertools.pairwise(ends):
        if behind[0] == before[1] + 1:
            behind[0] = before[0]
    last = dict(ends)
    return ", ".join(str(end) if end == first else f"{first} to {end}" for first, end in last.items())


def _by_rule(split: str, longest: int = LONGEST_TRAINED) -> Data:
    every = language()
    if split == "length":
        asked = pc.greater(every["length"], longest)
        trained = pc.invert(asked)
    else:
        asked, trained = _divide(every["commands"], RULES[split])
    train = every.select(["commands", "actions"]).filter(trained)
    if split in RULES and RULES[split].copies:
        train = pa.concat_tables([train, _copies(RULES[split])])
    return Data(train=train, questions={"test": every.filter(asked)})


def _from_files(split: str) -> Data:
    subsets = official.tables(split)
    every, test = language(), subsets["test"]
    where = pc.index_in(test["commands"], every["commands"])
    for axis in AXES:
        test = test.append_column(axis, every[axis].take(where))
    return Data(train=subsets["train"], validation=subsets.get("validation"), questions={"test": test})


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
    """All 20,910 commands in a fixed order: commands and actions, and along which axes a command is asked.

    The 102 phrases come first, then every `A and B`, then every `A after B`, A and B in the order of `phrases`.

    - length: the number of actions.
    - conjunction: `none`, `and`, `after`.
    - conjuncts: the number of phrases, 1 or 2.
    - template: the manner of each phrase as written (`bare`, `turned`, `opposite`, `around`), as in `bare+around` for
      `jump and walk around left twice`; verb, direction and count are left open.
    - primitive: the verbs, each once, in the order of `VERBS`, as in `walk+jump`.
    """
    parts = phrases()
    pairs = [(a, b) for a in parts for b in parts]
    actions = [" ".join(part.actions) for part in parts]
    acted = [(a, b) for a in actions for b in actions]
    length = [len(a.actions) + len(b.actions) for a, b in pairs]
    template = [f"{a.manner}+{b.manner}" for a, b in pairs]
    order = list(VERBS)
    verbs = {(a, b): "+".join(sorted({a, b}, key=order.index)) for a in order for b in order}
    primitive = [verbs[a.verb, b.verb] for a, b in pairs]
    count = len(pairs)
    strings = {
        "commands": [part.words for part in parts]
        + [f"{a.words} and {b.words}" for a, b in pairs]
        + [f"{a.words} after {b.words}" for a, b in pairs],
        "actions": actions + [f"{a} {b}" for a, b in acted] + [f"{b} {a}" for a, b in acted],
        "conjunction": ["none"] * len(parts) + ["and"] * count + ["after"] * count,
        "template": [part.manner for part in parts] + template * 2,
        "primitive": [part.verb for part in parts] + primitive * 2,
    }
    numbers = {
        "length": [len(part.actions) for part in parts] + length * 2,
        "conjuncts": [1] * len(parts) + [2] * (2 * count),
    }
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in strings.items()}
        | {name: pa.array(values, pa.int64()) for name, values in numbers.items()}
    )


class Phrase(NamedTuple):
    """A command without `and` or `after`: its words, its actions, its verb, and how the verb is turned."""

    words: str
    actions: Actions
    verb: str
    manner: str


def phrases() -> list[Phrase]:
    """The 102 phrases: bare, then turned, each once to thrice."""
    plain = [Phrase(verb, act, verb, "bare") for verb, act in PRIMITIVES.items()]
    for verb, act in VERBS.items():
        for direction, turn in DIRECTIONS.items():
            plain.append(Phrase(f"{verb} {direction}", turn + act, verb, "turned"))
            plain.append(Phrase(f"{verb} opposite {direction}", turn + turn + act, verb, "opposite"))
            plain.append(Phrase(f"{verb} around {direction}", (turn + act) * 4, verb, "around"))
    return [
        part._replace(words=part.words + often, actions=part.actions * times)
        for part in plain
        for often, times in COUNTS.items()
    ]


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
