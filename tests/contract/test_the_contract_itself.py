"""A contract that cannot be broken proves nothing: each way to break it is caught, and by the right sentence."""

import re
import shutil
from pathlib import Path

import pytest

from genbench import cards, registry
from genbench.authoring import check, task_contract
from genbench.data import tables
from genbench.errors import GenbenchError
from genbench.evaluation.build import load_unchecked
from genbench.registry import Catalogue, ChosenSplit, folders

TOYS = Path(__file__).parents[1] / "toys"


@pytest.fixture
def task(tmp_path):
    """A copy of the toy task, to break."""
    return Path(shutil.copytree(TOYS / "echo", tmp_path / "echo"))


def rewritten(path, *changes):
    """Put new text in place of old; the old must be there, so that no test rests on a change that was not made."""
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def fingerprinted(folder, split="small"):
    """Give the card the fingerprint of what its task builds now, so that this is not what is found wrong."""
    card = cards.read(folder, "task")
    data = load_unchecked(ChosenSplit(card, card.splits[split], {}))
    path = folder / "card.toml"
    path.write_text(re.sub("sha256:[0-9a-f]{64}", tables.fingerprint(data.subsets()), path.read_text()))


def broken(folder):
    return {finding.sentence: finding.fault for finding in check.check(folder, Catalogue()) if not finding.holds}


def test_the_toy_task_as_it_is_meets_the_contract(task):
    findings = list(check.check(task, Catalogue()))

    assert [finding.fault for finding in findings] == [""] * (7 + len(task_contract.SPLIT_CONTRACT))


DATA = {  # what is changed in the task -> the sentence that no longer holds, and why
    "a question stands in training": (
        "train = np.arange(-50, 0)",
        "train = np.arange(-49, 1)",
        "no question was answered in training",
        "1 questions of test stand in training, as 0",
    ),
    "a question is asked twice": (
        "asked = np.arange(params",
        "asked = np.arange(100) // 2 * 2 if params['questions'] == 100 else np.arange(params",
        "no question is asked twice",
        "test asks 100 questions, of which 50 are distinct",
    ),
    "an answer cannot be right": (
        '"again": asked, "parity"',
        '"again": asked * float("nan"), "parity"',
        "perfect answers score the ceiling",
        "perfect answers score 0.0000 in exact_match; a right answer must score its ceiling",
    ),
    "most answers are the same": (
        '"again": asked, "parity"',
        '"again": asked // 60, "parity"',
        "shuffled answers score about chance",
        "test: shuffled answers score 0.",
    ),
    "the data differ from time to time": (
        "train = np.arange(-50, 0)",
        "train = np.random.default_rng().permutation(np.arange(-50, 0))",
        "the data are what the card declares",
        "echo/small: the data's fingerprint is sha256:",
    ),
    "rows are missing": (
        "train = np.arange(-50, 0)",
        "train = np.arange(-49, 0)",
        "the data are what the card declares",
        "echo/small: train has 49 rows; the card declares 50",
    ),
    "a slice column is missing": (
        ', "parity": parity',
        "",
        "the data are what the card declares",
        "echo/small test: columns are ['again', 'number']; the card declares ['again', 'number', 'parity']",
    ),
    "a slice has no name": (
        'pa.array(["even", "odd"])',
        'pa.array(["even", None])',
        "the data are what the card declares",
        "echo/small test: column 'parity' holds 50 nulls",
    ),
    "the loader raises": (
        "    asked =",
        "    raise RuntimeError('no data today')\n    asked =",
        "the data are what the card declares",
        "echo/small: load raised RuntimeError: no data today",
    ),
    "the module does not import": (
        "import numpy as np",
        "import numpi as np",
        "the entry imports",
        "entry 'task:load' does not import: ModuleNotFoundError: No module named 'numpi'",
    ),
}


@pytest.mark.parametrize("what", DATA)
def test_data_that_break_the_contract_are_caught_by_its_sentence(task, what):
    old, new, sentence, fault = DATA[what]
    rewritten(task / "task.py", (old, new))
    if sentence in task_contract.SPLIT_CONTRACT:
        if "nan" in new:
            rewritten(task / "card.toml", ('again = "int64"', 'again = "float64"'))
            rewritten(task / "task.py", ('"again": train', '"again": train * 1.0'))
        fingerprinted(task)

    found = broken(task)

    assert sentence in found
    assert fault in found[sentence]
    assert len(found) == 1 or "nan" in new, "an answer that is never right is far from chance, too"


