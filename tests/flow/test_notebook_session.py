"""A notebook session, typed cell by cell into the shell that notebooks have; README's first."""

import re
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Types a cell and gives what the notebook shows of its last line, by media type."""
    monkeypatch.chdir(tmp_path)
    shell = InteractiveShell.instance()

    def run(cell):
        with capture_output(stdout=False, stderr=False):
            result = shell.run_cell(cell)
        result.raise_error()
        return shell.display_formatter.format(result.result)[0] if result.result is not None else {}

    yield run
    InteractiveShell.clear_instance()


def test_readmes_session_runs_as_it_stands(typed):
    section = README.read_text().partition("## From Python")[2].partition("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)

    shown = [typed(cell) for cell in code.strip().split("\n\n")]

    assert "<table" in shown[3]["text/html"]
    assert "turns" in shown[3]["text/html"]
    assert "walks on scan/length" in shown[-1]["text/html"]
    assert Path("length.svg").read_text().startswith("<svg")
    assert len(list(Path("genbench-results/cells").rglob("*.parquet"))) == 4


def test_a_class_of_a_cell_is_kept_while_its_text_and_its_helpers_are_the_same(typed):
    typed("import genbench")
    typed("def helper(number):\n    return number")
    model = """
class Model:
    def __init__(self, context):
        self.target = context.target
    def fit(self, train, validation):
        self.answer = helper(train[self.target][0])
    def predict(self, questions):
        return [self.answer] * len(questions)
"""
    again = "str(genbench.evaluate(Model, 'modular/addition:p=7', quiet=True).cells['started'].max())"
    typed(model)
    first = typed(again)
    typed(model.replace("class Model:", "class Model:  # with a comment"))
    commented = typed(again)
    typed("def helper(number):\n    return number + 1")
    changed = typed(again)

    assert first == commented
    assert changed != first


def test_pictures_and_scores_are_shown_as_what_they_are(typed):
    typed("import genbench\nrows = genbench.evaluate('majority', 'scan/length', executor='here', quiet=True)")

    assert typed("rows.plot()")["image/svg+xml"].startswith("<svg")
    assert "<tr><th>scan</th>" in typed("genbench.tasks()")["text/html"]
