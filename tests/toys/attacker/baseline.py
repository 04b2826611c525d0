"""Tries, during fit, what a submission must not do, and prints a JSON line: each attempt by name, done or not.

Nothing is harmed: what is written to is opened for appending and gets nothing, who is killed gets signal 0.
"""

import contextlib
import json
import os
import site
import socket
import subprocess
import sys
from pathlib import Path

import genbench


class Attacker:
    def __init__(self, context):
        self.context, self.given = context, context.params

    def fit(self, train, validation):
        attempts = {name.removeprefix("try_"): getattr(self, name) for name in dir(self) if name.startswith("try_")}
        found = {}
        for name, attempt in attempts.items():
            found[name] = False
            with contextlib.suppress(Exception):
                found[name] = bool(attempt())
        print("ATTEMPTS " + json.dumps(found), flush=True)

    def predict(self, questions):
        return [0] * len(questions)

    def try_questions_during_fit(self):
        return (self.context.folder / "questions.arrow").read_bytes()

    def try_code_of_tasks(self):
        return Path(self.given["tasks"], "echo", "task.py").read_bytes()

    def try_another_submission(self):
        return Path(self.given["tasks"], "guesses", "baseline.py").read_bytes()

    def try_results_and_caches(self):
        return Path(self.given["secret"]).read_bytes()

    def try_write_results(self):
        return _appends(self.given["secret"])

    def try_sibling_cell(self):
        return Path(self.given["sibling"]).read_bytes()

    def try_home(self):
        return len(list(Path(self.given["home"]).iterdir())) >= self.given["entries"]

    def try_parents_environment(self):
        return Path(f"/proc/{self.given['parent']}/environ").read_bytes()

    def try_parents_files(self):
        return list(Path(f"/proc/{self.given['parent']}/fd").iterdir())

    def try_parents_memory(self):
        maps = Path(f"/proc/{self.given['parent']}/maps").read_text().splitlines()
        return maps and Path(f"/proc/{self.given['parent']}/mem").open("rb")

    def try_kill_parent(self):
        return os.kill(self.given["parent"], 0) is None

    def try_tcp(self):
        return socket.create_connection(("127.0.0.1", self.given["port"]), timeout=2)

    def try_udp(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect(("127.0.0.1", self.given["port"]))
            return not sender.send(b"x")  # whether it came, the test knows

    def try_abstract_socket(self):
        with socket.socket(socket.AF_UNIX) as end:
            end.connect(f"\0genbench-attacked-{self.given['port']}")
            return True

    def try_write_engine(self):
        return _appends(genbench.__file__)

    def try_write_libraries(self):
        return _appends(Path(site.getsitepackages()[0]) / "attacked.pth", remove=True)

    def try_write_own_code(self):
        return _appends(__file__)

    def try_more_namespaces(self):
        return subprocess.run(["unshare", "--user", "true"], check=False).returncode == 0

    def try_outlive(self):
        seconds = f"{self.given['port']}.5"
        # By a shell that ends at once, so that nobody sees whose descendant it is.
        command = ["/bin/sh", "-c", '"$0" -S -c "$1" &', sys.executable, f"import time; time.sleep({seconds})"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, start_new_session=True, env={}, check=True, **silent)
        return False  # the test looks for it afterwards


def _appends(path, *, remove=False):
    with Path(path).open("ab"):
        if remove:
            Path(path).unlink()
        return True
