"""The script that tells which contributions a pull request touches, on repositories made for the purpose."""

from __future__ import annotations

import pytest


def test_a_changed_baseline_is_named(repository):
    repository.write("baselines/mlp/card.toml", text="second")
    repository.commit()

    assert repository.changed("main") == (0, ["baselines/mlp"], "")


def test_a_file_deep_inside_a_task_names_the_task(repository):
    repository.write("tasks/scan/data/words.txt", text="second")
    repository.commit()

    assert repository.changed("main") == (0, ["tasks/scan"], "")


def test_folders_are_named_once_in_order(repository):
    repository.write("tasks/scan/card.toml", "tasks/scan/task.py", "baselines/new-1_x/card.toml", text="second")
    repository.commit()
    repository.write("baselines/mlp/baseline.py", text="second")
    repository.commit()

    assert repository.changed("main") == (0, ["baselines/mlp", "baselines/new-1_x", "tasks/scan"], "")


def test_a_deleted_folder_is_left_out(repository):
    repository.git("rm", "-r", "--quiet", "baselines/mlp")
    repository.commit()

    assert repository.changed("main") == (0, [], "")


def test_a_file_deleted_from_a_folder_that_stays_names_the_folder(repository):
    repository.git("rm", "--quiet", "tasks/scan/data/words.txt")
    repository.commit()

    assert repository.changed("main") == (0, ["tasks/scan"], "")


def test_a_renamed_folder_is_named_as_it_is_now(repository):
    repository.git("mv", "baselines/mlp", "baselines/perceptron")
    repository.commit()

    assert repository.changed("main") == (0, ["baselines/perceptron"], "")


def test_a_file_moved_between_folders_names_both(repository):
    repository.git("mv", "tasks/scan/data/words.txt", "baselines/mlp/words.txt")
    repository.commit()

    assert repository.changed("main") == (0, ["baselines/mlp", "tasks/scan"], "")


def test_changes_elsewhere_name_nothing(repository):
    repository.write("README.md", "genbench/tasks/scan/card.toml", "tasks.md", text="second")
    repository.commit()

    assert repository.changed("main") == (0, [], "")


def test_an_unchanged_branch_names_nothing(repository):
    assert repository.changed("main") == (0, [], "")


def test_what_main_did_meanwhile_is_no_part_of_the_change(repository):
    repository.write("baselines/mlp/card.toml", text="second")
    repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.write("tasks/scan/card.toml", text="second")
    repository.commit()

    assert repository.changed("main", "change") == (0, ["baselines/mlp"], "")


def test_the_script_may_be_called_from_a_subfolder(repository):
    repository.write("baselines/mlp/card.toml", text="second")
    repository.commit()
    repository.folder /= "tasks/scan"

    assert repository.changed("main") == (0, ["baselines/mlp"], "")


def test_file_names_inside_a_folder_are_free(repository):
    repository.write("tasks/scan/a b\n$(touch x) 'é.txt")
    repository.commit()

    assert repository.changed("main") == (0, ["tasks/scan"], "")


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("baselines/$(touch x)/card.toml", r"baselines/\$\(touch\ x\)/card.toml"),
        ("baselines/`touch x`/card.toml", r"baselines/\`touch\ x\`/card.toml"),
        ("baselines/mlp; touch x/card.toml", r"baselines/mlp\;\ touch\ x/card.toml"),
        ("baselines/my mlp/card.toml", r"baselines/my\ mlp/card.toml"),
        ("tasks/scan\ntouch x/card.toml", r"$'tasks/scan\ntouch x/card.toml'"),
        ("tasks/scan\n::error::x/card.toml", r"$'tasks/scan\n::error::x/card.toml'"),
        ("tasks/-rf/card.toml", "tasks/-rf/card.toml"),
        ("tasks/.hidden/card.toml", "tasks/.hidden/card.toml"),
        ("tasks/Scan/card.toml", "tasks/Scan/card.toml"),
        ("tasks/1scan/card.toml", "tasks/1scan/card.toml"),
        ("tasks/é/card.toml", r"$'tasks/\303\251/card.toml'"),
        ("tasks/card.toml", "tasks/card.toml"),
    ],
)
def test_any_other_path_is_an_error_that_quotes_it(repository, path, quoted):
    repository.write(path)
    repository.write("baselines/mlp/card.toml", text="second")
    repository.commit()

    said = repository.changed("main")

    assert (said.code, said.folders) == (2, [])
    assert said.error.startswith(f"changed-contributions: {quoted} is not a file of a contribution")
    assert len(said.error.splitlines()) == 1
    assert not list(repository.folder.rglob("x"))


def test_all_wrong_paths_are_named_at_once(repository):
    repository.write("tasks/A/card.toml", "tasks/B/card.toml")
    repository.commit()

    said = repository.changed("main")

    named = [line.split()[1] for line in said.error.splitlines()]
    assert named == ["tasks/A/card.toml", "tasks/B/card.toml"]


def test_a_wrong_path_may_be_deleted(repository):
    repository.git("switch", "--quiet", "main")
    repository.write("tasks/A b/card.toml")
    repository.commit()
    repository.git("switch", "--quiet", "--create=mend")
    repository.git("rm", "-r", "--quiet", "tasks/A b")
    repository.commit()

    assert repository.changed("main") == (0, [], "")


def test_a_link_in_the_place_of_a_folder_is_an_error(repository):
    (repository.folder / "tasks/linked").symlink_to("scan")
    repository.commit()

    assert repository.changed("main")[:2] == (2, [])


def test_a_link_in_the_place_of_all_tasks_is_an_error(repository):
    repository.git("rm", "-r", "--quiet", "tasks")
    (repository.folder / "tasks").symlink_to("baselines")
    repository.commit()

    assert repository.changed("main")[:2] == (2, [])


def test_a_base_that_is_not_here_is_an_error(repository):
    said = repository.changed("0" * 40)

    assert said.code == 2
    assert "fetch the whole history" in said.error


def test_a_base_is_never_read_as_an_option(repository):
    said = repository.changed("--output=x")

    assert said.code == 2
    assert not (repository.folder / "x").exists()


def test_histories_without_a_common_commit_are_an_error(repository):
    repository.git("switch", "--quiet", "--orphan=stranger")
    repository.write("tasks/scan/card.toml")
    repository.commit()

    said = repository.changed("main")

    assert said.code == 2
    assert "share no history" in said.error


def test_called_without_a_base_it_says_how(repository):
    said = repository.changed()

    assert said.code == 2
    assert "usage: .ci/changed-contributions BASE [HEAD]" in said.error
