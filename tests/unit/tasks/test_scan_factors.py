import re
from collections import Counter
from functools import cache
from itertools import islice, product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from genbench import cards
from genbench.data import tables
from genbench.errors import BadValue

CARD = cards.read(Path(__file__).parents[3] / "tasks" / "scan", "task")
BASES = ("addprim_jump", "template_around_right")
VERBS = {"walk": "I_WALK", "look": "I_LOOK", "run": "I_RUN", "jump": "I_JUMP"}
TURNS = {"left": "I_TURN_LEFT", "right": "I_TURN_RIGHT"}


@pytest.fixture(scope="module")
def scan(task_module):
    return task_module("scan")


@cache
def train(scan, split, rows=None):
    return scan.load(split, {"rows": CARD.splits[split].params["rows"] if rows is None else rows}, 0).train


def pairs(table):
    return list(zip(table["commands"].to_pylist(), table["actions"].to_pylist(), strict=True))


def added(scan, split, base, rows=None):
    """The rows that a split has beside those of its base, which come first."""
    there = train(scan, base, 0)
    table = train(scan, split, rows)
    assert table.slice(0, there.num_rows).equals(there)
    return pairs(table.slice(there.num_rows))


def followed(command):
    """SCAN* read from the left, phrase by phrase: a reading that shares nothing with the generator."""
    done = []
    for phrase in re.split(r" (?=and |after )", command):
        *joined, verb = re.sub(r"^(and|after) ", r"\1;", phrase).split(";")
        words = verb.split()
        count = {"twice": 2, "thrice": 3}.get(words[-1], 1)
        steps = [] if words[0] == "turn" else ["I_" + words[0].upper()]
        for direction in {"left", "right"} & set(words):
            steps = [f"I_TURN_{direction.upper()}"] * (2 if "opposite" in words else 1) + steps
        steps *= 4 * count if "around" in words else count
        done = steps + done if joined == ["after"] else done + steps
    return " ".join(done)


@pytest.mark.parametrize(("base", "share", "words"), [(BASES[0], 0.5, VERBS), (BASES[1], 0.9, VERBS | TURNS)])
def test_words_with_an_output_of_their_own_are_the_primitives(scan, base, share, words):
    found = scan.factors.augment.aligned(train(scan, base, 0), share)

    assert found == words


def test_a_word_that_is_as_frequent_as_a_word_of_grammar_is_no_primitive(scan):
    rows = pa.table({"commands": ["do a", "do b", "do a"], "actions": ["X A", "X B", "X A"]})

    assert scan.factors.augment.aligned(rows, 0.9) == {"a": "A", "b": "B"}
    assert scan.factors.augment.aligned(rows, 1.0) == {"do": "X", "a": "A", "b": "B"}


def test_an_output_that_goes_with_more_than_three_words_goes_with_none(scan):
    rows = pa.table({"commands": list("abcd"), "actions": ["X A", "X B", "X", "X"]})

    assert scan.factors.augment.aligned(rows, 0.9) == {"a": "A", "b": "B"}
    assert scan.factors.augment.aligned(rows.slice(0, 3), 0.9)["c"] == "X"


def test_all_variants_of_every_row_are_there_and_nothing_else(scan):
    expected = Counter()
    for command, actions in pairs(train(scan, "addprim_jump", 0)):
        words = [word for word in VERBS if word in command.split()]
        for numbers in product(("", "1", "2"), repeat=len(words)):
            renamed = command, actions
            for word, number in zip(words, numbers, strict=True):
                renamed = renamed[0].replace(word, word + number), renamed[1].replace(VERBS[word], VERBS[word] + number)
            expected[renamed] += any(numbers)

    assert Counter(added(scan, "addprim_jump_prim2", "addprim_jump")) == +expected


@pytest.mark.parametrize(
    "split", [name for name in CARD.splits if re.search(r"_prim\d+$", name) or name.endswith("zero200")]
)
def test_a_variant_renames_each_word_and_its_action_alike(scan, split):
    base = next(base for base in BASES if split.startswith(base))
    known = dict(pairs(train(scan, base, 0)))
    outputs = {action: word for word, action in (VERBS | TURNS).items()}

    for command, actions in added(scan, split, base)[::37]:
        plain = re.sub(r"\d+", "", command)
        assert known[plain] == re.sub(r"\d+", "", actions)
        named = dict(re.fullmatch(r"([a-z]+)(\d*)", word).groups() for word in command.split())
        assert all(re.fullmatch(rf"{word}{named[word]}", new) for word, new in zip(plain.split(), command.split()))  # noqa: B905
        for action in actions.split():
            name, number = re.fullmatch(r"([A-Z_]+)(\d*)", action).groups()
            assert number == named[outputs[name]]
        if "zero" in split:
            assert len(set(named.values())) == 1
            assert 1 <= int(named.popitem()[1]) <= 200


