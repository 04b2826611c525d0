"""A submission's card: read with its defaults, and what is wrong with one said at once."""

import json

from genbench import cards
from genbench.cards.columns import FAMILIES


def test_a_submissions_card_is_read_with_its_defaults(folder, submission_text):
    card = cards.read(folder(submission_text))

    assert isinstance(card, cards.SubmissionCard)
    assert (card.default, card.needs, card.threads, card.memory_gib) == (False, "cpu", 1, 8.0)
    assert dict(card.budget_seconds) == {"quick": 300.0, "full": 3600.0}
    assert list(card.variants) == ["decay5", "slow"]


def test_a_variant_has_the_budget_of_its_card_but_where_it_says_its_own(folder, submission_text):
    card = cards.read(folder(submission_text))

    budgets = {variant: (card.budget("quick", variant), card.budget("full", variant)) for variant in ("decay5", "slow")}

    assert budgets == {"decay5": (300.0, 3600.0), "slow": (300.0, 40000.0)}


def test_a_variants_budget_is_read_as_strictly_as_its_cards(submission_text, changed, faults):
    text = changed(submission_text, ("budget = { full = 40000 }", "budget = { full = 0, fast = 3 }"))

    assert sorted(faults(text)) == [
        "key 'variants.slow.budget.full' is 0.0; it must be above 0",
        "unknown key 'variants.slow.budget.fast'",
    ]


def test_all_faults_of_a_submissions_card_are_said_at_once(submission_text, changed, faults):
    text = changed(
        submission_text,
        ('tasks = ["modular/*"]', 'tasks = "modular/*"\nthreads = 0\nmemory_gib = 0\nneeds = "tpu"\nbudgets = 3'),
        ('inputs = ["int64"]', 'inputs = ["int32"]'),
        ("params = { decay = 5 }", 'params = { decay = "much" }'),
        ("params = { steps = 300 }", "params = { step = 300 }\nprofiles = 1"),
        ("bias = false", 'bias = false\nsizes = [1, 2]\nhint = "a=b"\nroot = nan'),
    )

    assert sorted(faults(text)) == sorted(
        [
            "key 'tasks' is 'modular/*'; it must be of type array",
            "key 'threads' is 0; it must be at least 1",
            "key 'memory_gib' is 0.0; it must be above 0",
            "key 'needs' is 'tpu'; it must be one of cpu, gpu",
            "unknown key 'budgets'; did you mean 'budget'?",
            f"key 'accepts' names the type 'int32'; types are {', '.join(FAMILIES)}, vector(N)",
            "variants.decay5: parameter 'decay' is 'much'; it must be of type number",
            "overrides[0] has no parameter 'step'; did you mean 'steps'?",
            "unknown key 'overrides[0].profiles'",
            "key 'params.sizes' is [1, 2]; it must be a string, number, true or false",
            "key 'params.hint' is 'a=b'; ',', ':', '=' and '|' are kept for the command line",
            "key 'params.root' is nan; it must be finite",
        ]
    )


def test_a_parameter_that_names_files_is_one_of_the_cards_and_a_string(submission_text, changed, faults):
    text = changed(submission_text, ('tasks = ["modular/*"]', 'tasks = ["modular/*"]\nfiles = ["bias", "dekay", 3]'))

    assert sorted(faults(text)) == [
        "key 'files' must be an array of strings",
        "key 'files' names 'bias', which is False, and a file's name is a string",
        "key 'files' names 'dekay', which is no parameter of it; did you mean 'decay'?",
    ]


def test_what_is_required_is_a_package_with_its_versions(submission_text, changed, faults):
    good = [
        "scikit-learn>=1.5",
        "jax",
        "lightgbm ~= 4.0, != 4.2",
        "peft[extra,more]==0.1.*",
        "uvloop; sys_platform == 'linux'",
    ]
    bad = ["genbench==0.1", "mine @ https://example.org/mine.whl", "./mine", "--index-url=x", "a b", "a>1\n--pre"]
    text = changed(
        submission_text, ('tasks = ["modular/*"]', f'tasks = ["modular/*"]\nrequires = {json.dumps(good + bad)}')
    )

    assert faults(text) == [
        "key 'requires' holds 'genbench==0.1'; genbench is there anyhow",
        *(
            f"key 'requires' holds {one!r}; it must be a package with its versions, as 'scikit-learn>=1.5'"
            for one in bad[1:]
        ),
    ]


def test_a_variable_is_asked_for_by_name_and_none_that_the_engine_sets(submission_text, changed, faults):
    names = '["OPENAI_API_KEY", "my key", "PATH", "GENBENCH_DATA", "PYTHONPATH", "OMP_NUM_THREADS"]'
    text = changed(
        submission_text, ('tasks = ["modular/*"]', f'tasks = ["modular/*"]\nenvironment = {names}\nnetwork = 1')
    )

    assert sorted(faults(text)) == [
        *(
            f"key 'environment' holds '{one}', which a cell gets from genbench or not at all"
            for one in ("GENBENCH_DATA", "OMP_NUM_THREADS", "PATH", "PYTHONPATH")
        ),
        "key 'environment' holds 'my key'; it must be the name of a variable, as 'OPENAI_API_KEY'",
        "key 'network' is 1; it must be of type true or false",
    ]
