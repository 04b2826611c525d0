"""How long COGS takes to make sentences and their meanings; run with --benchmark-only."""

from itertools import islice

import pytest

SENTENCES = 20_000


def test_sentences_are_made_with_their_logical_forms(benchmark, task_module):
    cogs = task_module("cogs")

    def made():
        return [cogs.grammar.interpret(one) for one in islice(cogs.generate.sentences(cogs.cases.ALL, 0), SENTENCES)]

    forms = benchmark(made)

    assert len(forms) == SENTENCES


@pytest.mark.parametrize("depth", [3, 50])
def test_deep_sentences_are_made_with_their_logical_forms(benchmark, task_module, depth):
    cogs = task_module("cogs")
    case = cogs.replace(cogs.cases.CASES["pp_recursion"], phrases=depth)

    def made():
        return [cogs.grammar.interpret(one) for one in islice(cogs.generate.sentences(case, 0), 1000)]

    forms = benchmark(made)

    assert len(forms) == 1000


def test_answers_are_parsed(benchmark, task_module):
    cogs = task_module("cogs")
    forms = [cogs.grammar.interpret(one) for one in islice(cogs.generate.sentences(cogs.cases.ALL, 0), SENTENCES)]

    verdicts = benchmark(lambda: [cogs.variable_free.well_formed(form) for form in forms])

    assert all(verdicts)
