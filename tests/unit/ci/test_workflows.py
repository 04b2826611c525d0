"""What no workflow may do, whoever edits it: a pull request is a stranger's text and a stranger's code."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parents[3] / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.y*ml"))


@pytest.fixture(params=WORKFLOWS, ids=[path.name for path in WORKFLOWS])
def workflow(request):
    return yaml.safe_load(request.param.read_text())


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def triggers(workflow):
    return workflow[True]  # YAML 1.1 reads the key `on` as a truth value


def test_the_six_workflows_are_found():
    assert [path.name for path in WORKFLOWS] == [
        f"{name}.yml" for name in ("ci", "comment", "contribution", "docs", "rows", "site")
    ]


def test_nothing_is_pasted_into_a_shell(workflow):
    pasted = [step["run"] for step in steps(workflow) if "${{" in step.get("run", "")]

    assert pasted == []


def test_the_token_can_only_read(workflow):
    # Publishing and commenting are held below.
    jobs = [job for name, job in workflow["jobs"].items() if "environment" not in job and name != "comment"]
    granted = [workflow["permissions"], *(job.get("permissions", {}) for job in jobs)]

    assert granted[0] == {"contents": "read"}
    assert {level for permissions in granted for level in dict(permissions).values()} == {"read"}


def test_what_may_publish_runs_no_code_and_never_for_a_pull_request():
    publishing = yaml.safe_load((FOLDER / "site.yml").read_text())

    (job,) = [job for job in publishing["jobs"].values() if "permissions" in job]
    assert job["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in job["steps"]] == ["actions/deploy-pages"]
    assert set(triggers(publishing)) == {"push", "schedule"}
    assert triggers(publishing)["push"] == {"branches": ["main"]}


def test_no_trigger_lends_secrets_to_a_pull_request(workflow):
    assert set(triggers(workflow)) <= {"pull_request", "push", "schedule", "workflow_run"}


def test_no_secret_is_named_but_the_token_of_the_comment(workflow):
    named = re.findall(r"\bsecrets\b|github\.token", yaml.safe_dump(workflow))

    assert named == (["github.token"] if workflow["name"] == "comment" else [])


def test_what_comments_runs_nothing_of_a_pull_request():
    commenting = yaml.safe_load((FOLDER / "comment.yml").read_text())

    assert triggers(commenting) == {"workflow_run": {"workflows": ["contribution", "rows"], "types": ["completed"]}}
    (job,) = commenting["jobs"].values()
    assert job["permissions"] == {"actions": "read", "contents": "read", "pull-requests": "write"}
    (checkout,) = [step for step in job["steps"] if "uses" in step]
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert not [step for step in job["steps"] if re.search(r"\buv\b|python|pip|unzip", step.get("run", ""))]
    said = {value for value in job["env"].values() if "${{" in value}
    assert {re.sub(r".*\.", "", one).removesuffix(" }}") for one in said} == {
        *("token", "repository", "id", "head_sha", "name")
    }, "shas, numbers and the workflow's own name; no title, branch or text"


def test_a_checkout_keeps_no_credentials(workflow):
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]

    assert checkouts
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(checkouts)


def test_every_action_has_a_version(workflow):
    used = [step["uses"] for step in steps(workflow) if "uses" in step]

    assert [name for name in used if not re.search(r"@(v\d+(\.\d+)*|[0-9a-f]{40})$", name)] == []


def test_every_job_ends_by_itself_and_makes_way(workflow):
    limits = [job["timeout-minutes"] for job in workflow["jobs"].values()]

    assert max(limits) <= 60
    assert re.search(r"github\.(ref|event\.workflow_run\.head_sha)", workflow["concurrency"]["group"])


@pytest.fixture
def act(repository, tmp_path):
    """Runs the shell steps of contribution.yml as GitHub would, with a `uv` that notes what it is asked to do."""
    asked, summary, output = (tmp_path / name for name in ("asked", "summary", "output"))
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f"""#!/usr/bin/env bash
echo "$*" >>'{asked}'
case "$*" in
  *"check baselines/broken") exit 2 ;;
  *evaluate*) mkdir -p '{tmp_path}/results' ;;
  *leaderboard*) echo "| submission |" ;;
  *compare*) echo "the same" ;;
esac
""")
    uv.chmod(0o755)
    workflow = yaml.safe_load((FOLDER / "contribution.yml").read_text())

    def steps_up_to_a_failure():
        for step in steps(workflow):
            if "run" not in step or (output.exists() and "count=0" in output.read_text() and "if" in step):
                continue
            done = repository.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                PATH=f"{uv.parent}{os.pathsep}{os.environ['PATH']}",
                BASE="main",
                RUNNER_TEMP=str(tmp_path),
                GITHUB_OUTPUT=str(output),
                GITHUB_STEP_SUMMARY=str(summary),
            )
            if done.returncode:
                return step["name"]
        return None

    def run():
        failed = steps_up_to_a_failure()
        calls = asked.read_text().replace(str(tmp_path), "TEMP").splitlines() if asked.exists() else []
        return failed, calls, summary.read_text() if summary.exists() else ""

    return run


def test_what_a_pull_request_contributes_is_checked_evaluated_and_summed_up(repository, act):
    repository.write("tasks/scan/task.py", "baselines/mlp/baseline.py")
    repository.commit()

    failed, calls, summary = act()

    assert failed is None
    assert calls == [
        "run genbench check baselines/mlp",
        "run genbench check tasks/scan",
        "run genbench evaluate mlp --profile quick --out TEMP/results",
        "run genbench evaluate --task scan/* --quick-splits --profile quick --out TEMP/results",
        "run genbench leaderboard TEMP/results --format markdown",
        "run genbench evaluate TEMP/main/baselines/mlp --profile quick --out TEMP/results-main",
        "run genbench compare mlp mlp TEMP/results --against TEMP/results-main",
        "run genbench leaderboard TEMP/results",
        "run genbench verify TEMP/results",
    ]
    assert summary == "| submission |\n"


def test_all_are_checked_though_one_fails_and_then_the_job_stops(repository, act):
    repository.write("tasks/scan/task.py", "baselines/broken/card.toml")
    repository.commit()

    failed, calls, _ = act()

    assert failed == "Check them"
    assert calls == ["run genbench check baselines/broken", "run genbench check tasks/scan"]


def test_a_folder_with_a_name_no_card_may_bear_stops_the_job_at_once(repository, act):
    repository.write("baselines/$(touch x)/card.toml")
    repository.commit()

    failed, calls, _ = act()

    assert (failed, calls) == ("Find the contributions that changed", [])


def test_a_pull_request_that_only_deletes_runs_nothing(repository, act):
    repository.git("rm", "-r", "--quiet", "baselines/mlp")
    repository.commit()

    failed, calls, summary = act()

    assert (failed, calls, summary) == (None, [], "")


def test_rows_of_a_pull_request_are_verified_by_the_engine_of_main():
    job = yaml.safe_load((FOLDER / "rows.yml").read_text())["jobs"]["verify"]
    engine, change = [step["with"] for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]

    assert engine["ref"].startswith("${{ github.event.pull_request.base.sha ")
    assert change["ref"].startswith("${{ github.event.pull_request.head.sha ")
    runs = [(step["working-directory"], step["run"]) for step in job["steps"] if "uv run" in step.get("run", "")]
    assert runs
    assert {folder for folder, _ in runs} == {engine["path"]}, "nothing of the change is run"
