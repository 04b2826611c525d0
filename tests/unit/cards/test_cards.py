"""Cards: what is wrong with one is said at once, and what a name with parameters stands for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genbench import cards
from genbench.data import tables
from genbench.errors import BadCard, BadValue, UnknownName

TASK = """\
kind = "task"
name = "reversal"
title = "Words in reversed order"
entry = "task:load"
about = "Say it backwards."
license = "Apache-2.0"
embedded = true
inputs = { words = "string" }
target = { reversed = "string" }
axes = { length = "int64", first = "string" }
metrics = ["exact_match", "token_accuracy"]

[params]
vocabulary = 8
share = 0.5
mirrored = false

[splits.length]
about = "longer"
chance = 0
axes = ["length"]
params = { share = 1 }
train = 10
fingerprint = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
[splits.length.questions.test]
kind = "ood"
rows = 5
chance = 0.25
[splits.length.questions.again]
kind = "trained"
rows = 3
"""
SUBMISSION = """\
kind = "submission"
name = "mlp"
title = "Two layers"
entry = "baseline:Mlp"
about = "Quadratic."
license = "Apache-2.0"
tasks = ["modular/*"]
accepts = { inputs = ["int64"], target = ["int64"] }

[params]
steps = 2000
rate = 0.1
decay = 0.0
activation = "square"
bias = false

[[overrides]]
profile = "quick"
params = { steps = 300 }
[[overrides]]
task = "modular/addition*"
params = { rate = 1 }

