"""The learner must have its rules from the examples: every language here is made up, or renamed and reordered."""

from __future__ import annotations

import gzip
import itertools
import random
import re
import sys
from pathlib import Path

import pytest
from datasets import Dataset

from genbench.cards.entries import load_entry

FOLDER = Path(__file__).parents[3] / "baselines" / "induction"
TEXT = {"text": "string"}
DIRECTIONS = {"left": "LEFT", "right": "RIGHT"}
PRIMITIVES = {"walk": "WALK", "look": "LOOK", "run": "RUN", "jump": "JUMP"}


@pytest.fixture(scope="module")
def induction():
    """The class as the worker loads it, with its modules."""
    return load_entry(FOLDER, "baseline:Induction")


@pytest.fixture(scope="module")
def fitted(induction, context):
    def fit(pairs, given=None):
        learner = induction(context("induction", TEXT, "string", given=given))
        learner.fit(table(pairs), None)
        return learner

    return fit


def table(pairs):
    return Dataset.from_dict({"text": [text for text, _ in pairs], "answer": [answer for _, answer in pairs]})


def share_right(learner, pairs):
    answers = learner.predict(table(pairs).remove_columns("answer"))
    return sum(given == wanted for given, (_, wanted) in zip(answers, pairs, strict=True)) / len(pairs)


def commands():
    """SCAN's language (Lake & Baroni 2018, figure 6), as lists of words and of actions."""
    single = [([word], [act]) for word, act in PRIMITIVES.items()]
    for word, direction in itertools.product([*PRIMITIVES, "turn"], DIRECTIONS):
        act, turn = [PRIMITIVES[word]] if word in PRIMITIVES else [], [DIRECTIONS[direction]]
        single.append(([word, direction], turn + act))
        single.append(([word, "opposite", direction], turn + turn + act))
        single.append(([word, "around", direction], (turn + act) * 4))
    times = {"": 1, "twice": 2, "thrice": 3}
    phrases = [([*words, *how.split()], acts * n) for words, acts in single for how, n in times.items()]
    yield from phrases
    for (one, first), (other, second) in itertools.product(phrases, phrases):
        yield [*one, "and", *other], first + second
        yield [*one, "after", *other], second + first


def strange(pairs, seed, backwards):
    """The pairs with every word and action a random string, and the words of commands in reverse order."""
    draw = random.Random(seed)  # noqa: S311  nothing secret
    spelled = {}

    def spell(token):
        return spelled.setdefault(token, "".join(draw.choices("abcdefghij", k=8)))

    return [
        (" ".join(map(spell, words[::-1] if backwards else words)), " ".join(spell(act) for act in acts))
        for words, acts in pairs
    ]


SCAN = list(commands())
DRAWN = random.Random(0).sample(range(len(SCAN)), 2500)  # noqa: S311  nothing secret


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_a_renamed_primitive_seen_alone_is_used_everywhere(fitted, backwards):
    pairs = strange(SCAN, 1, backwards)
    held = {number for number in DRAWN if "jump" in SCAN[number][0] and len(SCAN[number][0]) > 1}
    alone = [number for number, (words, _) in enumerate(SCAN) if words == ["jump"]]
    learner = fitted([pairs[number] for number in [*DRAWN, *alone] if number not in held])

    assert share_right(learner, [pairs[number] for number in sorted(held)]) == 1


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "backwards"])
def test_renamed_commands_longer_than_any_in_training_are_answered(fitted, backwards):
    pairs = strange(SCAN, 2, backwards)
    long = [number for number in DRAWN if len(SCAN[number][1]) > 22]
    learner = fitted([pairs[number] for number in DRAWN if len(SCAN[number][1]) <= 22])

    assert share_right(learner, [pairs[number] for number in long]) == 1


def test_a_renamed_template_never_seen_with_a_word_is_filled_with_it(fitted):
    pairs = strange(SCAN, 3, backwards=True)
    held = {number for number in DRAWN if "around right" in " ".join(SCAN[number][0])}
    learner = fitted([pairs[number] for number in DRAWN if number not in held])

    assert share_right(learner, [pairs[number] for number in sorted(held)]) == 1


def gestures():
    """A language unlike SCAN: prefixes, swaps, brackets around a phrase, words that stand before all they govern."""
    words = {"ka": "1a", "ki": "2b", "ku": "3c", "ke": "4d", "ko": "5e"}
    level = [([word], [token]) for word, token in words.items()]
    pairs = [
        (["swap", *one, *other], second + first) for (one, first), (other, second) in itertools.product(level, level)
    ]
    pairs += [(["box", *one], ["[", *acts, "]"]) for one, acts in level]
    pairs += [(["echo", *one], acts + acts) for one, acts in level]
    level += pairs
    yield from level
    for (one, first), (other, second) in itertools.product(level, level):
        yield [*one, "mirrors", *other], second + first + second


