"""A small Transformer encoder-decoder for tasks that turn one string of tokens into another.

Vaswani et al. 2017 (arXiv:1706.03762): equation 1 (attention), section 3.3 (feed-forward), section 3.5 (sinusoidal
positions), section 5.4 (label smoothing, off unless asked for). Departures, each for a small model trained briefly:

- layer normalization before each block and once at the end (arXiv:2002.04745), which needs little warm-up;
- AdamW with linear warm-up and linear decay to zero, instead of Adam with the inverse square root;
- source and target have vocabularies and embeddings of their own, and the output layer is not tied to either;
- tokens start smaller, and so do the matrices that add to the stream (see `Translator.initialize`);
- dropout after each block and on the embeddings only;
- greedy decoding instead of a beam.

A token is what lies between blanks. Several input columns are joined by a separator token. An answer may be twice as
long as the longest training target and ten tokens more, so that a task on length is not cut off by the decoder; an
answer that reaches this without an end is returned as it stands. Training is counted in steps, never in seconds: the
answers depend on the seed and the number of threads, not on the machine's load.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench.cell import Context

    Memory = tuple[Float[Tensor, "batch head given part"], Float[Tensor, "batch head given part"]]  # keys and values

PADDING, START, END, UNKNOWN = range(4)
SPECIAL = 4
SEPARATOR = " "  # between input columns; holds a blank, so no token of the data is spelled like it
PERIOD = 10_000.0  # the longest wavelength of the positions over 2 pi, section 3.5
BETAS = (0.9, 0.98)  # section 5.3
EPSILON = 1e-9  # section 5.3
JITTER = 0.25  # share of its length by which a row may be sorted too early or too late
EMBEDDED = 0.3  # root mean square of an embedded token; a position's is 0.7
DECODED_AT_ONCE = 1_024  # questions; bounds memory, no answer depends on it


# --- tokens ----------------------------------------------------------------------------------------------------------


def tokens(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """The tokens of each row, its columns in order with a separator between two."""
    rows = [text.split() for text in columns[0]]
    for column in columns[1:]:
        rows = [[*row, SEPARATOR, *text.split()] for row, text in zip(rows, column, strict=True)]
    return rows


def vocabulary(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """Each distinct token's number, after the special ones, in order of first appearance."""
    return {
        token: SPECIAL + number for number, token in enumerate(dict.fromkeys(token for row in rows for token in row))
    }


def numbered(rows: Iterable[Sequence[str]], numbers: dict[str, int]) -> Int[Tensor, "row longest"]:
    """Rows as numbers with an end after each, padded on the right."""
    each = [torch.tensor([*(numbers.get(token, UNKNOWN) for token in row), END]) for row in rows]
    return nn.utils.rnn.pad_sequence(each, batch_first=True, padding_value=PADDING)


def batches(lengths: Int[Tensor, " row"], budget: int, generator: torch.Generator) -> Iterator[Int[Tensor, " batch"]]:
    """Batches of row numbers without end: rows of like length together, at most `budget` tokens with padding.

    Each epoch sorts the rows by their length times a random factor from 1 - JITTER to 1 + JITTER, so that a batch does
    not tell the length of its answers, cuts, and shuffles the batches. A row longer than the budget is a batch of its
    own.
    """
    while True:
        factors = 1 - JITTER + 2 * JITTER * torch.rand(len(lengths), generator=generator)
        order = torch.argsort(lengths * factors, stable=True)
        cuts, begin, longest = [], 0, 0
        for end, length in enumerate(lengths[order].tolist()):
            if end > begin and (end + 1 - begin) * max(longest, length) > budget:
                cuts.append(end - begin)
                begin, longest = end, 0
            longest = max(longest, length)
        parts = order.split([*cuts, len(order) - begin])
        for number in torch.randperm(len(parts), generator=generator).tolist():
            yield parts[number]


# --- model -----------------------------------------------------------------------------------------------------------


