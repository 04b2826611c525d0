"""Results in a bucket: an S3 server on this machine, and several evaluations that write there at once."""

import subprocess
from collections import Counter

import pytest

from genbench.rows.store import Store

server = pytest.importorskip("moto.server", reason="needs --group elsewhere")
pytest.importorskip("s3fs", reason="needs --group elsewhere")


@pytest.fixture(scope="module")
def bucket():
    """A bucket `rows` of an S3 server; its URL. Children find the server by the same variables."""
    import s3fs

    running = server.ThreadedMotoServer(port=0, verbose=False)
    running.start()
    with pytest.MonkeyPatch.context() as patch:
        host, port = running.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}")  # noqa: S104
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem().mkdir("rows")
        yield "s3://rows"
    running.stop()


def test_evaluations_that_write_at_once_end_with_0_and_leave_each_cell_whole_and_once(bucket, genbench, toys, tmp_path):
    place = f"{bucket}/at once"
    words = [*genbench, "evaluate", "--task", f"{toys}/echo", "--out", place, "--jobs", "1"]
    same = [f"{toys}/idle", f"{toys}/stepping", "--seeds", "3"]
    commands = [[*words, *same], [*words, *same], [*words, f"{toys}/idle", "--seeds", "6"]]
    for number in range(len(commands)):
        (tmp_path / str(number)).mkdir()

    running = [
        subprocess.Popen(command, cwd=tmp_path / str(number), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number, command in enumerate(commands)
    ]
    ended = [(one.communicate(), one.returncode) for one in running]

    for (said, errors), code in ended:
        assert code == 0, errors
        assert "page: genbench-sites/s3-rows-at-once/index.html" in said
    store = Store(place)
    cells = store.read("cells")
    counted = Counter(zip(cells.table["submission"].to_pylist(), cells.table["seed"].to_pylist(), strict=True))
    assert cells.skipped == ()
    assert counted == Counter([*(("idle", seed) for seed in range(6)), *(("stepping", seed) for seed in range(3))])
    assert all(
        store.finished("echo", row["submission"], row["cell"])
        for row in cells.table.select(["submission", "cell"]).to_pylist()
    )
    assert not [path for path in store.folder.fs.find(store.root) if "/." in path]

    again = subprocess.run([*words, *same], cwd=tmp_path / "0", capture_output=True, text=True, check=False)

    assert (again.returncode, "6 finished cells were kept" in again.stderr) == (0, True), again.stderr


def test_rows_in_a_bucket_are_compacted_and_verified_as_elsewhere(bucket, genbench, toys, tmp_path):
    place = f"{bucket}/compacted"
    done = []
    for words in (
        ["evaluate", f"{toys}/idle", "--task", f"{toys}/echo", "--executor", "here", "--seeds", "2"],
        ["compact"],
        ["leaderboard"],
    ):
        verb, *rest = words
        where = (
            ["--out", place] if verb == "evaluate" else [place, *(["--out", "site"] if verb == "leaderboard" else [])]
        )
        command = [*genbench, verb, *rest, *where]
        done.append(subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False))

    assert [one.returncode for one in done] == [0, 0, 0], done
    cells = Store(place).read("cells")
    assert (cells.table.num_rows, cells.skipped) == (2, ())
    assert not [path for path in Store(place).folder.fs.find("rows/compacted/cells") if path.endswith(".parquet")]
