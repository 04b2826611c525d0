"""LoRA: a language model on this machine, fine-tuned by small matrices beside its own, which stay as they are.

Hu et al. 2022 (arXiv:2106.09685), by the library peft. To each matrix of the layers in `modules` a product B A of rank
`rank` is added, scaled by alpha / rank; B begins at 0, so training begins at the model as it was. The model reads the
question as text, a line for each input column, and learns to write the answer behind it; what stands before the answer
has no part in the loss. Departures: AdamW at a constant rate.

`model` names a folder, or a model in HF_HUB_CACHE with its `revision`; nothing is fetched, and what its files hold is
part of a cell's key. `tiny.py` makes one with random weights, for trying: `python tiny.py FOLDER`.

Whether a model has seen a published task in pretraining, nobody can tell from here: say in the card what is known.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import transformers
from peft import LoraConfig, get_peft_model
from tiny import make
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

from genbench.kit import seeding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets import Dataset
    from jaxtyping import Int
    from torch import Tensor

    from genbench import Context

IGNORED = -100  # what the library's loss leaves out
RANDOM = "random"  # the model of this name is made here; `genbench check` tries it, which has no other

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()


class Tuned:
    """The submission. Weights and dropout come from torch's global generator, which is seeded once."""

    def __init__(self, context: Context) -> None:
        self.context, self.setting = context, context.params
        self.device = seeding.prepare(context.device, context.threads)
        torch.manual_seed(context.seed)
        name, options = str(self.setting["model"]), {"local_files_only": True}
        if name == RANDOM:
            name = str(make(context.folder / "model"))
        elif not Path(name).is_dir():
            options["revision"] = str(self.setting["revision"])
        self.tokenizer = AutoTokenizer.from_pretrained(name, **options)
        model = AutoModelForCausalLM.from_pretrained(name, dtype=torch.float32, **options)
        self.end = self.tokenizer.eos_token_id
        config = LoraConfig(
            r=int(self.setting["rank"]),
            lora_alpha=float(self.setting["alpha"]),
            lora_dropout=float(self.setting["dropout"]),
            target_modules=str(self.setting["modules"]).split(),
            task_type="CAUSAL_LM",
        )
        self.model = get_peft_model(model, config).to(self.device)
        self.parameters = self.model.num_parameters()

    def fit(self, train: Dataset, validation: Dataset | None) -> None:
        """Train the small matrices for `steps` steps of `rows` rows each, drawn anew in each epoch."""
        del validation
        asked, answers = self.tokens(self.questions(train)), self.tokens(self.answers(train))
        size = min(int(self.setting["rows"]), len(train))
        trained = [weight for weight in self.model.parameters() if weight.requires_grad]
        sys.stderr.write(f"{sum(map(torch.numel, trained))} of {self.parameters} weights are trained\n")
        optimizer = torch.optim.AdamW(trained, float(self.setting["learning_rate"]))
        stream, order = seeding.generator(self.context.seed, "batches"), torch.empty(0, dtype=torch.int64)
        self.model.train()
        for _ in range(int(self.setting["steps"])):
            if len(order) < size:
                order = torch.randperm(len(train), generator=stream)
            rows, order = order[:size].tolist(), order[size:]
            texts = [[*asked[row], *answers[row], self.end] for row in rows]
            ids, mask = self.padded(texts)
            labels = ids.masked_fill(mask == 0, IGNORED)
            for place, row in enumerate(rows):
                labels[place, : ids.shape[1] - len(answers[row]) - 1] = IGNORED
            self.model(input_ids=ids, attention_mask=mask, labels=labels).loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        self.longest = int(self.setting["answer_tokens"]) or 2 * max(map(len, answers)) + 1

    @torch.inference_mode()
    def predict(self, questions: Dataset) -> list[str]:
        """What the model writes, greedily, questions of like length together."""
        asked = self.tokens(self.questions(questions))
        greedy = GenerationConfig(
            max_new_tokens=self.longest, do_sample=False, eos_token_id=self.end, pad_token_id=self.end
        )
        self.model.eval()
        said, size = [""] * len(asked), int(self.setting["rows"])
        order = sorted(range(len(asked)), key=lambda row: len(asked[row]))
        for begin in range(0, len(order), size):
            rows = order[begin : begin + size]
            ids, mask = self.padded([asked[row] for row in rows])
            written = self.model.generate(input_ids=ids, attention_mask=mask, generation_config=greedy)
            texts = self.tokenizer.batch_decode(written[:, ids.shape[1] :], skip_special_tokens=True)
            for row, text in zip(rows, texts, strict=True):
                said[row] = text.strip()
        return said

    def questions(self, given: Dataset) -> list[str]:
        """Each row's inputs, a line each, and the target's name, behind which the answer stands."""
        names = list(self.context.inputs)
        columns = [given.data.column(name).to_pylist() for name in names]
        return [
            "".join(f"{name}: {value}\n" for name, value in zip(names, row, strict=True)) + f"{self.context.target}:"
            for row in zip(*columns, strict=True)
        ]

    def answers(self, given: Dataset) -> list[str]:
        """Each row's answer, as it stands behind the question."""
        return [f" {answer}" for answer in given.data.column(self.context.target).to_pylist()]

    def tokens(self, texts: list[str]) -> list[list[int]]:
        """The tokens of each text, without those that begin or end one."""
        return self.tokenizer(texts, add_special_tokens=False)["input_ids"] if texts else []

    def padded(self, rows: Sequence[Sequence[int]]) -> tuple[Int[Tensor, "row token"], Int[Tensor, "row token"]]:
        """Rows padded on the left, so that each answer begins where its question ends; 1 where there is no padding."""
        width = max(map(len, rows))
        ids = torch.tensor([[self.end] * (width - len(row)) + list(row) for row in rows])
        mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows])
        return ids.to(self.device), mask.to(self.device)
