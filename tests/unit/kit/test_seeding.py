from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from genbench.errors import BadValue
from genbench.kit.seeding import Generators, generator, prepare


def drawn(made):
    return torch.rand(3, generator=made).tolist()


def test_a_stream_belongs_to_its_names():
    assert drawn(generator(1, "a", 2)) == drawn(generator(1, "a", 2))
    assert len({tuple(drawn(generator(*names))) for names in ((1, "a"), (2, "a"), (1, "b"), (1, "a", "b"))}) == 4


def test_one_generator_moves_no_other():
    alone, beside = Generators(1), Generators(1)
    drawn(beside["dropout"])

    assert drawn(alone["weights"]) == drawn(beside["weights"])


def test_generators_go_on_where_their_state_was_taken():
    made, resumed = Generators(1), Generators(1)
    drawn(made["weights"])
    drawn(made["dropout"])
    resumed.restore(made.state())

    assert drawn(made["dropout"]) == drawn(resumed["dropout"])
    assert drawn(made["weights"]) == drawn(resumed["weights"])


def test_an_unknown_or_absent_device_is_refused():
    with pytest.raises(BadValue, match="device is 'tpu'; it must be one of cpu, cuda, mps"):
        prepare("tpu", 1)
    if not torch.cuda.is_available():
        with pytest.raises(BadValue, match="device is 'cuda', which torch does not find on this machine"):
            prepare("cuda", 1)
    with pytest.raises(BadValue, match="threads is 0"):
        prepare("cpu", 0)


def test_training_imports_no_compiler():
    program = """
import sys, torch
from genbench.kit import counting, optimization, seeding
seeding.prepare("cpu", 1)
assert torch.are_deterministic_algorithms_enabled() and not torch.is_deterministic_algorithms_warn_only_enabled()
model = torch.nn.Linear(2, 3)
optimizer = optimization.Adam(model)
assert counting.operations(lambda: model(torch.ones(5, 2)).sum().backward()) > 0
optimizer.step(0.1)
print({"torch._dynamo", "torch._inductor", "sympy"} & sys.modules.keys())
"""

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (ended.stdout, ended.stderr) == ("set()\n", "")
