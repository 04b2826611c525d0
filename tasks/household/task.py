"""Household: plans for things whose place only a text tells; an analogue of language models in decision-making.

Li et al. 2022 (arXiv:2202.01771) start a policy from a pretrained language model, and find that it carries out goals
that its demonstrations lack. Their households are VirtualHome's, and their model is GPT-2; here both are small enough
to be read. What is tested is the premise: a text may hold the fact that demonstrations lack.

There are rooms, places in them, and things, each in a room that is drawn. A goal names a thing and a place, and its
plan is the shortest that brings the thing there, from outside:

    goal  put the kettle on the shelf
    plan  walk kitchen grab kettle walk study put shelf

The place is never in the room where the thing is. In which room that is nothing in the goal says. Demonstrations do,
and the auxiliary table `text` does, in sentences of four forms, of all things:

    the kettle is in the kitchen
    there is a kettle in the kitchen
    the kettle and the spoon belong in the kitchen
    someone carried the kettle from the kitchen to the study and back

`pairs` asks for things and places that were each demonstrated, never together. `objects` asks for things that were
never demonstrated. An answer is carried out, and is right when the thing ends where it was wanted: by a longer way too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from genbench import Data, seeds
from genbench.errors import BadValue, UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genbench import Value

SPLITS = ("pairs", "objects")
ROOMS = ("kitchen", "bathroom", "bedroom", "study", "garage", "garden")
PLACES = {
    "kitchen": ("counter", "stove"),
    "bathroom": ("basin", "stool"),
    "bedroom": ("bed", "dresser"),
    "study": ("shelf", "desk"),
    "garage": ("workbench", "rack"),
    "garden": ("bench", "table"),
}
_NAMES = """
    apron ball basket bell blanket book bottle bowl box broom brush bucket button candle cap card clock coat coin
    comb cup doll drum feather fork glove hammer hat jar jug kettle key knife ladle lamp letter lid map mirror mug
    needle net pan pencil pillow plate purse ribbon ring rope sack saw scarf shoe soap spoon sponge string towel
    vase
"""
THINGS = tuple(_NAMES.split())
FEWEST = 12  # things
LIMITS = {"things": (FEWEST, len(THINGS)), "unseen": (1, len(THINGS)), "sentences": (1, 1000)}


class World(NamedTuple):
    """Where everything is: the room of each thing and of each place."""

    of_thing: dict[str, str]
    of_place: dict[str, str]


def load(split: str, params: Mapping[str, Value], seed: int) -> Data:
    """The rows of a split: `goal` and `plan`.

    Raises `UnknownName` for a split that is not here, `BadValue` for a parameter outside its range, and for things
    without demonstrations that leave fewer than half with them.
    """
    if split not in SPLITS:
        raise UnknownName(f"household has no split {split!r}{nearest(split, SPLITS)}")
    counts = {name: _whole(params, name) for name in LIMITS}
    things, unseen = THINGS[: counts["things"]], counts["unseen"]
    if split == "objects" and 2 * unseen > len(things):
        raise BadValue(
            f"household: parameter 'unseen' is {unseen}; at most half of the {len(things)} 'things' go without "
            "demonstrations"
        )
    world = furnished(things, seed)
    draw = np.random.default_rng(seeds.derive("household", split, seed))
    hidden = set(draw.permutation(things)[:unseen].tolist()) if split == "objects" else set()
    asked, shown = [], []
    for thing in things:
        places = [place for place, room in world.of_place.items() if room != world.of_thing[thing]]
        mixed = [(thing, place) for place in draw.permutation(places).tolist()]
        cut = len(mixed) // 2 if split == "pairs" else len(mixed) * (thing in hidden)
        asked += mixed[:cut]
        shown += mixed[cut:]
    asked, shown = ([pairs[place] for place in draw.permutation(len(pairs))] for pairs in (asked, shown))
    return Data(
        train=_table(shown, world),
        validation=None,
        questions={"test": _table(asked, world)},
        auxiliary={"text": pa.table({"sentence": told(world, counts["sentences"], seed)})},
    )


def furnished(things: Sequence[str], seed: int) -> World:
    """The rooms of things, as many in each as in another, drawn from the seed, and of places, always the same."""
    rooms = np.random.default_rng(seeds.derive("household", "rooms", seed)).permutation(
        [ROOMS[number % len(ROOMS)] for number in range(len(things))]
    )
    return World(
        dict(zip(things, rooms.tolist(), strict=True)), {place: room for room in ROOMS for place in PLACES[room]}
    )


def plan(thing: str, place: str, world: World) -> str:
    """The shortest plan: actions and what they are done to, in turn."""
    return f"walk {world.of_thing[thing]} grab {thing} walk {world.of_place[place]} put {place}"


def told(world: World, sentences: int, seed: int) -> list[str]:
    """The text: so many sentences of each thing, in an order that tells nothing."""
    draw = np.random.default_rng(seeds.derive("household", "text", seed))
    text = []
    for thing, room in world.of_thing.items():
        beside = [other for other, own in world.of_thing.items() if own == room and other != thing]
        elsewhere = [other for other in ROOMS if other != room]
        for _ in range(sentences):
            other, away = beside[draw.integers(len(beside))], elsewhere[draw.integers(len(elsewhere))]
            forms = (
                f"the {thing} is in the {room}",
                f"there is a {thing} in the {room}",
                f"the {thing} and the {other} belong in the {room}",
                f"someone carried the {thing} from the {room} to the {away} and back",
            )
            text.append(forms[draw.integers(len(forms))])
    return [text[place] for place in draw.permutation(len(text))]


def _table(pairs: Sequence[tuple[str, str]], world: World) -> pa.Table:
    return pa.table(
        {
            "goal": [f"put the {thing} on the {place}" for thing, place in pairs],
            "plan": [plan(thing, place, world) for thing, place in pairs],
        }
    )


def _whole(params: Mapping[str, Value], name: str) -> int:
    value, (least, most) = params[name], LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadValue(f"household: parameter {name!r} is {value!r}; it must be a whole number from {least} to {most}")
    return value
