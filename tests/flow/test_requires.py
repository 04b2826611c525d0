"""Packages that a submission requires: in an environment made once, whose versions are in its rows and keys."""

import json
import shutil
import threading
import zipfile

import pytest

import genbench as package
from genbench import cards
from genbench.authoring.check import check
from genbench.errors import Unavailable
from genbench.evaluation import environments
from genbench.evaluation.executors.here import Here
from genbench.evaluation.executors.process import Process
from genbench.registry import Catalogue

pytestmark = pytest.mark.skipif(shutil.which("uv") is None, reason="uv makes the environments, and is not here")

REQUIRED = ("toy-package>=1",)


@pytest.fixture(autouse=True)
def index(tmp_path, monkeypatch):
    """All packages that there are: gives `index(version, number)`, which adds a version of toy-package."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("GENBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))

    def add(version, number):
        stem = f"toy_package-{version}"
        about = f"Metadata-Version: 2.1\nName: toy-package\nVersion: {version}\nRequires-Dist: numpy\n"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("toy_package.py", f"import numpy\n\nNUMBER = {number}\n")
            wheel.writestr(f"{stem}.dist-info/METADATA", about)
            wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{stem}.dist-info/RECORD", f"toy_package.py,,\n{stem}.dist-info/METADATA,,\n")

    add("1.5", 7)
    return add


@pytest.fixture
def requiring(toys, tmp_path):
    """Gives `requiring(name, "other>=2", ...)`: the folder's name of a toy that requires these."""

    def make(name, *requirements):
        folder = shutil.copytree(toys / "requiring", tmp_path / "toys" / name)
        text = (folder / "card.toml").read_text().replace('"requiring"', f'"{name}"')
        (folder / "card.toml").write_text(text.replace('["toy-package>=1"]', json.dumps(requirements)))
        shutil.copytree(toys / "echo", tmp_path / "toys" / "echo", dirs_exist_ok=True)
        return name

    return make


def without_uv(monkeypatch):
    monkeypatch.setattr(environments.shutil, "which", lambda _: None)


def left(tmp_path):
    """What there is of environments, but for locks."""
    return [path for path in (tmp_path / "cache" / "environments").glob("*") if path.suffix != ".lock"]


def test_a_submission_runs_with_what_it_requires_and_its_row_names_the_versions(evaluate, tmp_path, index):
    done = evaluate(tmp_path / "out", "requiring", executor=Process(1))

    assert (done.cell("requiring")["status"], done.cell("requiring")["detail"]) == ("ok", "")
    assert {row["prediction"] for row in done.rows("predictions")} == {"7"}
    versions = json.loads(done.cell("requiring")["versions"])
    assert (versions["toy-package"], versions["numpy"]) == ("1.5", environments._beneath()["numpy"])


def test_once_made_it_needs_neither_uv_nor_the_packages(evaluate, tmp_path, monkeypatch):
    evaluate(tmp_path / "out", "requiring", executor=Process(1))
    shutil.rmtree(tmp_path / "wheels")
    without_uv(monkeypatch)

    again = evaluate(tmp_path / "out", "requiring", executor=Process(1))
    fresh = evaluate(tmp_path / "out", "requiring", executor=Process(1), fresh=True)

    assert [done.events[0].status for done in (again, fresh)] == ["kept", "ok"]


def test_another_version_makes_another_cell(evaluate, tmp_path, index):
    evaluate(tmp_path / "out", "requiring", executor=Process(1))
    index("2.0", 8)
    shutil.rmtree(tmp_path / "cache")

    done = evaluate(tmp_path / "out", "requiring", executor=Process(1))

    assert sorted({row["prediction"] for row in done.rows("predictions")}) == ["7", "8"]
    assert len({row["cell"] for row in done.rows("cells")}) == 2


