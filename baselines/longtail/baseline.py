"""A small convolutional network on images whose classes are not equally frequent, and five ways of minding the rare.

Plain, it minimises cross-entropy over the images as they come. The variants, of which any may be joined to another:

- `adjustment` (tau): in training, tau * log(share of the class) is added to each class's score, so that the scores
  answer as if classes were equally frequent (Menon et al. 2021, arXiv:2007.07314, equation 10, tau = 1);
- `sampling = "class"`: each image of an epoch is drawn by first drawing its class, all alike (Kang et al. 2020,
  arXiv:1910.09217, class-balanced sampling, q = 0);
- `retrained`: so many epochs more, in which the last layer alone is trained, from scratch and by that sampling, on what
  the rest of the network then says of each image (Kang et al., cRT);
- `distillation`: the target of an image in epoch t of T is mixed with what the network answered it an epoch before, by
  the share distillation * t / T (Kim et al. 2021, arXiv:2006.12000, PS-KD, equations 5 and 6; 0.8 there);
- `by_words`: a class is what its name says, "striped cyan disc": the words that stand in one place of any name have
  scores of their own, and a class is as likely as its words together. So a class can be answered that training never
  showed.

`network = "resnet18"` takes torchvision's ResNet-18 (He et al. 2016, arXiv:1512.03385) untrained, as it is: its first
two layers make an image of 32 x 32 one of 8 x 8.

Departures from the papers: the network is three convolutions with batch normalization, strides of 2 and a mean over
places, for a core trains it in minutes; AdamW with warm-up and cosine decay in place of SGD; images are not augmented.
PS-KD's answers of the epoch before are those that the network gave while it was trained, as released.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from genbench.errors import BadData, BadValue
from genbench.kit import checkpoints, counting, images, seeding, training
from genbench.kit.batching import Batches, shuffled, split
from genbench.kit.optimization import Adam, schedule
from genbench.kit.tally import Counted, Tally
from genbench.kit.training import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from datasets import Dataset
    from jaxtyping import Float, Int
    from torch import Tensor

    from genbench import Context, Value
    from genbench.kit.batching import Batch, Plan
    from genbench.kit.images import Pictures

NETWORKS = ("small", "resnet18")
SAMPLING = ("image", "class")
ASKED_AT_ONCE = 512  # images; bounds memory
HEAD_BATCH = 256  # images of a step that trains the last layer alone; it costs next to nothing
HEAD_RATE = 0.01
MEAN, DEVIATION = 110.0, 64.0  # of bytes; batch normalization makes up for what they are not


class Network(nn.Module):
    """`body` says something of an image, `head` scores classes by it; `past` is what PS-KD remembers."""

    past: Float[Tensor, "row score"] | None

    def __init__(self, body: nn.Module, dim: int, scores: int, rows: int, generator: torch.Generator) -> None:
        super().__init__()
        self.body = body
        self.head = nn.Linear(dim, scores)
        fill(self.head, generator)
        # What each training image was answered an epoch before; a buffer, so that checkpoints hold it.
        self.register_buffer("past", torch.zeros(rows, scores) if rows else None)

    def forward(self, pictures: Pictures) -> Float[Tensor, "row output"]:
        """Scores."""
        return self.head(self.features(pictures))

    def features(self, pictures: Pictures) -> Float[Tensor, "row dim"]:
        """What the last layer sees."""
        return self.body(((pictures.float() - MEAN) / DEVIATION).contiguous(memory_format=torch.channels_last))


def fill(layer: nn.Conv2d | nn.Linear, generator: torch.Generator) -> None:
    """Weights from a normal distribution of variance 2 / inputs (He et al. 2015), biases zero."""
    with torch.no_grad():
        deviation = math.sqrt(2 / layer.weight[0].numel())
        layer.weight.copy_(deviation * torch.randn(layer.weight.shape, generator=generator))
        if layer.bias is not None:
            layer.bias.zero_()


def small(width: int, generator: torch.Generator) -> tuple[nn.Module, int]:
    """Three convolutions, and the length of what they say."""
    layers: list[nn.Module] = []
    for given, wanted, side in ((3, width, 4), (width, 2 * width, 3), (2 * width, 4 * width, 3)):
        convolution = nn.Conv2d(given, wanted, side, stride=2, padding=1, bias=False)
        fill(convolution, generator)
        layers += [convolution, nn.BatchNorm2d(wanted), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()), 4 * width


def resnet18(generator: torch.Generator) -> tuple[nn.Module, int]:
    """The network of torchvision without its last layer, and the length of what it says."""
    from torchvision.models import resnet18 as made  # a second, which only this variant needs

    with torch.random.fork_rng(devices=[]):  # it fills its weights from the global generator
        torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
        network = made(weights=None)
    dim = network.fc.in_features
    network.fc = nn.Identity()
    return network, dim


class Classes:
    """The labels that can be answered, and how a row of scores makes probabilities of them.

    The scores of a row are one group, a score for each label, or by words one group for each place in a name. `parts`
    says what place in each group a label has: shape (label, group).
    """

    def __init__(self, count: int, names: Sequence[str], *, by_words: bool) -> None:
        self.parts = torch.arange(count)[:, None]
        if by_words:
            words = [name.split() for name in names]
            if len({len(one) for one in words}) != 1 or len(set(map(tuple, words))) != count:
                raise BadValue(
                    f"by_words is true, which needs names of as many words each, no two alike; {count} classes have "
                    f"{', '.join(map(repr, names[:3])) or 'no names'}"
                )
            places = [np.unique(place, return_inverse=True)[1] for place in zip(*words, strict=True)]
            self.parts = torch.from_numpy(np.stack(places, axis=1))
        self.sizes = [int(size) for size in self.parts.max(0).values + 1]

    def grouped(self, scores: Float[Tensor, "row score"]) -> Iterator[Float[Tensor, "row part"]]:
        """The groups of each row's scores."""
        return iter(scores.split(self.sizes, dim=1))

    def cross_entropy(self, scores: Float[Tensor, "row score"], labels: Int[Tensor, " row"]) -> Float[Tensor, ""]:
        """The mean over rows of the sum over groups."""
        right = self.parts[labels].T
        losses = [functional.cross_entropy(group, one) for group, one in zip(self.grouped(scores), right, strict=True)]
        return torch.stack(losses).sum()

    def one_hot(self, labels: Int[Tensor, " row"]) -> Float[Tensor, "row score"]:
        """A one in each group of scores."""
        right = zip(self.parts[labels].T, self.sizes, strict=True)
        return torch.cat([functional.one_hot(one, size) for one, size in right], dim=1).float()

    def log_shares(self, labels: Int[Tensor, " row"]) -> Float[Tensor, " score"]:
        """The log of each score's share of the training images; what none of them shows counts as half an image."""
        seen = self.one_hot(labels).sum(0).clamp(min=0.5)
        return torch.cat([(group[0] / group.sum()).log() for group in self.grouped(seen[None])])

    def probabilities(self, scores: Float[Tensor, "row score"]) -> Float[Tensor, "row label"]:
        """Of each label."""
        logs = [group.log_softmax(1)[:, at] for group, at in zip(self.grouped(scores), self.parts.T, strict=True)]
        return torch.stack(logs).sum(0).softmax(1)


