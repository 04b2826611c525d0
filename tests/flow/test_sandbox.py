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
from genbench.errors import Unavailable
from genbench.evaluation.executors import limits, sandbox
from genbench.evaluation.executors.process import Process
from genbench.evaluation.executors.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
WHY_NOT = sandbox.why_not()
needs_sandbox = pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}")


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
    """Gives `tried("sandbox")`: what one attacker could do there."""
    known, (udp, params) = {}, around

    def run(level):
        if level not in known:
            executor = Sandbox() if level == "sandbox" else Process()
            given = ",".join(f"{name}={value}" for name, value in params.items())
            found = evaluate(tmp_path_factory.mktemp(level), f"attacker:{given}", executor=executor)
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


@needs_sandbox
def test_in_a_sandbox_nothing_of_it_is_done(tried):
    done = [name for name, succeeded in tried("sandbox").items() if succeeded]

    assert done == []
    assert tried("sandbox").row["sealing"] == "sandbox:bwrap"


def test_behind_a_process_alone_much_of_it_is(tried):
    found = tried("process")

    assert found["code_of_tasks"]
    assert found["questions_during_fit"]
    assert found.row["sealing"] == "process"


@needs_sandbox
def test_the_table_in_the_docs_is_what_was_tried(tried):
    if os.getuid() != 0:
        pytest.skip("the table is of root, to whom most is open")
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.*?\| (done|refused) \| (done|refused) \|$", text, re.MULTILINE)

    word = {True: "done", False: "refused"}
    told = {name: (one, other) for name, one, other in rows}
    if not limits.why_no_group():  # a control group ends what hides, also behind a process alone
        told["outlive"] = ("refused", "refused")
    assert told == {
        name: (word[tried("process")[name]], word[succeeded]) for name, succeeded in tried("sandbox").items()
    }


@needs_sandbox
def test_answers_are_the_same_in_a_sandbox(evaluate, tmp_path):
    names = ("guesses", "stepping", "modules", "enduring")
    apart = [evaluate(tmp_path / str(at), *names, executor=one) for at, one in enumerate((Sandbox(2), Process(2)))]

    assert [set(one.statuses().values()) for one in apart] == [{"ok"}, {"ok"}]
    first, second = ([{**row, "fit_seconds": 0} for row in one.rows("scores") + one.rows("curves")] for one in apart)
    assert sorted(map(str, first)) == sorted(map(str, second))


@needs_sandbox
def test_failures_are_told_as_without_a_sandbox(evaluate, tmp_path):
    found = evaluate(tmp_path, "faulty@raises", "faulty@exits", "hangs", executor=Sandbox(3))

    assert found.statuses() == {"faulty@raises": "error", "faulty@exits": "error", "hangs": "timeout"}


def test_where_no_sandbox_can_be_made_asking_for_one_is_an_error(toys, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="bubblewrap"):
        Sandbox()
    code = main(
        ["evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--executor", "sandbox", "--out", str(tmp_path / "out")]
    )

    assert code == 2
    assert "apt install bubblewrap" in capsys.readouterr().err
    assert not list((tmp_path / "out").rglob("*.parquet"))