CARDS = {
    "the fingerprint is another's": (
        "sha256:72c6",
        "sha256:72c7",
        "the data are what the card declares",
        "the card declares sha256:72c7",
    ),
    "the card claims another chance": (
        "chance = 0.01",
        "chance = 0.5",
        "shuffled answers score about chance",
        "the card says chance is 0.5000",
    ),
    "questions are not the training they are declared to be": (
        'kind = "ood"',
        'kind = "trained"',
        "no question was answered in training",
        "test is declared as training asked again; 100 questions are not there",
    ),
    "a metric does not fit the target": (
        'metrics = ["exact_match"]',
        'metrics = ["exact_match", "token_accuracy"]',
        "the metrics can grade the target",
        "metric 'token_accuracy' cannot grade a target of type int64",
    ),
    "a key is misspelt": ("embedded = true", "embeded = true", "the card is valid", "did you mean 'embedded'?"),
}


@pytest.mark.parametrize("what", CARDS)
def test_a_card_that_breaks_the_contract_is_caught_by_its_sentence(task, what):
    old, new, sentence, fault = CARDS[what]
    rewritten(task / "card.toml", (old, new))

    found = broken(task)

    assert sentence in found
    assert fault in found[sentence]


OF_OTHERS = """
[metric.elsewhere]
entry = "scoring:none"
reduce = "scoring:nothing"
about = "of splits that are not here"
"""
NOTHING = """\
import numpy as np

def none(answers, targets, questions):
    return np.zeros((len(answers), 1))

def nothing(marks, within):
    return None
"""


@pytest.mark.parametrize("headline", [False, True])
def test_a_metric_may_have_no_number_of_a_split_unless_it_is_the_headline(task, headline):
    listed = '["elsewhere", "exact_match"]' if headline else '["exact_match", "elsewhere"]'
    (task / "scoring.py").write_text(NOTHING)
    rewritten(task / "card.toml", ('["exact_match"]', listed))
    (task / "card.toml").write_text((task / "card.toml").read_text() + OF_OTHERS)

    found = broken(task)

    fault = "perfect answers score nothing in elsewhere; a right answer must score its ceiling"
    assert found.get("perfect answers score the ceiling") == (fault if headline else None)
    assert headline or not found


def test_data_that_change_between_two_builds_are_caught(task):
    rewritten(
        task / "task.py",
        ("def load(", "BUILT = []\n\n\ndef load("),
        ("train = np.arange(-50, 0)", "train = np.arange(-50, 0) - len(BUILT)\n    BUILT.append(1)"),
    )
    card = cards.read(task, "task")
    chosen = ChosenSplit(card, card.splits["small"], {})

    with pytest.raises(GenbenchError, match="fingerprint is"):
        task_contract.same_bytes(task_contract.Held(chosen, load_unchecked(chosen)))


def test_training_asked_again_by_declaration_is_no_leak(task):
    rewritten(task / "card.toml", ('kind = "ood"', 'kind = "trained"'))
    rewritten(
        task / "task.py",
        ("train = np.arange(-50, 0)", "train = asked[:50]"),
        ('asked = np.arange(params["questions"])', "asked = np.arange(50)"),
    )
    rewritten(task / "card.toml", ("rows = 100", "rows = 50"), ("chance = 0.01", "chance = 0.02"))
    fingerprinted(task)

    assert broken(task) == {}


@pytest.fixture
def echo_alone():
    """A catalogue with the toy task in it, for submissions to be tried on."""
    return Catalogue(tasks={"echo": cards.read(TOYS / "echo", "task")})


def test_a_submission_that_says_that_seeds_do_not_matter_is_tried_with_two(tmp_path, echo_alone, standing):
    mine = Path(shutil.copytree(TOYS / "guesses", tmp_path / "guesses"))
    rewritten(mine / "card.toml", ("[params]", "deterministic = true\n\n[params]"))

    (fault,) = [finding for finding in check.check(mine, echo_alone, standing) if not finding.holds]

    assert (fault.sentence, fault.fault) == (
        "all seeds give the same answers, as its card says",
        "seeds 0 and 1 answered differently",
    )


