def test_a_learning_curve_has_a_logarithmic_step(draw, a_standing, a_point, a_board):
    page = draw(a_board(a_standing(), curves=[a_point(10), a_point(100), a_point(1000)]))

    assert '<polyline points="0,50 50,50 100,50"/>' in page
