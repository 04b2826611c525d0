"""Our standings by the metric that a published figure is of."""

import pytest

from genbench import registry
from genbench.analysis.published import Figure, beside
from genbench.errors import UnknownName
from genbench.report.figures import by_metric, measured
from genbench.report.results import headlines


def figure(metric):
    given = dict.fromkeys(("model", "paper", "where", "source"), "x")
    return Figure(
        task="simplicity", split="ms7", question_set="test", metric=metric, status="verified", ours="linear", **given
    )


@pytest.fixture(scope="module")
def published():
    return [str(registry.home() / "leaderboard" / "results")]


def test_a_figure_of_another_metric_than_the_headline_finds_our_row_by_it(published):
    tasks = {"simplicity": registry.catalogue().tasks["simplicity"]}
    figures = [figure("auc"), figure("top_1")]

    ours, _ = measured(published, figures, tasks)

    found = [beside(one, ours) for one in figures]
    assert [one.metric for one in found] == ["auc", "top_1"]
    assert found[0].mean != found[1].mean
    assert found[1].chance == 0.5
    assert found[0].chance is None, "chance is known of the headline alone"


def test_what_no_metric_is_called_is_refused():
    tasks = registry.catalogue().tasks

    with pytest.raises(UnknownName, match="ack"):
        by_metric(headlines(tasks), "ack", tasks)
