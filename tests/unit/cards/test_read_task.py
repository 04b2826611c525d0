"""A task's card: read with its defaults, and what is wrong with one said at once."""

import pytest

from genbench import cards
from genbench.data import tables


def test_a_tasks_card_is_read_with_its_defaults(folder, task_text):
    card = cards.read(folder(task_text))

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


def test_all_faults_of_a_card_are_said_at_once_with_near_misses(task_text, changed, faults):
    text = changed(
        task_text,
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

    assert sorted(faults(text)) == sorted(
        [
            "missing key 'title' (string)",
            "unknown key 'titel'; did you mean 'title'?",
            "key 'entry' is 'task.py'; it must be written as module:object",
            "missing key 'metrics' (array)",
            "unknown key 'metric'; did you mean 'metrics'?",
            f"key 'inputs.words' is 'text'; it must be one of {', '.join(tables.ARROW)}, vector(N), list<vector(N)>",
            ("key 'splits.length.chance' is 'none': 'none' is no parameter of the task; there is share, vocabulary"),
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


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "embedded = true",
            "embedded = true\ntolerance = {}",
            "key 'tolerance' must say 'abs', 'rel' or both, above 0: { abs = 1e-3, rel = 1e-6 }",
        ),
        (
            "embedded = true",
            "embedded = true\ntolerance = { abs = -1 }",
            "key 'tolerance.abs' is -1.0; it must be at least 0",
        ),
        ('kind = "task"', 'kind = ""', "key 'kind' is ''; it must be one of task, submission"),
        (
            'name = "reversal"',
            'name = ""',
            "key 'name' is ''; it must be lower case letters, digits, '_' and '-', a letter first, at most 100",
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
def test_a_single_fault_is_told_by_its_key(task_text, changed, faults, old, new, fault):
    said = faults(changed(task_text, (old, new)))

    assert [line for line in said if line.startswith(fault)], said


FRAGMENTS = """given = { place = "int64" }
fragments = { environment = "place", nuisance = ["view"] }
"""


def with_fragments(text, changed, *changes):
    fragments = changed(FRAGMENTS, *changes)
    return changed(
        text, ('words = "string"', 'words = "string", view = "vector(4)"'), ("[params]", f"{fragments}[params]")
    )


def test_sub_datasets_of_training_are_named_with_what_differs_between_them(task_text, changed, folder):
    card = cards.read(folder(with_fragments(task_text, changed)))

    assert card.fragments == cards.Fragments("place", ("view",))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'environment = "place"',
            'environment = "plase"',
            "key 'fragments.environment' is 'plase'; it must name a column",
        ),
        (
            'place = "int64"',
            'place = "float64"',
            "key 'fragments.environment' is 'place'; it must name a column of 'given'",
        ),
        ('environment = "place"', 'environments = "place"', "missing key 'fragments.environment' (string)"),
        ('environment = "place"', 'environments = "place"', "unknown key 'fragments.environments'; did you mean"),
        ('["view"]', '["words"]', "key 'fragments.nuisance' names 'words', which is no input of type vector"),
        (
            '["view"]',
            '["veiw"]',
            "key 'fragments.nuisance' names 'veiw', which is no input of type vector; did you mean",
        ),
        ('["view"]', "[]", "key 'fragments.nuisance' must name at least one input"),
        ('["view"]', '"view"', "key 'fragments.nuisance' is 'view'; it must be of type array"),
    ],
)
def test_a_fault_of_sub_datasets_is_told_by_its_key(task_text, changed, faults, old, new, fault):
    said = faults(with_fragments(task_text, changed, (old, new)))

    assert [line for line in said if line.startswith(fault)], said


def test_sub_datasets_are_of_tasks_with_labels(task_text, changed, faults):
    said = faults(changed(with_fragments(task_text, changed), ('reversed = "string"', 'reversed = "float64"')))

    assert "key 'fragments' is of tasks whose answers are labels; the target 'reversed' is of type float64" in said


BESIDE = """
[splits.length.auxiliary.unlabelled]
columns = { words = "string", hint = "int64" }
rows = 7
"""


def test_tables_beside_train_and_columns_of_training_only_are_read(folder, task_text, changed):
    text = changed(task_text, ("metrics =", 'given = { hint = "int64", length = "int64" }\nmetrics ='))

    card = cards.read(folder(text + BESIDE))

    assert dict(card.given) == {"hint": "int64", "length": "int64"}
    beside = card.splits["length"].auxiliary["unlabelled"]
    assert (dict(beside.columns), beside.rows) == ({"words": "string", "hint": "int64"}, 7)
    assert card.splits["length"].transductive is False


def test_what_a_table_beside_train_may_not_be_is_said_at_once(task_text, changed, faults):
    beside = changed(
        BESIDE, ('words = "string"', 'reversed = "string", length = "int64"'), ("unlabelled", "again"), ("= 7", "= -7")
    )
    text = changed(
        task_text,
        ("metrics =", 'given = { words = "string", reversed = "string", first = "int64" }\nmetrics ='),
        ("questions.again", "questions.auxiliary-again"),
    )

    assert sorted(faults(text + beside)) == [
        "auxiliary table 'again' and question set 'auxiliary-again': exported files would clash",
        "key 'given.first' is 'int64', and the axis of that name is of type string",
        "key 'given.reversed': 'reversed' is the target already",
        "key 'given.words': 'words' is an input already",
        (
            "key 'splits.length.auxiliary.again.columns.length': 'length' is the target or an axis, which no "
            "submission sees beside train; labels of another kind need another name"
        ),
        (
            "key 'splits.length.auxiliary.again.columns.reversed': 'reversed' is the target or an axis, which no "
            "submission sees beside train; labels of another kind need another name"
        ),
        "key 'splits.length.auxiliary.again.rows' is -7; it must be at least 0",
    ]


def test_a_split_without_tables_beside_train_has_none_for_questions_to_stand_in(task_text, changed, faults):
    assert faults(changed(task_text, ("train = 10", "train = 10\ntransductive = true"))) == [
        (
            "key 'splits.length.transductive' is true, and there is no table [splits.length.auxiliary.NAME] for "
            "questions to stand in"
        )
    ]


def test_a_stream_names_an_axis_of_whole_numbers(folder, task_text, changed, faults):
    stream = changed(task_text, ("train = 10", 'train = 10\nstream = "length"'))

    assert cards.read(folder(stream)).splits["length"].stream == "length"
    for wrong in ("first", "stage", "words"):
        (said,) = faults(changed(task_text, ("train = 10", f'train = 10\nstream = "{wrong}"')))
        assert said.startswith(
            f"key 'splits.length.stream' is '{wrong}'; it must name an axis of the split, of type int64"
        )


def test_the_number_of_training_rows_is_a_parameter_that_is_an_integer(folder, task_text, changed, faults):
    def named(name):
        return changed(task_text, ("metrics =", f'prefix = "{name}"\nmetrics ='))

    assert cards.read(folder(named("vocabulary"))).prefix == "vocabulary"
    for wrong in ("share", "mirrored", "rows"):
        assert faults(named(wrong)) == [f"key 'prefix' is '{wrong}'; it must name one of [params] that is an integer"]


def test_a_parameter_is_not_called_as_a_secret_draw_of_the_data_is(task_text, changed, faults):
    (said,) = faults(changed(task_text, ("[params]", "[params]\nsalt = 1")))

    assert said == "key 'params.salt' is taken: labels of splits name by it data that are drawn from a secret"
