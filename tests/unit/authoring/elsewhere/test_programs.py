"""Folders of tasks for other programs: rows as text, a task for each question set, and what is no task of tokens."""

import json

import pytest

from genbench import registry
from genbench.api.addresses import one_split
from genbench.authoring.elsewhere import programs, tokens
from genbench.errors import BadValue, StoreFault


def test_the_harness_gets_rows_as_text_and_a_task_for_each_question_set(echo, tmp_path):
    written = programs.export(echo, tmp_path, "lm-eval")

    rows = [json.loads(line) for line in (tmp_path / "test.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows[7] == {"question_id": 7, "prompt": f"number: {rows[7]['target']}\nagain:", "target": rows[7]["target"]}
    assert {path.name for path in written} == {
        "train.jsonl",
        "test.jsonl",
        "rows.py",
        "genbench_echo_small_test.yaml",
        "genbench_echo_small.yaml",
    }
    assert 'until": ["\\n"], "do_sample": false, "max_gen_toks": 2' in written[-2].read_text(encoding="utf-8")


def test_inspect_gets_a_module_with_a_task_for_each_question_set(echo, tmp_path):
    programs.export(echo, tmp_path, "inspect")

    text = (tmp_path / "task.py").read_text(encoding="utf-8")
    compile(text, "task.py", "exec")
    assert "@task\ndef genbench_echo_small_test(shots: int = 0):\n    return asked('test', shots)\n" in text


def test_what_is_no_task_of_tokens_is_refused_by_its_column(tmp_path):
    with pytest.raises(BadValue, match="letitwag is no task of tokens: its column 'image' is of type image"):
        programs.export(one_split("letitwag/synthetic"), tmp_path, "lm-eval")


def test_every_task_without_images_vectors_and_lists_of_floats_is_one_of_tokens():
    refused = set()
    for name, card in registry.catalogue().tasks.items():
        try:
            tokens.check(card)
        except BadValue:
            refused.add(name)

    kinds = {name: {*card.inputs.values(), card.target_type} for name, card in registry.catalogue().tasks.items()}
    other = {name for name, own in kinds.items() if any(one[:6] in {"image", "vector"} for one in own)}
    assert refused == other | {name for name, own in kinds.items() if "list<float64>" in own}


@pytest.mark.parametrize("program", ["lm-eval", "inspect"])
def test_a_folder_of_another_export_is_refused_and_one_of_the_same_is_written_anew(echo, tmp_path, program):
    programs.export(echo, tmp_path, program)
    programs.export(echo, tmp_path, program)
    (tmp_path / "genbench_scan_length.yaml").touch()

    with pytest.raises(StoreFault, match=r" holds 'genbench_scan_length.yaml', which is not of this export; name a f"):
        programs.export(echo, tmp_path, program)
