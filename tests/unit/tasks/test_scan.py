import re
from collections import Counter

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from genbench.data import tables
from genbench.errors import BadValue, UnknownName

SIZES = {
    "length": (16990, 3920),
    "addprim_jump": (14670, 7706),
    "addprim_turn_left": (21890, 1208),
    "template_around_right": (15225, 4476),
    "template_opposite_right": (15225, 4476),
    "template_right": (15225, 4476),
    "template_jump_around_right": (18528, 1173),
    "filler_num0": (15225, 1173),
    "filler_num1": (16290, 1173),
    "filler_num2": (17391, 1173),
    "filler_num3": (18528, 1173),
}


@pytest.fixture(scope="module")
def scan(task_module):
    return task_module("scan")


@pytest.fixture(scope="module")
def official(reference):
    commands = pq.read_table(reference / "scan" / "scan_commands.parquet")
    splits = pq.read_table(reference / "scan" / "scan_splits.parquet")
    return commands, splits


def rows(table):
    return list(zip(table["commands"].to_pylist(), table["actions"].to_pylist(), strict=True))


def shown(scan, split):
    return scan.load(split, {}, 0).train["commands"].to_pylist()


def asked(scan, split):
    return scan.load(split, {}, 0).questions["test"]["commands"].to_pylist()


def has(command, phrase):
    """Whether the words of `phrase` stand side by side in `command`, word by word rather than by substring."""
    words, wanted = command.split(), phrase.split()
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words)))


def walked(command):
    """A third reading of SCAN, word by word with a heap of unfinished steps, to set against the other two."""
    if "after" in command.split():
        later, sooner = command.split(" after ")
        return walked(sooner) + walked(later)
    done, phrase, turns = [], [], 0
    for word in command.split():
        match word:
            case "and":
                done, phrase = done + phrase, []
            case "opposite" | "around":
                turns = {"opposite": 2, "around": 4}[word]
            case "left" | "right":
                turn = ["I_TURN_" + word.upper()]
                phrase = {0: turn + phrase, 2: turn + turn + phrase, 4: 4 * (turn + phrase)}[turns]
                turns = 0
            case "twice" | "thrice":
                phrase *= {"twice": 2, "thrice": 3}[word]
            case "turn":
                phrase = []
            case _:
                phrase = ["I_" + word.upper()]
    return done + phrase


def test_the_language_is_the_official_list_of_commands_and_actions(scan, official):
    commands, _ = official

    every = scan.language()

    assert set(rows(every)) == set(zip(commands["command"].to_pylist(), commands["actions"].to_pylist(), strict=True))
    assert every.num_rows == commands.num_rows == 20910


@pytest.mark.parametrize("split", SIZES)
def test_a_split_holds_the_official_rows_as_often_as_they_do(scan, official, split):
    commands, splits = official

    data = scan.load(split, {}, 0)

    for subset, table in (("train", data.train), ("test", data.questions["test"])):
        chosen = splits.filter(pc.and_(pc.equal(splits["split"], split), pc.equal(splits["subset"], subset)))["idx"]
        there = commands.take(chosen.combine_chunks()).rename_columns({"command": "commands"})
        assert Counter(rows(table)) == Counter(rows(there)), subset


def test_generator_interpreter_and_a_third_reading_agree_on_every_command(scan):
    every = rows(scan.language())

    assert all(actions == scan.interpret(command) for command, actions in every)
    assert all(actions.split() == walked(command) for command, actions in every)
    assert len({command for command, _ in every}) == 20910


def test_length_and_conjunction_describe_their_row(scan):
    every = scan.language().to_pylist()

    assert all(row["length"] == len(row["actions"].split()) for row in every)
    assert all(
        row["conjunction"] == (({"and", "after"} & set(row["commands"].split())) or {"none"}).pop() for row in every
    )
    assert Counter(row["conjunction"] for row in every) == {"none": 102, "and": 102**2, "after": 102**2}
    assert max(row["length"] for row in every) == 48
    assert max(len(row["commands"].split()) for row in every) == 9


@pytest.mark.parametrize(("split", "sizes"), SIZES.items())
def test_a_split_has_the_published_sizes_and_keeps_train_and_test_apart(scan, split, sizes):
    train, test = shown(scan, split), asked(scan, split)

    assert (len(train), len(test)) == sizes
    assert set(train).isdisjoint(test)
    assert len(set(test)) == len(test)