def by_class(classes: Int[Tensor, " row"], size: int) -> Plan:
    """Epochs of as many rows as there are, each drawn by its class: all classes alike, then all of its rows alike."""
    weights = 1 / torch.bincount(classes)[classes].double()
    return lambda generator: split(
        torch.multinomial(weights, len(classes), replacement=True, generator=generator), size
    )


class Longtail(Counted):
    """The submission; operations of a last layer that is trained again are not counted."""

    def __init__(self, context: Context) -> None:
        self.context, self.params = context, context.params
        check(self.params)
        self.device = seeding.prepare(context.device, context.threads)
        self.image = next(name for name, kind in context.inputs.items() if kind == "image")
        self.tally = Tally()

    def fit(self, train: Dataset, validation: Dataset | None) -> Iterator[int]:
        """Train, and yield the steps of the curve. Raises `BadData` for no training rows."""
        del validation
        params, target = self.params, self.context.target
        if not len(train):
            raise BadData(f"{self.context.task}/{self.context.split} has no training rows to learn from")
        labels = torch.tensor(train.with_format("arrow")[:].column(target).to_numpy())
        if int(labels.min()) < 0:
            raise BadData(f"column {target!r} holds {int(labels.min())}; labels are numbers from 0 on")
        names = getattr(train.features[target], "names", [])
        self.classes = Classes(len(names) or int(labels.max()) + 1, names, by_words=bool(params["by_words"]))
        self.log_shares = self.classes.log_shares(labels).to(self.device)
        generators = seeding.Generators(self.context.seed, self.device)
        self.model = self.build(len(labels), generators["weights"])
        self.parameters = counting.parameters(self.model)
        if self.model.past is not None:
            self.model.past.copy_(self.classes.one_hot(labels))
        pictures = images.decoded(train, self.image)
        size = int(params["batch"])
        self.per_epoch = math.ceil(len(labels) / size)
        plan = by_class(labels, size) if params["sampling"] == "class" else shuffled(len(labels), size)
        gather = images.Gathered(pictures, labels, torch.arange(len(labels)))
        budget = Budget(steps=self.per_epoch * int(params["epochs"]))
        yield from training.train(
            self.model,
            self.loss,
            Batches(plan, gather, generators["batches"]),
            self.optimizer(self.model),
            budget=budget,
            rate=rate(float(params["learning_rate"]), budget),
            tally=self.tally,
            curve=int(params["curve"]),
            cost=self.cost(gather),
            generators=generators,
            checkpoints=self.context.checkpoints,
            identity=checkpoints.identity(self.model, {**params, "seed": self.context.seed, "rows": len(labels)}),
        )
        if int(params["retrained"]):
            self.retrain(pictures, labels, generators["head"])

    def build(self, rows: int, generator: torch.Generator) -> Network:
        """The network that the card names."""
        if self.params["network"] == "resnet18":
            body, dim = resnet18(generator)
        else:
            body, dim = small(int(self.params["width"]), generator)
        past = rows if float(self.params["distillation"]) > 0 else 0
        network = Network(body, dim, sum(self.classes.sizes), past, generator)
        return network.to(self.device, memory_format=torch.channels_last)

    def optimizer(self, model: nn.Module) -> Adam:
        """AdamW with its usual betas, not those of language models."""
        return Adam(model, betas=(0.9, 0.999), epsilon=1e-8, decay=float(self.params["weight_decay"]))

    def loss(self, model: nn.Module, batch: Batch) -> Float[Tensor, ""]:
        """Cross-entropy of a batch, adjusted and distilled as the card says."""
        pictures, labels, rows = batch.parts
        scores = model(pictures.to(self.device)) + float(self.params["adjustment"]) * self.log_shares
        if model.past is None:
            return self.classes.cross_entropy(scores, labels.to(self.device))
        epoch = 1 + self.tally.steps // self.per_epoch
        share = float(self.params["distillation"]) * epoch / int(self.params["epochs"])
        logs = torch.cat([group.log_softmax(1) for group in self.classes.grouped(scores)], dim=1)
        wanted = (1 - share) * self.classes.one_hot(labels).to(self.device) + share * model.past[rows]
        model.past[rows] = logs.detach().exp()
        return -(wanted * logs).sum(1).mean()

    def cost(self, gather: images.Gathered) -> Callable[[tuple[int, ...]], float]:
        """The operations of a step by its number of images, counted on two. Leaves the network as it was."""
        kept = {name: buffer.clone() for name, buffer in self.model.named_buffers()}
        batch = gather(torch.tensor([0, 0]))
        self.model.train()
        counted = counting.operations(lambda: self.loss(self.model, batch).backward()) / batch.rows
        self.model.zero_grad(set_to_none=False)
        with torch.no_grad():
            for name, buffer in self.model.named_buffers():
                buffer.copy_(kept[name])
        return lambda sizes: counted * sizes[0]

    def retrain(self, pictures: Pictures, labels: Int[Tensor, " row"], generator: torch.Generator) -> None:
        """Train the last layer anew, classes alike, on what the rest of the network says of the images."""
        head, classes = self.model.head, self.classes
        said = self.asked(pictures, self.model.features)
        fill(head, generator)
        budget = Budget(steps=math.ceil(len(labels) / HEAD_BATCH) * int(self.params["retrained"]))
        steps = training.train(
            head,
            lambda layer, batch: classes.cross_entropy(layer(batch.parts[0]), batch.parts[1]),
            Batches(by_class(labels, HEAD_BATCH), images.Gathered(said, labels), generator),
            self.optimizer(head),
            budget=budget,
            rate=rate(HEAD_RATE, budget),
            tally=Tally(),
        )
        for _ in steps:
            raise AssertionError  # no curve is asked for

    @torch.no_grad()
    def asked(self, pictures: Pictures, what: Callable[[Tensor], Tensor]) -> Tensor:
        """What `what` gives for each picture, some at a time, the network at rest."""
        self.model.eval()
        return torch.cat([what(part.to(self.device)).cpu() for part in pictures.split(ASKED_AT_ONCE)])

    def predict(self, questions: Dataset) -> Float[np.ndarray, "question label"]:
        """The probability of each label."""
        scores = self.asked(images.decoded(questions, self.image), self.model)
        return self.classes.probabilities(scores).numpy()