def test_a_language_of_prefixes_brackets_and_mirrors_is_learned(fitted):
    pairs = [(" ".join(words), " ".join(acts)) for words, acts in gestures()]
    draw = random.Random(5)  # noqa: S311  nothing secret
    shown = set(draw.sample(range(len(pairs)), 700))
    learner = fitted([pair for number, pair in enumerate(pairs) if number in shown])

    assert share_right(learner, [pair for number, pair in enumerate(pairs) if number not in shown]) == 1


THINGS = [f"thing{letter}" for letter in "abcdefghijkl"]
DEEDS = {f"deed{letter}ing": f"deed{letter}" for letter in "pqrstu"}


def scene(draw, depth, near=False):
    """A sentence that ends in its verb, and clauses that count words from 1; `near` puts a place on the doer."""
    words, named = [], []

    def thing(depth):
        if depth:
            inner = thing(depth - 1)
            words.append("at")
        words.append(draw.choice(THINGS))
        here = len(words)
        words.append("wo")
        named.append((here, f"{words[here - 1]} [ w {here} ]"))
        if depth:
            named.append((here, f"place [ w {here} w {inner} ]"))
        return here

    doer, done = thing(depth if near else 0), thing(0 if near else depth)
    words.append(draw.choice(sorted(DEEDS)))
    here = len(words)
    named += [(here, f"{DEEDS[words[-1]]} doer [ w {here} w {doer} ]")]
    named += [(here, f"{DEEDS[words[-1]]} done [ w {here} w {done} ]")]
    return " ".join(words), " / ".join(clause for _, clause in sorted(named, key=lambda pair: pair[0]))


def test_clauses_over_positions_of_a_verb_final_language_are_learned(fitted):
    draw = random.Random(7)  # noqa: S311  nothing secret
    learner = fitted([scene(draw, depth) for depth in (0, 1, 2) for _ in range(200)])

    assert share_right(learner, [scene(draw, 2) for _ in range(50)]) == 1


def test_places_nest_deeper_and_stand_elsewhere_than_in_training(fitted):
    draw = random.Random(8)  # noqa: S311  nothing secret
    learner = fitted([scene(draw, depth) for depth in (0, 1, 2) for _ in range(200)])

    assert share_right(learner, [scene(draw, depth) for depth in (5, 9) for _ in range(25)]) == 1
    assert share_right(learner, [scene(draw, 1, near=True) for _ in range(25)]) == 1


def test_a_word_known_only_by_itself_is_used_in_sentences(fitted):
    draw = random.Random(9)  # noqa: S311  nothing secret
    alone = [(word, f"there is {word} now") for word in [*THINGS, "thingz"]]
    learner = fitted([*alone, *(scene(draw, depth) for depth in (0, 1) for _ in range(300))])
    asked = [(text.replace("thinga", "thingz"), answer.replace("thinga", "thingz")) for text, answer in alone]
    asked += [
        (text.replace("thinga", "thingz"), answer.replace("thinga", "thingz"))
        for text, answer in (scene(draw, 1) for _ in range(50))
    ]

    assert share_right(learner, asked) == 1


def test_what_no_rule_reaches_is_answered_as_the_nearest_example_is(fitted):
    learner = fitted([("a b c", "X"), ("d e f g", "Y Y")])

    answers = learner.predict(Dataset.from_dict({"text": ["a b zzz", "d e e f g", ""]}))

    assert answers == ["X", "Y Y", "X"]


def test_a_few_wrong_targets_do_not_undo_what_is_learned(fitted):
    draw = random.Random(11)  # noqa: S311  nothing secret
    pairs = [(" ".join(words), " ".join(acts)) for words, acts in SCAN]
    shown = [pairs[number] for number in DRAWN[:1000]]
    wrong = [(text, draw.choice(shown)[1]) if draw.random() < 0.01 else (text, answer) for text, answer in shown]
    learner = fitted(wrong)

    assert share_right(learner, [pairs[number] for number in range(0, len(pairs), 41)]) > 0.9


