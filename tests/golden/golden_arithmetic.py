"""Which arithmetic a machine has: torch's results differ between processors, and so do golden cells that rest on it."""

import hashlib
import platform
from pathlib import Path

import numpy as np
import torch

# Of /proc/cpuinfo: what kernels are chosen by.
KINDS = ("vendor_id", "cpu family", "model", "cache size")
UNITS = ("avx", "amx", "fma", "sse", "f16c", "asimd", "sve")


def probe():
    """The bytes of a few operations on fixed numbers, one thread: what a fit of the kit is made of."""
    torch.set_num_threads(1)

    def fixed(*shape):
        count = int(np.prod(shape))
        return ((torch.arange(count, dtype=torch.float32) * 7919 % 1009) / 504.5 - 1).reshape(shape)

    row = fixed(64, 96)
    with torch.no_grad():
        cell = torch.nn.LSTM(96, 32)
        network = torch.nn.Conv2d(3, 8, 3)
        for place, weights in enumerate([*cell.parameters(), *network.parameters()]):
            weights.copy_(fixed(*weights.shape) / (2 + place))
        results = [
            row @ fixed(96, 48),
            fixed(33, 257) @ fixed(257, 65),
            row.exp(),
            row.tanh(),
            row.softmax(-1),
            row.sum(0),
            row.norm(),
            torch.nn.functional.layer_norm(row, (96,)),
            torch.nn.functional.gelu(row),
            torch.nn.functional.scaled_dot_product_attention(*(fixed(2, 2, 9, 16) / k for k in (1, 2, 3))),
            cell(fixed(5, 4, 96))[0],
            network(fixed(2, 3, 17, 17)),
        ]
    return b"".join(one.contiguous().numpy().tobytes() for one in results)


def about():
    """The processor, and the versions of what computes, in words."""
    told = {"machine": platform.machine(), "torch": torch.__version__, "numpy": np.__version__}
    told["capability"] = torch.backends.cpu.get_cpu_capability()
    file = Path("/proc/cpuinfo")
    for line in (
        file.read_text(encoding="utf-8", errors="replace").split("\n\n")[0].splitlines() if file.is_file() else ()
    ):
        name, _, value = (part.strip() for part in line.partition(":"))
        if name in KINDS:
            told[name] = value
        elif name in {"flags", "Features"}:
            told["units"] = " ".join(sorted(unit for unit in value.split() if unit.startswith(UNITS)))
    return told


def arithmetic():
    """The id of this machine's arithmetic, of the probe and of the processor: equal ids give equal golden cells.

    The probe alone would not do: kernels are chosen by shape, and no probe has all shapes.
    """
    told = about()
    whole = hashlib.sha256(probe() + repr(sorted(told.items())).encode()).hexdigest()[:16]
    return {"id": whole, "about": told}
