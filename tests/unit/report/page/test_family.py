from dataclasses import replace


def test_a_setting_that_failed_is_a_dash_and_says_why(a_board, a_grid, draw):
    grid = a_grid()
    nothing = {"low": None, "high": None, "seeds": 0, "seed_values": (), "failed": (("timeout", 1),), "ranks": None}
    grid[4] = replace(grid[4], mean=None, **nothing)

    text = draw(a_board(*grid))

    assert 'title="1 timeout">\N{EN DASH}</td>' in text


def test_names_on_the_page_are_text_never_markup(a_board, a_grid, draw):
    text = draw(a_board(*a_grid(submission="<b>mlp</b>")))

    assert "<b>mlp</b>" not in text
