"""Where the model comes from, and what is said where there is none; nothing is fetched."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from datasets import Dataset

pytestmark = pytest.mark.skipif(
    find_spec("transformers") is None, reason="the language extra is not installed: pip install 'genbench[language]'"
)


@pytest.fixture(scope="module")
def pretrained(baseline):
    return baseline("in_context", "pretrained")


@pytest.fixture(scope="module")
def fitted(baseline, context):
    def fit(train, given):
        one = baseline("in_context").InContext(context("in_context", {"text": "string"}, "string", given=given))
        one.fit(Dataset.from_dict(train), None)
        return one

    return fit


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """An empty cache of the hub."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def test_a_name_on_the_hub_is_found_in_its_cache_by_commit_and_by_branch(pretrained, hub):
    commits = ["0" * 40, "1" * 40]
    folders = [hub / "models--house--tiny" / "snapshots" / commit for commit in commits]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
    (hub / "models--house--tiny" / "refs").mkdir()
    (hub / "models--house--tiny" / "refs" / "main").write_text(commits[1])

    found = [pretrained.folder_of("house/tiny", revision) for revision in (*commits, "main")]

    assert found == [*folders, folders[1]]


def refusal(fitted, given):
    with pytest.raises((ImportError, OSError, ValueError)) as raised:
        fitted({"text": ["a"], "answer": ["b"]}, given)
    assert len(str(raised.value)) <= 300, "what is longer is cut off in a row"
    return str(raised.value)


def test_the_default_model_that_is_not_at_hand_is_named_with_what_to_do(fitted, hub):
    assert refusal(fitted, {}) == (
        "model 'Qwen/Qwen2.5-0.5B' (revision 060db6499f32faf8b98477b0a26969ef7d8b9987) is not in "
        f"{hub}, and a cell fetches nothing: fetch it with `hf download` and set HF_HUB_CACHE to the hub's cache, "
        "or give model=/absolute/path"
    )


def test_a_path_that_is_no_folder_is_refused_with_the_right_form(fitted):
    assert refusal(fitted, {"model": "./mine"}) == (
        "model './mine' is no folder here; name one by its absolute path, such as model=/models/mine, "
        "for a cell runs in a folder and a home of its own"
    )


def test_a_name_that_is_none_is_refused(fitted, hub):
    assert refusal(fitted, {"model": "a/b/c"}).startswith("model 'a/b/c' is neither an absolute path nor a name on")


def test_a_folder_without_a_model_is_refused_by_its_name(fitted, tmp_path):
    assert refusal(fitted, {"model": str(tmp_path)}).startswith(
        f"model '{tmp_path}' cannot be loaded from {tmp_path}: "
    )


def test_without_the_library_the_error_says_how_to_install_it(fitted, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert refusal(fitted, {"model": "random"}) == "it needs the library transformers: pip install 'genbench[language]'"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"examples": -1}, "parameter 'examples' is -1; it must be at least 0"),
        ({"ngrams": 0}, "parameter 'ngrams' is 0; it must be at least 1"),
        ({"choice": "nearest"}, "parameter 'choice' is 'nearest'; it must be one of similar, random"),
        ({"precision": "int8"}, "parameter 'precision' is 'int8'; it must be one of float32, bfloat16, float16"),
        ({"model": "random", "context_tokens": 1}, "a context of 1 tokens has no room for a question and its answer"),
    ],
)
def test_parameters_outside_their_range_are_refused(fitted, given, message):
    assert refusal(fitted, given) == message


def test_a_model_that_names_no_longest_input_needs_it_as_a_parameter(pretrained):
    class Config:
        def get_text_config(self):
            return self

    class Model:
        config = Config()

    model, tokenizer = pretrained.random_language(1)

    assert pretrained.context_length(model, tokenizer, 0) == 1024
    assert pretrained.context_length(model, tokenizer, 4096) == 1024
    assert pretrained.context_length(Model(), tokenizer, 64) == 64
    with pytest.raises(ValueError, match="give parameter 'context_tokens'"):
        pretrained.context_length(Model(), tokenizer, 0)
