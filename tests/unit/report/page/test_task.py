def test_the_page_has_one_section_for_all_and_other_splits_beside_it(a_standing, a_board, a_grid, draw):
    text = draw(a_board(a_standing(split="plain"), *a_grid()))

    assert text.count('<section class="split"') == 2
    assert "9 settings of one split" in text