class Dropout(nn.Module):
    """Dropout that draws from a generator of its own; torch's draws from the global one."""

    def __init__(self, rate: float, generator: torch.Generator) -> None:
        super().__init__()
        self.rate, self.generator = rate, generator

    def forward(self, given: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """Zero each number with probability `rate` while training, and scale the others up to keep the mean."""
        if not self.training or self.rate == 0:
            return given
        kept = torch.empty_like(given).bernoulli_(1 - self.rate, generator=self.generator)
        return given * kept.div_(1 - self.rate)


class Attention(nn.Module):
    """Multi-head attention. Keys and values are made apart from their use, so that decoding can keep them."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(dim, dim)
        self.keys_values = nn.Linear(dim, 2 * dim)
        self.out = nn.Linear(dim, dim)

    def remember(self, given: Float[Tensor, "batch given dim"]) -> Memory:
        """The keys and values of these positions."""
        keys, values = self.keys_values(given).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return keys, values

    def forward(
        self,
        asked: Float[Tensor, "batch asked dim"],
        memory: Memory,
        mask: Float[Tensor, "#batch 1 #asked given"] | None,
    ) -> Float[Tensor, "batch asked dim"]:
        """Equation 1 of the paper, in each head; the mask is added to the scores."""
        query = self.query(asked).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        mixed = functional.scaled_dot_product_attention(query, *memory, attn_mask=mask)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """One layer of the encoder, or of the decoder where it also attends to the source."""

    def __init__(self, dim: int, heads: int, hidden: int, dropout: Dropout, *, crosses: bool) -> None:
        super().__init__()
        self.own = Attention(dim, heads)
        self.own_norm = nn.LayerNorm(dim)
        self.cross = Attention(dim, heads) if crosses else None
        self.cross_norm = nn.LayerNorm(dim) if crosses else None
        self.forward_norm = nn.LayerNorm(dim)
        self.feed_forward = nn.Sequential(nn.Linear(dim, hidden), nn.ReLU(), nn.Linear(hidden, dim))
        self.dropout = dropout

    def forward(
        self,
        stream: Float[Tensor, "batch asked dim"],
        mask: Float[Tensor, "#batch 1 #asked given"] | None,
        source: Memory | None = None,
        source_mask: Float[Tensor, "batch 1 1 source"] | None = None,
        past: Memory | None = None,
    ) -> tuple[Float[Tensor, "batch asked dim"], Memory]:
        """The stream after this layer, and the keys and values of its own positions, those of `past` first."""
        normed = self.own_norm(stream)
        memory = self.own.remember(normed)
        if past is not None:
            memory = (torch.cat([past[0], memory[0]], 2), torch.cat([past[1], memory[1]], 2))
        stream = stream + self.dropout(self.own(normed, memory, mask))
        if self.cross is not None and self.cross_norm is not None and source is not None:
            stream = stream + self.dropout(self.cross(self.cross_norm(stream), source, source_mask))
        return stream + self.dropout(self.feed_forward(self.forward_norm(stream))), memory

    @torch.no_grad()
    def shrink(self, factor: float) -> None:
        """Multiply the matrices that write to the stream."""
        for attention in (self.own, self.cross):
            if attention is not None:
                attention.out.weight *= factor
        self.feed_forward[-1].weight *= factor


def positions(begin: int, end: int, dim: int, device: torch.device) -> Float[Tensor, "position dim"]:
    """Sines and cosines of geometrically spaced wavelengths (section 3.5), the sines in the first half."""
    rates = PERIOD ** (-torch.arange(0, dim, 2, device=device) / dim)
    angles = torch.arange(begin, end, device=device)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)


class Stack(nn.Module):
    """Embedding, positions, layers and a last normalization: an encoder, or a decoder where it crosses."""

    def __init__(
        self, words: int, dim: int, heads: int, hidden: int, layers: int, dropout: Dropout, *, crosses: bool
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, dim)
        self.layers = nn.ModuleList(Layer(dim, heads, hidden, dropout, crosses=crosses) for _ in range(layers))
        self.norm = nn.LayerNorm(dim)
        self.dropout = dropout

    def embed(self, words: Int[Tensor, "batch word"], begin: int = 0) -> Float[Tensor, "batch word dim"]:
        """Words and their positions, the first of which is `begin`."""
        embedded = self.embedding(words) * math.sqrt(self.embedding.embedding_dim)  # section 3.4
        return self.dropout(embedded + positions(begin, begin + words.shape[1], embedded.shape[-1], words.device))


class Translator(nn.Module):
    """The encoder, the decoder and the output layer."""

    def __init__(
        self, sources: int, targets: int, dim: int, heads: int, hidden: int, layers: int, dropout: Dropout
    ) -> None:
        super().__init__()
        self.encoder = Stack(sources, dim, heads, hidden, layers, dropout, crosses=False)
        self.decoder = Stack(targets, dim, heads, hidden, layers, dropout, crosses=True)
        self.out = nn.Linear(dim, targets)

    def initialize(self, generator: torch.Generator) -> None:
        """Draw every weight from `generator`: Xavier uniform for matrices, normal for embeddings.

        Matrices that write to the stream are divided by the root of twice the number of layers, much as in GPT-2, and
        tokens start smaller than their positions, so that attention can tell where from the first step on. On SCAN's
        simple split the quick profile answers about 80 % with both, 66 % without.
        """
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight, generator=generator)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.Embedding):
                nn.init.normal_(module.weight, std=EMBEDDED * module.embedding_dim**-0.5, generator=generator)
        for stack in (self.encoder, self.decoder):
            for layer in stack.layers:
                layer.shrink(1 / math.sqrt(2 * len(stack.layers)))

    def encode(self, source: Int[Tensor, "batch source"]) -> tuple[list[Memory], Float[Tensor, "batch 1 1 source"]]:
        """What each decoder layer attends to, and the mask that hides the padding."""
        mask = torch.zeros(source.shape, device=source.device).masked_fill_(source == PADDING, -math.inf)[:, None, None]
        stream = self.encoder.embed(source)
        for layer in self.encoder.layers:
            stream, _ = layer(stream, mask)
        stream = self.encoder.norm(stream)
        return [layer.cross.remember(stream) for layer in self.decoder.layers], mask

    def forward(
        self, source: Int[Tensor, "batch source"], shown: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target word"]:
        """Scores of the token after each of `shown`, which begins with a start."""
        memories, source_mask = self.encode(source)
        future = torch.full((shown.shape[1], shown.shape[1]), -math.inf, device=shown.device).triu_(1)[None, None]
        stream = self.decoder.embed(shown)
        for layer, memory in zip(self.decoder.layers, memories, strict=True):
            stream, _ = layer(stream, future, memory, source_mask)
        return self.out(self.decoder.norm(stream))

    @torch.no_grad()
    def decode(self, source: Int[Tensor, "batch source"], limit: int) -> Int[Tensor, "batch limit"]:
        """The likeliest token after the likeliest tokens, to the end or to `limit`; padding after the end.

        Each step runs the newest position only: keys and values of the earlier ones are kept. Rows that have ended
        are dropped once they are a quarter of those still carried, for dropping copies what is kept.
        """
        memories, source_mask = self.encode(source)
        answers = torch.full((len(source), limit), PADDING, device=source.device)
        rows = torch.arange(len(source), device=source.device)
        words = torch.full((len(source), 1), START, device=source.device)
        alive = torch.ones_like(rows, dtype=torch.bool)
        pasts: list[Memory | None] = [None] * len(memories)
        for step in range(limit):
            stream = self.decoder.embed(words, step)
            for number, layer in enumerate(self.decoder.layers):
                stream, pasts[number] = layer(stream, None, memories[number], source_mask, pasts[number])
            words = self.out(self.decoder.norm(stream)).argmax(-1)
            answers[rows[alive], step] = words[alive, 0]
            alive = alive & (words[:, 0] != END)
            left = int(alive.sum())
            if left == 0:
                break
            if left <= 0.75 * len(rows):
                rows, words, source_mask = rows[alive], words[alive], source_mask[alive]
                memories = [(keys[alive], values[alive]) for keys, values in memories]
                pasts = [(past[0][alive], past[1][alive]) for past in pasts if past is not None]
                alive = alive[alive]
        return answers


# --- training --------------------------------------------------------------------------------------------------------


class AdamW:
    """Adam with decoupled weight decay (arXiv:1711.05101, algorithm 2) on all weights as one vector.

    Written out because the first optimizer of `torch.optim` imports torch's compiler: 3 seconds of a quick cell.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        weights = list(model.parameters())
        self.weights = torch.cat([weight.detach().flatten() for weight in weights])
        self.gradient, self.mean, self.square = (torch.zeros_like(self.weights) for _ in range(3))
        self.decay, self.steps = decay, 0
        begin = 0
        for weight in weights:  # from here on, each weight and its gradient are views into the vectors
            part = slice(begin, begin := begin + weight.numel())
            weight.data = self.weights[part].view_as(weight)
            weight.grad = self.gradient[part].view_as(weight)

    def step(self, rate: float) -> None:
        """Follow the gradient that backward has left, then clear it."""
        self.steps += 1
        self.mean.lerp_(self.gradient, 1 - BETAS[0])
        self.square.mul_(BETAS[1]).addcmul_(self.gradient, self.gradient, value=1 - BETAS[1])
        spread = self.square.div(1 - BETAS[1] ** self.steps).sqrt_().add_(EPSILON)
        self.weights.mul_(1 - rate * self.decay).addcdiv_(self.mean, spread, value=-rate / (1 - BETAS[0] ** self.steps))
        self.gradient.zero_()


class Transformer:
    """The submission: `fit` trains for `steps` steps and yields at `curve` evenly spaced ones."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.device = torch.device(context.device)
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what CUDA asks for to be deterministic
        torch.use_deterministic_algorithms(True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # nothing here reads memory before writing it
        torch.set_num_threads(context.threads)

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train; the validation rows are not used."""
        del validation
        setting = self.context.params
        steps, curve = int(setting["steps"]), int(setting["curve"])
        warm_up = max(1, round(float(setting["warm_up"]) * steps))

        sources = tokens([train.data.column(name).to_pylist() for name in self.context.inputs])
        targets = tokens([train.data.column(self.context.target).to_pylist()])
        self.source_numbers, target_numbers = vocabulary(sources), vocabulary(targets)
        self.target_tokens = ["", "", "", "", *target_numbers]
        source, target = numbered(sources, self.source_numbers), numbered(targets, target_numbers)
        source_lengths, target_lengths = (source != PADDING).sum(1), (target != PADDING).sum(1)
        self.limit = 2 * int(target_lengths.max() - 1) + 10  # tokens, the end not counted

        generator = torch.Generator().manual_seed(self.context.seed)
        masks = torch.Generator(self.device).manual_seed(self.context.seed + 1)
        self.model = Translator(
            SPECIAL + len(self.source_numbers),
            SPECIAL + len(target_numbers),
            int(setting["dim"]),
            int(setting["heads"]),
            int(setting["hidden"]),
            int(setting["layers"]),
            Dropout(float(setting["dropout"]), masks),
        )
        self.model.initialize(generator)
        self.model.to(self.device)
        optimizer = AdamW(self.model, float(setting["weight_decay"]))
        self.parameters = sum(weight.numel() for weight in self.model.parameters())
        self.training_flops = 0.0
        self.examples_seen = self.tokens_seen = 0

        drawn = batches(source_lengths + target_lengths, int(setting["batch_tokens"]), generator)
        for step, rows in zip(range(1, steps + 1), drawn, strict=False):
            given = source[rows, : source_lengths[rows].max()].to(self.device)
            wanted = target[rows, : target_lengths[rows].max()].to(self.device)
            shown = functional.pad(wanted[:, :-1], (1, 0), value=START)
            self.model.train()
            loss = functional.cross_entropy(
                self.model(given, shown).flatten(0, 1),
                wanted.flatten(),
                ignore_index=PADDING,
                label_smoothing=float(setting["label_smoothing"]),
            )
            loss.backward()
            optimizer.step(
                float(setting["learning_rate"]) * min(step / warm_up, (steps + 1 - step) / (steps + 1 - warm_up))
            )
            self.training_flops += self.flops(*given.shape, shown.shape[1])
            self.examples_seen += len(rows)
            self.tokens_seen += int(source_lengths[rows].sum() + target_lengths[rows].sum())
            if curve and step * curve // steps > (step - 1) * curve // steps:
                yield step

    def flops(self, rows: int, source: int, target: int) -> float:
        """Floating-point operations of one step, padding included: multiplications and additions of matrices only.

        6 for each weight of a matrix and token it meets (Kaplan et al. 2020, arXiv:2001.08361, section 2.1), and 12
        times the model's dimension for each pair of positions that attention compares.
        """
        encoder = sum(weight.numel() for weight in self.model.encoder.layers.parameters() if weight.ndim == 2)
        crossing = sum(layer.cross.keys_values.weight.numel() for layer in self.model.decoder.layers)
        decoder = sum(weight.numel() for weight in self.model.decoder.layers.parameters() if weight.ndim == 2)
        decoder += self.model.out.weight.numel() - crossing
        pairs = source * source + target * target + target * source
        dim, layers = self.model.out.in_features, len(self.model.encoder.layers)
        return 6.0 * rows * ((encoder + crossing) * source + decoder * target + 2 * dim * layers * pairs)

    def predict(self, questions: Dataset) -> list[str]:
        """Decode greedily, questions of like length together, longest first."""
        rows = tokens([questions.data.column(name).to_pylist() for name in self.context.inputs])
        source = numbered(rows, self.source_numbers)
        lengths = (source != PADDING).sum(1)
        answers = [""] * len(rows)
        self.model.eval()
        for part in torch.argsort(lengths, descending=True, stable=True).split(DECODED_AT_ONCE):
            decoded = self.model.decode(source[part, : lengths[part].max()].to(self.device), self.limit)
            for row, words in zip(part.tolist(), decoded.tolist(), strict=True):
                answers[row] = " ".join(self.target_tokens[word] for word in words if word >= SPECIAL)
        return answers
