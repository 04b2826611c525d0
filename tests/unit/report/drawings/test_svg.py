import pytest

from genbench.report.drawings import svg


def test_what_a_text_says_is_escaped():
    assert svg.text(1, 2.5, "<b>&").count("&lt;b&gt;&amp;") == 1
    assert "&lt;b&gt;&amp;" in svg.upright(1, 2, "<b>&")


def test_a_line_has_dashes_only_where_it_is_given_some():
    assert svg.line([(0, 0), (1, 2)], "#000", "") == (
        '<polyline points="0.0,0.0 1.0,2.0" fill="none" stroke="#000" stroke-width="1.5"/>'
    )
    assert 'stroke-dasharray="2 2"' in svg.line([(0, 0), (1, 2)], "#000", "2 2")


@pytest.mark.parametrize(
    ("room", "lines"),
    [(40, ["mlp:hidden=128,depth=2"]), (16, ["mlp:hidden=128,", "depth=2"]), (12, ["mlp:", "hidden=128,", "depth=2"])],
)
def test_a_label_is_cut_behind_commas_and_its_colon_and_never_elsewhere(room, lines):
    assert svg.lines_of("mlp:hidden=128,depth=2", room) == lines