[variants.decay5]
about = "weight decay 5"
params = { decay = 5 }
[variants.slow]
params = { steps = 9 }
"""


@pytest.fixture
def folder(tmp_path):
    """Gives `folder(text)`, a folder with a card of that text."""

    def write(text):
        (tmp_path / cards.FILE).write_text(text)
        return tmp_path

    return write


def changed(text, *changes):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def faults(folder, text, kind=None):
    with pytest.raises(BadCard) as caught:
        cards.read(folder(text), kind)
    where, *said = str(caught.value).split("\n  ")
    assert where == f"{folder(text)}/card.toml:"
    return said


def test_a_tasks_card_is_read_with_its_defaults(folder):
    card = cards.read(folder(TASK))

    assert isinstance(card, cards.TaskCard)
    assert (card.name, card.target, card.target_type, card.headline) == (
        "reversal",
        "reversed",
        "string",
        "exact_match",
    )
    assert (card.direction, card.data_seed, card.commit, card.libraries) == ("higher", 0, "", ())
    split = card.splits["length"]
    assert (split.axes, split.quick, split.embedded, split.validation) == (("length",), False, True, 0)
    assert dict(split.params) == {"vocabulary": 8, "share": 1, "mirrored": False}
    assert (split.chance_of("test"), split.chance_of("again")) == (0.25, 0.0)


def test_a_submissions_card_is_read_with_its_defaults(folder):
    card = cards.read(folder(SUBMISSION))

    assert isinstance(card, cards.SubmissionCard)
    assert (card.default, card.needs, card.threads, card.memory_gib) == (False, "cpu", 1, 8.0)
    assert dict(card.budget_seconds) == {"quick": 300.0, "full": 3600.0}
    assert list(card.variants) == ["decay5", "slow"]


def test_a_card_cannot_be_changed_once_it_is_read(folder):
    card = cards.read(folder(TASK))

    for values in (card.params, card.splits, card.inputs, card.splits["length"].params):
        with pytest.raises(TypeError):
            values["more"] = 1


def test_all_faults_of_a_card_are_said_at_once_with_near_misses(folder):
    text = changed(
        TASK,
        ("title =", "titel ="),
        ('entry = "task:load"', 'entry = "task.py"'),
        ('metrics = ["exact_match", "token_accuracy"]', 'metric = ["exact_match"]'),
        ('words = "string"', 'words = "text"'),
        ("chance = 0\n", 'chance = "none"\n'),
        ('axes = ["length"]', 'axes = ["lenght"]'),
        ("share = 1 }", "shares = 1 }"),
        ("train = 10", "train = -1"),
        ("sha256:00", "sha512:00"),
        ('kind = "ood"', 'kind = "odd"'),
        ("rows = 5", "rows = 0"),
        ("rows = 3", "rows = 3.5\nrow = 3"),
    )

    assert sorted(faults(folder, text)) == sorted(
        [
            "missing key 'title' (string)",
            "unknown key 'titel'; did you mean 'title'?",
            "key 'entry' is 'task.py'; it must be written as module:object",
            "missing key 'metrics' (array)",
            "unknown key 'metric'; did you mean 'metrics'?",
            f"key 'inputs.words' is 'text'; it must be one of {', '.join(tables.ARROW)}",
            "key 'splits.length.chance' is 'none'; it must be of type number",
            "key 'splits.length.axes' names 'lenght', which is not among the task's axes; did you mean 'length'?",
            "key 'splits.length.params.shares' is not among the task's [params]; did you mean 'share'?",
            "key 'splits.length.train' is -1; it must be at least 0",
            (
                f"key 'splits.length.fingerprint' is 'sha512:{'0' * 64}'; "
                "it must be sha256: and 64 hexadecimal digits, or unseen"
            ),
            "key 'splits.length.questions.test.kind' is 'odd'; it must be one of id, ood, trained",
            "key 'splits.length.questions.test.rows' is 0; it must be at least 1",
            "key 'splits.length.questions.again.rows' is 3.5; it must be of type integer",
            "unknown key 'splits.length.questions.again.row'",
        ]
    )


def test_all_faults_of_a_submissions_card_are_said_at_once(folder):
    text = changed(
        SUBMISSION,
        ('tasks = ["modular/*"]', 'tasks = "modular/*"\nthreads = 0\nmemory_gib = 0\nneeds = "tpu"\nbudgets = 3'),
        ('inputs = ["int64"]', 'inputs = ["int32"]'),
        ("params = { decay = 5 }", 'params = { decay = "much" }'),
        ("params = { steps = 300 }", "params = { step = 300 }\nprofiles = 1"),
        ("bias = false", 'bias = false\nsizes = [1, 2]\nhint = "a=b"\nroot = nan'),
    )

    assert sorted(faults(folder, text)) == sorted(
        [
            "key 'tasks' is 'modular/*'; it must be of type array",
            "key 'threads' is 0; it must be at least 1",
            "key 'memory_gib' is 0.0; it must be above 0",
            "key 'needs' is 'tpu'; it must be one of cpu, gpu",
            "unknown key 'budgets'; did you mean 'budget'?",
            f"key 'accepts' names the type 'int32'; types are {', '.join(tables.ARROW)}",
            "variants.decay5: parameter 'decay' is 'much'; it must be of type number",
            "overrides[0] has no parameter 'step'; did you mean 'steps'?",
            "unknown key 'overrides[0].profiles'",
            "key 'params.sizes' is [1, 2]; it must be a string, number, true or false",
            "key 'params.hint' is 'a=b'; ',', ':', '=' and '|' are kept for the command line",
            "key 'params.root' is nan; it must be finite",
        ]
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('kind = "task"', 'kind = ""', "key 'kind' is ''; it must be one of task, submission"),
        (
            'name = "reversal"',
            'name = ""',
            "key 'name' is ''; it must be lower case letters, digits, '_' and '-', a letter first",
        ),
        ('name = "reversal"', 'name = "Reversal"', "key 'name' is 'Reversal'; it must be lower case letters, "),
        ('entry = "task:load"', 'entry = ""', "key 'entry' is ''; it must be written as module:object"),
        ('"sha256:' + "0" * 64 + '"', '""', "key 'splits.length.fingerprint' is ''; it must be sha256: and 64 "),
        (
            'kind = "ood"',
            'kind = ""',
            "key 'splits.length.questions.test.kind' is ''; it must be one of id, ood, trained",
        ),
        ("rows = 5", "rows = true", "key 'splits.length.questions.test.rows' is True; it must be of type integer"),
        ("chance = 0\n", "chance = true\n", "key 'splits.length.chance' is True; it must be of type number"),
        (
            "[params]",
            "[chance_along]\nlenght = { short = 0.5 }\n[params]",
            "key 'chance_along.lenght' is of no axis of the task; did you mean 'length'?",
        ),
        (
            "[params]",
            '[chance_along]\nlength = { short = "half" }\n[params]',
            "key 'chance_along.length.short' is 'half'; it must be of type number",
        ),
        ("chance = 0\n", "chance = inf\n", "key 'splits.length.chance' is inf; it must be finite"),
        ("chance = 0\n", f"chance = 1{'0' * 400}\n", "key 'splits.length.chance' is 1000"),
        ('length = "int64"', 'length = ["int64"]', "key 'axes.length' is ['int64']; "),
        ('length = "int64"', "length = { of = 1 }", "key 'axes.length' is {'of': 1}; "),
        (
            'length = "int64"',
            'length = "float64"',
            "key 'axes.length' is 'float64'; an axis is of type string or int64",
        ),
        ('length = "int64"', 'words = "int64"', "column 'words' is named twice among inputs, target and axes"),
        ('{ reversed = "string" }', '{ a = "string", b = "string" }', "key 'target' must name exactly one column"),
        ('{ reversed = "string" }', "{}", "key 'target' must name exactly one column"),
        ('{ words = "string" }', "{}", "key 'inputs' must name at least one column"),
        (
            'words = "string"',
            'prediction = "string"',
            "key 'inputs.prediction': 'prediction' is a column of the results; ",
        ),
        ('["exact_match", "token_accuracy"]', "[]", "key 'metrics' must name at least one metric; "),
        ('["exact_match", "token_accuracy"]', "[1]", "key 'metrics' must be an array of strings"),
        (
            "questions.again",
            "questions.train",
            "key 'splits.length.questions.train': a question set cannot be called 'train'; ",
        ),
        ("questions.again", "questions.Again", "key 'splits.length.questions.Again': names are lower case letters, "),
        ("[params]", "[parms]", "unknown key 'parms'; did you mean 'params'?"),
    ],
)
def test_a_single_fault_is_told_by_its_key(folder, old, new, fault):
    said = faults(folder, changed(TASK, (old, new)))

    assert [line for line in said if line.startswith(fault)], said


def test_a_single_fault_is_one_line(folder):
    assert faults(folder, changed(TASK, ("rows = 5", "rows = true"))) == [
        "key 'splits.length.questions.test.rows' is True; it must be of type integer"
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kind = ", "not readable as TOML: Invalid value"),
        ("\x00", "not readable as TOML: "),
        ("a = " + "[" * 5000 + "]" * 5000, "not readable as TOML: "),
        ("a = " + "1" * 5000, "not readable as TOML: "),
    ],
)
def test_a_card_that_is_no_toml_says_so(folder, text, fault):
    assert faults(folder, text)[0].startswith(fault)


def test_a_card_that_is_not_there_or_no_text_says_so(tmp_path):
    with pytest.raises(BadCard, match="there is no such file; a contribution's folder holds a card.toml"):
        cards.read(tmp_path)
    (tmp_path / cards.FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(BadCard, match="not readable as TOML: 'utf-8' codec"):
        cards.read(tmp_path)


@pytest.mark.parametrize(("text", "wanted"), [(TASK, "submission"), (SUBMISSION, "task")])
def test_a_card_of_the_other_kind_is_refused(folder, text, wanted):
    (said,) = faults(folder, text, wanted)

    assert said == f"key 'kind' is {'task' if wanted == 'submission' else 'submission'!r}; a {wanted} is wanted here"


def test_overrides_apply_in_order_where_profile_and_task_match(folder):
    card = cards.read(folder(SUBMISSION))

    assert card.settings("modular/addition", "full")["steps"] == 2000
    assert card.settings("modular/addition", "quick")["steps"] == 300
    assert card.settings("modular/addition", "quick")["rate"] == 1.0
    assert card.settings("modular/other", "quick")["rate"] == 0.1


def test_a_variant_stands_above_overrides_and_the_command_line_above_both(folder):
    card = cards.read(folder(SUBMISSION))

    assert card.settings("modular/addition", "quick", "slow")["steps"] == 9
    assert card.settings("modular/addition", "quick", "slow", {"steps": 3})["steps"] == 3
    assert card.settings("modular/addition", "quick", "decay5")["decay"] == 5.0


def test_an_integer_for_a_number_becomes_one(folder):
    settings = cards.read(folder(SUBMISSION)).settings("x", "full", "", {"rate": 2})

    assert repr(settings["rate"]) == "2.0"


@pytest.mark.parametrize(
    ("variant", "given", "kind", "message"),
    [
        ("decay6", {}, UnknownName, "mlp has no variant 'decay6'; did you mean 'decay5'?"),
        ("", {"stepz": 1}, UnknownName, "mlp has no parameter 'stepz'; did you mean 'steps'?"),
        ("", {"steps": 1.5}, BadValue, "mlp: parameter 'steps' is 1.5; it must be of type integer"),
        ("", {"steps": True}, BadValue, "mlp: parameter 'steps' is True; it must be of type integer"),
        ("", {"bias": 1}, BadValue, "mlp: parameter 'bias' is 1; it must be of type true or false"),
        ("", {"activation": 1}, BadValue, "mlp: parameter 'activation' is 1; it must be of type string"),
        ("", {"rate": float("inf")}, BadValue, "mlp: parameter 'rate' is inf; it must be of type number"),
        ("", {"rate": 10**400}, BadValue, "mlp: parameter 'rate' is 1000"),
    ],
)
def test_settings_that_the_card_does_not_have_are_refused(folder, variant, given, kind, message):
    card = cards.read(folder(SUBMISSION))

    with pytest.raises(kind, match=f"^{re.escape(message)}"):
        card.settings("x", "full", variant, given)


@pytest.mark.parametrize(
    ("tasks", "accepts", "taken"),
    [
        ('["*"]', "{}", True),
        ('["reversal/*"]', "{}", True),
        ('["reversal"]', "{}", False),
        ('["*/length"]', '{ inputs = ["string", "int64"], target = ["string"] }', True),
        ('["*"]', '{ inputs = ["int64"] }', False),
        ('["*"]', '{ target = ["int64"] }', False),
    ],
)
def test_a_submission_takes_splits_by_name_and_by_types(folder, tasks, accepts, taken):
    task = cards.read(folder(TASK))
    text = changed(SUBMISSION, ('["modular/*"]', tasks), ('{ inputs = ["int64"], target = ["int64"] }', accepts))

    assert cards.read(folder(text)).takes(task, task.splits["length"]) is taken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("scan/length", cards.Address("scan/length")),
        ("mlp@decay5", cards.Address("mlp", "decay5")),
        ("mlp@*:steps=3", cards.Address("mlp", "*", {"steps": 3})),
        (
            "m:a=1,b=0.5,c=true,d=1e-3,e=words,f=-7",
            cards.Address("m", "", {"a": 1, "b": 0.5, "c": True, "d": 0.001, "e": "words", "f": -7}),
        ),
        ('m:a="1"', cards.Address("m", "", {"a": "1"})),
        ("m:a=x=y", cards.Address("m", "", {"a": "x=y"})),
        ("m:a=2020-01-01", cards.Address("m", "", {"a": "2020-01-01"})),
        ("m:a=[1]", cards.Address("m", "", {"a": "[1]"})),
        (f"m:a={'1' * 5000}", cards.Address("m", "", {"a": "1" * 5000})),
    ],
)
def test_an_address_is_a_name_a_variant_and_parameters(text, expected):
    assert cards.address(text) == expected


@pytest.mark.parametrize("text", ["m:", "m:a", "m:=1", "m:a=", "m:a=1,", "m:a=1,,b=2"])
def test_an_address_with_half_a_parameter_is_refused(text):
    with pytest.raises(BadValue, match="is not of the form key=value"):
        cards.address(text)


def test_an_address_with_half_a_variant_is_refused():
    with pytest.raises(BadValue, match="^'mlp@:a=1' names no variant behind its '@'$"):
        cards.address("mlp@:a=1")


def test_a_label_spells_its_parameters_in_one_order():
    assert cards.address("m@v:b=true,a=0.50").label == cards.address("m@v:a=0.5,b=true").label == "m@v:a=0.5,b=true"


plain = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.booleans())


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), plain, max_size=4))
def test_a_label_read_as_an_address_gives_its_parameters_back(given):
    one = cards.Address("m", "v", given)

    assert cards.address(one.label) == one


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("mlp", ["mlp"]),
        ("mlp@decay0:steps=5", ["mlp@decay0:steps=5"]),
        ("mlp:steps=1|2", ["mlp:steps=1", "mlp:steps=2"]),
        (
            "a/b:share=0.3|0.5,p=97,corruption=0|0.1",
            [f"a/b:share={share},p=97,corruption={wrong}" for share in ("0.3", "0.5") for wrong in ("0", "0.1")],
        ),
        ("a|b", ["a|b"]),
    ],
)
def test_a_list_of_values_names_an_address_for_each(text, addresses):
    assert cards.spread(text) == addresses


@pytest.mark.parametrize("text", ["mlp:steps=1|", "mlp:steps=|1", "mlp:steps=1||2"])
def test_a_list_with_nothing_between_two_bars_is_refused(text):
    with pytest.raises(BadValue, match="is a list with nothing between two '|'"):
        cards.spread(text)


GRID = """
kind = "grid"
name = "phases"
title = "Phases"
tasks = ["modular/addition_phases:share=0.3|0.5"]
submissions = ["mlp:weight_decay=0|5"]
"""


def test_a_grid_is_read_with_full_profile_and_one_seed_unless_it_says_otherwise(tmp_path):
    (tmp_path / "phases.toml").write_text(GRID, encoding="utf-8")

    grid = cards.read_grid(tmp_path / "phases.toml")

    assert (grid.name, grid.profile, grid.seeds) == ("phases", "full", 1)
    assert (grid.tasks, grid.submissions) == (
        ("modular/addition_phases:share=0.3|0.5",),
        ("mlp:weight_decay=0|5",),
    )


def test_all_faults_of_a_grid_are_said_at_once(tmp_path):
    bad = (
        GRID.replace('kind = "grid"', 'kind = "task"').replace('["mlp:weight_decay=0|5"]', "[]") + "seed = 3\nseeds = 0"
    )
    (tmp_path / "phases.toml").write_text(bad, encoding="utf-8")

    with pytest.raises(BadCard) as fault:
        cards.read_grid(tmp_path / "phases.toml")

    assert list(fault.value.faults) == [
        "key 'kind' is 'task'; it must be one of grid",
        "key 'seeds' is 0; it must be at least 1",
        "key 'submissions' must name at least one",
        "unknown key 'seed'",
    ]


def test_a_grid_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadCard, match="there is no such file; a grid is a TOML file"):
        cards.read_grid(tmp_path / "nothing.toml")
