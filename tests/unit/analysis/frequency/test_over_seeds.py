"""Analyses over seeds."""

from genbench.analysis import frequency


def cell(seed=0, submission="net"):
    return {"task": "t", "split": "s", "submission": submission, "profile": "full", "seed": seed, "cell": f"c{seed}"}


def test_seeds_are_put_together_and_what_does_not_fit_is_left_out_by_name(spread):
    tables = {0: spread(), 1: spread(), 2: spread(1), 3: "the file is gone"}

    found, left_out = frequency.analyses([cell(seed) for seed in tables], lambda row: tables[row["seed"]])

    (one,) = found
    assert (one.submission, one.question_set, one.analysis.seeds, one.analysis.concepts) == ("net", "test", 2, 12)
    assert left_out == [
        "t/s net seed 2: other concepts or frequencies on test than another seed",
        "t/s net seed 3: the file is gone",
    ]
