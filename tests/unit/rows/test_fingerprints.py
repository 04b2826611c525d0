"""Fingerprints of folders: what decides counts, what only tells does not."""

import os
import shutil
from pathlib import Path

import pytest

from genbench.errors import BadCard
from genbench.rows import fingerprints
from genbench.rows.fingerprints import of_folder, of_task

ROOT = Path(__file__).parents[3]

MODULE = '''"""What it does."""

import math


class Learner:
    """A learner."""

    RATE = 1e-3

    def fit(self, train, *, epochs=None, **rest):
        """Learn."""
        match train:
            case {"a": None, **others}:
                return [*others, *(x for x in rest if not x)]
        return f"{math.pi:>{epochs}} of {train!r}" + "\\n" + b"\\xff".hex() + str(1j) + str(0xFFFF)
'''

TASK = """
kind = "task"
name = "toy"
title = "A toy"
entry = "task:load"
about = "a toy"
license = "MIT"
libraries = ["numpy"]
embedded = true
metrics = ["exact_match"]
inputs = { title = "string" }
describe = "task:describe"

[params]
length = 5

[splits.small]
about = "few"
chance = 0.1
quick = true
params = { length = 3 }
train = 10
fingerprint = "unseen"

[splits.small.questions.test]
kind = "ood"
rows = 5

[splits.large]
about = "many"
chance = 0.1
train = 1000
fingerprint = "unseen"

[splits.large.questions.test]
kind = "ood"
rows = 500
"""

SUBMISSION = """
kind = "submission"
name = "toy"
title = "A toy"
entry = "baseline:Toy"
about = "a toy"
license = "MIT"
accepts = { inputs = ["string"], target = ["string"] }
threads = 1

[params]
steps = 5

[budget]
quick = 10

[[overrides]]
profile = "quick"
params = { steps = 1 }

[variants.long]
about = "more"
params = { steps = 50 }
"""


@pytest.fixture
def folder(tmp_path):
    """Gives `folder(name, {"task.py": "..."})`, a folder with those files."""

    def make(name="mine", files=None):
        at = tmp_path / name
        for path, text in (files or {"task.py": MODULE}).items():
            (at / path).parent.mkdir(parents=True, exist_ok=True)
            (at / path).write_text(text)
        return at

    return make


def test_a_fingerprint_is_of_names_and_content_alone(folder):
    one = folder("one", {"task.py": "x = 1", "words.txt": "y"})
    other = folder("other", {"words.txt": "y", "task.py": "x = 1"})

    assert of_folder(one) == of_folder(other)
    assert of_folder(one).startswith("sha256:")


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (lambda at: (at / "task.py").write_text("z"), True),
        (lambda at: (at / "task.py").rename(at / "tusk.py"), True),
        (lambda at: (at / "empty.txt").touch(), True),
        (lambda at: (at / "empty").mkdir(), False),
        (lambda at: (at / ".hidden").write_text("z"), False),
        (lambda at: (at / "README.md").write_text("z"), False),
        (lambda at: (at / "prompts.md").write_text("z"), True),
        (lambda at: _file(at / "__pycache__" / "task.pyc"), False),
        (lambda at: _file(at / "inner" / "__pycache__" / "task.pyc"), False),
        (lambda at: _file(at / "inner" / "task.py"), True),
        (lambda at: (at / "link.py").symlink_to(_file(at.parent / "outside" / "a.py")), True),
        (lambda at: (at / "link").symlink_to(_file(at.parent / "outside" / "a.py").parent), True),
        (lambda at: (at / "loop").symlink_to(at), False),
        (lambda at: (at / "astray").symlink_to(at / "nowhere"), False),
    ],
)
def test_a_fingerprint_changes_with_the_files_that_count(folder, change, counts):
    at = folder()
    before = of_folder(at)

    change(at)

    assert (of_folder(at) != before) == counts


def _file(path):
    path.parent.mkdir(parents=True)
    path.write_text("content")
    return path