def test_a_submission_that_answers_differently_each_time_is_caught(tmp_path, echo_alone, standing):
    mine = Path(shutil.copytree(TOYS / "guesses", tmp_path / "guesses"))
    rewritten(mine / "baseline.py", ("np.random.default_rng(context.seed)", "np.random.default_rng()"))

    (fault,) = [finding for finding in check.check(mine, echo_alone, standing) if not finding.holds]

    assert (fault.sentence, fault.fault) == ("the same seed gives the same answers", "two runs answered differently")


def test_a_submission_that_raises_is_caught_with_its_traceback(tmp_path, echo_alone, standing):
    mine = Path(shutil.copytree(TOYS / "faulty", tmp_path / "faulty"))
    rewritten(mine / "card.toml", ('how = "not"', 'how = "raises"'))

    (fault,) = [finding for finding in check.check(mine, echo_alone, standing) if not finding.holds]

    assert fault.sentence == "it fits and predicts on part of echo/small"
    assert fault.fault.startswith("error: ValueError: no such luck (baseline.py:")
    assert 'raise ValueError("no such luck' in fault.fault


def test_a_submission_that_takes_no_split_is_caught(tmp_path, echo_alone, standing):
    mine = Path(shutil.copytree(TOYS / "idle", tmp_path / "idle"))
    rewritten(mine / "card.toml", ("license =", 'accepts = { inputs = ["image"] }\nlicense ='))

    (fault,) = [finding for finding in check.check(mine, echo_alone, standing) if not finding.holds]

    assert fault.sentence == "it takes an embedded split"


def test_a_folder_without_a_card_is_caught(tmp_path):
    assert list(broken(tmp_path)) == ["the card is valid"]


def test_two_cards_of_one_name_are_told_apart_in_the_catalogue(tmp_path, monkeypatch):
    for folder in ("one", "two"):
        shutil.copytree(TOYS / "echo", tmp_path / "tasks" / folder)
    monkeypatch.setattr(folders, "home", lambda: tmp_path)

    found = registry.catalogue()

    assert found.tasks["echo"].folder == tmp_path / "tasks" / "one"
    assert [str(fault) for fault in found.faults] == [
        f"{tmp_path}/tasks/two/card.toml:\n  key 'name': 'echo' is taken by {tmp_path}/tasks/one"
    ]


@pytest.mark.parametrize(
    ("change", "sentence", "fault"),
    [
        (
            ('["squared_error", "absolute_error", "within"]', '["absolute_error", "exact_match"]'),
            "numbers are not compared bit for bit",
            "exact_match compares the target 'y' (float64) bit for bit, so that a right answer in float32",
        ),
        (
            ('direction = "lower"', ""),
            "the direction is the headline's",
            "key 'direction' is 'higher'; of squared_error the lower is better",
        ),
        (
            ("chance = 13.3", "chance = 1.0"),
            "shuffled answers score about chance",
            "wide: shuffled answers score 1",
        ),
        (
            ("chance = 3.3", "chance = -3.3"),
            "the levels are ones that the headline can have",
            "wider, id: key 'chance' is -3.3; squared_error lies from 0 to inf",
        ),
        (
            ("chance = 3.3", 'chance = 3.3\nfloor = 1.0\nbayes = "width + 1"'),
            "the levels are ones that the headline can have",
            "wider, id: key 'bayes' is 2, worse than the floor, 1",
        ),
        (
            ("[splits.wider]", "[chance_along.side]\nbelow = -1.0\n\n[splits.wider]"),
            "the levels are ones that the headline can have",
            "key 'chance_along.side.below' is -1; squared_error lies from 0 to inf",
        ),
        (
            ('"within"]', '"excess_error"]'),
            "the metrics can grade the target",
            "asks for the best attainable: key 'splits.wider.bayes', or one of each question set; id, wide has none",
        ),
        (
            ('["squared_error", "absolute_error", "within"]', '["excess_error", "squared_error"]'),
            "the metrics can grade the target",
            "metric 'excess_error' is of the headline's error; put the metric that 'bayes' is told in before it",
        ),
        (
            ("tolerance = { abs = 1e-4, rel = 1e-5 }", ""),
            "the metrics can grade the target",
            "metric 'within' needs to know how near: key 'tolerance', as { abs = 1e-3, rel = 1e-6 }",
        ),
    ],
)
def test_a_card_that_measures_numbers_wrong_is_caught(tmp_path, change, sentence, fault):
    folder = Path(shutil.copytree(TOYS / "plane", tmp_path / "plane"))
    without = [("tolerance = { abs = 1e-4, rel = 1e-5 }", "")] if "bit" in sentence else []
    rewritten(folder / "card.toml", change, *without)

    assert fault in broken(folder)[sentence]