def rate(height: float, budget: Budget) -> Callable[[float], float]:
    """Up to `height` within a tenth of the budget, then down along a cosine."""
    factor = schedule("cosine", budget.total, 0.1)
    return lambda step: height * factor(step)


RANGES = {  # of each parameter: what is right, and the same in words
    "network": (lambda it: it in NETWORKS, f"one of {', '.join(NETWORKS)}"),
    "width": (lambda it: it > 0, "1 or more"),
    "epochs": (lambda it: it > 0, "1 or more"),
    "batch": (lambda it: it > 1, "2 or more, for batch normalization"),
    "learning_rate": (lambda it: it > 0, "above 0"),
    "weight_decay": (lambda it: it >= 0, "0 or more"),
    "adjustment": (lambda it: it >= 0, "0 or more"),
    "sampling": (lambda it: it in SAMPLING, f"one of {', '.join(SAMPLING)}"),
    "retrained": (lambda it: it >= 0, "0 or more"),
    "distillation": (lambda it: 0 <= it <= 1, "from 0 to 1"),
    "curve": (lambda it: it >= 0, "0 or more"),
}


def check(params: Mapping[str, Value]) -> None:
    """Raise `BadValue` with every parameter that is out of its range."""
    faults = [
        f"{key} is {params[key]}; it must be {form}" for key, (right, form) in RANGES.items() if not right(params[key])
    ]
    if faults:
        raise BadValue("parameters of the card:\n  " + "\n  ".join(faults))