def test_a_fingerprint_follows_a_linked_folders_content(folder):
    at, outside = folder(), folder("outside", {"common.py": "x = 1"})
    (at / "link").symlink_to(outside)
    (outside / "back").symlink_to(at)
    before = of_folder(at)

    folder("outside", {"common.py": "x = 2"})

    assert of_folder(at) != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""What it does."""\n', ""),
        ("    def fit", "    # Why.\n    def fit"),
        ("import math\n", "import math\n\n\n\n"),
        ('        """Learn."""\n', '        """Learn it\n        well."""\n'),
        ("    RATE = 1e-3\n", '    RATE = 0.001\n    "of learning"\n'),
        ("0xFFFF", "65535"),
        ("\n", "\r\n"),
        ('"a"', "u'a'"),
        ("train, *, epochs=None", "train,\n*,\n    epochs = None"),
    ],
)
def test_what_tells_in_a_module_does_not_count(folder, old, new):
    assert old in MODULE
    assert of_folder(folder("one")) == of_folder(folder("other", {"task.py": MODULE.replace(old, new)}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1e-3", "2e-3"),
        ("epochs=None", "epochs=True"),
        ("epochs=None", "epochs=False"),
        ("import math\n", "import math\nimport re\n"),
        ("if not x", "if x"),
        ("None, **others", "True, **others"),
        ("!r}", "!s}"),
        (" of {", " off {"),
        ("0xFFFF", "0xFFFE"),
        ("str(1j)", "str(1)"),
        ("\\xff", "\\xfe"),
        ("[*others, *(", "[others, *("),
        ("def fit", "async def fit"),
        ("*, epochs", "epochs"),
    ],
)
def test_what_decides_in_a_module_counts(folder, old, new):
    assert old in MODULE
    assert of_folder(folder("one")) != of_folder(folder("other", {"task.py": MODULE.replace(old, new)}))


def test_a_docstring_alone_in_a_body_is_as_good_as_none_and_a_name_in_a_string_is_no_name(folder):
    files = [
        "def load():\n    'x'\n",
        "def load():\n    'y'\n",
        "def load():\n    return x\n",
        "def load():\n    return 'x'\n",
    ]

    prints = [of_folder(folder(str(place), {"task.py": text})) for place, text in enumerate(files)]

    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


def test_an_empty_module_is_one_with_a_docstring(folder):
    assert of_folder(folder("one", {"a.py": ""})) == of_folder(folder("other", {"a.py": '"""Words."""\n'}))


def test_a_module_that_does_not_parse_counts_by_its_bytes(folder):
    texts = ["1 +", "1 + ", "1 +  # why", "\0"]

    prints = {of_folder(folder(str(place), {"task.py": text})) for place, text in enumerate(texts)}

    assert len(prints) == 4


def test_a_deep_tree_is_written_however_deep_the_caller_is(folder):
    at = folder("deep", {"task.py": "x = " + " + ".join(["1"] * 800)})

    def below(depth):
        return of_folder(at) if not depth else below(depth - 1)

    assert below(100) == of_folder(at)


def test_neighbouring_texts_of_an_f_string_are_one_text(folder):
    assert of_folder(folder("one", {"a.py": "f'{x}a' 'b'"})) == of_folder(folder("other", {"a.py": "f'{x}ab' ''"}))


# The same on every version of Python, of what each of them can parse; a change here makes new cells of everything.
KNOWN = "sha256:7ca58c53cddcf1cb4590812b294f36abc68427a156118aa7e718526b48a88964"


def test_the_fingerprint_of_a_module_and_a_card_is_the_same_on_every_version_of_python(folder):
    at = folder("known", {"task.py": MODULE, "card.toml": TASK, "words.txt": "a\nb\n"})

    assert of_folder(at, "small") == KNOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "A toy"', 'title = "Another"'),
        ("MIT", "Apache-2.0"),
        ('libraries = ["numpy"]', 'libraries = ["numpy", "torch"]'),
        ("embedded = true", "embedded = false"),
        ("task:describe", "task:say"),
        ("length = 5", "length = 6"),
        ("length = 3", "length = 4"),
        ("chance = 0.1", "chance = 0.2"),
        ("quick = true", "quick = false"),
        ("train = 10\n", "train = 11\n"),
        ("rows = 5\n", "rows = 6\n"),
        ('about = "few"', 'about = "quite few"'),
        ('name = "toy"', "name = 'toy'"),
    ],
)
def test_what_tells_on_a_tasks_card_or_stands_elsewhere_in_the_key_does_not_count(folder, old, new):
    assert old in TASK
    one = folder("one", {"card.toml": TASK})
    other = folder("other", {"card.toml": TASK.replace(old, new)})

    assert of_folder(one, "small") == of_folder(other, "small")


@pytest.mark.parametrize(("metrics", "counts"), [('["exact_match", "excess_error"]', True), ('["exact_match"]', False)])
def test_the_best_attainable_counts_where_marks_are_told_from_it(folder, metrics, counts):
    card = TASK.replace('["exact_match"]', metrics)
    one, other = (
        folder(name, {"card.toml": card.replace("chance = 0.1", f"chance = 0.1\nbayes = {bayes}")})
        for name, bayes in (("one", 0.8), ("other", 0.9))
    )

    assert (of_folder(one, "small") != of_folder(other, "small")) is counts


def test_another_split_on_the_card_does_not_count(folder):
    one, other = (
        folder("one", {"card.toml": TASK}),
        folder("other", {"card.toml": TASK[: TASK.index("[splits.large]")]}),
    )

    assert of_folder(one, "small") == of_folder(other, "small")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("task:load", "task:make"),
        ('metrics = ["exact_match"]', 'metrics = ["exact_match", "token_accuracy"]'),
        ('title = "string"', 'about = "string"'),
        ('kind = "ood"\nrows = 5\n', 'kind = "id"\nrows = 5\n'),
        ("small.questions.test", "small.questions.other"),
        ("embedded = true", "embedded = true\ndata_seed = 7"),
        ("embedded = true", 'embedded = true\nlater = "a key of a later release"'),
    ],
)
def test_what_decides_on_a_tasks_card_counts(folder, old, new):
    assert old in TASK
    one, other = folder("one", {"card.toml": TASK}), folder("other", {"card.toml": TASK.replace(old, new)})

    assert of_folder(one, "small") != of_folder(other, "small")


def test_without_a_split_all_of_a_tasks_splits_count(folder):
    one = folder("one", {"card.toml": TASK})
    other = folder("other", {"card.toml": TASK.replace("large.questions.test", "large.questions.other")})

    assert of_folder(one) != of_folder(other)
    assert of_folder(one, "small") == of_folder(other, "small")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("steps = 5\n", "steps = 6\n"),
        ("steps = 1 ", "steps = 2 "),
        ("variants.long", "variants.longer"),
        ("threads = 1", "threads = 2"),
        ("threads = 1", "default = true\nmemory_gib = 4.0\nneeds = 'gpu'\nzero_shot = true\ntasks = ['scan/*']"),
        ("quick = 10", "quick = 20"),
        ('target = ["string"]', 'target = ["int64"]'),
        ("MIT", "Apache-2.0"),
    ],
)
def test_what_tells_on_a_submissions_card_or_stands_elsewhere_in_the_key_does_not_count(folder, old, new):
    assert old in SUBMISSION
    one = folder("one", {"card.toml": SUBMISSION})
    other = folder("other", {"card.toml": SUBMISSION.replace(old, new)})

    assert of_folder(one) == of_folder(other)


@pytest.mark.parametrize(("old", "new"), [("baseline:Toy", "baseline:Other"), ("MIT", 'MIT"\nlater = "x')])
def test_what_decides_on_a_submissions_card_counts(folder, old, new):
    one = folder("one", {"card.toml": SUBMISSION})
    other = folder("other", {"card.toml": SUBMISSION.replace(old, new)})

    assert of_folder(one) != of_folder(other)


@pytest.mark.parametrize(
    "text", ["not = [toml", "splits = 3\nkind = 'task'", "[splits]\nsmall = 3", "day = 2026-01-01"]
)
def test_a_card_with_faults_still_has_a_fingerprint(folder, text):
    assert of_folder(folder("odd", {"card.toml": text}), "small").startswith("sha256:")


def test_a_card_below_the_folder_is_a_file_like_any_other(folder):
    one = folder("one", {"templates/card.toml": TASK})
    other = folder("other", {"templates/card.toml": TASK.replace("A toy", "Another")})

    assert of_folder(one) != of_folder(other)


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("tasks/*/task.py")) + sorted(ROOT.glob("baselines/*/baseline.py")),
    ids=lambda path: path.parent.name,
)
def test_a_comment_leaves_every_bundled_contribution_as_it_was(path, tmp_path):
    at = shutil.copytree(path.parent, tmp_path / path.parent.name)
    before = of_folder(at)

    (at / path.name).write_text(f"# Looked at.\n{path.read_text(encoding='utf-8')}\n# So there.\n", encoding="utf-8")

    assert of_folder(at) == before


METRIC = """