def test_a_task_of_numbers_meets_the_contract():
    assert broken(TOYS / "plane") == {}


@pytest.mark.parametrize(("key", "value"), [("chance", "1.25"), ("bayes", "'questions'"), ("floor", "'-1/questions'")])
def test_a_level_that_no_answers_could_reach_is_caught(task, key, value):
    place = (
        ("chance = 0.01", f"chance = {value}") if key == "chance" else ("train = 50", f"train = 50\n{key} = {value}")
    )
    rewritten(task / "card.toml", place)

    fault = broken(task)["the levels are ones that the headline can have"]

    assert fault.startswith(f"small, test: key {key!r} is ")
    assert fault.endswith("; exact_match lies from 0 to 1")


def test_a_question_that_stands_in_a_table_beside_train_is_caught_unless_the_card_says_so(tmp_path):
    folder = Path(shutil.copytree(TOYS / "beside", tmp_path / "beside"))
    rewritten(folder / "card.toml", ("leak = 0", "leak = 3"))
    fingerprinted(folder, "far")

    caught = broken(folder)
    rewritten(folder / "card.toml", ("train = 8", "transductive = true\ntrain = 8"))
    allowed = broken(folder)

    assert list(caught) == ["no question stands in an auxiliary table"]
    assert caught["no question stands in an auxiliary table"].startswith("3 questions of test stand in unlabelled, as ")
    assert allowed == {}


def test_a_question_is_found_under_another_name_too(tmp_path):
    folder = Path(shutil.copytree(TOYS / "beside", tmp_path / "beside"))
    rewritten(folder / "task.py", ('list("bcd")', '["b", "c", "a20"]'))
    fingerprinted(folder, "far")

    caught = broken(folder)

    assert caught["no question stands in an auxiliary table"].startswith("1 questions of test stand in order, as 'a20'")


@pytest.mark.parametrize(
    ("answer", "metrics", "chance", "direction"),
    [
        ("set", '["set_f1", "set_exact", "jaccard", "micro_f1", "macro_f1"]', 0.34, "higher"),
        ("ranking", '["mean_average_precision"]', 0.3, "higher"),
        ("any_of", '["exact_match"]', 0.0, "higher"),
        ("any_of", '["absolute_error"]', 60, "lower"),
    ],
)
def test_sets_and_several_right_answers_meet_the_contract(tmp_path, answer, metrics, chance, direction):
    folder = Path(shutil.copytree(TOYS / "divisors", tmp_path / "divisors"))
    path = folder / "card.toml"
    text = re.sub("metrics = .*", f"metrics = {metrics}\ndirection = '{direction}'", path.read_text())
    path.write_text(
        text.replace('answer = "set"', f"answer = '{answer}'").replace("chance = 0.34", f"chance = {chance}")
    )

    assert broken(folder) == {}


@pytest.mark.parametrize(
    ("train", "asked", "fault"),
    [
        ("np.arange(-1, -1 - params['rows'], -1)", "", ""),
        ("np.arange(-params['rows'], 0)", "", "train with rows = 25 does not begin train with rows = 50"),
        ("np.arange(-50, 0)", "", "rows = 25 gives 50 rows, 50 50"),
        (
            "np.arange(-1, -1 - params['rows'], -1)",
            " + params['rows'] - 50",
            "test asks other questions with rows = 25 than with rows = 50",
        ),
    ],
)
def test_train_that_does_not_begin_the_larger_one_is_caught(task, train, asked, fault):
    sized = ("questions = 100", "questions = 100\nrows = 50")
    rewritten(task / "card.toml", sized, ("metrics =", 'prefix = "rows"\nmetrics ='))
    rewritten(
        task / "task.py",
        ("np.arange(-50, 0)", train),
        ('np.arange(params["questions"])', f'np.arange(params["questions"]){asked}'),
    )
    fingerprinted(task)

    found = broken(task)

    assert found == ({"train of n rows begins that of 2n": fault} if fault else {})
