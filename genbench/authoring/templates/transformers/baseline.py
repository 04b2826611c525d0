"""T5 from Hugging Face, small, trained from scratch: nothing is fetched.

Raffel et al. 2020 (arXiv:1910.10683). An encoder-decoder with positions told relatively, so that it has no longest
question. Departures: tokens are those of the data, not pieces of words; AdamW at a constant rate in place of Adafactor;
a few hundred thousand weights. `lora` is the example that starts from a pretrained model.

The library draws weights and dropout from torch's global generator. A cell has a process of its own, so seeding that
generator once makes it repeatable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import transformers
from transformers import GenerationConfig, T5Config, T5ForConditionalGeneration

from genbench.kit import seeding
from genbench.kit.batching import Batches, Padded, bucketed
from genbench.kit.vocabulary import END, PADDING, START, Vocabulary, columns_of

if TYPE_CHECKING:
    from datasets import Dataset
    from jaxtyping import Int
    from torch import Tensor

    from genbench import Context

IGNORED = -100  # what the library's loss leaves out
DECODED_AT_ONCE = 256  # questions

transformers.utils.logging.set_verbosity_error()


class FromScratch:
    """A model of the library, its training loop, and its `generate`."""

    def __init__(self, context: Context) -> None:
        self.context, self.setting = context, context.params
        self.device = seeding.prepare(context.device, context.threads)
        torch.manual_seed(context.seed)

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train for `steps` steps on batches of rows of like length."""
        del validation
        rows = train.with_format("arrow")[:]
        given = columns_of(rows, self.context.inputs)
        wanted = columns_of(rows, {self.context.target: self.context.target_type})
        self.words = Vocabulary.from_columns([*given, *wanted], joined=len(given) > 1)
        source, target = self.words.encode(given), self.words.encode(wanted)
        self.longest = 2 * int(target.lengths.max())  # tokens of an answer: room for ones longer than in training

        self.model = T5ForConditionalGeneration(self.config()).to(self.device)
        self.parameters = self.model.num_parameters()
        optimizer = torch.optim.AdamW(self.model.parameters(), float(self.setting["learning_rate"]))
        batches = Batches(
            bucketed(source.lengths + target.lengths, int(self.setting["batch_tokens"])),
            Padded((source, target), self.device),
            seeding.generator(self.context.seed, "batches"),
        )
        self.model.train()
        for _ in range(int(self.setting["steps"])):
            asked, answers = next(batches).parts
            labels = answers.masked_fill(answers == PADDING, IGNORED)
            loss = self.model(input_ids=asked, attention_mask=(asked != PADDING).long(), labels=labels).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()

    def config(self) -> T5Config:
        """The model that the card's parameters describe."""
        dim, heads, layers = (int(self.setting[name]) for name in ("dim", "heads", "layers"))
        return T5Config(
            vocab_size=len(self.words),
            d_model=dim,
            d_kv=dim // heads,
            d_ff=4 * dim,
            num_heads=heads,
            num_layers=layers,
            dropout_rate=float(self.setting["dropout"]),
            pad_token_id=PADDING,
            eos_token_id=END,
            decoder_start_token_id=START,
        )

    def predict(self, questions: Dataset) -> list[object]:
        """What the model writes to each question, greedily; questions of like length together, as padding costs."""
        source = self.words.encode(columns_of(questions.with_format("arrow")[:], self.context.inputs))
        gather, answers = Padded((source,), self.device), [None] * len(questions)
        self.model.eval()
        for rows in torch.argsort(source.lengths, stable=True).split(DECODED_AT_ONCE):
            written = self.written(gather(rows).parts[0])
            for row, answer in zip(rows.tolist(), self.words.decode(written, self.context.target_type), strict=True):
                answers[row] = answer
        return answers

    @torch.inference_mode()
    def written(self, asked: Int[Tensor, "row source"]) -> Int[Tensor, "row written"]:
        """The tokens behind the start."""
        greedy = GenerationConfig(
            max_new_tokens=self.longest,
            do_sample=False,
            pad_token_id=PADDING,
            eos_token_id=END,
            decoder_start_token_id=START,
        )
        mask = (asked != PADDING).long()
        return self.model.generate(input_ids=asked, attention_mask=mask, generation_config=greedy)[:, 1:]