[metric.near]
entry = "scoring.near:marks"
about = "how near"
"""
FILES = {
    "task.py": "import grammar",
    "grammar.py": "RULES = 1",
    "scoring/__init__.py": "",
    "scoring/near.py": "def marks(answers, targets, questions):\n    from . import far\n    import words, math",
    "scoring/far.py": "import task_free",
    "task_free.py": "X = 1",
    "words.py": "",
    "words.txt": "a",
}


@pytest.mark.parametrize("name", [*FILES, "new.py", "new.txt"])
def test_without_metrics_of_its_own_a_task_is_named_by_its_card_alone(folder, name):
    one, other = folder("one", {"card.toml": TASK, **FILES}), folder("other", {"card.toml": TASK, **FILES, name: "1"})

    assert of_task(one, "small") == of_task(other, "small")
    assert of_folder(one, "small") != of_folder(other, "small")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("scoring/near.py", True),
        ("scoring/far.py", True),
        ("scoring/__init__.py", True),
        ("task_free.py", True),
        ("words.py", True),
        ("words.txt", True),
        ("new.txt", True),
        ("task.py", False),
        ("grammar.py", False),
        ("new.py", False),
    ],
)
def test_of_a_task_with_metrics_of_its_own_what_they_rest_on_counts(folder, name, counts):
    card = TASK + METRIC
    one, other = folder("one", {"card.toml": card, **FILES}), folder("other", {"card.toml": card, **FILES, name: "1"})

    assert (of_task(one, "small") != of_task(other, "small")) == counts


def test_a_reduction_counts_as_its_metric_does(folder):
    files = {"card.toml": f'{TASK}\n[metric.near]\nentry = "a:marks"\nreduce = "b:number"\n', "a.py": "", "b.py": ""}
    one, other = folder("one", files), folder("other", {**files, "b.py": "X = 1"})

    assert of_task(one, "small") != of_task(other, "small")


def test_modules_that_import_each_other_are_read_once_each(folder):
    card = f'{TASK}\n[metric.near]\nentry = "a:marks"\n'
    one = folder("one", {"card.toml": card, "a.py": "import b", "b.py": "import a\nX = ("})
    other = folder("other", {"card.toml": card, "a.py": "import b", "b.py": "import a\nX = ( "})

    assert of_task(one, "small") != of_task(other, "small")  # one that does not parse counts by its bytes


@pytest.mark.parametrize(
    ("old", "new"), [("small.questions.test", "small.questions.other"), ("[params]", "[params]\nx = 1")]
)
def test_what_decides_on_a_card_counts_in_the_name_of_a_task(folder, old, new):
    one, other = folder("one", {"card.toml": TASK}), folder("other", {"card.toml": TASK.replace(old, new)})

    assert (of_task(one, "small") != of_task(other, "small")) == (old != "[params]")


@pytest.mark.parametrize(
    "text", ["not = [toml", "metric = 3\nkind = 'task'", "[metric]\nnear = 3", "metric.x.entry = 4"]
)
def test_a_task_whose_card_has_faults_still_has_a_name(folder, text):
    assert of_task(folder("odd", {"card.toml": text, "a.py": ""}), "small").startswith("sha256:")


@pytest.mark.parametrize("to", ["/", ".."])
def test_a_link_that_leads_above_the_folder_is_refused_by_name(folder, to):
    at = folder("one", {"a/task.py": "X = 1"})
    (at / "a" / "up").symlink_to(to if to == "/" else at.parent)

    with pytest.raises(BadCard, match="a/up leads to /.*, which holds the folder"):
        of_folder(at)


def test_a_folder_of_more_files_than_a_contribution_has_is_refused(folder, monkeypatch):
    monkeypatch.setattr(fingerprints, "MOST_FILES", 2)

    with pytest.raises(BadCard, match="holds over 2 files"):
        of_folder(folder("one", {"a.py": "", "b.py": "", "c.py": ""}))


def test_a_name_that_is_no_text_counts_by_its_bytes(folder):
    one = folder("one", {"a.txt": ""})
    (one / os.fsdecode(b"\xff.bin")).write_bytes(b"1")

    assert of_folder(one).startswith("sha256:")
