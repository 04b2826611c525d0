"""How fast the kit trains a small Transformer, beside others' loops; run with --benchmark-only.

All train an encoder-decoder of one size (2 + 2 layers, dim 128, 4 heads, 256 hidden, dropout 0.1) for the same number
of batches of 1,024 tokens of SCAN's lengths, on one thread, each in a process of its own, in turn. The kit's is the
whole loop: drawing, padding, counting operations, progress. The others get their batches ready-made: a plain loop with
`torch.nn.Transformer` and `torch.optim.AdamW`, the same with x-transformers' `XTransformer`. Rates are of CPU seconds,
so that what else runs on the machine matters less; read them as ratios.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from genbench.kit import checkpoints, counting, seeding, training
from genbench.kit.batching import Batches, Padded, bucketed
from genbench.kit.optimization import Adam, schedule
from genbench.kit.training import Budget, Tally
from genbench.kit.transformer import EncoderDecoder
from genbench.kit.vocabulary import END, PADDING, START, Ragged

WORDS, DIM, HEADS, HIDDEN, LAYERS, DROPOUT = 24, 128, 4, 256, 2, 0.1
WARM, STEPS = 10, 60
CONTENDERS = ("kit", "torch", "x_transformers")


def columns(rows=2_000):
    """Source and target of random tokens, 3 to 9 and 2 to 22 of them, END included."""
    generator = torch.Generator().manual_seed(0)
    made = []
    for least, most in ((3, 9), (2, 22)):
        lengths = torch.randint(least, most + 1, (rows,), generator=generator)
        ids = torch.randint(4, WORDS, (int(lengths.sum()),), generator=generator)
        ids[lengths.cumsum(0) - 1] = END
        made.append(Ragged(ids, functional.pad(lengths.cumsum(0), (1, 0))))
    return made


def drawn():
    source, target = columns()
    plan = bucketed(source.lengths + target.lengths, 1024)
    return Batches(plan, Padded((source, target)), torch.Generator().manual_seed(1))


def kit_model():
    generators = seeding.Generators(1)
    return EncoderDecoder(
        WORDS,
        WORDS,
        dim=DIM,
        heads=HEADS,
        hidden=HIDDEN,
        layers=LAYERS,
        dropout=DROPOUT,
        generator=generators["weights"],
        masks=generators["masks"],
    )


def loss(model, batch):
    source, wanted = batch.parts
    shown = functional.pad(wanted[:, :-1], (1, 0), value=START)
    return functional.cross_entropy(model(source, shown).flatten(0, 1), wanted.flatten(), ignore_index=PADDING)


def kit_steps(cost=None):
    """A training of the kit: yields at each step, and the tally."""
    model, tally = kit_model(), Tally()
    factor = schedule("linear", WARM + STEPS, 0.1)
    steps = training.train(
        model,
        loss,
        drawn(),
        Adam(model, decay=0.01),
        budget=Budget(steps=WARM + STEPS),
        rate=lambda step: 1e-3 * factor(step),
        tally=tally,
        curve=2 * (WARM + STEPS),
        cost=cost,
    )
    return steps, tally


class Plain(nn.Module):
    """`torch.nn.Transformer` with what it lacks: embeddings, positions, masks and an output layer."""

    def __init__(self):
        super().__init__()
        self.source, self.target = nn.Embedding(WORDS, DIM), nn.Embedding(WORDS, DIM)
        self.places = nn.Embedding(64, DIM)
        self.body = nn.Transformer(DIM, HEADS, LAYERS, LAYERS, HIDDEN, DROPOUT, batch_first=True, norm_first=True)
        self.out = nn.Linear(DIM, WORDS)

    def forward(self, source, shown):
        def embedded(table, words):
            return table(words) + self.places.weight[: words.shape[1]]

        hidden = source == PADDING
        future = torch.ones(shown.shape[1], shown.shape[1], dtype=torch.bool).triu(1)
        stream = self.body(
            embedded(self.source, source),
            embedded(self.target, shown),
            tgt_mask=future,
            src_key_padding_mask=hidden,
            memory_key_padding_mask=hidden,
            tgt_is_causal=True,
        )
        return self.out(stream)


def plain_loop(name):
    """Losses of one of the others, step by step; the batches are drawn and padded before."""
    if name == "torch":
        model, of = Plain(), loss
    else:
        from x_transformers import XTransformer

        shape = {"num_tokens": WORDS, "depth": LAYERS, "heads": HEADS, "max_seq_len": 64, "attn_dim_head": DIM // HEADS}
        shape |= {"ff_mult": HIDDEN / DIM, "attn_dropout": DROPOUT, "ff_dropout": DROPOUT}
        model = XTransformer(
            dim=DIM,
            ignore_index=PADDING,
            **{f"{side}_{key}": value for side in ("enc", "dec") for key, value in shape.items()},
        )

        def of(model, batch):
            source, wanted = batch.parts
            return model(source, functional.pad(wanted, (1, 0), value=START), mask=source != PADDING)

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01)
    batches = drawn()
    for batch in [next(batches) for _ in range(WARM + STEPS)]:
        optimizer.zero_grad()
        value = of(model, batch)
        value.backward()
        optimizer.step()
        yield batch.tokens


def contend(name):
    """Train as `name` does and print its rate and its peak memory; runs in a process of its own."""
    seeding.prepare("cpu", 1)
    tokens, begin = 0, 0.0
    steps, tally = kit_steps(counted()) if name == "kit" else (plain_loop(name), None)
    for taken, step in enumerate(steps, 1):
        if tally is None:
            tokens += step
        if taken == WARM:
            before, begin = tally.tokens if tally else tokens, time.process_time()
    seconds = time.process_time() - begin
    rate = ((tally.tokens if tally else tokens) - before) / seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    sys.stdout.write(json.dumps({"tokens_a_cpu_second": rate, "peak_mib": peak}))


def counted():
    """The cost of a step, found as `Learner` finds it: on a few rows of each of some batches."""
    batches, model = drawn(), kit_model()
    next(batches)
    some = [batches.gather(rows[: 1 + number % 4]) for number, rows in enumerate(batches.epoch[: counting.PROBES])]
    return counting.cost(lambda batch: loss(model, batch).backward(), some)


def in_a_process(name):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, name], capture_output=True, text=True, check=True, env=environment
    )
    return json.loads(done.stdout)


def told(benchmark, **figures):
    """Keep derived figures beside the measured ones, and print them."""
    benchmark.extra_info.update({name: round(value, 4) for name, value in figures.items()})
    sys.stdout.write(f"\n{benchmark.name}: {json.dumps(benchmark.extra_info)}\n")


def test_the_kit_trains_beside_other_loops(benchmark):
    pytest.importorskip("x_transformers")
    found = {name: [] for name in CONTENDERS}

    def turn():
        for name in CONTENDERS:
            found[name].append(in_a_process(name))

    benchmark.pedantic(turn, rounds=3)

    def median(name, figure):
        return float(np.median([one[figure] for one in found[name]]))

    figures = {
        f"{name}_{figure}": median(name, figure)
        for name in CONTENDERS
        for figure in ("tokens_a_cpu_second", "peak_mib")
    }
    for name in CONTENDERS[1:]:
        figures[f"times_{name}"] = median("kit", "tokens_a_cpu_second") / median(name, "tokens_a_cpu_second")
    told(benchmark, **figures)


@pytest.mark.benchmark(timer=time.process_time)
def test_a_batch_costs_little_of_a_step(benchmark):
    seeding.prepare("cpu", 1)
    batches = drawn()
    steps, _ = kit_steps()
    for _ in range(WARM):
        next(steps)
    begin = time.process_time()
    for _ in range(STEPS // 2):
        next(steps)
    step = (time.process_time() - begin) / (STEPS // 2)

    benchmark.pedantic(batches.__next__, rounds=200, warmup_rounds=20)

    told(benchmark, step_ms=1e3 * step, share_of_a_step=benchmark.stats.stats.mean / step)


@pytest.mark.benchmark(timer=time.process_time)
def test_counting_a_step_costs_little_of_it(benchmark):
    begin = time.process_time()
    cost = counted()
    once = time.process_time() - begin
    sizes = iter([next(batches).sizes for batches in [drawn()] for _ in range(1200)])

    benchmark.pedantic(lambda: cost(next(sizes)), rounds=1000, warmup_rounds=20)

    told(benchmark, once_ms=1e3 * once, misfit=cost.misfit)


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("peer", ["kit", "foreach", "fused"])
def test_an_optimizer_takes_a_step(benchmark, peer):
    torch.set_num_threads(1)
    model = kit_model()
    if peer == "kit":
        optimizer = Adam(model, decay=0.01)
        optimizer.gradient.fill_(1e-3)
        step = lambda: optimizer.step(1e-3)  # noqa: E731
    else:
        for weight in model.parameters():
            weight.grad = torch.full_like(weight, 1e-3)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, **{peer: True})
        step = optimizer.step

    benchmark.pedantic(step, rounds=100, warmup_rounds=10)


def test_a_checkpoint_is_written(benchmark, tmp_path):
    optimizer = Adam(kit_model())
    state = {"optimizer": optimizer.state()}

    benchmark.pedantic(checkpoints.save, args=(tmp_path / "checkpoint", "this", state), rounds=10)

    told(benchmark, mib=(tmp_path / "checkpoint").stat().st_size / 2**20)


if __name__ == "__main__":
    contend(sys.argv[1])