@pytest.mark.parametrize("copies", [2, 5, 20, 200])
def test_a_row_of_the_template_split_has_ten_different_variants_or_all_it_can(scan, copies):
    rows = added(scan, f"template_around_right_prim{copies}", "template_around_right")

    counts = Counter(re.sub(r"\d+", "", command) for command, _ in rows)
    assert len(set(rows)) == len(rows)
    for command in train(scan, "template_around_right", 0)["commands"].to_pylist():
        primitives = sum(word in command.split() for word in VERBS | TURNS)
        assert counts[command] == min(10, (copies + 1) ** primitives - 1)


def test_copies_are_equally_frequent(scan):
    rows = added(scan, "addprim_jump_prim20", "addprim_jump")

    numbers = Counter(re.search(r"walk(\d*)", command)[1] for command, _ in rows if "walk" in command)
    expected = sum(numbers.values()) / 21
    assert len(numbers) == 21
    assert all(abs(count - expected) < 6 * expected**0.5 for count in numbers.values())


def test_rows_are_the_same_however_many_are_made_at_once(scan, monkeypatch):
    whole = pa.concat_tables(scan.stream("addprim_jump_prim200", 0, 20_000))
    monkeypatch.setattr(scan.factors.augment, "BLOCK", 777)

    parts = pa.concat_tables(scan.stream("addprim_jump_prim200", 0, 20_000))

    assert pairs(parts) == pairs(whole)


@pytest.mark.parametrize("split", ["addprim_jump_prim5", "template_around_right_zero200", "star_primitives8"])
def test_as_many_rows_as_asked_for(scan, split):
    assert train(scan, split, 16_000).num_rows == 16_000


@pytest.mark.parametrize(
    "split", [name for name in CARD.splits if re.search(r"_(prim(5|20)|zero200)$|star_prim", name)]
)
def test_what_is_asked_is_what_the_base_split_asks(scan, split):
    data = scan.load(split, {"rows": 16_000}, 0)

    base = scan.load(scan.factors.base_of(split), {}, 0)
    assert data.questions["test"].equals(base.questions["test"])
    assert not CARD.splits[split].quick


@pytest.mark.parametrize("split", ["addprim_jump_prim5", "addprim_jump_prim20_zipf_primitives", "star_length62"])
def test_another_seed_draws_other_rows_and_the_same_seed_the_same(scan, split):
    prints = [tables.fingerprint(scan.load(split, {"rows": 16_000}, seed).subsets()) for seed in (0, 0, 1)]

    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    ("split", "rows", "said"),
    [
        ("addprim_jump_prim5", 14_669, r"would have 14,669 rows; parameter 'rows' must be 14,670 to 5,000,000$"),
        ("addprim_jump_prim20", 5_000_001, r"must be 14,670 to 5,000,000$"),
        ("addprim_jump_prim200", 0, r"would have 215,553,870 rows"),
        ("star_length500", 0, r"must be 1 to 400,000$"),
        ("star_primitives2", 400_001, r"must be 10 to 400,000$"),
        ("star_primitives2", -1, r"must be 10 to 400,000$"),
        ("length", 100, r"this split has its published rows, so it must be 0$"),
        ("mcd1", 100, r"scan/mcd1: parameter 'rows' is 100"),
    ],
)
def test_a_number_of_rows_that_cannot_be_had_is_refused(scan, split, rows, said):
    with pytest.raises(BadValue, match=said):
        scan.load(split, {"rows": rows}, 0)


def shares(values):
    counts = np.array(sorted(Counter(values).values(), reverse=True))
    return counts / counts.sum()


def test_rows_by_zipf_are_as_frequent_as_their_rank_says(scan):
    rows = [f"a{number}" for number in range(500)]
    table = pa.table({"commands": rows, "actions": rows})
    draws = [
        pairs(scan.factors.zipf.resampled(table, "examples", [], np.random.default_rng(seed))) for seed in range(200)
    ]

    found = np.mean([np.append(shares(draw), np.zeros(500))[:20] for draw in draws], axis=0)

    expected = 1 / np.arange(1, 21) / (1 / np.arange(1, 501)).sum()
    assert np.allclose(found[:5], expected[:5], rtol=0.1)


