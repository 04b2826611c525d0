from genbench import registry
from genbench.analysis import published
from genbench.report.drawings import reported_models


def test_each_published_model_is_a_dot_and_each_line_through_them_says_its_slope():
    (one,) = published.against(registry.published_folder())

    drawn = reported_models.draw(one, published.slopes(one), published.BORDER)

    assert drawn.count("<circle") == 40
    assert "slope 1.5776" in drawn
    assert "slope 0.6030" in drawn
