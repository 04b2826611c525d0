"""The kind of device that submissions may use: found by asking whoever would use it, in a process of its own.

Where torch is installed its word counts: a card that it cannot use is none. Else the driver is asked for the number.
In a process of its own, for a driver that was started does not survive a fork, and torch takes seconds and memory.
Only where the system shows a sign of a card is anybody asked.
"""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

Device = Literal["cpu", "cuda", "mps"]  # as torch calls them: of AMD's cards too it says cuda

# Files of a driver: NVIDIA's, that of Windows under WSL, AMD's.
SIGNS: Final = ("nvidia[0-9]*", "nvidiactl", "dxg", "kfd")
HIDING: Final = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")
SECONDS: Final = 120.0  # importing torch from a cold disk takes long
ASK: Final = """
import ctypes, importlib.util
def asked():
    if importlib.util.find_spec("torch"):
        import torch
        if torch.cuda.is_available():
            return f"cuda {torch.cuda.get_device_name(0)}, as torch says"
        if getattr(torch.backends, "mps", None) and torch.backends.mps.is_available():
            return "mps Apple's, as torch says"
        return f"cpu torch {torch.__version__} finds no card that it can use"
    for library, start, count in (
        ("libcuda.so.1", "cuInit", "cuDeviceGetCount"), ("libamdhip64.so", "hipInit", "hipGetDeviceCount")
    ):
        try:
            driver, number = ctypes.CDLL(library), ctypes.c_int(0)
        except OSError:
            continue
        if getattr(driver, start)(0) == 0 and getattr(driver, count)(ctypes.byref(number)) == 0 and number.value:
            return f"cuda {number.value} of them, as the driver ({library}) says"
    return "cpu the driver finds no card"
print("ASKED", asked())
"""


class Found(NamedTuple):
    """A kind of device, and what was found."""

    device: Device
    said: str


def found() -> Found:
    """The kind of device that is here, and by whose word. Asked once a process for each setting of what hides cards."""
    return _found(tuple(os.environ.get(name) for name in HIDING), _signs(Path("/dev")))


def _signs(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for sign in SIGNS for path in folder.glob(sign)))


@functools.cache
def _found(hidden: tuple[str | None, ...], signs: tuple[str, ...]) -> Found:
    for name, value in zip(HIDING, hidden, strict=True):
        if value in {"", "-1"}:
            return Found("cpu", f"{name} hides all cards")
    apple = sys.platform == "darwin" and platform.machine() == "arm64"
    if not signs and not apple:
        return Found("cpu", "no driver of a card")
    return _asked(ASK)


def _asked(script: str) -> Found:
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return Found("cpu", f"nobody could be asked for a card: {fault}")
    told = next((line for line in child.stdout.splitlines() if line.startswith("ASKED ")), "")
    _, device, said = [*told.split(" ", 2), "", "", ""][:3]
    if device not in get_args(Device):
        lines = child.stderr.strip().splitlines() or [f"exit code {child.returncode}"]
        return Found("cpu", f"asking for a card failed: {lines[-1]}")
    return Found(device, said)  # type: ignore[arg-type]  # one of them, as was looked
