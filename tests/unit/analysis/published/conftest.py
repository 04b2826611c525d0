"""Files of published figures."""

import pytest

from genbench.analysis.published import read


@pytest.fixture
def figures(tmp_path):
    """Gives `figures("text")`: the figures of a file that holds the text."""

    def make(text):
        (tmp_path / "echo.toml").write_text(text)
        return read(tmp_path)

    return make
