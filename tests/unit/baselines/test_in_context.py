"""The models here are made by hand, so that what each must answer is known; none is fetched."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from datasets import Dataset

from genbench.rows.store import Store

pytestmark = pytest.mark.skipif(
    find_spec("transformers") is None, reason="the language extra is not installed: pip install 'genbench[language]'"
)

TOYS = Path(__file__).parents[2] / "toys"
TEXT = {"text": "string"}
RANDOM = {"model": "random"}
BLOCK = "text: cat sat on\nanswer: {}\n"  # its size is how far back a copier looks: every question here is as long


def copier(folder, distance, tokenizer, **generation):
    """Save a GPT-2 of one layer that writes again the token that stands `distance` before the one to be written.

    A state is three parts side by side: its position, its token and what is to be written, each one-hot. Attention
    looks for the position; what it finds there goes to the third part, which alone is read out.
    """
    from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

    places, words = 256, len(tokenizer)
    dim = places + 2 * words
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=words,
            n_positions=places,
            n_embd=dim,
            n_layer=1,
            n_head=1,
            n_inner=1,
            tie_word_embeddings=False,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    place, word = torch.arange(places), torch.arange(words)
    layer = model.transformer.h[0]
    with torch.no_grad():
        matrices = (model.transformer.wte, model.transformer.wpe, layer.attn.c_attn, layer.attn.c_proj, model.lm_head)
        for matrix in (*matrices, layer.mlp.c_fc, layer.mlp.c_proj):
            matrix.weight.zero_()
        model.transformer.wpe.weight[place, place] = 1
        model.transformer.wte.weight[word, places + word] = 1
        asks = place[distance - 1 :]
        layer.attn.c_attn.weight[asks, asks - distance + 1] = 10  # large, so that one position has all the attention
        layer.attn.c_attn.weight[place, dim + place] = 1
        layer.attn.c_attn.weight[places + word, 2 * dim + places + word] = 1
        layer.attn.c_proj.weight[places + word, places + words + word] = 1
        model.lm_head.weight[word, places + words + word] = 1
    if generation:
        model.generation_config = GenerationConfig(**generation)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def module(baseline):
    return baseline("in_context")


@pytest.fixture(scope="module")
def byte_tokenizer(baseline):
    return baseline("in_context", "pretrained").byte_tokenizer


@pytest.fixture(scope="module")
def fitted(module, context):
    def fit(train, given, inputs=TEXT, target_type="string", seed=1):
        one = module.InContext(context("in_context", inputs, target_type, seed, given))
        one.fit(Dataset.from_dict(train), None)
        return one

    return fit


TEXTS = ["cat sat on", "dog ran up", "an owl hid in that big hut", "fox dug in"]
ASKED = ["dog ran in", "cat hid on", "cat dug in", "fox hut in"]
NEAREST = [1, 0, 3, 3]
ANSWERS = {  # of one kind, all are written with as many bytes
    "string": ["go on", "x . y", "stop!", "a [bc"],
    "int64": [417, 238, 659, 100],
    "list<int64>": [[4, 1], [2, 3], [6, 5], [1, 0]],
    "list<string>": [["a b"], ["ü,"], ["--c"], ['"d']],
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_model_that_copies_gives_the_answer_of_the_most_similar_example(byte_tokenizer, fitted, tmp_path, kind):
    answers = ANSWERS[kind]
    written = answers[0] if kind == "string" else json.dumps(answers[0])
    model = copier(tmp_path, len(BLOCK.format(written)), byte_tokenizer())
    one = fitted({"text": TEXTS, "answer": answers}, {"model": model, "examples": 2}, target_type=kind)
    questions = Dataset.from_dict({"text": ASKED})

    given = one.predict(questions)

    assert given == [answers[row] for row in NEAREST]
    assert len({len(prompt) for prompt in one.prompts(questions)}) > 1, "padding is tried"


def test_a_line_break_inside_a_longer_token_ends_an_answer(byte_tokenizer, fitted, tmp_path):
    tokenizer = byte_tokenizer()
    tokenizer.add_tokens(["n\n"])
    model = copier(tmp_path, len(BLOCK.format("go on")) - 2, tokenizer)  # "cat sat on" and "go on" end with that token
    one = fitted({"text": ["cat sat on"], "answer": ["go on"]}, {"model": model})

    written = one.continued(one.prompts(Dataset.from_dict({"text": ["cat hid on"]})))

    assert written == ["go on"]
    assert one.model.generation_config.eos_token_id == sorted(
        [tokenizer.eos_token_id, *tokenizer("n\n\n")["input_ids"]]
    )


def test_what_a_token_says_behind_its_line_break_is_left_out(byte_tokenizer, fitted, tmp_path):
    tokenizer = byte_tokenizer()
    tokenizer.add_tokens(["n\na"])
    model = copier(tmp_path, len("n\nanswer:") - 2, tokenizer)  # "cat hid on" ends with that token
    one = fitted({"text": ["cat sat on"], "answer": ["go on"]}, {"model": model, "examples": 0})

    assert one.predict(Dataset.from_dict({"text": ["cat hid on"]})) == ["n"]


def test_a_token_that_ends_the_model_s_texts_ends_an_answer_and_is_no_part_of_it(byte_tokenizer, fitted, tmp_path):
    tokenizer = byte_tokenizer()
    own = {"eos_token_id": tokenizer("n")["input_ids"]}
    model = copier(tmp_path, len(BLOCK.format("go on")), tokenizer, **own)
    one = fitted({"text": ["cat sat on"], "answer": ["go on"]}, {"model": model})

    assert one.predict(Dataset.from_dict({"text": ["cat hid on"]})) == ["go o"]


def test_sampling_and_penalties_that_a_model_came_with_are_not_used(byte_tokenizer, fitted, tmp_path):
    own = {"do_sample": True, "temperature": 100.0, "repetition_penalty": 50.0, "no_repeat_ngram_size": 1}
    model = copier(tmp_path, len(BLOCK.format("go on")), byte_tokenizer(), **own, max_length=3)
    one = fitted({"text": ["cat sat on"], "answer": ["go on"]}, {"model": model})

    assert one.predict(Dataset.from_dict({"text": ["cat hid on"]})) == ["go on"]


def test_behind_the_wall_all_questions_are_answered_and_what_cannot_be_read_is_counted(byte_tokenizer, tmp_path):
    example = "number: -50\nagain: -50\n"  # the first in training order, for none resembles a number asked
    model = copier(tmp_path / "model", len(example) - 1, byte_tokenizer())  # as if all numbers had two digits
    address = f"in_context:model={model},examples=1"

    subprocess.run(
        [sys.executable, "-m", "genbench.cli", "evaluate", address, "--task", TOYS / "echo", "--out", tmp_path / "out"],
        check=True,
        capture_output=True,
    )

    (cell,) = Store(str(tmp_path / "out")).read("cells").table.to_pylist()
    answers = Store(str(tmp_path / "out")).read("predictions").table.column("prediction").to_pylist()
    assert (cell["status"], cell["detail"]) == ("ok", "")
    assert f"model {model} has weights sha256:" in cell["log"]
    assert "in_context: 10 of 100 answers are no int64 and count as -51" in cell["log"]
    assert Counter(answers) == {"-50": 90, "-51": 10}


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def untrained(fitted):
    train = {"text": [f"{'word ' * (n % 5)}x{n}" for n in range(40)], "answer": [f"y{n}" for n in range(40)]}
    return fitted(train, {**RANDOM, "examples": 3})


VARIED = Dataset.from_dict({"text": ["x1", "word x2", "word word word word x3 x4", "new", ""] * 3})


def line_after(one, prompt):
    """What the model writes behind one prompt: no padding, nothing kept from token to token."""
    tokens = list(prompt)
    while len(tokens) < len(prompt) + one.limit:
        with torch.no_grad():
            tokens.append(int(one.model(input_ids=torch.tensor([tokens])).logits[0, -1].argmax()))
        if tokens[-1] in one.ends or "\n" in one.tokenizer.decode(tokens[len(prompt) :]):
            break
    own = [token for token in tokens[len(prompt) :] if token not in one.ends]
    return one.tokenizer.decode(own).partition("\n")[0].strip()


def test_a_batch_writes_what_each_prompt_alone_is_answered_with(untrained):
    prompts = untrained.prompts(VARIED)

    assert len({len(prompt) for prompt in prompts}) > 2
    assert untrained.continued(prompts) == [line_after(untrained, prompt) for prompt in prompts]


def test_answers_come_in_the_order_of_the_questions_whatever_the_batches(untrained, fitted):
    train = {"text": [f"{'word ' * (n % 5)}x{n}" for n in range(40)], "answer": [f"y{n}" for n in range(40)]}
    narrow = fitted(train, {**RANDOM, "examples": 3, "batch_tokens": 1})

    assert narrow.predict(VARIED) == untrained.predict(VARIED)


def test_equal_seeds_give_equal_answers_and_the_global_generator_is_not_needed(fitted):
    train = {"text": ["a", "b", "c", "d"], "answer": ["1", "2", "3", "4"]}
    given = {**RANDOM, "examples": 2, "choice": "random"}
    torch.manual_seed(1)
    one = fitted(train, given)
    torch.manual_seed(2)
    other = fitted(train, given)

    assert one.predict(VARIED) == other.predict(VARIED)


def test_an_answer_may_have_twice_the_longest_one_s_tokens_and_ten_more(fitted):
    one = fitted({"text": ["a", "b"], "answer": ["four", "sixsix"]}, RANDOM)

    assert one.limit == 2 * len(" sixsix\n") + 10
    assert one.model.generation_config.max_new_tokens == one.limit


def test_batches_are_longest_first_and_hold_their_padding(module):
    sizes = np.array([3, 10, 4, 10, 5, 100])

    assert list(module.batches(sizes, 20)) == [[5], [1, 3], [4, 2, 0]]


# --- prompts ----------------------------------------------------------------------------------------------------------


def text_of(one, questions):
    return one.texts(one.prompts(Dataset.from_dict(questions)))


def test_a_prompt_shows_each_column_on_a_line_and_the_most_similar_example_last(fitted):
    inputs = {"text": "string", "n": "int64", "bag": "list<int64>", "names": "list<string>"}
    train = {
        "text": ["a b", "c"],
        "n": [1, 2],
        "bag": [[1, 2], []],
        "names": [["x", "y z"], ["ü"]],
        "answer": [[True and 5], []],
    }
    one = fitted(train, {**RANDOM, "examples": 8}, inputs, "list<int64>")

    (text,) = text_of(one, {"text": ["a"], "n": [1], "bag": [[2]], "names": [["q"]]})

    assert text == (
        'text: c\nn: 2\nbag: []\nnames: ["ü"]\nanswer: []\n'
        'text: a b\nn: 1\nbag: [1, 2]\nnames: ["x", "y z"]\nanswer: [5]\n'
        'text: a\nn: 1\nbag: [2]\nnames: ["q"]\nanswer:'
    )


def test_a_token_that_begins_every_text_begins_a_prompt_once(byte_tokenizer, fitted, tmp_path):
    from tokenizers.processors import TemplateProcessing

    tokenizer = byte_tokenizer()
    tokenizer.add_special_tokens({"bos_token": "<begin>"})
    begin = tokenizer.bos_token_id
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing("<begin> $A", special_tokens=[("<begin>", begin)])
    one = fitted({"text": ["a", "b"], "answer": ["1", "2"]}, {"model": copier(tmp_path, 9, tokenizer), "examples": 2})

    (prompt,) = one.prompts(Dataset.from_dict({"text": ["c"]}))

    assert prompt[0] == begin
    assert prompt.count(begin) == 1
    assert one.room + one.limit == 255


def test_without_examples_the_question_stands_alone(fitted):
    one = fitted({"text": ["a"], "answer": ["b"]}, {**RANDOM, "examples": 0})

    assert text_of(one, {"text": ["a"]}) == ["text: a\nanswer:"]


def test_line_breaks_in_strings_are_written_and_read_as_json(fitted, module):
    one = fitted({"text": ["a\nb", "c"], "answer": ["d\ne", "f"]}, RANDOM)

    (text,) = text_of(one, {"text": ["a\nb"]})

    assert text == 'text: c\nanswer: "f"\ntext: "a\\nb"\nanswer: "d\\ne"\ntext: "a\\nb"\nanswer:'
    assert module.parsed('"d\\ne"', "string", quoted=True) == "d\ne"


def test_examples_that_read_alike_are_shown_once(fitted):
    one = fitted({"text": ["jump"] * 50 + ["run"], "answer": ["J"] * 50 + ["R"]}, RANDOM)

    assert text_of(one, {"text": ["jump"]}) == ["text: run\nanswer: R\ntext: jump\nanswer: J\ntext: jump\nanswer:"]


def test_the_least_similar_examples_go_where_the_context_is_short(fitted, capsys):
    train = {"text": ["a b c d", "a b c", "a b", "a"], "answer": ["1", "2", "3", "4"]}
    whole = fitted(train, {**RANDOM, "examples": 4})
    (full,) = whole.prompts(Dataset.from_dict({"text": ["a b c d"]}))
    fewer = fitted(train, {**RANDOM, "examples": 4, "context_tokens": len(full) - 1 + whole.limit})

    (text,) = text_of(fewer, {"text": ["a b c d"]})

    assert whole.texts([full])[0].endswith(text)
    assert text.startswith("text: a b\n")
    assert "1 of 1 questions have fewer examples" in capsys.readouterr().err


def test_questions_longer_than_the_context_lose_their_beginning_and_are_answered(fitted, capsys):
    one = fitted({"text": ["a"], "answer": ["b"]}, {**RANDOM, "context_tokens": 40})
    questions = Dataset.from_dict({"text": ["word " * 50, "short"]})

    answers = one.predict(questions)

    assert [type(answer) for answer in answers] == [str, str]
    assert len(one.prompts(questions)[0]) == one.room
    assert one.texts(one.prompts(questions))[0].endswith("word \nanswer:")
    assert "1 of 2 questions lost their beginning" in capsys.readouterr().err


def test_random_examples_are_drawn_anew_for_each_question_and_alike_each_time(fitted):
    train = {"text": [str(n) for n in range(100)], "answer": [str(n) for n in range(100)]}
    questions = Dataset.from_dict({"text": ["1"] * 50})
    given = {**RANDOM, "choice": "random", "examples": 5}

    drawn = fitted(train, given).chosen(questions)

    assert len({tuple(row) for row in drawn}) == 50
    assert all(len(set(row)) == 5 for row in drawn)
    assert (drawn == fitted(train, given).chosen(questions)).all()
    assert (drawn != fitted(train, given, seed=2).chosen(questions)).any()


# --- similarity -------------------------------------------------------------------------------------------------------


def test_longer_runs_of_tokens_in_common_make_an_example_more_similar(fitted):
    train = {"text": ["b a", "a b", "c d"], "answer": ["1", "2", "3"]}
    questions = Dataset.from_dict({"text": ["a b"]})

    ranked = [fitted(train, {**RANDOM, "ngrams": n, "examples": 1}).chosen(questions).tolist() for n in (1, 2)]

    assert ranked == [[[0]], [[1]]]


# --- reading ----------------------------------------------------------------------------------------------------------

READ = [
    ("string", "a b", "a b"),
    ("string", "", ""),
    ("int64", "12", 12),
    ("int64", "-3", -3),
    ("int64", str(2**63 - 1), 2**63 - 1),
    ("list<int64>", "[]", []),
    ("list<int64>", "[3,1]", [3, 1]),
    ("list<string>", '["a", "b c"]', ["a", "b c"]),
]
UNREAD = [
    ("int64", ""),
    ("int64", "12 apples"),
    ("int64", "1.0"),
    ("int64", "012"),
    ("int64", "true"),
    ("int64", "NaN"),
    ("int64", str(2**63)),
    ("int64", "9" * 5000),
    ("int64", "[1]"),
    ("list<int64>", "3 1"),
    ("list<int64>", "[3, true]"),
    ("list<int64>", '["3"]'),
    ("list<int64>", "[1, [2]]"),
    ("list<int64>", "[" * 100_000),
    ("list<string>", "[1]"),
    ("list<string>", '["\\ud800"]'),
    ("list<string>", '{"a": "b"}'),
]


@pytest.mark.parametrize(("kind", "text", "answer"), READ)
def test_a_line_is_read_as_the_target_s_type(module, kind, text, answer):
    assert module.parsed(text, kind, quoted=kind != "string") == answer


@pytest.mark.parametrize(("kind", "text"), UNREAD, ids=lambda value: value[:20])
def test_a_line_that_is_none_of_the_type_says_nothing(module, kind, text):
    assert module.parsed(text, kind, quoted=True) is None


def test_what_says_nothing_counts_as_an_answer_that_training_never_gave(module):
    assert module.wrong([4, -2, 7], "int64") == -3
    assert module.wrong([-(2**63), 7], "int64") == 8
    assert module.wrong([[1]], "list<int64>") == []
    assert module.wrong(["a"], "string") == ""