def test_rows_stand_in_the_grammars_order(scan):
    commands = scan.language()["commands"].to_pylist()

    assert commands[:5] == ["walk", "walk twice", "walk thrice", "look", "look twice"]
    assert commands[102:104] == ["walk and walk", "walk and walk twice"]
    assert commands[102 + 102**2] == "walk after walk"
    assert shown(scan, "length")[:3] == commands[:3]


@pytest.mark.parametrize("longest", [22, 24, 26, 40])
def test_the_length_split_is_cut_at_any_length_that_commands_have(scan, longest):
    data = scan.load("length", {"longest": longest}, 0)

    shown, asked = (
        {len(text.split()) for text in rows["actions"].to_pylist()} for rows in (data.train, data.questions["test"])
    )
    assert shown | asked == set(scan.LENGTHS)
    assert max(shown) == longest < min(asked)
    assert data.train.num_rows + data.questions["test"].num_rows == 20_910


@pytest.mark.parametrize(
    ("split", "longest", "said"),
    [
        ("length", 23, "'longest' is 23; commands are 1 to 22, 24 to 28, 30, 32 to 33, 36, 40 or 48 long"),
        ("length", 48, "'longest' is 48; commands are 1 to 22"),
        ("addprim_jump", 26, "'longest' is 26; it is of scan/length alone"),
    ],
)
def test_a_longest_command_that_cannot_be_is_refused(scan, split, longest, said):
    with pytest.raises(BadValue, match=re.escape(said)):
        scan.load(split, {"longest": longest}, 0)


@pytest.mark.parametrize(
    ("split", "primitive", "copies"), [("addprim_jump", "jump", 1467), ("addprim_turn_left", "turn left", 2189)]
)
def test_an_added_primitive_is_shown_alone_at_the_end_of_train_and_nowhere_else(scan, split, primitive, copies):
    train = shown(scan, split)

    assert train[-copies:] == [primitive] * copies
    assert not any(has(command, primitive) for command in train[:-copies])
    assert all(has(command, primitive) and command != primitive for command in asked(scan, split))


@pytest.mark.parametrize("template", ["around right", "opposite right", "right"])
def test_a_template_is_never_shown_filled_and_the_turns_in_it_are_left_out(scan, template):
    split = f"template_{template.replace(' ', '_')}"
    filled = [f"{verb} {template}" for verb in ("walk", "look", "run", "jump")]
    train, test = shown(scan, split), asked(scan, split)

    left_out = set(scan.language()["commands"].to_pylist()) - set(train) - set(test)

    assert not any(has(command, phrase) for command in train for phrase in filled)
    assert all(any(has(command, phrase) for phrase in filled) for command in test)
    assert len(left_out) == 1209
    assert all(has(command, f"turn {template}") for command in left_out)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_filler_split_shows_as_many_fillers_as_it_says(scan, count):
    train = shown(scan, f"filler_num{count}")

    verbs = ("look", "walk", "run", "jump", "turn")
    seen = [verb for verb in verbs if any(has(command, f"{verb} around right") for command in train)]
    assert seen == ["look", "walk", "run"][:count]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_every_filler_split_asks_the_same_questions(scan, count):
    assert asked(scan, f"filler_num{count}") == asked(scan, "template_jump_around_right")


def test_splits_that_coincide_do_so_exactly(scan):
    assert shown(scan, "filler_num0") == shown(scan, "template_around_right")
    assert shown(scan, "filler_num3") == shown(scan, "template_jump_around_right")


@pytest.mark.parametrize("split", ["length", "addprim_jump"])
def test_the_data_are_the_same_whenever_and_with_whatever_seed_they_are_built(scan, split):
    once, again = scan.load(split, {}, 0), scan.load(split, {}, 7)

    assert tables.fingerprint(once.subsets()) == tables.fingerprint(again.subsets())


@pytest.mark.parametrize(
    ("command", "phrase"),
    [
        ("turn", "turn"),
        ("walk and", "walk and"),
        ("jump twice left", "jump twice left"),
        ("walk and run and jump", "run and jump"),
        ("walk after run after jump", "run after jump"),
        ("dance", "dance"),
        ("", ""),
    ],
)
def test_what_is_not_a_command_is_refused_by_name(scan, command, phrase):
    with pytest.raises(BadValue) as fault:
        scan.interpret(command)

    assert str(fault.value).startswith(f"{command!r} is not a SCAN command: {phrase!r} ")


def test_a_split_that_no_rule_derives_is_refused_with_a_hint(scan):
    with pytest.raises(UnknownName, match=r"scan has no split 'lenght'; did you mean 'length'\?$"):
        scan.load("lenght", {}, 0)