def test_where_nothing_can_be_run_all_that_cannot_be_had_is_one_error(evaluate, tmp_path, requiring):
    names = [requiring("one", "no-such-package>=3"), requiring("two", "numpy<2")]
    with pytest.raises(Unavailable) as caught:
        evaluate(tmp_path / "out", *names, executor=Process(1), toys=tmp_path / "toys")

    first, one, two = str(caught.value).splitlines()
    assert first == "nothing was run, for this cannot be had:"
    assert one.startswith("  one: requires no-such-package>=3: Because no-such-package was not found")
    assert two.startswith("  two: requires numpy<2: Because you require numpy<2 and numpy==")
    assert f"(genbench itself runs with numpy {environments._beneath()['numpy']})" in two
    assert not left(tmp_path)
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_had_is_one_row_of_the_closing_table_and_the_others_go_on(genbench, toys, requiring, tmp_path):
    one = tmp_path / "toys" / requiring("one", "no-such-package>=3")

    code, out, err = genbench(
        "evaluate", one, toys / "idle", "--task", toys / "echo", "--seeds", "2", "--executor", "here"
    )

    assert code == 1
    assert "[2/4] unavailable   one  requires no-such-package>=3: in this process" in err
    assert "[4/4] ok            echo/small  idle  seed 1" in err
    (told,) = [line for line in out.splitlines() if line.split()[:1] == ["unavailable"]]
    assert told.split()[1:5] == ["all", "one", "requires", "no-such-package>=3:"]


def test_in_a_notebook_it_is_a_warning_and_a_function_runs_all_the_same(toys, requiring, tmp_path):
    one = tmp_path / "toys" / requiring("one", "no-such-package>=3")

    def ones(train, questions):
        return ["1"] * len(questions)

    with pytest.warns(UserWarning, match="^one was not run: requires no-such-package>=3: Because"):
        rows = package.evaluate([one, ones], toys / "echo", out=tmp_path / "out", quiet=True)

    assert rows.cells["submission"].tolist() == ["ones"]


def test_without_uv_the_error_says_how_to_get_it(evaluate, tmp_path, monkeypatch):
    without_uv(monkeypatch)

    with pytest.raises(Unavailable, match="uv is not here to make its environment: pip install uv"):
        evaluate(tmp_path / "out", "requiring", executor=Process(1))


def test_in_this_process_nothing_can_be_required(evaluate, tmp_path):
    with pytest.raises(Unavailable, match="requiring: requires toy-package>=1: in this process .* --executor process"):
        evaluate(tmp_path / "out", "requiring", executor=Here())


def test_an_interruption_leaves_no_half_environment(tmp_path, monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    resolved = environments.resolve(REQUIRED)
    with monkeypatch.context() as patch:
        patch.setattr(environments, "_is_installed", interrupted)  # asked when the packages are installed
        with pytest.raises(KeyboardInterrupt):
            environments.make(resolved)
    assert not left(tmp_path)

    assert environments.make(resolved).python.exists()


def test_what_a_killed_evaluation_left_is_never_taken_and_goes_away(tmp_path):
    whole = environments._folder(REQUIRED)
    for half in (whole, whole.with_name(f"{whole.name}.abc")):
        (half / "bin").mkdir(parents=True)
    assert environments.kept(REQUIRED) is None

    environments.make(environments.resolve(REQUIRED))

    assert left(tmp_path) == [whole]
    assert environments.kept(REQUIRED).versions["toy-package"] == "1.5"


def test_two_evaluations_at_once_make_it_once(tmp_path, monkeypatch):
    resolved, made, fill = environments.resolve(REQUIRED), [], environments._fill
    monkeypatch.setattr(environments, "_fill", lambda *given: made.append(1) or fill(*given))
    threads = [threading.Thread(target=environments.make, args=(resolved,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1]
    assert len(left(tmp_path)) == 1


def test_the_order_of_requirements_and_their_spaces_make_no_other_environment():
    assert environments._folder(("b >= 1", "a")) == environments._folder(("a", "b>=1", "a"))


def test_what_is_there_already_is_not_installed_again(tmp_path):
    environment = environments.make(environments.resolve(REQUIRED))

    installed = [path.name for path in environment.python.parents[1].glob("lib/*/site-packages/*.dist-info")]
    assert installed == ["toy_package-1.5.dist-info"]


@pytest.mark.parametrize(("requirement", "fault"), [("toy-package>=1", ""), ("toy-package>=9", "toy-package>=9")])
def test_check_says_whether_what_it_needs_can_be_had(toys, tmp_path, requiring, requirement, fault):
    requiring("mine", requirement)
    task = cards.read(toys / "echo", "task")
    found = {one.sentence: one.fault for one in check(tmp_path / "toys" / "mine", Catalogue({"echo": task}))}

    assert fault in found["what it needs is here"]
    assert bool(found["what it needs is here"]) is bool(fault)
    assert ("the same seed gives the same answers" in found) is not bool(fault)