@pytest.mark.parametrize("numerals", [False, True], ids=["letters", "numerals"])
def test_what_cannot_be_learned_ends_by_count(fitted, numerals):
    draw = random.Random(13)  # noqa: S311  nothing secret

    def noise(alphabet, longest):
        return " ".join(draw.choices(alphabet, k=draw.randint(1, longest)))

    answers = ["0", "1", "w", "("] if numerals else ["A", "B", "C"]
    pairs = [(noise("abcdefgh", 8), noise(answers, 8)) for _ in range(400)]
    learner = fitted(pairs, {"looks": 20_000})

    given = learner.predict(table(pairs[:20]).remove_columns("answer"))

    assert len(given) == 20
    assert all(isinstance(answer, str) for answer in given)


@pytest.mark.parametrize("looks", [0, 1000, 100_000])
def test_rules_are_sought_no_longer_than_the_card_says(fitted, looks):
    pairs = strange([SCAN[number] for number in DRAWN[:800]], 4, backwards=False)

    rules = fitted(pairs, {"looks": looks}).grammar.rules

    assert bool(rules) == (looks == 100_000)


PEOPLE = ["persona", "personb"]  # few, so that many sentences name one twice


def meeting(draw, verb="", others=2):
    """A verb, who does it, and at times to whom; people are called by name, and may meet themselves."""
    words, said = [], []

    def party():
        if draw.random() < 0.7:
            words.append(draw.choice(PEOPLE))
            return words[-1]
        words.append(draw.choice(THINGS))
        said.append((len(words), f"{words[-1]} [ w {len(words)} ]"))
        return f"w {len(words)}"

    doer = party()
    words.append(verb or draw.choice(sorted(DEEDS)))
    deed, here = words[-1].removesuffix("ing"), len(words)
    said.append((here, f"{deed} doer [ w {here} , {doer} ]"))
    if draw.randrange(others):
        said.append((here, f"{deed} done [ w {here} , {party()} ]"))
    return " ".join(words), " / ".join(clause for _, clause in sorted(said, key=lambda pair: pair[0]))


def test_a_name_that_stands_twice_in_a_sentence_misleads_nobody(fitted):
    draw = random.Random(17)  # noqa: S311  nothing secret
    alone = [meeting(draw, "deedzing", others=1) for _ in range(20)]
    learner = fitted([*alone, *(meeting(draw) for _ in range(500))])

    assert share_right(learner, [meeting(draw, "deedzing") for _ in range(100)]) == 1


def test_the_same_examples_give_the_same_grammar(fitted):
    pairs = strange([SCAN[number] for number in DRAWN[:800]], 4, backwards=False)

    assert fitted(pairs).grammar == fitted(pairs).grammar


def test_an_empty_training_table_has_an_empty_answer_for_everything(fitted):
    assert fitted([]).predict(Dataset.from_dict({"text": ["a"]})) == [""]


def test_no_word_or_action_of_the_tasks_is_written_into_the_code():
    code = "\n".join(path.read_text() for path in sorted(FOLDER.glob("*.py")))
    strings = set(re.findall(r'"([^"\n]*)"', re.sub(r'""".*?"""', "", code, flags=re.DOTALL)))
    foreign = {
        *PRIMITIVES,
        *DIRECTIONS,
        "turn",
        "twice",
        "thrice",
        "opposite",
        "around",
        "and",
        "after",
        "I_",
        "x",
        "_",
    }
    foreign |= {
        "AND",
        "LAMBDA",
        "agent",
        "theme",
        "recipient",
        "ccomp",
        "xcomp",
        "nmod",
        "*",
        ";",
        "the",
        "The",
        "a",
        "A",
    }

    assert strings.isdisjoint(foreign - {"left", "right"}), "left and right are sides that function words join"


def test_wide_rules_are_taken_apart_where_a_narrow_one_is_inside():
    factoring = sys.modules[load_entry(FOLDER, "factoring:parts_of").__module__]
    wide = factoring.Rule((0, 1, "twice"), (1, 0, 1, 0), 0)
    narrow = factoring.Rule((0, "twice"), (0, 0), 0)

    assert list(factoring.parts_of(wide, narrow)) == [((0, 1), (1, 0), 0)]


def test_clauses_of_the_official_sentences_lie_between_their_own_separators(reference):
    link, notation_of, numeral = (
        load_entry(FOLDER, entry) for entry in ("alignment:link", "notation:notation_of", "notation:numeral")
    )
    with gzip.open(reference / "cogs" / "train.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.split("\t") for line in lines][::20]
    examples = {tuple(source.split()): tuple(target.split()) for source, target, _ in rows}
    plain = [[token for token in target if not numeral(token)] for target in examples.values()]
    links = link(list(examples), plain, 0.95, 0.9)

    found = notation_of(examples, links)

    assert (found.base, found.before, found.after, sorted(found.separators)) == (0, ("x", "_"), (), [";", "AND"])
