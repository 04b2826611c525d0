"""One modular run beside the plain form and beside a matrix multiplication; run with --benchmark-only.

The run is that of the paper: p = 97, 500 hidden units, 4,704 pairs, all of them in each step, one thread. The plain
form is a one-hot product, recorded gradients and the library's AdamW. All are measured in turn, in CPU seconds, so that
a busy machine slows them alike; `times_the_plain_loop` and `share_of_matrix_multiplication` are what to read.
"""

import importlib.util
import json
import statistics
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

P, HIDDEN, SHOWN, STEPS, TURN, DECAY = 97, 500, 4704, 500, 25, 5.0
FLOPS = 6 * SHOWN * HIDDEN * P  # of a step: three products with the second matrix, two operations each
SIDE, PRODUCTS = 1024, 4  # of the matrix multiplication


@pytest.fixture
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


def module():
    """The baseline's module."""
    path = Path(__file__).parents[2] / "baselines" / "mlp" / "baseline.py"
    spec = importlib.util.spec_from_file_location("bench_mlp", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def mlp():
    return module()


def pairs():
    drawn = np.random.default_rng(0).permutation(P * P)[:SHOWN]
    values = np.stack(np.divmod(drawn, P), 1)
    return values, torch.from_numpy(values.sum(1) % P)


def plain(values, target, dropout):
    """A step as one would first write it."""
    hot = torch.cat([functional.one_hot(torch.from_numpy(column), P) for column in values.T], 1).float()
    wanted = functional.one_hot(target, P).float()
    first, second = torch.nn.Linear(2 * P, HIDDEN, bias=False), torch.nn.Linear(HIDDEN, P, bias=False)
    for layer in (first, second):
        torch.nn.init.normal_(layer.weight, std=0.5 / (2 * HIDDEN) ** (1 / 3))
    weights = [first.weight, second.weight]
    optimizer = torch.optim.AdamW(weights, lr=0.01, betas=(0.9, 0.98), weight_decay=DECAY)

    def step():
        optimizer.zero_grad()
        functional.mse_loss(second(functional.dropout(first(hot), dropout) ** 2), wanted).backward()
        optimizer.step()

    return step


def ours(mlp, values, target, dropout):
    """The baseline's step."""
    generator = torch.Generator().manual_seed(0)
    network = mlp.Network(2, P, HIDDEN, generator)
    optimizer = mlp.Adam(network, betas=mlp.BETAS, epsilon=mlp.EPSILON, decay=DECAY)
    rows = network.rows(values)

    @torch.no_grad()
    def step():
        network.learn(rows, target, dropout, generator)
        optimizer.step(0.01)

    return step


def seconds_of(step, count, *, flushed):
    torch.set_flush_denormal(flushed)
    begin = time.process_time()
    for _ in range(count):
        step()
    return time.process_time() - begin


@pytest.mark.usefixtures("one_thread")
@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("dropout", [0.0, 0.6])
def test_a_modular_run_beside_the_plain_loop_and_a_matrix_multiplication(benchmark, mlp, dropout):
    values, target = pairs()
    beside, step = plain(values, target, dropout), ours(mlp, values, target, dropout)
    one, other = torch.randn(SIDE, SIDE), torch.randn(SIDE, SIDE)
    plains, products = [], []

    def in_turn():
        plains.append(seconds_of(beside, TURN, flushed=False))
        products.append(seconds_of(lambda: one @ other, PRODUCTS, flushed=True))

    benchmark.pedantic(lambda: seconds_of(step, TURN, flushed=True), setup=in_turn, rounds=STEPS // TURN)

    own = benchmark.stats.stats.data
    rate = 2 * SIDE**3 * PRODUCTS / statistics.median(products)
    benchmark.extra_info.update(
        run_seconds=round(sum(own), 2),
        plain_run_seconds=round(sum(plains), 2),
        times_the_plain_loop=round(statistics.median(map(float.__truediv__, plains, own)), 2),
        matrix_multiplication_gflops=round(rate / 1e9, 1),
        share_of_matrix_multiplication=round(FLOPS * TURN / statistics.median(own) / rate, 3),
    )
    print(f"\n{benchmark.name}: {json.dumps(benchmark.extra_info)}")  # noqa: T201