def test_primitives_by_zipf_are_as_frequent_as_their_rank_says(scan):
    rows = [f"walk{number or ''} x" for number in range(21) for _ in range(200)] + ["x"] * 200
    table = pa.table({"commands": rows, "actions": rows})

    drawn = scan.factors.zipf.resampled(table, "primitives", ["walk"], np.random.default_rng(0))

    words = [command for command, _ in pairs(drawn)]
    expected = 1 / np.arange(1, 22) / (1 / np.arange(1, 22)).sum()
    assert np.allclose(shares([word for word in words if word != "x"]), expected, atol=0.02)
    assert abs(words.count("x") / len(words) - 1 / 22) < 0.02


def test_lengths_by_zipf_are_ranked_from_the_least(scan):
    rows = ["a"] * 10 + ["a a"] * 1000 + ["a a a a"] * 100
    table = pa.table({"commands": rows, "actions": rows})

    drawn = scan.factors.zipf.resampled(table, "lengths", [], np.random.default_rng(0))

    lengths = Counter(len(actions.split()) for _, actions in pairs(drawn))
    assert drawn.num_rows == 1110
    assert [round(lengths[length] / 1110, 1) for length in (1, 2, 4)] == [0.5, 0.3, 0.2]


@pytest.mark.parametrize("kind", ["examples", "primitives", "lengths"])
def test_zipf_draws_as_many_rows_of_the_same_set(scan, kind):
    known = set(train(scan, "addprim_jump", 0)["commands"].to_pylist())

    rows = pairs(train(scan, f"addprim_jump_prim20_zipf_{kind}", 20_000))

    assert len(rows) == 20_000
    assert len(set(rows)) < 20_000
    assert all(re.sub(r"\d+", "", command) in known for command, _ in rows)


@pytest.mark.parametrize("split", [name for name in CARD.splits if name.startswith("star_")])
def test_a_star_command_means_what_is_read_from_the_left(scan, split):
    rows = pairs(train(scan, split, 1000))

    assert all(actions == followed(command) for command, actions in rows)


def test_with_two_phrases_it_is_scan(scan):
    every = dict(pairs(scan.language()))
    found = [
        row for row in pairs(train(scan, "star_length62", 20_000)) if re.sub(r"and|after", "&", row[0]).count("&") == 1
    ]
    assert len(found) > 500
    assert all(every[command] == actions for command, actions in found)


@pytest.mark.parametrize("most", [62, 125, 250, 500])
def test_longer_commands_are_asked_than_were_shown(scan, most):
    data = scan.load(f"star_length{most}", {"rows": 3000}, 0)

    shown = [len(actions.split()) for actions in data.train["actions"].to_pylist()]
    longer = [len(actions.split()) for actions in data.questions["longer"]["actions"].to_pylist()]
    assert min(shown) == 1
    assert max(shown) <= most < min(longer)
    assert max(longer) <= 2 * most
    assert max(longer) > 1.9 * most
    assert {*data.questions["longer"]["length"].to_pylist()} == {most + part * most // 4 for part in (1, 2, 3, 4)}
    assert {*data.questions["id"]["length"].to_pylist()} == {part * most // 4 for part in (1, 2, 3, 4)}


@pytest.mark.parametrize("unique", [2, 8, 32, 128])
def test_an_example_has_at_most_so_many_primitives(scan, unique):
    rows = pairs(train(scan, f"star_primitives{unique}", 5000))

    counts = [len(set(re.findall(r"walk|look|run|jump|act\d+", command))) for command, _ in rows]
    every = {word for command, _ in rows for word in re.findall(r"walk|look|run|jump|act\d+", command)}
    assert max(counts) <= unique
    assert max(counts) == unique or unique > 8  # in 500 actions there is seldom room for 32
    assert len(every) == 200
    assert max(len(actions.split()) for _, actions in rows) <= 500


def test_jump_is_shown_alone_in_a_tenth_of_star_primitives(scan):
    commands = train(scan, "star_primitives8", 5000)["commands"].to_pylist()

    assert commands[-500:] == ["jump"] * 500
    assert not any("jump" in command for command in commands[:-500])


def test_a_star_stream_does_not_end(scan):
    blocks = list(islice(scan.stream("star_length62", 0), 5))

    assert sum(block.num_rows for block in blocks) == 5 * scan.factors.star.BLOCK
