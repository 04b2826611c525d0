"""A pretrained language model that is shown a few training examples before each question: in-context learning.

Brown et al. 2020 (arXiv:2005.14165), few-shot: no weight is changed; the examples are text that the model continues.
Examples are drawn at random for each question, as they do (section 2.4), or are the most similar ones, as Liu et al.
2022 propose (arXiv:2101.06804). Qiu et al. 2022 (arXiv:2205.12253) put COGS to much larger models that way. A prompt
with two examples, the more similar one last:

    commands: look left
    actions: I_TURN_LEFT I_LOOK
    commands: jump twice
    actions: I_JUMP I_JUMP
    commands: jump left
    actions:

Strings stand there as they are, all else as JSON; strings that hold a line break as JSON, too, and answers all of them
where one does. The model goes on greedily to the end of the line, or for twice the tokens of the longest training
answer and ten more. What it wrote is read back as the target's type. Text of an int64 that is no number counts as one
less than the least training answer, so that it cannot be right by luck; text of a list that is none, as the empty list;
text of a string, where these are JSON, as the empty string. How many there were is said on stderr.

Departures:

- no table is reproduced: which model is asked is a parameter, and the default is far smaller than theirs;
- similarity is BM25 (Robertson & Zaragoza 2009) over n-grams of tokens, not the nearness of embeddings;
- examples that read alike are one example, and an example too many for the model's context is left out, the least
  similar first. A question that alone does not fit loses its beginning;
- the text is cut into tokens line group by line group, so that a prompt's length is known before it is put together.

What a figure means here differs from the other baselines: the model was trained on text that nobody here has seen, and
tasks published before it was (SCAN, COGS) may be in there, answers included. Blanks around an answer are not kept.
"""

from __future__ import annotations

import itertools
import json
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch
from pretrained import context_length, language, say
from similarity import most_similar, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datasets import Dataset
    from jaxtyping import Int
    from similarity import Rows

    from genbench import Context


