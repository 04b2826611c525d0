"""What a submission tries and what becomes of it, behind each wall; docs/security.md tells the same."""

import json
import os
import re
import socket
import threading
from pathlib import Path

import psutil
import pytest

from genbench.cli import main
from genbench.evaluation.executors import forms, landlock, limits, sandbox
from genbench.evaluation.executors.landlock import Landlock
from genbench.evaluation.executors.process import Process
from genbench.evaluation.executors.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
LEVELS = {
    "process": Process,
    "sandbox:bwrap": Sandbox,
    "sandbox:landlock": Landlock,
    "without namespaces": lambda: Landlock(namespaces=False),
}
MISSING = {"sandbox:bwrap": sandbox.why_not(), "sandbox:landlock": landlock.why_not()}
MISSING["without namespaces"] = MISSING["sandbox:landlock"]


def needs(level):
    return pytest.mark.skipif(bool(MISSING[level]), reason=f"no {level} here: {MISSING[level]}")


each_form = pytest.mark.parametrize("form", [pytest.param(level, marks=needs(level)) for level in MISSING])


class Tried(dict):
    """Attempt -> whether it was done, with the row of the cell."""


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """What an attacker looks for: somebody's files, a server, this process; gives the parameters that name them."""
    place = tmp_path_factory.mktemp("around")
    (place / "secret").write_text("targets")
    (place / "train.arrow").write_text("another cell's")
    listener, abstract = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
    port = listener.getsockname()[1]
    abstract.bind(f"\0genbench-attacked-{port}")
    abstract.listen()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", port))
    udp.setblocking(False)
    for server in (listener, abstract):
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
    yield (
        udp,
        {
            "tasks": str(ROOT / "tests" / "toys"),
            "secret": str(place / "secret"),
            "sibling": str(place / "train.arrow"),
            "home": str(Path.home()),
            "entries": len(list(Path.home().iterdir())),
            "parent": os.getpid(),
            "port": port,
        },
    )
    for one in (listener, abstract, udp):
        one.close()


def _accept(server):
    try:
        while True:
            server.accept()[0].close()
    except OSError:
        return


@pytest.fixture(scope="module")
def tried(evaluate, around, tmp_path_factory):
    """Gives `tried("sandbox:bwrap")`: what one attacker could do there."""
    known, (udp, params) = {}, around

    def run(level):
        if level not in known:
            given = ",".join(f"{name}={value}" for name, value in params.items())
            found = evaluate(tmp_path_factory.mktemp("level"), f"attacker:{given}", executor=LEVELS[level]())
            (row,) = found.rows("cells")
            assert row["status"] == "ok", row
            known[level] = Tried(json.loads(re.search(r"ATTEMPTS (.*)", row["log"]).group(1)))
            known[level]["udp"] = _arrived(udp)
            known[level]["outlive"] = bool(_left(params["port"]))
            known[level].row = row
        return known[level]

    yield run
    for process in _left(params["port"]):
        process.kill()


def _arrived(udp):
    try:
        return udp.recv(10) == b"x"
    except BlockingIOError:
        return False


def _left(port):
    wanted = f"time.sleep({port}.5)"
    return [
        one for one in psutil.process_iter(["cmdline"]) if any(wanted in word for word in one.info["cmdline"] or [])
    ]


@each_form
def test_in_a_sandbox_nothing_of_it_is_done(tried, form):
    done = [name for name, succeeded in tried(form).items() if succeeded]

    assert done == []
    assert tried(form).row["sealing"] == form.replace("without namespaces", "sandbox:landlock")


def test_behind_a_process_alone_much_of_it_is(tried):
    found = tried("process")

    assert found["code_of_tasks"]
    assert found["questions_during_fit"]
    assert found.row["sealing"] == "process"


@needs("sandbox:bwrap")
@needs("sandbox:landlock")
def test_the_table_in_the_docs_is_what_was_tried(tried):
    if os.getuid() != 0:
        pytest.skip("the table is of root, to whom most is open")
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.*?\| (\w+) \| (\w+) \| (\w+) \|$", text, re.MULTILINE)

    word = {True: "done", False: "refused"}
    told = {name: tuple(each) for name, *each in rows}
    if not limits.why_no_group():  # a control group ends what hides, also behind a process alone
        told["outlive"] = ("refused", "refused", "refused")
    levels = [tried(level) for level in ("process", "sandbox:bwrap", "sandbox:landlock")]
    assert told == {name: tuple(word[each[name]] for each in levels) for name in levels[0]}


def test_answers_are_the_same_in_a_sandbox(evaluate, tmp_path):
    there = [LEVELS[form](2) for form in ("sandbox:bwrap", "sandbox:landlock") if not MISSING[form]]
    names = ("guesses", "stepping", "modules", "enduring")
    plain, *apart = (evaluate(tmp_path / str(at), *names, executor=one) for at, one in enumerate([Process(2), *there]))

    for found in apart:
        assert set(found.statuses().values()) == {"ok"}
        assert _without_seconds(found) == _without_seconds(plain)


def _without_seconds(found):
    return sorted(str({**row, "fit_seconds": 0}) for row in found.rows("scores") + found.rows("curves"))


@pytest.mark.parametrize("form", [pytest.param(one, marks=needs(one)) for one in ("sandbox:bwrap", "sandbox:landlock")])
def test_failures_are_told_as_without_a_sandbox(evaluate, tmp_path, form):
    found = evaluate(tmp_path, "faulty@raises", "faulty@exits", "hangs", executor=LEVELS[form](3))

    assert found.statuses() == {"faulty@raises": "error", "faulty@exits": "error", "hangs": "timeout"}


def test_where_no_sandbox_can_be_made_asking_for_one_is_an_error(toys, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))

    monkeypatch.setattr(landlock, "why_not", lambda: "this kernel has no Landlock")
    out = str(tmp_path / "out")
    for form, said in (("sandbox:bwrap", "bwrap"), ("sandbox:landlock", "no Landlock"), ("sandbox", "no Landlock")):
        code = main(["evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--executor", form, "--out", out])

        assert code == 2
        assert said in (told := capsys.readouterr().err)
    assert "apt install bubblewrap" in told
    assert not list((tmp_path / "out").rglob("*.parquet"))


@needs("sandbox:landlock")
def test_where_bubblewrap_is_missing_the_other_form_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert forms.sandboxed(1).sealing == "sandbox:landlock"
