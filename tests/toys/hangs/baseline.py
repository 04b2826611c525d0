"""Sleeps on, deaf to the signal that asks it to end."""

import signal
import subprocess
import sys
import time

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


class Hangs:
    def __init__(self, context):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("left behind", subprocess.Popen([sys.executable, "-c", DEAF]).pid, flush=True)
        time.sleep(600)
