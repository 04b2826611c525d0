"""What a baseline can be started from: each example passes `check` at once, on a task that is as new."""

import os
import re
import shutil

import pytest

from genbench import cards
from genbench.authoring import check, scaffold
from genbench.evaluation import environments
from genbench.registry import Catalogue


def skip_without(requirements):
    """Skip where packages cannot be had for want of uv or a network; whatever else is wrong with them is a failure."""
    if not requirements or environments.kept(requirements):
        return
    try:
        environments.resolve(requirements)
    except environments.Unresolved as fault:
        if re.search(r"uv is not here|network|[Ff]ailed to fetch|connect", str(fault)):
            pytest.skip(f"the example requires {', '.join(requirements)}, which cannot be had here: {fault}")
        raise


@pytest.fixture
def tasks(tmp_path):
    """A catalogue with one tiny task, made from the template."""
    folder = scaffold.new("task", "tiny", tmp_path, Catalogue())
    return Catalogue(tasks={"tiny": cards.read(folder, "task")})


@pytest.mark.slow
@pytest.mark.parametrize(
    "like",
    [one for one in scaffold.EXAMPLES if one not in {"lora", "transformers"} or os.environ.get("GENBENCH_ALL_PAGES")],
)  # these two train language models for a quarter of a minute and more, and are tried nightly
def test_a_baseline_like_an_example_passes_check_at_once(like, tmp_path, tasks, standing):
    if like == "program" and shutil.which("sh") is None:
        pytest.skip("the example's program needs sh")
    folder = scaffold.new("baseline", "mine", tmp_path, Catalogue(), like)
    skip_without(cards.read(folder, "submission").requires)

    findings = list(check.check(folder, tasks, standing))

    assert [finding.fault for finding in findings if not finding.holds] == []
    assert findings[-1].sentence == "the same seed gives the same answers"


def test_no_example_is_run_by_default(tmp_path):
    made = [scaffold.new("baseline", f"like-{like}", tmp_path, Catalogue(), like) for like in scaffold.EXAMPLES]

    assert [folder.name for folder in made if cards.read(folder, "submission").default] == []
