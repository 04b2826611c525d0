"""Writes down that it was tried, then kills the process of Ray above it; where there is none, it fails alone."""

import os
import signal
import time
from pathlib import Path


class Poison:
    def __init__(self, context):
        with Path(context.params["tried"]).open("a") as file:
            file.write("tried\n")
        above = os.getppid()
        while above > 1:
            if Path(f"/proc/{above}/cmdline").read_bytes().startswith(b"ray::"):
                os.kill(above, signal.SIGKILL)
                time.sleep(60)
            above = int(Path(f"/proc/{above}/stat").read_text().rpartition(")")[2].split()[1])
        raise RuntimeError("no Ray above")