class InContext:
    """The submission: `fit` loads the model and keeps the examples; the work is in `predict`."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.setting = setting = context.params
        for name, least in (("examples", 0), ("ngrams", 1), ("batch_tokens", 1), ("context_tokens", 0)):
            if int(setting[name]) < least:
                raise ValueError(f"parameter {name!r} is {setting[name]}; it must be at least {least}")
        for name, options in (("choice", ("similar", "random")), ("precision", ("float32", "bfloat16", "float16"))):
            if setting[name] not in options:
                raise ValueError(f"parameter {name!r} is {setting[name]!r}; it must be one of {', '.join(options)}")
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what CUDA asks for to be deterministic
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads are not counted by the card's
        torch.use_deterministic_algorithms(True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads memory before writing it
        torch.set_num_threads(context.threads)

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Load the model, write out each distinct example once. The validation rows are not used.

        Raises `ImportError` without the library transformers, `FileNotFoundError` for a model that is not on this
        machine and `ValueError` for one that cannot be loaded or whose context is too short or unknown.
        """
        del validation
        model, self.tokenizer = language(self.setting, self.context.seed)
        self.model = model.to(self.context.device).eval()
        self.parameters = sum(weight.numel() for weight in model.parameters())

        answers = train.data.column(self.context.target).to_pylist()
        self.quoted = self.context.target_type != "string" or any("\n" in answer for answer in answers)
        self.wrong = wrong(answers, self.context.target_type)
        shown = [f" {json.dumps(one, ensure_ascii=False) if self.quoted else one}\n" for one in answers]
        whole = [question + answer for question, answer in zip(self.written(train), shown, strict=True)]
        first = {text: row for row, text in reversed(list(enumerate(whole)))}
        self.kept = sorted(first.values())
        self.examples = [whole[row] for row in self.kept]
        self.columns = [column.take(pa.array(self.kept)) for column in self.inputs(train)]

        begun = self.tokenizer("x")["input_ids"][:1]
        self.start = [token for token in begun if token == self.tokenizer.bos_token_id]
        context = context_length(model, self.tokenizer, int(self.setting["context_tokens"]))
        longest = max(map(len, self.tokens(list(dict.fromkeys(shown)))))
        self.limit = min(2 * longest + 10, context // 2)
        self.room = context - self.limit - len(self.start)
        if min(self.limit, self.room) < 1:
            raise ValueError(f"a context of {context} tokens has no room for a question and its answer")
        self.prepare_to_write()

    def predict(self, questions: Dataset) -> list[object]:
        """Ask the model, prompts of like length together, longest first."""
        prompts = self.prompts(questions)
        lengths = np.array([len(prompt) for prompt in prompts])
        texts = [""] * len(prompts)
        for rows in batches(lengths + self.limit, int(self.setting["batch_tokens"])):
            for row, text in zip(rows, self.continued([prompts[row] for row in rows]), strict=True):
                texts[row] = text
        read = [parsed(text, self.context.target_type, quoted=self.quoted) for text in texts]
        unread = sum(answer is None for answer in read)
        if unread:
            kind = self.context.target_type
            say(f"{unread} of {len(read)} answers are no {kind} and count as {self.wrong!r}")
        return [self.wrong if answer is None else answer for answer in read]

    # --- prompts ------------------------------------------------------------------------------------------------------

    def prompts(self, questions: Dataset) -> list[list[int]]:
        """Each question's tokens behind those of its examples, the most similar one last."""
        chosen = self.chosen(questions)
        used, place = np.unique(chosen, return_inverse=True)
        shown = self.tokens([self.examples[row] for row in used])
        prompts, short, cut = [], 0, 0
        for asked, places in zip(self.tokens(self.written(questions)), place.reshape(chosen.shape), strict=True):
            cut += len(asked) > self.room
            examples = [shown[one] for one in places]  # the most similar first
            sizes = list(itertools.accumulate([len(asked), *map(len, examples)]))
            fit = max(0, sum(size <= self.room for size in sizes) - 1)
            short += fit < len(examples)
            prompts.append([*self.start, *itertools.chain(*examples[:fit][::-1]), *asked[-self.room :]])
        if short:
            say(f"{short} of {len(prompts)} questions have fewer examples, for the context is {self.room} tokens")
        if cut:
            say(f"{cut} of {len(prompts)} questions lost their beginning, for the context is {self.room} tokens")
        return prompts

    def chosen(self, questions: Dataset) -> Rows:
        """Which examples each question is shown, the most similar first."""
        count, known = min(int(self.setting["examples"]), len(self.examples)), len(self.examples)
        if self.setting["choice"] == "random":
            stream = np.random.default_rng(self.context.seed)
            drawn = [stream.choice(known, count, replace=False) for _ in range(questions.num_rows)]
            return np.array(drawn, np.int64).reshape(questions.num_rows, count)
        asked = self.inputs(questions)
        counts = terms(
            [pa.chunked_array([*a.chunks, *b.chunks]) for a, b in zip(self.columns, asked, strict=True)],
            int(self.setting["ngrams"]),
        )
        return most_similar(counts[:known], counts[known:], count)

    def inputs(self, given: Dataset) -> list[pa.ChunkedArray]:
        """The input columns."""
        return [given.data.column(name) for name in self.context.inputs]

    def written(self, given: Dataset) -> list[str]:
        """Each row's inputs, a line each, and the target's name, behind which its answer would stand."""
        columns = [column.to_pylist() for column in self.inputs(given)]
        return [
            "".join(f"{name}: {spelled(value)}\n" for name, value in zip(self.context.inputs, row, strict=True))
            + f"{self.context.target}:"
            for row in zip(*columns, strict=True)
        ]

    def tokens(self, texts: list[str]) -> list[list[int]]:
        """The tokens of each text, without those that begin or end one."""
        return self.tokenizer(texts, add_special_tokens=False)["input_ids"] if texts else []

    # --- answers ------------------------------------------------------------------------------------------------------

    def prepare_to_write(self) -> None:
        """Find the tokens that end an answer, and put greedy decoding in place of what the model came with."""
        from transformers import GenerationConfig

        own = self.model.generation_config.eos_token_id
        self.ends = {*(own if isinstance(own, list) else [own]), self.tokenizer.eos_token_id} - {None}
        single = self.texts([[token] for token in range(len(self.tokenizer))])
        breaks = {token for token, text in enumerate(single) if "\n" in text}
        stops = sorted(self.ends | breaks)
        pad = self.tokenizer.pad_token_id
        self.pad = pad if pad is not None else next(iter(stops), 0)
        self.model.generation_config = GenerationConfig(
            max_new_tokens=self.limit, do_sample=False, eos_token_id=stops or None, pad_token_id=self.pad
        )

    @torch.inference_mode()
    def continued(self, prompts: Sequence[Sequence[int]]) -> list[str]:
        """The line that the model writes behind each prompt."""
        width = max(map(len, prompts))
        given = torch.full((len(prompts), width), self.pad)
        seen = torch.zeros_like(given)
        for row, prompt in enumerate(prompts):  # on the left, so that each answer begins where its prompt ends
            given[row, width - len(prompt) :] = torch.tensor(prompt)
            seen[row, width - len(prompt) :] = 1
        device = self.model.device
        written = self.model.generate(
            input_ids=given.to(device),
            attention_mask=seen.to(device),
            generation_config=self.model.generation_config,
        )
        rows = written[:, width:].tolist()
        answers = [list(itertools.takewhile(lambda token: token not in self.ends, row)) for row in rows]
        return [text.partition("\n")[0].strip() for text in self.texts(answers)]

    def texts(self, tokens: Sequence[Sequence[int]]) -> list[str]:
        """What tokens say. Without the last argument some tokenizers take the blank from before a full stop."""
        return self.tokenizer.batch_decode(tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def spelled(value: object) -> str:
    """An input as a prompt shows it, on one line."""
    return value if isinstance(value, str) and "\n" not in value else json.dumps(value, ensure_ascii=False)


def wrong(answers: Sequence[Any], kind: str) -> object:
    """What text counts as that cannot be read as a target of type `kind`."""
    if kind == "int64":
        least = min(answers)
        return least - 1 if least > -(2**63) else max(answers) + 1
    return "" if kind == "string" else []


def parsed(text: str, kind: str, *, quoted: bool) -> object | None:
    """The answer that a line says, None where it says none.

    >>> parsed("[3, 1]", "list<int64>", quoted=True)
    [3, 1]
    """
    if not quoted:
        return text
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half a character, as JSON can name one, fits in no column
    except (ValueError, RecursionError):
        return None
    fits = {"string": _is_string, "int64": _is_int64}
    if kind in fits:
        return value if fits[kind](value) else None
    inner = fits[kind.removeprefix("list<").removesuffix(">")]
    return value if isinstance(value, list) and all(map(inner, value)) else None


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _is_int64(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def batches(sizes: Int[np.ndarray, " row"], most: int) -> Iterator[list[int]]:
    """Rows from the largest to the smallest, at most `most` tokens together with their padding, one row at least."""
    order = np.argsort(-sizes, kind="stable")
    begin = 0
    while begin < len(order):
        end = begin + max(1, most // int(sizes[order[begin]]))
        yield order[begin:end].tolist()
        begin = end
