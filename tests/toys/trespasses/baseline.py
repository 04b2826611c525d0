"""Looks for what an earlier cell left in its process; then changes and leaves all that a process can."""

import builtins
import gc
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

import datasets
import numpy as np

import genbench

TRACE = "trespassed"


class Trespasses:
    def __init__(self, context):
        self.context = context
        found = self.found()
        drawn = [random.random(), float(np.random.rand()), datasets.fingerprint.generate_random_fingerprint()]  # noqa: NPY002, S311
        home = str(Path.home())
        remembered = [
            f"{module.__name__}.{name}"
            for module in list(sys.modules.values())
            for name, value in list(getattr(module, "__dict__", {}).items())
            if isinstance(value, (str, Path)) and "/template-" in str(value)
        ]
        told = {
            "found": found,
            "drawn": drawn,
            "parent": os.getppid(),
            "homes": [
                home,
                str(Path.cwd()),
                tempfile.gettempdir(),
                str(datasets.config.HF_CACHE_HOME).partition("/.cache")[0],
            ],
            "remembered": remembered,
            "mark": os.environ["GENBENCH_CELL"],
            "read": Path("/proc/self/environ").read_bytes().decode().split("\0"),
            "leads": os.getsid(0) == os.getpid() == os.getpgid(0),
            "main": sys.modules["__main__"].__spec__.name,
            "argv": sys.argv[1:],
        }
        print(json.dumps(told), flush=True)
        self.leave()

    def found(self):
        """What is here of an earlier cell, by how it would have come."""
        descriptors = [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208
        held = [one for one in descriptors if one > 2 and not _listed(one)]
        ways = {
            "a patched library": hasattr(datasets, TRACE) or hasattr(datasets.Dataset, TRACE),
            "a patched function": hasattr(json.loads, TRACE),
            "a global of genbench": hasattr(genbench, TRACE),
            "a builtin": hasattr(builtins, TRACE),
            "a module": TRACE in sys.modules,
            "the path": TRACE in sys.path,
            "a variable": TRACE in os.environ,
            "a thread": threading.active_count() > 1,
            "a descriptor": [os.readlink(f"/proc/self/fd/{one}") for one in held],  # noqa: PTH115
            "a handler": signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL,
            "a mask": os.umask(0o022) != 0o022,
            "a filter": any(TRACE in str(one[1]) for one in warnings.filters),
            "a limit of recursion": sys.getrecursionlimit() == 4321,
            "a seed": random.getstate()[1][:3] == _seeded(),
            "a collector that is off": not gc.isenabled(),
            "a file": os.path.lexists(TRACE),
            "a child": _children(),
        }
        return {way: seen for way, seen in ways.items() if seen}

    def leave(self):
        setattr(datasets, TRACE, True)
        setattr(datasets.Dataset, TRACE, True)
        setattr(genbench, TRACE, True)
        setattr(builtins, TRACE, True)

        real = json.loads

        def loads(*given, **more):
            return real(*given, **more)

        setattr(loads, TRACE, True)
        json.loads = loads
        sys.modules[TRACE] = sys
        sys.path.insert(0, TRACE)
        os.environ[TRACE] = "1"
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        self.held = open(__file__)  # noqa: PTH123, SIM115
        os.dup2(self.held.fileno(), 99)
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        os.umask(0o077)
        warnings.filterwarnings("ignore", message=TRACE)
        sys.setrecursionlimit(4321)
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002
        gc.disable()
        Path(TRACE).touch()
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
        if self.context.params["end"] == "parent":
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(600)

    def fit(self, train, validation):
        pass

    def predict(self, questions):
        return list(questions["number"])


def _listed(descriptor):
    """Whether it is that of the listing, which is closed by now."""
    try:
        os.fstat(descriptor)
    except OSError:
        return True
    return False


def _seeded():
    return random.Random(1).getstate()[1][:3]  # noqa: S311


def _children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
